// SPDX-License-Identifier: Apache-2.0
#include "cli/plot.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void values_are_written_for_people(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *unit;
        const char *text;
    } cases[] = {
        {4.83, "s", "4.83 s"},
        {0.012, "s", "12 ms"},
        {0.000250, "s", "250 us"},
        {0.0, "s", "0 s"},
        {0.31, "ratio", "31 %"},
        {31.0, "%", "31 %"},
        {1288490189.0, "By", "1.2 GiB"},
        {512.0, "By", "512 B"},
        {220.0, "{request}/s", "220 /s"},
        {64.0, "{connection}", "64"},
        {0.0003, "1", "0.0003"},
        {1e7, "", "10M"},
        {1e15, "", "1e+15"},
        {17572.0, "1", "17.6k"},
        {1.5e6, "1", "1.5M"},
        {9990.0, "1", "9990"},
        {-0.0, "1", "0"},
        {9.996, "1", "10"},
        {99.96, "1", "100"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[32];
        pl_plot_format(text, sizeof text, cases[i].value, cases[i].unit);
        assert_string_equal(text, cases[i].text);
    }
    char text[32];
    pl_plot_format(text, sizeof text, (double)NAN, "s");
    assert_string_equal(text, "-");
}

static void clock_wraps_at_midnight(void **state)
{
    (void)state;
    char text[8];
    pl_plot_clock(text, sizeof text, 42120.0);
    assert_string_equal(text, "11:42");
    pl_plot_clock(text, sizeof text, 86400.0 + 60.0);
    assert_string_equal(text, "00:01");
    pl_plot_clock(text, sizeof text, -60.0);
    assert_string_equal(text, "23:59");
}

/* A constant at the top of the axis fills exactly the first row, one at zero the last. */
static void values_land_on_their_rows(void **state)
{
    (void)state;
    static char memory[16384];
    const double high[] = {10.0, 10.0, 10.0, 10.0};
    const double low[] = {0.0, 0.0, 0.0, 0.0};
    struct pl_term term = {.columns = 60, .utf8 = false};
    struct pl_plot plot = {.unit = "1", .step_s = 60.0, .rows = 4, .series_count = 2};
    struct pl_buf out;
    plot.series[0] = (struct pl_plot_series){"high", high, 4};
    plot.series[1] = (struct pl_plot_series){"low", low, 4};
    pl_buf_init(&out, memory, sizeof memory);
    pl_plot_draw(&term, &plot, &out);
    const char *second = strchr(memory, '\n') + 1;
    assert_true(memcmp(memory, "      10 |****", 14) == 0);
    assert_true(memcmp(second, "         |", 10) == 0);
    assert_non_null(strstr(memory, "       0 |++++"));
    assert_non_null(strstr(memory, "* high  10"));
}

static void a_gap_stays_a_gap(void **state)
{
    (void)state;
    static char memory[16384];
    const double points[] = {1.0, (double)NAN, (double)NAN, 1.0};
    struct pl_term term = {.columns = 60, .utf8 = false};
    struct pl_plot plot = {.unit = "1", .step_s = 60.0, .rows = 2, .series_count = 1};
    struct pl_buf out;
    plot.series[0] = (struct pl_plot_series){"x", points, 4};
    pl_buf_init(&out, memory, sizeof memory);
    pl_plot_draw(&term, &plot, &out);
    assert_non_null(strstr(memory, "*          "));
}

/* The objective has its line and its entry, and nothing gets wider than the face. */
static void the_objective_is_named(void **state)
{
    (void)state;
    static char memory[16384];
    const double points[] = {0.4, 0.4};
    struct pl_term term = {.columns = 60, .utf8 = false};
    struct pl_plot plot = {
        .unit = "s", .step_s = 60.0, .rows = 4, .series_count = 1, .objective = 0.2};
    struct pl_buf out;
    plot.series[0] = (struct pl_plot_series){"x", points, 2};
    pl_buf_init(&out, memory, sizeof memory);
    pl_plot_draw(&term, &plot, &out);
    assert_non_null(strstr(memory, "-----"));
    assert_non_null(strstr(memory, "- objective 200 ms"));
    for (const char *at = memory; *at != '\0'; at += strcspn(at, "\n") + 1) {
        assert_true(strcspn(at, "\n") <= 60);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_written_for_people),
        cmocka_unit_test(clock_wraps_at_midnight),
        cmocka_unit_test(values_land_on_their_rows),
        cmocka_unit_test(a_gap_stays_a_gap),
        cmocka_unit_test(the_objective_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
