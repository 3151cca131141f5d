// SPDX-License-Identifier: Apache-2.0
//
// The evidence log: sessions, and for each an append-only chain of entries.
//
//   genesis = BLAKE2b-256(header of the session)
//   hash[n] = BLAKE2b-256(hash[n-1], seq, time, kind, body)      hash[0] = genesis
//
// The log is the truth about a session; everything else is computed from it. An entry is on disk
// when pl_store_log_append has returned PL_OK, and no later failure of the process or the machine
// loses it. Reading verifies the chain, so that damage is reported and never replayed.
//
// A store belongs to one directory. Several processes may have it open; one session has at most one
// open log on the machine.
#ifndef PL_STORE_STORE_H
#define PL_STORE_STORE_H

#include "base/buf.h"
#include "base/error.h"

#include <stdint.h>

enum {
    PL_STORE_ID_SIZE = 17,      /* 16 hex digits and the terminator */
    PL_STORE_ID_PREFIX_MIN = 4, /* digits that may stand for a whole id */
    PL_STORE_TEXT_SIZE = 128,   /* bytes of a text of the header with its terminator */
    PL_STORE_KIND_SIZE = 32,    /* bytes of a kind with its terminator */
    PL_STORE_BODY_MAX = (1 << 20) - 1024,
    PL_STORE_HASH_SIZE = 32
};

/** Whether a session may still grow. */
typedef enum { PL_STORE_SESSION_OPEN, PL_STORE_SESSION_CLOSED } pl_store_session_state;

/** Header of a session. Everything but state and entry_count is part of the chain. */
struct pl_store_session {
    char id[PL_STORE_ID_SIZE];           /* random, lower-case hex */
    char scenario[PL_STORE_TEXT_SIZE];   /* name of the scenario */
    char pack_hash[PL_STORE_TEXT_SIZE];  /* of the content that was played, hex */
    char engine[PL_STORE_TEXT_SIZE];     /* version of the engine that wrote the log */
    char clock[PL_STORE_TEXT_SIZE];      /* turn or live */
    char created_at[PL_STORE_TEXT_SIZE]; /* UTC, 2026-11-21T22:04:27Z */
    int64_t seed;                        /* 0 or more */
    pl_store_session_state state;
    int64_t entry_count; /* entries written */
};

/** One entry. Slices are borrowed for the call that hands it over, and not terminated. */
struct pl_store_entry {
    int64_t seq;   /* from 1, without gaps */
    int64_t t_ns;  /* simulated time, nanoseconds since the start of the session */
    pl_slice kind; /* lower-case letters and _, 1..31 bytes */
    pl_slice body; /* compact JSON without line breaks */
    uint8_t previous[PL_STORE_HASH_SIZE];
    uint8_t hash[PL_STORE_HASH_SIZE];
};

/** Receives one session; anything but PL_OK ends the walk. The store may not be used inside. */
typedef pl_status (*pl_store_visit_session)(void *context,
                                            const struct pl_store_session *session,
                                            pl_error *err);

/** Receives one entry; anything but PL_OK ends the walk. The store may not be used inside. */
typedef pl_status (*pl_store_visit_entry)(void *context,
                                          const struct pl_store_entry *entry,
                                          pl_error *err);

struct pl_store;

/**
 * Open the store of a directory; both are created when missing.
 *
 * @param store      filled with an owned handle for pl_store_close, NULL on failure
 * @param directory  path, copied
 * @param err        filled on failure
 * @return PL_OK, PL_IO, PL_CORRUPT, PL_CONFLICT (locked for seconds), PL_UNSUPPORTED (written by a
 *         newer version) or PL_NO_MEMORY
 */
pl_status pl_store_open(struct pl_store **store, const char *directory, pl_error *err)
    __attribute__((warn_unused_result));

/** Close a store; its logs have to be closed before. NULL is allowed. */
void pl_store_close(struct pl_store *store);

/**
 * Find a session.
 *
 * @param store    open store
 * @param id       whole id, or its beginning (at least PL_STORE_ID_PREFIX_MIN digits) if only one
 *                 session has it
 * @param session  filled
 * @param err      filled on failure
 * @return PL_OK, PL_NOT_FOUND, PL_CONFLICT (several match), PL_CORRUPT or PL_IO
 */
pl_status pl_store_find(struct pl_store *store,
                        const char *id,
                        struct pl_store_session *session,
                        pl_error *err) __attribute__((warn_unused_result));

/**
 * Visit all sessions, newest first.
 *
 * @param store    open store
 * @param visit    called for each
 * @param context  handed to visit
 * @param err      filled on failure
 * @return PL_OK, what visit returned, PL_CORRUPT or PL_IO
 */
pl_status
pl_store_list(struct pl_store *store, pl_store_visit_session visit, void *context, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Visit the entries of a session in order, each verified before it is handed over.
 *
 * @param store    open store
 * @param id       whole id
 * @param visit    called for each entry, may be NULL to verify only
 * @param context  handed to visit
 * @param err      filled on failure; for a broken chain it names the entry
 * @return PL_OK, what visit returned, PL_NOT_FOUND, PL_CORRUPT or PL_IO
 */
pl_status pl_store_read(struct pl_store *store,
                        const char *id,
                        pl_store_visit_entry visit,
                        void *context,
                        pl_error *err) __attribute__((warn_unused_result));

#endif
