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

static void traffic_follows_its_rate(void **unused)
{
    (void)unused;
    run_to(200.0);
    double base = (double)pl_model_outcome(state, 0).offered / 200.0;
    set("traffic.users.rate", 2.0);
    set("traffic.users.burst", 1.0);
    uint64_t before = pl_model_outcome(state, 0).offered;
    run_to(400.0);
    double doubled = (double)(pl_model_outcome(state, 0).offered - before) / 200.0;
    /* 60 per second, a sixth of the time 1.8-fold. */
    assert_true(base > 62.0 && base < 74.0);
    assert_true(doubled > 117.0 && doubled < 123.0);
}

static void users_retry_and_finally_leave(void **unused)
{
    (void)unused;
    run_to(5.0);
    set("service.storefront.cpu_factor", 1000.0);
    run_to(60.0);
    assert_true(record->sources[0].retried > 500);
    assert_true(pl_model_outcome(state, 0).left > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(traffic_follows_its_rate, setup, teardown),
        cmocka_unit_test_setup_teardown(users_retry_and_finally_leave, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
