// SPDX-License-Identifier: Apache-2.0
//
// Trials of failures that outlive their trigger: a world, a trigger on its timeline, and the
// question whether it is still down long after the trigger is gone.
#ifndef PL_REPORT_STORM_H
#define PL_REPORT_STORM_H

#include "fidelity/report/anchor.h"

enum {
    PL_TRIAL_CHANGES_MAX = 8,
    PL_TRIAL_BIN_S = 5,
    PL_TRIAL_BINS_MAX = 80,
    PL_TRIAL_STATES = 4,  /* independent pasts of rollouts */
    PL_TRIAL_FUTURES = 50 /* rollouts of each */
};

/** A change of a trial. */
struct pl_trial_change {
    const char *path;
    double value;
    double at_s;
};

/** A world, what happens to it, and when it counts as down. */
struct pl_trial {
    const struct pl_world *world; /* owned, sealed */
    uint32_t change_count;
    uint32_t reserved;
    double end_s;      /* a multiple of the bin; the last 20 s are judged */
    double fork_s;     /* rollouts part here, before the trigger */
    double down_below; /* share of requests answered well, below: down */
    struct pl_trial_change changes[PL_TRIAL_CHANGES_MAX];
};

/** A trial without changes that is down below one half. Takes the world. */
struct pl_trial pl_trial_of(const struct pl_world *world, double end_s);

/** Add a change. */
void pl_trial_add(struct pl_trial *trial, const char *path, double value, double at_s);

/** Free the trial's world. */
void pl_trial_free(struct pl_trial *trial);

/**
 * Run once. The share of offered requests that was answered well in the last 20 s.
 *
 * @param bins  filled with good answers per second in bins of PL_TRIAL_BIN_S, or NULL
 */
double
pl_trial_run(struct pl_report *report, const struct pl_trial *trial, uint64_t seed, double *bins);

/** How many of `count` independent runs stay down. */
uint32_t pl_trial_down(struct pl_report *report,
                       const struct pl_trial *trial,
                       uint64_t seed0,
                       uint32_t count);

/**
 * How many futures stay down, of PL_TRIAL_FUTURES from each of PL_TRIAL_STATES states at `fork_s`:
 * forks with draws of their own, as the judge makes them.
 */
uint32_t pl_trial_rollouts(struct pl_report *report, const struct pl_trial *trial, uint64_t seed0);

/** Whether a trial must stay down: in nine of ten runs at least, or in one of ten at most. */
enum pl_trial_claim { PL_TRIAL_WELL, PL_TRIAL_DOWN };

/** Run PL_ANCHOR_SEEDS seeds and add a row; frees the trial's world. */
void pl_trial_row(struct pl_report *report,
                  const char *anchor,
                  const char *parameters,
                  struct pl_trial *trial,
                  enum pl_trial_claim claim);

/**
 * The same from rollouts, which give the probability. The claim is that the outcome is the likelier
 * one, by the whole of the interval.
 */
void pl_trial_rollout_row(struct pl_report *report,
                          const char *anchor,
                          const char *parameters,
                          struct pl_trial *trial,
                          enum pl_trial_claim claim);

#endif
