// SPDX-License-Identifier: Apache-2.0
//
// The two loads that a server has to carry, as programs for a loop of libevent.
//
//   incidents  many live sessions, each with its stream and its player
//   viewers    many streams of one session
//
// Both send at moments that were fixed before (an open loop) and count a delay from the moment at
// which something was due, so that a server that stands still cannot hide it.
#ifndef PL_LOAD_CROWD_H
#define PL_LOAD_CROWD_H

#include "text/json_out.h"

#include <stdbool.h>
#include <stdint.h>

/** What is to be done. */
struct pl_crowd_def {
    const char *scenario;
    uint16_t port;
    int process; /* of the server */
    uint32_t sessions;
    uint32_t forms; /* different seeds that the sessions have */
    uint32_t viewers;
    uint32_t seconds; /* that are measured */
};

/** Run the incidents; writes one JSON object. False when something was refused, missed or lost. */
bool pl_crowd_incidents(const struct pl_crowd_def *def, struct pl_json_out *out);

/** Run the viewers, in the same way. */
bool pl_crowd_viewers(const struct pl_crowd_def *def, struct pl_json_out *out);

#endif
