// SPDX-License-Identifier: Apache-2.0
//
// The fault library, told to people: one line per fault for lists, a section for the
// reference, a sheet for who asks for one.
#ifndef PL_SCENARIO_FAULT_PAGE_H
#define PL_SCENARIO_FAULT_PAGE_H

#include "base/buf.h"
#include "scenario/fault.h"

/** Write the head of docs/reference/faults.md. */
void pl_fault_page_head(struct pl_buf *out);

/** Write the section of one fault in Markdown. */
void pl_fault_page(const struct pl_fault *fault, struct pl_buf *out);

/** Write number, name and title in one line, and the parameters below. */
void pl_fault_lines(const struct pl_fault *fault, struct pl_buf *out);

/** Write all that is known of one fault as plain text. */
void pl_fault_sheet(const struct pl_fault *fault, struct pl_buf *out);

#endif
