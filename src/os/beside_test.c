// SPDX-License-Identifier: Apache-2.0
#include "os/beside.h"

#include "os/now.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ITEMS = 1000 };

struct taker {
    bool begun;
    bool in_order;
    uint32_t taken;
    int64_t pause_ns;
};

static void begin(void *context)
{
    struct taker *taker = context;
    taker->begun = true;
}

static void take(void *context, void *item)
{
    struct taker *taker = context;
    const uint32_t *number = item;
    if (taker->pause_ns > 0) {
        pl_now_sleep_until(pl_now_monotonic_ns() + taker->pause_ns);
    }
    taker->in_order = taker->in_order && taker->begun && *number == taker->taken;
    taker->taken++;
}

static void items_are_taken_in_order_and_all(void **state)
{
    (void)state;
    static uint32_t numbers[ITEMS];
    struct taker taker = {.in_order = true};
    struct pl_beside_work work = {.context = &taker, .begin = begin, .take = take};
    struct pl_beside *beside = NULL;
    pl_error err = {0};
    assert_int_equal(pl_beside_start(&beside, &work, &err), PL_OK);
    for (uint32_t i = 0; i < ITEMS; i++) {
        numbers[i] = i;
        assert_true(pl_beside_put(beside, &numbers[i]));
    }
    pl_beside_end(beside);
    assert_int_equal(taker.taken, ITEMS);
    assert_true(taker.in_order);
}

static void waiting_ends_when_nothing_is_left(void **state)
{
    (void)state;
    uint32_t number = 0;
    struct taker taker = {.in_order = true, .pause_ns = 200000000};
    struct pl_beside_work work = {.context = &taker, .begin = begin, .take = take};
    struct pl_beside *beside = NULL;
    pl_error err = {0};
    assert_int_equal(pl_beside_start(&beside, &work, &err), PL_OK);
    assert_true(pl_beside_put(beside, &number));
    assert_false(pl_beside_wait(beside, 1));
    assert_true(pl_beside_wait(beside, 60000));
    assert_int_equal(taker.taken, 1);
    assert_int_equal(pl_beside_read(beside), 0);
    pl_beside_note(beside, 400);
    assert_int_equal(pl_beside_read(beside), 400);
    pl_beside_end(beside);
}

static void an_end_without_items_is_an_end(void **state)
{
    (void)state;
    struct taker taker = {.in_order = true};
    struct pl_beside_work work = {.context = &taker, .begin = begin, .take = take};
    struct pl_beside *beside = NULL;
    pl_error err = {0};
    assert_int_equal(pl_beside_start(&beside, &work, &err), PL_OK);
    pl_beside_end(beside);
    assert_true(taker.begun);
    assert_int_equal(taker.taken, 0);
    pl_beside_end(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_are_taken_in_order_and_all),
        cmocka_unit_test(waiting_ends_when_nothing_is_left),
        cmocka_unit_test(an_end_without_items_is_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
