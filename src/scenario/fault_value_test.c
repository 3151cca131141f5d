// SPDX-License-Identifier: Apache-2.0
#include "scenario/fault_value.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void values_are_read_by_kind(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        double value;
        uint32_t kind;
        bool good;
    } cases[] = {{"40%", 0.4, PL_FAULT_SHARE, true},
                 {"0.4", 0.4, PL_FAULT_SHARE, true},
                 {"1.4", 0.0, PL_FAULT_SHARE, false},
                 {"150ms", 0.15, PL_FAULT_DURATION, true},
                 {"150", 0.0, PL_FAULT_DURATION, false},
                 {"12.5", 12.5, PL_FAULT_FACTOR, true},
                 {"12", 12.0, PL_FAULT_COUNT, true},
                 {"1.5", 0.0, PL_FAULT_RELEASE, false},
                 {"220/s", 220.0, PL_FAULT_RATE, true},
                 {"yes", 0.0, PL_FAULT_SWITCH, true},
                 {"maybe", 0.0, PL_FAULT_SWITCH, false},
                 {"on", 1.0, PL_FAULT_VALUE, true},
                 {"30s", 30.0, PL_FAULT_VALUE, true},
                 {"much", 0.0, PL_FAULT_VALUE, false},
                 {"db.x.load", 0.0, PL_FAULT_PARAM, true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = -1.0;
        bool good = pl_fault_parse(cases[i].kind, pl_slice_of(cases[i].text), &value);
        assert_int_equal(good, cases[i].good);
        if (good && cases[i].value > 0.0) {
            assert_true(value > cases[i].value - 1e-9 && value < cases[i].value + 1e-9);
        }
    }
}

static void limits_hold_on_both_sides(void **unused)
{
    (void)unused;
    struct pl_fault_parameter parameter = {.kind = PL_FAULT_DURATION, .low = "1s", .high = "1m"};
    pl_error err = {0};
    assert_int_equal(pl_fault_check(&parameter, pl_slice_of("60s"), &err), PL_OK);
    assert_int_equal(pl_fault_check(&parameter, pl_slice_of("500ms"), &err), PL_BAD_INPUT);
    assert_string_equal(err.message, "500ms is too small; at least 1s is allowed.");
    err.status = PL_OK;
    assert_int_equal(pl_fault_check(&parameter, pl_slice_of("2m"), &err), PL_BAD_INPUT);
    assert_string_equal(err.message, "2m is too large; at most 1m is allowed.");
    err.status = PL_OK;
    assert_int_equal(pl_fault_check(&parameter, pl_slice_of("long"), &err), PL_BAD_INPUT);
    assert_string_equal(err.message, "`long` is not a duration such as 150ms.");
}

static void entities_are_those_of_the_world(void **unused)
{
    (void)unused;
    assert_true(pl_test_load_world(&pl_test_loaded, pl_test_world_text));
    const struct pl_world *world = pl_test_loaded.world;
    pl_error err = {0};
    enum { STEP = 2, POOL = 4 };
    assert_int_equal(pl_fault_entity(world, PL_FAULT_SERVICE, pl_slice_of("back"), &err), PL_OK);
    assert_int_equal(pl_fault_entity(world, PL_FAULT_FLAG, pl_slice_of("inline"), &err), PL_OK);
    assert_int_equal(pl_fault_entity(world, POOL, pl_slice_of("back/main-db"), &err), PL_OK);
    assert_int_equal(pl_fault_entity(world, POOL, pl_slice_of("back.main-db"), &err), PL_OK);
    assert_int_equal(pl_fault_entity(world, STEP, pl_slice_of("order.inline-pay"), &err), PL_OK);
    assert_int_equal(pl_fault_entity(world, STEP, pl_slice_of("nline-pay"), &err), PL_NOT_FOUND);
    err.status = PL_OK;
    assert_int_equal(pl_fault_entity(world, PL_FAULT_SERVICE, pl_slice_of("bakc"), &err),
                     PL_NOT_FOUND);
    assert_string_equal(err.message, "The world has no service `bakc` (did you mean `back`?).");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read_by_kind),
        cmocka_unit_test(limits_hold_on_both_sides),
        cmocka_unit_test_setup_teardown(
            entities_are_those_of_the_world, pl_test_contents_setup, pl_test_contents_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
