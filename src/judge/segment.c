// SPDX-License-Identifier: Apache-2.0
//
// Samples stand in scratch as samples[cause][option][future]. A round lists its rollouts as tasks,
// runs them on all workers, and then decides which cells go on. A cell goes on when its option is
// in the better half under the belief, or is in the better half under its own cause: the table is
// asked both what is best now and what would have been best had the cause been known.
#include "judge/segment.h"

#include "base/check.h"
#include "base/random.h"
#include "session/truth.h"
#include "stats/interval.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { CELLS = PL_CAUSES_MAX * PL_OPTIONS_MAX, SAMPLES = CELLS * PL_NODE_SEEDS_MAX, ALIGN = 64 };

#define LIGHT_SHARE 0.25 /* of the belief of the likeliest cause */
#define SHARP_MIN   4    /* futures from which an error is believed */

/** One rollout to run. */
struct task {
    uint32_t cause;
    uint32_t option;
    uint32_t future;
};

/** A node in the making; stands in scratch, the forks of the workers behind it. */
struct work {
    const struct pl_node_def *def;
    char *forks;
    size_t fork_size;
    uint32_t task_count;
    uint32_t reserved;
    uint32_t counts[PL_CAUSES_MAX][PL_OPTIONS_MAX]; /* futures done */
    uint32_t alive[PL_CAUSES_MAX][PL_OPTIONS_MAX];
    double samples[PL_CAUSES_MAX][PL_OPTIONS_MAX][PL_NODE_SEEDS_MAX];
    uint8_t idle[PL_CAUSES_MAX][PL_OPTIONS_MAX][PL_NODE_SEEDS_MAX]; /* 1: as doing nothing */
    int64_t simulated_ns[PL_CAUSES_MAX][PL_OPTIONS_MAX][PL_NODE_SEEDS_MAX];
    struct task tasks[SAMPLES];
};

static size_t rounded(size_t size)
{
    return (size + ALIGN - 1) / ALIGN * ALIGN;
}

size_t pl_node_scratch(const struct pl_node_def *def)
{
    PL_CHECK(def != NULL);
    return rounded(sizeof(struct work)) +
           pl_parallel_workers(&def->parallel) * rounded(pl_model_size(def->rollout->world));
}

static uint32_t worlds_of(const struct pl_node_def *def, uint32_t cause)
{
    uint32_t worlds = def->worlds != NULL ? def->worlds[cause] : def->particles;
    return worlds > 0 ? worlds : 1;
}

/* ---- Rounds --------------------------------------------------------------------------------- */

static void run_task(void *argument, uint32_t index, uint32_t worker)
{
    struct work *work = argument;
    const struct pl_node_def *def = work->def;
    const struct task *task = &work->tasks[index];
    const struct pl_state *state =
        def->state(def->context, task->cause, task->future % worlds_of(def, task->cause));
    const struct pl_option *option = &def->options->items[task->option];
    uint8_t *idle = &work->idle[task->cause][task->option][task->future];
    *idle = task->option > 0 && def->options->items[0].noop != 0 &&
                    pl_rollout_is_idle(def->rollout, state, task->cause, option)
                ? 1
                : 0;
    work->simulated_ns[task->cause][task->option][task->future] = 0;
    if (*idle != 0) {
        return;
    }
    struct pl_rollout rollout = pl_rollout_run(def->rollout,
                                               state,
                                               task->cause,
                                               option,
                                               pl_random_child(def->seed, task->future),
                                               work->forks + worker * work->fork_size,
                                               work->fork_size);
    work->samples[task->cause][task->option][task->future] = rollout.damage;
    work->simulated_ns[task->cause][task->option][task->future] = rollout.simulated_ns;
}

/*
 * Causes that weigh little under the belief get the fewest futures: so does their error. A mean
 * over causes is known best when futures are in proportion to belief.
 */
