// SPDX-License-Identifier: Apache-2.0
//
// Numbers of traces by name are in feature_test.c; here stand limits and oddities.
#include "judge/feature_trace.h"

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
    struct pl_scan scan = pl_scan_of(pl_slice_of(text));
    pl_feature_trace_spans(&writer, &scan);
    assert_true(scan.at <= scan.end);
}

static void many_spans_are_cut(void **state)
{
    (void)state;
    static char text[40000];
    struct pl_buf buf;
    pl_buf_init(&buf, text, sizeof text);
    pl_buf_puts(&buf, "[0");
    for (uint32_t i = 0; i < PL_FEATURE_SPANS_MAX + 3; i++) {
        pl_buf_printf(&buf, ",{\"id\":\"%u\",\"name\":\"n\",\"duration_ms\":1}", i);
    }
    pl_buf_puts(&buf, "]");
    read(text);
    assert_int_equal(test_features.dropped, 3);
    assert_int_equal(test_features_of_kind(PL_FEATURE_PRESENT), 1);
}

static void parents_in_a_circle_do_no_harm(void **state)
{
    (void)state;
    read("[{\"id\":\"a\",\"parent\":\"b\",\"name\":\"x\",\"duration_ms\":5,\"status\":\"error\"},"
         "{\"id\":\"b\",\"parent\":\"a\",\"name\":\"y\",\"duration_ms\":5,\"status\":\"error\"}]");
    // Shown twice; errors begin nowhere.
    assert_int_equal(test_features_of_kind(PL_FEATURE_PRESENT), 2);
    for (uint32_t i = 0; i < test_features.count; i++) {
        assert_true(isfinite(test_features.items[i].value));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_spans_are_cut),
        cmocka_unit_test(parents_in_a_circle_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
