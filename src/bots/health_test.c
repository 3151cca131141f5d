// SPDX-License-Identifier: Apache-2.0
#include "bots/health.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static double now_of(const char *text)
{
    json_t *json = NULL;
    assert_int_equal(pl_json_in_load(pl_slice_of(text), 1 << 16, NULL, &json, NULL), PL_OK);
    double now = pl_health_now(json);
    json_decref(json);
    return now;
}

/* The last four points of the first series; gaps are left out. */
static void now_is_the_mean_of_the_last_points(void **state)
{
    (void)state;
    assert_true(fabs(now_of("{\"series\":[{\"points\":[9,9,1,2,3,4]},{\"points\":[7]}]}") - 2.5) <
                1e-12);
    assert_true(fabs(now_of("{\"series\":[{\"points\":[9,2,null,null,4]}]}") - 3.0) < 1e-12);
    assert_true(now_of("{\"series\":[]}") <= 0.0);
    assert_true(now_of("{\"type\":\"text\"}") <= 0.0);
}

static void users_are_well_near_the_objective_with_few_errors(void **state)
{
    (void)state;
    assert_true(pl_health_is_well(1.2, 1.0, 0.01));
    assert_false(pl_health_is_well(1.3, 1.0, 0.01));
    assert_false(pl_health_is_well(0.5, 1.0, 0.03));
    assert_true(pl_health_is_well(2.4, 2.0, 0.0));
    assert_true(pl_health_badness(2.0, 1.0, 0.1) > pl_health_badness(2.0, 2.0, 0.1));
    assert_true(pl_health_badness(2.0, 1.0, 0.1) > pl_health_badness(2.0, 1.0, 0.0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(now_is_the_mean_of_the_last_points),
        cmocka_unit_test(users_are_well_near_the_objective_with_few_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