static uint32_t futures_of(const struct pl_node_def *def, uint32_t cause, uint32_t target)
{
    double most = 0.0;
    if (def->heavy > 0.0) {
        double share = def->belief[cause] / def->heavy;
        uint32_t own = share < 1.0 ? (uint32_t)ceil(share * def->seeds) : def->seeds;
        own = own > def->seeds_min ? own : def->seeds_min;
        return own < target ? own : target;
    }
    for (uint32_t h = 0; h < def->cause_count; h++) {
        most = def->belief[h] > most ? def->belief[h] : most;
    }
    return def->belief[cause] < LIGHT_SHARE * most ? def->seeds_min : target;
}

/* Bring all living cells up to `target` futures. */
static void run_round(struct work *work, uint32_t target)
{
    const struct pl_node_def *def = work->def;
    work->task_count = 0;
    for (uint32_t cause = 0; cause < def->cause_count; cause++) {
        uint32_t futures = futures_of(def, cause, target);
        for (uint32_t option = 0; option < def->options->count; option++) {
            uint32_t *count = &work->counts[cause][option];
            while (work->alive[cause][option] != 0 && *count < futures) {
                work->tasks[work->task_count++] = (struct task){cause, option, (*count)++};
            }
        }
    }
    pl_parallel_run(&def->parallel, work->task_count, run_task, work);
    for (uint32_t i = 0; i < work->task_count; i++) {
        const struct task *task = &work->tasks[i];
        if (work->idle[task->cause][task->option][task->future] != 0) {
            work->samples[task->cause][task->option][task->future] =
                work->samples[task->cause][0][task->future];
        }
    }
}

static double mean_of(const double *samples, uint32_t count)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        sum += samples[i];
    }
    return count > 0 ? sum / (double)count : 0.0;
}

static bool simulated(const struct pl_node_def *def, uint32_t cause)
{
    return cause < def->cause_count && (def->causes >> cause & 1) != 0;
}

/* Mean of an option under a cause; one that is not wanted there counts as doing nothing. */
static double cause_mean(const struct work *work, uint32_t cause, uint32_t option)
{
    uint32_t own = work->counts[cause][option] > 0 ? option : 0;
    return mean_of(work->samples[cause][own], work->counts[cause][own]);
}

/* Mean of an option under the belief, over the simulated causes. */
static double belief_mean(const struct work *work, uint32_t option)
{
    double sum = 0.0;
    for (uint32_t cause = 0; cause < work->def->cause_count; cause++) {
        if (simulated(work->def, cause)) {
            sum += work->def->belief[cause] * cause_mean(work, cause, option);
        }
    }
    return sum;
}

/* Position of an option among all when they are sorted by `means`; ties by index. */
static uint32_t rank_of(const double *means, uint32_t count, uint32_t option)
{
    uint32_t rank = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool equal = !(means[i] < means[option]) && !(means[i] > means[option]);
        rank += means[i] < means[option] || (equal && i < option) ? 1 : 0;
    }
    return rank;
}

/* After a round keep the `keep` best options under the belief and of each cause; and option 0. */
static void thin_out(struct work *work, uint32_t keep)
{
    const struct pl_node_def *def = work->def;
    uint32_t count = def->options->count;
    double overall[PL_OPTIONS_MAX] = {0};
    for (uint32_t option = 0; option < count; option++) {
        overall[option] = belief_mean(work, option);
    }
    for (uint32_t cause = 0; cause < def->cause_count; cause++) {
        double own[PL_OPTIONS_MAX] = {0};
        for (uint32_t option = 0; option < count; option++) {
            bool known = work->counts[cause][option] > 0;
            own[option] = known ? cause_mean(work, cause, option) : HUGE_VAL;
        }
        for (uint32_t option = 1; option < count; option++) {
            bool good = rank_of(overall, count, option) < keep ||
                        rank_of(own, count, option) < (keep + 1) / 2;
            work->alive[cause][option] = work->alive[cause][option] != 0 && good ? 1 : 0;
        }
    }
}

