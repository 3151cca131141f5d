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

static void a_quota_limits_the_rate_of_answers(void **unused)
{
    (void)unused;
    set("call.checkout.payment.breaker", 0.0);
    set("call.checkout.payment.retries", 0.0);
    set("vendor.payment.quota", 10.0);
    run_to(10.0);
    uint64_t good = record->routes[2].completed;
    run_to(70.0);
    double rate = (double)(record->routes[2].completed - good) / 60.0;
    assert_true(rate > 9.5 && rate < 10.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_quota_limits_the_rate_of_answers, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
