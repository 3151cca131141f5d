// SPDX-License-Identifier: Apache-2.0
//
// What a database has to offer so that it can hold the evidence log. Internal to store/: chains,
// verification, export and import are written once above this table.
#ifndef PL_STORE_BACKEND_H
#define PL_STORE_BACKEND_H

#include "store/chain.h"
#include "store/store.h"

/** Operations of a database; each takes its own `data` first. */
struct pl_backend {
    void *data; /* owned by the database */

    /* Write transactions: one at a time on the whole store. commit returns when all is on disk;
     * whether it fails or not, the transaction is over. */
    pl_status (*begin)(void *data, pl_error *err);
    pl_status (*commit)(void *data, pl_error *err);
    void (*rollback)(void *data);
    /* True once a flush to disk has failed. A later one may succeed without what was lost: nothing
     * that this store says is to be trusted until it was opened anew, by a new process. */
    bool (*unsynced)(void *data);
    /* For who writes all the time: called once, `own` leaves what can be done between transactions
     * to `rest`, which is called there; `waiting` says that somebody waits for the next one. */
    void (*own)(void *data);
    void (*rest)(void *data, bool waiting);

    /* Inside a transaction. An entry has to follow the last one, else PL_CONFLICT. */
    pl_status (*add_session)(void *data, const struct pl_store_session *session, pl_error *err);
    pl_status (*add_entry)(void *data,
                           const char *id,
                           const struct pl_store_entry *entry,
                           pl_error *err);
    pl_status (*finish_session)(void *data, const char *id, pl_error *err);

    /* Sessions whose id starts with `prefix`, newest first. */
    pl_status (*list)(
        void *data, const char *prefix, pl_store_visit_session visit, void *context, pl_error *err);

    /* Entries as they are, unverified, in order of seq. */
    pl_status (*read)(
        void *data, const char *id, pl_store_visit_entry visit, void *context, pl_error *err);

    /* Exclusive right to play a session; it ends with the process. */
    pl_status (*lock)(void *data, const char *id, void **lock, pl_error *err);
    void (*unlock)(void *data, void *lock);

    void (*close)(void *data);
};

/** An open store. */
struct pl_store {
    struct pl_backend backend;
};

/**
 * Read and verify the entries of a session whose header is known.
 *
 * @param store    open store
 * @param session  header as found in the store
 * @param visit    called for each entry, may be NULL
 * @param context  handed to visit
 * @param end      filled with the state of the chain after the last entry, may be NULL; its session
 *                 borrows session->id
 * @param err      filled on failure
 * @return PL_OK, what visit returned, PL_CORRUPT or PL_IO
 */
pl_status pl_store_walk(struct pl_store *store,
                        const struct pl_store_session *session,
                        pl_store_visit_entry visit,
                        void *context,
                        struct pl_chain *end,
                        pl_error *err) __attribute__((warn_unused_result));

#endif
