// SPDX-License-Identifier: Apache-2.0
//
// How much of a score is the person: intraclass correlations and variance components of designs of
// generalisability theory. Scores are score[person][item], complete, row-major.
#ifndef PL_STATS_RELIABILITY_H
#define PL_STATS_RELIABILITY_H

#include "stats/interval.h"

#include <stdint.h>

/** Components of persons crossed with items. Estimates below 0 are kept as they are. */
struct pl_components {
    double person;
    double item;
    double rest; /* person by item, and error */
    double mean_square_person;
    double mean_square_item;
    double mean_square_rest;
};

/**
 * Analysis of variance of persons by items.
 *
 * @param score    score[persons][items]
 * @param persons  2 or more (checked)
 * @param items    2 or more (checked)
 */
struct pl_components pl_components_of(const double *score, uint32_t persons, uint32_t items);

/** Reliability of a mean over `items` items by these components: person / (person + rest/items). */
double pl_generalisability(const struct pl_components *components, uint32_t items);

/**
 * ICC(1): one-way, items are drawn anew for each person (Shrout & Fleiss 1979; interval by F).
 *
 * @param confidence  in (0, 1)
 */
pl_interval
pl_icc_one_way(const double *score, uint32_t persons, uint32_t items, double confidence);

/** ICC(3,1): two-way, consistency over the same items (Shrout & Fleiss 1979; interval by F). */
pl_interval
pl_icc_two_way(const double *score, uint32_t persons, uint32_t items, double confidence);

/** Components of persons crossed with items nested in families. */
struct pl_nested_components {
    double person;
    double family;
    double item;          /* within family */
    double person_family; /* case specificity */
    double rest;          /* person by item within family, and error */
};

/**
 * G-study of persons x (items : families).
 *
 * @param score     score[persons][families][items]
 * @param persons   2 or more (checked)
 * @param families  2 or more (checked)
 * @param items     per family, 2 or more (checked)
 */
struct pl_nested_components
pl_nested_components_of(const double *score, uint32_t persons, uint32_t families, uint32_t items);

/** G of a mean over families and items within them; relative (no main effects in the error). */
double pl_nested_generalisability(const struct pl_nested_components *components,
                                  uint32_t families,
                                  uint32_t items);

/** Phi: the same with the main effects of families and items counted as error. */
double pl_nested_dependability(const struct pl_nested_components *components,
                               uint32_t families,
                               uint32_t items);

#endif
