// SPDX-License-Identifier: Apache-2.0
#include "judge/sweep.h"

#include "base/check.h"
#include "base/fmath.h"
#include "base/random.h"
#include "judge/trunk.h"

#include <string.h>

enum {
    FIRST_PARTICLES = 8,   /* per cause, at least, with which the whole list is gone through */
    SECOND_PARTICLES = 16, /* with which those that may be the best are looked at again */
    SHORT_LIST = 16,       /* so many */
    REFINED = 4,           /* of them with all particles */
    FIRST_READINGS = 1,    /* perception draws per particle */
    READINGS = 4
};

#define RECENT_NS (300 * PL_NS_PER_S) /* so long what looks showed tells which are worth it */
#define SURE      0.9                 /* of one class: nothing is left to find out */

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
    uint32_t particles; /* the first so many of each cause */
    uint32_t readings;
};

static uint32_t at_most(uint32_t particles, uint32_t wanted)
{
    return particles < wanted ? particles : wanted;
}

static struct sight sight_of(const struct pl_judge *judge, uint32_t wanted, uint32_t readings)
{
    uint32_t particles = judge->belief_def.particles;
    uint32_t few = at_most(particles, wanted);
    const struct pl_belief *belief = judge->belief;
    if (few < particles) {
        belief = pl_belief_thin(judge->belief, few, judge->thin_memory, judge->thin_size);
    }
    return (struct sight){belief, few, readings};
}

static uint32_t memory_worlds(uint32_t causes, uint32_t particles)
{
    return causes * at_most(particles, FIRST_PARTICLES);
}

size_t pl_sweep_memory_size(uint32_t causes, uint32_t particles)
{
    return pl_look_memory_size(PL_LOOK_LIST_MAX, memory_worlds(causes, particles));
}

struct pl_look_memory *
pl_sweep_memory_init(uint32_t causes, uint32_t particles, void *memory, size_t size)
{
    PL_CHECK(size >= pl_sweep_memory_size(causes, particles));
    return pl_look_memory_init(PL_LOOK_LIST_MAX, memory_worlds(causes, particles), memory);
}

/* Value the look whose features stand in judge->sets; `full` as for pl_sweep_one. */
static void value_shown(struct pl_judge *judge,
                        const struct sight *sight,
                        bool full,
                        struct pl_sweep_look *look)
{
    double belief[PL_CAUSES_MAX];
    struct pl_evidence_def evidence_def =
        pl_belief_evidence_def(sight->belief, live_mask(judge), belief);
    const struct pl_evidence *evidence =
        pl_evidence_build(&evidence_def, judge->sets, judge->evidence_memory, judge->evidence_size);
    struct pl_eig_def eig = {.stream = PL_BELIEF_PERCEIVED,
                             .draws = sight->readings,
                             .key = pl_random_child(judge->def.replicate, 0x6c6f6f6b)};
    memset(look, 0, sizeof *look);
    pl_eig_look(sight->belief, evidence, &eig, judge->eig_scratch, &look->perceived);
    if (full) {
        eig.stream = PL_BELIEF_FULL;
        pl_eig_look(sight->belief, evidence, &eig, judge->eig_scratch, &look->full);
        pl_eig_densities(sight->belief, evidence, &eig, judge->eig_scratch, judge->density);
    }
}

static pl_status value_look(struct pl_judge *judge,
                            const struct sight *sight,
                            const struct pl_look_call *call,
                            bool full,
                            struct pl_sweep_look *look,
                            pl_error *err)
{
    memset(look, 0, sizeof *look);
    pl_status status = pl_bank_look_thin(judge->bank, call, sight->particles, judge->sets, err);
    if (status == PL_OK) {
        value_shown(judge, sight, full, look);
    }
    return status;
}

