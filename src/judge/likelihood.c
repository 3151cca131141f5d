// SPDX-License-Identifier: Apache-2.0
//
// A number that a particle does not show is put at its cause's mean, and the covariance is widened
// for what that hides. A number that hardly any particle of a cause shows has the pooled mean and
// the total variance there: the look says nothing about that cause by it; its absence does, as a
// bit.
#include "judge/likelihood.h"

#include "base/check.h"
#include "base/fmath.h"
#include "stats/density.h"
#include "stats/linear.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { D = PL_EVIDENCE_DIMS_MAX };

static const double present_min = 2.5; /* effective particles that a mean needs */
static const double pattern_floor = 0.02;
static const double other_freedom = 5.0;
static const double other_width = 1.5;

/** Weighted moments of one cause. */
struct moments {
    double mean[D];
    double shown[D]; /* weight of the particles that show the number */
    double covariance[D * D];
    double effective;
    bool known[D]; /* enough particles show it */
};

static bool is_live(const struct pl_evidence *evidence, uint32_t cause)
{
    return (evidence->live >> cause & 1) != 0;
}

static const float *row_of(const struct pl_evidence *evidence, uint32_t cause, uint32_t k)
{
    return evidence->value + ((size_t)cause * evidence->particles + k) * evidence->dims;
}

static const double *
weights_of(const struct pl_likelihood_def *def, const struct pl_evidence *evidence, uint32_t cause)
{
    return def->weight + (size_t)cause * evidence->particles;
}

/** Means over the particles that show a number; `without` is left out (particles: none). */
static void measure_means(const struct pl_evidence *evidence,
                          const double *weight,
                          uint32_t cause,
                          uint32_t without,
                          struct moments *moments)
{
    double square[D] = {0};
    memset(moments, 0, sizeof *moments);
    double total = 0.0;
    double squares = 0.0;
    for (uint32_t k = 0; k < evidence->particles; k++) {
        double w = k == without ? 0.0 : weight[k];
        const float *row = row_of(evidence, cause, k);
        total += w;
        squares += w * w;
        for (uint32_t i = 0; i < evidence->dims; i++) {
            if (isfinite(row[i])) {
                moments->mean[i] += w * (double)row[i];
                moments->shown[i] += w;
                square[i] += w * w;
            }
        }
    }
    moments->effective = squares > 0.0 ? total * total / squares : 0.0;
    for (uint32_t i = 0; i < evidence->dims; i++) {
        double shown = moments->shown[i];
        moments->known[i] = shown > 0.0 && shown * shown > present_min * square[i];
        moments->mean[i] = moments->known[i] ? moments->mean[i] / shown : 0.0;
        moments->shown[i] = total > 0.0 ? shown / total : 0.0;
    }
}

static void measure_covariance(const struct pl_evidence *evidence,
                               const double *weight,
                               uint32_t cause,
                               uint32_t without,
                               struct moments *moments)
{
    uint32_t dims = evidence->dims;
    double total = 0.0;
    double squares = 0.0;
    for (uint32_t k = 0; k < evidence->particles; k++) {
        double w = k == without ? 0.0 : weight[k];
        const float *row = row_of(evidence, cause, k);
        double distance[D];
        total += w;
        squares += w * w;
        for (uint32_t i = 0; i < dims; i++) {
            bool counts = moments->known[i] && isfinite(row[i]);
            distance[i] = counts ? (double)row[i] - moments->mean[i] : 0.0;
            for (uint32_t j = 0; j <= i; j++) {
                moments->covariance[i * dims + j] += w * distance[i] * distance[j];
            }
        }
    }
    double divisor = total > 0.0 ? total - squares / total : 0.0;
    for (uint32_t i = 0; i < dims; i++) {
        for (uint32_t j = 0; j <= i; j++) {
            double hidden = sqrt(moments->shown[i] * moments->shown[j]);
            bool known = divisor > 0.0 && hidden > 0.0;
            double value = known ? moments->covariance[i * dims + j] / (divisor * hidden) : 0.0;
            moments->covariance[i * dims + j] = moments->covariance[j * dims + i] = value;
        }
    }
}

/** What all live causes have in common. */
struct pooled {
    double mean[D];
    double within[D * D];
    double between[D * D]; /* of means */
    double pattern[PL_EVIDENCE_PATTERNS_MAX];
};

