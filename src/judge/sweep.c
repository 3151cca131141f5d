// SPDX-License-Identifier: Apache-2.0
#include "judge/sweep.h"

#include "base/check.h"
#include "base/fmath.h"
#include "base/random.h"
#include "judge/trunk.h"

#include <string.h>

enum {
    READINGS = 4,          /* perception draws per particle */
    SCREEN_PARTICLES = 16, /* per cause, at least, with which the list is gone through */
    REFINED = 6            /* looks that are valued with all particles then */
};

static uint32_t live_mask(const struct pl_judge *judge)
{
    uint32_t live = 0;
    for (uint32_t h = 0; h < judge->belief_def.cause_count; h++) {
        live |= pl_bank_live(judge->bank, h) ? UINT32_C(1) << h : 0;
    }
    return live;
}

/** Over what looks are valued: all particles, or fewer. */
struct sight {
    const struct pl_belief *belief;
    uint32_t particles;
    uint32_t step; /* every so many particles of the bank */
};

static struct sight whole_sight(const struct pl_judge *judge)
{
    return (struct sight){judge->belief, judge->belief_def.particles, 1};
}

/* Few particles are enough to find the looks that may be the best. */
static struct sight thin_sight(const struct pl_judge *judge)
{
    uint32_t particles = judge->belief_def.particles;
    uint32_t step = particles / SCREEN_PARTICLES;
    while (step > 1 && particles % step != 0) {
        step--;
    }
    if (step <= 1) {
        return whole_sight(judge);
    }
    const struct pl_belief *thin =
        pl_belief_thin(judge->belief, step, judge->thin_memory, judge->thin_size);
    return (struct sight){thin, particles / step, step};
}

static pl_status value_look(struct pl_judge *judge,
                            const struct sight *sight,
                            const struct pl_look_call *call,
                            bool full,
                            struct pl_sweep_look *look,
                            pl_error *err)
{
    memset(look, 0, sizeof *look);
    pl_status status = pl_bank_look_thin(judge->bank, call, sight->step, judge->sets, err);
    if (status != PL_OK) {
        return status;
    }
    double belief[PL_CAUSES_MAX];
    struct pl_evidence_def evidence_def =
        pl_belief_evidence_def(sight->belief, live_mask(judge), belief);
    const struct pl_evidence *evidence =
        pl_evidence_build(&evidence_def, judge->sets, judge->evidence_memory, judge->evidence_size);
    struct pl_eig_def eig = {.stream = PL_BELIEF_PERCEIVED,
                             .draws = READINGS,
                             .key = pl_random_child(judge->def.replicate, 0x6c6f6f6b)};
    pl_eig_look(sight->belief, evidence, &eig, judge->eig_scratch, &look->perceived);
    if (full) {
        eig.stream = PL_BELIEF_FULL;
        pl_eig_look(sight->belief, evidence, &eig, judge->eig_scratch, &look->full);
        pl_eig_densities(sight->belief, evidence, &eig, judge->eig_scratch, judge->density);
    }
    return PL_OK;
}

pl_status pl_sweep_one(struct pl_judge *judge,
                       const struct pl_look_call *call,
                       bool full,
                       struct pl_sweep_look *look,
                       pl_error *err)
{
    PL_CHECK(judge != NULL && call != NULL && look != NULL);
    struct sight sight = whole_sight(judge);
    return value_look(judge, &sight, call, full, look, err);
}

void pl_sweep_news(struct pl_judge *judge, const struct pl_evidence *evidence)
{
    PL_CHECK(judge != NULL && evidence != NULL);
    struct pl_eig_def eig = {.stream = PL_BELIEF_FULL,
                             .draws = READINGS,
                             .key = pl_random_child(judge->def.replicate, 0x6e657773)};
    pl_eig_densities(judge->belief, evidence, &eig, judge->eig_scratch, judge->density);
}

