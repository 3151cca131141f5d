// SPDX-License-Identifier: Apache-2.0
#include "judge/course.h"

#include "base/check.h"
#include "base/random.h"
#include "judge/survey.h"
#include "judge/thrift.h"
#include "judge/trunk.h"

#include <math.h>
#include <string.h>

enum {
    SEEDS = 8,      /* futures of the options that stay */
    SEEDS_MIN = 2,  /* of every option */
    ACT_SEEDS = 4,  /* of an act that is in no table yet */
    TRUE_SEEDS = 4, /* futures of the true world */
    TRUE_SEEDS_MIN = 2,
    TRUE_OPTIONS = 2, /* nothing and the first remedy; the player's own comes on top */
    REST_SEEDS = 8
};

#define HEAVY         0.40 /* belief from which a cause gets all futures */
#define LIVE_BELIEF   0.02 /* causes below it get no rollouts */
#define STOP_SHARE    0.01 /* of D_noop: half-widths below it are sharp enough */
#define SETTLED_SHARE 0.01 /* of D_noop: with less to come later moments need no table */
#define NEUTRAL_SHARE 0.02 /* of D_noop: an act that moves a cause less leaves its table alone */
#define NEUTRAL_PART  0.1  /* of the cause's own damage, likewise */

/** How much of a node is simulated. */
enum breadth { BREADTH_NOTHING, BREADTH_OPTIONS };

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

static struct pl_stretch *present(struct pl_judge *judge)
{
    PL_CHECK(judge->stretch_count > 0);
    return &judge->stretches[judge->stretch_count - 1];
}

/* ---- Nodes ---------------------------------------------------------------------------------- */

/* The node of a moment, made when there is none; without room for it the one before. */
static struct pl_node *node_at(struct pl_segment *segment, int64_t t_ns)
{
    uint32_t at = 0;
    while (at < segment->node_count && segment->nodes[at].t_ns < t_ns) {
        at++;
    }
    if (at < segment->node_count && segment->nodes[at].t_ns == t_ns) {
        return &segment->nodes[at];
    }
    if (segment->node_count == PL_SEGMENT_NODES_MAX) {
        return &segment->nodes[at > 0 ? at - 1 : 0];
    }
    memmove(&segment->nodes[at + 1],
            &segment->nodes[at],
            (segment->node_count - at) * sizeof segment->nodes[0]);
    segment->node_count++;
    struct pl_node *node = &segment->nodes[at];
    memset(node, 0, sizeof *node);
    node->t_ns = t_ns;
    return node;
}

/*
 * An option where doing nothing costs `here`, when it is known beside `nothing` elsewhere: what
 * saves, saves the same share; what harms, harms as much.
 */
static struct pl_cell carried(struct pl_cell here, struct pl_cell nothing, struct pl_cell option)
{
    if (here.count == 0 || nothing.count == 0 || option.count == 0 || !(nothing.mean > 0.0)) {
        return (struct pl_cell){.count = 0};
    }
    double share = option.mean / nothing.mean;
    double harm = option.mean - nothing.mean;
    double part = here.mean < nothing.mean ? here.mean / nothing.mean : 1.0;
    bool saves = share < 1.0;
    struct pl_cell cell = here;
    cell.mean = saves ? share * here.mean : here.mean + harm;
    cell.half[0] = saves ? share * here.half[0] : here.half[0] + harm;
    cell.half[1] = saves ? share * here.half[1] : here.half[1] + harm;
    cell.se_noop = part * option.se_noop;
    double own = saves ? share * here.se : here.se;
    cell.se = sqrt(own * own + cell.se_noop * cell.se_noop);
    cell.count = option.count < here.count ? option.count : here.count;
    return cell;
}

/* Under a cause only what its author names is simulated. */
static uint32_t wanted_under(const struct pl_option_set *options, uint32_t cause)
{
    uint32_t wanted = 1;
    for (uint32_t a = 1; a < options->count; a++) {
        uint32_t named = options->items[a].helps_mask | options->items[a].harms_mask;
        wanted |= (named >> cause & 1) << a;
    }
    return wanted;
}

/* What was not simulated costs against doing nothing what it costs in the scenario's table. */
static void fill_rest(const struct pl_judge *judge,
                      const struct pl_option_set *options,
                      uint32_t cause,
                      struct pl_cell *cells)
{
    const struct pl_segment *trunk = &judge->constants->trunk;
    struct pl_cell nothing = pl_segment_cell(trunk, judge->now_ns, cause, 0);
    for (uint32_t a = 1; a < options->count; a++) {
        uint32_t known = cells[a].count == 0
                             ? pl_option_set_find(&trunk->options, &options->items[a].call)
                             : PL_NONE;
        if (known != PL_NONE) {
            struct pl_cell cell = pl_segment_cell(trunk, judge->now_ns, cause, known);
            cells[a] = carried(cells[0], nothing, cell);
        }
    }
}

