// SPDX-License-Identifier: Apache-2.0
//
// What bots say to the session: commands of the protocol as JSON (docs/reference/gym.md).
#ifndef PL_BOTS_SPEECH_H
#define PL_BOTS_SPEECH_H

#include "base/buf.h"
#include "bots/knowledge.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_SPEECH_CLAIMS_MAX = 6 };

/** A claim about the cause. */
struct pl_speech_claim {
    const char *component; /* borrowed for the call */
    const char *mechanism;
    const char *trigger;
    double p; /* 0..1 */
};

/** Append `wait`; rounded to whole seconds, 1 s to 1 h. With `wake` an event ends it. */
void pl_speech_wait(struct pl_buf *out, double seconds, bool wake);

/** Append `close`. */
void pl_speech_close(struct pl_buf *out);

/** Append a look at a panel of a service, shown as it is without `by`. */
void pl_speech_panel(struct pl_buf *out, const char *service, const char *panel);

/** Append a look that needs nothing but its kind. */
void pl_speech_look(struct pl_buf *out, const char *what);

/** Append an act with its arguments by position, confirmed; `value` may be NULL. */
void pl_speech_act(struct pl_buf *out, const char *action, const char *target, const char *value);

/** Append a statement of belief: claims[count], count up to PL_SPEECH_CLAIMS_MAX, in percent. */
void pl_speech_believe(struct pl_buf *out, const struct pl_speech_claim *claims, uint32_t count);

/** Append a status update. */
void pl_speech_update(struct pl_buf *out, const char *status, const char *text);

/**
 * Make claims of a belief: the likeliest causes with at least 5 %.
 *
 * @param knowledge  names the claims, borrowed by them
 * @param belief     belief[cause_count]
 * @param claims     filled, claims[PL_SPEECH_CLAIMS_MAX]
 * @return how many
 */
uint32_t pl_speech_claims(const struct pl_knowledge *knowledge,
                          const double *belief,
                          struct pl_speech_claim *claims);

#endif
