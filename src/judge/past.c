// SPDX-License-Identifier: Apache-2.0
//
// Columns of the old and the new look stand side by side; their pooled covariance within causes
// gives the regression of each new column on all old ones. A column that does not vary within
// causes is regressed over all worlds instead: seen twice, it tells nothing new either.
#include "judge/past.h"

#include "base/check.h"
#include "stats/linear.h"

#include <math.h>
#include <string.h>

enum { OLD = PL_PAST_COLUMNS, NEW = PL_EVIDENCE_DIMS_MAX + PL_EVIDENCE_BITS_MAX, C = OLD + NEW };

static const double ridge = 1e-6;
static const double ordinary = 0.3;  /* share that different panels explain of each other */
static const double constant = 1e-6; /* share of all variance: less is none */

/** One look. */
struct look {
    uint32_t columns;
    uint32_t live;
};

struct pl_past {
    uint32_t cause_count;
    uint32_t particles;
    uint32_t count; /* ever added */
    uint32_t reserved;
    struct look looks[PL_PAST_LOOKS_MAX];
    float value[]; /* [look][row][PL_PAST_COLUMNS] */
};

/** Columns of an old and a new look over all worlds of a cause, and what they sum to. */
struct pair {
    const struct pl_evidence *evidence;
    const float *old;
    uint32_t old_columns;
    uint32_t columns;
    double within[C * C];
    double mean[PL_CAUSES_MAX][C];
    double freedom; /* effective worlds less the means */
};

static size_t rows_of(const struct pl_past *past)
{
    return (size_t)past->cause_count * past->particles;
}

size_t pl_past_size(uint32_t cause_count, uint32_t particles)
{
    size_t rows = (size_t)cause_count * particles;
    return sizeof(struct pl_past) + rows * PL_PAST_LOOKS_MAX * PL_PAST_COLUMNS * sizeof(float);
}

struct pl_past *pl_past_init(uint32_t cause_count, uint32_t particles, void *memory)
{
    PL_CHECK(memory != NULL);
    struct pl_past *past = memory;
    memset(past, 0, sizeof *past);
    past->cause_count = cause_count;
    past->particles = particles;
    return past;
}

static float *look_of(struct pl_past *past, uint32_t slot)
{
    return past->value + (size_t)slot * rows_of(past) * PL_PAST_COLUMNS;
}

static uint32_t kept(const struct pl_past *past)
{
    return past->count < PL_PAST_LOOKS_MAX ? past->count : PL_PAST_LOOKS_MAX;
}

void pl_past_thin(const struct pl_past *past, struct pl_past *to)
{
    PL_CHECK(past != NULL && to != NULL);
    PL_CHECK(past->cause_count == to->cause_count && past->particles >= to->particles);
    to->count = past->count;
    memcpy(to->looks, past->looks, sizeof to->looks);
    for (uint32_t slot = 0; slot < kept(past); slot++) {
        const float *from = past->value + (size_t)slot * rows_of(past) * PL_PAST_COLUMNS;
        float *into = look_of(to, slot);
        for (size_t h = 0; h < to->cause_count; h++) {
            memcpy(into + h * to->particles * PL_PAST_COLUMNS,
                   from + h * past->particles * PL_PAST_COLUMNS,
                   to->particles * PL_PAST_COLUMNS * sizeof *into);
        }
    }
}

/* Number or bit of a look in one world; NaN: not shown. */
static double column_of(const struct pl_evidence *evidence, size_t row, uint32_t column)
{
    if (column < evidence->dims) {
        return (double)evidence->value[row * evidence->dims + column];
    }
    return (double)(evidence->pattern[row] >> (column - evidence->dims) & 1);
}

void pl_past_add(struct pl_past *past, const struct pl_evidence *evidence)
{
    PL_CHECK(past != NULL && evidence != NULL);
    PL_CHECK(evidence->cause_count == past->cause_count && evidence->particles == past->particles);
    uint32_t columns = evidence->dims + evidence->bits;
    if (columns == 0) {
        return;
    }
    columns = columns < PL_PAST_COLUMNS ? columns : PL_PAST_COLUMNS;
    uint32_t slot = past->count++ % PL_PAST_LOOKS_MAX;
    float *to = look_of(past, slot);
    past->looks[slot] = (struct look){.columns = columns, .live = evidence->live};
    for (size_t row = 0; row < rows_of(past); row++) {
        bool live = (evidence->live >> (row / past->particles) & 1) != 0;
        for (uint32_t i = 0; i < columns; i++) {
            to[row * PL_PAST_COLUMNS + i] = live ? (float)column_of(evidence, row, i) : 0.0F;
        }
    }
}

/* All columns of one world; what is not shown is put at `centre`, or at 0 without one. */
static void
read_row(const struct pair *pair, size_t row, const double *centre, double *values, bool *shown)
{
    for (uint32_t i = 0; i < pair->columns; i++) {
        double value = i < pair->old_columns
                           ? (double)pair->old[row * PL_PAST_COLUMNS + i]
                           : column_of(pair->evidence, row, i - pair->old_columns);
        shown[i] = isfinite(value);
        values[i] = shown[i] ? value - (centre != NULL ? centre[i] : 0.0) : 0.0;
    }
}

