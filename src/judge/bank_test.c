// SPDX-License-Identifier: Apache-2.0
#include "judge/bank.h"

#include "base/random.h"
#include "scenario/action.h"
#include "support/judged.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PARTICLES = 3, CAUSES = 1 };

static struct test_judged *judged;

static int setup(void **unused)
{
    (void)unused;
    judged = test_judged_open(1, 0.0);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    test_judged_close(judged);
    return 0;
}

/* Two workers that take tasks from the end, in turns: another order than the caller's own. */
static void backwards(void *context, uint32_t count, pl_task task, void *argument)
{
    (void)context;
    for (uint32_t i = count; i > 0; i--) {
        task(argument, i - 1, i & 1U);
    }
}

static struct pl_bank_def bank_def(uint64_t replicate)
{
    return (struct pl_bank_def){.world = judged->world,
                                .scenario = judged->scenario,
                                .particles = PARTICLES,
                                .replicate = replicate};
}

static struct pl_bank *open_bank(const struct pl_bank_def *def)
{
    size_t size = (pl_bank_size(def) + 63) / 64 * 64;
    void *memory = aligned_alloc(64, size);
    struct pl_bank *bank = NULL;
    pl_error err = {0};
    assert_non_null(memory);
    assert_int_equal(pl_bank_open(def, memory, size, &bank, &err), PL_OK);
    return bank;
}

static const struct pl_look_call latency = {
    .kind = 0, .service = "till-api", .panel = "latency", .by = ""};

static struct pl_call flag_call(const char *share)
{
    struct pl_arg_text args[2] = {{"", "inline-check"}, {"", share}};
    struct pl_call call;
    pl_error err = {0};
    assert_int_equal(pl_action_bind(judged->scenario, "flag", args, 2, &call, &err), PL_OK);
    return call;
}

static void assert_same_sets(const struct pl_feature_set *a, const struct pl_feature_set *b)
{
    for (uint32_t i = 0; i < CAUSES * PARTICLES; i++) {
        assert_true(a[i].count > 0);
        assert_int_equal(a[i].count, b[i].count);
        assert_memory_equal(a[i].items, b[i].items, a[i].count * sizeof a[i].items[0]);
    }
}

static void assert_same_states(const struct pl_bank *a, const struct pl_bank *b)
{
    for (uint32_t k = 0; k < PARTICLES; k++) {
        pl_hash128 x = pl_model_hash(pl_bank_state(a, 0, k));
        pl_hash128 y = pl_model_hash(pl_bank_state(b, 0, k));
        assert_true(x.low == y.low && x.high == y.high);
    }
}

static void workers_make_no_difference(void **unused)
{
    (void)unused;
    struct pl_bank_def def = bank_def(0);
    struct pl_bank_def other_def = bank_def(0);
    other_def.parallel = (struct pl_parallel){.run = backwards, .workers = 2};
    struct pl_bank *bank = open_bank(&def);
    struct pl_bank *other = open_bank(&other_def);
    struct pl_feature_set *sets = calloc(2 * CAUSES * PARTICLES, sizeof *sets);
    struct pl_feature_set *other_sets = sets + CAUSES * PARTICLES;
    struct pl_call call = flag_call("0%");
    pl_error err = {0};
    assert_non_null(sets);
    assert_same_states(bank, other);
    assert_int_equal(pl_bank_drawn(bank, 0), pl_bank_drawn(other, 0));
    assert_true(pl_bank_acceptance(bank, 0) > 0.0 && pl_bank_acceptance(bank, 0) <= 1.0);
    assert_int_equal(pl_bank_now(bank), judged->opening->opens_ns);
    int64_t later_ns = pl_bank_now(bank) + 61 * PL_NS_PER_S;
    pl_bank_advance(bank, later_ns);
    pl_bank_advance(other, later_ns - 7 * PL_NS_PER_S);
    pl_bank_advance(other, later_ns);
    assert_int_equal(pl_bank_act(bank, &call, &err), PL_OK);
    assert_int_equal(pl_bank_act(other, &call, &err), PL_OK);
    pl_bank_advance(bank, later_ns + 60 * PL_NS_PER_S);
    pl_bank_advance(other, later_ns + 60 * PL_NS_PER_S);
    assert_same_states(bank, other);
    assert_int_equal(pl_bank_look(bank, &latency, sets, &err), PL_OK);
    assert_int_equal(pl_bank_look(other, &latency, other_sets, &err), PL_OK);
    assert_same_sets(sets, other_sets);
    free(sets);
    free(bank);
    free(other);
}

