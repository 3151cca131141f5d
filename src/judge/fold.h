// SPDX-License-Identifier: Apache-2.0
//
// Folding of names: two runs of the same world show the same thing under names that differ in
// their random parts. Folding keeps the words and drops the rest, so both get the same key.
//
//   checkout-api-vxwrj5lsj-r756b        checkout-api-*-*
//   Slow request /orders took 1606 ms   Slow request /orders took # ms
//   p99, v2, eu1, 503 (alone)           kept
#ifndef PL_JUDGE_FOLD_H
#define PL_JUDGE_FOLD_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Fold a name: tokens that look random become `*`, numbers `#`.
 *
 * @param name  any bytes
 * @param text  filled, always terminated; cut when it does not fit
 * @param size  bytes of text, at least 1
 * @return bytes written without the terminator
 */
size_t pl_fold(pl_slice name, char *text, size_t size);

/**
 * Next number that stands by itself in a text, not as a part of a word such as `p99`.
 *
 * @param text   any bytes
 * @param at     in: where to look from; out: behind the number
 * @param value  filled when there is one
 * @return true when there is one
 */
bool pl_fold_number(pl_slice text, size_t *at, double *value);

/** Key of a folded text, chained to what it belongs to. */
uint64_t pl_fold_key(uint64_t parent, const char *text, size_t size);

#endif
