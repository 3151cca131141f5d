// SPDX-License-Identifier: Apache-2.0
#include "server/uptime.h"

#include "os/file.h"
#include "os/now.h"
#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct pl_scratch scratch;
static struct pl_uptime_runs runs;

static int make(void **state)
{
    (void)state;
    return pl_scratch_make(&scratch, NULL) != PL_OK;
}

static int unmake(void **state)
{
    (void)state;
    return pl_scratch_remove(&scratch, NULL) != PL_OK;
}

static void write_record(const char *text)
{
    char path[PL_SCRATCH_PATH_SIZE + 20];
    (void)snprintf(path, sizeof path, "%s/uptime.txt", scratch.path);
    assert_int_equal(pl_file_save(path, pl_slice_of(text), NULL), PL_OK);
}

static void runs_are_remembered_over_restarts(void **state)
{
    (void)state;
    struct pl_uptime *uptime;
    int64_t begun_s = pl_now_wall_ns() / 1000000000;
    for (uint32_t i = 1; i <= 3; i++) {
        assert_int_equal(pl_uptime_open(&uptime, scratch.path, NULL), PL_OK);
        pl_uptime_read(uptime, &runs);
        assert_int_equal(runs.count, i);
        assert_true(runs.runs[i - 1].begin_s >= begun_s);
        assert_true(runs.runs[i - 1].last_s >= runs.runs[i - 1].begin_s);
        pl_uptime_close(uptime);
    }
}

static void the_oldest_run_makes_room(void **state)
{
    (void)state;
    struct pl_uptime *uptime;
    static char text[PL_UPTIME_RUNS_MAX * 32];
    int size = 0;
    for (int i = 0; i < PL_UPTIME_RUNS_MAX; i++) {
        size += snprintf(text + size, sizeof text - (size_t)size, "%d %d\n", 10 * i, 10 * i + 5);
    }
    write_record(text);
    assert_int_equal(pl_uptime_open(&uptime, scratch.path, NULL), PL_OK);
    pl_uptime_read(uptime, &runs);
    assert_int_equal(runs.count, PL_UPTIME_RUNS_MAX);
    assert_int_equal(runs.runs[0].begin_s, 10);
    pl_uptime_close(uptime);
}

static void a_record_that_is_none_is_told(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "x", "1", "1 2", "2 1\n", "1 5\n3 6\n", "1 2\n\n", "1  2 3\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct pl_uptime *uptime;
        pl_error err = {0};
        write_record(bad[i]);
        assert_int_equal(pl_uptime_open(&uptime, scratch.path, &err), PL_CORRUPT);
        assert_non_null(strstr(err.message, "uptime.txt"));
    }
}

static void a_share_counts_from_the_first_run(void **state)
{
    (void)state;
    struct pl_uptime_runs two = {.count = 2, .runs = {{1000, 1100}, {1150, 1200}}};
    assert_float_equal(pl_uptime_share(&two, 1200, 100000), 0.75, 1e-9);
    assert_float_equal(pl_uptime_share(&two, 1200, 100), 0.5, 1e-9);
    assert_float_equal(pl_uptime_share(&two, 1200, 20), 1.0, 1e-9);
    assert_float_equal(pl_uptime_share(&two, 1300, 100), 0.0, 1e-9);
    const struct pl_uptime_runs none = {0};
    assert_float_equal(pl_uptime_share(&none, 1300, 100), 1.0, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(runs_are_remembered_over_restarts, make, unmake),
        cmocka_unit_test_setup_teardown(the_oldest_run_makes_room, make, unmake),
        cmocka_unit_test_setup_teardown(a_record_that_is_none_is_told, make, unmake),
        cmocka_unit_test(a_share_counts_from_the_first_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
