// SPDX-License-Identifier: Apache-2.0
//
// The query language: a subset of PromQL, compiled to a postfix program.
//
//   selectors     name{label="v", label!="v", label=~"a|b", label!~"..."}[5m] offset 10m
//   functions     rate irate increase delta, avg|max|min|sum|count|last_over_time,
//                 histogram_quantile absent abs ceil floor round sqrt clamp_min clamp_max sort
//   aggregations  sum avg max min count topk bottomk, by (..) and without (..), before or after
//   operators     + - * / % ^, comparisons with bool, and or unless, on (..) and ignoring (..)
//
// The compiler is a shunting yard with explicit stacks, so that no input makes it recurse. Types
// are checked while compiling: an evaluator never meets a range where a number belongs.
#ifndef PL_OBSERVE_PROMQL_PARSE_H
#define PL_OBSERVE_PROMQL_PARSE_H

#include "base/error.h"
#include "observe/promql_types.h"

/**
 * Compile a query.
 *
 * @param program  filled
 * @param text     the query
 * @param err      one sentence that names the column and, for an unknown name, the nearest one
 * @return PL_OK, PL_BAD_INPUT, PL_NOT_FOUND (unknown metric) or PL_LIMIT
 */
pl_status pl_promql_parse(struct pl_promql *program, const char *text, pl_error *err)
    __attribute__((warn_unused_result));

#endif
