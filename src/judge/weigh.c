// SPDX-License-Identifier: Apache-2.0
#include "judge/weigh.h"

#include "base/check.h"
#include "base/random.h"
#include "judge/course.h"

#include <math.h>
#include <string.h>

enum { DRAWS_MAX = PL_CAUSES_MAX * PL_EPOCH_DRAWS, SEARCH_RUNS = 64 };

/* Foreseen readings of one look as the values take them. */
struct readings {
    double weights[DRAWS_MAX];
    double beliefs[DRAWS_MAX * PL_CAUSES_MAX];
    struct pl_draws draws;
};

/* Foreseen readings of a look; under another prior the causes that they come from weigh otherwise,
 * and so do the beliefs after them. */
static void unpack(const struct pl_judge *judge,
                   uint32_t position,
                   uint32_t stream,
                   const double *tilt,
                   struct readings *readings)
{
    uint32_t causes = judge->belief_def.cause_count;
    size_t row_size = 1 + (size_t)causes;
    size_t rows = (size_t)causes * PL_EPOCH_DRAWS;
    const float *from =
        judge->draws + ((size_t)position * PL_BELIEF_STREAM_COUNT + stream) * rows * row_size;
    double total = 0.0;
    for (size_t i = 0; i < rows; i++) {
        double own = tilt != NULL ? tilt[i / PL_EPOCH_DRAWS] : 1.0;
        readings->weights[i] = own * (double)from[i * row_size];
        total += readings->weights[i];
        for (uint32_t g = 0; g < causes; g++) {
            double other = tilt != NULL ? tilt[g] : 1.0;
            readings->beliefs[i * causes + g] = other * (double)from[i * row_size + 1 + g];
        }
    }
    for (size_t i = 0; i < rows; i++) {
        readings->weights[i] = total > 0.0 ? readings->weights[i] / total : 1.0 / (double)rows;
    }
    readings->draws = (struct pl_draws){.count = (uint32_t)rows,
                                        .cause_count = causes,
                                        .weights = readings->weights,
                                        .beliefs = readings->beliefs};
}

/* Q of what was chosen under a belief of a stream; with `tilt` both are under another prior. */
static struct pl_estimate q_of(const struct pl_judge *judge,
                               const struct pl_epoch *epoch,
                               uint32_t stream,
                               const double *belief,
                               const double *tilt,
                               struct readings *readings)
{
    struct pl_value_model model = pl_course_model(judge, epoch->segment);
    if (epoch->draws != PL_NONE) {
        unpack(judge, epoch->draws, stream, tilt, readings);
        return pl_value_look(&model, belief, epoch->t_ns, epoch->until_ns, &readings->draws);
    }
    if (epoch->kind == PL_EPOCH_LOOK || epoch->kind == PL_EPOCH_WAIT) {
        return (struct pl_estimate){
            .value = pl_value_wait(&model, belief, epoch->t_ns, epoch->until_ns)};
    }
    if (epoch->kind == PL_EPOCH_ACT) {
        struct pl_value_model after = pl_course_model(judge, epoch->opened);
        uint32_t best = 0;
        double value = pl_value_of(&after, belief, epoch->t_ns, &best);
        return (struct pl_estimate){.value = value,
                                    .se = pl_value_option(&after, belief, epoch->t_ns, best).se};
    }
    return (struct pl_estimate){.value = pl_value_of(&model, belief, epoch->t_ns, NULL)};
}

/* After the close nobody looks any more: what is left is doing nothing until somebody else comes.
 */
static struct pl_estimate
q_of_close(const struct pl_judge *judge, const struct pl_epoch *epoch, const double *belief)
{
    const struct pl_segment *segment = &judge->stretches[epoch->segment].segment;
    double sum = 0.0;
    double weight = 0.0;
    double variance = 0.0;
    for (uint32_t h = 0; h < segment->cause_count; h++) {
        struct pl_cell cell = pl_segment_cell(segment, epoch->t_ns, h, 0);
        if (cell.count > 0) {
            sum += belief[h] * cell.mean;
            weight += belief[h];
            variance += belief[h] * belief[h] * cell.se * cell.se;
        }
    }
    if (weight <= 0.0) {
        return (struct pl_estimate){0};
    }
    return (struct pl_estimate){.value = sum / weight, .se = sqrt(variance) / weight};
}

