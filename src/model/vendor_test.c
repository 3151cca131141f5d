// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "model/vendor.h"

#include "support/driven.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void a_quota_limits_the_rate_of_answers(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_set(shop, "call.checkout.payment.breaker", 0.0);
    pl_driven_set(shop, "call.checkout.payment.retries", 0.0);
    pl_driven_set(shop, "vendor.payment.quota", 10.0);
    pl_driven_run_to(shop, 10.0);
    uint64_t good = shop->record->routes[2].completed;
    pl_driven_run_to(shop, 70.0);
    double rate = (double)(shop->record->routes[2].completed - good) / 60.0;
    assert_true(rate > 9.5 && rate < 10.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_quota_limits_the_rate_of_answers, pl_driven_setup, pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