/* Standard error of the mean difference of two options of a cause over the futures they share. */
static double
difference_error(const struct work *work, uint32_t cause, uint32_t option, uint32_t base)
{
    uint32_t count = work->counts[cause][option];
    struct pl_moments moments = {0};
    count = work->counts[cause][base] < count ? work->counts[cause][base] : count;
    for (uint32_t i = 0; i < count; i++) {
        pl_moments_add(&moments, work->samples[cause][option][i] - work->samples[cause][base][i]);
    }
    return pl_moments_standard_error(&moments);
}

/* True when all options that still live are known against the leader to the wanted width. */
static bool sharp_enough(const struct work *work)
{
    const struct pl_node_def *def = work->def;
    double means[PL_OPTIONS_MAX] = {0};
    uint32_t best = 0;
    for (uint32_t option = 0; option < def->options->count; option++) {
        means[option] = belief_mean(work, option);
        best = means[option] < means[best] ? option : best;
    }
    for (uint32_t option = 0; option < def->options->count; option++) {
        double variance = 0.0;
        for (uint32_t cause = 0; cause < def->cause_count; cause++) {
            if (simulated(def, cause) && work->alive[cause][option] != 0) {
                double error = def->belief[cause] * difference_error(work, cause, option, best);
                variance += error * error;
            }
        }
        if (1.96 * sqrt(variance) > def->stop_width) {
            return false;
        }
    }
    return true;
}

/* ---- Results -------------------------------------------------------------------------------- */

static void
fill_cell(const struct work *work, uint32_t cause, uint32_t option, struct pl_cell *cell)
{
    const double *samples = work->samples[cause][option];
    struct pl_moments all = {0};
    struct pl_moments half[2] = {{0}, {0}};
    cell->count = work->counts[cause][option];
    for (uint32_t i = 0; i < cell->count; i++) {
        pl_moments_add(&all, samples[i]);
        pl_moments_add(&half[i % 2], samples[i]);
    }
    cell->mean = all.mean;
    cell->se = pl_moments_standard_error(&all);
    cell->se_noop = difference_error(work, cause, option, 0);
    cell->half[0] = half[0].mean;
    cell->half[1] = half[1].count > 0 ? half[1].mean : half[0].mean;
    if (cell->count == 1) {
        /* One sample knows nothing of its error: it is as uncertain as one of doing nothing. */
        double spread = fabs(all.mean);
        if (work->counts[cause][0] > 1) {
            struct pl_moments noop = {0};
            for (uint32_t i = 0; i < work->counts[cause][0]; i++) {
                pl_moments_add(&noop, work->samples[cause][0][i]);
            }
            spread = sqrt(pl_moments_variance(&noop));
        }
        cell->se = spread;
        cell->se_noop = option == 0 ? 0.0 : spread;
    }
}

/*
 * An option that dropped out met fewer futures than doing nothing. It is put on the level of all of
 * them: what saves, saves the same share there; what harms, harms as much.
 */
static void level(const struct work *work, uint32_t cause, struct pl_cell *cell)
{
    double shared = mean_of(work->samples[cause][0], cell->count);
    double all = mean_of(work->samples[cause][0], work->counts[cause][0]);
    if (cell->count >= work->counts[cause][0] || !(shared > 0.0)) {
        return;
    }
    double factor = cell->mean < shared ? all / shared : 1.0;
    double shift = cell->mean < shared ? 0.0 : all - shared;
    cell->mean = cell->mean * factor + shift;
    cell->half[0] = cell->half[0] * factor + shift;
    cell->half[1] = cell->half[1] * factor + shift;
}

/* True when an option was doing nothing to the last bit in all futures that it was tried in. */
static bool idles(const struct work *work, uint32_t cause, uint32_t option)
{
    bool idle = work->counts[cause][option] > 0;
    for (uint32_t i = 0; i < work->counts[cause][option]; i++) {
        idle = idle && work->idle[cause][option][i] != 0;
    }
    return idle;
}

