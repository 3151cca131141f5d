// SPDX-License-Identifier: Apache-2.0
//
// `plumb bench`: what the engine costs, and whether its answers are right.
//
// The loops that measure are in bench/. Here stand the list of benchmarks, the incident world that
// some of them need, and the printing.
#include "base/check.h"
#include "bench/bench_fork.h"
#include "bench/bench_incident.h"
#include "bench/bench_queue.h"
#include "bench/bench_rollout.h"
#include "cli/bench_page.h"
#include "cli/commands.h"
#include "exam/content.h"
#include "os/file.h"
#include "scenario/scenario.h"
#include "text/suggest.h"

#include <cli/build_commit.h> /* generated from build_commit.h.in */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BENCHES_MAX = 16, OUT_MAX = 1 << 16, MINUTES = 40, QUICK_MINUTES = 2, ROLLOUT_S = 60 };

static const char incident_name[] = "every-query-is-slow";

/** The world of the incident benchmarks, read when the first of them runs. */
struct incident {
    struct pl_content content;
    struct pl_opening opening;
    struct pl_state *healthy; /* owned: at the moment of the opening, without any change */
};

/** One call of the command. */
struct call {
    struct pl_bench_plan plan;
    char directory[PL_FILE_PATH_MAX];
    pl_error no_content;       /* why there is no directory; status PL_OK: there is one */
    struct incident *incident; /* owned; NULL: not read yet */
};

/** A benchmark of the list. */
struct bench {
    const char *name;
    const char *note;
    pl_status (*run)(struct call *call, struct pl_bench_result *result, pl_error *err);
};

/* ---- The incident world --------------------------------------------------------------------- */

static int64_t incident_span_ns(const struct call *call)
{
    return (call->plan.quick != 0 ? QUICK_MINUTES : MINUTES) * 60 * PL_NS_PER_S;
}

static pl_status incident_open(struct call *call, pl_error *err)
{
    struct pl_errors errors = {0};
    if (call->incident != NULL) {
        return PL_OK;
    }
    if (call->no_content.status != PL_OK) {
        *err = call->no_content;
        return err->status;
    }
    struct incident *incident = calloc(1, sizeof *incident);
    if (incident == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for this benchmark.");
    }
    call->incident = incident;
    pl_status status = pl_content_load(call->directory, incident_name, &incident->content, &errors);
    if (status != PL_OK) {
        (void)pl_content_report(&errors);
        return pl_fail(err,
                       status,
                       NULL,
                       "The benchmarks of larkspur need the scenario `%s`, which cannot be read.",
                       incident_name);
    }
    const struct pl_world *world = incident->content.world;
    status = pl_scenario_open(world, incident->content.scenario, 1, 0, &incident->opening, err);
    if (status != PL_OK) {
        return status;
    }
    return pl_bench_incident_open(
        world, NULL, 0, incident->opening.opens_ns, &incident->healthy, err);
}

static void incident_close(struct incident *incident)
{
    if (incident != NULL) {
        pl_content_free(&incident->content);
        free(incident->healthy);
        free(incident);
    }
}

/* State at the opening of a form whose cause is given. */
static pl_status
open_cause(struct incident *incident, uint32_t cause, struct pl_state **state, pl_error *err)
{
    const struct pl_world *world = incident->content.world;
    struct pl_opening *opening = &incident->opening;
    *state = NULL;
    pl_status status = pl_scenario_open(world, incident->content.scenario, 1, cause, opening, err);
    if (status != PL_OK) {
        return status;
    }
    return pl_bench_incident_open(
        world, opening->changes, opening->change_count, opening->opens_ns, state, err);
}

/** Causes by their weight. */
struct causes {
    struct pl_bench_sample cpu_s;
    uint32_t heaviest;
    double heaviest_s;
};

/* One silent run of each cause. */
static pl_status weigh_causes(const struct call *call, struct causes *causes, pl_error *err)
{
    struct incident *incident = call->incident;
    const struct pl_world *world = incident->content.world;
    for (uint32_t i = 0; i < incident->content.scenario->cause_count; i++) {
        struct pl_state *state = NULL;
        double cpu_s = 0.0;
        pl_status status = open_cause(incident, i, &state, err);
        if (status == PL_OK) {
            status = pl_bench_incident_once(world, state, incident_span_ns(call), &cpu_s, err);
        }
        free(state);
        if (status != PL_OK) {
            return status;
        }
        pl_bench_sample_add(&causes->cpu_s, cpu_s);
        if (cpu_s > causes->heaviest_s) {
            causes->heaviest_s = cpu_s;
            causes->heaviest = i;
        }
    }
    return PL_OK;
}

