// SPDX-License-Identifier: Apache-2.0
#include "store/trail.h"

#include "os/file.h"
#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_scratch scratch;
static char path[PL_SCRATCH_PATH_SIZE + 32];

static int set_up(void **state)
{
    (void)state;
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    snprintf(path, sizeof path, "%s/audit.ndjson", scratch.path);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return pl_scratch_remove(&scratch, NULL) == PL_OK ? 0 : 1;
}

static void put(struct pl_trail *trail, const char *what, const char *of)
{
    const struct pl_trail_event event = {
        .who = "ada", .what = what, .of = of, .from = "192.0.2.7", .good = true};
    pl_trail_put(trail, &event);
}

/* Write two events in two runs. */
static void write_two(void)
{
    struct pl_trail *trail = NULL;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pl_trail_open(&trail, scratch.path, NULL), PL_OK);
        put(trail, "sign_in", "one\r\n{\"seq\":9} \x1b[31m \xc3\xa4");
        pl_trail_close(trail);
    }
}

static void count_visit(void *context, int64_t seq, pl_slice line)
{
    int64_t *last = context;
    assert_int_equal(seq, *last + 1);
    *last = seq;
    assert_null(memchr(line.data, '\n', line.size));
    assert_null(memchr(line.data, '\x1b', line.size));
}

/* Goal: events of several runs are one chain, and no text of a client makes a line. */
static void events_are_chained(void **state)
{
    (void)state;
    struct pl_trail_sum sum;
    int64_t last = 0;
    assert_int_equal(pl_trail_read(scratch.path, NULL, NULL, &sum, NULL), PL_OK);
    assert_int_equal(sum.count, 0);
    write_two();
    assert_int_equal(pl_trail_read(scratch.path, count_visit, &last, &sum, NULL), PL_OK);
    assert_int_equal(last, 2);
    assert_int_equal(sum.count, 2);
    assert_false(sum.torn);
}

/* Goal: any byte that is changed shows, with the event; a gap too. */
static void a_change_shows(void **state)
{
    (void)state;
    struct pl_trail *trail = NULL;
    struct pl_trail_sum sum;
    pl_slice text;
    pl_error err = {0};
    write_two();
    assert_int_equal(pl_file_load(path, 1 << 20, &text, NULL), PL_OK);
    char *changed = malloc(text.size + 1);
    assert_non_null(changed);
    for (size_t i = 0; i + 1 < text.size; i += 7) {
        memcpy(changed, text.data, text.size);
        changed[i] = (char)(changed[i] ^ 1);
        assert_int_equal(pl_file_save(path, (pl_slice){changed, text.size}, NULL), PL_OK);
        assert_int_equal(pl_trail_read(scratch.path, NULL, NULL, &sum, NULL), PL_CORRUPT);
    }
    const char *second = strchr(text.data, '\n') + 1;
    assert_int_equal(pl_file_save(path, pl_slice_of(second), NULL), PL_OK);
    assert_int_equal(pl_trail_open(&trail, scratch.path, &err), PL_CORRUPT);
    assert_non_null(strstr(err.message, "event 1"));
    free(changed);
    free((void *)(uintptr_t)text.data);
}

/* Goal: a line that a crash has cut off is given up, and the chain goes on. */
static void a_torn_line_is_given_up(void **state)
{
    (void)state;
    struct pl_trail *trail = NULL;
    struct pl_trail_sum sum;
    pl_slice text;
    write_two();
    assert_int_equal(pl_file_load(path, 1 << 20, &text, NULL), PL_OK);
    assert_int_equal(pl_file_save(path, (pl_slice){text.data, text.size - 9}, NULL), PL_OK);
    assert_int_equal(pl_trail_read(scratch.path, NULL, NULL, &sum, NULL), PL_OK);
    assert_true(sum.torn);
    assert_int_equal(sum.count, 1);
    assert_int_equal(pl_trail_open(&trail, scratch.path, NULL), PL_OK);
    put(trail, "sign_out", NULL);
    pl_trail_close(trail);
    assert_int_equal(pl_trail_read(scratch.path, NULL, NULL, &sum, NULL), PL_OK);
    assert_int_equal(sum.count, 2);
    assert_false(sum.torn);
    free((void *)(uintptr_t)text.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(events_are_chained, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_change_shows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_torn_line_is_given_up, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
