// SPDX-License-Identifier: Apache-2.0
//
// What was shown of an incident that is over, kept beside the log so that nobody has to replay it.
//
//   folder `shown` of the data directory, one file per session:
//   hash of the rest | description of the session | entries as shown      one line of JSON each
//
// The log is the truth: such a file is made by whoever has replayed it, may be deleted at any time,
// and one that was changed is not believed.
#ifndef PL_EXAM_SHOWN_H
#define PL_EXAM_SHOWN_H

#include "exam/transcript.h"

#include <stdbool.h>
#include <stdint.h>

/** What was shown of one session, in memory; opaque. */
struct pl_shown;

/**
 * Keep it.
 *
 * @param data         directory of the evidence log
 * @param id           of the session
 * @param description  one line of JSON
 * @param transcript   all entries
 * @param err          sentence
 * @return PL_OK, PL_LIMIT (too long to be kept), PL_NO_MEMORY or PL_IO
 */
pl_status pl_shown_save(const char *data,
                        const char *id,
                        pl_slice description,
                        const struct pl_transcript *transcript,
                        pl_error *err) __attribute__((warn_unused_result));

/** True when a file is there, good or not. */
bool pl_shown_exists(const char *data, const char *id);

/** Read it, for pl_shown_free; NULL when there is none that can be believed. */
struct pl_shown *pl_shown_load(const char *data, const char *id);

/** The session's description. */
pl_slice pl_shown_description(const struct pl_shown *shown);

/** Number of entries. */
int64_t pl_shown_count(const struct pl_shown *shown);

/** Entry 1..count as JSON. */
pl_slice pl_shown_entry(const struct pl_shown *shown, int64_t seq);

/** NULL is allowed. */
void pl_shown_free(struct pl_shown *shown);

#endif
