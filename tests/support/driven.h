// SPDX-License-Identifier: Apache-2.0
//
// A running test shop, driven by changes as players drive a world. A cmocka fixture: setup puts a
// struct pl_driven into the state of the test, teardown checks the whole state and frees it.
#ifndef PL_TESTS_DRIVEN_H
#define PL_TESTS_DRIVEN_H

#include "support/worlds.h"

/** The shop with its instruments. All owned by the fixture. */
struct pl_driven {
    struct pl_world *world;
    struct pl_state *state;
    struct pl_record *record;
};

/** Start the shop of pl_test_shop_world at time 0. */
int pl_driven_setup(void **fixture);

/** Start the till of pl_test_ledger_world at time 0. */
int pl_driven_setup_ledger(void **fixture);

/** Check the bookkeeping of the state and free everything. */
int pl_driven_teardown(void **fixture);

/** Run up to this moment, in seconds since the start. */
void pl_driven_run_to(struct pl_driven *shop, double seconds);

/** Change a param now. */
void pl_driven_set(struct pl_driven *shop, const char *path, double value);

/** Events of a kind that a service has logged. */
uint64_t pl_driven_logged(const struct pl_driven *shop, uint32_t service, enum pl_log_kind kind);

#endif
