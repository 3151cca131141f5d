// SPDX-License-Identifier: Apache-2.0
//
// A cursor over JSON text, for one pass without a tree.
//
// Made for text that our own writer produced and for speed; it accepts more than RFC 8259 does, but
// never reads past the end and always ends: each call moves on or makes the cursor `bad`. Strings
// are slices of the text with their escapes left in.
#ifndef PL_JUDGE_SCAN_H
#define PL_JUDGE_SCAN_H

#include "base/buf.h"

#include <stdbool.h>

/** The cursor. */
struct pl_scan {
    const char *at;
    const char *end;
    bool bad; /* something unexpected stood there; `at` is `end` from then on */
};

/** What stands at the cursor. */
enum pl_scan_kind {
    PL_SCAN_NOTHING,
    PL_SCAN_OBJECT,
    PL_SCAN_ARRAY,
    PL_SCAN_STRING,
    PL_SCAN_NUMBER,
    PL_SCAN_TRUE,
    PL_SCAN_FALSE,
    PL_SCAN_NULL
};

/** Begin at the first byte. */
struct pl_scan pl_scan_of(pl_slice text);

/** What stands at the cursor, which only passes white space. */
enum pl_scan_kind pl_scan_peek(struct pl_scan *scan);

/** Pass `{` or `[`; false, and nothing passed but white space, when something else stands there. */
bool pl_scan_enter(struct pl_scan *scan, enum pl_scan_kind kind);

/** Next member of an entered object: its key; the cursor is at the value. False: `}` was passed. */
bool pl_scan_member(struct pl_scan *scan, pl_slice *key);

/** Next element of an entered array: the cursor is at it. False: `]` was passed. */
bool pl_scan_item(struct pl_scan *scan);

/** Pass a string; empty and bad when none stands there. */
pl_slice pl_scan_string(struct pl_scan *scan);

/** Pass a number, to 1e-15 of its value; 0 and bad when none stands there. */
double pl_scan_number(struct pl_scan *scan);

/** Pass any value, to any depth. */
void pl_scan_skip(struct pl_scan *scan);

/** True when the slice reads like the text. */
bool pl_scan_is(pl_slice slice, const char *text);

#endif
