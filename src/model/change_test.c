// SPDX-License-Identifier: Apache-2.0
#include "model/change.h"

#include "support/worlds.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_world *world;
static struct pl_state *state;

static int setup(void **unused)
{
    (void)unused;
    world = malloc(sizeof *world);
    assert_non_null(world);
    pl_test_shop_world(world);
    state = pl_test_start(world, 2);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    free(state);
    free(world);
    return 0;
}

static double value_of(const char *path)
{
    return pl_model_param(state, pl_world_param(world, path));
}

static void assert_value(const char *path, double expected)
{
    assert_true(fabs(value_of(path) - expected) < 1e-9);
}

static void run_to(double seconds)
{
    pl_model_run(world, state, NULL, pl_clock_ns(seconds));
}

static void gated(const char *path, double value, const char *gate, double gate_value, double at_s)
{
    pl_error err = {0};
    struct pl_change change = {
        .t_ns = pl_clock_ns(at_s),
        .param = pl_world_param(world, path),
        .gate_param = pl_world_param(world, gate),
        .value = value,
        .gate_value = gate_value,
    };
    assert_int_equal(pl_model_change(world, state, &change, &err), PL_OK);
}

static void a_change_happens_at_its_moment(void **unused)
{
    (void)unused;
    pl_test_change(world, state, "flag.inline", 0.4, 5.0);
    pl_test_change(world, state, "flag.inline", 0.8, 6.0);
    run_to(4.999);
    assert_value("flag.inline", 0.0);
    run_to(5.0);
    assert_value("flag.inline", 0.4);
    run_to(7.0);
    assert_value("flag.inline", 0.8);
}

static void a_ramp_passes_through_the_middle(void **unused)
{
    pl_error err = {0};
    (void)unused;
    struct pl_change ramp = {
        .t_ns = 2 * PL_NS_PER_S,
        .ramp_ns = 10 * PL_NS_PER_S,
        .param = pl_world_param(world, "traffic.users.rate"),
        .value = 3.0,
    };
    assert_int_equal(pl_model_change(world, state, &ramp, &err), PL_OK);
    run_to(7.0);
    assert_value("traffic.users.rate", 2.0);
    run_to(12.0);
    assert_value("traffic.users.rate", 3.0);
}

static void a_gated_change_lasts_as_long_as_its_gate(void **unused)
{
    (void)unused;
    gated("vendor.payment.latency", 5.0, "flag.inline", 1.0, 1.0);
    run_to(2.0);
    assert_value("vendor.payment.latency", 1.0);
    pl_test_change(world, state, "flag.inline", 1.0, 3.0);
    run_to(3.5);
    assert_value("vendor.payment.latency", 5.0);
    pl_test_change(world, state, "flag.inline", 0.0, 4.0);
    run_to(4.5);
    assert_value("vendor.payment.latency", 1.0);
}

static void a_decision_ends_a_gated_change(void **unused)
{
    (void)unused;
    gated("flag.inline", 0.9, "service.shop.release", 0.0, 2.0);
    pl_test_change(world, state, "flag.inline", 0.1, 5.0);
    run_to(3.0);
    assert_value("flag.inline", 0.9);
    run_to(6.0);
    assert_value("flag.inline", 0.1);
}

static void a_gated_change_can_ramp(void **unused)
{
    pl_error err = {0};
    struct pl_change change = {
        .t_ns = pl_clock_ns(10.0),
        .ramp_ns = pl_clock_ns(20.0),
        .param = pl_world_param(world, "flag.inline"),
        .gate_param = pl_world_param(world, "service.shop.release"),
        .value = 1.0,
    };
    (void)unused;
    assert_int_equal(pl_model_change(world, state, &change, &err), PL_OK);
    run_to(20.0);
    assert_value("flag.inline", 0.5);
    run_to(31.0);
    assert_value("flag.inline", 1.0);
}

static void a_release_gate_follows_each_pod_during_the_rollout(void **unused)
{
    struct pl_ctx ctx;
    (void)unused;
    gated("service.checkout.cpu_factor", 3.0, "service.checkout.release", 1.0, 1.0);
    pl_test_change(world, state, "service.checkout.release", 1.0, 10.0);
    uint32_t param = pl_world_param(world, "service.checkout.cpu_factor");
    uint32_t old_seen = 0;
    uint32_t new_seen = 0;
    for (int t = 11; t < 200; t++) {
        run_to((double)t);
        pl_state_context(&ctx, world, state, NULL);
        for (uint32_t i = 0; i < world->services[1].pods_max; i++) {
            const struct pl_pod *pod = &ctx.pods[world->pod0[1] + i];
            if (pod->phase != PL_POD_READY) {
                continue;
            }
            double seen = pl_ctx_param_on(&ctx, param, world->pod0[1] + i);
            assert_true(fabs(seen - (pod->release == 1 ? 3.0 : 1.0)) < 1e-9);
            old_seen += pod->release == 0 ? 1 : 0;
            new_seen += pod->release == 1 ? 1 : 0;
        }
    }
    assert_true(old_seen > 20 && new_seen > 20); /* versions were mixed for a while */
    assert_int_equal(pl_model_pod(world, state, world->pod0[1] + 2).release, 1);
}