/* ---- The benchmarks ------------------------------------------------------------------------- */

static pl_status run_mm1(struct call *call, struct pl_bench_result *result, pl_error *err)
{
    return pl_bench_queue(PL_BENCH_MM1, &call->plan, result, err);
}

static pl_status run_tandem(struct call *call, struct pl_bench_result *result, pl_error *err)
{
    return pl_bench_queue(PL_BENCH_TANDEM, &call->plan, result, err);
}

static pl_status run_timeout(struct call *call, struct pl_bench_result *result, pl_error *err)
{
    return pl_bench_queue(PL_BENCH_TANDEM_TIMEOUT, &call->plan, result, err);
}

static pl_status run_larkspur(struct call *call, struct pl_bench_result *result, pl_error *err)
{
    pl_status status = incident_open(call, err);
    if (status != PL_OK) {
        return status;
    }
    return pl_bench_incident(call->incident->content.world,
                             call->incident->healthy,
                             incident_span_ns(call),
                             PL_BENCH_HEALTHY,
                             &call->plan,
                             result,
                             err);
}

static pl_status run_fault(struct call *call, struct pl_bench_result *result, pl_error *err)
{
    struct pl_state *state = NULL;
    struct causes causes = {.heaviest_s = 0.0};
    pl_status status = incident_open(call, err);
    if (status == PL_OK) {
        status = weigh_causes(call, &causes, err);
    }
    if (status == PL_OK) {
        status = open_cause(call->incident, causes.heaviest, &state, err);
    }
    if (status == PL_OK) {
        status = pl_bench_incident(call->incident->content.world,
                                   state,
                                   incident_span_ns(call),
                                   PL_BENCH_FAULTY,
                                   &call->plan,
                                   result,
                                   err);
        result->median_cause_cpu_s = pl_bench_sample_median(&causes.cpu_s);
        (void)snprintf(result->note,
                       sizeof result->note,
                       "the online shop with the heaviest cause of %s, %s",
                       incident_name,
                       call->incident->content.scenario->causes[causes.heaviest].name);
    }
    free(state);
    return status;
}

static pl_status run_fork(struct call *call, struct pl_bench_result *result, pl_error *err)
{
    struct pl_state *state = NULL;
    pl_status status = incident_open(call, err);
    if (status != PL_OK) {
        return status;
    }
    const struct pl_world *world = call->incident->content.world;
    status = pl_bench_incident_open(world, NULL, 0, call->incident->opening.opens_ns, &state, err);
    if (status == PL_OK) {
        status = pl_bench_fork(world, state, &call->plan, result, err);
    }
    free(state);
    return status;
}

static pl_status run_rollouts(struct call *call, struct pl_bench_result *result, pl_error *err)
{
    return pl_bench_rollout_tandem(1000, &call->plan, result, err);
}

static pl_status run_long_rollouts(struct call *call, struct pl_bench_result *result, pl_error *err)
{
    return pl_bench_rollout_tandem(10000, &call->plan, result, err);
}

static pl_status
run_world_rollouts(struct call *call, struct pl_bench_result *result, pl_error *err)
{
    pl_status status = incident_open(call, err);
    if (status != PL_OK) {
        return status;
    }
    return pl_bench_rollout_world(call->incident->content.world,
                                  call->incident->healthy,
                                  ROLLOUT_S,
                                  &call->plan,
                                  result,
                                  err);
}

static const struct bench benches[] = {
    {"mm1", "one worker, load 0.9", run_mm1},
    {"tandem", "a gateway calls services with 16, 32 and 8 workers, load 0.7 each", run_tandem},
    {"tandem-timeout", "the tandem; a timeout of 5 mean sojourns per request", run_timeout},
    {"larkspur", "the online shop, healthy, 40 minutes at lunch", run_larkspur},
    {"larkspur-fault", "the online shop with the heaviest cause of its scenario", run_fault},
    {"fork", "forks of the online shop's state", run_fork},
    {"rollouts-1000", "fork the tandem and run 1,000 requests", run_rollouts},
    {"rollouts-10000", "fork the tandem and run 10,000 requests", run_long_rollouts},
    {"rollouts-larkspur", "fork the online shop and run 60 s", run_world_rollouts},
};

enum { BENCH_COUNT = sizeof benches / sizeof benches[0] };

/* ---- The command ---------------------------------------------------------------------------- */