static void add_cause(struct pair *pair, uint32_t cause, const double *weight)
{
    uint32_t particles = pair->evidence->particles;
    double weights[C] = {0};
    double values[C];
    bool shown[C];
    double *mean = pair->mean[cause];
    for (uint32_t k = 0; k < particles; k++) {
        read_row(pair, (size_t)cause * particles + k, NULL, values, shown);
        for (uint32_t i = 0; i < pair->columns; i++) {
            mean[i] += weight[k] * values[i];
            weights[i] += shown[i] ? weight[k] : 0.0;
        }
    }
    for (uint32_t i = 0; i < pair->columns; i++) {
        mean[i] = weights[i] > 0.0 ? mean[i] / weights[i] : 0.0;
    }
    for (uint32_t k = 0; k < particles; k++) {
        read_row(pair, (size_t)cause * particles + k, mean, values, shown);
        for (uint32_t i = 0; i < pair->columns; i++) {
            for (uint32_t j = 0; j <= i; j++) {
                pair->within[i * C + j] += weight[k] * values[i] * values[j];
            }
        }
    }
    pair->freedom += pl_effective_size(weight, particles) - 1.0;
}

/* Means of the causes against each other: the covariance between them. */
static void add_between(const struct pair *pair, uint32_t live, double *total)
{
    double centre[C] = {0};
    double causes = 0.0;
    for (uint32_t h = 0; h < pair->evidence->cause_count; h++) {
        for (uint32_t i = 0; (live >> h & 1) != 0 && i < pair->columns; i++) {
            centre[i] += pair->mean[h][i];
        }
        causes += (live >> h & 1) != 0 ? 1.0 : 0.0;
    }
    for (uint32_t h = 0; h < pair->evidence->cause_count; h++) {
        for (uint32_t i = 0; (live >> h & 1) != 0 && i < pair->columns; i++) {
            for (uint32_t j = 0; j <= i; j++) {
                total[i * C + j] += (pair->mean[h][i] - centre[i] / causes) *
                                    (pair->mean[h][j] - centre[j] / causes);
            }
        }
    }
}

/* Share of the variance of a new column that the old columns explain. */
static double explained(const struct pair *pair, const double *covariance, uint32_t column)
{
    uint32_t n = pair->old_columns;
    double factor[OLD * OLD];
    double right[OLD];
    double variance = covariance[column * C + column];
    double sum = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j <= i; j++) {
            factor[i * n + j] = covariance[i * C + j];
        }
        factor[i * n + i] += ridge * covariance[i * C + i] + 1e-30;
        right[i] = covariance[column * C + i];
    }
    if (!(variance > 0.0) || !pl_cholesky(factor, n)) {
        return 0.0;
    }
    pl_cholesky_forward(factor, n, right);
    for (uint32_t i = 0; i < n; i++) {
        sum += right[i] * right[i];
    }
    /* That many regressors explain something of pure chance too. */
    double share = sum / variance < 1.0 ? sum / variance : 1.0;
    double left = pair->freedom - (double)n;
    double adjusted = left > 1.0 ? 1.0 - (1.0 - share) * pair->freedom / left : 0.0;
    return adjusted > 0.0 ? adjusted : 0.0;
}

static double fresh_after(struct pair *pair, uint32_t live, const double *weight)
{
    const struct pl_evidence *evidence = pair->evidence;
    double total[C * C];
    double known = 0.0;
    for (uint32_t h = 0; h < evidence->cause_count; h++) {
        if ((live >> h & 1) != 0) {
            add_cause(pair, h, weight + (size_t)h * evidence->particles);
        }
    }
    memcpy(total, pair->within, sizeof total);
    add_between(pair, live, total);
    for (uint32_t i = pair->old_columns; i < pair->columns; i++) {
        bool varies = pair->within[i * C + i] > constant * total[i * C + i];
        known += explained(pair, varies ? pair->within : total, i);
    }
    double share = known / (double)(pair->columns - pair->old_columns);
    return share > ordinary ? (1.0 - share) / (1.0 - ordinary) : 1.0;
}

double
pl_past_fresh(const struct pl_past *past, const struct pl_evidence *evidence, const double *weight)
{
    PL_CHECK(past != NULL && evidence != NULL && weight != NULL);
    PL_CHECK(evidence->cause_count == past->cause_count && evidence->particles == past->particles);
    uint32_t columns = evidence->dims + evidence->bits;
    double least = 1.0;
    for (uint32_t slot = 0; columns > 0 && slot < kept(past); slot++) {
        const struct look *look = &past->looks[slot];
        struct pair pair = {.evidence = evidence,
                            .old = past->value + (size_t)slot * rows_of(past) * PL_PAST_COLUMNS,
                            .old_columns = look->columns,
                            .columns = look->columns + columns};
        if ((look->live & evidence->live) != 0) {
            double fresh = fresh_after(&pair, look->live & evidence->live, weight);
            least = fresh < least ? fresh : least;
        }
    }
    return least > PL_PAST_LEAST ? least : PL_PAST_LEAST;
}