/* Regret by the true cause: of acts from forks of the true world, of the rest from the table. */
static void
weigh_truth(const struct pl_judge *judge, const struct pl_epoch *epoch, struct pl_worth *worth)
{
    double certain[PL_CAUSES_MAX] = {0};
    certain[judge->cause] = 1.0;
    worth->truth_known = false;
    if (epoch->kind == PL_EPOCH_ACT && epoch->truth != PL_NONE) {
        const struct pl_true_node *truth = &judge->truths[epoch->truth];
        const struct pl_cell *cells = truth->node.cells[judge->cause];
        double means[PL_OPTIONS_MAX];
        double even[PL_OPTIONS_MAX];
        double odd[PL_OPTIONS_MAX];
        uint32_t count = 0;
        uint32_t option = pl_option_set_find(&truth->options, &epoch->call);
        for (uint32_t a = 0; a < truth->options.count; a++) {
            if (cells[a].count > 0) {
                means[count] = cells[a].mean;
                even[count] = cells[a].half[0];
                odd[count++] = cells[a].half[1];
            }
        }
        if (option != PL_NONE && count > 0 && cells[option].count > 0) {
            double regret = cells[option].mean - pl_node_least(means, even, odd, count).debiased;
            worth->regret_true = (struct pl_estimate){.value = regret > 0.0 ? regret : 0.0,
                                                      .se = cells[option].se_noop};
            worth->harm_true = (struct pl_estimate){.value = cells[option].mean - cells[0].mean,
                                                    .se = cells[option].se_noop};
            worth->truth_known = true;
        }
        return;
    }
    struct pl_value_model model = pl_course_model(judge, epoch->segment);
    if ((model.segment->causes >> judge->cause & 1) != 0) {
        double q = epoch->until_ns > epoch->t_ns
                       ? pl_value_wait(&model, certain, epoch->t_ns, epoch->until_ns)
                       : pl_value_of(&model, certain, epoch->t_ns, NULL);
        double regret = q - pl_value_of(&model, certain, epoch->t_ns, NULL);
        worth->regret_true = (struct pl_estimate){.value = regret > 0.0 ? regret : 0.0};
        worth->truth_known = true;
    }
}

/* The best that acting at once promises. */
static struct pl_estimate
best_act(const struct pl_value_model *model, const double *belief, int64_t t_ns)
{
    struct pl_estimate best = pl_value_option(model, belief, t_ns, 0);
    for (uint32_t a = 1; a < model->segment->options.count; a++) {
        struct pl_estimate q = pl_value_option(model, belief, t_ns, a);
        best = a == 1 || q.value < best.value ? q : best;
    }
    return best;
}

static void weigh_search(const struct pl_judge *judge,
                         const struct pl_epoch *epoch,
                         const struct pl_value_model *model,
                         struct pl_worth *worth)
{
    if (epoch->search == PL_NONE) {
        return;
    }
    uint32_t causes = judge->belief_def.cause_count;
    size_t size = (size_t)PL_SEARCH_LOOK_LIST_MAX * causes * PL_SEARCH_DRAWS * causes;
    const struct pl_kept_search *kept = &judge->searches[epoch->search];
    const struct pl_predictive predictive = {.look_count = kept->look_count,
                                             .cause_count = causes,
                                             .draw_count = PL_SEARCH_DRAWS,
                                             .eta = 1.0, /* the densities hold it already */
                                             .cost_s = kept->cost_s,
                                             .log_density =
                                                 judge->search_density + epoch->search * size};
    struct pl_search search;
    pl_search_run(model,
                  &predictive,
                  epoch->belief[PL_BELIEF_PERCEIVED].cause,
                  epoch->t_ns,
                  SEARCH_RUNS,
                  pl_random_child(judge->def.replicate, epoch->search),
                  &search);
    worth->v_inv = search.cost;
    worth->searched = true;
}

