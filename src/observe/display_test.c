// SPDX-License-Identifier: Apache-2.0
#include "observe/display.h"

#include "sim/clock.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *shown(double value, uint32_t digits)
{
    static char text[64];
    struct pl_buf out;
    pl_buf_init(&out, text, sizeof(text));
    pl_json_out_put_number(&out, pl_display_round(value, digits));
    return text;
}

static void numbers_keep_their_significant_digits(void **test_state)
{
    (void)test_state;
    assert_string_equal(shown(4.8123456, 5), "4.8123");
    assert_string_equal(shown(0.000123456, 3), "0.000123");
    assert_string_equal(shown(1234567.0, 3), "1230000");
    assert_string_equal(shown(-0.99996, 4), "-1");
    assert_string_equal(shown(99999.6, 5), "100000");
    assert_string_equal(shown(0.0, 5), "0");
    assert_string_equal(shown(300.0, 5), "300");
    assert_true(isnan(pl_display_round((double)NAN, 5)));
    assert_true(isinf(pl_display_round((double)INFINITY, 5)));
    /* Rounding twice changes nothing. */
    double x = 1e-9;
    for (int i = 0; i < 36; i++) {
        x *= 3.7;
        double once = pl_display_round(x, 5);
        assert_true(memcmp(&once, &(double){pl_display_round(once, 5)}, sizeof(once)) == 0);
        assert_true(fabs(once - x) <= x * 0.51e-4);
    }
}

static void moments_cross_midnight_and_months(void **test_state)
{
    (void)test_state;
    struct pl_world *world = calloc(1, sizeof(*world));
    world->start_clock_s = 23.0 * 3600.0 + 59.0 * 60.0;
    char text[PL_MOMENT_TEXT_MAX];
    struct pl_moment moment = pl_display_moment(world, "2028-02-28", 61 * PL_NS_PER_S + 7000000);
    pl_display_rfc3339(&moment, text);
    assert_string_equal(text, "2028-02-29T00:00:01.007Z");
    moment = pl_display_moment(world, "2026-01-01", -24 * 3600 * PL_NS_PER_S);
    pl_display_rfc3339(&moment, text);
    assert_string_equal(text, "2025-12-31T23:59:00.000Z");
    moment = pl_display_moment(world, "no date", 0);
    pl_display_rfc3339(&moment, text);
    assert_string_equal(text, "2026-11-21T23:59:00.000Z");
    pl_display_clock(world, 90 * PL_NS_PER_S, text);
    assert_string_equal(text, "00:00:30");
    pl_display_clock(world, -60 * PL_NS_PER_S, text);
    assert_string_equal(text, "23:58:00");
    free(world);
}

static void ages_read_like_kubectl(void **test_state)
{
    (void)test_state;
    static const struct {
        int64_t s;
        const char *text;
    } cases[] = {{0, "0s"},
                 {-5, "0s"},
                 {119, "119s"},
                 {190, "3m10s"},
                 {1800, "30m"},
                 {4 * 3600 + 120, "4h2m"},
                 {3 * 86400 + 18 * 3600, "3d18h"}};
    char text[32];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        pl_display_age(cases[i].s * PL_NS_PER_S, text, sizeof(text));
        assert_string_equal(text, cases[i].text);
    }
    pl_display_interval(191234000000, text, sizeof(text));
    assert_string_equal(text, "00:03:11.2");
}

static void search_ignores_case(void **test_state)
{
    (void)test_state;
    assert_true(pl_display_contains("HikariPool-1 - Connection", "hikaripool-1"));
    assert_true(pl_display_contains("aab", "AB"));
    assert_true(pl_display_contains("anything", ""));
    assert_false(pl_display_contains("short", "shorter"));
    assert_false(pl_display_contains("", "a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_keep_their_significant_digits),
        cmocka_unit_test(moments_cross_midnight_and_months),
        cmocka_unit_test(ages_read_like_kubectl),
        cmocka_unit_test(search_ignores_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
