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

static uint64_t logged(uint32_t service, enum pl_log_kind kind)
{
    return record->log_counts[service][kind];
}

static void a_leak_ends_in_an_out_of_memory_kill(void **unused)
{
    (void)unused;
    set("service.checkout.leak_per_request", 1.0);
    run_to(100.0);
    assert_true(logged(1, PL_LOG_OOM_KILLED) >= 1);
    assert_true(logged(1, PL_LOG_POD_STARTED) >= 1);
}

static void a_rolling_restart_replaces_every_pod_without_errors(void **unused)
{
    (void)unused;
    run_to(10.0);
    uint64_t failed = pl_model_outcome(state, 0).failed;
    set("service.checkout.restart", 1.0);
    run_to(200.0);
    uint32_t ready = 0;
    for (uint32_t i = 0; i < world->services[1].pods_max; i++) {
        struct pl_pod_view pod = pl_model_pod(world, state, pl_model_pod0(world, 1) + i);
        ready += pod.phase == PL_POD_READY ? 1 : 0;
        assert_true(pod.phase != PL_POD_READY || pod.generation > 2);
    }
    assert_int_equal(ready, 2);
    assert_true(pl_model_outcome(state, 0).failed <= failed + 5);
}

static void collector_pauses_stop_the_pod_and_shallow_probes_eject_it(void **unused)
{
    (void)unused;
    set("service.checkout.gc_interval", 20.0);
    set("service.checkout.gc_pause", 40.0);
    run_to(200.0);
    assert_true(record->pod_gc_count[pl_model_pod0(world, 1)] >= 2);
    assert_true(logged(1, PL_LOG_PROBE_FAILED) >= 3);
}

static void shedding_refuses_its_share(void **unused)
{
    (void)unused;
    set("route.checkout.get-order.shed", 0.3);
    set("call.storefront.checkout.retries", 0.0);
    set("call.storefront.checkout.breaker", 0.0);
    run_to(200.0);
    double offered = (double)record->routes[3].offered;
    double shed = (double)logged(1, PL_LOG_SHED);
    assert_true(shed / offered > 0.27 && shed / offered < 0.33);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_leak_ends_in_an_out_of_memory_kill, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_rolling_restart_replaces_every_pod_without_errors, setup, teardown),
        cmocka_unit_test_setup_teardown(
            collector_pauses_stop_the_pod_and_shallow_probes_eject_it, setup, teardown),
        cmocka_unit_test_setup_teardown(shedding_refuses_its_share, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
