// SPDX-License-Identifier: Apache-2.0
#include "reality/gate.h"

#include "os/now.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Someone who takes the only thing and notes when it was their turn. */
struct visitor {
    struct pl_gate *gate;
    atomic_uint *turn;
    uint32_t got_turn;
    pthread_t thread;
};

static void *visit(void *context)
{
    struct visitor *visitor = context;
    uint32_t thing = 9;
    if (pl_gate_take(visitor->gate, INT64_C(20000000000), &thing) && thing == 0) {
        visitor->got_turn = atomic_fetch_add(visitor->turn, 1) + 1;
        pl_gate_give(visitor->gate, thing);
    }
    return NULL;
}

/* True when somebody has joined the queue since `last`. */
static bool waiting(struct pl_gate *gate, const void *last)
{
    (void)pthread_mutex_lock(&gate->mutex);
    bool changed = gate->last != last;
    (void)pthread_mutex_unlock(&gate->mutex);
    return changed;
}

static void first_come_first_served(void **state)
{
    (void)state;
    struct pl_gate gate;
    struct visitor visitors[5];
    atomic_uint turn = 0;
    uint32_t thing = 9;
    pl_gate_init(&gate, 1);
    assert_true(pl_gate_take(&gate, 0, &thing));
    for (uint32_t i = 0; i < 5; i++) {
        const void *last = gate.last;
        visitors[i] = (struct visitor){.gate = &gate, .turn = &turn};
        assert_int_equal(pthread_create(&visitors[i].thread, NULL, visit, &visitors[i]), 0);
        while (!waiting(&gate, last)) {
            pl_now_sleep_until(pl_now_monotonic_ns() + 100000);
        }
    }
    pl_gate_give(&gate, thing);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(pthread_join(visitors[i].thread, NULL), 0);
        assert_int_equal(visitors[i].got_turn, i + 1);
    }
}

static void a_wait_has_an_end(void **state)
{
    (void)state;
    struct pl_gate gate;
    uint32_t things[3] = {9, 9, 9};
    pl_gate_init(&gate, 2);
    assert_true(pl_gate_take(&gate, 0, &things[0]));
    assert_true(pl_gate_take(&gate, 0, &things[1]));
    assert_int_not_equal(things[0], things[1]);
    int64_t start_ns = pl_now_monotonic_ns();
    assert_false(pl_gate_take(&gate, 5000000, &things[2]));
    assert_true(pl_now_monotonic_ns() - start_ns >= 5000000);
    /* Who gave up is not served any more. */
    pl_gate_give(&gate, things[0]);
    assert_true(pl_gate_take(&gate, 0, &things[2]));
    assert_int_equal(things[2], things[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_come_first_served),
        cmocka_unit_test(a_wait_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