static int64_t fill_node(const struct work *work, struct pl_node *node)
{
    const struct pl_node_def *def = work->def;
    int64_t simulated_ns = 0;
    memset(node, 0, sizeof *node);
    for (uint32_t cause = 0; cause < def->cause_count; cause++) {
        if (!simulated(def, cause)) {
            continue;
        }
        struct pl_moments passed = {0};
        for (uint32_t k = 0; k < worlds_of(def, cause); k++) {
            const struct pl_state *state = def->state(def->context, cause, k);
            pl_moments_add(&passed, pl_truth_damage(def->rollout->world, state));
            node->t_ns = pl_model_now(state);
        }
        node->passed[cause] = passed.mean;
        for (uint32_t option = 0; option < def->options->count; option++) {
            if (option > 0 && idles(work, cause, option)) {
                /* Doing nothing is known from more futures than an option that dropped out. */
                node->cells[cause][option] = node->cells[cause][0];
                continue;
            }
            fill_cell(work, cause, option, &node->cells[cause][option]);
            level(work, cause, &node->cells[cause][option]);
            for (uint32_t i = 0; i < work->counts[cause][option]; i++) {
                simulated_ns += work->simulated_ns[cause][option][i];
            }
        }
    }
    return simulated_ns;
}

int64_t
pl_node_compute(const struct pl_node_def *def, void *scratch, size_t size, struct pl_node *node)
{
    PL_CHECK(def != NULL && scratch != NULL);
    PL_CHECK(size >= pl_node_scratch(def));
    PL_CHECK(def->cause_count <= PL_CAUSES_MAX && def->particles >= 1);
    PL_CHECK(def->seeds_min >= 1 && def->seeds_min <= def->seeds);
    PL_CHECK(def->seeds <= PL_NODE_SEEDS_MAX);
    PL_CHECK(def->options->count >= 1 && def->options->count <= PL_OPTIONS_MAX);
    struct work *work = scratch;
    memset(work->counts, 0, sizeof work->counts);
    memset(work->alive, 0, sizeof work->alive);
    work->def = def;
    work->fork_size = rounded(pl_model_size(def->rollout->world));
    work->forks = (char *)scratch + rounded(sizeof *work);
    for (uint32_t cause = 0; cause < def->cause_count; cause++) {
        uint32_t wanted = def->wanted[cause] != 0 ? def->wanted[cause] | 1U : UINT32_MAX;
        for (uint32_t option = 0; option < def->options->count; option++) {
            work->alive[cause][option] = simulated(def, cause) ? wanted >> option & 1U : 0;
        }
    }
    uint32_t target = def->seeds_min;
    uint32_t keep = def->options->count;
    for (uint32_t round = 0; round < PL_NODE_ROUNDS; round++) {
        run_round(work, target);
        bool sharp = def->stop_width > 0.0 && target >= SHARP_MIN && sharp_enough(work);
        if (target >= def->seeds || sharp) {
            break;
        }
        keep = keep / 2 > 2 ? keep / 2 : 2;
        thin_out(work, keep);
        target = round + 2 == PL_NODE_ROUNDS || 2 * target > def->seeds ? def->seeds : 2 * target;
    }
    return fill_node(work, node);
}

/* ---- Reading -------------------------------------------------------------------------------- */

/* Nodes around a moment that know a cause's option; causes that nobody believes in have gaps. */
struct around {
    const struct pl_node *before; /* NULL: none */
    const struct pl_node *after;  /* NULL: none */
    double weight;                /* of `after`, or of the end of the session */
};

static struct around
find_around(const struct pl_segment *segment, int64_t t_ns, uint32_t cause, uint32_t option)
{
    struct around around = {.before = NULL};
    PL_CHECK(segment->node_count > 0);
    for (uint32_t i = 0; i < segment->node_count && around.after == NULL; i++) {
        const struct pl_node *node = &segment->nodes[i];
        if (node->cells[cause][option].count == 0) {
            continue;
        }
        /* What comes before the first known moment is as it was then. */
        if (node->t_ns <= t_ns || around.before == NULL) {
            around.before = node;
        } else {
            around.after = node;
        }
    }
    if (around.before != NULL) {
        int64_t from_ns = around.before->t_ns;
        int64_t until_ns = around.after != NULL ? around.after->t_ns : segment->ends_ns;
        bool inside = t_ns > from_ns && until_ns > from_ns;
        double share = inside ? (double)(t_ns - from_ns) / (double)(until_ns - from_ns) : 0.0;
        around.weight = share < 1.0 ? share : 1.0;
    }
    return around;
}