static double
pooled_mean(const struct pl_evidence *evidence, const struct moments *moments, uint32_t i)
{
    double sum = 0.0;
    double count = 0.0;
    for (uint32_t h = 0; h < evidence->cause_count; h++) {
        bool counts = is_live(evidence, h) && moments[h].known[i];
        sum += counts ? moments[h].mean[i] : 0.0;
        count += counts ? 1.0 : 0.0;
    }
    return count > 0.0 ? sum / count : 0.0;
}

/** One cell of the lower triangle, and its mirror; the pooled means are there already. */
static void pool_cell(const struct pl_evidence *evidence,
                      const struct moments *moments,
                      uint32_t i,
                      uint32_t j,
                      struct pooled *pooled)
{
    uint32_t dims = evidence->dims;
    double count = 0.0;
    double within = 0.0;
    double between = 0.0;
    for (uint32_t h = 0; h < evidence->cause_count; h++) {
        if (is_live(evidence, h) && moments[h].known[i] && moments[h].known[j]) {
            count += 1.0;
            within += moments[h].covariance[i * dims + j];
            between +=
                (moments[h].mean[i] - pooled->mean[i]) * (moments[h].mean[j] - pooled->mean[j]);
        }
    }
    double scale = count > 0.0 ? 1.0 / count : 0.0;
    pooled->within[i * dims + j] = pooled->within[j * dims + i] = within * scale;
    pooled->between[i * dims + j] = pooled->between[j * dims + i] = between * scale;
}

static void
pool(const struct pl_evidence *evidence, const struct moments *moments, struct pooled *pooled)
{
    memset(pooled, 0, sizeof *pooled);
    for (uint32_t i = 0; i < evidence->dims; i++) {
        pooled->mean[i] = pooled_mean(evidence, moments, i);
    }
    for (uint32_t i = 0; i < evidence->dims; i++) {
        for (uint32_t j = 0; j <= i; j++) {
            pool_cell(evidence, moments, i, j, pooled);
        }
    }
}

/** Factor a covariance; what is not positive definite by rounding gets a wider diagonal. */
static void factorise(struct pl_likelihood_part *part, uint32_t dims)
{
    double ridge = 0.0;
    bool done = false;
    for (uint32_t attempt = 0; attempt < 40 && !done; attempt++) {
        memcpy(part->factor, part->covariance, sizeof part->factor);
        for (uint32_t i = 0; i < dims; i++) {
            part->factor[i * dims + i] += ridge * (part->covariance[i * dims + i] + 1e-12);
        }
        done = pl_cholesky(part->factor, dims);
        ridge = ridge > 0.0 ? ridge * 4.0 : 1e-9;
    }
    PL_CHECK(done);
    part->constant = pl_student_log_constant(
        dims, part->freedom, pl_cholesky_log_determinant(part->factor, dims));
}

/** From moments of a cause to its density. */
static void shape_part(const struct pl_likelihood_def *def,
                       const struct pl_evidence *evidence,
                       const struct moments *moments,
                       const struct pl_likelihood *likelihood,
                       struct pl_likelihood_part *part)
{
    uint32_t dims = evidence->dims;
    const struct pl_likelihood_part *other = &likelihood->part[evidence->cause_count];
    double effective = moments->effective > 1.0 ? moments->effective : 1.0;
    part->effective = effective;
    part->lambda = effective / (effective + def->kappa);
    part->freedom = effective + 2.0;
    for (uint32_t i = 0; i < dims; i++) {
        // Differences of means that are no more than their noise are not believed.
        part->mean[i] = moments->known[i] ? other->mean[i] + evidence->trust[i] *
                                                                 (moments->mean[i] - other->mean[i])
                                          : other->mean[i];
        for (uint32_t j = 0; j < dims; j++) {
            uint32_t cell = i * dims + j;
            bool known = moments->known[i] && moments->known[j];
            double pooled = other->spread[cell];
            double spread =
                known ? part->lambda * moments->covariance[cell] + (1.0 - part->lambda) * pooled
                      : (i == j ? other->covariance[cell] : 0.0);
            part->spread[cell] = spread;
            part->covariance[cell] = (1.0 + 1.0 / effective) * spread;
        }
        part->covariance[i * dims + i] += likelihood->extra[i];
    }
    factorise(part, dims);
}

/**
 * Chance of bit `bit` of `pattern`, given the bits before it. `count` is weight per pattern,
 * `scale` makes effective particles of it; half a particle stands on both sides.
 */
