// SPDX-License-Identifier: Apache-2.0
//
// The audit log: who signed in, was refused, changed an account. One line of JSON per event in
// `audit.ndjson` of the data directory, appended and never changed; each line has the hash of the
// one before in its own, so that a change or a gap shows.
//
//   any thread   pl_trail_put ...        waits for nothing
//   its thread   append, flush to disk
//
// Texts come from clients. They are escaped as JSON, so no line can be forged by a line feed, and
// cut at their limit. Secrets are the caller's: none is ever to be put.
#ifndef PL_STORE_AUDIT_H
#define PL_STORE_AUDIT_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_TRAIL_TEXT_SIZE = 128, /* bytes of a text with its terminator; longer ones are cut */
    PL_TRAIL_LINE_MAX = 4096,
    PL_TRAIL_HASH_SIZE = 65,
    PL_TRAIL_WAITING_MAX = 1000 /* events on their way to the disk; what is beyond is counted */
};

/** A log that is written to; opaque. */
struct pl_trail;

/** An event; texts are copied. */
struct pl_trail_event {
    const char *who;  /* name of the user, "" when nobody is signed in */
    const char *what; /* small letters and `_`: `sign_in` */
    const char *of;   /* what it was done to, or why it was refused; may be NULL */
    const char *from; /* address; may be NULL */
    bool good;        /* done; false: refused */
};

/** What a log has. */
struct pl_trail_sum {
    int64_t count;                 /* whole events */
    uint64_t size;                 /* bytes of them */
    char hash[PL_TRAIL_HASH_SIZE]; /* of the last one */
    bool torn;                     /* a last line that was not written to its end follows */
};

/**
 * Open the log of a data directory; it is made when missing. It is read and verified once.
 *
 * @param trail      filled with an owned handle for pl_trail_close
 * @param directory  must exist
 * @param err        sentence
 * @return PL_OK, PL_CORRUPT (says at which event), PL_IO, PL_NO_MEMORY or PL_LIMIT
 */
pl_status pl_trail_open(struct pl_trail **trail, const char *directory, pl_error *err)
    __attribute__((warn_unused_result));

/** Put an event; any thread. */
void pl_trail_put(struct pl_trail *trail, const struct pl_trail_event *event);

/** Write what was put, then free the handle. NULL is allowed. */
void pl_trail_close(struct pl_trail *trail);

/** Told of each event: its line without the line feed, verified. */
typedef void (*pl_trail_visit)(void *context, int64_t seq, pl_slice line);

/**
 * Read and verify a log; it may be written to meanwhile.
 *
 * @param directory  of the data
 * @param visit      called for each event; may be NULL
 * @param context    given to it
 * @param sum        filled, up to the place where it is broken
 * @param err        sentence that names the event
 * @return PL_OK (also when there is none yet), PL_CORRUPT, PL_IO or PL_NO_MEMORY
 */
pl_status pl_trail_read(const char *directory,
                        pl_trail_visit visit,
                        void *context,
                        struct pl_trail_sum *sum,
                        pl_error *err) __attribute__((warn_unused_result));

#endif
