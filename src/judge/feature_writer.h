// SPDX-License-Identifier: Apache-2.0
//
// How readers of shapes put features into a set.
#ifndef PL_JUDGE_FEATURE_WRITER_H
#define PL_JUDGE_FEATURE_WRITER_H

#include "judge/feature.h"

#include <stdint.h>

/** What is said about a group; part of the key. */
enum pl_feature_about {
    PL_ABOUT_SHOWN,
    PL_ABOUT_WHOLE,
    PL_ABOUT_NOW,
    PL_ABOUT_LEVEL,
    PL_ABOUT_RISE,
    PL_ABOUT_PEAK,
    PL_ABOUT_SLOPE,
    PL_ABOUT_SPREAD,
    PL_ABOUT_ONSET,
    PL_ABOUT_ONSET_TIME,
    PL_ABOUT_WORDS,
    PL_ABOUT_SHARE,
    PL_ABOUT_COUNT,
    PL_ABOUT_SELF,
    PL_ABOUT_ERROR,
    PL_ABOUT_COUNT_OF
};

/** A set being filled. */
struct pl_feature_writer {
    struct pl_feature_set *set;
    struct pl_feature_scratch *scratch;
    const struct pl_feature_names *names; /* NULL: nobody asks */
    uint64_t prefix;                      /* of the part that is being read */
};

/** A feature before it has a key. */
struct pl_feature_item {
    uint32_t kind;  /* enum pl_feature_kind */
    uint32_t about; /* enum pl_feature_about */
    uint64_t of;    /* further key, such as a column; 0: none */
    const char *of_name;
    double value;
    double sd;
};

/** Forget groups and columns of the part before. */
void pl_feature_writer_clear(struct pl_feature_writer *writer);

/**
 * The group of a name, made when it is new.
 *
 * @param writer  changed
 * @param name    as displayed; folded here
 * @return the group, or NULL when there are PL_FEATURE_GROUPS_MAX
 */
struct pl_feature_group *pl_feature_writer_group(struct pl_feature_writer *writer, pl_slice name);

/** The same for a text that is folded already. */
struct pl_feature_group *
pl_feature_writer_folded(struct pl_feature_writer *writer, const char *fold, size_t size);

/**
 * Add a feature. Values that are not finite are left out, what does not fit is counted.
 *
 * @param writer  its set grows
 * @param group   what it is about, or NULL for the whole part
 * @param item    the feature
 */
void pl_feature_writer_add(struct pl_feature_writer *writer,
                           const struct pl_feature_group *group,
                           const struct pl_feature_item *item);

/** Sort by key; of two features with one key the first stays. */
void pl_feature_writer_close(struct pl_feature_writer *writer);

#endif