static pl_status choose(const struct pl_args *args, bool chosen[BENCHES_MAX], pl_error *err)
{
    const char *names[BENCH_COUNT];
    for (uint32_t i = 0; i < BENCH_COUNT; i++) {
        names[i] = benches[i].name;
        chosen[i] = args->operand_count == 0;
    }
    for (uint32_t i = 0; i < args->operand_count; i++) {
        uint32_t found = 0;
        while (found < BENCH_COUNT && strcmp(args->operands[i], names[found]) != 0) {
            found++;
        }
        if (found == BENCH_COUNT) {
            const char *near = pl_suggest_name(pl_slice_of(args->operands[i]), names, BENCH_COUNT);
            return pl_fail(err,
                           PL_BAD_INPUT,
                           NULL,
                           "There is no benchmark `%.60s`%s%s%s; `plumb bench --list` names them.",
                           args->operands[i],
                           near != NULL ? " (did you mean `" : "",
                           near != NULL ? near : "",
                           near != NULL ? "`?)" : "");
        }
        chosen[found] = true;
    }
    return PL_OK;
}

static pl_status read_plan(const struct pl_args *args, struct pl_bench_plan *plan, pl_error *err)
{
    uint64_t runs = 7;
    uint64_t seconds = 0;
    pl_status status = pl_args_number(args, "--runs", 1, PL_BENCH_RUNS_MAX, &runs, err);
    if (status == PL_OK) {
        status = pl_args_number(args, "--seconds", 1, 3600, &seconds, err);
    }
    if (status == PL_OK && pl_args_has(args, "--runs") && pl_args_has(args, "--seconds")) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "--runs and --seconds both say how long to measure; give one of them.");
    }
    plan->runs = (uint32_t)runs;
    plan->seconds = (double)seconds;
    plan->quick = pl_args_has(args, "--quick");
    return status;
}

static void list_benches(void)
{
    for (uint32_t i = 0; i < BENCH_COUNT; i++) {
        printf("%-18s %s\n", benches[i].name, benches[i].note);
    }
}

static int run_chosen(struct call *call, const bool chosen[BENCHES_MAX], bool json, char *memory)
{
    struct pl_bench_about about;
    struct pl_buf buf;
    struct pl_json_out out;
    int code = PL_EXIT_OK;
    pl_bench_about_fill(&about, PL_BUILD_COMMIT);
    pl_buf_init(&buf, memory, OUT_MAX);
    if (json) {
        pl_json_out_begin(&out, &buf);
        pl_json_out_array_begin(&out);
    } else {
        pl_bench_page_head(&about, &buf);
        fputs(memory, stdout);
    }
    for (uint32_t i = 0; i < BENCH_COUNT; i++) {
        struct pl_bench_result result;
        pl_error err = {0};
        if (!chosen[i]) {
            continue;
        }
        pl_bench_result_init(&result, benches[i].name);
        (void)snprintf(result.note, sizeof result.note, "%s", benches[i].note);
        fflush(stdout);
        if (benches[i].run(call, &result, &err) != PL_OK) {
            return pl_command_error(&err);
        }
        code = result.right ? code : PL_EXIT_FAILED;
        if (json) {
            pl_bench_page_json(&result, &about, &out);
        } else {
            pl_buf_clear(&buf);
            pl_bench_page_row(&result, &buf);
            fputs(memory, stdout);
        }
    }
    if (json) {
        pl_json_out_array_end(&out);
        pl_json_out_end(&out);
        puts(memory);
    }
    PL_CHECK(!buf.overflow);
    return code;
}

int pl_cmd_bench(int argc, char **argv)
{
    struct pl_args args;
    pl_error err = {0};
    bool chosen[BENCHES_MAX] = {false};
    _Static_assert((int)BENCH_COUNT <= (int)BENCHES_MAX, "chosen[] holds all");
    if (pl_command_parse(&args, argc, argv) != PL_OK) {
        return PL_EXIT_BAD_INPUT;
    }
    if (pl_args_has(&args, "--list")) {
        list_benches();
        return PL_EXIT_OK;
    }
    struct call *call = calloc(1, sizeof *call);
    char *memory = malloc(OUT_MAX);
    int code = PL_EXIT_ENVIRONMENT;
    if (call == NULL || memory == NULL) {
        fputs("plumb: There is not enough memory for benchmarks.\n", stderr);
    } else if (choose(&args, chosen, &err) != PL_OK ||
               read_plan(&args, &call->plan, &err) != PL_OK) {
        code = pl_command_error(&err);
    } else {
        /* A place without content can still measure the plain queues. */
        const char *directory = pl_args_value(&args, "--content");
        (void)!pl_content_directory(directory, call->directory, &call->no_content);
        code = run_chosen(call, chosen, pl_args_has(&args, "--json"), memory);
    }
    if (call != NULL) {
        incident_close(call->incident);
    }
    free(call);
    free(memory);
    return code;
}
