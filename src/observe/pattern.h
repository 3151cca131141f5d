// SPDX-License-Identifier: Apache-2.0
//
// The regular expressions of label matchers, anchored at both ends as in Prometheus.
//
// Subset: literals, `.`, classes `[a-z_]` and `[^0-9]`, `\d \w \s`, escapes, `* + ?` after a single
// element, `|` between alternatives, and one group `(a|b)` without a quantifier. Matching runs all
// alternatives as sets of positions, so no pattern is slow.
#ifndef PL_OBSERVE_PATTERN_H
#define PL_OBSERVE_PATTERN_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_PATTERN_ELEMENTS_MAX = 160, /* over all alternatives */
    PL_PATTERN_LENGTH_MAX = 62,    /* elements of one alternative */
    PL_PATTERN_ALTERNATIVES_MAX = 16,
    PL_PATTERN_CLASSES_MAX = 8
};

/** One element with its quantifier. */
struct pl_pattern_element {
    uint8_t kind;       /* 0 byte, 1 any, 2 class */
    uint8_t quantifier; /* 0, or one of `*+?` */
    uint8_t byte;
    uint8_t number; /* of the class */
};

/** A compiled pattern. */
struct pl_pattern {
    uint32_t element_count;
    uint32_t alternative_count;
    uint32_t class_count;
    uint32_t starts[PL_PATTERN_ALTERNATIVES_MAX + 1];
    struct pl_pattern_element elements[PL_PATTERN_ELEMENTS_MAX];
    uint32_t classes[PL_PATTERN_CLASSES_MAX][8]; /* bit per byte value */
};

/**
 * Compile a pattern.
 *
 * @param pattern  filled
 * @param text     the expression
 * @return NULL, or what is wrong as the end of a sentence, e.g. "has a `(` without its `)`"
 */
const char *pl_pattern_compile(struct pl_pattern *pattern, pl_slice text);

/** True when the whole text matches. */
bool pl_pattern_match(const struct pl_pattern *pattern, pl_slice text);

#endif
