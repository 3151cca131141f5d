// SPDX-License-Identifier: Apache-2.0
//
// People: who can be asked, what they know or believe, and when their answers arrive.
//
// A question is matched to a topic by words: the topic's name, its keywords (`pool*` stands for
// every word that begins so) and nothing else. The answer is chosen when the question is asked and
// arrives after a drawn delay. Who is not available answers with the away text, or not at all.
#ifndef PL_OBSERVE_PEOPLE_H
#define PL_OBSERVE_PEOPLE_H

#include "base/error.h"
#include "observe/observe_types.h"

#include <stdbool.h>
#include <stdint.h>

/** A question on its way. */
struct pl_question {
    uint32_t person;
    uint32_t answer; /* index in answers, PL_NONE: unsure, PL_NONE - 1: away */
    int64_t asked_ns;
    int64_t due_ns; /* INT64_MAX: delivered, or never */
};

/** Everybody. */
struct pl_people {
    const struct pl_observe_def *def; /* borrowed */
    uint32_t question_count;
    uint32_t announced; /* announcements delivered, in order of time */
    struct pl_question questions[PL_OBSERVE_QUESTIONS_MAX];
};

/** Called for each answer and message that arrives. */
typedef void (*pl_people_sink)(void *context, const struct pl_observe_event *event);

/** Start; announcements before time 0 are not told. Announcements must ascend in time (checked). */
void pl_people_init(struct pl_people *people, const struct pl_observe_def *def);

/**
 * Use another definition. Messages that it would have told by `now_ns` count as told; questions on
 * their way keep their answers, so with any of them the definitions must have the same answers.
 */
void pl_people_rebind(struct pl_people *people, const struct pl_observe_def *def, int64_t now_ns);

/** Index of the person with this id or name (ASCII case ignored, first name is enough), PL_NONE. */
uint32_t pl_people_find(const struct pl_people *people, const char *name);

/** True when the person is available. */
bool pl_people_available(const struct pl_observe_person *person, int64_t now_ns);

/**
 * Answer of a person that fits a question best at a moment.
 *
 * @return index in answers, PL_NONE when the person has nothing to say about it
 */
uint32_t pl_people_match(const struct pl_people *people,
                         uint32_t person,
                         const char *question,
                         int64_t now_ns);

/**
 * Ask. The n-th question of a session draws its own delay.
 *
 * @param expected_s  filled: usual delay of this person in seconds
 * @param err         sentence: unknown person, too many questions
 */
pl_status pl_people_ask(struct pl_people *people,
                        int64_t now_ns,
                        const char *person,
                        const char *question,
                        double *expected_s,
                        pl_error *err) __attribute__((warn_unused_result));

/**
 * What a person would answer in the end; nothing is asked.
 *
 * @param event  filled: the answer, due at once
 * @param err    unknown person
 * @return PL_OK; PL_CONFLICT when nobody would answer at all
 */
pl_status pl_people_foretell(const struct pl_people *people,
                             int64_t now_ns,
                             const char *person,
                             const char *question,
                             struct pl_observe_event *event,
                             pl_error *err) __attribute__((warn_unused_result));

/** Next moment at which something arrives, INT64_MAX when nothing does. */
int64_t pl_people_next(const struct pl_people *people);

/** Deliver what is due at `now_ns`, in order of time. */
void pl_people_advance(struct pl_people *people,
                       int64_t now_ns,
                       pl_people_sink sink,
                       void *context);

#endif
