// SPDX-License-Identifier: Apache-2.0
//
// What an incident uses of the month's error budget, as a dashboard for service levels shows it:
// from the scraped counters of the routes that users call, not from what the model knows.
#ifndef PL_OBSERVE_BURN_H
#define PL_OBSERVE_BURN_H

#include "observe/observe.h"

#include <stdbool.h>
#include <stdint.h>

/** Use of the budget. */
struct pl_burn {
    double used; /* share of the month's budget since the moment asked for, at least 0 */
    double rate; /* of the last five minutes, 1: the budget would last for exactly a month */
};

/**
 * Read the use of the error budget at the last scrape.
 *
 * A request is bad when its answer is a 5xx, or when it took longer than its route's objective of
 * latency. Times within a bucket are taken as spread evenly, as histogram_quantile does (Prometheus
 * documentation, "Histograms and summaries"). The budget is 1 - availability of the requests of a
 * month; a burn rate is the share of bad requests over 1 - availability (Site Reliability Workbook,
 * chapter 5).
 *
 * @param observe   looked at only
 * @param since_ns  from when on bad requests count; rounded up to the next scrape
 * @param burn      filled
 * @return false when the world has no such objectives, or nothing was scraped since then
 */
bool pl_burn_read(const struct pl_observe *observe, int64_t since_ns, struct pl_burn *burn);

#endif
