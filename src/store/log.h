// SPDX-License-Identifier: Apache-2.0
//
// A session's log open for writing. It holds the session's lock until it is closed or the process
// ends, so nobody else can play the same session.
#ifndef PL_STORE_LOG_H
#define PL_STORE_LOG_H

#include "store/store.h"

#include <stdbool.h>

struct pl_store_log;

/**
 * Create a session and open its log.
 *
 * @param store    open store, borrowed until the log is closed
 * @param session  scenario, pack_hash, engine, clock, created_at and seed are given and not empty;
 *                 id, state and entry_count are filled
 * @param log      filled with an owned handle for pl_store_log_close, NULL on failure
 * @param err      filled on failure
 * @return PL_OK, PL_CONFLICT (store is busy), PL_IO, PL_CORRUPT or PL_NO_MEMORY
 */
pl_status pl_store_log_create(struct pl_store *store,
                              struct pl_store_session *session,
                              struct pl_store_log **log,
                              pl_error *err) __attribute__((warn_unused_result));

/**
 * Open the log of a session that is to be played on. Its entries are verified and visited.
 *
 * @param store    open store, borrowed until the log is closed
 * @param id       whole id
 * @param visit    called for each entry so far, may be NULL
 * @param context  handed to visit
 * @param log      filled with an owned handle for pl_store_log_close, NULL on failure
 * @param err      filled on failure
 * @return PL_OK, what visit returned, PL_NOT_FOUND, PL_CONFLICT (another process plays it, or it is
 *         closed), PL_CORRUPT, PL_IO or PL_NO_MEMORY
 */
pl_status pl_store_log_resume(struct pl_store *store,
                              const char *id,
                              pl_store_visit_entry visit,
                              void *context,
                              struct pl_store_log **log,
                              pl_error *err) __attribute__((warn_unused_result));

/**
 * Append an entry. After PL_OK it is on disk for good. After a failure the log takes no more
 * entries (what is on disk is unknown until it is read again): close it and resume.
 *
 * @param log   open log
 * @param t_ns  simulated nanoseconds, 0 or more and not before the last entry (checked)
 * @param kind  lower-case letters and _, at most 31 bytes (checked)
 * @param body  compact JSON without control characters (checked), 1..PL_STORE_BODY_MAX bytes
 * @param err   filled on failure
 * @return PL_OK, PL_LIMIT (body too large; the log is still good), PL_CONFLICT, PL_IO or PL_CORRUPT
 */
pl_status pl_store_log_append(struct pl_store_log *log,
                              int64_t t_ns,
                              const char *kind,
                              pl_slice body,
                              pl_error *err) __attribute__((warn_unused_result));

/** Entries in the log. */
int64_t pl_store_log_count(const struct pl_store_log *log);

/**
 * Mark the session closed: it can be read for ever and never grows again.
 *
 * @param log  open log; takes no more entries
 * @param err  filled on failure
 * @return PL_OK, PL_CONFLICT, PL_IO or PL_CORRUPT
 */
pl_status pl_store_log_finish(struct pl_store_log *log, pl_error *err)
    __attribute__((warn_unused_result));

/*
 * Several writes in one transaction, for the writer thread (writer.h): between begin and commit of
 * the log's own store. A staged log is unusable until it is settled, which follows the commit.
 */

/** As pl_store_log_append, inside a transaction; further entries of the log may follow in it. */
pl_status pl_store_log_stage_entry(struct pl_store_log *log,
                                   int64_t t_ns,
                                   const char *kind,
                                   pl_slice body,
                                   pl_error *err) __attribute__((warn_unused_result));

/** As pl_store_log_finish, inside a transaction. */
pl_status pl_store_log_stage_finish(struct pl_store_log *log, pl_error *err)
    __attribute__((warn_unused_result));

/** The transaction is over; after any failure the log takes no more entries. */
void pl_store_log_settle(struct pl_store_log *log, pl_status committed);

/** False after a failed write, and when the session is closed. */
bool pl_store_log_usable(const struct pl_store_log *log);

/** Close a log and give the session's lock back; the session stays as it is. NULL is allowed. */
void pl_store_log_close(struct pl_store_log *log);

#endif
