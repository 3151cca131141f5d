// SPDX-License-Identifier: Apache-2.0
#include "os/threads.h"

#include "base/check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

/** One call, shared by its workers. */
struct job {
    void (*task)(void *argument, uint32_t index, uint32_t worker);
    void *argument;
    uint32_t count;
    atomic_uint_least32_t next;
};

/** One worker of a call. */
struct worker {
    struct job *job;
    uint32_t number;
    pthread_t thread;
};

uint32_t pl_threads_processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    if (count < 1) {
        return 1;
    }
    return count < PL_THREADS_MAX ? (uint32_t)count : PL_THREADS_MAX;
}

static void *work(void *memory)
{
    const struct worker *worker = memory;
    struct job *job = worker->job;
    for (;;) {
        uint32_t index = atomic_fetch_add(&job->next, 1);
        if (index >= job->count) {
            return NULL;
        }
        job->task(job->argument, index, worker->number);
    }
}

void pl_threads_run(uint32_t workers,
                    uint32_t count,
                    void (*task)(void *argument, uint32_t index, uint32_t worker),
                    void *argument)
{
    struct worker all[PL_THREADS_MAX];
    struct job job = {.task = task, .argument = argument, .count = count};
    PL_CHECK(workers >= 1 && workers <= PL_THREADS_MAX);
    PL_CHECK(task != NULL && count <= UINT32_MAX - PL_THREADS_MAX);
    atomic_init(&job.next, 0);
    uint32_t started = 1;
    for (uint32_t i = 0; i < workers; i++) {
        all[i].job = &job;
        all[i].number = i;
    }
    while (started < workers && started < count &&
           pthread_create(&all[started].thread, NULL, work, &all[started]) == 0) {
        started++;
    }
    work(&all[0]);
    for (uint32_t i = 1; i < started; i++) {
        int failed = pthread_join(all[i].thread, NULL);
        PL_CHECK(failed == 0);
    }
}
