// SPDX-License-Identifier: Apache-2.0
//
// A store in a folder of its own for tests of the evidence log: entry n has the body {"n":n} and
// the simulated time n.
#ifndef PL_TESTS_SUPPORT_STORES_H
#define PL_TESTS_SUPPORT_STORES_H

#include "os/scratch.h"
#include "store/log.h"

/** Folder of the store; made by stores_set_up. */
extern struct pl_scratch stores_scratch;

/** Make the folder; a cmocka fixture. */
int stores_set_up(void **state);

/** Remove the folder and what is in it. */
int stores_tear_down(void **state);

/** Open the store of the folder; fails the test when that does not work. */
struct pl_store *stores_open(void);

/** Header of a session. */
struct pl_store_session stores_session(void);

/** Append entry `number`; fails the test when that does not work. */
void stores_append(struct pl_store_log *log, int64_t number);

/** Visitor: checks that entry n is what stores_append(n) wrote; `context` is an int64_t count. */
pl_status stores_check_entry(void *context, const struct pl_store_entry *entry, pl_error *err);

#endif
