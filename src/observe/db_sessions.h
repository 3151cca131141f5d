// SPDX-License-Identifier: Apache-2.0
//
// Sessions of a database as the whole fleet opens them.
#ifndef PL_OBSERVE_DB_SESSIONS_H
#define PL_OBSERVE_DB_SESSIONS_H

#include "observe/observe.h"
#include "observe/observe_block_types.h"

#include <stdint.h>

enum { PL_DB_SESSIONS_MAX = 1024 };

/** One session on the server. */
struct pl_db_session {
    struct pl_session_view view; /* of the simulated session it stands for */
    uint32_t pid;
    uint32_t twin;
    int64_t transaction_ns; /* age of its transaction, -1: none */
    int64_t state_ns;       /* time in its state */
};

/** All sessions. */
struct pl_db_sessions {
    uint32_t count;
    uint32_t other; /* held by clients that are not listed one by one */
    uint32_t limit; /* max_connections */
    uint32_t reserved;
    struct pl_db_session rows[PL_DB_SESSIONS_MAX];
};

/**
 * List the sessions of a database at the state's present.
 *
 * @param at        scene
 * @param database  index
 * @param out       filled; oldest transaction first, then those without one
 */
void pl_db_sessions_list(const struct pl_scene *at, uint32_t database, struct pl_db_sessions *out);

/** Name of the application that opened a session. */
const char *pl_db_session_application(const struct pl_world *world,
                                      const struct pl_db_session *row);

/** What a session runs or ran last. */
const char *pl_db_session_query(const struct pl_world *world, const struct pl_db_session *row);

/** Name of a session's state as PostgreSQL writes it. */
const char *pl_db_session_state(const struct pl_db_session *row);

/** What a session waits for: Client:ClientRead, Lock:transactionid, or -. */
const char *pl_db_session_wait(const struct pl_db_session *row);

#endif
