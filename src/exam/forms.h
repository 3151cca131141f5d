// SPDX-License-Identifier: Apache-2.0
//
// The openings of sessions in play: warmed up once, had by all that began in them.
//
// A form is a scenario with a seed and a clock. Its warm-up is a good part of a second of processor
// time and some megabytes; the second session of the form maps the bytes of the first one's
// opening, and pays for a page when it changes it. A form lives as long as a session that began in
// it. For any thread.
#ifndef PL_EXAM_FORMS_H
#define PL_EXAM_FORMS_H

#include "base/error.h"
#include "session/session.h"

#include <stdint.h>

/** All forms in play; opaque. */
struct pl_forms;

/** One form; opaque. */
struct pl_form;

/** A session at its opening, in memory of its own. */
struct pl_form_seat {
    struct pl_form *form; /* NULL: the session shares nothing */
    struct pl_session *session;
    void *memory;
    size_t memory_size;
};

/** Start without forms; NULL when there is no memory. */
struct pl_forms *pl_forms_new(void);

/**
 * Open a session.
 *
 * @param forms  NULL: share nothing
 * @param def    copied; the world stands for its content
 * @param seat   filled, for pl_forms_leave
 * @param err    sentence
 * @return PL_OK, PL_NO_MEMORY or why the form cannot be opened
 */
pl_status pl_forms_take(struct pl_forms *forms,
                        const struct pl_session_def *def,
                        struct pl_form_seat *seat,
                        pl_error *err) __attribute__((warn_unused_result));

/** Give a session's memory back; a zeroed seat is allowed. */
void pl_forms_leave(struct pl_forms *forms, struct pl_form_seat *seat);

/** Forms in play, for measurements. */
uint32_t pl_forms_count(struct pl_forms *forms);

/** Free; all seats are left (checked). NULL is allowed. */
void pl_forms_free(struct pl_forms *forms);

#endif