/* A fork is the bank as it was: what is done in one of them does not touch the other. */
static void a_fork_goes_on_by_itself(void **unused)
{
    (void)unused;
    struct pl_bank_def def = bank_def(1);
    struct pl_bank *bank = open_bank(&def);
    size_t size = (pl_bank_size(&def) + 63) / 64 * 64;
    struct pl_bank *fork = pl_bank_fork(bank, aligned_alloc(64, size), size);
    struct pl_bank *same = pl_bank_fork(bank, aligned_alloc(64, size), size);
    struct pl_call call = flag_call("0%");
    struct pl_feature_set *sets = calloc(2 * CAUSES * PARTICLES, sizeof *sets);
    struct pl_feature_set *same_sets = sets + CAUSES * PARTICLES;
    pl_error err = {0};
    assert_non_null(sets);
    assert_int_equal(pl_bank_act(fork, &call, &err), PL_OK);
    int64_t later_ns = pl_bank_now(bank) + 240 * PL_NS_PER_S;
    pl_bank_advance(fork, later_ns);
    pl_bank_advance(same, later_ns);
    pl_bank_advance(bank, later_ns);
    assert_same_states(bank, same);
    assert_int_equal(pl_bank_answer(bank, &latency, sets, &err), PL_OK);
    assert_int_equal(pl_bank_answer(same, &latency, same_sets, &err), PL_OK);
    assert_same_sets(sets, same_sets);
    for (uint32_t k = 0; k < PARTICLES; k++) {
        pl_hash128 x = pl_model_hash(pl_bank_state(bank, 0, k));
        pl_hash128 y = pl_model_hash(pl_bank_state(fork, 0, k));
        assert_true(x.low != y.low);
    }
    free(sets);
    free(same);
    free(fork);
    free(bank);
}

/* A bank that borrows begins where its source stands, and what it does leaves the source alone. */
static void a_borrowing_bank_copies_what_it_changes(void **unused)
{
    (void)unused;
    struct pl_bank_def def = bank_def(1);
    struct pl_bank *bank = open_bank(&def);
    struct pl_bank *alone = open_bank(&def);
    size_t size = (pl_bank_size(&def) + 63) / 64 * 64;
    struct pl_bank *borrowed = pl_bank_borrow(bank, &def.parallel, aligned_alloc(64, size), size);
    struct pl_feature_set *sets = calloc(2 * CAUSES * PARTICLES, sizeof *sets);
    struct pl_feature_set *alone_sets = sets + CAUSES * PARTICLES;
    pl_error err = {0};
    assert_non_null(sets);
    assert_int_equal(pl_bank_look(borrowed, &latency, sets, &err), PL_OK);
    assert_ptr_equal(pl_bank_state(borrowed, 0, 0), pl_bank_state(bank, 0, 0));
    int64_t later_ns = pl_bank_now(bank) + 61 * PL_NS_PER_S;
    pl_bank_advance(borrowed, later_ns);
    pl_bank_advance(alone, later_ns);
    assert_same_states(borrowed, alone);
    assert_int_equal(pl_bank_answer(borrowed, &latency, sets, &err), PL_OK);
    assert_int_equal(pl_bank_answer(alone, &latency, alone_sets, &err), PL_OK);
    assert_same_sets(sets, alone_sets);
    for (uint32_t k = 0; k < PARTICLES; k++) {
        assert_int_equal(pl_model_now(pl_bank_state(bank, 0, k)), judged->opening->opens_ns);
    }
    free(sets);
    free(borrowed);
    free(alone);
    free(bank);
}

static void a_thin_look_is_the_look_in_some_particles(void **unused)
{
    (void)unused;
    struct pl_bank_def def = bank_def(1);
    struct pl_bank *bank = open_bank(&def);
    struct pl_feature_set *sets = calloc(2 * CAUSES * PARTICLES, sizeof *sets);
    struct pl_feature_set *thin = sets + CAUSES * PARTICLES;
    pl_error err = {0};
    assert_non_null(sets);
    assert_int_equal(pl_bank_look(bank, &latency, sets, &err), PL_OK);
    assert_int_equal(pl_bank_look_thin(bank, &latency, 1, thin, &err), PL_OK);
    assert_int_equal(thin[0].count, sets[0].count);
    assert_memory_equal(thin[0].items, sets[0].items, sets[0].count * sizeof sets[0].items[0]);
    assert_int_equal(thin[1].count, 0);
    free(sets);
    free(bank);
}

