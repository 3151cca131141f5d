// SPDX-License-Identifier: Apache-2.0
#include "judge/gate_paths.h"

#include "base/check.h"
#include "sim/clock.h"

#include <stdbool.h>
#include <string.h>

#define BITS_LEAST   0.01  /* a look that promises less is not taken */
#define BELIEF_LEAST 0.002 /* causes below it no longer count in a path */

/** One path. */
struct path {
    const struct pl_gate_paths_def *def;
    double belief[PL_CAUSES_MAX];
    uint8_t used[PL_PREDICTIVE_LOOKS_MAX];
    uint32_t cause; /* the true one */
    uint32_t draw;
    uint32_t looks;
    uint32_t staked;
    double seconds;
};

/** Sums over paths, each weighed. */
struct sums {
    double gained[PL_PREDICTIVE_LOOKS_MAX]; /* bits by look */
    struct pl_gate_paths *paths;
    uint32_t first_look;
    uint32_t reserved;
};

static double seconds_of(const struct pl_predictive *predictive, uint32_t look)
{
    return predictive->cost_s[look] > 1.0 ? predictive->cost_s[look] : 1.0;
}

static uint32_t best_look(const struct path *path)
{
    const struct pl_predictive *predictive = path->def->predictive;
    uint32_t best = PL_NONE;
    double best_rate = 0.0;
    for (uint32_t i = 0; i < predictive->look_count; i++) {
        double seconds = seconds_of(predictive, i);
        if (path->used[i] != 0 || path->seconds + seconds > path->def->limit_s) {
            continue;
        }
        double bits = pl_predictive_bits(predictive, path->def->model->class_of, i, path->belief);
        if (bits > BITS_LEAST && bits / seconds > best_rate) {
            best_rate = bits / seconds;
            best = i;
        }
    }
    return best;
}

/* Belief in the likeliest class and in the true one. */
static void read_classes(const struct path *path, double *leading, double *own)
{
    double classes[PL_CAUSES_MAX] = {0};
    *leading = 0.0;
    for (uint32_t i = 0; i < path->def->predictive->cause_count; i++) {
        double *sum = &classes[path->def->model->class_of[i]];
        *sum += path->belief[i];
        *leading = *sum > *leading ? *sum : *leading;
    }
    *own = classes[path->def->model->class_of[path->cause]];
}

/* Damage to come of an option under the belief, by the table alone: somebody else takes over. */
static double expected(const struct path *path, int64_t t_ns, uint32_t option)
{
    const struct pl_segment *segment = path->def->model->segment;
    double sum = 0.0;
    for (uint32_t h = 0; h < segment->cause_count; h++) {
        struct pl_cell cell = pl_segment_cell(segment, t_ns, h, option);
        cell = cell.count > 0 ? cell : pl_segment_cell(segment, t_ns, h, 0);
        sum += path->belief[h] * cell.mean;
    }
    return sum;
}

/* Do the options differ here by more than the stake? */
static bool matters(const struct path *path)
{
    int64_t t_ns = path->def->opens_ns + pl_clock_ns(path->seconds);
    uint32_t count = path->def->model->segment->options.count;
    double sum = 0.0;
    double square = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        double value = expected(path, t_ns, i);
        sum += value;
        square += value * value;
    }
    double mean = sum / count;
    return square / count - mean * mean > path->def->stake * path->def->stake;
}

static void drop_unlikely(double *belief, uint32_t count)
{
    double total = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        belief[i] = belief[i] >= BELIEF_LEAST ? belief[i] : 0.0;
        total += belief[i];
    }
    for (uint32_t i = 0; i < count && total > 0.0; i++) {
        belief[i] /= total;
    }
}

static void take_look(struct path *path, uint32_t look, double weight, struct sums *sums)
{
    const struct pl_predictive *predictive = path->def->predictive;
    const struct pl_value_model *model = path->def->model;
    double next[PL_CAUSES_MAX] = {0};
    double before = pl_value_entropy(model, path->belief);
    pl_predictive_next(predictive, look, path->cause, path->draw, path->belief, next);
    memcpy(path->belief, next, sizeof next);
    drop_unlikely(path->belief, predictive->cause_count);
    sums->gained[look] += weight * (before - pl_value_entropy(model, path->belief));
    path->used[look] = 1;
    path->seconds += seconds_of(predictive, look);
    path->looks++;
}

static void walk(struct path *path, double weight, struct sums *sums)
{
    struct pl_gate_paths *paths = sums->paths;
    double leading = 0.0;
    double own = 0.0;
    bool found = false;
    bool more = true;
    path->staked += matters(path) ? 1 : 0;
    while (more && path->looks < PL_SEARCH_LOOKS_MAX) {
        uint32_t look = path->looks == 0 ? sums->first_look : best_look(path);
        more = look != PL_NONE;
        if (more) {
            take_look(path, look, weight, sums);
            path->staked += matters(path) ? 1 : 0;
            read_classes(path, &leading, &own);
            found = found || own >= path->def->enough;
            more = leading < path->def->sure;
        }
    }
    paths->solved[path->cause] += found ? 1.0 / path->def->draws : 0.0;
    paths->looks += weight * path->looks;
    paths->seconds += weight * path->seconds;
    paths->staked += weight * path->staked;
}

void pl_gate_paths_walk(const struct pl_gate_paths_def *def, struct pl_gate_paths *paths)
{
    PL_CHECK(def != NULL && paths != NULL);
    PL_CHECK(def->predictive->look_count <= PL_PREDICTIVE_LOOKS_MAX);
    PL_CHECK(def->draws >= 1 && def->draws <= def->predictive->draw_count);
    uint32_t causes = def->predictive->cause_count;
    struct sums sums = {.paths = paths};
    memset(paths, 0, sizeof *paths);
    struct path start = {.def = def};
    memcpy(start.belief, def->belief, causes * sizeof *def->belief);
    sums.first_look = best_look(&start);
    for (uint32_t h = 0; h < causes; h++) {
        for (uint32_t d = 0; d < def->draws; d++) {
            struct path path = start;
            path.cause = h;
            path.draw = d * def->predictive->draw_count / def->draws;
            walk(&path, def->belief[h] / def->draws, &sums);
        }
    }
    for (uint32_t i = 0; i < def->predictive->look_count; i++) {
        paths->bits += sums.gained[i];
        paths->top_look = sums.gained[i] > sums.gained[paths->top_look] ? i : paths->top_look;
    }
    paths->top_share = paths->bits > 0.0 ? sums.gained[paths->top_look] / paths->bits : 0.0;
}
