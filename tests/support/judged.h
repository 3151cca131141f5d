// SPDX-License-Identifier: Apache-2.0
//
// A form of the test scenario slow-till, run to some moment, without a session: what rollouts and
// value tables start from.
#ifndef PL_TESTS_SUPPORT_JUDGED_H
#define PL_TESTS_SUPPORT_JUDGED_H

#include "model/model.h"
#include "scenario/scenario.h"

#include <stdbool.h>

/** A running form with everything it borrows. */
struct test_judged {
    struct pl_world *world;
    struct pl_scenario *scenario;
    struct pl_opening *opening;
    struct pl_state *state;
    void *fork_memory; /* room for one fork */
    size_t state_size;
};

/** Directory of the test content; set from the test's first argument. */
extern const char *test_judged_content;

/** Open a form and run it to `after_s` seconds after its opening; fails the test on any error. */
struct test_judged *test_judged_open(uint64_t seed, double after_s);

/** Exactly the same number. */
static inline bool test_judged_same(double a, double b)
{
    return !(a < b) && !(a > b);
}

/** Give everything back. */
void test_judged_close(struct test_judged *judged);

#endif
