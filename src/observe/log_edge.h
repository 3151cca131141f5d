// SPDX-License-Identifier: Apache-2.0
//
// Access lines of the edge proxy, made on demand from the scraped counters.
//
// The proxy writes one of 100 answers that are fine and every other one. Lines are numbered per
// (route, code) since the start, so any interval can be rendered by itself.
#ifndef PL_OBSERVE_LOG_EDGE_H
#define PL_OBSERVE_LOG_EDGE_H

#include "base/buf.h"
#include "observe/observe_block_types.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_EDGE_SAMPLING = 100 };

/** One access line. */
struct pl_edge_line {
    int64_t t_ns;
    uint64_t key;
    uint32_t route;
    uint32_t code; /* enum pl_code; PL_CODE_COUNT: the user left */
    double duration_s;
};

/** Called for each line; times ascend within an interval only roughly. */
typedef void (*pl_edge_sink)(void *context, const struct pl_edge_line *line);

/**
 * Make the lines of the interval that ends at a sample.
 *
 * @param observe  scene
 * @param sample   1..pl_tracks_count - 1
 * @param sink     called for each
 * @param context  handed to the sink
 */
void pl_log_edge_interval(const struct pl_observe *observe,
                          uint32_t sample,
                          pl_edge_sink sink,
                          void *context);

/** Append the line in the proxy's format. */
void pl_log_edge_put(const struct pl_observe *observe,
                     const struct pl_edge_line *line,
                     struct pl_buf *out);

#endif
