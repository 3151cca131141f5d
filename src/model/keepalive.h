// SPDX-License-Identifier: Apache-2.0
//
// Kept-open connections of a service's pods to a third party.
//
// Each pod keeps a fixed number of connections, one per worker thread of its proxy, and a call goes
// over the one of its thread. A connection lives until its lifetime is over, the pod's process
// ends, or somebody resets the link; the next call of that thread shakes hands anew. Who is refused
// then (an expired certificate, a revoked secret, a closed firewall) fails on new connections only,
// so that the share of failed calls follows the age of the connections.
#ifndef PL_MODEL_KEEPALIVE_H
#define PL_MODEL_KEEPALIVE_H

#include "model/state.h"

/** What a call finds when it asks for its connection. */
struct pl_keepalive_way {
    bool open;      /* the call can be sent */
    double after_s; /* open: what a handshake adds; else: until the caller learns of the failure */
};

/** Places of all links of a world: connections per pod, times the pods. */
uint32_t pl_keepalive_slot_count(const struct pl_world *world);

/** Open all connections at time 0, with ages spread evenly over a lifetime. */
void pl_keepalive_start(struct pl_ctx *ctx);

/**
 * The connection of a call.
 *
 * @param frame   the call, on its way to a vendor
 * @param caller  frame that makes it, on a pod
 */
struct pl_keepalive_way pl_keepalive_take(struct pl_ctx *ctx, uint32_t frame, uint32_t caller);

/** A param of a link changed: close everything, or move pods out of the traffic. */
void pl_keepalive_changed(struct pl_ctx *ctx, uint32_t link, enum pl_link_knob changed);

/** A pod is ready: it stays out of the traffic when its half of the pods does. */
void pl_keepalive_ready(struct pl_ctx *ctx, uint32_t pod);

#endif
