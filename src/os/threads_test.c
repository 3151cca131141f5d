// SPDX-License-Identifier: Apache-2.0
#include "os/threads.h"

#include "os/now.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { TASKS = 500, WORKERS = 4 };

struct seen {
    uint32_t times[TASKS];
    uint32_t busy[WORKERS]; /* 1 while a task of this worker runs */
    uint32_t overlaps[WORKERS];
    uint32_t workers_wrong[TASKS];
};

static void note(void *argument, uint32_t index, uint32_t worker)
{
    struct seen *seen = argument;
    seen->workers_wrong[index] = worker >= WORKERS;
    if (worker < WORKERS) {
        seen->overlaps[worker] += seen->busy[worker];
        seen->busy[worker] = 1;
        seen->times[index]++;
        seen->busy[worker] = 0;
    }
}

static void every_task_runs_once_and_tasks_of_a_worker_never_overlap(void **state)
{
    (void)state;
    for (uint32_t workers = 1; workers <= WORKERS; workers++) {
        struct seen seen = {.times = {0}};
        pl_threads_run(workers, TASKS, note, &seen);
        for (uint32_t i = 0; i < TASKS; i++) {
            assert_int_equal(seen.times[i], 1);
            assert_int_equal(seen.workers_wrong[i], 0);
        }
        for (uint32_t i = 0; i < WORKERS; i++) {
            assert_int_equal(seen.overlaps[i], 0);
        }
    }
}

static void no_task_is_no_work(void **state)
{
    (void)state;
    struct seen seen = {.times = {0}};
    pl_threads_run(2, 0, note, &seen);
    assert_int_equal(seen.times[0], 0);
}

static void there_is_a_processor(void **state)
{
    (void)state;
    assert_in_range(pl_threads_processors(), 1, PL_THREADS_MAX);
}

static void spin(void *argument, uint32_t index, uint32_t worker)
{
    int64_t *spent_ns = argument;
    int64_t start_ns = pl_now_thread_cpu_ns();
    (void)worker;
    while (spent_ns[index] < 2000000) {
        spent_ns[index] = pl_now_thread_cpu_ns() - start_ns;
    }
}

static void a_thread_reads_its_own_processor_time(void **state)
{
    (void)state;
    int64_t spent_ns[2] = {0, 0};
    int64_t process_ns = pl_now_cpu_ns();
    pl_threads_run(2, 2, spin, spent_ns);
    process_ns = pl_now_cpu_ns() - process_ns;
    assert_true(spent_ns[0] >= 2000000 && spent_ns[1] >= 2000000);
    assert_true(spent_ns[0] + spent_ns[1] <= process_ns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_runs_once_and_tasks_of_a_worker_never_overlap),
        cmocka_unit_test(no_task_is_no_work),
        cmocka_unit_test(there_is_a_processor),
        cmocka_unit_test(a_thread_reads_its_own_processor_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
