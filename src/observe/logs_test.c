// SPDX-License-Identifier: Apache-2.0
#include "observe/logs.h"

#include "support/observed.h"
#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct pl_observe_def def = {.seed = 11};
static struct pl_test_observed run;

static int start(void **test_state)
{
    (void)test_state;
    pl_test_observed_start(&run, &def, 3);
    /* An hour of health would be long; five quiet minutes, then trouble. */
    pl_test_change(run.world, run.state, "flag.inline", 1.0, 300.0);
    pl_test_change(run.world, run.state, "vendor.payment.latency", 40.0, 300.0);
    pl_test_observed_run(&run, 600.0);
    return 0;
}

static int stop(void **test_state)
{
    (void)test_state;
    pl_test_observed_end(&run);
    return 0;
}

static long member(const char *name)
{
    char key[32];
    snprintf(key, sizeof(key), "\"%s\":", name);
    const char *at = strstr(run.out.data, key);
    assert_non_null(at);
    return strtol(at + strlen(key), NULL, 10);
}

static void look(struct pl_logs_look logs)
{
    pl_test_observed_clear(&run);
    pl_status status = pl_logs_look(&run.scene, &logs, &run.out, &run.err);
    if (status != PL_OK) {
        fail_msg("%s", run.err.message);
    }
    assert_true(pl_test_observed_is_json(&run));
}

static void counts_are_exact_whatever_is_shown(void **test_state)
{
    (void)test_state;
    look((struct pl_logs_look){.source = "checkout", .limit = 5, .window_ns = 600000000000});
    long all = member("matched");
    assert_int_equal(member("shown"), 5);
    assert_int_equal(member("written"), all);
    look((struct pl_logs_look){.source = "checkout", .limit = 200, .window_ns = 600000000000});
    assert_int_equal(member("matched"), all);
    /* The parts of a split sum up. */
    look((struct pl_logs_look){
        .source = "checkout", .filter = "\"severity_text\":\"ERROR\"", .window_ns = 600000000000});
    long written = member("written");
    long errors = member("matched");
    assert_int_equal(written, all);
    assert_true(errors > 0 && errors < all);
}

static void a_window_is_the_sum_of_its_parts(void **test_state)
{
    (void)test_state;
    /* Levels: error is part of warn, which is part of info. */
    long counts[3];
    static const char *const levels[] = {"error", "warn", "info"};
    for (int i = 0; i < 3; i++) {
        look((struct pl_logs_look){
            .source = "checkout", .level = levels[i], .window_ns = 600000000000});
        counts[i] = member("matched");
    }
    assert_true(counts[0] <= counts[1] && counts[1] <= counts[2]);
    look((struct pl_logs_look){.source = "checkout", .window_ns = 300000000000});
    long later = member("matched");
    assert_true(later <= counts[2]);
}

static void the_order_can_be_turned(void **test_state)
{
    (void)test_state;
    look((struct pl_logs_look){.source = "checkout", .limit = 1, .oldest_first = 1});
    char oldest[16];
    memcpy(oldest, strstr(run.out.data, "\"t\":\"") + 5, 8);
    oldest[8] = '\0';
    look((struct pl_logs_look){.source = "checkout", .limit = 1});
    char newest[16];
    memcpy(newest, strstr(run.out.data, "\"t\":\"") + 5, 8);
    newest[8] = '\0';
    assert_true(strcmp(oldest, newest) < 0);
    assert_true(strcmp(newest, "10:09:50") > 0);
}

static void lines_have_the_formats_of_their_writers(void **test_state)
{
    (void)test_state;
    look((struct pl_logs_look){.source = "checkout", .filter = "Hikari", .limit = 3});
    assert_true(pl_test_observed_has(&run, "Connection is not available, request timed out after"));
    assert_true(pl_test_observed_has(&run, "java.sql.SQLTransientConnectionException"));
    look((struct pl_logs_look){.source = "orders-db", .limit = 100});
    assert_true(pl_test_observed_has(&run, " UTC ["));
    assert_true(pl_test_observed_has(&run, "] app@orders "));
    look((struct pl_logs_look){.source = "edge", .filter = "\" 200 - ", .limit = 3});
    assert_true(pl_test_observed_has(&run, "HTTP/2\\\" 200 - "));
    look((struct pl_logs_look){.source = "storefront", .level = "error", .limit = 100});
    assert_true(pl_test_observed_has(&run, "Call to checkout timed out after"));
}

/* In health, 30 to 60 of 100 error lines mean nothing: so there must be some. */
static void the_background_is_there_in_health(void **test_state)
{
    (void)test_state;
    static struct pl_test_observed calm;
    pl_test_observed_start(&calm, &def, 3);
    pl_test_observed_run(&calm, 300.0);
    struct pl_logs_look logs = {.source = "checkout", .level = "error", .window_ns = 300000000000};
    assert_int_equal(pl_logs_look(&calm.scene, &logs, &calm.out, &calm.err), PL_OK);
    assert_true(pl_test_observed_has(&calm, "Broken pipe") ||
                pl_test_observed_has(&calm, "No static resource"));
    pl_test_observed_end(&calm);
}

static void some_lines_are_cut_always_the_same(void **test_state)
{
    (void)test_state;
    look((struct pl_logs_look){.source = "checkout", .limit = 200});
    uint32_t lines = pl_test_observed_count(&run, "{\"t\":\"");
    uint32_t whole = pl_test_observed_count(&run, "\"text\":\"{\\\"timestamp");
    uint32_t closed = pl_test_observed_count(&run, "\\\"}\"}");
    assert_int_equal(lines, 200);
    assert_in_range(lines - (whole < closed ? whole : closed), 1, 20);
    char *before = strdup(run.out.data);
    look((struct pl_logs_look){.source = "checkout", .limit = 200});
    assert_string_equal(before, run.out.data);
    free(before);
}

static void wrong_sources_and_levels_are_answered(void **test_state)
{
    (void)test_state;
    struct pl_logs_look logs = {.source = "chekout"};
    pl_test_observed_clear(&run);
    assert_int_equal(pl_logs_look(&run.scene, &logs, &run.out, &run.err), PL_NOT_FOUND);
    assert_string_equal(run.err.message,
                        "Nothing called `chekout` writes logs; did you mean `checkout`?");
    pl_test_observed_clear(&run);
    logs = (struct pl_logs_look){.source = "checkout", .level = "fatal"};
    assert_int_equal(pl_logs_look(&run.scene, &logs, &run.out, &run.err), PL_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_exact_whatever_is_shown),
        cmocka_unit_test(a_window_is_the_sum_of_its_parts),
        cmocka_unit_test(the_order_can_be_turned),
        cmocka_unit_test(lines_have_the_formats_of_their_writers),
        cmocka_unit_test(the_background_is_there_in_health),
        cmocka_unit_test(some_lines_are_cut_always_the_same),
        cmocka_unit_test(wrong_sources_and_levels_are_answered),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
