// SPDX-License-Identifier: Apache-2.0
//
// A compiled query: instructions in postfix order, and the selectors that they use.
#ifndef PL_OBSERVE_PROMQL_TYPES_H
#define PL_OBSERVE_PROMQL_TYPES_H

#include "observe/families.h"
#include "observe/labels.h"
#include "observe/pattern.h"

#include <stdint.h>

enum {
    PL_PROMQL_CODE_MAX = 128,
    PL_PROMQL_SELECTORS_MAX = 12,
    PL_PROMQL_MATCHERS_MAX = 6, /* per selector */
    PL_PROMQL_DEPTH_MAX = 48,   /* open brackets and waiting operators */
    PL_PROMQL_VALUE_MAX = 128   /* bytes of a label value with its terminator */
};

/** How a matcher compares. */
enum pl_match_op { PL_MATCH_EQUAL, PL_MATCH_NOT_EQUAL, PL_MATCH_PATTERN, PL_MATCH_NOT_PATTERN };

/** One label matcher. */
struct pl_matcher {
    uint32_t key; /* enum pl_label_key */
    uint32_t op;  /* enum pl_match_op */
    char value[PL_PROMQL_VALUE_MAX];
    struct pl_pattern pattern; /* of the two pattern operators */
};

/** One selector. */
struct pl_selector {
    struct pl_family_name name;
    uint32_t column; /* place in the query, from 1 */
    uint32_t matcher_count;
    int64_t range_ns;  /* 0: an instant selector */
    int64_t offset_ns; /* 0 or more */
    struct pl_matcher matchers[PL_PROMQL_MATCHERS_MAX];
};

/** Instructions. */
enum pl_promql_op {
    PL_PROMQL_NUMBER,
    PL_PROMQL_SELECT,
    PL_PROMQL_NEGATE,
    PL_PROMQL_BINARY,
    PL_PROMQL_CALL,
    PL_PROMQL_AGGREGATE
};

/** Functions. */
enum pl_promql_function {
    PL_FN_RATE,
    PL_FN_IRATE,
    PL_FN_INCREASE,
    PL_FN_DELTA,
    PL_FN_AVG_OVER_TIME,
    PL_FN_MAX_OVER_TIME,
    PL_FN_MIN_OVER_TIME,
    PL_FN_SUM_OVER_TIME,
    PL_FN_COUNT_OVER_TIME,
    PL_FN_LAST_OVER_TIME,
    PL_FN_HISTOGRAM_QUANTILE,
    PL_FN_ABSENT,
    PL_FN_ABS,
    PL_FN_CEIL,
    PL_FN_FLOOR,
    PL_FN_ROUND,
    PL_FN_SQRT,
    PL_FN_CLAMP_MIN,
    PL_FN_CLAMP_MAX,
    PL_FN_SORT,
    PL_FN_SORT_DESC,
    PL_FN_COUNT
};

/** Aggregations. */
enum pl_promql_aggregation {
    PL_AGG_SUM,
    PL_AGG_AVG,
    PL_AGG_MAX,
    PL_AGG_MIN,
    PL_AGG_COUNT,
    PL_AGG_TOPK,
    PL_AGG_BOTTOMK,
    PL_AGG_COUNT_KINDS
};

/** Binary operators. */
enum pl_promql_binary {
    PL_BIN_ADD,
    PL_BIN_SUB,
    PL_BIN_MUL,
    PL_BIN_DIV,
    PL_BIN_MOD,
    PL_BIN_POW,
    PL_BIN_GT,
    PL_BIN_LT,
    PL_BIN_GE,
    PL_BIN_LE,
    PL_BIN_EQ,
    PL_BIN_NE,
    PL_BIN_AND,
    PL_BIN_OR,
    PL_BIN_UNLESS,
    PL_BIN_COUNT
};

/** What an expression is. */
enum pl_promql_type { PL_TYPE_SCALAR, PL_TYPE_VECTOR, PL_TYPE_RANGE };

/** One instruction. */
struct pl_promql_code {
    uint32_t op;       /* enum pl_promql_op */
    uint32_t detail;   /* function, aggregation, operator, or number of the selector */
    uint32_t args;     /* of a call or aggregation */
    uint32_t column;   /* place in the query, from 1 */
    uint32_t exclude;  /* 1: mask names the labels left out (without, ignoring) */
    uint32_t has_mask; /* 1: by, without, on or ignoring was written */
    uint32_t as_bool;  /* comparison with bool */
    uint32_t left;     /* BINARY: enum pl_promql_type of the left side */
    uint32_t right;
    uint32_t reserved;
    uint64_t mask; /* labels, bit per enum pl_label_key */
    double number;
};

/** A compiled query. */
struct pl_promql {
    uint32_t code_count;
    uint32_t selector_count;
    uint32_t type; /* enum pl_promql_type of the result */
    uint32_t reserved;
    struct pl_promql_code code[PL_PROMQL_CODE_MAX];
    struct pl_selector selectors[PL_PROMQL_SELECTORS_MAX];
};

#endif
