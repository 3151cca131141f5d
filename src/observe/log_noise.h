// SPDX-License-Identifier: Apache-2.0
//
// Background of the logs: lines that come in every healthy hour and mean nothing.
//
// Each kind of line is a Poisson stream with its own key, cut into minutes, so any window of it can
// be produced without what came before. A scenario's own lines replace the built-in ones of a
// source.
#ifndef PL_OBSERVE_LOG_NOISE_H
#define PL_OBSERVE_LOG_NOISE_H

#include "base/buf.h"
#include "observe/observe_block_types.h"

#include <stdint.h>

/** One kind of harmless line. */
struct pl_noise_def {
    const char *body; /* with {n} {hex} {ip} {path} {id} */
    double per_minute;
    uint32_t level; /* enum pl_log_level */
};

/** Most kinds of one source. */
enum { PL_NOISE_KINDS_MAX = 24 };

/**
 * Kinds of harmless lines of a source.
 *
 * @param observe  scene
 * @param place    enum pl_log_place
 * @param index    service or database
 * @param out      filled, out[PL_NOISE_KINDS_MAX]
 * @return number of kinds
 */
uint32_t pl_log_noise_kinds(const struct pl_observe *observe,
                            uint32_t place,
                            uint32_t index,
                            struct pl_noise_def *out);

/**
 * Moments of one kind within a minute.
 *
 * @param key         stream of the kind
 * @param minute      number of the minute, may be negative
 * @param per_minute  rate
 * @param out         filled with offsets in ns within the minute, out[max], ascending
 * @return number of lines, at most max
 */
uint32_t
pl_log_noise_minute(uint64_t key, int64_t minute, double per_minute, int64_t *out, uint32_t max);

/** Append a body with its placeholders filled from a stream. */
void pl_log_noise_fill(const char *body, uint64_t key, struct pl_buf *out);

#endif