static void a_frozen_cause_stands_still(void **unused)
{
    (void)unused;
    struct pl_bank_def def = bank_def(2);
    struct pl_bank *bank = open_bank(&def);
    struct pl_feature_set *sets = calloc(CAUSES * PARTICLES, sizeof *sets);
    pl_error err = {0};
    assert_non_null(sets);
    assert_true(pl_bank_live(bank, 0));
    pl_bank_keep(bank, 0, 0);
    assert_false(pl_bank_live(bank, 0));
    pl_bank_advance(bank, pl_bank_now(bank) + 60 * PL_NS_PER_S);
    for (uint32_t k = 0; k < PARTICLES; k++) {
        assert_int_equal(pl_model_now(pl_bank_state(bank, 0, k)), judged->opening->opens_ns);
    }
    assert_int_equal(pl_bank_look(bank, &latency, sets, &err), PL_OK);
    assert_int_equal(sets[0].count, 0);
    size_t size = (pl_bank_size(&def) + 63) / 64 * 64;
    struct pl_bank *fork = pl_bank_fork(bank, aligned_alloc(64, size), size);
    assert_null(pl_bank_state(fork, 0, 0));
    free(fork);
    free(sets);
    free(bank);
}

/* Of a cause that is kept in part the first worlds go on, the others stay where they are. */
static void the_first_worlds_of_a_cause_go_on(void **unused)
{
    (void)unused;
    struct pl_bank_def def = bank_def(2);
    struct pl_bank *bank = open_bank(&def);
    struct pl_feature_set *sets = calloc(CAUSES * PARTICLES, sizeof *sets);
    pl_error err = {0};
    assert_non_null(sets);
    pl_bank_keep(bank, 0, 1);
    pl_bank_keep(bank, 0, PARTICLES); /* what was given up does not come back */
    assert_int_equal(pl_bank_worlds(bank, 0), 1);
    assert_true(pl_bank_live(bank, 0));
    pl_bank_advance(bank, pl_bank_now(bank) + 60 * PL_NS_PER_S);
    assert_int_equal(pl_model_now(pl_bank_state(bank, 0, 0)), pl_bank_now(bank));
    assert_int_equal(pl_model_now(pl_bank_state(bank, 0, 1)), judged->opening->opens_ns);
    assert_int_equal(pl_bank_look(bank, &latency, sets, &err), PL_OK);
    assert_true(sets[0].count > 0);
    assert_int_equal(sets[1].count, 0);
    size_t size = (pl_bank_size(&def) + 63) / 64 * 64;
    struct pl_bank *fork = pl_bank_fork(bank, aligned_alloc(64, size), size);
    assert_non_null(pl_bank_state(fork, 0, 0));
    assert_null(pl_bank_state(fork, 0, 1));
    free(fork);
    free(sets);
    free(bank);
}

/* No seed that a session is likely to have, nor one that such a session would draw again. */
static void seeds_are_never_those_of_sessions(void **unused)
{
    (void)unused;
    uint64_t seeds[4 * PARTICLES];
    for (uint64_t replicate = 0; replicate < 4; replicate++) {
        struct pl_bank_def def = bank_def(replicate);
        struct pl_bank *bank = open_bank(&def);
        for (uint32_t k = 0; k < PARTICLES; k++) {
            seeds[replicate * PARTICLES + k] = pl_bank_seed(bank, 0, k);
        }
        free(bank);
    }
    for (uint32_t i = 0; i < 4 * PARTICLES; i++) {
        for (uint32_t j = 0; j < i; j++) {
            assert_true(seeds[i] != seeds[j]);
        }
        for (uint64_t session = 0; session < 10000; session++) {
            assert_true(seeds[i] != session);
            for (uint64_t draw = 1; draw < 12; draw++) {
                assert_true(seeds[i] != pl_random_child(session, draw));
            }
        }
    }
}

static void looks_that_nobody_can_take_are_refused(void **unused)
{
    (void)unused;
    struct pl_bank_def def = bank_def(3);
    struct pl_bank *bank = open_bank(&def);
    struct pl_feature_set *sets = calloc(CAUSES * PARTICLES, sizeof *sets);
    struct pl_look_call call = latency;
    pl_error err = {0};
    assert_non_null(sets);
    call.panel = "latancy";
    assert_int_equal(pl_bank_look(bank, &call, sets, &err), PL_NOT_FOUND);
    assert_int_equal(sets[0].count, 0);
    free(sets);
    free(bank);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(workers_make_no_difference),
        cmocka_unit_test(a_fork_goes_on_by_itself),
        cmocka_unit_test(a_borrowing_bank_copies_what_it_changes),
        cmocka_unit_test(a_thin_look_is_the_look_in_some_particles),
        cmocka_unit_test(a_frozen_cause_stands_still),
        cmocka_unit_test(the_first_worlds_of_a_cause_go_on),
        cmocka_unit_test(seeds_are_never_those_of_sessions),
        cmocka_unit_test(looks_that_nobody_can_take_are_refused),
    };
    test_judged_content = argc > 1 ? argv[1] : test_judged_content;
    return cmocka_run_group_tests(tests, setup, teardown);
}
