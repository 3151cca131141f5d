// SPDX-License-Identifier: Apache-2.0
//
// A session with its content and its evidence log: what play, gym and replay share.
//
// The log comes first: pl_episode_apply hands out an answer only after the entry behind it is on
// disk. When that fails the episode is over; what was shown up to then is kept, and the session can
// be resumed. Resuming and replaying apply the logged commands again and compare the answers'
// hashes.
#ifndef PL_EXAM_EPISODE_H
#define PL_EXAM_EPISODE_H

#include "exam/content.h"
#include "session/session.h"
#include "store/log.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

/** How an episode starts. */
struct pl_episode_def {
    const char *content;  /* --content, or NULL */
    const char *data;     /* --data, or NULL: the user's data directory */
    const char *scenario; /* name or path, of a new session */
    uint64_t seed;        /* of a new session */
    uint32_t clock;       /* enum pl_clock, of a new session */
    bool keep;            /* false: no log, nothing is written */
};

/** A running episode. Zeroed before use; pl_episode_end gives all of it back. */
struct pl_episode {
    struct pl_content content;
    struct pl_session *session;
    struct pl_store *store;
    struct pl_store_log *log;
    struct pl_store_session header;
    void *memory;
    char *answer_memory;
    char *entry_memory;
    struct pl_buf answer; /* of the last command */
    struct pl_buf entry;
    int64_t applied; /* entries applied while resuming or replaying */
};

/**
 * Start a new session.
 *
 * @param episode  zeroed
 * @param def      what to play
 * @param errors   all mistakes; of content there may be many
 * @return PL_OK or the status of the first error
 */
pl_status pl_episode_start(struct pl_episode *episode,
                           const struct pl_episode_def *def,
                           struct pl_errors *errors) __attribute__((warn_unused_result));

/**
 * Go on with a session where it stopped.
 *
 * @param episode  zeroed
 * @param def      content and data
 * @param id       id or its beginning; NULL: the newest open one
 * @param errors   mistakes
 * @return PL_OK or the status of the first error; PL_CORRUPT when the replay differs
 */
pl_status pl_episode_resume(struct pl_episode *episode,
                            const struct pl_episode_def *def,
                            const char *id,
                            struct pl_errors *errors) __attribute__((warn_unused_result));

/**
 * Apply all entries of a session to a fresh one and compare. Nothing is written.
 *
 * @param episode  zeroed
 * @param def      content and data
 * @param id       id or its beginning
 * @param errors   what differs, with the entry's number
 * @return PL_OK, PL_CORRUPT when an answer differs, or another failure
 */
pl_status pl_episode_replay(struct pl_episode *episode,
                            const struct pl_episode_def *def,
                            const char *id,
                            struct pl_errors *errors) __attribute__((warn_unused_result));

/**
 * Apply a command. The answer stands in episode->answer when PL_OK is returned.
 *
 * @param episode  running
 * @param now_ns   as in pl_session_apply
 * @param command  JSON
 * @param outcome  filled
 * @param err      why the entry could not be kept
 * @return PL_OK, or the failure of the log: the answer must not be shown and the episode is over
 */
pl_status pl_episode_apply(struct pl_episode *episode,
                           int64_t now_ns,
                           pl_slice command,
                           struct pl_outcome *outcome,
                           pl_error *err) __attribute__((warn_unused_result));

/** Mark the session closed for ever when it is done; errors are of no consequence to the player. */
void pl_episode_finish(struct pl_episode *episode);

/** Give all memory and handles back. */
void pl_episode_end(struct pl_episode *episode);

/** Write the version and rules that decide the bytes of an answer, as headers carry them. */
void pl_episode_put_engine(char *text, size_t size);

/** A seed for a new session, from the clocks of the machine. */
uint64_t pl_episode_draw_seed(void);

/**
 * Open the store of the user, or of a directory.
 *
 * @param data   directory, or NULL
 * @param store  filled
 * @param err    sentence
 */
pl_status pl_episode_store(const char *data, struct pl_store **store, pl_error *err)
    __attribute__((warn_unused_result));

#endif
