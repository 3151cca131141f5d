// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pl_world *world;
static struct pl_state *state;
static struct pl_record *record;

static int setup(void **unused)
{
    (void)unused;
    world = malloc(sizeof *world);
    assert_non_null(world);
    pl_test_shop_world(world);
    state = pl_test_start(world, 21);
    record = pl_test_record(world);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    pl_model_validate(world, state);
    free(record);
    free(state);
    free(world);
    return 0;
}

static void run_to(double seconds)
{
    pl_model_run(world, state, record, pl_clock_ns(seconds));
}

static void set(const char *path, double value)
{
    pl_test_change(world, state, path, value, pl_clock_s(pl_model_now(state)));
}

static void the_least_busy_pod_gets_the_request(void **unused)
{
    /* A pod that stands still collects work up to the others' level, not more. */
    (void)unused;
    run_to(10.0);
    struct pl_pod_view a = pl_model_pod(world, state, pl_model_pod0(world, 1));
    struct pl_pod_view b = pl_model_pod(world, state, pl_model_pod0(world, 1) + 1);
    assert_true(a.cpu_s > 0.8 * b.cpu_s && b.cpu_s > 0.8 * a.cpu_s);
}

static void a_deep_probe_ejects_pods_that_wait_for_a_dead_database(void **unused)
{
    (void)unused;
    set("service.checkout.health_deep", 1.0);
    set("call.storefront.checkout.breaker", 0.0);
    run_to(5.0);
    set("db.orders-db.failover", 60.0);
    run_to(50.0);
    uint32_t ejected = 0;
    for (uint32_t i = 0; i < 2; i++) {
        ejected += pl_model_pod(world, state, pl_model_pod0(world, 1) + i).ejected;
    }
    assert_int_equal(ejected, 2);
    assert_true(record->routes[2].offered > 1000); /* panic mode: traffic goes on */
    run_to(120.0);
    assert_int_equal(pl_model_pod(world, state, pl_model_pod0(world, 1)).ejected, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_least_busy_pod_gets_the_request, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_deep_probe_ejects_pods_that_wait_for_a_dead_database, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
