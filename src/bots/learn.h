// SPDX-License-Identifier: Apache-2.0
//
// Learning what bots know about a scenario, from forms with seeds of its own.
//
//   1. pl_learn_form   plays one form of a known cause with the live clock: every look at every
//                      moment, read as the bots read. A form that does not send the page is
//                      refused.
//   2. pl_learn_moves  forks one form's run for each move and measures the damage after it.
//   3. pl_distil (distil.h) keeps of each look the numbers that tell causes apart.
//
// The steps are independent tasks; the caller may run them on threads. No remedy that the scenario
// lists for a cause is read: what helps is what was measured.
#ifndef PL_BOTS_LEARN_H
#define PL_BOTS_LEARN_H

#include "base/buf.h"
#include "base/error.h"
#include "bots/catalogue.h"
#include "bots/knowledge.h"
#include "model/world.h"
#include "scenario/scenario.h"

#include <stdint.h>

enum {
    PL_LEARN_ITEMS_MAX = 24000, /* numbers of one form */
    PL_LEARN_TRIES_MAX = 4      /* seeds tried until a form sends the page */
};

/** What is learned from. */
struct pl_learn_def {
    const struct pl_world *world; /* sealed, borrowed */
    const struct pl_scenario *scenario;
    uint64_t seed; /* parent of all seeds of the learning */
};

/** Memory of a worker, owned by the caller. */
struct pl_learn_desk {
    void *session; /* pl_session_size bytes, aligned to 16 */
    size_t session_size;
    struct pl_buf answer; /* PL_ANSWER_SIZE_MAX */
    struct pl_buf entry;  /* PL_ENTRY_SIZE_MAX */
    void *states[2];      /* pl_model_size bytes each, aligned to 64 */
    size_t state_size;
};

/** A number that was read. */
struct pl_learn_item {
    uint64_t key;
    double value;
};

/** All numbers of one form. */
struct pl_learn_form {
    uint32_t cause;
    uint32_t accepted; /* 1: the form sends the page */
    uint32_t tries;
    uint32_t item_count;
    uint32_t first[PL_KNOWN_TIMES][PL_KNOWN_LOOKS_MAX]; /* items of a look at a moment */
    uint32_t count[PL_KNOWN_TIMES][PL_KNOWN_LOOKS_MAX];
    struct pl_learn_item items[PL_LEARN_ITEMS_MAX];
};

/** Fill names, claims, priors, cadence and looks; traits and remedies stay empty. */
void pl_learn_begin(const struct pl_learn_def *def, struct pl_knowledge *knowledge);

/**
 * Play a form and take everything down.
 *
 * @param def        what to learn from
 * @param knowledge  with its looks
 * @param cause      of the form
 * @param index      number of the form, decides its seeds
 * @param desk       memory, overwritten
 * @param form       filled
 * @param err        sentence
 * @return PL_OK also when no try sent the page (see `accepted`), or why a form cannot be opened
 */
pl_status pl_learn_form(const struct pl_learn_def *def,
                        const struct pl_knowledge *knowledge,
                        uint32_t cause,
                        uint32_t index,
                        struct pl_learn_desk *desk,
                        struct pl_learn_form *form,
                        pl_error *err) __attribute__((warn_unused_result));

/** Moves to measure, and what was measured. */
struct pl_learn_trial {
    uint32_t cause;
    uint32_t index; /* number of the form, decides its seed */
    uint32_t move_count;
    double none;                           /* damage per minute without any act, fleet */
    double damage[PL_CATALOGUE_MOVES_MAX]; /* after a move; negative: it was refused */
    uint32_t skip[PL_CATALOGUE_MOVES_MAX]; /* 1: not measured */
};

/**
 * Measure moves on one form, decided three minutes after the opening.
 *
 * @param def    what to learn from
 * @param moves  moves[trial->move_count]
 * @param trial  cause, index, move_count and skip are given; the rest is filled
 * @param desk   memory, overwritten
 * @param err    sentence
 * @return PL_OK or why the form cannot be run
 */
pl_status pl_learn_moves(const struct pl_learn_def *def,
                         const struct pl_catalogue_move *moves,
                         struct pl_learn_trial *trial,
                         struct pl_learn_desk *desk,
                         pl_error *err) __attribute__((warn_unused_result));

/**
 * Keep the moves that help against something, or that are tempting and harm.
 *
 * @param moves      all moves that were measured
 * @param trials     trials[trial_count], any number per cause, with the same moves
 * @param knowledge  gains remedies and rates
 */
void pl_learn_remedies(const struct pl_catalogue_move *moves,
                       const struct pl_learn_trial *trials,
                       uint32_t trial_count,
                       struct pl_knowledge *knowledge);

#endif
