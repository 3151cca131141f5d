// SPDX-License-Identifier: Apache-2.0
#include "scenario/change_def.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void templates_are_filled(void **unused)
{
    (void)unused;
    static const struct pl_template_value values[] = {{"a", "x/y"}, {"b", "2"}};
    char out[32];
    assert_true(pl_template_fill("p.{a}.{b}", values, 2, true, out, sizeof out));
    assert_string_equal(out, "p.x.y.2");
    assert_true(pl_template_fill("{a} is {b}", values, 2, false, out, sizeof out));
    assert_string_equal(out, "x/y is 2");
    assert_false(pl_template_fill("{c}", values, 2, false, out, sizeof out));
    assert_false(pl_template_fill("{a", values, 2, false, out, sizeof out));
    assert_true(pl_template_fill("{a}{a}{a}", values, 2, false, out, 5));
    assert_string_equal(out, "x/yx");
}

static void fleet_numbers_become_those_of_the_slice(void **unused)
{
    (void)unused;
    assert_true(pl_test_load_world(&pl_test_loaded, pl_test_world_text));
    uint32_t pods = pl_world_param(pl_test_loaded.world, "service.front.pods");
    uint32_t load = pl_world_param(pl_test_loaded.world, "db.main-db.load");
    uint32_t size = pl_world_param(pl_test_loaded.world, "pool.back.main-db.size");
    assert_true(pl_slice_param(pl_test_loaded.world, pods));
    assert_false(pl_slice_param(pl_test_loaded.world, size));
    assert_true(pl_slice_value(pl_test_loaded.world, pods, 3.0) > 1.9); /* whole pods, rounded up */
    assert_true(pl_slice_value(pl_test_loaded.world, load, 3.0) < 1.51);
    assert_true(pl_slice_value(pl_test_loaded.world, size, 3.0) > 2.9);
    assert_true(pl_slice_fleet(pl_test_loaded.world, pods, 2.0) > 3.9);
}

static void a_change_for_a_time_goes_back(void **unused)
{
    (void)unused;
    assert_true(pl_test_load_world(&pl_test_loaded, pl_test_world_text));
    struct pl_change_def def = {.op = PL_CHANGE_TIMES, .for_s = 5.0};
    struct pl_change_bound bound = {
        .def = &def,
        .param = pl_world_param(pl_test_loaded.world, "vendor.payment.latency"),
        .t_ns = PL_NS_PER_S,
        .before = 2.0,
        .value = 3.0,
    };
    struct pl_change out[PL_CHANGE_MADE_MAX];
    pl_error err = {0};
    assert_int_equal(pl_change_make(pl_test_loaded.world, &bound, out, &err), 2);
    assert_true(out[0].value > 5.9 && out[0].value < 6.1);
    assert_true(out[1].value > 1.9 && out[1].value < 2.1);
    assert_int_equal(out[1].t_ns, 6 * PL_NS_PER_S);
    bound.value = 1e6;
    assert_int_equal(pl_change_make(pl_test_loaded.world, &bound, out, &err), 0);
    assert_int_equal(err.status, PL_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            templates_are_filled, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(fleet_numbers_become_those_of_the_slice,
                                        pl_test_contents_setup,
                                        pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            a_change_for_a_time_goes_back, pl_test_contents_setup, pl_test_contents_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
