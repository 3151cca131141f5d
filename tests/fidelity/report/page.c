// SPDX-License-Identifier: Apache-2.0
//
// The page: what was run, the table, the plots.
#include "fidelity/report/groups.h"

#include <math.h>

static const char *const verdict_names[] = {
    "pass", "imprecise", "**miss**", "holds", "**fails**", "not expressible"};

static const struct {
    const char *file;
    const char *caption;
} plots[] = {
    {"sojourn.svg", "One server, first come first served and shared: bars are 4 standard errors."},
    {"waits.svg", "Many servers: the mean wait against Erlang C."},
    {"loss.svg", "A system without waiting places loses the same share under every law."},
    {"tail.svg", "The more leaves an answer needs, the more often one of them is slow."},
    {"scalability.svg",
     "In lockstep: a lock alone saturates; with pairwise exchange more users do less work."},
    {"retries.svg", "What three retries, a budget and a breaker send to a failing backend."},
    {"metastable.svg", "The trigger ends at 40 s. What comes after it depends on the load alone."},
    {"fluid.svg", "Between 150 and 300 requests per second the same load has two states."},
    {"artifact.svg", "The order of the four published outcomes, and where it holds."},
};

static uint32_t count(const struct pl_report *report, enum pl_verdict verdict)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < report->row_count; i++) {
        n += report->rows[i].verdict == (uint32_t)verdict ? 1 : 0;
    }
    return n;
}

/* Numeric rows whose estimate is more than two standard errors off. */
static uint32_t count_far(const struct pl_report *report, uint32_t *all)
{
    uint32_t n = 0;
    *all = 0;
    for (uint32_t i = 0; i < report->row_count; i++) {
        const struct pl_row *row = &report->rows[i];
        if (row->numeric && row->verdict != PL_VERDICT_HOLDS) {
            *all += 1;
            n += fabs(row->estimate - row->truth) > 2.0 * row->standard_error ? 1 : 0;
        }
    }
    return n;
}

static void write_head(const struct pl_report *report,
                       FILE *out,
                       const char *date,
                       const char *commit,
                       const char *command)
{
    uint32_t all;
    uint32_t far_count = count_far(report, &all);
    fprintf(out,
            "# Fidelity of the model\n\n"
            "Written by `%s` on %s at commit `%s`; do not edit. What the model assumes, and where "
            "it is\nknown to be wrong, stands in [model.md](../explanation/model.md).\n\n",
            command,
            date,
            commit);
    fprintf(out,
            "An anchor **passes** when the estimate lies within 4 standard errors of the truth "
            "and the standard\nerror is at most 0.25 %% of the truth (0.5 %% for a p99, another "
            "share where the row says so).\nThe error comes from %d independent runs whose length "
            "was fixed by a pilot with other seeds\n(from the 24 runs of the pilot when they were "
            "precise enough).\nAn estimate within 4 standard errors that is "
            "not that precise is called *imprecise*, not passed.\nRows without numbers state a "
            "property that **holds** or fails.\n\n",
            (int)PL_ANCHOR_RUNS);
    fprintf(out,
            "%u rows: %u pass, %u hold, %u imprecise, %u miss, %u fail; %u named anchors are not "
            "expressible.\n%u runs, all ended with a check of the whole state: in each of them "
            "Little's law holds for every\nresource as an equality of integers. %u of %u estimates "
            "are more than 2 standard errors off, where chance alone gives %.0f. %.0f million "
            "requests, %.0f processor seconds.\n\n",
            report->row_count - count(report, PL_VERDICT_ABSENT),
            count(report, PL_VERDICT_PASS),
            count(report, PL_VERDICT_HOLDS),
            count(report, PL_VERDICT_IMPRECISE),
            count(report, PL_VERDICT_MISS),
            count(report, PL_VERDICT_FAILS),
            count(report, PL_VERDICT_ABSENT),
            report->validated,
            far_count,
            all,
            0.046 * (double)all,
            (double)report->requests * 1e-6,
            pl_anchor_cpu_s());
}

static void write_row(FILE *out, const struct pl_row *row)
{
    fprintf(out, "| %s | %s | %s |", row->anchor, row->parameters, row->formula);
    if (row->numeric) {
        fprintf(out,
                " %.6g | %.6g | %.2g (%.2f %%) | %+.2f |",
                row->truth,
                row->estimate,
                row->standard_error,
                100.0 * row->standard_error / row->truth,
                row->standard_error > 0.0 ? (row->estimate - row->truth) / row->standard_error
                                          : 0.0);
    } else {
        fprintf(out, " | | | |");
    }
    fprintf(out,
            " %s | %.2f | %.1f |\n",
            verdict_names[row->verdict],
            (double)row->requests * 1e-6,
            row->cpu_s);
}

void pl_page_write(const struct pl_report *report,
                   const char *date,
                   const char *commit,
                   const char *command)
{
    char path[512];
    snprintf(path, sizeof path, "%s/FIDELITY.md", report->folder);
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        fprintf(stderr, "report: %s cannot be written.\n", path);
        return;
    }
    write_head(report, out, date, commit, command);
    fprintf(out,
            "| anchor | parameters | truth: formula and source | truth | estimate | standard error "
            "| z | verdict | requests, millions | CPU s |\n"
            "|---|---|---|---|---|---|---|---|---|---|\n");
    for (uint32_t i = 0; i < report->row_count; i++) {
        if (report->rows[i].verdict != PL_VERDICT_ABSENT) {
            write_row(out, &report->rows[i]);
        }
    }
    fprintf(out, "\n## Not expressible\n\n");
    for (uint32_t i = 0; i < report->row_count; i++) {
        if (report->rows[i].verdict == PL_VERDICT_ABSENT) {
            fprintf(out, "- **%s**: %s\n", report->rows[i].anchor, report->rows[i].formula);
        }
    }
    fprintf(out, "\n## Plots\n");
    for (size_t i = 0; i < sizeof plots / sizeof plots[0]; i++) {
        fprintf(out, "\n![%s](%s)\n", plots[i].caption, plots[i].file);
    }
    fprintf(out,
            "\n## Sources\n\n"
            "Kleinrock, Queueing Systems I (M/M/1, M/M/c, M/G/1, G/M/1, loss) and II (processor "
            "sharing). Jackson\n1957. Baccelli and Hebuterne 1981; Zeltyn and Mandelbaum 2005 "
            "(limited waits). Nelson and Tantawi 1988\n(fork-join). Reiser and Lavenberg 1980 "
            "(mean value analysis). Gunther 2007 (universal scalability).\nDean and Barroso 2013 "
            "(tail at scale). Bronson and others, HotOS 2021; Huang and others, OSDI 2022\n"
            "(metastable failures). Brooker, public notes on retries.\n");
    if (fclose(out) != 0) {
        fprintf(stderr, "report: %s is not complete.\n", path);
    }
}
