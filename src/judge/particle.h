// SPDX-License-Identifier: Apache-2.0
//
// A supposed world: one form of one cause, with the instruments that a session would have.
//
// It is run, looked at and acted on by the same functions as a session, so the same form and the
// same acts show the same bytes. Scratch of the instruments is lent by whoever runs it.
#ifndef PL_JUDGE_PARTICLE_H
#define PL_JUDGE_PARTICLE_H

#include "base/error.h"
#include "model/model.h"
#include "observe/observe.h"
#include "scenario/instruments.h"
#include "scenario/scenario.h"
#include "session/look.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What all particles of a bank share; borrowed. */
struct pl_particle_def {
    const struct pl_world *world; /* sealed */
    const struct pl_scenario *scenario;
};

/** A particle. The pointers stay inside its own memory. */
struct pl_particle {
    const struct pl_world *world;
    const struct pl_scenario *scenario;
    struct pl_state *state;
    struct pl_record *record;
    struct pl_observe *observe;
    size_t state_size;
    uint32_t event_cursor; /* events that have been told */
    uint32_t page_shown;   /* 1: the opening's page stands for the rule's first one */
    uint32_t refused;      /* acts that could not be done here */
    uint32_t reserved;
    struct pl_opening opening;
    struct pl_instruments instruments;
};

/** Bytes of memory of one particle. Most of it stays untouched: reserve it, do not fill it. */
size_t pl_particle_size(const struct pl_particle_def *def);

/** Bytes of scratch, for any number of particles that take turns. */
size_t pl_particle_scratch_size(const struct pl_particle_def *def);

/**
 * Start a form at simulated time 0.
 *
 * @param def       borrowed while it lives
 * @param seed      of the form
 * @param cause     PL_NONE: without any cause, as a trunk for pl_particle_branch
 * @param memory    pl_particle_size bytes, aligned to 16
 * @param scratch   pl_particle_scratch_size bytes, aligned to 16, lent until others are
 * @param particle  set
 * @param err       sentence
 * @return PL_OK, PL_BAD_INPUT or PL_LIMIT
 */
pl_status pl_particle_start(const struct pl_particle_def *def,
                            uint64_t seed,
                            uint32_t cause,
                            void *memory,
                            void *scratch,
                            struct pl_particle **particle,
                            pl_error *err) __attribute__((warn_unused_result));

/**
 * Moment up to which forms of this seed are the same with and without a cause: just before the
 * first change that the cause brings, -1 when it changes something from the start.
 *
 * @param moment_ns  set
 */
pl_status pl_particle_parting(const struct pl_particle_def *def,
                              uint64_t seed,
                              uint32_t cause,
                              int64_t *moment_ns,
                              pl_error *err) __attribute__((warn_unused_result));

/**
 * Go on from a trunk as a form of a cause.
 *
 * @param trunk  without a cause, not after pl_particle_parting of the cause
 * @return as pl_particle_start
 */
pl_status pl_particle_branch(const struct pl_particle *trunk,
                             uint32_t cause,
                             void *memory,
                             void *scratch,
                             struct pl_particle **particle,
                             pl_error *err) __attribute__((warn_unused_result));

/** Copy a particle; both go on apart. */
struct pl_particle *pl_particle_fork(const struct pl_particle *source, void *memory, void *scratch);

/** Run to a simulated moment, not before the present. */
void pl_particle_run(struct pl_particle *particle, int64_t until_ns, void *scratch);

/** True when the page that opens the scenario has come by now, by the rule of sessions. */
bool pl_particle_pages(const struct pl_particle *particle);

/** Begin to tell events: those up to the present count as told, as at a session's opening. */
void pl_particle_open(struct pl_particle *particle);

/** Do an act at the present, as a session does; counted in `refused` when it cannot be done. */
void pl_particle_act(struct pl_particle *particle, const struct pl_call *call);

/**
 * Look. For `ask`, what is appended is the answer that would come; nothing is asked.
 *
 * @param call     pl_look_of_world
 * @param scratch  lent for the call
 * @param out      appended: one observation
 * @param err      sentence of the instrument
 */
pl_status pl_particle_look(struct pl_particle *particle,
                           const struct pl_look_call *call,
                           void *scratch,
                           struct pl_buf *out,
                           pl_error *err) __attribute__((warn_unused_result));

/** As pl_particle_look, but `ask` asks: the answer arrives as an event. */
pl_status pl_particle_look_for_real(struct pl_particle *particle,
                                    const struct pl_look_call *call,
                                    void *scratch,
                                    struct pl_buf *out,
                                    pl_error *err) __attribute__((warn_unused_result));

/** Append what came by itself and was not told yet, as a JSON array of events. */
void pl_particle_tell(struct pl_particle *particle, struct pl_buf *out);

#endif
