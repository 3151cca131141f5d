// SPDX-License-Identifier: Apache-2.0
//
// A session: one play of a form, as a pure fold over commands.
//
//   state' = fold(definition, commands)      answer = what the last command showed
//
// The caller hands in one command as JSON and gets one answer as JSON and the body of one entry for
// the evidence log. The entry carries the hash of the answer's bytes; whoever applies the same
// commands to the same definition gets the same bytes, or knows where they differ. Nothing here
// reads a clock, a file or a random source.
//
// Time. With the turn clock a look costs its published time, a wait what it says, acts and says
// nothing. With the live clock the caller says what time it is. An act takes effect after its lead
// time in both.
//
// Answer: {"t_s","clock","cost_s","done","kind","observation","events"}; t_s counts from the
// opening. A command that cannot be obeyed is answered with {"error":{"code","message"}, ...}, has
// no cost, leaves no entry and changes nothing.
#ifndef PL_SESSION_SESSION_H
#define PL_SESSION_SESSION_H

#include "base/buf.h"
#include "base/error.h"
#include "base/hash.h"
#include "model/record.h"
#include "model/world.h"
#include "observe/observe.h"
#include "scenario/scenario.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Version of the rules by which commands become answers; part of each session's header. */
#define PL_SESSION_RULES UINT32_C(2)

enum {
    PL_COMMAND_SIZE_MAX = 64 * 1024,      /* bytes of one command */
    PL_OBSERVATION_SIZE_MAX = 512 * 1024, /* bytes of what one look shows */
    PL_ANSWER_SIZE_MAX = 4 * 1024 * 1024, /* bytes of memory that any answer fits */
    PL_ENTRY_SIZE_MAX = 400 * 1024        /* bytes of memory that any entry's body fits */
};

/**
 * What a session's instruments remember of single requests. About twelve minutes of traces of a
 * busy world and as many minutes of log lines as an overload leaves; both are rotated, as
 * everywhere.
 */
struct pl_record_def pl_session_record_def(void);

/** Simulated time that a session's instruments remember, in ns: all of it. */
int64_t pl_session_history(const struct pl_scenario *scenario);

/** True when a form run to its opening has sent its page, or will soon; forms without are redrawn.
 */
bool pl_session_pages(const struct pl_scenario *scenario,
                      const struct pl_opening *opening,
                      const struct pl_observe *observe);

/** True for an event that the opening's page stands for: it is not told a second time. */
bool pl_session_opening_page(const struct pl_scenario *scenario,
                             const struct pl_observe_event *event);

/** How simulated time moves. */
enum pl_clock { PL_CLOCK_TURN, PL_CLOCK_LIVE };

/** What a session is made of. The pointers are borrowed for its whole life. */
struct pl_session_def {
    const struct pl_world *world; /* sealed */
    const struct pl_scenario *scenario;
    uint64_t seed;
    uint32_t clock; /* enum pl_clock */
    uint32_t cause; /* PL_NONE: drawn by the seed */
};

/** A running session; opaque, in memory of the caller. */
struct pl_session;

/** Bytes of memory that a session of this definition needs. */
size_t pl_session_size(const struct pl_session_def *def);

/**
 * Run the warm-up to the moment of the opening.
 *
 * @param def      copied; what it points to is borrowed
 * @param memory   pl_session_size bytes, aligned to 16, owned by the caller
 * @param size     bytes of memory
 * @param session  filled: the session, inside `memory`
 * @param err      sentence
 * @return PL_OK, PL_BAD_INPUT or PL_LIMIT
 */
pl_status pl_session_open(const struct pl_session_def *def,
                          void *memory,
                          size_t size,
                          struct pl_session **session,
                          pl_error *err) __attribute__((warn_unused_result));

/*
 * Many sessions of one form can begin in one warm-up: its bytes are copied, or mapped so that only
 * what changes is copied, and each copy is settled where it lies.
 */

/**
 * Point a session at its opening, whose bytes were copied to `memory`, at its own memory.
 *
 * @param def     equal to that of the session that was copied, in the same process
 * @param memory  pl_session_size bytes, aligned to 16
 * @return the session, inside `memory`; it answers as the one that was copied would
 */
struct pl_session *pl_session_settle(const struct pl_session_def *def, void *memory);

/** Bytes of memory that looks of a session use while they are made. */
size_t pl_session_scratch_size(const struct pl_session_def *def);

/**
 * Lend a session other memory for its looks; its own stays untouched then.
 *
 * @param scratch  pl_session_scratch_size bytes, aligned to 16, until others are lent; NULL: the
 *                 session's own
 */
void pl_session_lend(struct pl_session *session, void *scratch);

/** What became of a command. */
struct pl_outcome {
    pl_status status;  /* PL_OK: the answer is an observation; else it is an error object */
    bool kept;         /* the entry must be in the evidence log before the answer is shown */
    char kind[16];     /* of the entry: look, act, say, wait, tick, close */
    int64_t before_ns; /* simulated time before and after the command */
    int64_t after_ns;
    pl_hash128 answer_hash;
};

/**
 * Apply one command.
 *
 * @param session  changed
 * @param now_ns   live clock: the present, not before the session's; turn clock: not read
 * @param command  JSON of one object, up to PL_COMMAND_SIZE_MAX bytes; anything may stand there
 * @param answer   appended: one JSON object without a newline
 * @param entry    appended when the outcome is kept: body of the entry, one JSON object
 * @return what became of it
 */
struct pl_outcome pl_session_apply(struct pl_session *session,
                                   int64_t now_ns,
                                   pl_slice command,
                                   struct pl_buf *answer,
                                   struct pl_buf *entry);

/**
 * Let time pass with the live clock. How the way to a moment is cut into calls makes no difference.
 *
 * @param session  changed
 * @param now_ns   the present, not before the session's
 * @return true when something waits to be told: a `tick` command tells it
 */
bool pl_session_advance(struct pl_session *session, int64_t now_ns);

/**
 * Append the first thing that a player sees: page, briefing, clock, as an answer of kind `open`.
 *
 * @param session  at its opening or later; only the opening is described
 * @param answer   appended
 */
void pl_session_opening(const struct pl_session *session, struct pl_buf *answer);

/** Present of the session in simulated nanoseconds since the start of the run. */
int64_t pl_session_now(const struct pl_session *session);

/** Index of the cause of this form: for referees and tests, never for whoever plays. */
uint32_t pl_session_cause(const struct pl_session *session);

/** Moment of the opening in simulated nanoseconds. */
int64_t pl_session_opens(const struct pl_session *session);

/** Last moment that the session can reach. */
int64_t pl_session_ends(const struct pl_session *session);

/** True after `close`, or when the time is over. */
bool pl_session_done(const struct pl_session *session);

/**
 * Moment of the next thing that would reach the player by itself if nothing is done, as far as it
 * is known; for the live clock. The caller may ask earlier and more often.
 */
int64_t pl_session_next(const struct pl_session *session);

/** Time of day of a simulated moment as HH:MM:SS; `text` has at least 9 bytes. */
void pl_session_clock(const struct pl_session *session, int64_t t_ns, char *text, size_t size);

#endif