struct pl_cell
pl_segment_cell(const struct pl_segment *segment, int64_t t_ns, uint32_t cause, uint32_t option)
{
    PL_CHECK(segment != NULL);
    PL_CHECK(cause < segment->cause_count && option < segment->options.count);
    struct around around = find_around(segment, t_ns, cause, option);
    if (around.before == NULL) {
        return (struct pl_cell){.count = 0};
    }
    double weight = around.weight;
    struct pl_cell cell = around.before->cells[cause][option];
    struct pl_cell next = {.count = cell.count};
    next = around.after != NULL ? around.after->cells[cause][option] : next;
    cell.mean += weight * (next.mean - cell.mean);
    cell.se += weight * (next.se - cell.se);
    cell.se_noop += weight * (next.se_noop - cell.se_noop);
    cell.half[0] += weight * (next.half[0] - cell.half[0]);
    cell.half[1] += weight * (next.half[1] - cell.half[1]);
    cell.count = next.count < cell.count ? next.count : cell.count;
    return cell;
}

static bool knows_passed(const struct pl_node *node, uint32_t cause)
{
    return node->cells[cause][0].count > 0 || (node->marked >> cause & 1) != 0;
}

/*
 * Damage of a cause from the start of the run to a moment, by the nodes that know it. After the
 * last of them it grows to what doing nothing leads to.
 */
static double passed_at(const struct pl_segment *segment, uint32_t cause, int64_t t_ns)
{
    const struct pl_node *before = NULL;
    const struct pl_node *after = NULL;
    for (uint32_t i = 0; i < segment->node_count && after == NULL; i++) {
        const struct pl_node *node = &segment->nodes[i];
        if (!knows_passed(node, cause)) {
            continue;
        }
        if (node->t_ns <= t_ns || before == NULL) {
            before = node;
        } else {
            after = node;
        }
    }
    if (before == NULL || t_ns <= before->t_ns) {
        return before != NULL ? before->passed[cause] : 0.0;
    }
    double from = before->passed[cause];
    double until = after != NULL ? after->passed[cause]
                                 : from + pl_segment_cell(segment, before->t_ns, cause, 0).mean;
    int64_t until_ns = after != NULL ? after->t_ns : segment->ends_ns;
    double share = until_ns > before->t_ns
                       ? (double)(t_ns - before->t_ns) / (double)(until_ns - before->t_ns)
                       : 0.0;
    return from + (share < 1.0 ? share : 1.0) * (until - from);
}

double pl_segment_passed(const struct pl_segment *segment,
                         uint32_t cause,
                         int64_t from_ns,
                         int64_t until_ns)
{
    PL_CHECK(segment != NULL && cause < segment->cause_count);
    PL_CHECK(from_ns <= until_ns);
    return passed_at(segment, cause, until_ns) - passed_at(segment, cause, from_ns);
}

struct pl_least
pl_node_least(const double *means, const double *even, const double *odd, uint32_t count)
{
    PL_CHECK(means != NULL && even != NULL);
    PL_CHECK(odd != NULL && count >= 1);
    struct pl_least least = {.index = 0};
    uint32_t best_even = 0;
    uint32_t best_odd = 0;
    for (uint32_t i = 1; i < count; i++) {
        least.index = means[i] < means[least.index] ? i : least.index;
        best_even = even[i] < even[best_even] ? i : best_even;
        best_odd = odd[i] < odd[best_odd] ? i : best_odd;
    }
    double split = 0.5 * (odd[best_even] + even[best_odd]);
    least.naive = means[least.index];
    least.debiased = (2.0 * least.naive + split) / 3.0;
    return least;
}
