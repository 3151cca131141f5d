// SPDX-License-Identifier: Apache-2.0
//
// Numbers of panels by name are in feature_test.c; here stand limits and oddities.
#include "judge/feature_panel.h"

#include "base/fmath.h"
#include "support/features.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void read(const char *text)
{
    struct pl_feature_writer writer = test_features_start();
    const struct pl_feature_axis axis = {.scale = PL_SCALE_PLAIN, .step_s = 15.0};
    struct pl_scan scan = pl_scan_of(pl_slice_of(text));
    pl_feature_panel_series(&writer, &scan, &axis);
    assert_true(scan.at <= scan.end);
}

static void many_points_are_cut(void **state)
{
    (void)state;
    static char text[40000];
    struct pl_buf buf;
    pl_buf_init(&buf, text, sizeof text);
    pl_buf_puts(&buf, "[{\"name\":\"a\",\"points\":[0");
    for (uint32_t i = 0; i < PL_FEATURE_POINTS_MAX + 100; i++) {
        pl_buf_puts(&buf, i < PL_FEATURE_POINTS_MAX - 1 ? ",1" : ",1000");
    }
    pl_buf_puts(&buf, "]}]");
    read(text);
    assert_true(test_features.count > 0);
    for (uint32_t i = 0; i < test_features.count; i++) {
        assert_true(fabs((double)test_features.items[i].value) < pl_log(1000.0) ||
                    test_features.items[i].kind != 0 ||
                    (double)test_features.items[i].value > 60.0); // an onset in minutes
    }
}

static void series_that_are_no_objects_are_passed(void **state)
{
    (void)state;
    read("[1,\"a\",[2],{\"name\":3},{\"points\":5},{\"name\":\"x\",\"points\":[4]}]");
    assert_true(test_features_of_kind(PL_FEATURE_PRESENT) > 0);
    read("7");
    assert_int_equal(test_features.count, 0);
}

static void the_share_over_series_needs_two(void **state)
{
    (void)state;
    read("[{\"name\":\"x\",\"points\":[4,4,4]}]");
    uint32_t one = test_features.count;
    read("[{\"name\":\"x\",\"points\":[4,4,4]},{\"name\":\"y\",\"points\":[4,4,4]}]");
    assert_int_equal(test_features.count, 2 * one + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_points_are_cut),
        cmocka_unit_test(series_that_are_no_objects_are_passed),
        cmocka_unit_test(the_share_over_series_needs_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
