// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE /* SCHED_IDLE */
#include "os/child.h"

#include "os/now.h"

#include <sched.h>
#include <sys/resource.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    ECHO,
    SLEEP,
    END,
    POLICY,
    LONG_SIZE = 300000,
    SOON_MS = 60000,
    HELD_SIZE = 16 * 1024 * 1024,
    PAGE_SIZE = 4096
};

#define LONG_TIME_NS  (INT64_C(3600) * 1000 * 1000 * 1000)
#define SHORT_TIME_NS (INT64_C(1000) * 1000 * 1000)

/* What this program does as a child: tell back what it is told. */
static int echo(void)
{
    struct pl_child *parent = pl_child_self();
    struct pl_child_message message;
    while (pl_child_receive(parent, PL_CHILD_FOREVER, &message) == PL_CHILD_MESSAGE) {
        if (message.kind == END) {
            break;
        }
        if (message.kind == SLEEP) {
            pl_now_sleep_until(pl_now_monotonic_ns() + LONG_TIME_NS);
        }
        if (message.kind == POLICY) {
            message.data = pl_slice_of(sched_getscheduler(0) == SCHED_IDLE ? "idle" : "other");
        }
        (void)pl_child_send(parent, message.kind, message.data);
    }
    pl_child_end(parent);
    return 0;
}

static void messages_go_both_ways_whole(void **state)
{
    (void)state;
    struct pl_child *child = NULL;
    struct pl_child_message message;
    char *text = malloc(LONG_SIZE);
    assert_non_null(text);
    memset(text, 'x', LONG_SIZE);
    assert_int_equal(pl_child_start(&child, "echo", 19, NULL), PL_OK);
    const pl_slice texts[] = {{NULL, 0}, pl_slice_of("a"), {text, LONG_SIZE}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_true(pl_child_send(child, ECHO, texts[i]));
        assert_int_equal(pl_child_receive(child, SOON_MS, &message), PL_CHILD_MESSAGE);
        assert_int_equal(message.kind, ECHO);
        assert_true(pl_slice_equal(message.data, texts[i]));
    }
    pl_child_end(child);
    free(text);
}

static void the_last_step_runs_only_when_nobody_else_would(void **state)
{
    (void)state;
    static const struct {
        int steps;
        const char *policy;
    } cases[] = {{0, "other"}, {18, "other"}, {19, "idle"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pl_child *child = NULL;
        struct pl_child_message message;
        assert_int_equal(pl_child_start(&child, "echo", cases[i].steps, NULL), PL_OK);
        assert_true(pl_child_send(child, POLICY, pl_slice_of("")));
        assert_int_equal(pl_child_receive(child, SOON_MS, &message), PL_CHILD_MESSAGE);
        assert_true(pl_slice_equal(message.data, pl_slice_of(cases[i].policy)));
        pl_child_end(child);
    }
}

/* Goal: nothing that a child does keeps its parent waiting. */
static void a_busy_child_ends_at_once(void **state)
{
    (void)state;
    struct pl_child *child = NULL;
    struct pl_child_message message;
    assert_int_equal(pl_child_start(&child, "echo", 0, NULL), PL_OK);
    assert_true(pl_child_send(child, SLEEP, pl_slice_of("")));
    assert_int_equal(pl_child_receive(child, 50, &message), PL_CHILD_NOTHING);
    int64_t start_ns = pl_now_monotonic_ns();
    pl_child_end(child);
    assert_true(pl_now_monotonic_ns() - start_ns < SHORT_TIME_NS);
}

static void a_child_that_ended_is_told(void **state)
{
    (void)state;
    struct pl_child *child = NULL;
    struct pl_child_message message;
    assert_int_equal(pl_child_start(&child, "echo", 0, NULL), PL_OK);
    assert_true(pl_child_send(child, END, pl_slice_of("")));
    assert_int_equal(pl_child_receive(child, SOON_MS, &message), PL_CHILD_GONE);
    assert_int_equal(pl_child_receive(child, SOON_MS, &message), PL_CHILD_GONE);
    while (pl_child_send(child, ECHO, pl_slice_of("nobody listens"))) {
    }
    pl_child_end(child);
}

static long minor_faults(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_minflt;
}

/* Goal: a server that holds much goes on at once; a forked one copies each page that it changes. */
static void a_start_costs_the_parent_no_page(void **state)
{
    (void)state;
    struct pl_child *child = NULL;
    char *memory = malloc(HELD_SIZE);
    assert_non_null(memory);
    memset(memory, 'a', HELD_SIZE);
    assert_int_equal(pl_child_start(&child, "echo", 19, NULL), PL_OK);
    long before = minor_faults();
    memset(memory, 'b', HELD_SIZE);
    assert_true(minor_faults() - before < HELD_SIZE / PAGE_SIZE / 8);
    pl_child_end(child);
    free(memory);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_start_costs_the_parent_no_page),
        cmocka_unit_test(messages_go_both_ways_whole),
        cmocka_unit_test(the_last_step_runs_only_when_nobody_else_would),
        cmocka_unit_test(a_busy_child_ends_at_once),
        cmocka_unit_test(a_child_that_ended_is_told),
    };
    if (argc > 1 && strcmp(argv[1], "echo") == 0) {
        return echo();
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
