// SPDX-License-Identifier: Apache-2.0
//
// Features of a look: the numbers that a reader could take from what was displayed, and nothing
// else. The input is the JSON that a player was shown; the state of the model is never read.
//
//   panel  per series: level (mean of the last 5 min), rise (level against the first third), peak
//          (95th percentile against the first third), slope (last third, per 10 min), onset (change
//          point), spread; over series: share of the largest
//   table  per row, found by its words: numeric cells, shown or not, how many rows read the same;
//          per column of words: share of the most frequent word
//   logs   per pattern: how many lines, shown or not
//   trace  per span name: share of the trace's time spent in the span itself; where errors begin
//   text   per line: shown or not; the numbers in it
//   answer the events of an answer, as text
//
// Names that differ between two runs of the same world (pods, ids, hashes, dates) are folded:
// `checkout-api-vxwrj5lsj-r756b` reads `checkout-api-*-*`, and series or rows that fold to the same
// name are described together. A key is a hash of the folded name and of the kind of feature, so
// sets of two worlds can be compared key by key.
//
// Scales: seconds, bytes, rates and counts by logarithm with a small offset that depends on the
// unit only; ratios by logit. Onsets and clock times are in minutes.
#ifndef PL_JUDGE_FEATURE_H
#define PL_JUDGE_FEATURE_H

#include "base/buf.h"
#include "judge/curve.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PL_FEATURES_MAX = 192,     /* features of one look */
    PL_FEATURE_NAME_MAX = 240, /* bytes of a name with its terminator */
    PL_FEATURE_POINTS_MAX = 1024,
    PL_FEATURE_FOLD_MAX = 512, /* bytes of a folded name with its terminator */
    PL_FEATURE_GROUP_NAME_MAX = 96,
    PL_FEATURE_GROUPS_MAX = 64,
    PL_FEATURE_COLUMNS_MAX = 12,
    PL_FEATURE_CELLS_MAX = 24, /* numbers of a row: its cells, and the first number in a text */
    PL_FEATURE_WORDS_MAX = 32, /* different words of a column that are counted */
    PL_FEATURE_SPANS_MAX = 128
};

/** What a feature is. */
enum pl_feature_kind {
    PL_FEATURE_LEVEL,   /* a number on a log, logit or minute scale */
    PL_FEATURE_COUNT,   /* log(1 + count) */
    PL_FEATURE_PRESENT, /* 1: it was there; a missing key says that it was not */
    PL_FEATURE_WORD     /* shape of a series in words, pl_curve_code; not part of the likelihood */
};

/** One feature. */
struct pl_feature {
    uint64_t key;   /* hash of its name within the look */
    float value;    /* on the feature's scale */
    float sd;       /* perception: what a careful reader would be off by, same scale */
    uint32_t kind;  /* enum pl_feature_kind */
    uint32_t group; /* the series, row, pattern or line it belongs to */
};

/** Features of one displayed observation, ascending by key, no key twice. */
struct pl_feature_set {
    uint32_t count;
    uint32_t dropped; /* features that did not fit */
    struct pl_feature items[PL_FEATURES_MAX];
};

/** What is described together: a series, a row, a span, under one folded name. */
struct pl_feature_group {
    uint64_t key;
    uint32_t count;  /* series or rows that fold to the name */
    uint32_t onsets; /* series with a change point */
    struct pl_curve curve;
    double top;   /* largest level */
    double total; /* sum of levels */
    double sum[PL_FEATURE_CELLS_MAX];
    uint32_t filled[PL_FEATURE_CELLS_MAX];
    char name[PL_FEATURE_GROUP_NAME_MAX];
};

/** How often words stand in a column. */
struct pl_feature_column {
    uint64_t key;
    uint32_t scale; /* enum pl_scale */
    uint32_t skip;  /* process numbers and the like */
    uint32_t rows;  /* rows with a word here */
    uint32_t words;
    uint64_t word[PL_FEATURE_WORDS_MAX];
    uint32_t seen[PL_FEATURE_WORDS_MAX];
    char name[40];
};

/** One span of a trace. */
struct pl_feature_span {
    uint64_t id;
    uint64_t parent;
    uint32_t group;
    bool error;
    bool child_error;
    double duration;
    double self;
};

/** Working memory; its content means nothing between calls. */
struct pl_feature_scratch {
    double points[PL_FEATURE_POINTS_MAX];
    double sorted[PL_FEATURE_POINTS_MAX];
    uint32_t slots[PL_FEATURE_POINTS_MAX];
    struct pl_feature_group groups[PL_FEATURE_GROUPS_MAX];
    struct pl_feature_column columns[PL_FEATURE_COLUMNS_MAX];
    struct pl_feature_span spans[PL_FEATURE_SPANS_MAX];
    char fold[PL_FEATURE_FOLD_MAX];
    char title[PL_FEATURE_NAME_MAX];
    uint32_t group_count;
    uint32_t column_count;
};

/** Receives the name of every feature, for explanations. */
struct pl_feature_names {
    void *context;
    void (*name)(void *context, const struct pl_feature *feature, const char *name);
};

/**
 * Extract the features of what was displayed.
 *
 * @param shown    JSON of an observation, of an event, or of a whole answer with both; anything
 *                 else, also bytes that are no JSON, gives an empty or shorter set
 * @param set      filled
 * @param scratch  working memory
 * @param names    NULL, or called once per feature that enters the set, with a name such as
 *                 `checkout-api, request duration: p99, level`
 */
void pl_feature_extract(pl_slice shown,
                        struct pl_feature_set *set,
                        struct pl_feature_scratch *scratch,
                        const struct pl_feature_names *names);

/** The feature with this key, or NULL. */
const struct pl_feature *pl_feature_find(const struct pl_feature_set *set, uint64_t key);

#endif
