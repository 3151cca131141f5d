// SPDX-License-Identifier: Apache-2.0
#include "os/process.h"

#include "os/file.h"
#include "os/now.h"
#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define STEP_NS 5000000

static void a_program_is_found_in_the_path(void **state)
{
    (void)state;
    char path[PL_FILE_PATH_MAX];
    assert_true(pl_process_find("sh", path, sizeof path));
    assert_int_equal(path[0], '/');
    assert_false(pl_process_find("no-such-program-anywhere", path, sizeof path));
    assert_false(pl_process_find("sh", path, 2));
}

/* Goal: a started program gets its argument and outlives the call. */
static void a_program_is_started_and_left_alone(void **state)
{
    (void)state;
    struct pl_scratch scratch;
    char path[PL_FILE_PATH_MAX];
    char made[PL_SCRATCH_PATH_SIZE + 16];
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    snprintf(made, sizeof made, "%s/made", scratch.path);
    assert_true(pl_process_find("touch", path, sizeof path));
    assert_true(pl_process_start(path, made));
    while (!pl_file_exists(made)) {
        pl_now_sleep_until(pl_now_monotonic_ns() + STEP_NS);
    }
    assert_int_equal(pl_scratch_remove(&scratch, NULL), PL_OK);
}

/* Goal: no thread and no handler keeps a process that wants to leave. */
static void a_process_leaves_at_once(void **state)
{
    (void)state;
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        (void)atexit(abort);
        pl_process_leave(7);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_is_found_in_the_path),
        cmocka_unit_test(a_program_is_started_and_left_alone),
        cmocka_unit_test(a_process_leaves_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
