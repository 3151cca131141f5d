// SPDX-License-Identifier: Apache-2.0
//
// Memory: struct pl_particle | state | record | instruments.
#include "judge/particle.h"

#include "base/check.h"
#include "session/act.h"
#include "session/session.h"

#include <string.h>

static size_t round64(size_t size)
{
    return (size + 63) & ~(size_t)63;
}

/* What decides sizes is known before a form is drawn. */
static struct pl_observe_def sizing_def(const struct pl_scenario *scenario)
{
    struct pl_observe_def def = {0};
    def.history_ns = pl_session_history(scenario);
    return def;
}

static size_t record_size(const struct pl_world *world)
{
    struct pl_record_def record = pl_session_record_def();
    return round64(pl_record_size_of(world, &record));
}

size_t pl_particle_size(const struct pl_particle_def *def)
{
    PL_CHECK(def != NULL);
    struct pl_observe_def observe = sizing_def(def->scenario);
    return round64(sizeof(struct pl_particle)) + round64(pl_model_size(def->world)) +
           record_size(def->world) + round64(pl_observe_own_size(def->world, &observe));
}

size_t pl_particle_scratch_size(const struct pl_particle_def *def)
{
    PL_CHECK(def != NULL);
    struct pl_observe_def observe = sizing_def(def->scenario);
    return round64(pl_observe_scratch_size(def->world, &observe));
}

/* Where the parts of a particle lie. */
struct parts {
    char *state;
    char *record;
    char *observe;
};

static struct parts lay_out(const struct pl_world *world, void *memory)
{
    struct parts parts;
    parts.state = (char *)memory + round64(sizeof(struct pl_particle));
    parts.record = parts.state + round64(pl_model_size(world));
    parts.observe = parts.record + record_size(world);
    return parts;
}

static void fill_instruments(struct pl_particle *particle)
{
    pl_instruments_fill(particle->scenario, &particle->opening, &particle->instruments);
    particle->instruments.def.history_ns = pl_session_history(particle->scenario);
}

static pl_status
draw_form(struct pl_particle *particle, uint64_t seed, uint32_t cause, pl_error *err)
{
    pl_status status =
        cause == PL_NONE
            ? pl_scenario_open_common(
                  particle->world, particle->scenario, seed, &particle->opening, err)
            : pl_scenario_open(
                  particle->world, particle->scenario, seed, cause, &particle->opening, err);
    if (status == PL_OK) {
        fill_instruments(particle);
    }
    return status;
}

pl_status pl_particle_start(const struct pl_particle_def *def,
                            uint64_t seed,
                            uint32_t cause,
                            void *memory,
                            void *scratch,
                            struct pl_particle **particle,
                            pl_error *err)
{
    PL_CHECK(def != NULL && memory != NULL && particle != NULL);
    struct pl_particle *p = memory;
    memset(p, 0, sizeof *p);
    p->world = def->world;
    p->scenario = def->scenario;
    p->state_size = pl_model_size(def->world);
    pl_status status = draw_form(p, seed, cause, err);
    if (status != PL_OK) {
        return status;
    }
    struct parts parts = lay_out(def->world, memory);
    struct pl_record_def record = pl_session_record_def();
    p->state = pl_model_init(def->world, parts.state, p->state_size, seed);
    p->record = pl_record_open(def->world, &record, parts.record);
    p->observe = pl_observe_open(def->world, &p->instruments.def, parts.observe, scratch);
    for (uint32_t i = 0; i < p->opening.change_count && status == PL_OK; i++) {
        status = pl_model_change(p->world, p->state, &p->opening.changes[i], err);
    }
    *particle = p;
    return status;
}

