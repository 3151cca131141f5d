// SPDX-License-Identifier: Apache-2.0
//
// Scraping: from the model's state and record to tracks, once per interval.
//
// Gaps follow the definition: a lost target has no samples, a frozen one repeats itself. The
// instruments' own random losses of single pods are decided when series are read (fleet.h).
#ifndef PL_OBSERVE_SCRAPE_H
#define PL_OBSERVE_SCRAPE_H

#include "model/model.h"
#include "model/record.h"
#include "model/world.h"
#include "observe/observe_types.h"
#include "observe/tracks.h"

#include <stdbool.h>
#include <stdint.h>

/** The scraper. */
struct pl_scrape {
    const struct pl_world *world;      /* borrowed */
    const struct pl_observe_gap *gaps; /* borrowed, gaps[gap_count] */
    uint32_t gap_count;
    uint32_t reserved;
    int64_t interval_ns;
    int64_t next_ns; /* time of the next scrape; INT64_MAX when the store is full */
    uint64_t calls[PL_STATEMENTS_MAX]; /* of each statement at the last scrape */
    uint64_t log_count;                /* log events seen */
    uint32_t restarts[PL_PODS_MAX];    /* of containers in place; a rollout makes new pods */
    double blocks_hit[PL_DATABASES_MAX];
    double blocks_read[PL_DATABASES_MAX];
};

/**
 * Set up a scraper whose first scrape is due at time 0.
 *
 * @param scrape  filled
 * @param world   borrowed for the life of the scraper
 * @param def     interval and gaps, borrowed likewise
 */
void pl_scrape_init(struct pl_scrape *scrape,
                    const struct pl_world *world,
                    const struct pl_observe_def *def);

/** Interval that a definition asks for, in ns. */
int64_t pl_scrape_interval(const struct pl_observe_def *def);

/**
 * Take a sample of everything if one is due.
 *
 * @param scrape  its present is the state's
 * @param tracks  gets one more sample
 * @param state   present is next_ns when a sample is due
 * @param record  of the same run
 * @return true when a sample was taken
 */
bool pl_scrape_take(struct pl_scrape *scrape,
                    struct pl_tracks *tracks,
                    const struct pl_state *state,
                    const struct pl_record *record);

#endif