static double
chance_of_bit(const double *count, uint32_t patterns, uint32_t pattern, uint32_t bit, double scale)
{
    uint32_t before = (1U << bit) - 1U;
    double same = 0.0;
    double both = 0.0;
    for (uint32_t i = 0; i < patterns; i++) {
        bool given = ((i ^ pattern) & before) == 0;
        both += given ? count[i] : 0.0;
        same += given && ((i ^ pattern) >> bit & 1) == 0 ? count[i] : 0.0;
    }
    double p = (same * scale + 0.5) / (both * scale + 1.0);
    p = p > pattern_floor ? p : pattern_floor;
    return p < 1.0 - pattern_floor ? p : 1.0 - pattern_floor;
}

/** p(pattern | h), each bit given those before it. */
static void fit_patterns(const struct pl_evidence *evidence,
                         const double *weight,
                         uint32_t cause,
                         uint32_t without,
                         struct pl_likelihood_part *part)
{
    double count[PL_EVIDENCE_PATTERNS_MAX] = {0};
    double total = 0.0;
    for (uint32_t k = 0; k < evidence->particles; k++) {
        double w = k == without ? 0.0 : weight[k];
        count[evidence->pattern[(size_t)cause * evidence->particles + k]] += w;
        total += w;
    }
    double scale = total > 0.0 ? part->effective / total : 0.0;
    uint32_t patterns = 1U << evidence->bits;
    for (uint32_t pattern = 0; pattern < patterns; pattern++) {
        double log_p = 0.0;
        for (uint32_t bit = 0; bit < evidence->bits; bit++) {
            log_p += pl_log(chance_of_bit(count, patterns, pattern, bit, scale));
        }
        part->log_pattern[pattern] = log_p;
    }
}

static void fit_other(const struct pl_likelihood_def *def,
                      const struct pl_evidence *evidence,
                      const struct pooled *pooled,
                      struct pl_likelihood *likelihood)
{
    uint32_t dims = evidence->dims;
    struct pl_likelihood_part *other = &likelihood->part[evidence->cause_count];
    other->freedom = other_freedom;
    other->effective = 1.0;
    for (uint32_t i = 0; i < dims; i++) {
        double between = pooled->between[i * dims + i];
        double within = pooled->within[i * dims + i];
        other->mean[i] = pooled->mean[i];
        likelihood->extra[i] = def->perception * evidence->sd[i] * evidence->sd[i] +
                               def->discrepancy * def->discrepancy * between +
                               1e-6 * (between + within) + 1e-8;
        for (uint32_t j = 0; j < dims; j++) {
            uint32_t cell = i * dims + j;
            other->spread[cell] = pooled->within[cell];
            other->covariance[cell] = other_width * pooled->between[cell] + pooled->within[cell];
        }
        other->covariance[i * dims + i] += likelihood->extra[i];
    }
    factorise(other, dims);
}

static void fit_other_patterns(const struct pl_evidence *evidence, struct pl_likelihood *likelihood)
{
    struct pl_likelihood_part *other = &likelihood->part[evidence->cause_count];
    for (uint32_t pattern = 0; pattern < likelihood->patterns; pattern++) {
        double sum = 0.0;
        double count = 0.0;
        for (uint32_t h = 0; h < evidence->cause_count; h++) {
            if (is_live(evidence, h)) {
                sum += pl_exp(likelihood->part[h].log_pattern[pattern]);
                count += 1.0;
            }
        }
        // Half of it even: what is not in the list may show anything.
        double even = 1.0 / (double)likelihood->patterns;
        other->log_pattern[pattern] = pl_log(count > 0.0 ? 0.5 * sum / count + 0.5 * even : even);
    }
}

void pl_likelihood_fit_apart(const struct pl_likelihood_def *def,
                             const struct pl_evidence *evidence,
                             uint32_t k,
                             struct pl_likelihood *likelihood)
{
    struct moments moments[PL_CAUSES_MAX];
    struct pooled pooled;
    likelihood->cause_count = evidence->cause_count;
    likelihood->dims = evidence->dims;
    likelihood->patterns = 1U << evidence->bits;
    likelihood->live = evidence->live;
    for (uint32_t h = 0; h < evidence->cause_count; h++) {
        if (is_live(evidence, h)) {
            const double *weight = weights_of(def, evidence, h);
            measure_means(evidence, weight, h, k, &moments[h]);
            measure_covariance(evidence, weight, h, k, &moments[h]);
        }
    }
    pool(evidence, moments, &pooled);
    fit_other(def, evidence, &pooled, likelihood);
    for (uint32_t h = 0; h < evidence->cause_count; h++) {
        if (is_live(evidence, h)) {
            shape_part(def, evidence, &moments[h], likelihood, &likelihood->part[h]);
            fit_patterns(evidence, weights_of(def, evidence, h), h, k, &likelihood->part[h]);
        }
    }
    fit_other_patterns(evidence, likelihood);
}

