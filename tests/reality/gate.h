// SPDX-License-Identifier: Apache-2.0
//
// A first in, first out gate in front of a fixed number of things: the connection pool of the demo
// service. Whoever comes first gets the next thing that is given back; a wait has a limit.
#ifndef PL_REALITY_GATE_H
#define PL_REALITY_GATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum { PL_GATE_MAX = 128 };

/** Someone who waits; lives on the waiter's stack. */
struct pl_gate_waiter;

/** Things 0..size-1, each free or with somebody. */
struct pl_gate {
    pthread_mutex_t mutex;
    struct pl_gate_waiter *first; /* borrowed while they wait */
    struct pl_gate_waiter *last;
    uint32_t free_count;
    uint32_t free[PL_GATE_MAX];
};

/** Make all of `size` things free, 1..PL_GATE_MAX. */
void pl_gate_init(struct pl_gate *gate, uint32_t size);

/**
 * Take a thing.
 *
 * @param limit_ns  longest wait
 * @param thing     filled on success
 * @return false when the limit passed
 */
bool pl_gate_take(struct pl_gate *gate, int64_t limit_ns, uint32_t *thing);

/** Give a thing back. */
void pl_gate_give(struct pl_gate *gate, uint32_t thing);

#endif
