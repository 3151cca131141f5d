// SPDX-License-Identifier: Apache-2.0
//
// Fidelity report: the engine against everything in theory that it can express.
//
//   report groups                                       names of the groups, dearest first
//   report run FOLDER DATE COMMIT COMMAND EFFORT GROUP  run one, write its section and plots
//   report page FOLDER SECTIONS                         put FOLDER/FIDELITY.md together
//
// EFFORT scales the processor time allowed per anchor. Exit code 1 when a row missed.
#include "fidelity/report/groups.h"

#include <stdlib.h>
#include <string.h>

/* In the order of the page. */
static const struct pl_group groups[] = {
    {"queues", "Single queues", pl_group_queues},
    {"servers", "Many servers, limited waits, classes", pl_group_servers},
    {"networks", "Several queues", pl_group_networks},
    {"balancers", "Choice among pods", pl_group_balancers},
    {"caches", "Caches", pl_group_caches},
    {"tails", "Tails and second attempts", pl_group_tails},
    {"scaling", "Scalability", pl_group_scaling},
    {"retries", "Retries", pl_group_retries},
    {"storms", "Failures that outlive their trigger: retries", pl_group_storms},
    {"spirals",
     "Failures that outlive their trigger: caches, collectors, policies",
     pl_group_spirals},
};
enum { GROUP_COUNT = sizeof groups / sizeof groups[0] };

static int run(char **arguments)
{
    static struct pl_report report;
    struct pl_origin origin = {arguments[1], arguments[2], arguments[3]};
    report.folder = arguments[0];
    report.effort = strtod(arguments[4], NULL);
    for (uint32_t g = 0; g < GROUP_COUNT; g++) {
        if (strcmp(arguments[5], groups[g].name) != 0) {
            continue;
        }
        groups[g].run(&report);
        int code = pl_page_section(&report, &groups[g], &origin);
        for (uint32_t i = 0; i < report.row_count; i++) {
            if (report.rows[i].verdict == PL_VERDICT_MISS ||
                report.rows[i].verdict == PL_VERDICT_FAILS) {
                code = 1;
            }
        }
        return code;
    }
    fprintf(stderr, "report: there is no group %s.\n", arguments[5]);
    return 2;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "groups") == 0) {
        for (uint32_t g = 0; g < GROUP_COUNT; g++) {
            printf("%s\n", groups[g].name);
        }
        return 0;
    }
    if (argc == 8 && strcmp(argv[1], "run") == 0) {
        return run(argv + 2);
    }
    if (argc == 4 && strcmp(argv[1], "page") == 0) {
        return pl_page_write(argv[2], argv[3], groups, GROUP_COUNT);
    }
    fprintf(stderr,
            "usage: report groups | run FOLDER DATE COMMIT COMMAND EFFORT GROUP | page FOLDER "
            "SECTIONS\n");
    return 2;
}
