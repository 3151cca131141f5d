// SPDX-License-Identifier: Apache-2.0
#include "judge/curve.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { SLOTS = 121 };

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance)) {
        fail_msg("%.15g is not within %g of %.15g", value, tolerance, expected);
    }
}

/** Measure a window of 30 minutes; points that are not finite are gaps. */
static struct pl_curve measure(const double *window)
{
    static double value[SLOTS];
    static double sorted[SLOTS];
    static uint32_t slot[SLOTS];
    struct pl_curve_points points = {
        .value = value, .slot = slot, .sorted = sorted, .slots = SLOTS, .step_s = 15.0};
    for (uint32_t i = 0; i < SLOTS; i++) {
        if (isfinite(window[i])) {
            value[points.count] = window[i];
            slot[points.count++] = i;
        }
    }
    struct pl_curve curve;
    pl_curve_measure(&points, &curve);
    return curve;
}

static void a_step_is_found_where_it_is(void **state)
{
    (void)state;
    double window[SLOTS];
    for (int i = 0; i < SLOTS; i++) {
        window[i] = (i < 81 ? 1.0 : 3.0) + 0.01 * (i % 3);
    }
    struct pl_curve curve = measure(window);
    assert_near(curve.level, 3.01, 0.01);
    assert_near(curve.baseline, 1.01, 0.01);
    assert_true(curve.has_onset);
    assert_near(curve.onset_min, 10.0, 1e-9);
    char words[64];
    pl_curve_words(pl_curve_code(PL_SCALE_TIME, &curve), words, sizeof words);
    assert_string_equal(words, "medium step up in the last 15 min");
}

static void a_ramp_has_its_slope(void **state)
{
    (void)state;
    double window[SLOTS];
    for (int i = 0; i < SLOTS; i++) {
        window[i] = 1.0 + 0.05 * i;
    }
    struct pl_curve curve = measure(window);
    assert_near(curve.slope, 0.05 * 40.0, 1e-9); // 40 points in 10 minutes
    assert_near(curve.peak, 1.0 + 0.05 * 114.0, 1e-9);
}

static void a_flat_curve_reads_flat(void **state)
{
    (void)state;
    double window[SLOTS];
    for (int i = 0; i < SLOTS; i++) {
        window[i] = 64.0;
    }
    struct pl_curve curve = measure(window);
    assert_false(curve.has_onset);
    assert_near(curve.slope, 0.0, 1e-12);
    char words[64];
    pl_curve_words(pl_curve_code(PL_SCALE_PLAIN, &curve), words, sizeof words);
    assert_string_equal(words, "flat");
}

static void gaps_are_told(void **state)
{
    (void)state;
    double window[SLOTS];
    for (int i = 0; i < SLOTS; i++) {
        window[i] = i < 100 ? (double)NAN : 5.0;
    }
    struct pl_curve curve = measure(window);
    assert_true(curve.has_level);
    assert_false(curve.has_baseline);
    assert_near(curve.missing, 100.0 / 121.0, 1e-12);
    for (int i = 0; i < SLOTS; i++) {
        window[i] = (double)NAN;
    }
    curve = measure(window);
    assert_false(curve.has_level);
    assert_near(curve.missing, 1.0, 1e-12);
}

static void the_peak_is_the_rank_of_a_sort(void **state)
{
    (void)state;
    double window[SLOTS];
    uint32_t x = 12345;
    for (int round = 0; round < 200; round++) {
        uint32_t below = 0;
        for (int i = 0; i < SLOTS; i++) {
            x = x * 1664525U + 1013904223U;
            window[i] = (double)(x >> 24) / (round % 2 == 0 ? 1.0 : 64.0);
        }
        double peak = measure(window).peak;
        uint32_t equal = 0;
        for (int i = 0; i < SLOTS; i++) {
            below += window[i] < peak ? 1 : 0;
            equal += window[i] <= peak ? 1 : 0;
        }
        assert_true(below <= 114 && equal > 114);
    }
}

static void scales_bend_and_turn_errors(void **state)
{
    (void)state;
    static const enum pl_scale scales[] = {
        PL_SCALE_PLAIN, PL_SCALE_TIME, PL_SCALE_RATIO, PL_SCALE_RATE, PL_SCALE_BYTES};
    for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++) {
        double at = scales[i] == PL_SCALE_BYTES ? 5e7 : 0.4;
        double step = at * 1e-5;
        double change = pl_scale_bend(scales[i], at + step) - pl_scale_bend(scales[i], at - step);
        assert_near(pl_scale_error(scales[i], at, 2.0 * step) / change, 1.0, 1e-6);
        assert_true(isfinite(pl_scale_bend(scales[i], 0.0)));
        assert_true(isfinite(pl_scale_bend(scales[i], -1.0)));
    }
    assert_int_equal(pl_scale_of_unit("s", 1), PL_SCALE_TIME);
    assert_int_equal(pl_scale_of_unit("/s", 2), PL_SCALE_RATE);
    assert_int_equal(pl_scale_of_unit("By/s", 4), PL_SCALE_RATE);
    assert_int_equal(pl_scale_of_unit("ratio", 5), PL_SCALE_RATIO);
    assert_int_equal(pl_scale_of_unit("By", 2), PL_SCALE_BYTES);
    assert_int_equal(pl_scale_of_unit("", 0), PL_SCALE_PLAIN);
}

static void unknown_words_are_called_so(void **state)
{
    (void)state;
    char words[64];
    pl_curve_words(100000, words, sizeof words);
    assert_string_equal(words, "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_found_where_it_is),
        cmocka_unit_test(a_ramp_has_its_slope),
        cmocka_unit_test(a_flat_curve_reads_flat),
        cmocka_unit_test(gaps_are_told),
        cmocka_unit_test(the_peak_is_the_rank_of_a_sort),
        cmocka_unit_test(scales_bend_and_turn_errors),
        cmocka_unit_test(unknown_words_are_called_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
