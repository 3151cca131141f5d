// SPDX-License-Identifier: Apache-2.0
//
// Threads as an interface: the judge asks for independent tasks, the caller brings the threads.
//
// Every task writes to its own place in memory and reads nothing that another task writes, so a
// result never depends on how many workers there are or on the order in which they finish.
#ifndef PL_JUDGE_PARALLEL_H
#define PL_JUDGE_PARALLEL_H

#include <stdint.h>

enum { PL_PARALLEL_MAX = 64 };

/**
 * One task. Tasks of the same worker never run at the same time, so a worker may own scratch.
 *
 * @param argument  the caller's, shared by all tasks
 * @param index     0..count-1
 * @param worker    0..workers-1
 */
typedef void (*pl_task)(void *argument, uint32_t index, uint32_t worker);

/** Who runs tasks. Zeroed: the caller's thread, in order. */
struct pl_parallel {
    void *context; /* borrowed, handed to run */
    void (*run)(void *context, uint32_t count, pl_task task, void *argument);
    uint32_t workers; /* most tasks at a time, 1..PL_PARALLEL_MAX; 0 means 1 */
    uint32_t reserved;
};

/** Number of workers, at least 1. */
uint32_t pl_parallel_workers(const struct pl_parallel *parallel);

/**
 * Run all tasks and return when the last one is done.
 *
 * @param parallel  who runs them
 * @param count     number of tasks
 * @param task      called once per index
 * @param argument  handed to each task
 */
void pl_parallel_run(const struct pl_parallel *parallel,
                     uint32_t count,
                     pl_task task,
                     void *argument);

#endif
