// SPDX-License-Identifier: Apache-2.0
//
// The groups of anchors. Each adds its rows to the report and draws its plots.
#ifndef PL_REPORT_GROUPS_H
#define PL_REPORT_GROUPS_H

#include "fidelity/report/anchor.h"

/** Single queues: M/M/1, M/M/c, loss, M/G/1, D/M/1, processor sharing, waits with a limit. */
void pl_group_queues(struct pl_report *report);

/** Several queues: tandem, fork-join, balancers, closed loops, fan-out, cache. */
void pl_group_networks(struct pl_report *report);

/** Scalability with a lock. */
void pl_group_scaling(struct pl_report *report);

/** Retries: amplification, budget, breaker. */
void pl_group_retries(struct pl_report *report);

/** Failures that outlive their trigger. */
void pl_group_storms(struct pl_report *report);

/** Where numbers come from. */
struct pl_origin {
    const char *date;
    const char *commit;
    const char *command;
};

/**
 * Write the page: the groups that ran just now, and the old sections of those that did not.
 *
 * @param report       rows of the groups that ran
 * @param groups       groups[group_count] in the order of the page
 * @param group_count  at least 1
 * @param origin       of this run
 */
void pl_page_write(const struct pl_report *report,
                   const struct pl_group *groups,
                   uint32_t group_count,
                   const struct pl_origin *origin);

#endif
