// SPDX-License-Identifier: Apache-2.0
//
// The groups of anchors. Each adds its rows to the report and draws its plots.
#ifndef PL_REPORT_GROUPS_H
#define PL_REPORT_GROUPS_H

#include "fidelity/report/anchor.h"

/** Single servers: M/M/1, M/G/1, D/M/1, processor sharing. */
void pl_group_queues(struct pl_report *report);

/** Many servers, loss, waits with a limit, abandonment, classes. */
void pl_group_servers(struct pl_report *report);

/** Several queues: Little's law, tandem, fork-join, closed loops. */
void pl_group_networks(struct pl_report *report);

/** Choice among pods. */
void pl_group_balancers(struct pl_report *report);

/** Caches with a time to live, caches without room. */
void pl_group_caches(struct pl_report *report);

/** Fan-out and hedged calls. */
void pl_group_tails(struct pl_report *report);

/** Scalability with a lock. */
void pl_group_scaling(struct pl_report *report);

/** Retries: amplification, budget, breaker. */
void pl_group_retries(struct pl_report *report);

/** Failures that outlive their trigger: storms of retries. */
void pl_group_storms(struct pl_report *report);

/** Failures that outlive their trigger: cold caches, collectors; what policies do about storms. */
void pl_group_spirals(struct pl_report *report);

/** Where numbers come from. */
struct pl_origin {
    const char *date;
    const char *commit;
    const char *command;
};

/**
 * Write the section of a group that ran as FOLDER/NAME.section: a line of counts, then the text.
 *
 * @param report  its rows and what it cost
 * @param group   name and title
 * @param origin  of this run
 * @return 0, or 1 when the file cannot be written (said on stderr)
 */
int pl_page_section(const struct pl_report *report,
                    const struct pl_group *group,
                    const struct pl_origin *origin);

/**
 * Write FOLDER/FIDELITY.md from the sections of a folder; what is not there keeps its old text.
 *
 * @param folder       of the page
 * @param sections     folder of the sections
 * @param groups       groups[group_count] in the order of the page
 * @param group_count  at least 1
 * @return 0, or 1 when the page cannot be written (said on stderr)
 */
int pl_page_write(const char *folder,
                  const char *sections,
                  const struct pl_group *groups,
                  uint32_t group_count);

#endif
