// SPDX-License-Identifier: Apache-2.0
#include "reality/gate.h"

#include "base/check.h"

#include <stddef.h>
#include <time.h>

struct pl_gate_waiter {
    struct pl_gate_waiter *next;
    pthread_cond_t woken;
    uint32_t thing;
    bool has;
};

void pl_gate_init(struct pl_gate *gate, uint32_t size)
{
    PL_CHECK(size >= 1 && size <= PL_GATE_MAX);
    PL_CHECK(pthread_mutex_init(&gate->mutex, NULL) == 0);
    gate->first = NULL;
    gate->last = NULL;
    gate->free_count = size;
    for (uint32_t i = 0; i < size; i++) {
        gate->free[i] = i;
    }
}

static void leave_queue(struct pl_gate *gate, const struct pl_gate_waiter *waiter)
{
    struct pl_gate_waiter **link = &gate->first;
    struct pl_gate_waiter *before = NULL;
    while (*link != waiter) {
        before = *link;
        link = &(*link)->next;
    }
    *link = waiter->next;
    if (gate->last == waiter) {
        gate->last = before;
    }
}

/* Wait in the queue until the thing is handed over. The mutex is held. */
static bool wait_in_queue(struct pl_gate *gate, int64_t limit_ns, uint32_t *thing)
{
    struct pl_gate_waiter self = {.has = false};
    pthread_condattr_t clock;
    struct timespec until;
    PL_CHECK(pthread_condattr_init(&clock) == 0);
    PL_CHECK(pthread_condattr_setclock(&clock, CLOCK_MONOTONIC) == 0);
    PL_CHECK(pthread_cond_init(&self.woken, &clock) == 0);
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t until_ns = (int64_t)until.tv_nsec + limit_ns;
    until.tv_sec += (time_t)(until_ns / 1000000000);
    until.tv_nsec = (long)(until_ns % 1000000000);
    if (gate->last == NULL) {
        gate->first = &self;
    } else {
        gate->last->next = &self;
    }
    gate->last = &self;
    int late = 0;
    while (!self.has && late == 0) {
        late = pthread_cond_timedwait(&self.woken, &gate->mutex, &until);
    }
    if (!self.has) {
        leave_queue(gate, &self);
    }
    *thing = self.thing;
    (void)pthread_cond_destroy(&self.woken);
    (void)pthread_condattr_destroy(&clock);
    return self.has;
}

bool pl_gate_take(struct pl_gate *gate, int64_t limit_ns, uint32_t *thing)
{
    bool got = true;
    PL_CHECK(pthread_mutex_lock(&gate->mutex) == 0);
    if (gate->free_count > 0) {
        *thing = gate->free[--gate->free_count];
    } else {
        got = wait_in_queue(gate, limit_ns, thing);
    }
    PL_CHECK(pthread_mutex_unlock(&gate->mutex) == 0);
    return got;
}

void pl_gate_give(struct pl_gate *gate, uint32_t thing)
{
    PL_CHECK(pthread_mutex_lock(&gate->mutex) == 0);
    struct pl_gate_waiter *waiter = gate->first;
    if (waiter == NULL) {
        PL_CHECK(gate->free_count < PL_GATE_MAX);
        gate->free[gate->free_count++] = thing;
    } else {
        gate->first = waiter->next;
        gate->last = waiter->next == NULL ? NULL : gate->last;
        waiter->thing = thing;
        waiter->has = true;
        (void)pthread_cond_signal(&waiter->woken);
    }
    PL_CHECK(pthread_mutex_unlock(&gate->mutex) == 0);
}
