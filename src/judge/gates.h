// SPDX-License-Identifier: Apache-2.0
//
// Is a scenario fit to be judged? Ten gates of numbers, each with its threshold.
//
//   Q1   every cause sends the page, and the page leaves it open which it is
//   Q2   it can be solved: by the planner, and by looking for ten minutes under every cause
//   Q3   looking before acting beats acting on the prior
//   Q4   no move is good whatever the cause
//   Q5   no single look tells it all
//   Q6   causes that need different moves can be told apart, or one move serves both
//   Q7   moves differ in what they risk
//   Q8   beliefs are calibrated
//   Q9   there are enough moments at which something is at stake
//   Q10  red herrings are there, and taking back a suspect wins no more often than it is guilty
//
// Source: JUDGE.md section 9.
#ifndef PL_JUDGE_GATES_H
#define PL_JUDGE_GATES_H

#include "judge/constants.h"
#include "judge/eig.h"
#include "judge/gate_paths.h"
#include "judge/holdout.h"
#include "judge/look_list.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_GATES = 10,
    PL_GATE_FIGURES_MAX = 3,
    PL_GATE_WHAT_MAX = 96,
    PL_GATE_TEXT_MAX = 240,
    PL_GATE_LOOKS_MAX = 256 /* all of a list: people come last in it */
};

/** One number of a gate. */
struct pl_gate_figure {
    char what[PL_GATE_WHAT_MAX];
    double value;
    double limit;
    uint32_t at_least; /* 1: not below the limit, 0: not above it */
    uint32_t met;
};

/** One gate. */
struct pl_gate {
    uint32_t figure_count; /* 0: it was not measured */
    uint32_t reserved;
    struct pl_gate_figure figures[PL_GATE_FIGURES_MAX];
    char detail[PL_GATE_TEXT_MAX]; /* which cause, move or look the numbers are of */
    char advice[PL_GATE_TEXT_MAX]; /* what to change when it is missed */
};

/** All gates of a scenario; gates[0] is Q1. Zeroed is unmeasured. */
struct pl_gates {
    struct pl_gate gates[PL_GATES];
};

/** What most gates are judged by. Pointers are borrowed for the call. */
struct pl_gates_def {
    const struct pl_scenario *scenario;
    const struct pl_constants *constants; /* with one node or more */
    const struct pl_look_list *looks;
    const struct pl_predictive *predictive; /* at the opening, of the looks below */
    const uint32_t *look_of;                /* look_of[look_count]: position in the list */
    const struct pl_eig_value *bits;        /* bits[look_count]: expected of classes */
    const double *belief;                   /* belief[cause_count] at the opening, sums to 1 */
    int64_t opens_ns;
    uint64_t seed;
};

/** Short name of a gate, 0..PL_GATES-1. */
const char *pl_gate_title(uint32_t index);

/** True when it was measured and all its numbers are within their limits. */
bool pl_gate_met(const struct pl_gate *gate);

/** Judge all gates but Q8 and the planner's half of Q2. */
void pl_gates_judge(const struct pl_gates_def *def, struct pl_gates *gates);

/**
 * Add to Q2 how the planner does.
 *
 * @param median  of its damage over that of doing nothing
 * @param forms   that it played
 */
void pl_gates_add_planner(struct pl_gates *gates, double median, uint32_t forms);

/**
 * Judge Q8.
 *
 * @param holdout  sessions of worlds held out
 * @param eta      learning rate that they were believed with
 * @param suited   the one that would have suited others of their kind best
 */
void pl_gates_add_beliefs(struct pl_gates *gates,
                          const struct pl_holdout *holdout,
                          double eta,
                          double suited);

#endif
