// SPDX-License-Identifier: Apache-2.0
#include "judge/parallel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { TASKS = 7 };

struct seen {
    uint32_t times[TASKS];
    uint32_t workers;
};

static void note(void *argument, uint32_t index, uint32_t worker)
{
    struct seen *seen = argument;
    seen->times[index]++;
    seen->workers |= UINT32_C(1) << worker;
}

/* Runs the tasks backwards, on two workers in turn, as threads might. */
static void backwards(void *context, uint32_t count, pl_task task, void *argument)
{
    uint32_t *calls = context;
    (*calls)++;
    for (uint32_t i = count; i > 0; i--) {
        task(argument, i - 1, i % 2);
    }
}

static void without_threads_tasks_run_on_worker_zero(void **state)
{
    (void)state;
    const struct pl_parallel none = {.workers = 8};
    struct seen seen = {.workers = 0};
    pl_parallel_run(&none, TASKS, note, &seen);
    for (uint32_t i = 0; i < TASKS; i++) {
        assert_int_equal(seen.times[i], 1);
    }
    assert_int_equal(seen.workers, 1);
    assert_int_equal(pl_parallel_workers(&none), 1);
}

static void the_callers_runner_gets_all_tasks(void **state)
{
    (void)state;
    uint32_t calls = 0;
    const struct pl_parallel two = {.context = &calls, .run = backwards, .workers = 2};
    struct seen seen = {.workers = 0};
    pl_parallel_run(&two, TASKS, note, &seen);
    for (uint32_t i = 0; i < TASKS; i++) {
        assert_int_equal(seen.times[i], 1);
    }
    assert_int_equal(calls, 1);
    assert_int_equal(seen.workers, 3);
    assert_int_equal(pl_parallel_workers(&two), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_threads_tasks_run_on_worker_zero),
        cmocka_unit_test(the_callers_runner_gets_all_tasks),
    };
    return cmocka_run_group_tests_name("parallel", tests, NULL, NULL);
}
