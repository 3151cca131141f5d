// SPDX-License-Identifier: Apache-2.0
#include "os/now.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void utc_of_known_moments(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        const char *expected;
    } cases[] = {
        {0, "1970-01-01T00:00:00Z"},
        {951782399, "2000-02-28T23:59:59Z"},
        {951782400, "2000-02-29T00:00:00Z"},
        {1795298667, "2026-11-21T22:04:27Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[32];
        struct pl_buf buf;
        pl_buf_init(&buf, text, sizeof text);
        pl_now_put_utc(&buf, cases[i].seconds * 1000000000 + 999999999);
        assert_string_equal(text, cases[i].expected);
    }
}

static void sleep_reaches_its_moment(void **state)
{
    (void)state;
    int64_t start = pl_now_monotonic_ns();
    pl_now_sleep_until(start + 5000000);
    assert_true(pl_now_monotonic_ns() >= start + 5000000);
    pl_now_sleep_until(start - 1000);
    pl_now_sleep_until(-1);
    assert_true(pl_now_cpu_ns() > 0);
    assert_true(pl_now_wall_ns() > INT64_C(1700000000) * 1000000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utc_of_known_moments),
        cmocka_unit_test(sleep_reaches_its_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
