// SPDX-License-Identifier: Apache-2.0
//
// Threads that work through lanes of tasks.
//
//   lane A   task, task, task          one after another, in the order of posting
//   lane B   task                      beside lane A, on another thread
//
// Each task has a rank. Every rank has threads of its own, so that short tasks never wait for long
// ones; within a lane the order is kept across ranks. The threads of a later rank can be given a
// lower priority by the operating system. Tasks of a rank that yields let all others of their lane
// pass as long as they wait: what is worth doing whenever there is time holds up nothing.
#ifndef PL_OS_CREW_H
#define PL_OS_CREW_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_CREW_RANKS_MAX = 4, PL_CREW_THREADS_MAX = 64 /* of all ranks */ };

/** Threads; opaque. */
struct pl_crew;

/** A queue of tasks that never overlap; opaque. */
struct pl_lane;

/** How many threads a rank has, and how far they stand back. */
struct pl_crew_rank {
    uint32_t threads; /* 1 or more */
    int nice;         /* 0..19 above the process's; 19 gives way to everybody */
    bool yields;      /* its tasks let those of other ranks pass */
};

/**
 * A task.
 *
 * @param context  as posted
 * @param item     as posted
 * @param worker   number of the thread, 0..all threads - 1; no two tasks of one worker overlap
 */
typedef void (*pl_crew_run)(void *context, void *item, uint32_t worker);

/**
 * Start the threads.
 *
 * @param crew   filled with an owned handle for pl_crew_end
 * @param ranks  ranks[count], copied
 * @param count  1..PL_CREW_RANKS_MAX
 * @param err    filled on failure
 * @return PL_OK, PL_NO_MEMORY or PL_LIMIT (the machine refuses a thread)
 */
pl_status pl_crew_start(struct pl_crew **crew,
                        const struct pl_crew_rank *ranks,
                        uint32_t count,
                        pl_error *err) __attribute__((warn_unused_result));

/** Threads of all ranks together. */
uint32_t pl_crew_threads(const struct pl_crew *crew);

/** Open a lane; NULL when there is no memory. It goes to pl_lane_close. */
struct pl_lane *pl_lane_open(struct pl_crew *crew);

/**
 * Add a task to a lane; any thread may do it, a task too. Nothing is waited for.
 *
 * @param lane     open
 * @param rank     which threads do it
 * @param run      the task
 * @param context  given to it
 * @param item     given to it
 * @return false when there is no memory: the task will not run
 */
bool pl_lane_post(struct pl_lane *lane, uint32_t rank, pl_crew_run run, void *context, void *item);

/** Tasks of a lane that wait or run. */
uint32_t pl_lane_count(struct pl_lane *lane);

/** Close a lane: it is freed after its last task. Nothing may be posted to it any more. */
void pl_lane_close(struct pl_lane *lane);

/** Wait until every task is done, end the threads and free the crew. NULL is allowed. */
void pl_crew_end(struct pl_crew *crew);

#endif
