// SPDX-License-Identifier: Apache-2.0
//
// The judge at work beside whoever needs its analysis: `plumb play` hands it every entry as it is
// made, `plumb judge` all entries of a log at once.
#ifndef PL_EXAM_ANALYSIS_H
#define PL_EXAM_ANALYSIS_H

#include "base/error.h"
#include "exam/content.h"
#include "exam/worlds.h"
#include "judge/report.h"

#include <stdbool.h>
#include <stdint.h>

/** What is analysed. */
struct pl_analysis_def {
    const struct pl_content *content; /* borrowed until pl_analysis_end */
    const char *directory;    /* of the content, for the constants of the scenario; borrowed */
    uint64_t seed;            /* of the session */
    uint32_t clock;           /* enum pl_clock */
    uint32_t particles;       /* worlds per cause */
    uint32_t replicate;       /* which of the independent banks */
    uint32_t workers;         /* threads, 0: one per processor */
    struct pl_worlds *worlds; /* opened for the same content, particles and replicate, used by
                                 one analysis at a time; NULL: the analysis opens its own */
};

/** How far the analysis is. */
struct pl_analysis_progress {
    uint32_t per_mille; /* of the entries that were handed over; 0 while worlds are set up */
    uint32_t taken;     /* entries */
    uint32_t put;
};

/** An analysis that runs; opaque. */
struct pl_analysis;

/**
 * Start on a thread of its own.
 *
 * @param analysis  filled with an owned handle for pl_analysis_end
 * @param def       copied
 * @param err       sentence
 * @return PL_OK, PL_NO_MEMORY or PL_LIMIT
 */
pl_status pl_analysis_begin(struct pl_analysis **analysis,
                            const struct pl_analysis_def *def,
                            pl_error *err) __attribute__((warn_unused_result));

/**
 * Hand over the next entry.
 *
 * @param analysis   running
 * @param seq        of the entry, ascending
 * @param before_ns  simulated time before the command
 * @param command    JSON, copied
 * @param answer     hash of the answer as text, copied; NULL: not compared
 * @return false when there is no memory for it
 */
bool pl_analysis_put(struct pl_analysis *analysis,
                     int64_t seq,
                     int64_t before_ns,
                     pl_slice command,
                     const char *answer);

/**
 * Wait for what was handed over.
 *
 * @param analysis    running
 * @param timeout_ms  at most this long
 * @param progress    filled
 * @return true when all of it is taken in
 */
bool pl_analysis_wait(struct pl_analysis *analysis,
                      uint32_t timeout_ms,
                      struct pl_analysis_progress *progress);

/**
 * Compare all moves and write the report. Nothing may be put afterwards.
 *
 * @param analysis  running
 * @param err       sentence: why there is no analysis, or why it ends early
 * @return the report, valid until pl_analysis_end; NULL on failure
 */
const struct pl_report *pl_analysis_report(struct pl_analysis *analysis, pl_error *err);

/** Stop and free. NULL is allowed. */
void pl_analysis_end(struct pl_analysis *analysis);

#endif
