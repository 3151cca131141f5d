// SPDX-License-Identifier: Apache-2.0
#include "os/spool.h"

#include "os/beside.h"
#include "os/mutex.h"
#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void what_was_put_is_read_anywhere(void **state)
{
    (void)state;
    struct pl_scratch scratch;
    struct pl_spool spool = {0};
    char bytes[8] = {0};
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    assert_int_equal(pl_spool_open(&spool, scratch.path, NULL, NULL), PL_OK);
    assert_int_equal(pl_spool_put(&spool, pl_slice_of("one "), NULL), PL_OK);
    assert_int_equal(pl_spool_put(&spool, pl_slice_of("two"), NULL), PL_OK);
    assert_int_equal(spool.size, 7);
    assert_int_equal(pl_spool_get(&spool, 4, 3, bytes, NULL), PL_OK);
    assert_string_equal(bytes, "two");
    const pl_slice texts[] = {pl_slice_of("th"), pl_slice_of(""), pl_slice_of("re"), {"e!", 1}};
    assert_int_equal(pl_spool_put_all(&spool, texts, 4, NULL), PL_OK);
    assert_int_equal(spool.size, 12);
    assert_int_equal(pl_spool_get(&spool, 5, 7, bytes, NULL), PL_OK);
    assert_string_equal(bytes, "wothree");
    pl_spool_close(&spool);
    pl_spool_close(&spool);
    assert_int_equal(pl_spool_open(&spool, scratch.path, NULL, NULL), PL_OK);
    assert_int_equal(spool.size, 0);
    pl_spool_close(&spool);
    assert_int_equal(pl_scratch_remove(&scratch, NULL), PL_OK);
}

enum { LINES = 5000, LINE = 40 };

static void put_line(char line[LINE + 1], int number)
{
    snprintf(line, LINE + 1, "%-39d\n", number);
}

static void expect_lines(const struct pl_spool *spool, int count)
{
    char line[LINE + 1];
    static char bytes[LINES * LINE];
    assert_int_equal(pl_spool_get(spool, 0, (size_t)count * LINE, bytes, NULL), PL_OK);
    for (int i = 0; i < count; i++) {
        put_line(line, i);
        assert_memory_equal(bytes + (size_t)i * LINE, line, LINE);
    }
}

/* A writer that stands still until its mutex is free. */
static void write_late(void *context, void *item)
{
    struct pl_mutex *gate = context;
    pl_mutex_lock(gate);
    pl_mutex_unlock(gate);
    pl_spool_write(NULL, item);
}

/* Goal: putting waits for no writer, and all is read whether it is written already or not. */
static void a_writer_that_stands_still_makes_nobody_wait(void **state)
{
    (void)state;
    struct pl_scratch scratch;
    struct pl_spool spool = {0};
    struct pl_beside *writer = NULL;
    struct pl_mutex *gate = pl_mutex_new();
    char line[LINE + 1];
    const struct pl_beside_work work = {.context = gate, .take = write_late};
    assert_non_null(gate);
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    assert_int_equal(pl_beside_start(&writer, &work, NULL), PL_OK);
    assert_int_equal(pl_spool_open(&spool, scratch.path, writer, NULL), PL_OK);
    pl_mutex_lock(gate);
    for (int i = 0; i < LINES; i++) {
        put_line(line, i);
        assert_int_equal(pl_spool_put(&spool, pl_slice_of(line), NULL), PL_OK);
    }
    expect_lines(&spool, LINES);
    pl_mutex_unlock(gate);
    assert_true(pl_beside_wait(writer, 10000));
    put_line(line, 0);
    assert_int_equal(pl_spool_put(&spool, pl_slice_of(line), NULL), PL_OK); /* forgets blocks */
    expect_lines(&spool, LINES);
    pl_spool_close(&spool);
    pl_beside_end(writer);
    pl_mutex_free(gate);
    assert_int_equal(pl_scratch_remove(&scratch, NULL), PL_OK);
}

/* Goal: a spool may be closed while its blocks wait, and then nothing is written to other files. */
static void a_spool_is_closed_before_it_was_written(void **state)
{
    (void)state;
    struct pl_scratch scratch;
    struct pl_spool spools[2] = {{0}, {0}};
    struct pl_beside *writer = NULL;
    struct pl_mutex *gate = pl_mutex_new();
    static char text[3 * PL_SPOOL_BLOCK + 1];
    char byte = 0;
    const struct pl_beside_work work = {.context = gate, .take = write_late};
    assert_non_null(gate);
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    assert_int_equal(pl_beside_start(&writer, &work, NULL), PL_OK);
    for (int round = 0; round < 2; round++) {
        struct pl_spool *spool = &spools[round];
        memset(text, 'a' + round, sizeof text - 1);
        assert_int_equal(pl_spool_open(spool, scratch.path, writer, NULL), PL_OK);
        pl_mutex_lock(gate);
        assert_int_equal(pl_spool_put(spool, pl_slice_of(text), NULL), PL_OK);
        assert_int_equal(pl_spool_put(spool, pl_slice_of("end"), NULL), PL_OK);
        if (round == 0) {
            pl_spool_close(spool);
        }
        pl_mutex_unlock(gate);
    }
    assert_true(pl_beside_wait(writer, 10000));
    assert_int_equal(pl_spool_get(&spools[1], 0, 1, &byte, NULL), PL_OK);
    assert_int_equal(byte, 'b');
    pl_spool_close(&spools[1]);
    pl_beside_end(writer);
    pl_mutex_free(gate);
    assert_int_equal(pl_scratch_remove(&scratch, NULL), PL_OK);
}

static void a_missing_directory_is_told(void **state)
{
    (void)state;
    struct pl_spool spool = {0};
    pl_error err = {0};
    assert_int_equal(pl_spool_open(&spool, "/nowhere/at/all", NULL, &err), PL_NOT_FOUND);
    assert_true(err.message[0] != '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_read_anywhere),
        cmocka_unit_test(a_writer_that_stands_still_makes_nobody_wait),
        cmocka_unit_test(a_spool_is_closed_before_it_was_written),
        cmocka_unit_test(a_missing_directory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
