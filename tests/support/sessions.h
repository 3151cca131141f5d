// SPDX-License-Identifier: Apache-2.0
//
// A small session for tests: scenario slow-till of tests/content, read and opened in memory.
#ifndef PL_TESTS_SUPPORT_SESSIONS_H
#define PL_TESTS_SUPPORT_SESSIONS_H

#include "scenario/scenario.h"
#include "session/session.h"
#include "text/json_in.h"

/** An open session with everything it borrows. */
struct test_session {
    struct pl_world *world;
    struct pl_scenario *scenario;
    struct pl_session *session;
    void *memory;
    char *answer_memory;
    char *entry_memory;
    struct pl_buf answer; /* of the last command */
    struct pl_buf entry;
    struct pl_outcome outcome; /* of the last command */
    json_t *json;              /* parsed answer of the last command */
};

/** Directory of the test content; set from the test's first argument. */
extern const char *test_content;

/** Open a session; fails the test when that does not work. */
struct test_session *test_session_open(uint64_t seed, enum pl_clock clock);

/** Apply a command at the session's present and return the parsed answer, valid until the next. */
const json_t *test_session_apply(struct test_session *session, const char *command);

/** As above at a moment of the live clock. */
const json_t *
test_session_apply_at(struct test_session *session, int64_t now_ns, const char *command);

/** The answer's error code, "" when there is none. */
const char *test_session_error(const struct test_session *session);

/** Exactly the same number. */
static inline bool test_same(double a, double b)
{
    return !(a < b) && !(a > b);
}

/** Give everything back. */
void test_session_close(struct test_session *session);

#endif
