// SPDX-License-Identifier: Apache-2.0
#include "judge/cross.h"

#include "base/check.h"
#include "base/fmath.h"
#include "stats/density.h"
#include "stats/linear.h"

#include <math.h>
#include <string.h>

enum { D = PL_CROSS_DIMS_MAX };

struct pl_cross {
    uint32_t cause_count;
    uint32_t particles;
    uint32_t dims;
    uint32_t live; /* causes that were live in every look */
    bool full;     /* a number had no place: the check rests */
    double reading[D];
    double extra[D];
    double trust[D];
    double log_pattern[PL_CAUSES_MAX];
    double joint[PL_CAUSES_MAX];    /* log density of everything before the last look */
    double sum[PL_CAUSES_MAX];      /* over looks, with the floor */
    uint32_t worlds[PL_CAUSES_MAX]; /* particles that stand for a cause, the first so many */
    float value[];                  /* [row][D] */
};

/** Working memory. */
struct scratch {
    double pooled[D * D];
    double own[D * D];
    double mean[PL_CAUSES_MAX][D];
    double centre[D];
};

size_t pl_cross_size(uint32_t cause_count, uint32_t particles)
{
    return sizeof(struct pl_cross) + (size_t)cause_count * particles * D * sizeof(float);
}

size_t pl_cross_scratch_size(void)
{
    return sizeof(struct scratch);
}

struct pl_cross *pl_cross_init(uint32_t cause_count, uint32_t particles, void *memory)
{
    struct pl_cross *cross = memory;
    memset(cross, 0, pl_cross_size(cause_count, particles));
    cross->cause_count = cause_count;
    cross->particles = particles;
    cross->live = (uint32_t)((UINT64_C(1) << cause_count) - 1);
    for (uint32_t h = 0; h < cause_count; h++) {
        cross->worlds[h] = particles;
    }
    return cross;
}

void pl_cross_keep(struct pl_cross *cross, uint32_t cause, uint32_t worlds)
{
    PL_CHECK(cross != NULL && cause < cross->cause_count && worlds >= 2);
    cross->worlds[cause] = worlds < cross->worlds[cause] ? worlds : cross->worlds[cause];
}

static void add_number(struct pl_cross *cross, const struct pl_evidence *evidence, uint32_t from)
{
    size_t rows = (size_t)cross->cause_count * cross->particles;
    for (size_t row = 0; row < rows; row++) {
        cross->value[row * D + cross->dims] = evidence->value[row * evidence->dims + from];
    }
}

void pl_cross_add(struct pl_cross *cross,
                  const struct pl_evidence *evidence,
                  const struct pl_likelihood *likelihood,
                  const struct pl_reading *reading)
{
    cross->live &= evidence->live;
    for (uint32_t h = 0; h < cross->cause_count; h++) {
        if ((cross->live >> h & 1) != 0) {
            cross->log_pattern[h] += likelihood->part[h].log_pattern[reading->pattern];
        }
    }
    for (uint32_t i = 0; i < evidence->dims; i++) {
        if (!isfinite(reading->value[i])) {
            continue;
        }
        if (cross->dims == D) {
            cross->full = true;
            return;
        }
        add_number(cross, evidence, i);
        cross->reading[cross->dims] = reading->value[i];
        cross->extra[cross->dims] = likelihood->extra[i];
        cross->trust[cross->dims] = evidence->trust[i];
        cross->dims++;
    }
}

static bool is_live(const struct pl_cross *cross, uint32_t cause)
{
    return (cross->live >> cause & 1) != 0;
}

/** Means of the numbers that are shown; a cause that never shows one has the common mean. */
static void measure_means(const struct pl_cross *cross, struct scratch *scratch)
{
    for (uint32_t i = 0; i < cross->dims; i++) {
        bool known[PL_CAUSES_MAX] = {false};
        double causes = 0.0;
        scratch->centre[i] = 0.0;
        for (uint32_t h = 0; h < cross->cause_count; h++) {
            double sum = 0.0;
            double shown = 0.0;
            for (uint32_t k = 0; is_live(cross, h) && k < cross->worlds[h]; k++) {
                double value = (double)cross->value[((size_t)h * cross->particles + k) * D + i];
                sum += isfinite(value) ? value : 0.0;
                shown += isfinite(value) ? 1.0 : 0.0;
            }
            known[h] = shown > 1.0;
            scratch->mean[h][i] = known[h] ? sum / shown : 0.0;
            scratch->centre[i] += scratch->mean[h][i];
            causes += known[h] ? 1.0 : 0.0;
        }
        scratch->centre[i] = causes > 0.0 ? scratch->centre[i] / causes : 0.0;
        for (uint32_t h = 0; h < cross->cause_count; h++) {
            scratch->mean[h][i] = known[h] ? scratch->mean[h][i] : scratch->centre[i];
        }
    }
}

