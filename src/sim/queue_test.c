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
    assert_int_equal(leaves, 64);
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

static void latest_time_keeps_its_slot(void **unused)
{
    uint64_t tree[4];
    (void)unused;
    pl_queue_init(tree, 2);
    pl_queue_set(tree, 2, 1, PL_TIME_MAX - 1);
    assert_int_equal(pl_queue_next_ns(tree), PL_TIME_MAX - 1);
    assert_int_equal(pl_queue_next_slot(tree), 1);
}

static void leaves_are_the_next_power_of_two(void **unused)
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
        cmocka_unit_test(latest_time_keeps_its_slot),
        cmocka_unit_test(leaves_are_the_next_power_of_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
