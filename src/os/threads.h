// SPDX-License-Identifier: Apache-2.0
//
// Independent tasks over the processors of the machine.
//
// The shape is that of the interfaces by which pure layers take threads (judge/parallel.h): a task
// gets its index and the number of its worker, and tasks of one worker never overlap.
#ifndef PL_OS_THREADS_H
#define PL_OS_THREADS_H

#include <stdint.h>

enum { PL_THREADS_MAX = 64 /* workers of one call */ };

/** Processors that this process may use, 1..PL_THREADS_MAX. */
uint32_t pl_threads_processors(void);

/**
 * Run tasks 0..count-1 and return when all are done. Each worker takes the next index that nobody
 * has taken. When the machine refuses a thread the others do its work.
 *
 * @param workers   threads, the caller's own included, 1..PL_THREADS_MAX
 * @param count     tasks
 * @param task      called once per index, with the index and the worker, 0..workers-1
 * @param argument  given to each task, borrowed
 */
void pl_threads_run(uint32_t workers,
                    uint32_t count,
                    void (*task)(void *argument, uint32_t index, uint32_t worker),
                    void *argument);

#endif
