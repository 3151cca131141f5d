// SPDX-License-Identifier: Apache-2.0
#include "sim/queue.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SLOTS = 37, OPERATIONS = 20000 };

static void next_event_is_always_the_earliest_slot(void **unused)
{
    /* Random schedules, moves and cancels against a plain array. */
    uint64_t tree[128];
    int64_t model[SLOTS];
    uint32_t leaves = pl_queue_leaves(SLOTS);
    (void)unused;
    pl_queue_init(tree, leaves);
    for (uint32_t i = 0; i < SLOTS; i++) {
        model[i] = INT64_MAX;
    }
    for (uint64_t n = 0; n < OPERATIONS; n++) {
        uint64_t bits = pl_random_bits(7, n);
        uint32_t slot = (uint32_t)(bits % SLOTS);
        if (bits >> 62 == 0) {
            pl_queue_clear(tree, leaves, slot);
            model[slot] = INT64_MAX;
        } else {
            model[slot] = (int64_t)((bits >> 20) % 1000); /* many ties */
            pl_queue_set(tree, leaves, slot, model[slot]);
        }
        uint32_t best = 0;
        for (uint32_t i = 1; i < SLOTS; i++) {
            best = model[i] < model[best] ? i : best; /* ties: the lower slot */
        }
        assert_int_equal(pl_queue_next_ns(tree), model[best]);
        if (model[best] != INT64_MAX) {
            assert_int_equal(pl_queue_next_slot(tree), best);
        }
    }
    pl_queue_validate(tree, leaves);
}

static void grown_tree_keeps_its_events(void **unused)
{
    uint64_t tree[256];
    (void)unused;
    for (uint32_t from = 2; from < 64; from++) {
        uint32_t to = from + 1 + from % 50;
        pl_queue_init(tree, from);
        for (uint32_t slot = 1; slot < from; slot++) {
            pl_queue_set(tree, from, slot, 1000 - (int64_t)slot);
        }
        pl_queue_grow(tree, from, to);
        pl_queue_validate(tree, to);
        assert_int_equal(pl_queue_next_slot(tree), from - 1);
        for (uint32_t slot = from; slot-- > 1;) {
            assert_int_equal(pl_queue_next_ns(tree), 1000 - slot);
            pl_queue_clear(tree, to, slot);
        }
        assert_int_equal(pl_queue_next_ns(tree), INT64_MAX);
    }
}

static void latest_time_keeps_its_slot(void **unused)
{
    uint64_t tree[4];
    (void)unused;
    pl_queue_init(tree, 2);
    pl_queue_set(tree, 2, 1, PL_TIME_MAX - 1);
    assert_int_equal(pl_queue_next_ns(tree), PL_TIME_MAX - 1);
    assert_int_equal(pl_queue_next_slot(tree), 1);
}

static void there_are_at_least_two_leaves(void **unused)
{
    (void)unused;
    assert_int_equal(pl_queue_leaves(0), 2);
    assert_int_equal(pl_queue_leaves(2), 2);
    assert_int_equal(pl_queue_leaves(3), 4);
    assert_int_equal(pl_queue_leaves(PL_QUEUE_SLOTS_MAX), PL_QUEUE_SLOTS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(next_event_is_always_the_earliest_slot),
        cmocka_unit_test(grown_tree_keeps_its_events),
        cmocka_unit_test(latest_time_keeps_its_slot),
        cmocka_unit_test(there_are_at_least_two_leaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
