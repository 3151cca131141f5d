// SPDX-License-Identifier: Apache-2.0
#include "judge/course.h"

#include "base/check.h"
#include "base/random.h"
#include "judge/survey.h"
#include "judge/trunk.h"
#include "session/truth.h"

#include <math.h>
#include <string.h>

enum {
    OPTIONS = 12,   /* of a stretch, the player's own come on top */
    SEEDS = 8,      /* futures of the options that stay */
    SEEDS_MIN = 2,  /* of every option */
    TRUE_SEEDS = 8, /* futures of the true world */
    TRUE_SEEDS_MIN = 2,
    REST_SEEDS = 16
};

#define LIVE_BELIEF 0.02 /* causes below it get no rollouts */

static const struct pl_state *bank_state(const void *context, uint32_t cause, uint32_t k)
{
    return pl_bank_state(context, cause, k);
}

static const struct pl_state *true_state(const void *context, uint32_t cause, uint32_t k)
{
    (void)cause;
    (void)k;
    return context;
}

/* Causes that are believed in by either stream, the most likely one always. */
static uint32_t believed(const struct pl_judge *judge, struct pl_belief_view *full)
{
    struct pl_belief_view perceived;
    uint32_t causes = 0;
    uint32_t best = 0;
    pl_belief_read(judge->belief, PL_BELIEF_FULL, full);
    pl_belief_read(judge->belief, PL_BELIEF_PERCEIVED, &perceived);
    for (uint32_t h = 0; h < judge->belief_def.cause_count; h++) {
        bool live = pl_bank_live(judge->bank, h);
        if (live && (full->cause[h] > LIVE_BELIEF || perceived.cause[h] > LIVE_BELIEF)) {
            causes |= UINT32_C(1) << h;
        }
        best = full->cause[h] > full->cause[best] ? h : best;
    }
    return causes | UINT32_C(1) << best;
}

static double mean_damage(const struct pl_judge *judge, uint32_t cause)
{
    double sum = 0.0;
    uint32_t particles = judge->belief_def.particles;
    for (uint32_t k = 0; k < particles; k++) {
        sum += pl_truth_damage(judge->def.world, pl_bank_state(judge->bank, cause, k));
    }
    return sum / particles;
}

static struct pl_stretch *present(struct pl_judge *judge)
{
    PL_CHECK(judge->stretch_count > 0);
    return &judge->stretches[judge->stretch_count - 1];
}

/*
 * Place of the present among the nodes, in ascending order. One of the same moment is written over;
 * when there is no room, the last one before it, or the first.
 */
static struct pl_node *new_node(struct pl_judge *judge, struct pl_stretch *stretch)
{
    struct pl_segment *segment = &stretch->segment;
    uint32_t at = 0;
    while (at < segment->node_count && segment->nodes[at].t_ns < judge->now_ns) {
        at++;
    }
    bool same = at < segment->node_count && segment->nodes[at].t_ns == judge->now_ns;
    if (!same && segment->node_count < PL_SEGMENT_NODES_MAX) {
        memmove(&segment->nodes[at + 1],
                &segment->nodes[at],
                (segment->node_count - at) * sizeof segment->nodes[0]);
        segment->node_count++;
    } else if (!same) {
        at = at > 0 ? at - 1 : 0;
    }
    struct pl_node *node = &segment->nodes[at];
    memset(node, 0, sizeof *node);
    node->t_ns = judge->now_ns;
    return node;
}

/* Simulate the present as a node of the stretch. */
static void compute_node(struct pl_judge *judge, struct pl_stretch *stretch)
{
    struct pl_segment *segment = &stretch->segment;
    struct pl_belief_view full;
    uint32_t causes = believed(judge, &full);
    struct pl_node *node = new_node(judge, stretch);
    struct pl_node_def def = {.rollout = &judge->rollout,
                              .options = &segment->options,
                              .context = judge->bank,
                              .state = bank_state,
                              .cause_count = judge->belief_def.cause_count,
                              .causes = causes,
                              .particles = judge->belief_def.particles,
                              .seeds = SEEDS,
                              .seeds_min = SEEDS_MIN,
                              .belief = full.cause,
                              .seed = pl_random_child(judge->def.replicate, 0x6e6f6465),
                              .parallel = judge->def.parallel};
    (void)pl_node_compute(&def, judge->node_scratch, judge->node_scratch_size, node);
    for (uint32_t h = 0; h < judge->belief_def.cause_count; h++) {
        if ((causes >> h & 1) != 0) {
            node->passed[h] = mean_damage(judge, h) - stretch->start_damage[h];
        }
    }
    segment->causes |= causes;
}

void pl_course_node(struct pl_judge *judge)
{
    PL_CHECK(judge != NULL);
    struct pl_stretch *stretch = present(judge);
    const struct pl_segment *segment = &stretch->segment;
    if (segment->node_count == 0 || segment->nodes[segment->node_count - 1].t_ns < judge->now_ns) {
        compute_node(judge, stretch);
    }
}

