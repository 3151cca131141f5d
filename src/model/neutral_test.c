// SPDX-License-Identifier: Apache-2.0
#include "model/neutral.h"

#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_world *world;
static struct pl_state *state;
static struct pl_ctx ctx;

static int setup(void **unused)
{
    (void)unused;
    world = malloc(sizeof *world);
    assert_non_null(world);
    pl_test_shop_world(world);
    state = pl_test_start(world, 2);
    pl_state_context(&ctx, world, state, NULL);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    pl_model_validate(world, state);
    free(state);
    free(world);
    return 0;
}

static void run_to(double seconds)
{
    pl_model_run(world, state, NULL, pl_clock_ns(seconds));
}

/* Entity that owns the param of this path. */
static uint32_t entity_of(const char *path)
{
    return world->params[pl_world_param(world, path)].entity;
}

static void a_knob_of_a_service_that_does_nothing_has_no_bit(void **unused)
{
    uint32_t first = world->pod0[entity_of("service.checkout.error_rate")];
    uint32_t bit = pl_neutral_bit(PL_SERVICE_ERROR_RATE);
    (void)unused;
    assert_int_equal(ctx.pods[first].knobs & bit, 0);
    pl_test_change(world, state, "service.checkout.error_rate", 0.5, 1.0);
    pl_test_change(world, state, "service.checkout.error_rate", 0.0, 2.0);
    run_to(1.5);
    assert_int_equal(ctx.pods[first].knobs & bit, bit);
    assert_int_equal(ctx.pods[first + 1].knobs & bit, bit);
    run_to(2.5);
    assert_int_equal(ctx.pods[first].knobs & bit, 0);
}

static void a_factor_does_nothing_at_one(void **unused)
{
    uint32_t first = world->pod0[entity_of("service.checkout.cpu_factor")];
    uint32_t bit = pl_neutral_bit(PL_SERVICE_CPU_FACTOR);
    (void)unused;
    assert_int_equal(ctx.pods[first].knobs & bit, 0);
    pl_test_change(world, state, "service.checkout.cpu_factor", 2.0, 1.0);
    run_to(1.5);
    assert_int_equal(ctx.pods[first].knobs & bit, bit);
}

static void pods_know_how_many_requests_they_work_on(void **unused)
{
    static const struct {
        double workers;
        uint32_t whole;
    } cases[] = {{3.0, 3}, {2.5, 3}, {0.0, UINT32_MAX}, {0.2, 1}};
    uint32_t first = world->pod0[entity_of("service.checkout.workers")];
    (void)unused;
    for (uint32_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_test_change(world, state, "service.checkout.workers", cases[i].workers, 1.0 + i);
        run_to(1.5 + i);
        assert_int_equal(ctx.pods[first].workers, cases[i].whole);
        assert_int_equal(ctx.pods[first].knobs & pl_neutral_bit(PL_SERVICE_WORKERS), 0);
    }
}

/* A gated knob always counts: the release of a pod decides about its value. */
static void a_gated_knob_has_its_bit_before_the_gate_opens(void **unused)
{
    pl_error err = {0};
    uint32_t first = world->pod0[entity_of("service.checkout.workers")];
    uint32_t bit = pl_neutral_bit(PL_SERVICE_WORKERS);
    struct pl_change change = {
        .t_ns = pl_clock_ns(1.0),
        .param = pl_world_param(world, "service.checkout.workers"),
        .gate_param = pl_world_param(world, "service.checkout.release"),
        .value = 1.0,
        .gate_value = 1.0,
    };
    (void)unused;
    assert_int_equal(pl_model_change(world, state, &change, &err), PL_OK);
    assert_int_equal(ctx.pods[first].knobs & bit, 0);
    run_to(1.5);
    assert_int_equal(ctx.pods[first].knobs & bit, bit);
}

/* Whatever changes, words agree with the params (pl_model_validate), and lose no bit in a fork. */
static void every_param_can_change_and_change_back(void **unused)
{
    (void)unused;
    for (uint32_t p = 1; p <= world->param_count; p++) {
        const struct pl_param_def *def = &world->params[p];
        double value =
            def->base < def->high ? def->base + 0.25 * (def->high - def->base) : def->low;
        double at_s = 0.05 * (double)p;
        if (strcmp(def->unit, "pulse") == 0 || def->scope == PL_SCOPE_JOB ||
            def->scope == PL_SCOPE_SOURCE) {
            continue;
        }
        pl_test_change(world, state, def->path, value, at_s);
        run_to(at_s);
        pl_model_validate(world, state);
        pl_test_change(world, state, def->path, def->base, at_s + 0.01);
        run_to(at_s + 0.01);
        pl_model_validate(world, state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_knob_of_a_service_that_does_nothing_has_no_bit, setup, teardown),
        cmocka_unit_test_setup_teardown(a_factor_does_nothing_at_one, setup, teardown),
        cmocka_unit_test_setup_teardown(pods_know_how_many_requests_they_work_on, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_gated_knob_has_its_bit_before_the_gate_opens, setup, teardown),
        cmocka_unit_test_setup_teardown(every_param_can_change_and_change_back, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