pl_status pl_sweep_one(struct pl_judge *judge,
                       const struct pl_look_call *call,
                       bool full,
                       struct pl_sweep_look *look,
                       pl_error *err)
{
    PL_CHECK(judge != NULL && call != NULL && look != NULL);
    struct sight sight = sight_of(judge, judge->belief_def.particles, READINGS);
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
        uint32_t worlds = pl_belief_worlds(sight->belief, h);
        for (uint32_t d = 0; d < PL_SEARCH_DRAWS; d++) {
            uint32_t k = d * worlds / PL_SEARCH_DRAWS;
            const float *row = judge->density + ((size_t)h * sight->particles + k) * (causes + 1);
            memcpy(to + ((size_t)h * PL_SEARCH_DRAWS + d) * causes, row, causes * sizeof *row);
        }
    }
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
    uint32_t look[SHORT_LIST];
    double rate[SHORT_LIST];
    struct pl_eig_value expected[SHORT_LIST];
};

static void
rank(struct leaders *leaders, uint32_t look, double rate, const struct pl_eig_value *expected)
{
    uint32_t at = leaders->count;
    while (at > 0 && rate > leaders->rate[at - 1]) {
        if (at < SHORT_LIST) {
            leaders->look[at] = leaders->look[at - 1];
            leaders->rate[at] = leaders->rate[at - 1];
            leaders->expected[at] = leaders->expected[at - 1];
        }
        at--;
    }
    if (at < SHORT_LIST && rate > 0.0) {
        leaders->look[at] = look;
        leaders->rate[at] = rate;
        leaders->expected[at] = *expected;
        leaders->count += leaders->count < SHORT_LIST ? 1 : 0;
    }
}

/* What a look of the list shows in a few particles: now, or when the memory was filled. */
static bool glance(struct pl_judge *judge,
                   const struct sight *sight,
                   struct pl_look_memory *shown,
                   bool fill,
                   uint32_t at)
{
    pl_error err = {0};
    uint32_t known = fill ? PL_LOOK_UNKNOWN : pl_look_memory_give(shown, at, judge->sets);
    if (known != PL_LOOK_UNKNOWN) {
        return known == PL_LOOK_SHOWN;
    }
    const struct pl_look_call *call = pl_look_list_call(judge->looks, at);
    bool seen = pl_bank_look_thin(judge->bank, call, sight->particles, judge->sets, &err) == PL_OK;
    if (fill) {
        pl_look_memory_keep(shown, at, seen ? judge->sets : NULL);
    }
    return seen;
}

/* Go through the list with few particles; looks that are not available now, such as a person who
 * is away, are left out. */
static void screen(struct pl_judge *judge,
                   struct pl_look_memory *shown,
                   bool fill,
                   struct pl_kept_search *kept,
                   struct leaders *leaders)
{
    struct sight sight = sight_of(judge, FIRST_PARTICLES, FIRST_READINGS);
    memset(leaders, 0, sizeof *leaders);
    for (uint32_t at = 0; at < pl_look_list_count(judge->looks); at++) {
        struct pl_sweep_look look;
        if (!glance(judge, &sight, shown, fill, at)) {
            continue;
        }
        double seconds = seconds_of(pl_look_list_call(judge->looks, at));
        value_shown(judge, &sight, kept != NULL, &look);
        rank(leaders, at, look.perceived.remedy.mix / seconds, &look.perceived.remedy);
        if (kept != NULL && kept->look_count < PL_SEARCH_LOOK_LIST_MAX) {
            kept->cost_s[kept->look_count] = seconds;
            keep_densities(judge, &sight, kept->look_count);
            kept->look_count++;
        }
    }
}

/* Value the best `most` looks again with more particles. */
static void
refine(struct pl_judge *judge, uint32_t particles, uint32_t most, struct leaders *leaders)
{
    struct sight sight = sight_of(judge, particles, READINGS);
    struct leaders among = *leaders;
    memset(leaders, 0, sizeof *leaders);
    for (uint32_t i = 0; i < among.count && i < most; i++) {
        const struct pl_look_call *call = pl_look_list_call(judge->looks, among.look[i]);
        struct pl_sweep_look look;
        pl_error err = {0};
        if (value_look(judge, &sight, call, false, &look, &err) == PL_OK) {
            double rate = look.perceived.remedy.mix / seconds_of(call);
            rank(leaders, among.look[i], rate, &look.perceived.remedy);
        }
    }
}