static void begin_stretch(struct pl_judge *judge)
{
    struct pl_belief_view full;
    struct pl_stretch *stretch = &judge->stretches[judge->stretch_count++];
    memset(stretch, 0, sizeof *stretch);
    stretch->starts_ns = judge->now_ns;
    stretch->segment.cause_count = judge->belief_def.cause_count;
    stretch->segment.ends_ns = pl_session_ends(judge->session);
    stretch->segment.nodes = stretch->nodes;
    pl_option_set_build(
        judge->def.scenario, believed(judge, &full), OPTIONS, &stretch->segment.options);
    for (uint32_t h = 0; h < judge->belief_def.cause_count; h++) {
        stretch->start_damage[h] = pl_bank_live(judge->bank, h) ? mean_damage(judge, h) : 0.0;
    }
}

/* What a scenario's constants hold, from the bank at the opening. */
static void survey(struct pl_judge *judge)
{
    const struct pl_scenario *scenario = judge->def.scenario;
    double belief[PL_CAUSES_MAX] = {0};
    for (uint32_t h = 0; h < scenario->cause_count; h++) {
        belief[h] = scenario->causes[h].prior * pl_bank_acceptance(judge->bank, h);
    }
    struct pl_survey survey = {.world = judge->def.world,
                               .scenario = scenario,
                               .bank = judge->bank,
                               .belief = belief,
                               .particles = judge->def.particles,
                               .seeds = SEEDS,
                               .seeds_min = SEEDS_MIN,
                               .seed = pl_random_child(judge->def.replicate, 0x73757276),
                               .opens_ns = judge->opens_ns,
                               .ends_ns = pl_session_ends(judge->session),
                               .parallel = judge->def.parallel,
                               .scratch = judge->node_scratch,
                               .scratch_size = judge->node_scratch_size};
    pl_constants_init(&judge->computed);
    pl_survey_rates(&survey, &judge->computed);
    pl_survey_node(&survey, &judge->computed);
    pl_survey_classes(&judge->computed, &judge->classes);
}

/* The first judge of a trunk computes, the others take over. */
static void survey_once(struct pl_judge *judge)
{
    struct pl_trunk *trunk = judge->def.trunk;
    if (trunk == NULL || trunk->surveyed == 0) {
        survey(judge);
        judge->constants = &judge->computed;
    }
    if (trunk != NULL && trunk->surveyed == 0) {
        trunk->constants = judge->computed;
        trunk->constants.trunk.nodes = trunk->constants.nodes;
        trunk->classes = judge->classes;
        trunk->surveyed = 1;
    }
    if (trunk != NULL) {
        judge->classes = trunk->classes;
        judge->constants = &trunk->constants;
    }
}

void pl_course_prepare(struct pl_judge *judge)
{
    PL_CHECK(judge != NULL);
    const struct pl_scenario *scenario = judge->def.scenario;
    if (judge->def.constants != NULL) {
        judge->constants = judge->def.constants;
        judge->classes.count = judge->constants->class_count;
        memcpy(judge->classes.class_of, judge->constants->class_of, sizeof judge->classes.class_of);
    } else {
        survey_once(judge);
    }
    pl_rollout_def_init(
        judge->def.world, scenario, pl_session_ends(judge->session), &judge->rollout);
    judge->rollout.responder_s = judge->constants->responder_s;
    judge->rollout.quiet_rate = judge->constants->quiet_rate;
    judge->rollout.hold = 1;
    memcpy(judge->rollout.hurt_rate, judge->constants->hurt_rate, sizeof judge->rollout.hurt_rate);
}

void pl_course_begin(struct pl_judge *judge)
{
    PL_CHECK(judge != NULL && judge->constants != NULL);
    begin_stretch(judge);
    const struct pl_segment *trunk = &judge->constants->trunk;
    struct pl_segment *segment = &present(judge)->segment;
    PL_CHECK(trunk->node_count <= PL_SEGMENT_NODES_MAX);
    segment->options = trunk->options;
    segment->causes = trunk->causes;
    segment->node_count = trunk->node_count;
    memcpy(segment->nodes, trunk->nodes, trunk->node_count * sizeof trunk->nodes[0]);
}

/* Moment of the next node of the grid, INT64_MAX when the table is known already. */
static int64_t next_node(const struct pl_judge *judge)
{
    const struct pl_stretch *stretch = &judge->stretches[judge->stretch_count - 1];
    const struct pl_segment *segment = &stretch->segment;
    if (segment->node_count == 0) {
        return judge->now_ns;
    }
    int64_t last_ns = segment->nodes[segment->node_count - 1].t_ns;
    return last_ns > judge->now_ns ? INT64_MAX : last_ns + PL_COURSE_GRID_NS;
}

