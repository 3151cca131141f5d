// SPDX-License-Identifier: Apache-2.0
#include "os/mutex.h"

#include "base/check.h"

#include <pthread.h>
#include <stdlib.h>

struct pl_mutex {
    pthread_mutex_t mutex;
};

struct pl_mutex *pl_mutex_new(void)
{
    struct pl_mutex *mutex = calloc(1, sizeof *mutex);
    if (mutex != NULL) {
        int failed = pthread_mutex_init(&mutex->mutex, NULL);
        PL_CHECK(failed == 0);
    }
    return mutex;
}

void pl_mutex_lock(struct pl_mutex *mutex)
{
    PL_CHECK(mutex != NULL);
    int failed = pthread_mutex_lock(&mutex->mutex);
    PL_CHECK(failed == 0);
}

void pl_mutex_unlock(struct pl_mutex *mutex)
{
    PL_CHECK(mutex != NULL);
    int failed = pthread_mutex_unlock(&mutex->mutex);
    PL_CHECK(failed == 0);
}

void pl_mutex_free(struct pl_mutex *mutex)
{
    if (mutex != NULL) {
        int failed = pthread_mutex_destroy(&mutex->mutex);
        PL_CHECK(failed == 0);
        free(mutex);
    }
}
