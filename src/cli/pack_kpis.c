// SPDX-License-Identifier: Apache-2.0
#include "cli/pack_kpis.h"

#include "base/check.h"
#include "cli/watched.h"
#include "os/now.h"
#include "sim/clock.h"
#include "text/json_in.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_EVERY_S 1800.0
#define STORY_S      2400.0 /* what the cost is told for: forty minutes */

enum { ANSWER_MAX = 1 << 19 };

/** The runs of one world. */
struct bench {
    const struct pl_kpi_plan *plan;
    struct pl_kpi_result *result;
    struct pl_scenario *scenario; /* the world's setting, with nothing that goes wrong */
    struct pl_watched run;
    char *answer;
};

static void bench_free(struct bench *bench)
{
    free(bench->scenario);
    free(bench->answer);
    pl_watched_free(&bench->run);
}

static pl_status bench_init(struct bench *bench, pl_error *err)
{
    const struct pl_kpi_plan *plan = bench->plan;
    pl_status status = pl_watched_init(&bench->run, plan->world, err);
    bench->scenario = calloc(1, sizeof *bench->scenario);
    bench->answer = malloc(ANSWER_MAX);
    if (status != PL_OK || bench->scenario == NULL || bench->answer == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a healthy day.");
    }
    bench->scenario->setting = *plan->setting;
    bench->scenario->opens_clock_s = plan->kpis->at_s;
    bench->scenario->warmup_s = plan->kpis->warmup_s;
    bench->scenario->horizon_s = plan->for_s;
    plan->world->start_clock_s = fmod(plan->kpis->at_s - plan->kpis->warmup_s + 86400.0, 86400.0);
    bench->result->state_size = bench->run.state_size;
    return PL_OK;
}

static pl_status start(struct bench *bench, uint64_t seed, pl_error *err)
{
    pl_status status =
        pl_scenario_open_common(bench->plan->world, bench->scenario, seed, bench->run.opening, err);
    return status == PL_OK ? pl_watched_start(&bench->run, bench->scenario, seed, err) : status;
}

/* ---- Looking -------------------------------------------------------------------------------- */

static void add_point(const struct pl_kpi *kpi, struct pl_kpi_seen *seen, double value)
{
    bool first = seen->points.count == 0;
    seen->least = first || value < seen->least ? value : seen->least;
    seen->most = first || value > seen->most ? value : seen->most;
    seen->outside += value < kpi->low || value > kpi->high ? 1 : 0;
    pl_moments_add(&seen->points, value);
}

/* All points of all series of a panel. */
static void add_panel(const struct pl_kpi *kpi, const json_t *panel, struct pl_kpi_seen *seen)
{
    const json_t *series = json_object_get(panel, "series");
    uint64_t before = seen->points.count;
    for (size_t i = 0; i < json_array_size(series); i++) {
        const json_t *points = json_object_get(json_array_get(series, i), "points");
        for (size_t k = 0; k < json_array_size(points); k++) {
            const json_t *point = json_array_get(points, k);
            if (json_is_number(point)) {
                add_point(kpi, seen, json_number_value(point));
            }
        }
    }
    seen->empty += seen->points.count == before ? 1 : 0;
}

static pl_status look(struct bench *bench, uint32_t index, double window_s, pl_error *err)
{
    const struct pl_kpi *kpi = &bench->plan->kpis->items[index];
    const struct pl_scene scene = {
        .observe = bench->run.observe, .state = bench->run.state, .record = bench->run.record};
    struct pl_buf out;
    json_t *panel = NULL;
    pl_buf_init(&out, bench->answer, ANSWER_MAX);
    pl_status status = pl_observe_look_query(&scene, kpi->query, pl_clock_ns(window_s), &out, err);
    if (status == PL_OK) {
        pl_slice text = {.data = out.data, .size = out.size};
        status = pl_json_in_load(text, ANSWER_MAX, NULL, &panel, err);
    }
    if (status == PL_OK) {
        add_panel(kpi, panel, &bench->result->seen[index]);
        json_decref(panel);
    }
    return status;
}

static void count_pages(struct bench *bench)
{
    for (uint32_t i = 0; i < pl_observe_event_count(bench->run.observe); i++) {
        const struct pl_observe_event *event = pl_observe_event(bench->run.observe, i);
        if (event->kind != PL_EVENT_PAGE) {
            continue;
        }
        if (bench->result->pages++ == 0) {
            struct pl_buf text;
            pl_buf_init(&text, bench->result->paged, sizeof bench->result->paged);
            pl_buf_puts(&text, event->title);
        }
    }
}

static pl_status run_seed(struct bench *bench, uint64_t seed, pl_error *err)
{
    const struct pl_kpi_plan *plan = bench->plan;
    double warmup_s = plan->kpis->warmup_s;
    int64_t started_ns = pl_now_cpu_ns();
    pl_status status = start(bench, seed, err);
    if (status != PL_OK) {
        return status;
    }
    pl_watched_run(&bench->run, pl_clock_ns(warmup_s));
    for (double at_s = 0.0; at_s < plan->for_s && status == PL_OK;) {
        double window_s = plan->for_s - at_s < LOOK_EVERY_S ? plan->for_s - at_s : LOOK_EVERY_S;
        at_s += window_s;
        pl_watched_run(&bench->run, pl_clock_ns(warmup_s + at_s));
        for (uint32_t i = 0; i < plan->kpis->count && status == PL_OK; i++) {
            status = look(bench, i, window_s, err);
        }
    }
    count_pages(bench);
    bench->result->overflowed += pl_model_overflows(bench->run.state) > 0 ? 1 : 0;
    double cpu_s = (double)(pl_now_cpu_ns() - started_ns) * 1e-9;
    bench->result->cpu_s += cpu_s * STORY_S / (warmup_s + plan->for_s) / plan->seeds;
    return status;
}

pl_status
pl_pack_kpis_run(const struct pl_kpi_plan *plan, struct pl_kpi_result *result, pl_error *err)
{
    PL_CHECK(plan != NULL && result != NULL);
    PL_CHECK(plan->seeds > 0 && plan->for_s > 0.0 && plan->for_s <= plan->kpis->for_s);
    memset(result, 0, sizeof *result);
    struct bench bench = {.plan = plan, .result = result};
    pl_status status = bench_init(&bench, err);
    for (uint32_t seed = 1; seed <= plan->seeds && status == PL_OK; seed++) {
        status = run_seed(&bench, seed, err);
    }
    bench_free(&bench);
    return status;
}

bool pl_kpi_held(const struct pl_kpi_seen *seen)
{
    PL_CHECK(seen != NULL);
    return seen->points.count > 0 && seen->outside == 0 && seen->empty == 0;
}

bool pl_kpis_held(const struct pl_kpi_result *result, uint32_t count)
{
    PL_CHECK(result != NULL && count <= PL_KPIS_MAX);
    bool held = result->pages == 0 && result->overflowed == 0;
    for (uint32_t i = 0; i < count; i++) {
        held = held && pl_kpi_held(&result->seen[i]);
    }
    return held;
}
