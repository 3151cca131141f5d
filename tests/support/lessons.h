// SPDX-License-Identifier: Apache-2.0
//
// What bots have learned about an incident of three causes, small enough to check by hand.
//
//   cause    prior  panel `first`  panel `second`  panel `dear`   remedy
//   pool     .5     high           middle          low            flag slow-path 0%
//   vendor   .3     low            high            middle         timeout api/vendor 200ms
//   index    .2     low            low             high           create-index db/list
//
// `first` and `second` cost 30 s, `dear` 300 s, `idle` 30 s and tells nothing. The fourth remedy,
// `failover db`, leaves 45 % of the damage of an index and doubles that of the others.
#ifndef PL_TESTS_SUPPORT_LESSONS_H
#define PL_TESTS_SUPPORT_LESSONS_H

#include "bots/bot.h"
#include "bots/knowledge.h"

enum {
    TEST_POOL,
    TEST_VENDOR,
    TEST_INDEX,
    TEST_CAUSES,
    TEST_LOOK_IDLE = 0,
    TEST_LOOK_FIRST,
    TEST_LOOK_SECOND,
    TEST_LOOK_DEAR,
    TEST_LOOKS,
    TEST_FORMS = 12
};

/** The table above; static memory, made anew by each call. */
struct pl_knowledge *test_lesson(void);

/** Make a question to a person of a look of the lesson; what it tells stays. */
void test_lesson_question(struct pl_known_look *look, const char *person, double delay_s);

/** Value that a panel's series has to stand at for a level. */
double test_lesson_value(const struct pl_known_trait *trait, uint8_t level);

/** Answer to the opening: page of `api`, 2400 s. */
const char *test_lesson_opening(void);

/** Answer of a look at a panel whose one series stands at `value`. */
const char *test_lesson_panel(double t_s, double value);

/** Answer to a wait in which a person answers. */
const char *test_lesson_heard(double t_s, const char *person, const char *text);

/** Answer to a command that shows nothing, such as a wait. */
const char *test_lesson_answer(double t_s, const char *kind);

/** Start a bot of the roster with the lesson, seed 1 and a secret cause; static memory. */
struct pl_bot *test_lesson_bot(const char *name, uint32_t cause);

/** Hand over an answer and return the next command, valid until the next call; "" at the end. */
const char *test_lesson_next(struct pl_bot *bot, const char *answer);

#endif
