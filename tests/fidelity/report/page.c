// SPDX-License-Identifier: Apache-2.0
//
// The page: one section per group between marks, then the plots and the sources. Groups run apart,
// side by side and again by themselves; each leaves its section in a file of its own, whose first
// line has its counts and its commit.
#include "base/check.h"
#include "fidelity/report/groups.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_BYTES_MAX = 256 * 1024, PAGE_GROUPS_MAX = 16 };

static const char *const verdict_names[] = {
    "pass", "imprecise", "**miss**", "holds", "**fails**", "not expressible"};

static const struct {
    const char *file;
    const char *caption;
} plots[] = {
    {"sojourn.svg", "One server, first come first served and shared: bars are 4 standard errors."},
    {"waits.svg", "Many servers: the mean wait against Erlang C."},
    {"loss.svg", "A system without waiting places loses the same share under every law."},
    {"choices.svg", "Looking at two pods instead of one; the limit for many pods."},
    {"lru.svg", "Hits of a cache with a capacity against Che's approximation."},
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
    {"policies.svg", "The same trigger under six policies of caller and callee."},
    {"cold.svg",
     "A cache that lost its keys for ten seconds: the database decides who comes back."},
    {"collector.svg", "A burst of ten seconds; what waits keeps the heap full."},
};

/* Counts of verdicts, in the order of the words in the first line of a section. */
struct counts {
    unsigned pass;
    unsigned hold;
    unsigned imprecise;
    unsigned miss;
    unsigned fail;
    char commit[64];
};

static const char counts_form[] =
    "<!-- pass %u hold %u imprecise %u miss %u fail %u commit %63s -->";

