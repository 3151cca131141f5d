// SPDX-License-Identifier: Apache-2.0
#include "model/state.h"

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

static void same_seed_same_hash_other_seed_other_hash(void **unused)
{
    (void)unused;
    struct pl_state *a = pl_test_start(world, 5);
    struct pl_state *b = pl_test_start(world, 5);
    struct pl_state *c = pl_test_start(world, 6);
    pl_model_run(world, a, NULL, pl_clock_ns(20.0));
    pl_model_run(world, b, NULL, pl_clock_ns(20.0));
    pl_model_run(world, c, NULL, pl_clock_ns(20.0));
    pl_hash128 ha = pl_model_hash(a);
    pl_hash128 hb = pl_model_hash(b);
    pl_hash128 hc = pl_model_hash(c);
    assert_true(ha.low == hb.low && ha.high == hb.high);
    assert_true(ha.low != hc.low);
    free(a);
    free(b);
    free(c);
}

static void memory_before_the_start_does_not_matter(void **unused)
{
    (void)unused;
    size_t size = pl_model_size(world);
    struct pl_state *clean = pl_test_start(world, 5);
    void *dirty_memory = aligned_alloc(16, size);
    assert_non_null(dirty_memory);
    memset(dirty_memory, 0xa5, size);
    struct pl_state *dirty = pl_model_init(world, dirty_memory, size, 5);
    assert_memory_equal(clean, dirty, pl_model_used(clean));
    free(clean);
    free(dirty);
}

static void a_fork_copies_only_what_is_used(void **unused)
{
    (void)unused;
    struct pl_state *state = pl_test_start(world, 5);
    pl_model_run(world, state, NULL, pl_clock_ns(10.0));
    size_t used = pl_model_used(state);
    assert_true(used < pl_model_size(world));
    struct pl_state *fork = pl_test_fork(world, state);
    assert_memory_equal(state, fork, used);
    free(fork);
    free(state);
}

static void reseeding_changes_only_the_future(void **unused)
{
    (void)unused;
    struct pl_state *state = pl_test_start(world, 5);
    pl_model_run(world, state, NULL, pl_clock_ns(10.0));
    struct pl_state *fork = pl_test_fork(world, state);
    pl_model_reseed(fork, 99);
    assert_int_equal(pl_model_now(fork), pl_model_now(state));
    assert_int_equal(pl_model_outcome(fork, 0).ok, pl_model_outcome(state, 0).ok);
    pl_model_run(world, state, NULL, pl_clock_ns(20.0));
    pl_model_run(world, fork, NULL, pl_clock_ns(20.0));
    assert_true(pl_model_hash(state).low != pl_model_hash(fork).low);
    free(fork);
    free(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(same_seed_same_hash_other_seed_other_hash, setup, teardown),
        cmocka_unit_test_setup_teardown(memory_before_the_start_does_not_matter, setup, teardown),
        cmocka_unit_test_setup_teardown(a_fork_copies_only_what_is_used, setup, teardown),
        cmocka_unit_test_setup_teardown(reseeding_changes_only_the_future, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
