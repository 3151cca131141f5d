// SPDX-License-Identifier: Apache-2.0
#include "sim/queue.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SLOTS_MAX = 700, WORDS_MAX = 1024, OPERATIONS = 5000 };

/* Random schedules, moves and cancels against a plain array. */
static void check_slots(uint32_t slots)
{
    uint64_t tree[WORDS_MAX];
    int64_t model[SLOTS_MAX];
    uint32_t leaves = pl_queue_leaves(slots);
    PL_CHECK(slots > 0 && pl_queue_words(leaves) <= WORDS_MAX);
    pl_queue_init(tree, leaves);
    assert_int_equal(pl_queue_next_ns(tree), INT64_MAX);
    for (uint32_t i = 0; i < slots; i++) {
        model[i] = INT64_MAX;
    }
    for (uint64_t n = 0; n < OPERATIONS; n++) {
        uint64_t bits = pl_random_bits(7, n);
        uint32_t slot = (uint32_t)(bits % slots);
        if (bits >> 62 == 0) {
            pl_queue_clear(tree, leaves, slot);
            model[slot] = INT64_MAX;
        } else {
            model[slot] = (int64_t)((bits >> 20) % 1000); /* many ties */
            pl_queue_set(tree, leaves, slot, model[slot]);
        }
        uint32_t best = 0;
        for (uint32_t i = 1; i < slots; i++) {
            best = model[i] < model[best] ? i : best; /* ties: the lower slot */
        }
        assert_int_equal(pl_queue_next_ns(tree), model[best]);
        if (model[best] != INT64_MAX) {
            assert_int_equal(pl_queue_next_slot(tree), best);
        }
    }
    pl_queue_validate(tree, leaves);
}

static void next_event_is_always_the_earliest_slot(void **unused)
{
    (void)unused;
    check_slots(1);
    check_slots(8);
    check_slots(37);
    check_slots(65);
    check_slots(SLOTS_MAX);
}

/* Events that fire and are scheduled again, as in the loop: out by put, in by lower. */
static void events_come_in_the_order_of_their_times(void **unused)
{
    uint64_t tree[WORDS_MAX];
    const uint32_t slots = 130;
    uint32_t leaves = pl_queue_leaves(slots);
    int64_t last_ns = 0;
    (void)unused;
    pl_queue_init(tree, leaves);
    for (uint32_t slot = 0; slot < slots; slot++) {
        pl_queue_lower(tree, leaves, slot, pl_queue_key(slot, (int64_t)slot * 77 % 100));
    }
    for (uint64_t n = 0; n < OPERATIONS; n++) {
        int64_t now_ns = pl_queue_next_ns(tree);
        uint32_t slot = pl_queue_next_slot(tree);
        assert_true(now_ns >= last_ns && slot < slots);
        last_ns = now_ns;
        pl_queue_put(tree, leaves, slot, PL_QUEUE_IDLE);
        int64_t next_ns = now_ns + (int64_t)(pl_random_bits(9, n) % 100000);
        pl_queue_lower(tree, leaves, slot, pl_queue_key(slot, next_ns));
        pl_queue_lower(tree, leaves, slot, pl_queue_key(slot, now_ns + (next_ns - now_ns) / 2));
    }
    pl_queue_validate(tree, leaves);
}

static void grown_tree_keeps_its_events(void **unused)
{
    uint64_t tree[WORDS_MAX];
    (void)unused;
    for (uint32_t from = 8; from < 600; from += 8) {
        uint32_t to = from + 8 + from % 5 * 8;
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

static void first_and_latest_time_keep_their_slots(void **unused)
{
    uint64_t tree[WORDS_MAX];
    uint32_t leaves = pl_queue_leaves(2);
    (void)unused;
    pl_queue_init(tree, leaves);
    pl_queue_set(tree, leaves, 1, PL_TIME_MAX - 1);
    assert_int_equal(pl_queue_next_ns(tree), PL_TIME_MAX - 1);
    assert_int_equal(pl_queue_next_slot(tree), 1);
    pl_queue_set(tree, leaves, 1, 0);
    assert_int_equal(pl_queue_next_slot(tree), 1);
    pl_queue_set(tree, leaves, 0, 0);
    assert_int_equal(pl_queue_next_ns(tree), 0);
    assert_int_equal(pl_queue_next_slot(tree), 0);
}

static void levels_are_whole_nodes(void **unused)
{
    (void)unused;
    assert_int_equal(pl_queue_leaves(0), 8);
    assert_int_equal(pl_queue_leaves(8), 8);
    assert_int_equal(pl_queue_leaves(9), 16);
    assert_int_equal(pl_queue_leaves(PL_QUEUE_SLOTS_MAX), PL_QUEUE_SLOTS_MAX);
    assert_int_equal(pl_queue_words(8), 8 + 8);
    assert_int_equal(pl_queue_words(64), 8 + 64 + 8);
    assert_int_equal(pl_queue_words(72), 8 + 72 + 16 + 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(next_event_is_always_the_earliest_slot),
        cmocka_unit_test(events_come_in_the_order_of_their_times),
        cmocka_unit_test(grown_tree_keeps_its_events),
        cmocka_unit_test(first_and_latest_time_keep_their_slots),
        cmocka_unit_test(levels_are_whole_nodes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
