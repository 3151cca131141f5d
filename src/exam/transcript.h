// SPDX-License-Identifier: Apache-2.0
//
// What a session has shown, entry by entry, as it was shown: for reloads, replays and for a client
// that asks again because it lost an answer.
//
// The evidence log keeps commands and hashes; answers follow from them. The transcript holds the
// answers in a file without a name, so that a session in memory stays small; it is written anew
// whenever a session is replayed from its log.
#ifndef PL_EXAM_TRANSCRIPT_H
#define PL_EXAM_TRANSCRIPT_H

#include "base/buf.h"
#include "base/error.h"
#include "base/hash.h"

#include <stdint.h>

enum { PL_TRANSCRIPT_KEY_MAX = 64 /* bytes of a client's key */ };

struct pl_beside;

/** A transcript; opaque, one thread at a time. */
struct pl_transcript;

/** One entry, borrowed for the call. */
struct pl_transcript_line {
    int64_t seq; /* the next one, from 1 */
    double t_s;  /* since the opening */
    const char *kind;
    pl_slice command; /* compact JSON */
    pl_slice answer;  /* JSON */
    pl_slice key;     /* by which the client named it; empty: none */
};

/**
 * Begin an empty transcript.
 *
 * @param out        filled with an owned handle for pl_transcript_close
 * @param directory  for its file, which has no name
 * @param writer     see pl_spool_open, borrowed until it is closed; may be NULL
 * @param err        filled on failure
 * @return PL_OK, PL_NO_MEMORY, PL_NOT_FOUND (no such directory) or PL_IO
 */
pl_status pl_transcript_open(struct pl_transcript **out,
                             const char *directory,
                             struct pl_beside *writer,
                             pl_error *err) __attribute__((warn_unused_result));

/** Append an entry; PL_OK, PL_NO_MEMORY or PL_IO. */
pl_status pl_transcript_put(struct pl_transcript *transcript,
                            const struct pl_transcript_line *line,
                            pl_error *err) __attribute__((warn_unused_result));

/** Bytes of all entries together, each with a line feed. */
size_t pl_transcript_size(const struct pl_transcript *transcript);

/** Number of entries. */
int64_t pl_transcript_count(const struct pl_transcript *transcript);

/** Number of the entry with this key, 0 when there is none. */
int64_t pl_transcript_find(const struct pl_transcript *transcript, pl_slice key);

/**
 * Append an entry: `{"seq","t_s","kind","command","answer"}`.
 *
 * @param transcript  open
 * @param seq         1..count
 * @param out         appended; its overflow flag says that there was no room
 * @param err         filled on failure
 * @return PL_OK or PL_IO
 */
pl_status pl_transcript_get(const struct pl_transcript *transcript,
                            int64_t seq,
                            struct pl_buf *out,
                            pl_error *err) __attribute__((warn_unused_result));

/** Append the answer of an entry alone; as pl_transcript_get. */
pl_status pl_transcript_answer(const struct pl_transcript *transcript,
                               int64_t seq,
                               struct pl_buf *out,
                               pl_error *err) __attribute__((warn_unused_result));

/** Close it. NULL is allowed. */
void pl_transcript_close(struct pl_transcript *transcript);

#endif
