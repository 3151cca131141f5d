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

static void ten_seconds_of_calls_may_come_at_once_and_then_the_rate_holds(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(pl_limiter_take(&limiter, 7, 60, SECOND), 0);
    }
    assert_int_equal(pl_limiter_take(&limiter, 7, 60, SECOND), 1);
    int passed = 0;
    for (int i = 1; i <= 600; i++) {
        passed += pl_limiter_take(&limiter, 7, 60, SECOND + i * SECOND / 10) == 0;
    }
    assert_int_equal(passed, 60);
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
        cmocka_unit_test_setup(ten_seconds_of_calls_may_come_at_once_and_then_the_rate_holds,
                               clear),
        cmocka_unit_test_setup(keys_do_not_touch_each_other, clear),
        cmocka_unit_test_setup(a_flood_of_keys_replaces_the_oldest, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
