// SPDX-License-Identifier: Apache-2.0
//
// What is accepted, what is refused, and that a written duration reads back.
#include "text/quantity.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { BAD = -1, BIG = -2 };

static int64_t outcome(pl_status status, const pl_error *err, int64_t value)
{
    if (status == PL_OK) {
        assert_int_equal(err->status, PL_OK);
        return value;
    }
    assert_int_equal(err->status, status);
    assert_true(err->message[0] == '`');
    assert_int_equal(err->pos.line, 7);
    return status == PL_LIMIT ? BIG : BAD;
}

static const pl_pos place = {7, 3, "w.yaml"};

static void durations(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ns;
    } cases[] = {
        {"30s", INT64_C(30000000000)},
        {"150ms", 150000000},
        {"500us", 500000},
        {"7ns", 7},
        {"2m", INT64_C(120000000000)},
        {"1h", INT64_C(3600000000000)},
        {"1d", INT64_C(86400000000000)},
        {"1.5s", 1500000000},
        {"0.1s", 100000000},
        {"2m30s", INT64_C(150000000000)},
        {"1h0.5s", INT64_C(3600500000000)},
        {"0", 0},
        {"0s", 0},
        {"36500d", PL_QUANTITY_DURATION_MAX_NS},
        {"36500d1ns", BIG},
        {"999999999999999d", BIG},
        {"", BAD},
        {"s", BAD},
        {"30", BAD},
        {"-30s", BAD},
        {"30 s", BAD},
        {"30sec", BAD},
        {"30S", BAD},
        {"1.s", BAD},
        {".5s", BAD},
        {"1.2.3s", BAD},
        {"1e3s", BAD},
        {"0.1ns", BAD},
        {"1.0000000001s", BAD},
        {"30s2m", BAD},
        {"2m2m", BAD},
        {"1.5m30s", BAD},
        {"1234567890123456ns", BAD},
        {"30s ", BAD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_error err = {0};
        int64_t ns = 99;
        pl_status status = pl_quantity_duration(pl_slice_of(cases[i].text), &place, &ns, &err);
        int64_t got = outcome(status, &err, ns);
        if (got != cases[i].ns) {
            fail_msg("%s gives %lld", cases[i].text, (long long)got);
        }
    }
}

static void offsets_have_signs(void **state)
{
    (void)state;
    int64_t ns;
    assert_int_equal(pl_quantity_offset(pl_slice_of("-7m"), NULL, &ns, NULL), PL_OK);
    assert_true(ns == INT64_C(-420000000000));
    assert_int_equal(pl_quantity_offset(pl_slice_of("+1s"), NULL, &ns, NULL), PL_OK);
    assert_true(ns == 1000000000);
    assert_int_equal(pl_quantity_offset(pl_slice_of("--1s"), NULL, &ns, NULL), PL_BAD_INPUT);
    assert_int_equal(pl_quantity_offset(pl_slice_of("-"), NULL, &ns, NULL), PL_BAD_INPUT);
}

