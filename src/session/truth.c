// SPDX-License-Identifier: Apache-2.0
#include "session/truth.h"

#include "base/check.h"

#include <math.h>
#include <string.h>

enum { SAMPLES_PER_MINUTE = 4, QUIET_MINUTES = 5 };

#define MINUTE_NS   (60 * PL_NS_PER_S)
#define QUIET_SHARE 0.10

double pl_truth_damage(const struct pl_world *world, const struct pl_state *state)
{
    PL_CHECK(world != NULL);
    PL_CHECK(state != NULL);
    double damage = 0.0;
    for (uint32_t source = 0; source < world->source_count; source++) {
        damage += pl_model_outcome(state, source).damage;
    }
    return damage * (double)world->slice_of;
}

static double offered(const struct pl_world *world, const struct pl_state *state)
{
    uint64_t count = 0;
    for (uint32_t source = 0; source < world->source_count; source++) {
        count += pl_model_outcome(state, source).offered;
    }
    return (double)count * (double)world->slice_of;
}

static bool same_value(double a, double b)
{
    return fabs(a - b) <= 1e-9 * (fabs(a) + fabs(b)) + 1e-12;
}

/*
 * A change of the cause is in force when its param stands where the cause put it, or nearer to that
 * than to its base: a flag set back half way is not removed, one set below the half is. A gated
 * change is in force while its gate holds.
 */
/* A step behind a flag that nobody has cannot run, whatever its own knobs say. */
static bool switched_off(const struct pl_session *session, uint32_t param)
{
    const struct pl_world *world = session->def.world;
    const struct pl_param_def *def = &world->params[param];
    if (def->scope != PL_SCOPE_STEP) {
        return false;
    }
    const struct pl_step *step = &world->steps[def->entity];
    return step->flag != PL_NONE && step->flag_else == 0 &&
           !(pl_model_param(session->state, world->flags[step->flag].param0) > 0.0);
}

static bool change_in_force(const struct pl_session *session, const struct pl_change_def *def)
{
    const struct pl_world *world = session->def.world;
    uint32_t param = pl_world_param(world, def->path);
    if (param == 0 || switched_off(session, param)) {
        return false;
    }
    if (def->gated) {
        uint32_t gate = pl_world_param(world, def->gate_path);
        return gate != 0 && same_value(pl_model_param(session->state, gate), def->gate_value);
    }
    double base = world->params[param].base;
    double value = pl_model_param(session->state, param);
    double target = def->value;
    if (def->op == PL_CHANGE_ADD) {
        target = base + def->value;
    } else if (def->op == PL_CHANGE_TIMES) {
        target = base * def->value;
    }
    if (same_value(base, target)) {
        return false;
    }
    return (value - base) / (target - base) > 0.5;
}

bool pl_truth_faulty(const struct pl_session *session)
{
    PL_CHECK(session != NULL);
    const struct pl_scenario *scenario = session->def.scenario;
    const struct pl_cause *cause = &scenario->causes[session->opening.cause];
    for (uint32_t i = 0; i < cause->change_count; i++) {
        const struct pl_change_def *def = &scenario->setting.changes[cause->change0 + i];
        double at_ns = (double)session->opening.opens_ns + def->at_s * 1e9;
        if ((double)session->now_ns >= at_ns && change_in_force(session, def)) {
            return true;
        }
    }
    return false;
}

void pl_truth_sample(struct pl_session *session)
{
    PL_CHECK(session != NULL);
    PL_CHECK(session->now_ns == session->truth_next_ns);
    session->truth_next_ns += PL_TRUTH_STEP_NS;
    struct pl_truth *truth = &session->truth;
    if (truth->count == PL_TRUTH_SAMPLES_MAX) {
        return;
    }
    struct pl_truth_sample *sample = &truth->samples[truth->count++];
    sample->damage = pl_truth_damage(session->def.world, session->state);
    sample->offered = offered(session->def.world, session->state);
    sample->faulty = pl_truth_faulty(session) ? 1 : 0;
}

void pl_truth_course(const struct pl_session *session, struct pl_truth_course *course)
{
    PL_CHECK(session != NULL);
    PL_CHECK(course != NULL);
    memset(course, 0, sizeof *course);
    const struct pl_truth *truth = &session->truth;
    uint32_t last = truth->count > 0 ? truth->count - 1 : 0;
    for (uint32_t i = 0; i < last && course->minute_count < PL_TRUTH_MINUTES_MAX;
         i += SAMPLES_PER_MINUTE) {
        uint32_t end = i + SAMPLES_PER_MINUTE < last ? i + SAMPLES_PER_MINUTE : last;
        course->damage[course->minute_count++] =
            truth->samples[end].damage - truth->samples[i].damage;
    }
}