/* Densities of a few particles per cause, without the column of "something else". */
static void keep_densities(struct pl_judge *judge, const struct sight *sight, uint32_t look)
{
    uint32_t causes = judge->belief_def.cause_count;
    size_t rows = (size_t)causes * PL_SEARCH_DRAWS;
    float *to = judge->search_density +
                ((size_t)judge->search_count * PL_SEARCH_LOOK_LIST_MAX + look) * rows * causes;
    for (uint32_t h = 0; h < causes; h++) {
        for (uint32_t d = 0; d < PL_SEARCH_DRAWS; d++) {
            uint32_t k = d * sight->particles / PL_SEARCH_DRAWS;
            const float *row = judge->density + ((size_t)h * sight->particles + k) * (causes + 1);
            memcpy(to + ((size_t)h * PL_SEARCH_DRAWS + d) * causes, row, causes * sizeof *row);
        }
    }
}

/* Where what is found may be kept for other sessions: nothing has been shown or done yet. */
static struct pl_trunk_sweep *common_sweep(const struct pl_judge *judge, bool keep)
{
    bool fresh = judge->now_ns == judge->opens_ns && judge->fitted_count == 0 &&
                 judge->acted_ns < 0 && !keep;
    return fresh && judge->def.trunk != NULL ? &judge->def.trunk->sweep : NULL;
}

static double seconds_of(const struct pl_look_call *call)
{
    double seconds = (double)call->cost_ns / 1e9;
    return seconds > 1.0 ? seconds : 1.0;
}

/** Looks with the highest rates, highest first. */
struct leaders {
    uint32_t count;
    uint32_t reserved;
    uint32_t look[REFINED];
    double rate[REFINED];
    struct pl_eig_value expected[REFINED];
};

static void
rank(struct leaders *leaders, uint32_t look, double rate, const struct pl_eig_value *expected)
{
    uint32_t at = leaders->count;
    while (at > 0 && rate > leaders->rate[at - 1]) {
        if (at < REFINED) {
            leaders->look[at] = leaders->look[at - 1];
            leaders->rate[at] = leaders->rate[at - 1];
            leaders->expected[at] = leaders->expected[at - 1];
        }
        at--;
    }
    if (at < REFINED && rate > 0.0) {
        leaders->look[at] = look;
        leaders->rate[at] = rate;
        leaders->expected[at] = *expected;
        leaders->count += leaders->count < REFINED ? 1 : 0;
    }
}

/* Value the looks of the list, or those of `among`; looks that are not available now, such as a
 * person who is away, are left out. */
static void value_looks(struct pl_judge *judge,
                        const struct sight *sight,
                        const struct leaders *among,
                        struct pl_kept_search *kept,
                        struct leaders *leaders)
{
    uint32_t count = among != NULL ? among->count : pl_look_list_count(judge->looks);
    memset(leaders, 0, sizeof *leaders);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = among != NULL ? among->look[i] : i;
        const struct pl_look_call *call = pl_look_list_call(judge->looks, at);
        struct pl_sweep_look look;
        pl_error err = {0};
        if (value_look(judge, sight, call, kept != NULL, &look, &err) != PL_OK) {
            continue;
        }
        double seconds = seconds_of(call);
        rank(leaders, at, look.perceived.remedy.mix / seconds, &look.perceived.remedy);
        if (kept != NULL && kept->look_count < PL_SEARCH_LOOK_LIST_MAX) {
            kept->cost_s[kept->look_count] = seconds;
            keep_densities(judge, sight, kept->look_count);
            kept->look_count++;
        }
    }
}

