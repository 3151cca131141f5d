// SPDX-License-Identifier: Apache-2.0
//
// The page: one section per group between marks, so that a group can be run again by itself, then
// the plots and the sources.
#include "base/check.h"
#include "fidelity/report/groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_BYTES_MAX = 256 * 1024 };

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
    {"artifact.svg",
     "The four published outcomes and where their order holds. The utilisation was tuned, by a "
     "scan "
     "with other seeds; the rates of the published test bed are not reproduced."},
};

static void write_head(FILE *out)
{
    fprintf(out,
            "# Fidelity of the model\n\n"
            "Written by `script/fidelity`; do not edit. What the model assumes, and where it is "
            "known to be wrong,\nstands in [model.md](../explanation/model.md).\n\n");
    fprintf(out,
            "An anchor **passes** when the estimate lies within 4 standard errors of the truth "
            "and the standard\nerror is at most 0.25 %% of the truth (0.5 %% for a p99, 2 %% for "
            "the fan-out to 2,000). The error comes\nfrom %d independent runs whose length was "
            "fixed by earlier runs with other seeds, or from the %d runs\nof the pilot when that "
            "was precise enough. An estimate within 4 standard errors that is not that precise\nis "
            "called *imprecise*, not passed. Rows without numbers state a property that **holds** "
            "or **fails**.\nEvery run ends with a check of the whole state: Little's law holds in "
            "it for every resource as an\nequality of integers.\n",
            (int)PL_ANCHOR_RUNS,
            (int)PL_ANCHOR_SEEDS);
}

static void write_row(FILE *out, const struct pl_row *row)
{
    fprintf(out, "| %s | %s | %s |", row->anchor, row->parameters, row->formula);
    if (row->numeric) {
        double z =
            row->standard_error > 0.0 ? (row->estimate - row->truth) / row->standard_error : 0.0;
        fprintf(out,
                " %.6g | %.6g | %.2g (%.2f %%) | %+.2f |",
                row->truth,
                row->estimate,
                row->standard_error,
                100.0 * row->standard_error / row->truth,
                z);
    } else {
        fprintf(out, " | | | |");
    }
    fprintf(out,
            " %s | %.2f | %.1f |\n",
            verdict_names[row->verdict],
            (double)row->requests * 1e-6,
            row->cpu_s);
}

/* How the rows of a group came out, in one paragraph. */
static void write_summary(FILE *out,
                          const struct pl_report *report,
                          const struct pl_group *group,
                          const struct pl_origin *origin)
{
    uint32_t verdicts[PL_VERDICT_ABSENT + 1] = {0};
    uint32_t far_off = 0;
    uint32_t estimates = 0;
    for (uint32_t i = group->row0; i < group->row0 + group->row_count; i++) {
        const struct pl_row *row = &report->rows[i];
        verdicts[row->verdict]++;
        if (row->numeric && row->verdict != PL_VERDICT_HOLDS) {
            estimates++;
            far_off += fabs(row->estimate - row->truth) > 2.0 * row->standard_error ? 1 : 0;
        }
    }
    fprintf(out,
            "%s, commit `%s`, `%s`: %u pass, %u hold, %u imprecise, %u miss, %u fail.\n",
            origin->date,
            origin->commit,
            origin->command,
            verdicts[PL_VERDICT_PASS],
            verdicts[PL_VERDICT_HOLDS],
            verdicts[PL_VERDICT_IMPRECISE],
            verdicts[PL_VERDICT_MISS],
            verdicts[PL_VERDICT_FAILS]);
    if (estimates > 0) {
        fprintf(out,
                "%u of %u estimates are more than 2 standard errors off; chance alone gives "
                "%.1f.\n",
                far_off,
                estimates,
                0.046 * (double)estimates);
    }
    fprintf(out,
            "%u runs, %.0f million requests, %.0f processor seconds.\n\n",
            group->validated,
            (double)group->requests * 1e-6,
            group->cpu_s);
}

static void write_group(FILE *out,
                        const struct pl_report *report,
                        const struct pl_group *group,
                        const struct pl_origin *origin)
{
    uint32_t end = group->row0 + group->row_count;
    fprintf(out, "## %s\n\n", group->title);
    write_summary(out, report, group, origin);
    fprintf(out,
            "| anchor | parameters | truth: formula and source | truth | estimate | standard error "
            "| z | verdict | requests, millions | CPU s |\n"
            "|---|---|---|---|---|---|---|---|---|---|\n");
    for (uint32_t i = group->row0; i < end; i++) {
        if (report->rows[i].verdict != PL_VERDICT_ABSENT) {
            write_row(out, &report->rows[i]);
        }
    }
    const char *before = "\nNot expressible:\n\n";
    for (uint32_t i = group->row0; i < end; i++) {
        if (report->rows[i].verdict == PL_VERDICT_ABSENT) {
            fprintf(out, "%s- %s. %s\n", before, report->rows[i].anchor, report->rows[i].formula);
            before = "";
        }
    }
}

/* The text of the present page, NULL when there is none; owned by the caller. */
static char *read_page(const char *path)
{
    FILE *in = fopen(path, "r");
    if (in == NULL) {
        return NULL;
    }
    char *text = malloc(PAGE_BYTES_MAX);
    PL_CHECK(text != NULL);
    size_t size = fread(text, 1, PAGE_BYTES_MAX - 1, in);
    text[size] = '\0';
    fclose(in);
    return text;
}

/* Copy what stands between the marks of a group in the old page. */
static void keep_group(FILE *out, const char *old, const char *mark, const char *end_mark)
{
    const char *start = old == NULL ? NULL : strstr(old, mark);
    const char *end = start == NULL ? NULL : strstr(start, end_mark);
    if (end != NULL) {
        start += strlen(mark);
        fwrite(start, 1, (size_t)(end - start), out);
    }
}

static void write_tail(FILE *out)
{
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
}

void pl_page_write(const struct pl_report *report,
                   const struct pl_group *groups,
                   uint32_t group_count,
                   const struct pl_origin *origin)
{
    char path[512];
    PL_CHECK(group_count > 0);
    snprintf(path, sizeof path, "%s/FIDELITY.md", report->folder);
    char *old = read_page(path);
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        fprintf(stderr, "report: %s cannot be written.\n", path);
        free(old);
        return;
    }
    write_head(out);
    for (uint32_t g = 0; g < group_count; g++) {
        char mark[64];
        char end_mark[64];
        snprintf(mark, sizeof mark, "<!-- begin %s -->\n", groups[g].name);
        snprintf(end_mark, sizeof end_mark, "<!-- end %s -->\n", groups[g].name);
        fprintf(out, "\n%s", mark);
        if (groups[g].done) {
            write_group(out, report, &groups[g], origin);
        } else {
            keep_group(out, old, mark, end_mark);
        }
        fprintf(out, "%s", end_mark);
    }
    write_tail(out);
    free(old);
    if (fclose(out) != 0) {
        fprintf(stderr, "report: %s is not complete.\n", path);
    }
}
