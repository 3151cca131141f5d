// SPDX-License-Identifier: Apache-2.0
//
// Numbers of tables by name are in feature_test.c; here stand limits and oddities.
#include "judge/feature_table.h"

#include "base/fmath.h"
#include "support/features.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void read(const char *columns, const char *rows)
{
    struct pl_feature_writer writer = test_features_start();
    struct pl_scan scan = pl_scan_of(pl_slice_of(columns));
    pl_feature_table_columns(&writer, &scan);
    scan = pl_scan_of(pl_slice_of(rows));
    pl_feature_table_rows(&writer, &scan);
    assert_true(scan.at <= scan.end);
}

static void columns_past_the_limit_are_passed(void **state)
{
    (void)state;
    read("[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"},{\"name\":\"d\"},{\"name\":\"e\"},"
         "{\"name\":\"f\"},{\"name\":\"g\"},{\"name\":\"h\"},{\"name\":\"i\"},{\"name\":\"j\"},"
         "{\"name\":\"k\"},{\"name\":\"l\"},{\"name\":\"m\"}]",
         "[[1,2,3,4,5,6,7,8,9,10,11,12,13,14]]");
    assert_int_equal(test_features_of_kind(PL_FEATURE_LEVEL), PL_FEATURE_COLUMNS_MAX);
}

static void rows_without_columns_are_only_counted(void **state)
{
    (void)state;
    read("null", "[[1,2],[3,4]]");
    assert_int_equal(test_features_of_kind(PL_FEATURE_LEVEL), 0);
    assert_int_equal(test_features_of_kind(PL_FEATURE_COUNT), 2);
}

static void rows_that_are_no_lists_are_passed(void **state)
{
    (void)state;
    read("[{\"name\":\"a\"},7]", "[1,{},[\"x\"]]");
    assert_int_equal(test_features_of_kind(PL_FEATURE_PRESENT), 1);
    read("[]", "7");
    assert_int_equal(test_features_of_kind(PL_FEATURE_COUNT), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_past_the_limit_are_passed),
        cmocka_unit_test(rows_without_columns_are_only_counted),
        cmocka_unit_test(rows_that_are_no_lists_are_passed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
