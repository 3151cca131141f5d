// SPDX-License-Identifier: Apache-2.0
//
// Learning what bots know about a scenario, from forms with seeds of its own.
//
//   1. pl_learn_form       plays one form of a known cause with the live clock: every look at every
//                          moment, read as the bots read. A form that does not send the page is
//                          refused.
//   2. pl_interview (interview.h) asks everybody everything, once per cause.
//   3. pl_learn_moves      forks one form's run for each move and measures the damage after it.
//   4. pl_distil (distil.h) keeps of each look the numbers that tell causes apart.
//
// The first forms of each cause are taken with all looks of the catalogue. Which of them tell most
// is what pl_learn_keep keeps, and later forms are taken with these alone.
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
    PL_LEARN_ITEMS_MAX = 48000, /* numbers of one form */
    PL_LEARN_LOOKS_MAX = 48,    /* looks that are learned: the file has to stay small */
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
    uint32_t well; /* 1: the panels of the paged service show nothing wrong at the first moment */
    uint32_t reserved;
    uint32_t first[PL_KNOWN_TIMES][PL_CATALOGUE_LOOKS_MAX]; /* items of a look at a moment */
    uint32_t count[PL_KNOWN_TIMES][PL_CATALOGUE_LOOKS_MAX];
    struct pl_learn_item items[PL_LEARN_ITEMS_MAX]; /* those past item_count are not set */
};

/** Looks that may be learned, and those that are. */
struct pl_learn_looks {
    uint32_t count;
    uint32_t reserved;
    struct pl_known_look items[PL_CATALOGUE_LOOKS_MAX];
};

/** Fill names, claims, priors and cadence; looks and remedies stay empty. */
void pl_learn_begin(const struct pl_learn_def *def, struct pl_knowledge *knowledge);

/**
 * Play a form and take everything down that is shown at once; questions are left out.
 *
 * @param def    what to learn from
 * @param looks  to take
 * @param cause  of the form
 * @param index  number of the form, decides its seeds
 * @param desk   memory, overwritten
 * @param form   filled
 * @param err    sentence
 * @return PL_OK also when no try sent the page (see `accepted`), or why a form cannot be opened
 */
pl_status pl_learn_form(const struct pl_learn_def *def,
                        const struct pl_learn_looks *looks,
                        uint32_t cause,
                        uint32_t index,
                        struct pl_learn_desk *desk,
                        struct pl_learn_form *form,
                        pl_error *err) __attribute__((warn_unused_result));

/** Add a number to a look at a moment after all of the form have been taken; room permitting. */
void pl_learn_add(
    struct pl_learn_form *form, uint32_t time, uint32_t look, uint64_t key, double value);

/**
 * Keep the looks that tell most, in their order, and forget the others.
 *
 * The runbook's looks always stay. Questions that tell anything stay before panels: what only
 * people know shows nowhere else.
 *
 * @param worth      of each look, worth[looks->count]
 * @param looks      shortened to PL_LEARN_LOOKS_MAX at most
 * @param forms      forms[form_count] that were taken with all looks, changed to the kept ones
 * @param form_count any number
 * @param places     filled: where each kept look stood before, places[PL_LEARN_LOOKS_MAX]
 */
void pl_learn_keep(const double *worth,
                   struct pl_learn_looks *looks,
                   struct pl_learn_form *forms,
                   uint32_t form_count,
                   uint32_t *places);

/** Moves to measure, and what was measured. */
struct pl_learn_trial {
    uint32_t cause;
    uint32_t index; /* number of the form, decides its seed */
    uint32_t move_count;
    double none;                            /* damage per minute without any act, fleet */
    double without[PL_CATALOGUE_MOVES_MAX]; /* the same at the time that a move is measured */
    double damage[PL_CATALOGUE_MOVES_MAX];  /* after a move; negative: it was refused */
    uint32_t skip[PL_CATALOGUE_MOVES_MAX];  /* 1: not measured */
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
 * Keep the moves that help against something, or that are tempting and harm. When these are too
 * many, those that help most stay, the best against each cause before all.
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