static void weigh_act(const struct pl_judge *judge,
                      const struct pl_epoch *epoch,
                      const struct pl_value_model *model,
                      struct pl_worth *worth)
{
    const double *belief = epoch->belief[PL_BELIEF_PERCEIVED].cause;
    uint32_t option = pl_option_set_find(&model->segment->options, &epoch->call);
    if (option == PL_NONE) {
        return;
    }
    worth->chosen = pl_value_option(model, belief, epoch->t_ns, option);
    worth->regret = pl_value_regret(model, belief, epoch->t_ns, option, &worth->best);
    struct pl_estimate nothing = pl_value_option(model, belief, epoch->t_ns, 0);
    worth->harm =
        (struct pl_estimate){.value = worth->chosen.value - nothing.value, .se = worth->regret.se};
    int64_t look_ns = epoch->t_ns + 60 * PL_NS_PER_S;
    for (uint32_t h = 0; h < model->segment->cause_count; h++) {
        if ((model->segment->causes >> h & 1) != 0) {
            worth->capture_cost +=
                belief[h] * pl_segment_passed(model->segment, h, epoch->t_ns, look_ns);
        }
    }
    weigh_search(judge, epoch, model, worth);
}

void pl_weigh_epoch(const struct pl_judge *judge,
                    const struct pl_epoch *epoch,
                    struct pl_worth *worth)
{
    struct readings readings;
    PL_CHECK(judge != NULL && epoch != NULL && worth != NULL);
    memset(worth, 0, sizeof *worth);
    struct pl_value_model model = pl_course_model(judge, epoch->segment);
    const double *full = epoch->belief[PL_BELIEF_FULL].cause;
    const double *perceived = epoch->belief[PL_BELIEF_PERCEIVED].cause;
    worth->v = pl_value_of(&model, full, epoch->t_ns, NULL);
    worth->v_perceived = pl_value_of(&model, perceived, epoch->t_ns, &worth->best);
    worth->value = epoch->kind == PL_EPOCH_CLOSE
                       ? q_of_close(judge, epoch, full)
                       : q_of(judge, epoch, PL_BELIEF_FULL, full, NULL, &readings);
    worth->best_act = best_act(&model, perceived, epoch->t_ns);
    if (epoch->kind == PL_EPOCH_ACT) {
        weigh_act(judge, epoch, &model, worth);
    } else if (epoch->kind == PL_EPOCH_LOOK || epoch->kind == PL_EPOCH_WAIT) {
        struct pl_estimate q = q_of(judge, epoch, PL_BELIEF_PERCEIVED, perceived, NULL, &readings);
        double regret = q.value - worth->v_perceived;
        worth->chosen = q;
        worth->regret = (struct pl_estimate){.value = regret > 0.0 ? regret : 0.0, .se = q.se};
    }
    weigh_truth(judge, epoch, worth);
}

void pl_weigh_tilted(const struct pl_judge *judge,
                     const struct pl_epoch *epoch,
                     const double *tilt,
                     double *v,
                     double *q)
{
    PL_CHECK(judge != NULL && epoch != NULL && tilt != NULL);
    PL_CHECK(v != NULL && q != NULL);
    struct readings readings;
    double belief[PL_CAUSES_MAX] = {0};
    double total = 0.0;
    for (uint32_t h = 0; h < judge->belief_def.cause_count; h++) {
        belief[h] = tilt[h] * epoch->belief[PL_BELIEF_FULL].cause[h];
        total += belief[h];
    }
    for (uint32_t h = 0; h < judge->belief_def.cause_count && total > 0.0; h++) {
        belief[h] /= total;
    }
    struct pl_value_model model = pl_course_model(judge, epoch->segment);
    *v = pl_value_of(&model, belief, epoch->t_ns, NULL);
    *q = epoch->kind == PL_EPOCH_CLOSE
             ? q_of_close(judge, epoch, belief).value
             : q_of(judge, epoch, PL_BELIEF_FULL, belief, tilt, &readings).value;
}