static void whole_numbers(void **state)
{
    (void)state;
    static const struct {
        char kind;
        const char *text;
        int64_t value;
    } cases[] = {
        {'s', "64MB", 64000000},
        {'s', "64MiB", INT64_C(64) << 20},
        {'s', "1.5GiB", INT64_C(3) << 29},
        {'s', "512B", 512},
        {'s', "1.5B", BAD},
        {'s', "64", BAD},
        {'s', "64mb", BAD},
        {'s', "99999999999999TiB", BIG},
        {'c', "16", 16},
        {'c', "10k", 10000},
        {'c', "2.5M", 2500000},
        {'c', "0", 0},
        {'c', "2.5", BAD},
        {'c', "2.0", 2},
        {'c', "-1", BAD},
        {'c', "1x", BAD},
        {'c', "999999999999999G", BIG},
        {'t', "11:42", 42120},
        {'t', "00:00", 0},
        {'t', "23:59:59", 86399},
        {'t', "24:00", BAD},
        {'t', "9:05", BAD},
        {'t', "11:60", BAD},
        {'t', "11:42:", BAD},
        {'t', "11:42:07x", BAD},
        {'t', "", BAD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_error err = {0};
        int64_t value = 0;
        int32_t seconds = 0;
        pl_slice text = pl_slice_of(cases[i].text);
        pl_status status = PL_OK;
        if (cases[i].kind == 's') {
            status = pl_quantity_size(text, &place, &value, &err);
        } else if (cases[i].kind == 'c') {
            status = pl_quantity_count(text, &place, &value, &err);
        } else {
            status = pl_quantity_clock(text, &place, &seconds, &err);
            value = seconds;
        }
        int64_t got = outcome(status, &err, value);
        if (got != cases[i].value) {
            fail_msg("%s gives %lld", cases[i].text, (long long)got);
        }
    }
}

static void fractions_and_rates_are_the_nearest_doubles(void **state)
{
    (void)state;
    static const struct {
        char kind;
        const char *text;
        double value; /* negative: refused */
    } cases[] = {
        {'p', "80%", 0.8},
        {'p', "0.1%", 0.001},
        {'p', "100%", 1.0},
        {'p', "0%", 0.0},
        {'p', "99.99%", 0.9999},
        {'p', "100.1%", -1.0},
        {'p', "80", -1.0},
        {'p', "%", -1.0},
        {'p', "80 %", -1.0},
        {'r', "220/s", 220.0},
        {'r', "90/m", 1.5},
        {'r', "1.5/h", 1.5 / 3600.0},
        {'r', "12k/s", 12000.0},
        {'r', "2.5M/d", 2.5e6 / 86400.0},
        {'r', "0/s", 0.0},
        {'r', "220", -1.0},
        {'r', "220/x", -1.0},
        {'r', "220/s/s", -1.0},
        {'r', "/s", -1.0},
        {'n', "0.25", 0.25},
        {'n', "0.1", 0.1},
        {'n', "3.14159265358979", 3.14159265358979},
        {'n', "123456789012345", 123456789012345.0},
        {'n', "0.000000000000001", 1e-15},
        {'n', "1,5", -1.0},
        {'n', "nan", -1.0},
        {'n', "1e5", -1.0},
        {'n', "", -1.0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_error err = {0};
        double value = 0.0;
        pl_slice text = pl_slice_of(cases[i].text);
        pl_status status = cases[i].kind == 'p'   ? pl_quantity_percent(text, &place, &value, &err)
                           : cases[i].kind == 'r' ? pl_quantity_rate(text, &place, &value, &err)
                                                  : pl_quantity_number(text, &place, &value, &err);
        bool refused = outcome(status, &err, 0) != 0;
        if (refused != (cases[i].value < 0.0) ||
            (!refused && memcmp(&value, &cases[i].value, sizeof value) != 0)) {
            fail_msg("%s gives %.17g", cases[i].text, value);
        }
    }
    double value;
    assert_int_equal(pl_quantity_number(pl_slice_of("-3"), NULL, &value, NULL), PL_OK);
    assert_true(value < -2.9 && value > -3.1);
}

static void message_says_what_was_expected(void **state)
{
    (void)state;
    pl_error err = {0};
    int64_t ns;
    assert_int_equal(pl_quantity_duration(pl_slice_of("30 sec"), &place, &ns, &err), PL_BAD_INPUT);
    char text[200];
    pl_error_format(&err, text, sizeof text);
    assert_string_equal(text,
                        "w.yaml:7:3: `30 sec` is not a duration; expected a number with a unit, "
                        "such as 150ms, 30s or 2m30s");
}

static void written_durations_read_back(void **state)
{
    (void)state;
    static const struct {
        int64_t ns;
        const char *expected;
    } cases[] = {
        {0, "0s"},
        {1, "1ns"},
        {1500, "1.5us"},
        {150000000, "150ms"},
        {INT64_C(-420000000000), "-7m"},
        {INT64_C(150000000000), "2m30s"},
        {1500000000, "1.5s"},
        {INT64_C(3600000000001), "1h0.000000001s"},
        {INT64_C(86400000000000), "1d"},
    };
    char memory[64];
    struct pl_buf buf;
    pl_buf_init(&buf, memory, sizeof memory);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_buf_clear(&buf);
        pl_quantity_put_duration(&buf, cases[i].ns);
        assert_string_equal(memory, cases[i].expected);
    }
    for (uint64_t i = 0; i < 20000; i++) {
        int64_t ns = (int64_t)(pl_random_bits(5, i) >> (2 + i % 60)) % PL_QUANTITY_DURATION_MAX_NS;
        ns = i % 2 ? -ns : ns;
        int64_t back = 1;
        pl_buf_clear(&buf);
        pl_quantity_put_duration(&buf, ns);
        assert_false(buf.overflow);
        assert_int_equal(pl_quantity_offset(pl_slice_of(memory), NULL, &back, NULL), PL_OK);
        assert_true(back == ns);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations),
        cmocka_unit_test(offsets_have_signs),
        cmocka_unit_test(whole_numbers),
        cmocka_unit_test(fractions_and_rates_are_the_nearest_doubles),
        cmocka_unit_test(message_says_what_was_expected),
        cmocka_unit_test(written_durations_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