static struct pl_node_def node_def(struct pl_judge *judge,
                                   const struct pl_option_set *options,
                                   const struct pl_belief_view *full)
{
    for (uint32_t h = 0; h < judge->belief_def.cause_count; h++) {
        judge->worlds[h] = pl_bank_worlds(judge->bank, h);
    }
    return (struct pl_node_def){.rollout = &judge->rollout,
                                .options = options,
                                .context = judge->bank,
                                .state = bank_state,
                                .cause_count = judge->belief_def.cause_count,
                                .particles = judge->belief_def.particles,
                                .seeds = SEEDS,
                                .seeds_min = SEEDS_MIN,
                                .belief = full->cause,
                                .worlds = judge->worlds,
                                .heavy = HEAVY,
                                .stop_width = STOP_SHARE * judge->constants->d_noop,
                                .seed = pl_random_child(judge->def.replicate, 0x6e6f6465),
                                .parallel = judge->def.parallel};
}

/* Later nodes are further apart; where hardly any damage is to come none is needed. */
static int64_t
next_moment(const struct pl_judge *judge, const struct pl_stretch *stretch, double to_come)
{
    int64_t elapsed_ns = judge->now_ns - stretch->starts_ns;
    if (to_come < SETTLED_SHARE * judge->constants->d_noop) {
        return INT64_MAX;
    }
    return judge->now_ns + (elapsed_ns > PL_COURSE_GRID_NS ? elapsed_ns : PL_COURSE_GRID_NS);
}

/*
 * Write down what has passed under the causes that are simulated, without rolling anything out.
 * Under causes whose table was taken over to the end it stands there already.
 */
static void mark_passed(struct pl_judge *judge, struct pl_stretch *stretch)
{
    struct pl_node *node = node_at(&stretch->segment, judge->now_ns);
    uint32_t causes = stretch->segment.causes & ~stretch->covered;
    if (node->t_ns != judge->now_ns) {
        return;
    }
    for (uint32_t h = 0; h < judge->belief_def.cause_count; h++) {
        if ((causes >> h & 1) != 0 && pl_bank_live(judge->bank, h)) {
            node->passed[h] = pl_thrift_damage(judge, h) - stretch->start_damage[h];
            node->marked |= UINT32_C(1) << h;
        }
    }
}

/* Simulate the present as a node of the stretch, for the causes whose table is not known. */
static void compute_node(struct pl_judge *judge, struct pl_stretch *stretch, enum breadth breadth)
{
    struct pl_segment *segment = &stretch->segment;
    struct pl_belief_view full;
    struct pl_node fresh;
    bool starts = judge->now_ns == stretch->starts_ns;
    uint32_t known = starts ? stretch->inherited : stretch->covered;
    uint32_t causes = believed(judge, &full) & ~known;
    struct pl_node_def def = node_def(judge, &segment->options, &full);
    double to_come = 0.0;
    stretch->computed_ns = judge->now_ns;
    def.causes = causes;
    for (uint32_t h = 0; h < def.cause_count; h++) {
        def.wanted[h] = breadth == BREADTH_NOTHING ? 1 : wanted_under(&segment->options, h);
    }
    if (causes != 0) {
        (void)pl_node_compute(&def, judge->node_scratch, judge->node_scratch_size, &fresh);
    }
    for (uint32_t h = 0; h < def.cause_count; h++) {
        if ((causes >> h & 1) != 0) {
            struct pl_node *node = node_at(segment, judge->now_ns);
            memcpy(node->cells[h], fresh.cells[h], sizeof node->cells[h]);
            fill_rest(judge, &segment->options, h, node->cells[h]);
            node->passed[h] = pl_thrift_damage(judge, h) - stretch->start_damage[h];
            to_come += full.cause[h] * fresh.cells[h][0].mean;
        } else if ((known & ~stretch->covered) >> h & 1) {
            to_come += full.cause[h] * pl_segment_cell(segment, judge->now_ns, h, 0).mean;
        }
    }
    segment->causes |= causes;
    stretch->grid_ns = next_moment(judge, stretch, to_come);
}

void pl_course_node(struct pl_judge *judge)
{
    PL_CHECK(judge != NULL);
    struct pl_stretch *stretch = present(judge);
    if (stretch->grid_ns < INT64_MAX && stretch->computed_ns < judge->now_ns) {
        compute_node(judge, stretch, BREADTH_NOTHING);
    }
}

