// SPDX-License-Identifier: Apache-2.0
#include "observe/traces.h"

#include "observe/log_text.h"
#include "support/observed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct pl_observe_def def = {.seed = 4};
static struct pl_test_observed run;

static int start(void **test_state)
{
    (void)test_state;
    pl_test_observed_start(&run, &def, 3);
    pl_test_observed_run(&run, 120.0);
    return 0;
}

static int stop(void **test_state)
{
    (void)test_state;
    pl_test_observed_end(&run);
    return 0;
}

static void list(struct pl_traces_look look)
{
    pl_test_observed_clear(&run);
    if (pl_traces_look(&run.scene, &look, &run.out, &run.err) != PL_OK) {
        fail_msg("%s", run.err.message);
    }
    assert_true(pl_test_observed_is_json(&run));
}

static void lists_are_filtered_and_slowest_first(void **test_state)
{
    (void)test_state;
    list((struct pl_traces_look){.limit = 5});
    assert_int_equal(pl_test_observed_count(&run, "],[") + 1, 5);
    list((struct pl_traces_look){.service = "checkout", .route = "place-order", .limit = 100});
    assert_true(pl_test_observed_has(&run, "POST /buy"));
    assert_false(pl_test_observed_has(&run, "\"POST /\""));
    list((struct pl_traces_look){.min_ms = 1e7});
    assert_true(pl_test_observed_has(&run, "\"rows\":[]"));
    list((struct pl_traces_look){.route = "/orders", .limit = 3});
    assert_true(pl_test_observed_has(&run, "5 % of all requests are sampled."));
}

static void a_waterfall_has_the_spans_of_its_trace(void **test_state)
{
    (void)test_state;
    list((struct pl_traces_look){.service = "checkout", .limit = 1});
    char id[17];
    memcpy(id, strstr(run.out.data, "\"rows\":[[\"") + 10, 16);
    id[16] = '\0';
    pl_test_observed_clear(&run);
    assert_int_equal(pl_traces_one(&run.scene, id, &run.out, &run.err), PL_OK);
    assert_true(pl_test_observed_is_json(&run));
    assert_true(pl_test_observed_has(&run, "\"name\":\"POST /buy\",\"service\":\"storefront\""));
    assert_true(pl_test_observed_has(&run, "\"kind\":\"SERVER\",\"start_ms\":0,"));
    assert_true(pl_test_observed_has(&run, "\"kind\":\"CLIENT\""));
    /* Each parent is there, or the span is a root. */
    const char *at = run.out.data;
    while ((at = strstr(at, "\"parent\":\"")) != NULL) {
        char parent[40];
        snprintf(parent, sizeof(parent), "\"id\":\"%.16s\"", at + 10);
        assert_true(pl_test_observed_has(&run, parent));
        at += 10;
    }
}

static void ids_may_be_short_but_not_ambiguous(void **test_state)
{
    (void)test_state;
    pl_test_observed_clear(&run);
    assert_int_equal(pl_traces_one(&run.scene, "ab", &run.out, &run.err), PL_BAD_INPUT);
    pl_test_observed_clear(&run);
    assert_int_equal(pl_traces_one(&run.scene, "not-an-id", &run.out, &run.err), PL_NOT_FOUND);
    assert_non_null(strstr(run.err.message, "was not sampled"));
    pl_test_observed_clear(&run);
    struct pl_traces_look look = {.service = "chekout"};
    assert_int_equal(pl_traces_look(&run.scene, &look, &run.out, &run.err), PL_NOT_FOUND);
    pl_test_observed_clear(&run);
    look = (struct pl_traces_look){.route = "/nowhere"};
    assert_int_equal(pl_traces_look(&run.scene, &look, &run.out, &run.err), PL_NOT_FOUND);
}

static void clocks_differ_by_at_most_30_ms(void **test_state)
{
    (void)test_state;
    struct pl_fleet *fleet = calloc(1, sizeof(*fleet));
    int64_t highest = 0;
    for (uint64_t seed = 0; seed < 50; seed++) {
        pl_fleet_init(fleet, run.world, seed, 0.0);
        for (uint32_t pod = 0; pod < 20; pod++) {
            int64_t skew = pl_traces_skew_ns(fleet, pod);
            skew = skew < 0 ? -skew : skew;
            assert_true(skew <= 30000000);
            highest = skew > highest ? skew : highest;
        }
    }
    assert_true(highest > 25000000);
    free(fleet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_filtered_and_slowest_first),
        cmocka_unit_test(a_waterfall_has_the_spans_of_its_trace),
        cmocka_unit_test(ids_may_be_short_but_not_ambiguous),
        cmocka_unit_test(clocks_differ_by_at_most_30_ms),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
