// SPDX-License-Identifier: Apache-2.0
//
// What the instruments consist of. Only modules of this layer look inside.
#ifndef PL_OBSERVE_OBSERVE_BLOCK_TYPES_H
#define PL_OBSERVE_OBSERVE_BLOCK_TYPES_H

#include "observe/alerts.h"
#include "observe/feed.h"
#include "observe/fleet.h"
#include "observe/intern.h"
#include "observe/observe.h"
#include "observe/people.h"
#include "observe/promql.h"
#include "observe/scrape.h"
#include "observe/series.h"
#include "observe/tracks.h"

/** The instruments. From `fleet` on, only what was used is set and copied. */
struct pl_observe {
    const struct pl_world *world;     /* borrowed */
    const struct pl_observe_def *def; /* borrowed */
    struct pl_tracks *tracks;
    struct pl_promql *program; /* scratch of looks and rules */
    struct pl_promql_work work;
    int64_t seen_ns; /* last moment seen, -1 before the first */
    uint32_t event_count;
    uint32_t event_lost; /* events that found no room */
    struct pl_scrape scrape;
    struct pl_series series;
    struct pl_alerts alerts;
    struct pl_people people;
    struct pl_fleet fleet;
    struct pl_feed feed;
    struct pl_intern intern;
    struct pl_observe_event events[PL_OBSERVE_EVENTS_MAX];
};

#endif
