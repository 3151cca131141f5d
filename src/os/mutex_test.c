// SPDX-License-Identifier: Apache-2.0
#include "os/mutex.h"

#include "os/threads.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { TASKS = 64, STEPS = 1000 };

struct tally {
    struct pl_mutex *mutex;
    uint32_t count; /* guarded by the mutex */
};

static void add(void *argument, uint32_t index, uint32_t worker)
{
    (void)index;
    (void)worker;
    struct tally *tally = argument;
    for (uint32_t i = 0; i < STEPS; i++) {
        pl_mutex_lock(tally->mutex);
        tally->count++;
        pl_mutex_unlock(tally->mutex);
    }
}

/* Goal: no step of any thread is lost. */
static void one_thread_at_a_time_holds_it(void **state)
{
    (void)state;
    struct tally tally = {.mutex = pl_mutex_new()};
    assert_non_null(tally.mutex);
    pl_threads_run(4, TASKS, add, &tally);
    assert_int_equal(tally.count, TASKS * STEPS);
    pl_mutex_free(tally.mutex);
}

static void nothing_is_freed_quietly(void **state)
{
    (void)state;
    pl_mutex_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_thread_at_a_time_holds_it),
        cmocka_unit_test(nothing_is_freed_quietly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
