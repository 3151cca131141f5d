// SPDX-License-Identifier: Apache-2.0
//
// What people answer when they are asked: learned by asking everybody everything.
//
// One interview is held per cause, in incidents of that cause with the clock of turns: whoever owes
// no answer is asked the next question. An answer hangs on the cause and the person, not on how bad
// the incident is, so one interview stands for all forms of its cause.
#ifndef PL_BOTS_INTERVIEW_H
#define PL_BOTS_INTERVIEW_H

#include "bots/learn.h"

/** What was heard in one interview, by look; looks that are no questions stay empty. */
struct pl_interview {
    uint32_t cause;
    uint32_t asked;    /* questions */
    uint32_t answered; /* of them */
    uint32_t reserved;
    uint64_t keys[PL_CATALOGUE_LOOKS_MAX];   /* of the answer's text (reading.h); 0: none came */
    double values[PL_CATALOGUE_LOOKS_MAX];   /* under these keys */
    double delays_s[PL_CATALOGUE_LOOKS_MAX]; /* from the question to the answer */
};

/**
 * Hold an interview.
 *
 * @param def        what to learn from
 * @param looks      its questions are asked
 * @param cause      of the incidents
 * @param desk       memory, overwritten
 * @param interview  filled
 * @param err        sentence
 * @return PL_OK or why an incident cannot be opened
 */
pl_status pl_interview_hold(const struct pl_learn_def *def,
                            const struct pl_learn_looks *looks,
                            uint32_t cause,
                            struct pl_learn_desk *desk,
                            struct pl_interview *interview,
                            pl_error *err) __attribute__((warn_unused_result));

/** Take the answers of a cause's interview down as what a form of this cause shows. */
void pl_interview_tell(const struct pl_interview *interview,
                       const struct pl_learn_looks *looks,
                       struct pl_learn_form *form);

/** Follow pl_learn_keep: `places` as it filled them for `count` kept looks. */
void pl_interview_keep(struct pl_interview *interview, const uint32_t *places, uint32_t count);

/**
 * Set the delay of each question to the mean of what was met.
 *
 * @param interviews  interviews[count]
 * @param count       1 or more
 * @param looks       changed
 */
void pl_interview_delays(const struct pl_interview *interviews,
                         uint32_t count,
                         struct pl_learn_looks *looks);

#endif