static void
find_best(struct pl_judge *judge, struct pl_look_memory *shown, bool fill, struct pl_epoch *epoch)
{
    struct leaders leaders;
    struct pl_kept_search *kept = epoch->search != PL_NONE ? &judge->searches[epoch->search] : NULL;
    if (fill) {
        pl_look_memory_clear(shown, judge->now_ns);
    }
    screen(judge, shown, fill, kept, &leaders);
    refine(judge, SECOND_PARTICLES, SHORT_LIST, &leaders);
    if (judge->belief_def.particles > SECOND_PARTICLES) {
        refine(judge, judge->belief_def.particles, REFINED, &leaders);
    }
    if (leaders.count > 0) {
        epoch->best = leaders.look[0];
        epoch->best_rate = leaders.rate[0];
        epoch->best_expected = leaders.expected[0];
    }
}

/* Nothing has been shown or done yet: all sessions of a trunk find the same here. */
static void sweep_opening(struct pl_judge *judge, struct pl_epoch *epoch)
{
    struct pl_trunk_sweep *common = judge->def.trunk != NULL ? &judge->def.trunk->sweep : NULL;
    judge->shown = judge->shown_first;
    judge->shown_acts = judge->stretch_count;
    if (common == NULL || common->known == 0) {
        find_best(judge, judge->shown_first, true, epoch);
    } else {
        epoch->best = common->best;
        epoch->best_rate = common->best_rate;
        epoch->best_expected = common->best_expected;
    }
    if (common != NULL) {
        *common = (struct pl_trunk_sweep){1, epoch->best, epoch->best_rate, epoch->best_expected};
    }
}

/* What looks showed not long ago, when nobody has acted since; else NULL. */
static struct pl_look_memory *recent(const struct pl_judge *judge)
{
    bool same = judge->shown != NULL && judge->shown_acts == judge->stretch_count &&
                judge->now_ns - pl_look_memory_moment(judge->shown) <= RECENT_NS;
    return same ? judge->shown : NULL;
}

static bool is_sure(const struct pl_judge *judge, const struct pl_epoch *epoch)
{
    double most = 0.0;
    for (uint32_t c = 0; c < judge->belief_def.class_count; c++) {
        double p = epoch->belief[PL_BELIEF_PERCEIVED].remedy[c];
        most = p > most ? p : most;
    }
    return most >= SURE;
}

void pl_sweep_all(struct pl_judge *judge, struct pl_epoch *epoch, bool keep)
{
    PL_CHECK(judge != NULL && epoch != NULL);
    epoch->best = PL_NONE;
    epoch->search = PL_NONE;
    epoch->swept = 0;
    epoch->best_rate = 0.0;
    memset(&epoch->best_expected, 0, sizeof epoch->best_expected);
    if (is_sure(judge, epoch)) {
        return;
    }
    epoch->swept = 1;
    keep = keep && judge->search_count < PL_SEARCHES_MAX;
    if (judge->now_ns == judge->opens_ns && judge->fitted_count == 0 && judge->acted_ns < 0 &&
        !keep) {
        sweep_opening(judge, epoch);
        return;
    }
    struct pl_look_memory *shown = recent(judge);
    bool fill = shown == NULL;
    if (fill) {
        shown = judge->shown_later;
        judge->shown = shown;
        judge->shown_acts = judge->stretch_count;
    }
    epoch->search = keep ? judge->search_count++ : PL_NONE;
    find_best(judge, shown, fill, epoch);
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
    uint32_t worlds = pl_belief_worlds(judge->belief, h);
    double sum = 0.0;
    for (uint32_t d = 0; d < PL_EPOCH_DRAWS; d++) {
        sum += weights[d * worlds / PL_EPOCH_DRAWS];
    }
    for (uint32_t d = 0; d < PL_EPOCH_DRAWS; d++) {
        uint32_t k = d * worlds / PL_EPOCH_DRAWS;
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
