// SPDX-License-Identifier: Apache-2.0
#include "server/limiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000000)

static struct pl_limiter limiter;

static int clear(void **state)
{
    (void)state;
    memset(&limiter, 0, sizeof limiter);
    return 0;
}

static void a_minute_of_calls_may_come_at_once_but_never_more_than_60(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(pl_limiter_take(&limiter, 7, 5, SECOND), 0);
    }
    assert_int_equal(pl_limiter_take(&limiter, 7, 5, SECOND), 12);
    for (int i = 0; i < 60; i++) {
        assert_int_equal(pl_limiter_take(&limiter, 8, 600, SECOND), 0);
    }
    assert_int_equal(pl_limiter_take(&limiter, 8, 600, SECOND), 1);
}

static void the_rate_holds_over_time(void **state)
{
    (void)state;
    int passed = 0;
    for (int i = 0; i < 6000; i++) {
        passed += pl_limiter_take(&limiter, 7, 60, i * SECOND / 10) == 0;
    }
    assert_int_equal(passed, 60 + 599);
}

static void keys_do_not_touch_each_other(void **state)
{
    (void)state;
    assert_int_equal(pl_limiter_take(&limiter, 1, 1, 0), 0);
    assert_int_equal(pl_limiter_take(&limiter, 1, 1, 0), 60);
    assert_int_equal(pl_limiter_take(&limiter, 2, 1, 0), 0);
    assert_int_equal(pl_limiter_take(&limiter, 1, 1, 61 * SECOND), 0);
}

static void a_flood_of_keys_replaces_the_oldest(void **state)
{
    (void)state;
    uint64_t same_set = PL_LIMITER_SETS;
    for (uint64_t i = 1; i <= PL_LIMITER_WAYS; i++) {
        assert_int_equal(pl_limiter_take(&limiter, i * same_set, 1, (int64_t)i), 0);
    }
    assert_int_not_equal(pl_limiter_take(&limiter, same_set, 1, 100), 0);
    assert_int_equal(pl_limiter_take(&limiter, 100 * same_set, 1, 101), 0);
    assert_int_not_equal(pl_limiter_take(&limiter, same_set, 1, 102), 0);
    assert_int_equal(pl_limiter_take(&limiter, 2 * same_set, 1, 103), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_minute_of_calls_may_come_at_once_but_never_more_than_60, clear),
        cmocka_unit_test_setup(the_rate_holds_over_time, clear),
        cmocka_unit_test_setup(keys_do_not_touch_each_other, clear),
        cmocka_unit_test_setup(a_flood_of_keys_replaces_the_oldest, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
