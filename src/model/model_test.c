// SPDX-License-Identifier: Apache-2.0
//
// Properties of a running world, on a shop that has every element and every kind of trouble.
#include "model/model.h"

#include "base/random.h"
#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_world *world;

static int setup(void **unused)
{
    (void)unused;
    world = malloc(sizeof *world);
    assert_non_null(world);
    pl_test_shop_world(world);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    free(world);
    return 0;
}

/* A hundred seconds of random changes of any tunable: values between its base and its limits. */
static void trouble(struct pl_state *state, uint64_t seed)
{
    for (uint64_t i = 0; i < 60; i++) {
        uint64_t bits = pl_random_bits(seed, 2 * i);
        double unit = pl_random_unit(pl_random_bits(seed, 2 * i + 1));
        uint32_t param = 1 + (uint32_t)(bits % world->param_count);
        const struct pl_param_def *def = &world->params[param];
        /* Work of hours or a thousand times the traffic would only test patience. */
        double reach = def->base > 0.0 ? 4.0 * def->base : 2.0;
        double high = def->high < reach ? def->high : reach;
        double low = def->low > def->base / 4.0 ? def->low : def->base / 4.0;
        low = (bits >> 40) % 4 == 0 ? def->low : low;
        pl_error err = {0};
        struct pl_change change = {
            .t_ns = pl_model_now(state) + pl_clock_ns(1.5 * (double)i),
            .ramp_ns = (bits >> 32) % 3 == 0 ? 5 * PL_NS_PER_S : 0,
            .param = param,
            .value = low + (high - low) * unit,
        };
        if (change.value < def->low) {
            change.value = def->low;
        }
        assert_int_equal(pl_model_change(world, state, &change, &err), PL_OK);
    }
}

static void bookkeeping_holds_in_any_trouble(void **unused)
{
    /* pl_model_validate compares every area with every sojourn, to the nanosecond. */
    (void)unused;
    for (uint64_t seed = 1; seed <= 25; seed++) {
        struct pl_state *state = pl_test_start(world, seed);
        pl_model_run(world, state, NULL, 5 * PL_NS_PER_S);
        trouble(state, seed);
        for (int64_t t = 6; t <= 110; t += 4) {
            pl_model_run(world, state, NULL, t * PL_NS_PER_S);
            pl_model_validate(world, state);
        }
        struct pl_outcome_view o = pl_model_outcome(state, 0);
        assert_int_equal(o.offered, o.ok + o.slow + o.failed + o.left + o.in_flight);
        free(state);
    }
}

static void fork_then_step_equals_step_then_fork(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct pl_state *a = pl_test_start(world, seed);
        trouble(a, seed + 100);
        pl_model_run(world, a, NULL, pl_clock_ns(20.0 + 5.0 * (double)seed));
        struct pl_state *fork = pl_test_fork(world, a);
        pl_model_run(world, fork, NULL, 100 * PL_NS_PER_S);
        pl_model_run(world, a, NULL, 100 * PL_NS_PER_S);
        assert_memory_equal(a, fork, pl_model_used(a));
        free(fork);
        free(a);
    }
}

static void many_small_steps_equal_one_large_step(void **unused)
{
    (void)unused;
    struct pl_state *a = pl_test_start(world, 3);
    struct pl_state *b = pl_test_start(world, 3);
    trouble(a, 7);
    trouble(b, 7);
    for (int64_t t = 1; t <= 4000; t++) {
        pl_model_run(world, a, NULL, t * 20 * PL_NS_PER_MS + (t % 3) * 12345);
    }
    pl_model_run(world, b, NULL, pl_model_now(a));
    assert_memory_equal(a, b, pl_model_used(a));
    free(b);
    free(a);
}

static void an_action_does_not_shift_the_draws_of_others(void **unused)
{
    /* A slower vendor changes nothing for those who only browse: same arrivals, same work. */
    (void)unused;
    struct pl_state *a = pl_test_start(world, 9);
    struct pl_state *b = pl_test_start(world, 9);
    struct pl_record *ra = pl_test_record(world);
    struct pl_record *rb = pl_test_record(world);
    pl_test_change(world, b, "vendor.payment.latency", 1.5, 1.0);
    pl_model_run(world, a, ra, 60 * PL_NS_PER_S);
    pl_model_run(world, b, rb, 60 * PL_NS_PER_S);
    assert_int_equal(ra->routes[0].offered, rb->routes[0].offered);
    assert_int_equal(ra->routes[1].offered, rb->routes[1].offered);
    assert_int_equal(ra->cache_hits[0], rb->cache_hits[0]);
    assert_true(pl_histogram_mean(&ra->routes[2].latency) <
                pl_histogram_mean(&rb->routes[2].latency));
    free(ra);
    free(rb);
    free(a);
    free(b);
}

static void a_full_state_refuses_and_says_so(void **unused)
{
    struct pl_test_queue queue = {
        .rate = 2000.0,
        .service = pl_law_constant(0.01),
        .workers = 1,
        .cores = 1.0,
        .frames_max = 64,
    };
    (void)unused;
    pl_test_queue_world(world, &queue);
    struct pl_state *state = pl_test_start(world, 1);
    pl_model_run(world, state, NULL, 10 * PL_NS_PER_S);
    assert_true(pl_model_overflows(state) > 10000);
    pl_model_validate(world, state);
    free(state);
}

static void views_agree_with_each_other(void **unused)
{
    (void)unused;
    struct pl_state *state = pl_test_start(world, 2);
    static struct pl_session_view sessions[256];
    pl_test_change(world, state, "job.import.running", 1.0, 5.0);
    pl_test_change(world, state, "flag.inline", 1.0, 5.0);
    pl_model_run(world, state, NULL, 30 * PL_NS_PER_S);
    uint32_t count = pl_model_sessions(world, state, 0, sessions, 256);
    struct pl_database_view db = pl_model_database(world, state, 0);
    uint32_t jobs = 0;
    uint32_t states[4] = {0};
    for (uint32_t i = 0; i < count; i++) {
        jobs += sessions[i].job != PL_NONE ? 1 : 0;
        states[sessions[i].state]++;
    }
    assert_int_equal(jobs, 4);
    assert_int_equal(db.connections, count + 10); /* the others of the world */
    assert_int_equal(db.active, states[PL_SESSION_ACTIVE]);
    assert_int_equal(db.idle_in_transaction, states[PL_SESSION_IDLE_IN_TRANSACTION]);
    uint32_t in_use = 0;
    for (uint32_t i = 0; i < world->services[1].pods_max; i++) {
        in_use += pl_model_pool(world, state, pl_model_pod0(world, 1) + i, 1).in_use;
    }
    assert_int_equal(pl_model_resource(world, state, 2 * world->service_count + 1).in_service,
                     in_use);
    free(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bookkeeping_holds_in_any_trouble, setup, teardown),
        cmocka_unit_test_setup_teardown(fork_then_step_equals_step_then_fork, setup, teardown),
        cmocka_unit_test_setup_teardown(many_small_steps_equal_one_large_step, setup, teardown),
        cmocka_unit_test_setup_teardown(
            an_action_does_not_shift_the_draws_of_others, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_state_refuses_and_says_so, setup, teardown),
        cmocka_unit_test_setup_teardown(views_agree_with_each_other, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
