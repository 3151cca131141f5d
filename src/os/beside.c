// SPDX-License-Identifier: Apache-2.0
#include "os/beside.h"

#include "base/check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

/* One item that waits. */
struct waiting {
    struct waiting *next;
    void *item;
};

struct pl_beside {
    struct pl_beside_work work;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards all below but `share` */
    pthread_cond_t put;    /* something was put, or the end was asked for */
    pthread_cond_t idle;   /* everything was taken */
    struct waiting *first;
    struct waiting *last;
    bool busy; /* begin or take is running */
    bool end;
    atomic_uint_least32_t share;
};

static void lock(struct pl_beside *beside)
{
    int failed = pthread_mutex_lock(&beside->mutex);
    PL_CHECK(failed == 0);
}

static void unlock(struct pl_beside *beside)
{
    int failed = pthread_mutex_unlock(&beside->mutex);
    PL_CHECK(failed == 0);
}

/* The next item that waits, NULL at the end. Called and returns with the lock held. */
static struct waiting *next_waiting(struct pl_beside *beside)
{
    beside->busy = false;
    while (beside->first == NULL && !beside->end) {
        pthread_cond_broadcast(&beside->idle);
        pthread_cond_wait(&beside->put, &beside->mutex);
    }
    struct waiting *waiting = beside->first;
    if (waiting != NULL) {
        beside->first = waiting->next;
        beside->last = beside->first == NULL ? NULL : beside->last;
        beside->busy = true;
    }
    return waiting;
}

static void *run(void *memory)
{
    struct pl_beside *beside = memory;
    if (beside->work.begin != NULL) {
        beside->work.begin(beside->work.context);
    }
    lock(beside);
    for (;;) {
        struct waiting *waiting = next_waiting(beside);
        if (waiting == NULL) {
            break;
        }
        unlock(beside);
        beside->work.take(beside->work.context, waiting->item);
        free(waiting);
        lock(beside);
    }
    pthread_cond_broadcast(&beside->idle);
    unlock(beside);
    return NULL;
}

pl_status
pl_beside_start(struct pl_beside **beside_out, const struct pl_beside_work *work, pl_error *err)
{
    PL_CHECK(beside_out != NULL);
    PL_CHECK(work != NULL && work->take != NULL);
    struct pl_beside *beside = calloc(1, sizeof *beside);
    *beside_out = NULL;
    if (beside == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a thread.");
    }
    beside->work = *work;
    beside->busy = true; /* until the thread waits for the first time */
    atomic_init(&beside->share, 0);
    pthread_mutex_init(&beside->mutex, NULL);
    pthread_cond_init(&beside->put, NULL);
    pthread_cond_init(&beside->idle, NULL);
    if (pthread_create(&beside->thread, NULL, run, beside) != 0) {
        free(beside);
        return pl_fail(err, PL_LIMIT, NULL, "The machine does not allow another thread.");
    }
    *beside_out = beside;
    return PL_OK;
}

bool pl_beside_put(struct pl_beside *beside, void *item)
{
    PL_CHECK(beside != NULL);
    struct waiting *waiting = calloc(1, sizeof *waiting);
    if (waiting == NULL) {
        return false;
    }
    waiting->item = item;
    lock(beside);
    PL_CHECK(!beside->end);
    if (beside->last != NULL) {
        beside->last->next = waiting;
    } else {
        beside->first = waiting;
    }
    beside->last = waiting;
    pthread_cond_signal(&beside->put);
    unlock(beside);
    return true;
}

void pl_beside_note(struct pl_beside *beside, uint32_t per_mille)
{
    PL_CHECK(beside != NULL);
    PL_CHECK(per_mille <= 1000);
    atomic_store(&beside->share, per_mille);
}

uint32_t pl_beside_read(const struct pl_beside *beside)
{
    PL_CHECK(beside != NULL);
    return atomic_load(&beside->share);
}

bool pl_beside_wait(struct pl_beside *beside, uint32_t timeout_ms)
{
    PL_CHECK(beside != NULL);
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    lock(beside);
    int failed = 0;
    while (failed == 0 && (beside->busy || beside->first != NULL)) {
        failed = pthread_cond_timedwait(&beside->idle, &beside->mutex, &until);
    }
    bool idle = !beside->busy && beside->first == NULL;
    unlock(beside);
    return idle;
}

void pl_beside_end(struct pl_beside *beside)
{
    if (beside == NULL) {
        return;
    }
    lock(beside);
    beside->end = true;
    pthread_cond_signal(&beside->put);
    unlock(beside);
    int failed = pthread_join(beside->thread, NULL);
    PL_CHECK(failed == 0);
    pthread_cond_destroy(&beside->put);
    pthread_cond_destroy(&beside->idle);
    pthread_mutex_destroy(&beside->mutex);
    free(beside);
}