/* ---- Stretches ------------------------------------------------------------------------------ */

static void begin_stretch(struct pl_judge *judge)
{
    struct pl_stretch *stretch = &judge->stretches[judge->stretch_count++];
    memset(stretch, 0, sizeof *stretch);
    stretch->starts_ns = judge->now_ns;
    stretch->computed_ns = -1;
    stretch->segment.cause_count = judge->belief_def.cause_count;
    stretch->segment.ends_ns = pl_session_ends(judge->session);
    stretch->segment.nodes = stretch->nodes;
    for (uint32_t h = 0; h < judge->belief_def.cause_count; h++) {
        stretch->start_damage[h] = pl_bank_live(judge->bank, h) ? pl_thrift_damage(judge, h) : 0.0;
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
    memcpy(judge->rollout.hurt_rate, judge->constants->hurt_rate, sizeof judge->rollout.hurt_rate);
}

void pl_course_begin(struct pl_judge *judge)
{
    PL_CHECK(judge != NULL && judge->constants != NULL);
    begin_stretch(judge);
    const struct pl_segment *trunk = &judge->constants->trunk;
    struct pl_stretch *stretch = present(judge);
    struct pl_segment *segment = &stretch->segment;
    PL_CHECK(trunk->node_count >= 1 && trunk->node_count <= PL_SEGMENT_NODES_MAX);
    segment->options = trunk->options;
    segment->causes = trunk->causes;
    segment->node_count = trunk->node_count;
    memcpy(segment->nodes, trunk->nodes, trunk->node_count * sizeof trunk->nodes[0]);
    bool whole = trunk->nodes[trunk->node_count - 1].t_ns > judge->now_ns;
    stretch->computed_ns = judge->now_ns;
    stretch->grid_ns = whole ? INT64_MAX : judge->now_ns + PL_COURSE_GRID_NS;
}

void pl_course_pass(struct pl_judge *judge, int64_t until_ns)
{
    PL_CHECK(judge != NULL);
    while (judge->now_ns < until_ns) {
        int64_t node_ns = present(judge)->grid_ns;
        int64_t next_ns = node_ns < until_ns ? node_ns : until_ns;
        next_ns = next_ns > judge->now_ns ? next_ns : judge->now_ns;
        pl_bank_advance(judge->bank, next_ns);
        judge->now_ns = next_ns;
        if (next_ns == node_ns) {
            compute_node(judge, present(judge), BREADTH_OPTIONS);
        }
    }
}

/* Roll an act out beside doing nothing, on the same futures, and put it on the table's level. */
static void try_act(struct pl_judge *judge, struct pl_segment *segment, uint32_t option)
{
    struct pl_belief_view full = {0};
    struct pl_node fresh;
    struct pl_option_set pair = {.count = 2};
    pair.items[0].noop = 1;
    pair.items[1] = segment->options.items[option];
    struct pl_node_def def = node_def(judge, &pair, &full);
    def.causes = believed(judge, &full);
    def.seeds = ACT_SEEDS;
    (void)pl_node_compute(&def, judge->node_scratch, judge->node_scratch_size, &fresh);
    for (uint32_t h = 0; h < def.cause_count; h++) {
        if ((def.causes >> h & 1) != 0) {
            struct pl_cell here = pl_segment_cell(segment, judge->now_ns, h, 0);
            node_at(segment, judge->now_ns)->cells[h][option] =
                carried(here, fresh.cells[h][0], fresh.cells[h][1]);
        }
    }
}

void pl_course_before_act(struct pl_judge *judge, const struct pl_call *call)
{
    PL_CHECK(judge != NULL && call != NULL);
    struct pl_segment *segment = &present(judge)->segment;
    pl_thrift_spare(judge, PL_THRIFT_PASSIVE);
    if (judge->stretch_count > 1 || present(judge)->grid_ns < INT64_MAX) {
        mark_passed(judge, present(judge));
    }
    if (pl_option_set_find(&segment->options, call) != PL_NONE) {
        return;
    }
    uint32_t option = pl_option_set_add(&segment->options, call);
    for (uint32_t i = 0; i < segment->node_count; i++) {
        for (uint32_t h = 0; h < PL_CAUSES_MAX; h++) {
            segment->nodes[i].cells[h][option] = (struct pl_cell){.count = 0};
        }
    }
    try_act(judge, segment, option);
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

/*
 * The last moment up to now of which a table knows an act beside doing nothing: grid nodes leave
 * out what no author named. Without one it is the present.
 */
static int64_t compared_at(const struct pl_judge *judge,
                           const struct pl_segment *table,
                           uint32_t cause,
                           uint32_t option)
{
    int64_t t_ns = judge->now_ns;
    for (uint32_t i = 0; i < table->node_count; i++) {
        const struct pl_node *node = &table->nodes[i];
        bool both = node->cells[cause][0].count > 0 && node->cells[cause][option].count > 0;
        t_ns = both && node->t_ns <= judge->now_ns ? node->t_ns : t_ns;
    }
    return t_ns;
}

/* What an act makes of the damage to come under a cause that it does not touch; 0: it does. */
static double untouched(const struct pl_judge *judge,
                        const struct pl_segment *before,
                        uint32_t cause,
                        uint32_t option)
{
    int64_t t_ns = compared_at(judge, before, cause, option);
    struct pl_cell nothing = pl_segment_cell(before, t_ns, cause, 0);
    struct pl_cell act = pl_segment_cell(before, t_ns, cause, option);
    double moved = fabs(act.mean - nothing.mean);
    bool repaired = (judge->rollout.settled >> cause & 1) != 0;
    bool neutral = !repaired && nothing.count > 0 && act.count > 0 && nothing.mean > 0.0 &&
                   moved < NEUTRAL_SHARE * judge->constants->d_noop &&
                   moved < NEUTRAL_PART * nothing.mean;
    return neutral ? act.mean / nothing.mean : 0.0;
}

static struct pl_cell scaled(struct pl_cell cell, double factor)
{
    cell.mean *= factor;
    cell.se *= factor;
    cell.se_noop *= factor;
    cell.half[0] *= factor;
    cell.half[1] *= factor;
    return cell;
}

/*
 * Take over the table of a cause from the present on. When it knows no later moment, the stretch
 * has to simulate those itself: doing nothing supposes that a responder comes, who need not.
 */
static void inherit(const struct pl_judge *judge,
                    const struct pl_segment *before,
                    struct pl_stretch *stretch,
                    uint32_t cause,
                    double factor)
{
    int64_t now_ns = judge->now_ns;
    struct pl_segment *segment = &stretch->segment;
    struct pl_node *node = node_at(segment, now_ns);
    for (uint32_t a = 0; a < segment->options.count; a++) {
        node->cells[cause][a] = scaled(pl_segment_cell(before, now_ns, cause, a), factor);
    }
    for (uint32_t i = 0; i < before->node_count; i++) {
        const struct pl_node *from = &before->nodes[i];
        if (from->t_ns <= now_ns || from->cells[cause][0].count == 0) {
            continue;
        }
        stretch->covered |= UINT32_C(1) << cause;
        node = node_at(segment, from->t_ns);
        node->passed[cause] = factor * pl_segment_passed(before, cause, now_ns, from->t_ns);
        for (uint32_t a = 0; a < segment->options.count; a++) {
            node->cells[cause][a] = scaled(from->cells[cause][a], factor);
        }
    }
    stretch->inherited |= UINT32_C(1) << cause;
    segment->causes |= UINT32_C(1) << cause;
}

/* A stretch after an act: what the act does not touch is known from the stretch before. */
static void begin_after(struct pl_judge *judge, const struct pl_call *call)
{
    struct pl_belief_view full;
    const struct pl_segment *before = &present(judge)->segment;
    uint32_t causes = believed(judge, &full);
    uint32_t option = pl_option_set_find(&before->options, call);
    begin_stretch(judge);
    struct pl_stretch *stretch = present(judge);
    stretch->segment.options = before->options;
    for (uint32_t h = 0; h < judge->belief_def.cause_count && option != PL_NONE; h++) {
        double factor = (causes >> h & 1) != 0 ? untouched(judge, before, h, option) : 0.0;
        if (factor > 0.0) {
            inherit(judge, before, stretch, h, factor);
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
        begin_after(judge, call);
    } else {
        judge->joined++;
        present(judge)->inherited = 0;
        present(judge)->covered = 0;
    }
    compute_node(judge, present(judge), BREADTH_OPTIONS);
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
    uint32_t own = UINT32_C(1) << judge->cause;
    pl_option_set_build(judge->def.scenario, own, TRUE_OPTIONS, &truth->options);
    (void)pl_option_set_add(&truth->options, call);
    struct pl_node_def def = {.rollout = &judge->rollout,
                              .options = &truth->options,
                              .context = judge->session->state,
                              .state = true_state,
                              .cause_count = judge->belief_def.cause_count,
                              .causes = own,
                              .particles = 1,
                              .seeds = TRUE_SEEDS,
                              .seeds_min = TRUE_SEEDS_MIN,
                              .belief = belief,
                              .stop_width = STOP_SHARE * judge->constants->d_noop,
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
