// SPDX-License-Identifier: Apache-2.0
#include "judge/survey.h"

#include "base/check.h"
#include "base/random.h"
#include "session/truth.h"

#include <string.h>

enum {
    RATE_WORLDS = 6, /* worlds per cause that rates are taken from */
    ALIGNMENT = 64
};

#define CLASS_SHARE                                                                                \
    0.02                  /* of the damage of doing nothing: causes closer than this are one class \
                           */
#define HURT_SHARE   0.10 /* of the peak: below it the incident is over */
#define QUIET_FACTOR 2.0  /* of the rate of a healthy system */
#define QUIET_SHARE  0.005 /* of the peak, on top: single unlucky requests are no incident */
#define NEVER_S      1e6   /* a responder who never comes */

/* What one world of one cause tells. */
struct told {
    double noop;
    double peak;
    double healthy;
};

struct rates {
    const struct pl_survey *survey;
    const struct pl_rollout_def *alone; /* nobody ever comes */
    const struct pl_rollout_def *helped;
    struct told told[PL_CAUSES_MAX * RATE_WORLDS];
    char *forks;
    size_t fork_size;
};

static size_t aligned(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

size_t pl_survey_scratch(const struct pl_world *world, const struct pl_parallel *parallel)
{
    PL_CHECK(world != NULL && parallel != NULL);
    struct pl_rollout_def rollout = {.world = world};
    struct pl_node_def node = {.rollout = &rollout, .parallel = *parallel};
    size_t rates = pl_parallel_workers(parallel) * aligned(pl_model_size(world));
    size_t nodes = pl_node_scratch(&node);
    return rates > nodes ? rates : nodes;
}

static const struct pl_state *state_of(const void *context, uint32_t cause, uint32_t k)
{
    return pl_bank_state(context, cause, k);
}

static void tell(void *argument, uint32_t index, uint32_t worker)
{
    struct rates *rates = argument;
    const struct pl_survey *survey = rates->survey;
    uint32_t cause = index / RATE_WORLDS;
    uint32_t k = index % RATE_WORLDS % survey->particles;
    const struct pl_state *state = pl_bank_state(survey->bank, cause, k);
    const struct pl_option nothing = {.noop = 1};
    struct pl_option remedy = {.call = rates->helped->remedies[cause]};
    uint64_t future = pl_random_child(survey->seed, index % RATE_WORLDS);
    void *fork = rates->forks + worker * rates->fork_size;
    struct pl_rollout run =
        pl_rollout_run(rates->alone, state, cause, &nothing, future, fork, rates->fork_size);
    struct told *told = &rates->told[index];
    told->noop = run.damage;
    told->peak = run.peak_rate;
    remedy.noop = rates->helped->has_remedy[cause] != 0 ? 0 : 1;
    run = pl_rollout_run(rates->helped, state, cause, &remedy, future, fork, rates->fork_size);
    told->healthy = run.last_rate;
}

static double mean_damage(const struct pl_survey *survey, uint32_t cause)
{
    double sum = 0.0;
    for (uint32_t k = 0; k < survey->particles; k++) {
        sum += pl_truth_damage(survey->world, pl_bank_state(survey->bank, cause, k));
    }
    return sum / survey->particles;
}

/* Sums over the worlds of all causes. */
static void fill_rates(const struct rates *rates, struct pl_constants *constants)
{
    uint32_t causes = rates->survey->scenario->cause_count;
    double healthy = 0.0;
    double peak_mean = 0.0;
    double weight = 0.0;
    for (uint32_t h = 0; h < causes; h++) {
        double noop = 0.0;
        double peak = 0.0;
        double after = 0.0;
        for (uint32_t i = 0; i < RATE_WORLDS; i++) {
            const struct told *told = &rates->told[h * RATE_WORLDS + i];
            noop += told->noop / RATE_WORLDS;
            peak += told->peak / RATE_WORLDS;
            after += told->healthy / RATE_WORLDS;
        }
        constants->hurt_rate[h] = HURT_SHARE * peak;
        constants->d_noop += rates->survey->belief[h] * noop;
        peak_mean += rates->survey->belief[h] * peak;
        weight += rates->survey->belief[h];
        healthy = h == 0 || after < healthy ? after : healthy;
    }
    PL_CHECK(weight > 0.0);
    constants->d_noop /= weight;
    constants->quiet_rate = QUIET_FACTOR * healthy + QUIET_SHARE * peak_mean / weight;
}

void pl_survey_rates(struct pl_survey *survey, struct pl_constants *constants)
{
    PL_CHECK(survey != NULL && constants != NULL);
    struct pl_rollout_def helped;
    struct pl_rollout_def alone;
    pl_rollout_def_init(survey->world, survey->scenario, survey->ends_ns, &helped);
    helped.whole = 1;
    alone = helped;
    alone.responder_s = NEVER_S;
    struct rates rates = {.survey = survey,
                          .alone = &alone,
                          .helped = &helped,
                          .forks = survey->scratch,
                          .fork_size = aligned(pl_model_size(survey->world))};
    uint32_t causes = survey->scenario->cause_count;
    constants->cause_count = causes;
    pl_parallel_run(&survey->parallel, causes * RATE_WORLDS, tell, &rates);
    fill_rates(&rates, constants);
    for (uint32_t h = 0; h < causes; h++) {
        constants->acceptance[h] = pl_bank_acceptance(survey->bank, h);
        survey->start_damage[h] = mean_damage(survey, h);
    }
    pl_option_set_trunk(survey->scenario, &constants->trunk.options);
    constants->trunk.cause_count = causes;
    constants->trunk.causes = (UINT32_C(1) << causes) - 1;
    constants->trunk.ends_ns = survey->ends_ns;
    constants->trunk.node_count = 0;
    constants->trunk.nodes = constants->nodes;
}

struct pl_rollout_def pl_survey_rollout(const struct pl_survey *survey,
                                        const struct pl_constants *constants)
{
    PL_CHECK(survey != NULL && constants != NULL);
    struct pl_rollout_def rollout;
    pl_rollout_def_init(survey->world, survey->scenario, survey->ends_ns, &rollout);
    rollout.responder_s = constants->responder_s;
    rollout.quiet_rate = constants->quiet_rate;
    memcpy(rollout.hurt_rate, constants->hurt_rate, sizeof rollout.hurt_rate);
    return rollout;
}

void pl_survey_node(const struct pl_survey *survey, struct pl_constants *constants)
{
    PL_CHECK(survey != NULL && constants != NULL);
    if (constants->trunk.node_count == PL_TRUNK_NODES_MAX) {
        return;
    }
    struct pl_rollout_def rollout = pl_survey_rollout(survey, constants);
    struct pl_node *node = &constants->nodes[constants->trunk.node_count++];
    memset(node, 0, sizeof *node);
    node->t_ns = pl_bank_now(survey->bank);
    struct pl_node_def def = {.rollout = &rollout,
                              .options = &constants->trunk.options,
                              .context = survey->bank,
                              .state = state_of,
                              .cause_count = constants->cause_count,
                              .causes = constants->trunk.causes,
                              .particles = survey->particles,
                              .seeds = survey->seeds,
                              .seeds_min = survey->seeds_min,
                              .belief = survey->belief,
                              .seed = survey->seed,
                              .parallel = survey->parallel};
    (void)pl_node_compute(&def, survey->scratch, survey->scratch_size, node);
    for (uint32_t h = 0; h < constants->cause_count; h++) {
        node->passed[h] = mean_damage(survey, h) - survey->start_damage[h];
    }
}

void pl_survey_classes(struct pl_constants *constants, struct pl_classes *classes)
{
    PL_CHECK(constants != NULL && classes != NULL);
    PL_CHECK(constants->trunk.node_count > 0);
    pl_classes_find(&constants->nodes[0],
                    constants->cause_count,
                    constants->trunk.options.count,
                    CLASS_SHARE * constants->d_noop,
                    classes);
    constants->class_count = classes->count;
    memcpy(constants->class_of, classes->class_of, sizeof constants->class_of);
}
