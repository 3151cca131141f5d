// SPDX-License-Identifier: Apache-2.0
#include "exam/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void it_stands_until_it_is_started(void **state)
{
    (void)state;
    struct pl_pace pace;
    pl_pace_set(&pace, 1000, 1.0);
    assert_int_equal(pl_pace_now(&pace, 500), 1000);
    pl_pace_change(&pace, 500, true, 1.0);
    assert_int_equal(pl_pace_now(&pace, 500), 1000);
    assert_int_equal(pl_pace_now(&pace, 530), 1030);
}

/* Goal: neither pause nor speed makes time jump. */
static void pause_and_speed_keep_the_present(void **state)
{
    (void)state;
    struct pl_pace pace;
    pl_pace_set(&pace, 0, 1.0);
    pl_pace_change(&pace, 100, true, 10.0);
    assert_int_equal(pl_pace_now(&pace, 110), 100);
    pl_pace_change(&pace, 110, false, 10.0);
    assert_int_equal(pl_pace_now(&pace, 9000), 100);
    pl_pace_change(&pace, 9000, true, 2.0);
    assert_int_equal(pl_pace_now(&pace, 9000), 100);
    assert_int_equal(pl_pace_now(&pace, 9005), 110);
}

static void real_time_that_goes_back_is_ignored(void **state)
{
    (void)state;
    struct pl_pace pace;
    pl_pace_set(&pace, 7, 1.0);
    pl_pace_change(&pace, 100, true, 1.0);
    assert_int_equal(pl_pace_now(&pace, 90), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_stands_until_it_is_started),
        cmocka_unit_test(pause_and_speed_keep_the_present),
        cmocka_unit_test(real_time_that_goes_back_is_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
