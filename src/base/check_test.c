// SPDX-License-Identifier: Apache-2.0
//
// A failed check must end the process by SIGABRT and name the place; a true one must do nothing.
#include "base/check.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void true_condition_does_nothing(void **state)
{
    (void)state;
    int evaluations = 0;
    PL_CHECK(++evaluations == 1);
    PL_DCHECK(evaluations == 1);
    assert_int_equal(evaluations, 1);
}

static void false_condition_prints_place_and_aborts(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        (void)signal(SIGABRT, SIG_DFL);
        pl_check_failed("queue.c", 17, "count < limit");
    }
    (void)close(ends[1]);
    char text[200] = {0};
    size_t size = 0;
    ssize_t got;
    while ((got = read(ends[0], text + size, sizeof text - 1 - size)) > 0) {
        size += (size_t)got;
    }
    (void)close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_string_equal(text, "queue.c:17: check failed: count < limit\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(true_condition_does_nothing),
        cmocka_unit_test(false_condition_prints_place_and_aborts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