void pl_course_pass(struct pl_judge *judge, int64_t until_ns)
{
    PL_CHECK(judge != NULL);
    while (judge->now_ns < until_ns) {
        int64_t node_ns = next_node(judge);
        int64_t next_ns = node_ns < until_ns ? node_ns : until_ns;
        next_ns = next_ns > judge->now_ns ? next_ns : judge->now_ns;
        pl_bank_advance(judge->bank, next_ns);
        judge->now_ns = next_ns;
        if (next_ns == node_ns) {
            pl_course_node(judge);
        }
    }
}

void pl_course_before_act(struct pl_judge *judge, const struct pl_call *call)
{
    PL_CHECK(judge != NULL && call != NULL);
    struct pl_segment *segment = &present(judge)->segment;
    if (pl_option_set_find(&segment->options, call) != PL_NONE) {
        return;
    }
    (void)pl_option_set_add(&segment->options, call);
    /* Later moments stay as they are: what the other options cost there is still needed. */
    compute_node(judge, present(judge));
}

/* Causes that the act repairs need no responder any more. */
static void settle(struct pl_judge *judge, const struct pl_call *call)
{
    const struct pl_scenario *scenario = judge->def.scenario;
    for (uint32_t h = 0; h < scenario->cause_count; h++) {
        const struct pl_cause *cause = &scenario->causes[h];
        for (uint32_t i = 0; i < cause->helps_count; i++) {
            if (pl_call_same(&scenario->setting.calls[cause->helps0 + i], call)) {
                judge->rollout.settled |= UINT32_C(1) << h;
            }
        }
    }
}

pl_status pl_course_act(struct pl_judge *judge, const struct pl_call *call, pl_error *err)
{
    PL_CHECK(judge != NULL && call != NULL);
    pl_undo_add(
        judge->def.world, judge->def.scenario, judge->session->state, call, &judge->rollout.undo);
    pl_status status = pl_bank_act(judge->bank, call, err);
    if (status != PL_OK) {
        return status;
    }
    settle(judge, call);
    if (judge->stretch_count < PL_SEGMENTS_MAX) {
        begin_stretch(judge);
    } else {
        judge->joined++;
    }
    pl_course_node(judge);
    return PL_OK;
}

uint32_t pl_course_truth(struct pl_judge *judge, const struct pl_call *call)
{
    PL_CHECK(judge != NULL && call != NULL);
    if (judge->truth_count == PL_SEARCHES_MAX) {
        return PL_NONE;
    }
    struct pl_true_node *truth = &judge->truths[judge->truth_count];
    double belief[PL_CAUSES_MAX] = {0};
    belief[judge->cause] = 1.0;
    pl_option_set_build(judge->def.scenario, UINT32_MAX, OPTIONS, &truth->options);
    (void)pl_option_set_add(&truth->options, call);
    struct pl_node_def def = {.rollout = &judge->rollout,
                              .options = &truth->options,
                              .context = judge->session->state,
                              .state = true_state,
                              .cause_count = judge->belief_def.cause_count,
                              .causes = UINT32_C(1) << judge->cause,
                              .particles = 1,
                              .seeds = TRUE_SEEDS,
                              .seeds_min = TRUE_SEEDS_MIN,
                              .belief = belief,
                              .seed = pl_random_child(judge->def.replicate, 0x74727565),
                              .parallel = judge->def.parallel};
    memset(&truth->node, 0, sizeof truth->node);
    truth->node.t_ns = judge->now_ns;
    (void)pl_node_compute(&def, judge->node_scratch, judge->node_scratch_size, &truth->node);
    return judge->truth_count++;
}

double pl_course_rest(struct pl_judge *judge, double *se)
{
    PL_CHECK(judge != NULL && se != NULL);
    struct pl_option_set nothing = {.count = 1};
    struct pl_node node = {.t_ns = judge->now_ns};
    double belief[PL_CAUSES_MAX] = {0};
    nothing.items[0].noop = 1;
    belief[judge->cause] = 1.0;
    struct pl_node_def def = {.rollout = &judge->rollout,
                              .options = &nothing,
                              .context = judge->session->state,
                              .state = true_state,
                              .cause_count = judge->belief_def.cause_count,
                              .causes = UINT32_C(1) << judge->cause,
                              .particles = 1,
                              .seeds = REST_SEEDS,
                              .seeds_min = REST_SEEDS,
                              .belief = belief,
                              .seed = pl_random_child(judge->def.replicate, 0x72657374),
                              .parallel = judge->def.parallel};
    (void)pl_node_compute(&def, judge->node_scratch, judge->node_scratch_size, &node);
    *se = node.cells[judge->cause][0].se;
    return node.cells[judge->cause][0].mean;
}

struct pl_value_model pl_course_model(const struct pl_judge *judge, uint32_t stretch)
{
    PL_CHECK(judge != NULL && stretch < judge->stretch_count);
    return (struct pl_value_model){.segment = &judge->stretches[stretch].segment,
                                   .class_of = judge->classes.class_of,
                                   .search_floor_s = judge->constants->search_floor_s,
                                   .search_s_per_bit = judge->constants->search_s_per_bit};
}
