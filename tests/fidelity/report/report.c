// SPDX-License-Identifier: Apache-2.0
//
// Fidelity report: the engine against everything in theory that it can express.
//
//   report FOLDER DATE COMMIT COMMAND [EFFORT [GROUP]]
//
// Writes FOLDER/FIDELITY.md and plots. EFFORT scales the processor time allowed per anchor (1);
// GROUP is one of queues, networks, scaling, retries, storms. Exit code 1 when a row missed.
#include "fidelity/report/groups.h"

#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    static struct pl_report report;
    static const struct {
        const char *name;
        void (*run)(struct pl_report *report);
    } groups[] = {
        {"retries", pl_group_retries},
        {"scaling", pl_group_scaling},
        {"storms", pl_group_storms},
        {"networks", pl_group_networks},
        {"queues", pl_group_queues},
    };
    if (argc < 5) {
        fprintf(stderr, "usage: report FOLDER DATE COMMIT COMMAND [EFFORT [GROUP]]\n");
        return 2;
    }
    report.folder = argv[1];
    report.effort = argc > 5 ? strtod(argv[5], NULL) : 1.0;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if (argc <= 6 || strcmp(argv[6], groups[i].name) == 0) {
            groups[i].run(&report);
            /* Written after each group, so that a run that is stopped leaves what it has. */
            pl_page_write(&report, argv[2], argv[3], argv[4]);
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
