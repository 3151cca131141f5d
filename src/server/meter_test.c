// SPDX-License-Identifier: Apache-2.0
#include "server/meter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define MS INT64_C(1000000)

static struct pl_meter meter;

static int clear(void **state)
{
    (void)state;
    memset(&meter, 0, sizeof meter);
    return 0;
}

static void quantiles_are_upper_bounds_within_a_fifth(void **state)
{
    (void)state;
    assert_int_equal(pl_meter_quantile(&meter.responses, 0.99), 0);
    for (int64_t i = 1; i <= 1000; i++) {
        pl_meter_count(&meter.responses, i * MS);
    }
    static const double shares[] = {0.1, 0.5, 0.9, 0.99, 1.0};
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        double exact = shares[i] * 1000 * (double)MS;
        double told = (double)pl_meter_quantile(&meter.responses, shares[i]);
        assert_true(told >= exact && told <= 1.19 * exact + 1);
    }
    pl_meter_count(&meter.queries, 0);
    pl_meter_count(&meter.queries, INT64_MAX);
    assert_int_equal(pl_meter_number(&meter.queries), 2);
}

static void figures_are_met_or_not_and_nothing_counted_is_no_failure(void **state)
{
    (void)state;
    struct pl_meter_figure figures[PL_METER_FIGURES];
    pl_meter_figures(&meter, figures);
    for (int i = 0; i < PL_METER_FIGURES; i++) {
        assert_true(figures[i].met);
    }
    for (int i = 0; i < 98; i++) {
        pl_meter_answer(&meter, PL_METER_READ, 200, MS);
    }
    pl_meter_answer(&meter, PL_METER_CHANGE, 503, 900 * MS);
    pl_meter_answer(&meter, PL_METER_PAGE, 404, 900 * MS);
    pl_meter_figures(&meter, figures);
    assert_string_equal(figures[0].name, "response_p50_ms");
    assert_true(figures[0].met && figures[0].value < 1.2);
    assert_false(figures[1].met);
    assert_false(figures[2].met);
    assert_true(figures[2].value > 0.999 && figures[2].value < 1.001);
    assert_false(figures[5].met);
    assert_int_equal(figures[5].count, 100);
    assert_int_equal(pl_meter_number(&meter.kinds[PL_METER_READ]), 98);
    assert_int_equal(pl_meter_number(&meter.kinds[PL_METER_CHANGE]), 1);
    assert_true(pl_meter_quantile(&meter.kinds[PL_METER_READ], 0.5) < 2 * MS);
    assert_true(pl_meter_quantile(&meter.kinds[PL_METER_PAGE], 0.5) >= 900 * MS);
}

static void prometheus_gets_cumulative_buckets(void **state)
{
    (void)state;
    static char text[1 << 16];
    struct pl_buf buf;
    pl_buf_init(&buf, text, sizeof text);
    pl_meter_answer(&meter, PL_METER_READ, 200, 3 * MS);
    pl_meter_answer(&meter, PL_METER_READ, 500, 700 * MS);
    pl_meter_put_prometheus(&buf, &meter);
    assert_false(buf.overflow);
    assert_non_null(strstr(text, "duration_seconds_bucket{le=\"0.0025\"} 0\n"));
    assert_non_null(strstr(text, "duration_seconds_bucket{le=\"0.005\"} 1\n"));
    assert_non_null(strstr(text, "duration_seconds_bucket{le=\"1\"} 2\n"));
    assert_non_null(strstr(text, "duration_seconds_bucket{le=\"+Inf\"} 2\n"));
    assert_non_null(strstr(text, "duration_seconds_sum 0.703000\n"));
    assert_non_null(strstr(text, "responses_total{class=\"5xx\"} 1\n"));
    assert_non_null(strstr(text, "plumb_errors_total{code=\"cross_site\"} 0\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(quantiles_are_upper_bounds_within_a_fifth, clear),
        cmocka_unit_test_setup(figures_are_met_or_not_and_nothing_counted_is_no_failure, clear),
        cmocka_unit_test_setup(prometheus_gets_cumulative_buckets, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
