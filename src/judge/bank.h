// SPDX-License-Identifier: Apache-2.0
//
// The particle bank: all causes times K supposed worlds, advanced together.
//
// Every particle reproduced the page that opens the scenario, by the rule by which sessions are
// drawn; how often a drawn form did is the cause's acceptance, the likelihood of the page. Seeds
// come from the scenario's name and the replicate alone: the bank is never told the seed of a
// session, and particle k has the same seed under every cause unless its page had to be drawn
// again. Results never depend on the number of workers.
//
// Time is simulated time since the start of a run, as in pl_session_now.
#ifndef PL_JUDGE_BANK_H
#define PL_JUDGE_BANK_H

#include "base/error.h"
#include "judge/feature.h"
#include "judge/parallel.h"
#include "judge/particle.h"
#include "scenario/scenario.h"
#include "session/look.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PL_BANK_PARTICLES_MAX = 256 /* per cause */ };

/** What a bank is made of. The pointers are borrowed for its whole life. */
struct pl_bank_def {
    const struct pl_world *world; /* sealed */
    const struct pl_scenario *scenario;
    uint32_t particles; /* K, 1..PL_BANK_PARTICLES_MAX */
    uint32_t reserved;
    uint64_t replicate; /* independent banks have different ones */
    struct pl_parallel parallel;
};

/** A bank; opaque, in memory of the caller. */
struct pl_bank;

/**
 * Bytes of memory of a bank. Much more than is ever touched (a particle reserves 27 MB and touches
 * 7): take it from os/pages, do not allocate and fill it.
 */
size_t pl_bank_size(const struct pl_bank_def *def);

/**
 * Draw all particles and run them to the opening.
 *
 * @param def     copied
 * @param memory  pl_bank_size bytes, aligned to 64, owned by the caller
 * @param size    bytes of memory
 * @param bank    set
 * @param err     sentence
 * @return PL_OK, PL_BAD_INPUT or PL_LIMIT
 */
pl_status pl_bank_open(const struct pl_bank_def *def,
                       void *memory,
                       size_t size,
                       struct pl_bank **bank,
                       pl_error *err) __attribute__((warn_unused_result));

/** Share of drawn forms of a cause that sent the page, 0..1. */
double pl_bank_acceptance(const struct pl_bank *bank, uint32_t cause);

/** Forms of a cause that were drawn; the binomial error of the acceptance follows from it. */
uint32_t pl_bank_drawn(const struct pl_bank *bank, uint32_t cause);

/** Present of the bank. */
int64_t pl_bank_now(const struct pl_bank *bank);

/** Run all live particles to a moment; a moment that is past changes nothing. */
void pl_bank_advance(struct pl_bank *bank, int64_t t_ns);

/**
 * Do an act in all live particles at the present, as a session does: lead time, feed and all. Where
 * it cannot be done nothing changes.
 *
 * @return PL_OK; PL_BAD_INPUT when it could be done in no live particle
 */
pl_status pl_bank_act(struct pl_bank *bank, const struct pl_call *call, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * From now on advance only the first particles of a cause. The others stay as they are, and their
 * sets stay empty.
 *
 * @param worlds  so many; what was given up before does not come back. 0: the cause is given up
 */
void pl_bank_keep(struct pl_bank *bank, uint32_t cause, uint32_t worlds);

/** Particles of a cause that are advanced, the first so many. */
uint32_t pl_bank_worlds(const struct pl_bank *bank, uint32_t cause);

/** True while a cause is advanced. */
bool pl_bank_live(const struct pl_bank *bank, uint32_t cause);

/**
 * What a look would show at the present, in all live particles; nothing changes. For `ask` it is
 * the answer that would come, as an event.
 *
 * @param call  pl_look_of_world
 * @param sets  filled: sets[cause * K + k]; empty where a particle is given up or refuses the look
 * @param err   sentence of the instrument
 * @return PL_OK; the instrument's status when every live particle refuses the look
 */
pl_status pl_bank_look(struct pl_bank *bank,
                       const struct pl_look_call *call,
                       struct pl_feature_set *sets,
                       pl_error *err) __attribute__((warn_unused_result));

/**
 * As pl_bank_look, in the first particles of each cause only.
 *
 * @param worlds  so many, 1..particles
 * @param sets    filled: sets[cause * worlds + k]
 */
pl_status pl_bank_look_thin(struct pl_bank *bank,
                            const struct pl_look_call *call,
                            uint32_t worlds,
                            struct pl_feature_set *sets,
                            pl_error *err) __attribute__((warn_unused_result));

/**
 * What a whole answer would say at the present: the look, and the events that have not been told.
 * They are told now, and `ask` asks. For what a session was really shown.
 *
 * @param call  NULL: events only
 */
pl_status pl_bank_answer(struct pl_bank *bank,
                         const struct pl_look_call *call,
                         struct pl_feature_set *sets,
                         pl_error *err) __attribute__((warn_unused_result));

/** State of a particle, for rollouts; NULL when it was given up before this bank was forked. */
const struct pl_state *pl_bank_state(const struct pl_bank *bank, uint32_t cause, uint32_t k);

/** A particle, likewise. */
const struct pl_particle *pl_bank_particle(const struct pl_bank *bank, uint32_t cause, uint32_t k);

/** Seed of a particle's form. */
uint64_t pl_bank_seed(const struct pl_bank *bank, uint32_t cause, uint32_t k);

/**
 * Copy a bank with its live particles; both go on apart.
 *
 * @param memory  as much as the source was opened in, aligned to 64
 */
struct pl_bank *pl_bank_fork(const struct pl_bank *bank, void *memory, size_t size);

/**
 * A bank that begins where another stands. It shares the other's particles and copies each when it
 * is first changed, so that many sessions begin in one opened bank and pay only for what they run.
 *
 * @param bank      not itself borrowed; must not be changed or given up while the new one is used,
 *                  and lends to one bank at a time
 * @param parallel  of the new bank
 * @param memory    pl_bank_size bytes for that, aligned to 64
 * @param size      bytes of memory
 */
struct pl_bank *pl_bank_borrow(const struct pl_bank *bank,
                               const struct pl_parallel *parallel,
                               void *memory,
                               size_t size);

#endif