/** Add the scatter of one cause around its mean to the lower triangle. */
static void add_scatter(
    const struct pl_cross *cross, uint32_t cause, const double *mean, double scale, double *into)
{
    uint32_t dims = cross->dims;
    double distance[D];
    for (uint32_t k = 0; k < cross->worlds[cause]; k++) {
        const float *row = cross->value + ((size_t)cause * cross->particles + k) * D;
        for (uint32_t i = 0; i < dims; i++) {
            distance[i] = isfinite(row[i]) ? (double)row[i] - mean[i] : 0.0;
            for (uint32_t j = 0; j <= i; j++) {
                into[(size_t)i * dims + j] += scale * distance[i] * distance[j];
            }
        }
    }
}

static double
joint_log(const struct pl_cross *cross, struct scratch *scratch, uint32_t cause, double kappa)
{
    uint32_t dims = cross->dims;
    double count = (double)cross->worlds[cause];
    double lambda = count / (count + kappa + 4.0 * (double)dims);
    double distance[D];
    memset(scratch->own, 0, sizeof(double) * dims * dims);
    add_scatter(cross, cause, scratch->mean[cause], lambda / (count - 1.0), scratch->own);
    for (uint32_t i = 0; i < dims; i++) {
        for (uint32_t j = 0; j <= i; j++) {
            size_t cell = (size_t)i * dims + j;
            double spread = scratch->own[cell] + (1.0 - lambda) * scratch->pooled[cell];
            scratch->own[cell] = (1.0 + 1.0 / count) * spread + (i == j ? cross->extra[i] : 0.0);
        }
        double mean =
            scratch->centre[i] + cross->trust[i] * (scratch->mean[cause][i] - scratch->centre[i]);
        distance[i] = cross->reading[i] - mean;
    }
    if (!pl_cholesky(scratch->own, dims)) {
        return 0.0;
    }
    double log_determinant = pl_cholesky_log_determinant(scratch->own, dims);
    pl_cholesky_forward(scratch->own, dims, distance);
    double square = 0.0;
    for (uint32_t i = 0; i < dims; i++) {
        square += distance[i] * distance[i];
    }
    double freedom = count + 2.0;
    return pl_student_log_constant(dims, freedom, log_determinant) +
           pl_student_log_kernel(dims, freedom, square);
}

/* log((1 - misread) e^own + misread e^other), as far apart as they may be. */
static double with_floor(double own, double other, double misread)
{
    double top = own > other ? own : other;
    double mixed = (1.0 - misread) * pl_exp(own - top) + misread * pl_exp(other - top);
    return top + pl_log(mixed + 1e-300);
}

uint32_t pl_cross_log_likelihood(struct pl_cross *cross,
                                 const struct pl_cross_rule *rule,
                                 void *scratch,
                                 double *log_likelihood)
{
    struct scratch *work = scratch;
    double causes = 0.0;
    PL_CHECK(cross != NULL && rule != NULL);
    if (cross->full || cross->live == 0) {
        return 0;
    }
    measure_means(cross, work);
    for (uint32_t h = 0; h < cross->cause_count; h++) {
        causes += is_live(cross, h) ? 1.0 : 0.0;
    }
    memset(work->pooled, 0, sizeof(double) * cross->dims * cross->dims);
    for (uint32_t h = 0; h < cross->cause_count; h++) {
        if (is_live(cross, h)) {
            double scale = 1.0 / (((double)cross->worlds[h] - 1.0) * causes);
            add_scatter(cross, h, work->mean[h], scale, work->pooled);
        }
    }
    for (uint32_t h = 0; h < cross->cause_count; h++) {
        if (is_live(cross, h)) {
            double joint = cross->log_pattern[h];
            joint += cross->dims > 0 ? joint_log(cross, work, h, rule->kappa) : 0.0;
            cross->sum[h] += with_floor(joint - cross->joint[h], rule->log_other, rule->misread);
            cross->joint[h] = joint;
            log_likelihood[h] = cross->sum[h];
        }
    }
    return cross->live;
}
