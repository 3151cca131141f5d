// SPDX-License-Identifier: Apache-2.0
//
// A judge over a small session for tests: scenario torn-till of tests/content, four worlds per
// cause.
#ifndef PL_TESTS_SUPPORT_TRIALS_H
#define PL_TESTS_SUPPORT_TRIALS_H

#include "judge/judge.h"
#include "judge/judge_types.h"
#include "judge/trunk.h"

#include <stdbool.h>

/** A judge with everything it borrows. */
struct test_judge {
    struct pl_world *world;
    struct pl_scenario *scenario;
    struct pl_judge *judge;
    struct pl_report *report; /* filled by test_judge_finish */
    void *memory;
    size_t size;
    int64_t seq;
    bool borrows; /* world and scenario belong to another one */
};

/** Directory of the test content; set from the test's first argument. */
extern const char *test_judge_content;

/** Open a judge; fails the test when that does not work. */
struct test_judge *test_judge_open(uint64_t seed, const struct pl_parallel *parallel);

/** Open a judge with another number of worlds per cause. */
struct test_judge *test_judge_open_wide(uint64_t seed, uint32_t particles);

/** Open a judge of the same scenario as another one in a trunk, with the other's content. */
struct test_judge *
test_judge_open_in(const struct test_judge *other, struct pl_trunk *trunk, uint64_t seed);

/** What judges are opened with. */
struct pl_judge_def test_judge_def(const struct test_judge *judge, uint64_t seed);

/** Feed a command at the session's present; fails the test when it is refused. */
void test_judge_feed(struct test_judge *judge, const char *command);

/** Feed a short session: two looks, a statement, a wrong act, a wait, a look, an update, close. */
void test_judge_play(struct test_judge *judge);

/** Finish and return the report. */
const struct pl_report *test_judge_finish(struct test_judge *judge);

/** Give everything back. */
void test_judge_close(struct test_judge *judge);

#endif
