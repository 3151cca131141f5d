// SPDX-License-Identifier: Apache-2.0
//
// Worlds built by hand for tests: plain queues and a small shop with everything in it.
#ifndef PL_TESTS_WORLDS_H
#define PL_TESTS_WORLDS_H

#include "model/model.h"

/** A plain queue: one source, one service with one route of one cpu step. */
struct pl_test_queue {
    double rate;          /* arrivals per second */
    pl_law service;       /* law of the work */
    uint32_t workers;     /* servers, 0: unlimited (processor sharing alone limits) */
    uint32_t queue_limit; /* waiting places, 0: unlimited */
    double cores;         /* of the single pod */
    uint32_t frames_max;  /* state limit, 0: 4096 */
};

/** Fill and seal a plain queue. */
void pl_test_queue_world(struct pl_world *world, const struct pl_test_queue *queue);

/**
 * Fill and seal a small shop: storefront -> checkout (pool, database with replica, row locks,
 * cache, vendor, topic with consumer, flag, job), users with patience and retries. It touches every
 * element of the model and stays in a healthy state at its base values.
 */
void pl_test_shop_world(struct pl_world *world);

/** Seal a world once more after a test changed its definition. */
void pl_test_reseal(struct pl_world *world);

/** A front that calls a till, which charges a vendor over a link of 10 minutes: 20 buyers/s. */
void pl_test_ledger_world(struct pl_world *world);

/** A state with memory from the heap; abort when there is none. */
struct pl_state *pl_test_start(const struct pl_world *world, uint64_t seed);

/** A fork on the heap. */
struct pl_state *pl_test_fork(const struct pl_world *world, const struct pl_state *state);

/** A record on the heap. */
struct pl_record *pl_test_record(const struct pl_world *world);

/** Apply a change by path at a moment; aborts when it is refused. */
void pl_test_change(const struct pl_world *world,
                    struct pl_state *state,
                    const char *path,
                    double value,
                    double at_s);

#endif
