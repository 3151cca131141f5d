// SPDX-License-Identifier: Apache-2.0
//
// What moves and looks are worth to a bot, in minutes of the incident's mean damage.
//
// A move costs its lead time and then the share that it leaves, until another way is found. To look
// first costs the time of the looks, and then the best move under what they will have shown, with
// the learned forms as possible truths. Looks are taken in sequences: one alone is seldom worth it.
// A question costs little, but its answer comes later; other looks are taken meanwhile.
//
// Where nothing shows how users fare, moves that have been made count as what they were learned to
// do: causes that they cure hurt no longer, and to do nothing more becomes an option.
#ifndef PL_BOTS_PLANNER_H
#define PL_BOTS_PLANNER_H

#include "bots/filter.h"
#include "bots/knowledge.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_PLAN_SEQUENCE_MAX = 4, /* looks planned ahead */
    PL_PLAN_DIRECT_MAX = 6,   /* first looks compared, best by bits per second */
    PL_PLAN_LOOKS_MAX = 8     /* with the best questions */
};

/** The situation. */
struct pl_plan {
    const struct pl_filter *filter;
    double posterior[PL_KNOWN_CAUSES_MAX]; /* belief acted on */
    double t_s;                            /* since the opening */
    double left_s;                         /* until the end */
    uint64_t looked;                       /* bit per look that is not worth repeating now */
    uint64_t tried;                        /* bit per move that has been made */
    uint64_t busy;                         /* bit per question whose person owes an answer */
    uint64_t pending;                      /* bit per question that has been asked */
    double waits_s[PL_KNOWN_LOOKS_MAX];    /* until the answer of a pending one comes */
    double relieved[PL_KNOWN_CAUSES_MAX];  /* share of a cause's damage that is cured, 0..1 */
    bool may_rest;                         /* to do nothing more is an option */
};

/** Expected cost of a move if `cause` is the truth. */
double pl_plan_loss(const struct pl_plan *plan, uint32_t remedy, uint32_t cause);

/** Expected cost of a move under a belief. */
double pl_plan_move(const struct pl_plan *plan, const double *belief, uint32_t remedy);

/** Expected cost of doing nothing more under a belief. */
double pl_plan_rest(const struct pl_plan *plan, const double *belief);

/** Best untried move under a belief; PL_KNOWN_REMEDIES_MAX when none is left. Fills its cost. */
uint32_t pl_plan_best_move(const struct pl_plan *plan, const double *belief, double *cost);

/**
 * Best untried move against one cause; PL_KNOWN_REMEDIES_MAX when none helps.
 *
 * @param plan   its belief is not used
 * @param cause  taken for certain
 */
uint32_t pl_plan_move_against(const struct pl_plan *plan, uint32_t cause);

/** A look that might come first. */
struct pl_plan_look {
    uint32_t look;
    uint32_t reserved;
    double bits; /* expected */
    double rate; /* bits per second */
    double cost; /* of looking, perhaps further, then moving */
};

/** Rank looks by expected bits per second: looks[max], best first; returns how many are of use. */
uint32_t pl_plan_rank(const struct pl_plan *plan, struct pl_plan_look *looks, uint32_t max);

/**
 * As pl_plan_rank with PL_PLAN_DIRECT_MAX, then the best questions by bits per second of asking,
 * with the cost of each as the first of a sequence. looks[PL_PLAN_LOOKS_MAX].
 */
uint32_t pl_plan_looks(const struct pl_plan *plan, struct pl_plan_look *looks);

#endif
