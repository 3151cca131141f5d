// SPDX-License-Identifier: Apache-2.0
#include "scenario/knob.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void every_knob_has_a_range(void **unused)
{
    (void)unused;
    for (uint32_t knob = 0; knob < PL_SERVICE_KNOB_COUNT; knob++) {
        pl_knob_range range = pl_field_knob(PL_SCOPE_SERVICE, knob);
        assert_true(range.high > range.low);
        assert_true(strlen(range.name) > 0);
    }
    assert_string_equal(pl_field_knob(PL_SCOPE_FLAG, PL_FLAG_VALUE).name, "value");
    assert_string_equal(pl_field_knob(PL_SCOPE_POOL, PL_POOL_RECYCLE).unit, "pulse");
}

static void what_counts_the_fleet_is_divided_and_what_is_per_pod_is_not(void **unused)
{
    (void)unused;
    assert_true(pl_field_knob_sliced(PL_SCOPE_SERVICE, PL_SERVICE_PODS));
    assert_true(pl_field_knob_sliced(PL_SCOPE_DATABASE, PL_DATABASE_MAX_CONNECTIONS));
    assert_true(pl_field_knob_sliced(PL_SCOPE_VENDOR, PL_VENDOR_QUOTA));
    assert_false(pl_field_knob_sliced(PL_SCOPE_SERVICE, PL_SERVICE_WORKERS));
    assert_false(pl_field_knob_sliced(PL_SCOPE_POOL, PL_POOL_SIZE));
    assert_false(pl_field_knob_sliced(PL_SCOPE_EDGE, PL_EDGE_BULKHEAD));
    assert_false(pl_field_knob_sliced(PL_SCOPE_FLAG, PL_FLAG_VALUE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_knob_has_a_range),
        cmocka_unit_test(what_counts_the_fleet_is_divided_and_what_is_per_pod_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
