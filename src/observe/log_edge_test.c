// SPDX-License-Identifier: Apache-2.0
#include "observe/log_edge.h"

#include "support/observed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct pl_observe_def def = {.seed = 4};

struct tally {
    uint32_t fine;
    uint32_t other;
    int64_t low_ns;
    int64_t high_ns;
    struct pl_edge_line last;
};

static void count(void *context, const struct pl_edge_line *line)
{
    struct tally *tally = context;
    tally->fine += line->code == PL_CODE_OK ? 1 : 0;
    tally->other += line->code == PL_CODE_OK ? 0 : 1;
    tally->low_ns = line->t_ns < tally->low_ns ? line->t_ns : tally->low_ns;
    tally->high_ns = line->t_ns > tally->high_ns ? line->t_ns : tally->high_ns;
    tally->last = *line;
}

static void lines_are_one_of_a_hundred_of_the_fleets_answers(void **test_state)
{
    (void)test_state;
    struct pl_test_observed run;
    struct tally tally = {.low_ns = INT64_MAX};
    pl_test_observed_start(&run, &def, 3);
    pl_test_observed_run(&run, 301.0);
    for (uint32_t sample = 1; sample <= 20; sample++) {
        pl_log_edge_interval(run.observe, sample, count, &tally);
    }
    double answered = 0.0;
    for (uint32_t route = 0; route < 2; route++) {
        answered += (double)run.record->routes[route].completed * 4.0;
    }
    assert_true((double)tally.fine > answered / 100.0 * 0.95 - 30.0);
    assert_true((double)tally.fine < answered / 100.0 * 1.02 + 1.0);
    assert_true(tally.low_ns >= 0 && tally.high_ns <= INT64_C(300) * 1000000000);
    pl_log_edge_put(run.observe, &tally.last, &run.out);
    assert_true(pl_test_observed_has(&run, "[2026-11-21T10:"));
    assert_true(pl_test_observed_has(&run, "HTTP/2\" 200 - "));
    assert_true(pl_test_observed_has(&run, "\"storefront\""));
    pl_test_observed_end(&run);
}

static void codes_have_their_response_flags(void **test_state)
{
    (void)test_state;
    struct pl_test_observed run;
    pl_test_observed_start(&run, &def, 3);
    pl_test_observed_run(&run, 15.0);
    static const struct {
        uint32_t code;
        const char *text;
    } cases[] = {{PL_CODE_TIMEOUT, " 504 UT "},
                 {PL_CODE_LIMITED, " 429 RL "},
                 {PL_CODE_UNAVAILABLE, " 503 U"},
                 {PL_CODE_NOT_FOUND, " 404 - "}};
    for (uint32_t i = 0; i < 4; i++) {
        struct pl_edge_line line = {1000, 7, 3, cases[i].code, 0.25};
        pl_test_observed_clear(&run);
        pl_log_edge_put(run.observe, &line, &run.out);
        assert_true(pl_test_observed_has(&run, cases[i].text));
        assert_false(pl_test_observed_has(&run, "{id}")); /* the path that was asked for */
    }
    pl_test_observed_end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_one_of_a_hundred_of_the_fleets_answers),
        cmocka_unit_test(codes_have_their_response_flags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
