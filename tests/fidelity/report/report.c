// SPDX-License-Identifier: Apache-2.0
//
// Fidelity report: the engine against everything in theory that it can express.
//
//   report FOLDER DATE COMMIT COMMAND [EFFORT [GROUP]]
//
// Writes FOLDER/FIDELITY.md and plots; with a GROUP only its section and plots. EFFORT scales the
// processor time allowed per anchor (1); GROUP is one of queues, networks, scaling, retries,
// storms. Exit code 1 when a row missed.
#include "fidelity/report/groups.h"

#include <stdlib.h>
#include <string.h>

enum { GROUP_COUNT = 5 };

/* The whole job: what is written whenever a row is there. */
struct job {
    struct pl_group groups[GROUP_COUNT];
    struct pl_group *current;
    struct pl_origin origin;
    double start_s;
    uint32_t validated;
    uint64_t requests;
};

static void write_progress(struct pl_report *report, void *context)
{
    struct job *job = context;
    struct pl_group *group = job->current;
    group->row_count = report->row_count - group->row0;
    group->validated = report->validated - job->validated;
    group->requests = report->requests - job->requests;
    group->cpu_s = pl_anchor_cpu_s() - job->start_s;
    group->done = 1;
    pl_page_write(report, job->groups, GROUP_COUNT, &job->origin);
}

static void run(struct pl_report *report, struct job *job, struct pl_group *group)
{
    job->current = group;
    job->start_s = pl_anchor_cpu_s();
    job->validated = report->validated;
    job->requests = report->requests;
    group->row0 = report->row_count;
    group->run(report);
    write_progress(report, job);
}

int main(int argc, char **argv)
{
    static struct pl_report report;
    struct job job = {
        .groups = {{.name = "queues", .title = "Single queues", .run = pl_group_queues},
                   {.name = "networks", .title = "Several queues", .run = pl_group_networks},
                   {.name = "scaling", .title = "Scalability", .run = pl_group_scaling},
                   {.name = "retries", .title = "Retries", .run = pl_group_retries},
                   {.name = "storms",
                    .title = "Failures that outlive their trigger",
                    .run = pl_group_storms}},
    };
    if (argc < 5) {
        fprintf(stderr, "usage: report FOLDER DATE COMMIT COMMAND [EFFORT [GROUP]]\n");
        return 2;
    }
    job.origin = (struct pl_origin){argv[2], argv[3], argv[4]};
    report.folder = argv[1];
    report.effort = argc > 5 ? strtod(argv[5], NULL) : 1.0;
    report.progress = write_progress;
    report.progress_context = &job;
    for (uint32_t i = 0; i < GROUP_COUNT; i++) {
        /* The single queues cost most and come last. */
        struct pl_group *group = &job.groups[(i + 1) % GROUP_COUNT];
        if (argc <= 6 || strcmp(argv[6], group->name) == 0) {
            run(&report, &job, group);
        }
    }
    for (uint32_t i = 0; i < report.row_count; i++) {
        if (report.rows[i].verdict == PL_VERDICT_MISS ||
            report.rows[i].verdict == PL_VERDICT_FAILS) {
            return 1;
        }
    }
    return 0;
}
