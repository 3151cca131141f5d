// SPDX-License-Identifier: Apache-2.0
//
// Consoles of the platform: pods, client policies, flags, topology; and the lists that a session
// shows beside them: changes, alerts, people.
#ifndef PL_OBSERVE_CONSOLE_H
#define PL_OBSERVE_CONSOLE_H

#include "base/buf.h"
#include "base/error.h"
#include "observe/observe.h"
#include "observe/observe_block_types.h"

/** Pods look, see pl_observe_look_pods. */
pl_status
pl_console_pods(const struct pl_scene *at, const char *service, struct pl_buf *out, pl_error *err)
    __attribute__((warn_unused_result));

/** Client policies look, see pl_observe_look_edges. */
pl_status
pl_console_edges(const struct pl_scene *at, const char *service, struct pl_buf *out, pl_error *err)
    __attribute__((warn_unused_result));

/** Flags look, see pl_observe_look_flags. */
void pl_console_flags(const struct pl_scene *at, struct pl_buf *out);

/** Topology look, see pl_observe_look_topology. */
void pl_console_topology(const struct pl_scene *at, struct pl_buf *out);

/** Changes look, see pl_observe_look_changes. */
void pl_console_changes(const struct pl_scene *at, int64_t window_ns, struct pl_buf *out);

/** Alerts look, see pl_observe_look_alerts. */
void pl_console_alerts(const struct pl_scene *at, struct pl_buf *out);

/** People look, see pl_observe_look_people. */
void pl_console_people(const struct pl_scene *at, struct pl_buf *out);

/** Index of the service with this name; PL_NONE and an error sentence when there is none. */
uint32_t pl_console_service(const struct pl_world *world, const char *name, pl_error *err);

/**
 * Label of a release of a service as its pods and logs show it: the n-th deploy of the change feed
 * names the n-th release after the one that the world began with.
 */
void pl_console_release(const struct pl_observe *observe,
                        uint32_t service,
                        uint32_t release,
                        char *text,
                        uint32_t size);

#endif
