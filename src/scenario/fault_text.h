// SPDX-License-Identifier: Apache-2.0
//
// `${name}` in the texts of a fault: which names are there, and values in their place.
#ifndef PL_SCENARIO_FAULT_TEXT_H
#define PL_SCENARIO_FAULT_TEXT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PL_FAULT_BINDINGS_MAX = 24 };

/** Values by name. */
struct pl_fault_bindings {
    uint32_t count;
    struct {
        pl_slice name;
        pl_slice value; /* data is NULL: it has no value, what names it is left out */
        bool entity;    /* slashes of the value become dots, as in paths of params */
        bool used;      /* a text named it */
    } items[PL_FAULT_BINDINGS_MAX];
};

/** Add a name; there must be room (checked). */
void pl_fault_bind(struct pl_fault_bindings *bindings, pl_slice name, pl_slice value, bool entity);

/** Index of a name, or PL_NONE. */
uint32_t pl_fault_bound(const struct pl_fault_bindings *bindings, pl_slice name);

/**
 * Find the next `${name}` of a text.
 *
 * @param text  whole text
 * @param from  byte to begin at; set behind the closing brace
 * @param name  filled; size 0 when a brace is not closed
 * @param open  filled: byte of the `$`
 * @return false at the end of the text
 */
bool pl_fault_next(pl_slice text, size_t *from, pl_slice *name, size_t *open);

/**
 * Write a text with values in place of names; all names must be bound to values (checked).
 *
 * @param out  appended; what does not fit is told by its overflow
 */
void pl_fault_fill(pl_slice text, const struct pl_fault_bindings *bindings, struct pl_buf *out);

#endif