static void write_head(FILE *out, const struct counts *all)
{
    fprintf(out,
            "# Fidelity of the model\n\n"
            "Written by `script/fidelity`; do not edit. What the model assumes, and where it is "
            "known to be wrong,\nstands in [model.md](../explanation/model.md).\n\n");
    fprintf(out,
            "**%u anchors pass, %u properties hold, %u imprecise, %u missed, %u failed**; sections "
            "from %s.\n\n",
            all->pass,
            all->hold,
            all->imprecise,
            all->miss,
            all->fail,
            all->commit);
    fprintf(
        out,
        "An anchor **passes** when the estimate lies within 4 standard errors of the truth and the "
        "standard\nerror is at most 0.25 %% of the truth (0.5 %% for a p99, 2 %% for shares below "
        "one "
        "in fifty and the\nfan-out to 2,000). Where the formula is itself an approximation, its "
        "stated error is added to the 4\nstandard errors. The error comes from %d independent runs "
        "whose length was fixed by a pilot of %d runs\nwith other seeds; the pilot itself never "
        "counts. Where the load is known exactly, what a run had more or\nless of it is taken out "
        "by "
        "a linear fit (control variates); the error is that of the fit. An estimate\nwithin 4 "
        "standard errors that is not that precise is called *imprecise*, not passed. Rows without "
        "numbers\nstate a property that **holds** or **fails**. Every run ends with a check of the "
        "whole state: Little's\nlaw holds in it for every resource as an equality of integers.\n",
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

/* How the rows came out. */
static struct counts count(const struct pl_report *report, const struct pl_origin *origin)
{
    uint32_t verdicts[PL_VERDICT_ABSENT + 1] = {0};
    for (uint32_t i = 0; i < report->row_count; i++) {
        verdicts[report->rows[i].verdict]++;
    }
    struct counts counts = {.pass = verdicts[PL_VERDICT_PASS],
                            .hold = verdicts[PL_VERDICT_HOLDS],
                            .imprecise = verdicts[PL_VERDICT_IMPRECISE],
                            .miss = verdicts[PL_VERDICT_MISS],
                            .fail = verdicts[PL_VERDICT_FAILS]};
    snprintf(counts.commit, sizeof counts.commit, "%s", origin->commit);
    return counts;
}

static void write_summary(FILE *out,
                          const struct pl_report *report,
                          const struct counts *counts,
                          const struct pl_origin *origin)
{
    uint32_t far_off = 0;
    uint32_t estimates = 0;
    for (uint32_t i = 0; i < report->row_count; i++) {
        const struct pl_row *row = &report->rows[i];
        if (row->numeric && row->verdict != PL_VERDICT_HOLDS && !(row->tolerance > 0.0)) {
            estimates++;
            far_off += fabs(row->estimate - row->truth) > 2.0 * row->standard_error ? 1 : 0;
        }
    }
    fprintf(out,
            "%s, commit `%s`, `%s`: %u pass, %u hold, %u imprecise, %u miss, %u fail.\n",
            origin->date,
            origin->commit,
            origin->command,
            counts->pass,
            counts->hold,
            counts->imprecise,
            counts->miss,
            counts->fail);
    if (estimates > 0) {
        fprintf(out,
                "%u of %u estimates of exact formulas are more than 2 standard errors off; chance "
                "alone gives %.1f.\n",
                far_off,
                estimates,
                0.046 * (double)estimates);
    }
    fprintf(out,
            "%u runs, %.0f million requests, %.0f processor seconds.\n\n",
            report->validated,
            (double)report->requests * 1e-6,
            pl_anchor_cpu_s());
}

int pl_page_section(const struct pl_report *report,
                    const struct pl_group *group,
                    const struct pl_origin *origin)
{
    char path[512];
    struct counts counts = count(report, origin);
    snprintf(path, sizeof path, "%s/%s.section", report->folder, group->name);
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        fprintf(stderr, "report: %s cannot be written.\n", path);
        return 1;
    }
    fprintf(out,
            "<!-- pass %u hold %u imprecise %u miss %u fail %u commit %s -->\n## %s\n\n",
            counts.pass,
            counts.hold,
            counts.imprecise,
            counts.miss,
            counts.fail,
            counts.commit,
            group->title);
    write_summary(out, report, &counts, origin);
    fprintf(out,
            "| anchor | parameters | truth: formula and source | truth | estimate | standard error "
            "| z | verdict | requests, millions | CPU s |\n"
            "|---|---|---|---|---|---|---|---|---|---|\n");
    for (uint32_t i = 0; i < report->row_count; i++) {
        if (report->rows[i].verdict != PL_VERDICT_ABSENT) {
            write_row(out, &report->rows[i]);
        }
    }
    const char *before = "\nNot expressible:\n\n";
    for (uint32_t i = 0; i < report->row_count; i++) {
        if (report->rows[i].verdict == PL_VERDICT_ABSENT) {
            fprintf(out, "%s- %s. %s\n", before, report->rows[i].anchor, report->rows[i].formula);
            before = "";
        }
    }
    if (fclose(out) != 0) {
        fprintf(stderr, "report: %s is not complete.\n", path);
        return 1;
    }
    return 0;
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

/* The section of a group on the heap: as it was just written, else as it stands in the old page,
 * else empty. */
static char *section_of(const char *sections, const char *old, const struct pl_group *group)
{
    char path[512];
    char mark[64];
    char end_mark[64];
    snprintf(path, sizeof path, "%s/%s.section", sections, group->name);
    snprintf(mark, sizeof mark, "<!-- begin %s -->\n", group->name);
    snprintf(end_mark, sizeof end_mark, "<!-- end %s -->\n", group->name);
    char *text = read_page(path);
    const char *start = text != NULL || old == NULL ? NULL : strstr(old, mark);
    const char *end = start == NULL ? NULL : strstr(start, end_mark);
    if (text == NULL) {
        text = calloc(1, PAGE_BYTES_MAX);
        PL_CHECK(text != NULL);
        if (end != NULL) {
            start += strlen(mark);
            memcpy(text, start, (size_t)(end - start));
        }
    }
    return text;
}

/* Add the counts of a section. */
static void add_counts(struct counts *all, const char *text, bool first)
{
    struct counts one = {0};
    if (sscanf(text,
               counts_form,
               &one.pass,
               &one.hold,
               &one.imprecise,
               &one.miss,
               &one.fail,
               one.commit) != 6) {
        return;
    }
    all->pass += one.pass;
    all->hold += one.hold;
    all->imprecise += one.imprecise;
    all->miss += one.miss;
    all->fail += one.fail;
    if (first) {
        snprintf(all->commit, sizeof all->commit, "commit %.48s", one.commit);
    } else if (strncmp(all->commit, "commit ", 7) == 0 &&
               strcmp(all->commit + 7, one.commit) != 0) {
        snprintf(all->commit, sizeof all->commit, "several commits, each named in its section");
    }
}

static void write_tail(FILE *out)
{
    fprintf(out, "\n## Plots\n");
    for (size_t i = 0; i < sizeof plots / sizeof plots[0]; i++) {
        fprintf(out, "\n![%s](%s)\n", plots[i].caption, plots[i].file);
    }
    fprintf(
        out,
        "\n## Sources\n\n"
        "Kleinrock, Queueing Systems I (M/M/1, M/M/c, M/G/1, G/M/1, loss) and II (processor "
        "sharing). Jackson\n1957. Cobham 1954 (priorities). Baccelli and Hebuterne 1981; Zeltyn "
        "and Mandelbaum 2005 (limited waits,\nErlang A). Nelson and Tantawi 1988 (fork-join). "
        "Reiser and Lavenberg 1980 (mean value analysis).\nVvedenskaya, Dobrushin and "
        "Karpelevich 1996; Mitzenmacher 1996 (choices). Che, Tung and Wang 2002;\nFricker, "
        "Robert and Roberts 2012 (caches). Gunther 2007 (universal scalability). Dean and "
        "Barroso 2013\n(tail at scale, hedging). Lavenberg and Welch 1981 (control variates). "
        "Bronson and others, HotOS 2021;\nHuang and others, OSDI 2022 (metastable failures). "
        "Brooker, public notes on retries.\n");
}

int pl_page_write(const char *folder,
                  const char *sections,
                  const struct pl_group *groups,
                  uint32_t group_count)
{
    char path[512];
    char *texts[PAGE_GROUPS_MAX];
    struct counts all = {0};
    PL_CHECK(group_count > 0 && group_count <= PAGE_GROUPS_MAX);
    snprintf(path, sizeof path, "%s/FIDELITY.md", folder);
    char *old = read_page(path);
    for (uint32_t g = 0; g < group_count; g++) {
        texts[g] = section_of(sections, old, &groups[g]);
        add_counts(&all, texts[g], all.commit[0] == '\0');
    }
    FILE *out = fopen(path, "w");
    if (out != NULL) {
        write_head(out, &all);
        for (uint32_t g = 0; g < group_count; g++) {
            fprintf(out, "\n<!-- begin %s -->\n%s", groups[g].name, texts[g]);
            fprintf(out, "<!-- end %s -->\n", groups[g].name);
        }
        write_tail(out);
    }
    bool good = out != NULL && fclose(out) == 0;
    for (uint32_t g = 0; g < group_count; g++) {
        free(texts[g]);
    }
    free(old);
    if (!good) {
        fprintf(stderr, "report: %s cannot be written.\n", path);
    }
    return good ? 0 : 1;
}
