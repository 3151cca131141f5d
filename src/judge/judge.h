// SPDX-License-Identifier: Apache-2.0
//
// The judge: one session in, entry by entry, one analysis out.
//
//   pl_judge_open     runs the bank of worlds to the opening
//   pl_judge_feed     takes the next entry of the evidence log, while the session runs or later
//   pl_judge_finish   compares all moves and writes the report
//
// The same entries give the same report to the last bit, whatever the number of threads and whether
// the judge ran beside the session or after it. The judge plays the session again by itself and
// refuses entries whose answers differ. It never uses the session's private seed for anything but
// that.
//
// Source: docs/explanation/judge.md; parts: bank.h (worlds), belief.h and eig.h (evidence),
// segment.h, value.h and search.h (worth of moves), audit.h and score.h (what follows from it).
#ifndef PL_JUDGE_JUDGE_H
#define PL_JUDGE_JUDGE_H

#include "base/error.h"
#include "judge/constants.h"
#include "judge/parallel.h"
#include "judge/report.h"
#include "session/session.h"

#include <stddef.h>
#include <stdint.h>

enum {
    PL_JUDGE_PARTICLES_DEFAULT = 48, /* worlds per cause */
    PL_JUDGE_PARTICLES_MIN = 4,
    PL_JUDGE_PARTICLES_MAX = 128
};

struct pl_trunk;

/** What is judged, and how thoroughly. Pointers are borrowed for the judge's life. */
struct pl_judge_def {
    const struct pl_world *world;
    const struct pl_scenario *scenario;
    const struct pl_constants *constants; /* of this scenario, NULL: what is needed is computed */
    uint64_t seed;                        /* of the session, to play it again */
    uint32_t clock;                       /* enum pl_clock, of the session */
    uint32_t particles;                   /* K, PL_JUDGE_PARTICLES_MIN.._MAX */
    uint32_t replicate;                   /* which of the independent banks; 0 is usual */
    uint32_t reserved;
    struct pl_parallel parallel;
    struct pl_trunk *trunk; /* opened for the same (trunk.h), NULL: the judge opens a bank */
};

/** One entry of the evidence log. */
struct pl_judge_entry {
    int64_t seq;        /* from 1, ascending */
    int64_t before_ns;  /* simulated time before the command */
    pl_slice command;   /* JSON */
    const char *answer; /* hash of the answer as it was logged; NULL: not compared */
};

/** A judge; opaque, in memory of the caller. */
struct pl_judge;

/** Bytes of memory for a judge; about 3 MB per world of the bank, most of it untouched. */
size_t pl_judge_size(const struct pl_judge_def *def);

/**
 * Set up, play the session to its opening and run the bank of worlds to theirs.
 *
 * @param def     copied
 * @param memory  pl_judge_size bytes, aligned to 64, owned by the caller
 * @param size    bytes of memory
 * @param judge   filled: the judge, inside `memory`
 * @param err     sentence, for instance that a cause never pages
 * @return PL_OK, PL_BAD_INPUT or PL_LIMIT
 */
pl_status pl_judge_open(const struct pl_judge_def *def,
                        void *memory,
                        size_t size,
                        struct pl_judge **judge,
                        pl_error *err) __attribute__((warn_unused_result));

/**
 * Take the next entry.
 *
 * @param judge  changed
 * @param entry  borrowed for the call
 * @param err    sentence
 * @return PL_OK, or PL_CORRUPT when the answer is another than it was; the judge then stays at the
 *         entry before and can be finished
 */
pl_status pl_judge_feed(struct pl_judge *judge, const struct pl_judge_entry *entry, pl_error *err)
    __attribute__((warn_unused_result));

/** Moment of the last entry, simulated nanoseconds after the opening. */
int64_t pl_judge_at(const struct pl_judge *judge);

/**
 * Write the analysis. Nothing may be fed afterwards.
 *
 * @param judge   changed
 * @param report  filled
 */
void pl_judge_finish(struct pl_judge *judge, struct pl_report *report);

#endif
