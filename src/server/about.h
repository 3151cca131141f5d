// SPDX-License-Identifier: Apache-2.0
//
// The routes by which a server tells about itself: whether it lives and is ready, what its API is,
// what it measures, and how that compares with its targets.
//
//   /healthz /readyz /metrics /openapi.json /docs/api /kpi /api/kpi /page.css
#ifndef PL_SERVER_ABOUT_H
#define PL_SERVER_ABOUT_H

#include "server/http.h"
#include "server/uptime.h"

#include <stdatomic.h>

/** What the routes tell; fill it before the server runs. */
struct pl_about {
    const struct pl_routes *groups; /* all groups of the server, this one included; borrowed */
    uint32_t group_count;
    const char *base_url; /* borrowed */
    atomic_bool ready;    /* set when sessions are loaded, cleared when the server stops */
    /* Appends further metrics in the text format of Prometheus; may be NULL. Called on the loop's
     * thread. */
    void (*metrics)(void *context, struct pl_buf *buf);
    void *metrics_context;
    struct pl_uptime *uptime; /* runs of the server, borrowed; NULL: this one alone counts */
};

/** The group of routes; `about` is borrowed for the life of the server. */
struct pl_routes pl_about_routes(struct pl_about *about);

#endif
