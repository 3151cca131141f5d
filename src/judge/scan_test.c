// SPDX-License-Identifier: Apache-2.0
#include "judge/scan.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void members_and_items_come_in_order(void **state)
{
    (void)state;
    struct pl_scan scan =
        pl_scan_of(pl_slice_of(" {\"a\": [1, -2.5e1 ,3], \"b\\\"\" : {\"x\":[{}]}, \"c\":null}"));
    pl_slice key;
    assert_true(pl_scan_enter(&scan, PL_SCAN_OBJECT));
    assert_true(pl_scan_member(&scan, &key));
    assert_true(pl_scan_is(key, "a"));
    assert_true(pl_scan_enter(&scan, PL_SCAN_ARRAY));
    static const double expected[] = {1.0, -25.0, 3.0};
    for (int i = 0; i < 3; i++) {
        assert_true(pl_scan_item(&scan));
        assert_true(fabs(pl_scan_number(&scan) - expected[i]) < 1e-13);
    }
    assert_false(pl_scan_item(&scan));
    assert_true(pl_scan_member(&scan, &key));
    assert_true(pl_scan_is(key, "b\\\""));
    pl_scan_skip(&scan);
    assert_true(pl_scan_member(&scan, &key));
    assert_int_equal(pl_scan_peek(&scan), PL_SCAN_NULL);
    pl_scan_skip(&scan);
    assert_false(pl_scan_member(&scan, &key));
    assert_false(scan.bad);
    assert_true(scan.at == scan.end);
}

static void numbers_are_exact_where_displays_are(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"0", 0.0},
        {"2.4529", 2.4529},
        {"919410000", 919410000.0},
        {"0.00045872", 0.00045872},
        {"-7e-3", -7e-3},
        {"123456789012345678901234", 123456789012345678901234.0},
        {"1e999", 1e300},
        {"1e-999", 0.0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pl_scan scan = pl_scan_of(pl_slice_of(cases[i].text));
        double value = pl_scan_number(&scan);
        assert_true(fabs(value - cases[i].value) <= 1e-15 * fabs(cases[i].value));
        assert_false(scan.bad);
    }
}

/** Every prefix of a document, and every document with one byte replaced, is walked to an end. */
static void any_bytes_come_to_an_end(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":[1,{\"b\":\"c\\n\"},[[]],true],\"d\":-1.5e-3,\"e\":{}}";
    char copy[sizeof text];
    for (size_t cut = 0; cut < sizeof text; cut++) {
        for (int c = 0; c < 256; c++) {
            memcpy(copy, text, sizeof text);
            copy[cut] = (char)c;
            pl_slice slice = {.data = copy, .size = (c & 1) != 0 ? cut : sizeof text - 1};
            struct pl_scan scan = pl_scan_of(slice);
            pl_slice key;
            uint32_t steps = 0;
            if (pl_scan_enter(&scan, PL_SCAN_OBJECT)) {
                while (pl_scan_member(&scan, &key)) {
                    pl_scan_skip(&scan);
                    steps++;
                    assert_true(steps < sizeof text);
                }
            }
            assert_true(scan.at <= scan.end);
        }
    }
}

static void what_is_not_there_makes_the_cursor_bad(void **state)
{
    (void)state;
    struct pl_scan scan = pl_scan_of(pl_slice_of("\"open"));
    assert_int_equal(pl_scan_string(&scan).size, 0);
    assert_true(scan.bad);
    scan = pl_scan_of(pl_slice_of("[1"));
    assert_false(pl_scan_enter(&scan, PL_SCAN_OBJECT));
    assert_false(scan.bad);
    pl_scan_skip(&scan);
    assert_true(scan.bad);
    scan = pl_scan_of(pl_slice_of("x"));
    assert_true(fabs(pl_scan_number(&scan)) < 1e-300);
    assert_true(scan.bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_and_items_come_in_order),
        cmocka_unit_test(numbers_are_exact_where_displays_are),
        cmocka_unit_test(any_bytes_come_to_an_end),
        cmocka_unit_test(what_is_not_there_makes_the_cursor_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
