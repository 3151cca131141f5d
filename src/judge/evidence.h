// SPDX-License-Identifier: Apache-2.0
//
// One look over the whole bank, reduced to the few numbers that the filter reads.
//
// Which features are kept is decided on the bank alone (never on the true observation): those that
// separate the causes best, one after the other, given those already kept. A key that is missing in
// some particles is missing there; whether it was shown is information of its own (bits).
#ifndef PL_JUDGE_EVIDENCE_H
#define PL_JUDGE_EVIDENCE_H

#include "judge/feature.h"
#include "scenario/scenario.h"

#include <stddef.h>
#include <stdint.h>

enum {
    PL_PARTICLES_MAX = 128,      /* particles per cause */
    PL_EVIDENCE_DIMS_MAX = 6,    /* numbers kept of a look */
    PL_EVIDENCE_BITS_MAX = 3,    /* present-or-not kept of a look */
    PL_EVIDENCE_PATTERNS_MAX = 8 /* 2^bits */
};

/** What is kept of a look. */
struct pl_evidence {
    uint32_t cause_count;
    uint32_t particles; /* per cause */
    uint32_t live;      /* bit h: cause h has particles here */
    uint32_t dims;      /* 0..PL_EVIDENCE_DIMS_MAX */
    uint32_t bits;      /* 0..PL_EVIDENCE_BITS_MAX */
    uint32_t features;  /* different keys seen in the bank */
    uint64_t key[PL_EVIDENCE_DIMS_MAX];
    uint64_t bit_key[PL_EVIDENCE_BITS_MAX];
    double sd[PL_EVIDENCE_DIMS_MAX];    /* perception, mean over the bank */
    double trust[PL_EVIDENCE_DIMS_MAX]; /* 0..1: share of the difference between causes that is
                                           more than the noise of their means */
    double gain[PL_EVIDENCE_DIMS_MAX];  /* nats that the feature added when it was chosen */
    const float *value;     /* value[(cause * particles + k) * dims + i]; NaN: not shown */
    const uint8_t *pattern; /* pattern[cause * particles + k]: bits that were shown */
};

/** What is kept of the true observation. */
struct pl_reading {
    double value[PL_EVIDENCE_DIMS_MAX]; /* NaN: not shown */
    uint32_t pattern;
};

/** Which particles count how much when features are chosen. */
struct pl_evidence_def {
    uint32_t cause_count; /* 1..PL_CAUSES_MAX */
    uint32_t particles;   /* per cause, 2..PL_PARTICLES_MAX */
    uint32_t live;        /* bit h: cause h takes part */
    uint32_t reserved;
    const double *belief; /* belief[cause]; NULL: all the same */
    const double *weight; /* weight[cause * particles + k], sum 1 per cause; NULL: all the same */
};

/** Bytes that pl_evidence_build needs for this many causes and particles. */
size_t pl_evidence_size(uint32_t cause_count, uint32_t particles);

/**
 * Reduce a look.
 *
 * @param def     borrowed for the call
 * @param sets    sets[cause * particles + k]; those of causes that are not live are not read
 * @param memory  pl_evidence_size bytes, aligned to 16, owned by the caller
 * @param size    bytes of memory
 * @return the evidence, inside `memory`
 */
struct pl_evidence *pl_evidence_build(const struct pl_evidence_def *def,
                                      const struct pl_feature_set *sets,
                                      void *memory,
                                      size_t size);

/** Read the same features from the true observation. */
void pl_evidence_read(const struct pl_evidence *evidence,
                      const struct pl_feature_set *observed,
                      struct pl_reading *reading);

#endif
