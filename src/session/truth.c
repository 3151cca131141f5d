// SPDX-License-Identifier: Apache-2.0
#include "session/truth.h"

#include "base/check.h"

#include <math.h>
#include <string.h>

enum { SAMPLES_PER_MINUTE = 4, QUIET_MINUTES = 5, USUAL_PART = 3 };

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

static uint32_t highest_minute(const struct pl_truth_course *course, uint32_t from, uint32_t until)
{
    uint32_t peak = from;
    for (uint32_t i = from; i < until && i < course->minute_count; i++) {
        peak = course->damage[i] > course->damage[peak] ? i : peak;
    }
    return peak;
}

/*
 * What is low: a tenth of the worst minute, or what was usual long before the page. A payment that
 * is lost now and then weighs as much as a small outage, and is none.
 */
static double low_of(const struct pl_truth_course *course, uint32_t page, uint32_t peak)
{
    uint32_t usual = highest_minute(course, 1, page / USUAL_PART);
    double low = peak < course->minute_count ? QUIET_SHARE * course->damage[peak] : 0.0;
    bool known = usual < page / USUAL_PART && usual < course->minute_count;
    return known && low > 0.0 && course->damage[usual] > low ? course->damage[usual] : low;
}

/* First minute of the rise that led to the page: back from it while damage stands out, over dips of
 * one minute. */
static uint32_t onset(const struct pl_truth_course *course, uint32_t page, double low)
{
    uint32_t first = page;
    for (uint32_t i = page; i > 0; i--) {
        bool high = course->damage[i - 1] > low;
        bool dip = !high && i >= 2 && course->damage[i - 2] > low;
        if (high) {
            first = i - 1;
        } else if (!dip) {
            break;
        }
    }
    return first;
}

/* First minute after the peak from which damage stays low for QUIET_MINUTES, or -1. */
static int64_t mitigated(const struct pl_truth_course *course, uint32_t peak, double low)
{
    uint32_t quiet = 0;
    for (uint32_t i = peak + 1; i < course->minute_count; i++) {
        quiet = course->damage[i] <= low ? quiet + 1 : 0;
        if (quiet == QUIET_MINUTES) {
            return (int64_t)(i + 1 - QUIET_MINUTES) * MINUTE_NS;
        }
    }
    return -1;
}

/* First minute from which damage stays low until the end, or -1. */
static int64_t recovered(const struct pl_truth_course *course, uint32_t peak, double low)
{
    uint32_t first = course->minute_count;
    while (first > peak + 1 && course->damage[first - 1] <= low) {
        first--;
    }
    uint32_t quiet = course->minute_count - first;
    return quiet >= QUIET_MINUTES ? (int64_t)first * MINUTE_NS : -1;
}

struct pl_truth_times pl_truth_times(const struct pl_session *session,
                                     const struct pl_truth_course *course)
{
    PL_CHECK(session != NULL);
    PL_CHECK(course != NULL);
    int64_t opens_ns = session->opening.opens_ns;
    struct pl_truth_times times = {
        .page_ns = opens_ns, .first_act_ns = -1, .mitigated_ns = -1, .resolved_ns = -1};
    uint32_t page = (uint32_t)(opens_ns / MINUTE_NS);
    uint32_t peak = highest_minute(course, 0, course->minute_count);
    double low = low_of(course, page, peak);
    /* What the player made worse later must not hide when it began. */
    double faint = low_of(course, page, highest_minute(course, 0, page));
    times.onset_ns = (int64_t)onset(course,
                                    page < course->minute_count ? page : 0,
                                    faint > 0.0 && faint < low ? faint : low) *
                     MINUTE_NS;
    if (session->act_count > 0) {
        times.first_act_ns = session->acts[0].decided_ns;
    }
    if (low > 0.0) {
        times.mitigated_ns = mitigated(course, peak, low);
        times.resolved_ns = recovered(course, peak, low);
        uint32_t last = course->minute_count - 1;
        times.hurting = course->damage[last] > low ? 1 : 0;
    }
    return times;
}