static bool same_change(const struct pl_change *a, const struct pl_change *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* Position of the next change that only the cause brings, from `at` on; change_count: none. Both
 * lists are in the same order, so what stands in the common one is passed by as it comes. */
static uint32_t next_own(const struct pl_opening *opening,
                         const struct pl_opening *common,
                         uint32_t at,
                         uint32_t *passed)
{
    while (at < opening->change_count && *passed < common->change_count &&
           same_change(&opening->changes[at], &common->changes[*passed])) {
        at++;
        *passed += 1;
    }
    return at;
}

pl_status pl_particle_parting(const struct pl_particle_def *def,
                              uint64_t seed,
                              uint32_t cause,
                              int64_t *moment_ns,
                              pl_error *err)
{
    PL_CHECK(def != NULL && moment_ns != NULL);
    struct pl_opening common;
    struct pl_opening opening;
    uint32_t passed = 0;
    pl_status status = pl_scenario_open_common(def->world, def->scenario, seed, &common, err);
    status = status == PL_OK
                 ? pl_scenario_open(def->world, def->scenario, seed, cause, &opening, err)
                 : status;
    if (status != PL_OK) {
        return status;
    }
    uint32_t own = next_own(&opening, &common, 0, &passed);
    *moment_ns = own < opening.change_count ? opening.changes[own].t_ns - 1 : opening.opens_ns;
    return PL_OK;
}

/* Copy state, record and instruments of a particle whose form is drawn already. */
static void copy_parts(const struct pl_particle *source, struct pl_particle *copy, void *scratch)
{
    struct parts parts = lay_out(source->world, copy);
    copy->state = pl_model_fork(parts.state, source->state_size, source->state);
    copy->record = pl_record_fork(source->record, parts.record);
    copy->observe =
        pl_observe_fork(source->observe, &copy->instruments.def, parts.observe, scratch);
}

pl_status pl_particle_branch(const struct pl_particle *trunk,
                             uint32_t cause,
                             void *memory,
                             void *scratch,
                             struct pl_particle **particle,
                             pl_error *err)
{
    PL_CHECK(trunk != NULL && memory != NULL && particle != NULL);
    PL_CHECK(trunk->opening.cause == PL_NONE && cause != PL_NONE);
    struct pl_particle *p = memory;
    memcpy(p, trunk, offsetof(struct pl_particle, opening));
    pl_status status = draw_form(p, trunk->opening.seed, cause, err);
    if (status != PL_OK) {
        return status;
    }
    copy_parts(trunk, p, scratch);
    uint32_t passed = 0;
    uint32_t at = next_own(&p->opening, &trunk->opening, 0, &passed);
    while (at < p->opening.change_count && status == PL_OK) {
        status = pl_model_change(p->world, p->state, &p->opening.changes[at], err);
        at = next_own(&p->opening, &trunk->opening, at + 1, &passed);
    }
    PL_CHECK(passed == trunk->opening.change_count || status != PL_OK);
    *particle = p;
    return status;
}

struct pl_particle *pl_particle_fork(const struct pl_particle *source, void *memory, void *scratch)
{
    PL_CHECK(source != NULL && memory != NULL);
    struct pl_particle *copy = memory;
    *copy = *source;
    /* Texts of the feed lie in the opening: the copy's definition points at its own. */
    fill_instruments(copy);
    copy_parts(source, copy, scratch);
    return copy;
}

void pl_particle_run(struct pl_particle *particle, int64_t until_ns, void *scratch)
{
    PL_CHECK(particle != NULL);
    pl_observe_lend(particle->observe, scratch);
    int64_t now_ns = pl_model_now(particle->state);
    PL_CHECK(until_ns >= now_ns);
    while (now_ns < until_ns) {
        int64_t observe_ns = pl_observe_next(particle->observe);
        now_ns = observe_ns < until_ns ? observe_ns : until_ns;
        pl_model_run(particle->world, particle->state, particle->record, now_ns);
        if (now_ns == observe_ns) {
            pl_observe_advance(particle->observe, particle->state, particle->record);
        }
    }
}

bool pl_particle_pages(const struct pl_particle *particle)
{
    PL_CHECK(particle != NULL);
    return pl_session_pages(particle->scenario, &particle->opening, particle->observe);
}

void pl_particle_open(struct pl_particle *particle)
{
    PL_CHECK(particle != NULL);
    particle->page_shown = 0;
    particle->event_cursor = pl_observe_event_count(particle->observe);
    for (uint32_t i = 0; i < particle->event_cursor; i++) {
        if (pl_session_opening_page(particle->scenario, pl_observe_event(particle->observe, i))) {
            particle->page_shown = 1;
        }
    }
}

void pl_particle_act(struct pl_particle *particle, const struct pl_call *call)
{
    PL_CHECK(particle != NULL && call != NULL);
    pl_error err = {0};
    struct pl_preview preview;
    int64_t effect_ns = 0;
    const struct pl_act_place place = {
        particle->world, particle->scenario, particle->state, particle->observe};
    pl_status status = pl_action_preview(
        particle->world, particle->scenario, particle->state, call, &preview, &err);
    if (status == PL_OK) {
        status = pl_act_do(&place, call, &preview.feed, &effect_ns, &err);
    }
    particle->refused += status == PL_OK ? 0 : 1;
}

static struct pl_scene scene_of(struct pl_particle *particle, void *scratch)
{
    pl_observe_lend(particle->observe, scratch);
    return (struct pl_scene){particle->observe, particle->state, particle->record};
}

pl_status pl_particle_look_for_real(struct pl_particle *particle,
                                    const struct pl_look_call *call,
                                    void *scratch,
                                    struct pl_buf *out,
                                    pl_error *err)
{
    PL_CHECK(particle != NULL && call != NULL);
    struct pl_scene scene = scene_of(particle, scratch);
    return pl_look_at(particle->scenario, &scene, call, out, err);
}

pl_status pl_particle_look(struct pl_particle *particle,
                           const struct pl_look_call *call,
                           void *scratch,
                           struct pl_buf *out,
                           pl_error *err)
{
    PL_CHECK(particle != NULL && call != NULL);
    if (!pl_look_acts(call)) {
        return pl_particle_look_for_real(particle, call, scratch, out, err);
    }
    return pl_observe_foretell(
        particle->observe, pl_model_now(particle->state), call->person, call->name, out, err);
}

void pl_particle_tell(struct pl_particle *particle, struct pl_buf *out)
{
    PL_CHECK(particle != NULL);
    uint32_t count = pl_observe_event_count(particle->observe);
    uint32_t told = 0;
    pl_buf_puts(out, "[");
    for (; particle->event_cursor < count; particle->event_cursor++) {
        const struct pl_observe_event *event =
            pl_observe_event(particle->observe, particle->event_cursor);
        if (particle->page_shown == 0 && pl_session_opening_page(particle->scenario, event)) {
            particle->page_shown = 1;
            continue;
        }
        pl_buf_puts(out, told > 0 ? "," : "");
        pl_observe_event_json(particle->observe, particle->event_cursor, out);
        told++;
    }
    pl_buf_puts(out, "]");
}
