// SPDX-License-Identifier: Apache-2.0
//
// For somebody who has not played yet: an incident that waits to be taken, and sessions that bots
// have played, made behind everybody while the server runs already.
#ifndef PL_CLI_SAMPLES_H
#define PL_CLI_SAMPLES_H

#include "base/error.h"
#include "exam/host.h"

/** Samples in the making; opaque. */
struct pl_samples;

/**
 * Begin to make them.
 *
 * @param samples  filled with an owned handle for pl_samples_end
 * @param host     gets them, borrowed until pl_samples_end
 * @param content  value of --content, or NULL
 * @param owner    whose incident it is that waits; samples are everybody's
 * @param err      sentence
 * @return PL_OK, PL_NO_MEMORY, PL_LIMIT or why there is no content
 */
pl_status pl_samples_begin(struct pl_samples **samples,
                           struct pl_host *host,
                           const char *content,
                           const char *owner,
                           pl_error *err) __attribute__((warn_unused_result));

/** Make no more, wait for the one that is being made, free the handle. NULL is allowed. */
void pl_samples_end(struct pl_samples *samples);

#endif
