// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "model/traffic.h"

#include "support/driven.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void traffic_follows_its_rate(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_run_to(shop, 200.0);
    double base = (double)pl_model_outcome(shop->state, 0).offered / 200.0;
    pl_driven_set(shop, "traffic.users.rate", 2.0);
    pl_driven_set(shop, "traffic.users.burst", 1.0);
    uint64_t before = pl_model_outcome(shop->state, 0).offered;
    pl_driven_run_to(shop, 400.0);
    double doubled = (double)(pl_model_outcome(shop->state, 0).offered - before) / 200.0;
    /* 60 per second, a sixth of the time 1.8-fold. */
    assert_true(base > 62.0 && base < 74.0);
    assert_true(doubled > 117.0 && doubled < 123.0);
}

static void users_retry_and_finally_leave(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_run_to(shop, 5.0);
    pl_driven_set(shop, "service.storefront.cpu_factor", 1000.0);
    pl_driven_run_to(shop, 60.0);
    assert_true(shop->record->sources[0].retried > 500);
    assert_true(pl_model_outcome(shop->state, 0).left > 500);
}

static void patience_may_follow_a_law(void **fixture)
{
    /* Nothing answers: everybody leaves, after a time that is exponential. */
    struct pl_driven *shop = *fixture;
    shop->world->sources[0].patience = pl_law_exponential(3.0); /* no param depends on it */
    pl_driven_set(shop, "traffic.users.retries", 0.0);
    pl_driven_set(shop, "service.storefront.cpu_factor", 1000.0);
    pl_driven_set(shop, "traffic.users.rate", 5.0);
    pl_driven_run_to(shop, 1.0);
    pl_driven_set(shop, "traffic.users.rate", 0.0);
    pl_driven_run_to(shop, 1.0 + 1e-6);
    double present = (double)pl_model_outcome(shop->state, 0).in_flight;
    pl_driven_run_to(shop, 4.0);
    double later = (double)pl_model_outcome(shop->state, 0).in_flight;
    assert_true(present > 150.0);
    assert_true(later / present > 0.25 && later / present < 0.5); /* e^-1 = 0.37 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            traffic_follows_its_rate, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            users_retry_and_finally_leave, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            patience_may_follow_a_law, pl_driven_setup, pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