static void a_pulse_falls_back_by_itself(void **unused)
{
    (void)unused;
    pl_test_change(world, state, "cache.catalogue.flush", 1.0, 5.0);
    run_to(4.9);
    uint32_t before = pl_model_cache(world, state, 0).resident;
    run_to(5.0);
    assert_value("cache.catalogue.flush", 0.0);
    assert_true(pl_model_cache(world, state, 0).resident < before / 10);
}

static void impossible_changes_are_refused_with_a_sentence(void **unused)
{
    (void)unused;
    run_to(10.0);
    uint32_t flag = pl_world_param(world, "flag.inline");
    const struct {
        struct pl_change change;
        const char *word;
    } cases[] = {
        {{.t_ns = 11 * PL_NS_PER_S, .param = 0}, "does not exist"},
        {{.t_ns = 11 * PL_NS_PER_S, .param = 100000}, "does not exist"},
        {{.t_ns = 11 * PL_NS_PER_S, .param = flag, .value = 1.5}, "between 0 and 1"},
        {{.t_ns = 9 * PL_NS_PER_S, .param = flag, .value = 0.5}, "past"},
        {{.t_ns = PL_TIME_MAX, .param = flag, .value = 0.5}, "past or beyond"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_error err = {0};
        assert_int_equal(pl_model_change(world, state, &cases[i].change, &err), PL_BAD_INPUT);
        assert_non_null(strstr(err.message, cases[i].word));
    }
}

static void the_list_of_changes_is_bounded(void **unused)
{
    pl_error err = {0};
    (void)unused;
    struct pl_change change = {.t_ns = PL_NS_PER_S, .param = pl_world_param(world, "flag.inline")};
    for (uint32_t i = 0; i < PL_CHANGES_MAX; i++) {
        assert_int_equal(pl_model_change(world, state, &change, &err), PL_OK);
    }
    assert_int_equal(pl_model_change(world, state, &change, &err), PL_LIMIT);
    run_to(2.0);
}

/* Goal: whoever compares runs may leave out a change that sets what is so, and no other. */
static void a_change_that_sets_what_is_so_is_idle(void **unused)
{
    (void)unused;
    uint32_t flag = pl_world_param(world, "flag.inline");
    struct pl_change same = {.t_ns = pl_clock_ns(3.0), .param = flag, .value = 0.0};
    struct pl_change other = {.t_ns = pl_clock_ns(3.0), .param = flag, .value = 0.5};
    struct pl_change ramp = same;
    ramp.ramp_ns = 1;
    run_to(1.0);
    assert_true(pl_model_change_is_idle(world, state, &same));
    assert_false(pl_model_change_is_idle(world, state, &other));
    assert_false(pl_model_change_is_idle(world, state, &ramp));
    pl_test_change(world, state, "flag.inline", 0.4, 5.0);
    assert_false(pl_model_change_is_idle(world, state, &same)); /* another one is to come */
    run_to(6.0);
    assert_false(pl_model_change_is_idle(world, state, &same));
    same.value = 0.4;
    assert_true(pl_model_change_is_idle(world, state, &same));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_change_that_sets_what_is_so_is_idle, setup, teardown),
        cmocka_unit_test_setup_teardown(a_change_happens_at_its_moment, setup, teardown),
        cmocka_unit_test_setup_teardown(a_ramp_passes_through_the_middle, setup, teardown),
        cmocka_unit_test_setup_teardown(a_gated_change_lasts_as_long_as_its_gate, setup, teardown),
        cmocka_unit_test_setup_teardown(a_decision_ends_a_gated_change, setup, teardown),
        cmocka_unit_test_setup_teardown(a_gated_change_can_ramp, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_release_gate_follows_each_pod_during_the_rollout, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pulse_falls_back_by_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(
            impossible_changes_are_refused_with_a_sentence, setup, teardown),
        cmocka_unit_test_setup_teardown(the_list_of_changes_is_bounded, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
