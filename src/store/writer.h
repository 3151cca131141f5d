// SPDX-License-Identifier: Apache-2.0
//
// One thread that writes for everybody: group commit.
//
//   any thread      pl_store_writer_put(write)
//   writer thread   takes what has come meanwhile, up to PL_STORE_GROUP_MAX; one transaction, one
//                   flush to disk; then write->done of each
//
// While one group is being flushed the next one gathers, so a lonely write waits for nothing and a
// crowd shares its flushes. A write is acknowledged when it is on disk, by its `done`. When a flush
// fails, all writes of its group fail and the logs that they belong to take nothing more.
#ifndef PL_STORE_WRITER_H
#define PL_STORE_WRITER_H

#include "base/error.h"
#include "store/log.h"
#include "store/store.h"

#include <stdint.h>

enum { PL_STORE_GROUP_MAX = 200 /* writes of one transaction */ };

/** What is to be done. */
enum pl_store_verb {
    PL_STORE_CREATE, /* a session; `log` is filled */
    PL_STORE_RESUME, /* open the log of the session `session.id`; `log` is filled */
    PL_STORE_ENTRY,  /* append to `log` */
    PL_STORE_FINISH, /* mark `log` closed */
    PL_STORE_CLOSE   /* close `log` after all writes before */
};

/** One write. It stays with the writer, and everything it points to, until `done` is called. */
struct pl_store_write {
    uint32_t verb;                   /* enum pl_store_verb */
    pl_status status;                /* filled */
    pl_error error;                  /* filled on failure */
    struct pl_store_log *log;        /* given or filled; used by the writer alone */
    struct pl_store_session session; /* CREATE, RESUME */
    int64_t t_ns;                    /* ENTRY */
    const char *kind;                /* ENTRY, borrowed */
    pl_slice body;                   /* ENTRY, borrowed */
    void (*done)(
        struct pl_store_write *write); /* on the writer's thread; the write is given back */
    void *context;                     /* of whoever put it */
    struct pl_store_write *next;       /* the writer's */
};

/** The writer of a directory; opaque. */
struct pl_store_writer;

/**
 * Open the store of a directory and start the thread.
 *
 * @param writer     filled with an owned handle for pl_store_writer_close
 * @param directory  path, copied
 * @param err        filled on failure
 * @return PL_OK, what pl_store_open returns, PL_NO_MEMORY or PL_LIMIT
 */
pl_status pl_store_writer_open(struct pl_store_writer **writer,
                               const char *directory,
                               pl_error *err) __attribute__((warn_unused_result));

/** Hand over a write; any thread may call it, and `done` is called once. Nothing is waited for. */
void pl_store_writer_put(struct pl_store_writer *writer, struct pl_store_write *write);

/**
 * Have the duration of each transaction told, for measurements. Before the first write.
 *
 * @param measured  called on the writer's thread with the nanoseconds that one took
 * @param context   given to it, borrowed until the writer is closed
 */
void pl_store_writer_watch(struct pl_store_writer *writer,
                           void (*measured)(void *context, int64_t duration_ns),
                           void *context);

/**
 * Have a failed flush to disk told. After it nothing can be acknowledged; only a new process that
 * reads the log again knows what is there. Before the first write.
 *
 * @param fatal    called on the writer's thread, before the writes of its group are given back;
 *                 it should not return
 * @param context  given to it, borrowed until the writer is closed
 */
void pl_store_writer_guard(struct pl_store_writer *writer,
                           void (*fatal)(void *context, const char *message),
                           void *context);

/** Writes and transactions so far, for measurements; any pointer may be NULL. */
void pl_store_writer_counts(struct pl_store_writer *writer, uint64_t *writes, uint64_t *groups);

/** Do all writes that were put, end the thread, close the store. NULL is allowed. */
void pl_store_writer_close(struct pl_store_writer *writer);

#endif
