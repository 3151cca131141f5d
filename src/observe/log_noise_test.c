// SPDX-License-Identifier: Apache-2.0
#include "observe/log_noise.h"

#include "observe/log_text.h"
#include "support/observed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void a_stream_has_its_rate_and_any_minute_stands_alone(void **test_state)
{
    (void)test_state;
    int64_t offsets[64];
    uint32_t sum = 0;
    for (int64_t minute = -500; minute < 500; minute++) {
        uint32_t count = pl_log_noise_minute(77, minute, 2.5, offsets, 64);
        sum += count;
        for (uint32_t i = 0; i < count; i++) {
            assert_true(offsets[i] >= 0 && offsets[i] < INT64_C(60) * 1000000000);
            assert_true(i == 0 || offsets[i] > offsets[i - 1]);
        }
    }
    assert_in_range(sum, 2350, 2650); /* 2500, standard deviation 50 */
    int64_t again[64];
    uint32_t one = pl_log_noise_minute(77, 123, 2.5, offsets, 64);
    assert_int_equal(pl_log_noise_minute(77, 123, 2.5, again, 64), one);
    assert_memory_equal(offsets, again, one * sizeof(offsets[0]));
    assert_int_equal(pl_log_noise_minute(77, 1, 0.0, offsets, 64), 0);
    assert_int_equal(pl_log_noise_minute(77, 1, 1e9, offsets, 64), 64);
}

static void placeholders_are_filled(void **test_state)
{
    (void)test_state;
    char text[200];
    struct pl_buf out;
    pl_buf_init(&out, text, sizeof(text));
    pl_log_noise_fill("a {n} {ip} {hex} {path} {id} {other} {", 5, &out);
    assert_null(strstr(text, "{n}"));
    assert_non_null(strstr(text, "10.42."));
    assert_non_null(strstr(text, "{other} {"));
    char again[200];
    struct pl_buf same;
    pl_buf_init(&same, again, sizeof(again));
    pl_log_noise_fill("a {n} {ip} {hex} {path} {id} {other} {", 5, &same);
    assert_string_equal(text, again);
}

static void an_authors_lines_replace_the_built_in_ones(void **test_state)
{
    (void)test_state;
    static const struct pl_observe_noise noises[] = {
        {"checkout", "ERROR", "harmless {n}", 3.0},
        {"orders-db", "WARN", "LOG:  nothing", 1.0},
    };
    const struct pl_observe_def def = {.noises = noises, .noise_count = 2};
    struct pl_test_observed run;
    pl_test_observed_start(&run, &def, 1);
    struct pl_noise_def kinds[PL_NOISE_KINDS_MAX];
    assert_int_equal(pl_log_noise_kinds(run.observe, PL_LOG_OF_SERVICE, 1, kinds), 1);
    assert_string_equal(kinds[0].body, "harmless {n}");
    assert_int_equal(kinds[0].level, PL_LEVEL_ERROR);
    assert_true(pl_log_noise_kinds(run.observe, PL_LOG_OF_SERVICE, 0, kinds) > 2);
    assert_int_equal(pl_log_noise_kinds(run.observe, PL_LOG_OF_DATABASE, 0, kinds), 1);
    assert_true(pl_log_noise_kinds(run.observe, PL_LOG_OF_EVENTS, 0, kinds) > 0);
    pl_test_observed_end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_has_its_rate_and_any_minute_stands_alone),
        cmocka_unit_test(placeholders_are_filled),
        cmocka_unit_test(an_authors_lines_replace_the_built_in_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