void pl_likelihood_fit(const struct pl_likelihood_def *def,
                       const struct pl_evidence *evidence,
                       struct pl_likelihood *likelihood)
{
    pl_likelihood_fit_apart(def, evidence, evidence->particles, likelihood);
}

void pl_likelihood_without(const struct pl_likelihood *likelihood,
                           const struct pl_likelihood_def *def,
                           const struct pl_evidence *evidence,
                           uint32_t cause,
                           uint32_t k,
                           struct pl_likelihood_part *part)
{
    struct moments moments;
    const double *weight = weights_of(def, evidence, cause);
    measure_means(evidence, weight, cause, k, &moments);
    measure_covariance(evidence, weight, cause, k, &moments);
    shape_part(def, evidence, &moments, likelihood, part);
    fit_patterns(evidence, weight, cause, k, part);
}

/** Distance over the numbers that are shown, when some are not. */
static double partial_distance(const struct pl_likelihood_part *part,
                               uint32_t dims,
                               const struct pl_reading *reading,
                               uint32_t *shown,
                               double *log_determinant)
{
    uint32_t kept[D];
    double covariance[D * D];
    double distance[D];
    uint32_t n = 0;
    for (uint32_t i = 0; i < dims; i++) {
        if (isfinite(reading->value[i])) {
            kept[n++] = i;
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        distance[i] = reading->value[kept[i]] - part->mean[kept[i]];
        for (uint32_t j = 0; j < n; j++) {
            covariance[i * n + j] = part->covariance[kept[i] * dims + kept[j]];
        }
        covariance[i * n + i] *= 1.0 + 1e-9;
    }
    *shown = n;
    *log_determinant = 0.0;
    if (n == 0 || !pl_cholesky(covariance, n)) {
        *shown = 0;
        return 0.0;
    }
    *log_determinant = pl_cholesky_log_determinant(covariance, n);
    pl_cholesky_forward(covariance, n, distance);
    double sum = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        sum += distance[i] * distance[i];
    }
    return sum;
}

static bool all_shown(const struct pl_reading *reading, uint32_t dims)
{
    for (uint32_t i = 0; i < dims; i++) {
        if (!isfinite(reading->value[i])) {
            return false;
        }
    }
    return true;
}

static double full_distance(const struct pl_likelihood_part *part,
                            uint32_t dims,
                            const struct pl_reading *reading)
{
    double distance[D];
    double sum = 0.0;
    for (uint32_t i = 0; i < dims; i++) {
        const double *row = part->factor + (size_t)i * dims;
        double value = reading->value[i] - part->mean[i];
        for (uint32_t j = 0; j < i; j++) {
            value -= row[j] * distance[j];
        }
        distance[i] = value / row[i];
        sum += distance[i] * distance[i];
    }
    return sum;
}

double pl_likelihood_part_log(const struct pl_likelihood_part *part,
                              uint32_t dims,
                              const struct pl_reading *reading)
{
    double log_pattern = part->log_pattern[reading->pattern & (PL_EVIDENCE_PATTERNS_MAX - 1)];
    if (all_shown(reading, dims)) {
        double distance = full_distance(part, dims, reading);
        return part->constant + pl_student_log_kernel(dims, part->freedom, distance) + log_pattern;
    }
    uint32_t shown = 0;
    double log_determinant = 0.0;
    double distance = partial_distance(part, dims, reading, &shown, &log_determinant);
    return pl_student_log_constant(shown, part->freedom, log_determinant) +
           pl_student_log_kernel(shown, part->freedom, distance) + log_pattern;
}

double pl_likelihood_log(const struct pl_likelihood *likelihood,
                         uint32_t part,
                         const struct pl_reading *reading)
{
    PL_CHECK(part <= likelihood->cause_count);
    bool live = part == likelihood->cause_count || (likelihood->live >> part & 1) != 0;
    return live ? pl_likelihood_part_log(&likelihood->part[part], likelihood->dims, reading) : 0.0;
}

double pl_likelihood_distance(const struct pl_likelihood *likelihood,
                              uint32_t part,
                              const struct pl_reading *reading,
                              uint32_t *shown)
{
    double log_determinant = 0.0;
    return partial_distance(
        &likelihood->part[part], likelihood->dims, reading, shown, &log_determinant);
}
