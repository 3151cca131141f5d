// SPDX-License-Identifier: Apache-2.0
//
// Self time of a span is its duration without those of its children; children that overlap are
// counted in full, so a span that fans out has none. Errors begin in a failed span without a
// failed child.
#include "judge/feature_trace.h"

#include "base/fmath.h"
#include "judge/fold.h"

#include <string.h>

enum { SERVICE_PART = 40 };

static const double separated = 0.15; /* reading the ratio of two separated lengths */

/** Texts of a span while it is read. */
struct span_text {
    pl_slice name;
    pl_slice service;
};

static void read_member(struct pl_scan *scan,
                        pl_slice key,
                        struct pl_feature_span *span,
                        struct span_text *text)
{
    enum pl_scan_kind kind = pl_scan_peek(scan);
    if (kind == PL_SCAN_NUMBER && pl_scan_is(key, "duration_ms")) {
        span->duration = pl_scan_number(scan);
        return;
    }
    if (kind != PL_SCAN_STRING) {
        pl_scan_skip(scan);
        return;
    }
    pl_slice value = pl_scan_string(scan);
    if (pl_scan_is(key, "id")) {
        span->id = pl_fold_key(3, value.data, value.size);
    } else if (pl_scan_is(key, "parent")) {
        span->parent = pl_fold_key(3, value.data, value.size);
    } else if (pl_scan_is(key, "name")) {
        text->name = value;
    } else if (pl_scan_is(key, "service")) {
        text->service = value;
    } else if (pl_scan_is(key, "status")) {
        span->error = pl_scan_is(value, "error") || pl_scan_is(value, "ERROR");
    }
}

/** Read one span; false when it has no place. */
static bool
read_span(struct pl_feature_writer *writer, struct pl_scan *scan, struct pl_feature_span *span)
{
    struct span_text text = {.name = {"", 0}, .service = {"", 0}};
    pl_slice key;
    memset(span, 0, sizeof *span);
    if (!pl_scan_enter(scan, PL_SCAN_OBJECT)) {
        pl_scan_skip(scan);
        return false;
    }
    while (pl_scan_member(scan, &key)) {
        read_member(scan, key, span, &text);
    }
    char *fold = writer->scratch->fold;
    size_t size = pl_fold(text.service, fold, SERVICE_PART);
    fold[size++] = ' ';
    size += pl_fold(text.name, fold + size, PL_FEATURE_FOLD_MAX - size);
    struct pl_feature_group *group = pl_feature_writer_folded(writer, fold, size);
    if (group == NULL) {
        return false;
    }
    group->count++;
    span->group = (uint32_t)(group - writer->scratch->groups);
    span->self = span->duration;
    return true;
}

static void find_self(struct pl_feature_span *spans, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; spans[i].parent != 0 && j < count; j++) {
            if (i != j && spans[j].id == spans[i].parent) {
                spans[j].self -= spans[i].duration;
                spans[j].child_error = spans[j].child_error || spans[i].error;
                break;
            }
        }
    }
}

static void
write_group(struct pl_feature_writer *writer, const struct pl_feature_group *group, double total)
{
    double share = total > 0.0 ? group->total / total : 0.0;
    share = share < 1.0 ? share : 1.0;
    pl_feature_writer_add(writer,
                          group,
                          &(struct pl_feature_item){
                              .kind = PL_FEATURE_PRESENT, .about = PL_ABOUT_SHOWN, .value = 1.0});
    pl_feature_writer_add(writer,
                          group,
                          &(struct pl_feature_item){.kind = PL_FEATURE_COUNT,
                                                    .about = PL_ABOUT_COUNT,
                                                    .value = pl_log(1.0 + (double)group->count),
                                                    .sd = 0.01});
    pl_feature_writer_add(writer,
                          group,
                          &(struct pl_feature_item){
                              .kind = PL_FEATURE_LEVEL,
                              .about = PL_ABOUT_SELF,
                              .value = pl_log((share + 0.02) / (1.02 - share)),
                              .sd = separated,
                          });
    if (group->onsets > 0) {
        pl_feature_writer_add(writer,
                              group,
                              &(struct pl_feature_item){.kind = PL_FEATURE_PRESENT,
                                                        .about = PL_ABOUT_ERROR,
                                                        .value = 1.0});
    }
}

void pl_feature_trace_spans(struct pl_feature_writer *writer, struct pl_scan *scan)
{
    struct pl_feature_scratch *scratch = writer->scratch;
    uint32_t count = 0;
    if (!pl_scan_enter(scan, PL_SCAN_ARRAY)) {
        pl_scan_skip(scan);
        return;
    }
    while (pl_scan_item(scan)) {
        if (count == PL_FEATURE_SPANS_MAX) {
            pl_scan_skip(scan);
            writer->set->dropped++;
        } else if (read_span(writer, scan, &scratch->spans[count])) {
            count++;
        }
    }
    find_self(scratch->spans, count);
    double total = 0.0;
    double longest = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        const struct pl_feature_span *span = &scratch->spans[i];
        double self = span->self > 0.0 ? span->self : 0.0;
        scratch->groups[span->group].total += self;
        scratch->groups[span->group].onsets += span->error && !span->child_error ? 1 : 0;
        total += self;
        longest = span->duration > longest ? span->duration : longest;
    }
    for (uint32_t i = 0; i < scratch->group_count; i++) {
        write_group(writer, &scratch->groups[i], total);
    }
    pl_feature_writer_add(
        writer,
        NULL,
        &(struct pl_feature_item){
            .kind = PL_FEATURE_LEVEL,
            .about = PL_ABOUT_LEVEL,
            .of_name = "duration",
            .value = pl_scale_bend(PL_SCALE_TIME, longest / 1000.0),
            .sd = pl_scale_error(PL_SCALE_TIME, longest / 1000.0, longest / 1000.0 * 0.01),
        });
}
