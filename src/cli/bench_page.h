// SPDX-License-Identifier: Apache-2.0
//
// Results of benchmarks as a table in plain words and as JSON.
#ifndef PL_CLI_BENCH_PAGE_H
#define PL_CLI_BENCH_PAGE_H

#include "base/buf.h"
#include "bench/bench_result.h"
#include "text/json_out.h"

/** Where and with what the figures were made. */
struct pl_bench_about {
    char machine[PL_BENCH_TEXT_MAX]; /* processor and how many of them */
    char compiler[PL_BENCH_TEXT_MAX];
    char commit[64];
};

/** Fill machine, compiler and commit of this process; `commit` is what was built. */
void pl_bench_about_fill(struct pl_bench_about *about, const char *commit);

/** Append the head of the table. */
void pl_bench_page_head(const struct pl_bench_about *about, struct pl_buf *out);

/** Append the lines of one benchmark: its figures, what was run, what was checked. */
void pl_bench_page_row(const struct pl_bench_result *result, struct pl_buf *out);

/**
 * Append one benchmark as a JSON object. The fields are always the same; a figure that does not
 * apply is null. docs/reference/bench.md lists them.
 *
 * @param result  done
 * @param about   repeated in every object
 * @param out     inside an array
 */
void pl_bench_page_json(const struct pl_bench_result *result,
                        const struct pl_bench_about *about,
                        struct pl_json_out *out);

#endif
