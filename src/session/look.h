// SPDX-License-Identifier: Apache-2.0
//
// Looks: from a command to a call of an instrument.
//
// A look needs the instruments and the model's present, not a session: whoever has both (a session,
// a world that is only supposed) gets the same bytes from the same state. The one exception is the
// status page, which the session's player writes.
#ifndef PL_SESSION_LOOK_H
#define PL_SESSION_LOOK_H

#include "session/session_types.h"

/** Kinds of looks, NULL-terminated. */
const char *const *pl_look_names(void);

/** A look whose members have been checked. */
struct pl_look_call {
    uint32_t kind;   /* index in pl_look_names */
    int64_t cost_ns; /* published cost */
    const char *service;
    const char *panel;
    const char *by;
    const char *name; /* expr, id, statement, page, filter of metrics, question */
    const char *db;
    const char *view;
    const char *filter;
    const char *level;
    const char *route;
    const char *person;
    int64_t window_ns;
    double limit;
    double min_ms;
    bool errors;
    bool oldest_first;
};

/**
 * Read a look. Texts are borrowed from the command.
 *
 * @param scenario  knows costs and people
 * @param command   object with `what`
 * @param call      filled
 * @param err       sentence
 * @return PL_OK, PL_BAD_INPUT, PL_NOT_FOUND or PL_LIMIT
 */
pl_status pl_look_read(const struct pl_scenario *scenario,
                       const json_t *command,
                       struct pl_look_call *call,
                       pl_error *err) __attribute__((warn_unused_result));

/** True for a look that changes something by itself, so that it must be done once only (`ask`). */
bool pl_look_acts(const struct pl_look_call *call);

/** False for a look whose answer the session's player wrote, and not the world (`status`). */
bool pl_look_of_world(const struct pl_look_call *call);

/**
 * Look at the present of a world.
 *
 * @param scenario  has the runbook
 * @param at        instruments and model; `ask` changes the instruments
 * @param call      checked, pl_look_of_world
 * @param out       appended: one observation
 * @param err       sentence of the instrument
 */
pl_status pl_look_at(const struct pl_scenario *scenario,
                     const struct pl_scene *at,
                     const struct pl_look_call *call,
                     struct pl_buf *out,
                     pl_error *err) __attribute__((warn_unused_result));

/**
 * Look at the present of a session.
 *
 * @param session  its instruments are read
 * @param call     checked
 * @param out      appended: one observation
 * @param err      sentence of the instrument
 */
pl_status pl_look_do(struct pl_session *session,
                     const struct pl_look_call *call,
                     struct pl_buf *out,
                     pl_error *err) __attribute__((warn_unused_result));

/** Index of the person with this id or full name, case ignored, or PL_NONE. */
uint32_t pl_look_person(const struct pl_scenario *scenario, const char *name);

/** Append the look as it would be typed. */
void pl_look_format(const struct pl_look_call *call, struct pl_buf *out);

#endif