void pl_truth_course_without(struct pl_session *session,
                             int64_t until_ns,
                             struct pl_truth_course *course)
{
    PL_CHECK(session != NULL);
    PL_CHECK(course != NULL);
    PL_CHECK(until_ns >= session->opening.opens_ns);
    const struct pl_world *world = session->def.world;
    struct pl_state *fork = pl_model_fork(session->spare, session->state_size, session->start);
    pl_truth_course(session, course);
    uint32_t first = (uint32_t)(session->opening.opens_ns / MINUTE_NS);
    course->minute_count = first;
    double before = first < PL_TRUTH_MINUTES_MAX ? pl_truth_damage(world, fork) : 0.0;
    while (pl_model_now(fork) < until_ns && course->minute_count < PL_TRUTH_MINUTES_MAX) {
        int64_t next_ns = ((int64_t)course->minute_count + 1) * MINUTE_NS;
        pl_model_run(world, fork, NULL, next_ns < until_ns ? next_ns : until_ns);
        double damage = pl_truth_damage(world, fork);
        course->damage[course->minute_count++] = damage - before;
        before = damage;
    }
}

double pl_truth_sum(const struct pl_truth_course *course, uint32_t from, uint32_t until)
{
    PL_CHECK(course != NULL);
    double sum = 0.0;
    for (uint32_t i = from; i < until && i < course->minute_count; i++) {
        sum += course->damage[i];
    }
    return sum;
}

double pl_truth_budget(const struct pl_world *world)
{
    PL_CHECK(world != NULL);
    const struct pl_objectives *objectives = &world->objectives;
    if (!(objectives->availability > 0.0) || !(objectives->monthly_requests > 0.0)) {
        return 0.0;
    }
    return (1.0 - objectives->availability) * objectives->monthly_requests *
           (double)world->slice_of;
}

/* When users began to feel it: the first minute before the page whose damage reaches a tenth of the
 * worst minute until then. A cause that was there all along (a flag that only hurts at lunch) has
 * no other beginning; the moment of its change is in the story. */
static int64_t onset(const struct pl_session *session, const struct pl_truth_course *course)
{
    uint32_t page = (uint32_t)(session->opening.opens_ns / MINUTE_NS);
    double peak = 0.0;
    page = page < course->minute_count ? page : course->minute_count;
    for (uint32_t i = 0; i < page; i++) {
        peak = course->damage[i] > peak ? course->damage[i] : peak;
    }
    uint32_t first = page;
    while (first > 0 && course->damage[first - 1] > QUIET_SHARE * peak) {
        first--;
    }
    return (int64_t)first * MINUTE_NS;
}

/* First minute after the peak from which damage stays low for QUIET_MINUTES; counted to its start.
 */
static int64_t mitigated(const struct pl_truth_course *course, uint32_t onset_minute)
{
    uint32_t peak = onset_minute;
    for (uint32_t i = onset_minute; i < course->minute_count; i++) {
        peak = course->damage[i] > course->damage[peak] ? i : peak;
    }
    if (peak >= course->minute_count || !(course->damage[peak] > 0.0)) {
        return -1;
    }
    double low = QUIET_SHARE * course->damage[peak];
    uint32_t quiet = 0;
    for (uint32_t i = peak + 1; i < course->minute_count; i++) {
        quiet = course->damage[i] <= low ? quiet + 1 : 0;
        if (quiet == QUIET_MINUTES) {
            return (int64_t)(i + 1 - QUIET_MINUTES) * MINUTE_NS;
        }
    }
    return -1;
}

static int64_t resolved(const struct pl_truth *truth)
{
    if (truth->count == 0 || truth->samples[truth->count - 1].faulty) {
        return -1;
    }
    uint32_t first = truth->count - 1;
    while (first > 0 && !truth->samples[first - 1].faulty) {
        first--;
    }
    return first > 0 ? (int64_t)first * PL_TRUTH_STEP_NS : -1;
}

struct pl_truth_times pl_truth_times(const struct pl_session *session,
                                     const struct pl_truth_course *course)
{
    PL_CHECK(session != NULL);
    PL_CHECK(course != NULL);
    struct pl_truth_times times = {.onset_ns = onset(session, course),
                                   .page_ns = session->opening.opens_ns,
                                   .first_act_ns = -1};
    if (session->act_count > 0) {
        times.first_act_ns = session->acts[0].decided_ns;
    }
    times.mitigated_ns = mitigated(course, (uint32_t)(times.onset_ns / MINUTE_NS));
    times.resolved_ns = resolved(&session->truth);
    return times;
}
