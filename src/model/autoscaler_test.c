// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "model/autoscaler.h"

#include "support/driven.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void the_autoscaler_follows_processor_use(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_set(shop, "service.checkout.autoscale_max", 4.0);
    pl_driven_set(shop, "service.checkout.autoscale", 1.0);
    pl_driven_set(shop, "service.checkout.cpu_factor", 15.0);
    pl_driven_run_to(shop, 120.0);
    assert_true(pl_model_param(shop->state, pl_world_param(shop->world, "service.checkout.pods")) >
                2.5);
    assert_true(pl_driven_logged(shop, 1, PL_LOG_SCALED) >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_autoscaler_follows_processor_use, pl_driven_setup, pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