void pl_sweep_all(struct pl_judge *judge, struct pl_epoch *epoch, bool keep)
{
    PL_CHECK(judge != NULL && epoch != NULL);
    keep = keep && judge->search_count < PL_SEARCHES_MAX;
    epoch->best = PL_NONE;
    epoch->search = PL_NONE;
    epoch->best_rate = 0.0;
    memset(&epoch->best_expected, 0, sizeof epoch->best_expected);
    struct pl_trunk_sweep *common = common_sweep(judge, keep);
    if (common != NULL && common->known != 0) {
        epoch->best = common->best;
        epoch->best_rate = common->best_rate;
        epoch->best_expected = common->best_expected;
        return;
    }
    struct leaders leaders;
    struct leaders refined;
    struct sight sight = thin_sight(judge);
    value_looks(judge, &sight, NULL, keep ? &judge->searches[judge->search_count] : NULL, &leaders);
    if (sight.step > 1) {
        sight = whole_sight(judge);
        value_looks(judge, &sight, &leaders, NULL, &refined);
        leaders = refined;
    }
    if (leaders.count > 0) {
        epoch->best = leaders.look[0];
        epoch->best_rate = leaders.rate[0];
        epoch->best_expected = leaders.expected[0];
    }
    if (keep) {
        epoch->search = judge->search_count++;
    }
    if (common != NULL) {
        *common = (struct pl_trunk_sweep){1, epoch->best, epoch->best_rate, epoch->best_expected};
    }
}

/* One draw: its weight, then what the belief becomes when the draw is shown. */
static void
keep_draw(float *to, double weight, const double *belief, const float *row, uint32_t causes)
{
    double total = 0.0;
    to[0] = (float)weight;
    for (uint32_t g = 0; g < causes; g++) {
        double next = belief[g] * pl_exp((double)row[g]);
        to[1 + g] = (float)next;
        total += next;
    }
    for (uint32_t g = 0; g < causes; g++) {
        to[1 + g] = total > 0.0 ? (float)((double)to[1 + g] / total) : (float)belief[g];
    }
}

/* PL_EPOCH_DRAWS rows of cause `h`, its particles evenly spaced, by `weights` of the cause. */
static void keep_cause(const struct pl_judge *judge,
                       const double *belief,
                       const double *weights,
                       uint32_t h,
                       float *to)
{
    uint32_t causes = judge->belief_def.cause_count;
    uint32_t particles = judge->belief_def.particles;
    double sum = 0.0;
    for (uint32_t d = 0; d < PL_EPOCH_DRAWS; d++) {
        sum += weights[d * particles / PL_EPOCH_DRAWS];
    }
    for (uint32_t d = 0; d < PL_EPOCH_DRAWS; d++) {
        uint32_t k = d * particles / PL_EPOCH_DRAWS;
        const float *row = judge->density + ((size_t)h * particles + k) * (causes + 1);
        double w = sum > 0.0 ? weights[k] / sum : 1.0 / PL_EPOCH_DRAWS;
        keep_draw(to + d * (1 + (size_t)causes), belief[h] * w, belief, row, causes);
    }
}

void pl_sweep_keep_draws(struct pl_judge *judge, struct pl_epoch *epoch)
{
    PL_CHECK(judge != NULL && epoch != NULL);
    epoch->draws = PL_NONE;
    if (judge->draw_count == PL_EPOCH_LOOKS_MAX) {
        judge->unkept++;
        return;
    }
    uint32_t causes = judge->belief_def.cause_count;
    uint32_t particles = judge->belief_def.particles;
    size_t cause_size = PL_EPOCH_DRAWS * (1 + (size_t)causes);
    float *to =
        judge->draws + (size_t)judge->draw_count * PL_BELIEF_STREAM_COUNT * causes * cause_size;
    for (uint32_t stream = 0; stream < PL_BELIEF_STREAM_COUNT; stream++) {
        const double *belief = epoch->belief[stream].cause;
        const double *weights = pl_belief_weights(judge->belief, stream);
        for (uint32_t h = 0; h < causes; h++) {
            keep_cause(judge, belief, weights + (size_t)h * particles, h, to);
            to += cause_size;
        }
    }
    epoch->draws = judge->draw_count++;
}
