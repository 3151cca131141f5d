// SPDX-License-Identifier: Apache-2.0
//
// How likely a reading is under each cause: the synthetic likelihood of one look.
//
//   C_h = (1 + 1/ESS_h) [l S_h + (1 - l) S_pool] + perception + discrepancy,  l = ESS_h/(ESS_h +
//   kappa) log p(y | h) = log t_nu(y; m_h, C_h) + log p(pattern | h),                nu = ESS_h + 2
//
// m_h and S_h are weighted by how well each particle explained the looks before. "Other" is a t
// with 5 degrees of freedom around the pooled mean, 1.5 times as wide between causes.
#ifndef PL_JUDGE_LIKELIHOOD_H
#define PL_JUDGE_LIKELIHOOD_H

#include "judge/evidence.h"

#include <stdint.h>

enum { PL_LIKELIHOOD_CELLS = PL_EVIDENCE_DIMS_MAX * PL_EVIDENCE_DIMS_MAX };

/** Density of one cause, or of "other". */
struct pl_likelihood_part {
    double mean[PL_EVIDENCE_DIMS_MAX];
    double covariance[PL_LIKELIHOOD_CELLS]; /* dims by dims */
    double factor[PL_LIKELIHOOD_CELLS];     /* its Cholesky factor */
    double spread[PL_LIKELIHOOD_CELLS];     /* l S_h + (1 - l) S_pool, nothing added */
    double freedom;
    double constant;  /* of the log density with all dims */
    double effective; /* ESS_h */
    double lambda;
    double log_pattern[PL_EVIDENCE_PATTERNS_MAX];
};

/** The likelihood of one look. */
struct pl_likelihood {
    uint32_t cause_count;
    uint32_t dims;
    uint32_t patterns;
    uint32_t live;
    double extra[PL_EVIDENCE_DIMS_MAX];                /* perception and discrepancy, variances */
    struct pl_likelihood_part part[PL_CAUSES_MAX + 1]; /* the last one in use is "other" */
};

/** How it is fitted. */
struct pl_likelihood_def {
    const double *weight; /* weight[cause * particles + k], sum 1 per cause */
    double kappa;         /* pooling */
    double discrepancy;   /* of the sd between causes */
    double perception;    /* 1: readings have the perception noise of the evidence; 0: none */
};

/**
 * Fit the densities of all live causes.
 *
 * @param def         weights and constants
 * @param evidence    the look over the bank
 * @param likelihood  filled
 */
void pl_likelihood_fit(const struct pl_likelihood_def *def,
                       const struct pl_evidence *evidence,
                       struct pl_likelihood *likelihood);

/**
 * The same without particle k of every cause.
 *
 * @param k  0..particles - 1; particles: none is left out
 */
void pl_likelihood_fit_apart(const struct pl_likelihood_def *def,
                             const struct pl_evidence *evidence,
                             uint32_t k,
                             struct pl_likelihood *likelihood);

/**
 * Log density of a reading.
 *
 * @param likelihood  fitted
 * @param part        cause, or cause_count for "other"
 * @param reading     numbers that are not shown are left out
 * @return nats; 0 for a cause that is not live
 */
double pl_likelihood_log(const struct pl_likelihood *likelihood,
                         uint32_t part,
                         const struct pl_reading *reading);

/**
 * Squared Mahalanobis distance of a reading under a cause, over the numbers that are shown.
 *
 * @param shown  filled: how many numbers that are
 */
double pl_likelihood_distance(const struct pl_likelihood *likelihood,
                              uint32_t part,
                              const struct pl_reading *reading,
                              uint32_t *shown);

/**
 * The same density without one particle of the cause.
 *
 * @param likelihood  fitted with `def`
 * @param def         as it was fitted
 * @param evidence    as it was fitted
 * @param cause       live
 * @param k           the particle that is left out
 * @param part        filled
 */
void pl_likelihood_without(const struct pl_likelihood *likelihood,
                           const struct pl_likelihood_def *def,
                           const struct pl_evidence *evidence,
                           uint32_t cause,
                           uint32_t k,
                           struct pl_likelihood_part *part);

/** Log density under one part, wherever it stands. */
double pl_likelihood_part_log(const struct pl_likelihood_part *part,
                              uint32_t dims,
                              const struct pl_reading *reading);

#endif
