// SPDX-License-Identifier: Apache-2.0
//
// The log of a busy store has its full size, is used again, and loses nothing on the way.
#include "store/sqlite/sqlite_wal.h"

#include "os/scratch.h"

#include <stdio.h>
#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct pl_scratch scratch;
static struct pl_sqlite_file *file;

static int set_up(void **state)
{
    (void)state;
    return pl_scratch_make(&scratch, NULL) != PL_OK ||
           pl_sqlite_file_open(&file, scratch.path, NULL) != PL_OK;
}

static int tear_down(void **state)
{
    (void)state;
    pl_sqlite_file_close(file);
    return pl_scratch_remove(&scratch, NULL) != PL_OK;
}

static int64_t log_size(void)
{
    char path[PL_SQLITE_PATH_SIZE];
    struct stat state;
    pl_sqlite_file_path(path, file, PL_SQLITE_FILE_NAME "-wal");
    return stat(path, &state) == 0 ? (int64_t)state.st_size : -1;
}

static void run(const char *sql)
{
    assert_int_equal(pl_sqlite_file_execute(file, sql, "test", NULL), PL_OK);
}

/* A transaction of about `pages` pages; then what a writer does. */
static void write_pages(int pages, bool waiting)
{
    char sql[160];
    (void)snprintf(sql,
                   sizeof sql,
                   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                   " INSERT INTO filler SELECT randomblob(4000) FROM n",
                   pages);
    run(sql);
    pl_sqlite_wal_rest(file, waiting);
}

static int64_t count_rows(void)
{
    sqlite3_stmt *statement;
    assert_int_equal(
        pl_sqlite_file_prepare(file, "SELECT count(*) FROM filler", &statement, "test", NULL),
        PL_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t count = sqlite3_column_int64(statement, 0);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    return count;
}

static void a_busy_log_is_filled_once_and_used_again(void **state)
{
    (void)state;
    run("CREATE TABLE filler(bytes BLOB)");
    pl_sqlite_wal_own(file);
    write_pages(4, false);
    assert_true(log_size() < 1024 * 1024); /* a store that is hardly written stays small */
    write_pages(PL_SQLITE_WAL_BUSY, true);
    assert_int_equal(log_size(), PL_SQLITE_WAL_SIZE);
    int64_t rows = 4 + PL_SQLITE_WAL_BUSY;
    int begun = 0;
    for (int i = 0; i < 40; i++) {
        int before = file->wal_frames;
        write_pages(400, i % 2 == 0);
        rows += 400;
        begun += file->wal_frames < before ? 1 : 0;
        assert_true(file->wal_frames <= PL_SQLITE_WAL_HARD + 500);
    }
    assert_true(begun >= 2);
    assert_int_equal(log_size(), PL_SQLITE_WAL_SIZE);
    assert_int_equal(count_rows(), rows);
    /* What another process finds after this one was killed: its copy of both files. */
    struct pl_sqlite_file *kept = file;
    assert_int_equal(pl_sqlite_file_open(&file, scratch.path, NULL), PL_OK);
    assert_int_equal(count_rows(), rows);
    pl_sqlite_file_close(file);
    file = kept;
}

static void who_waits_is_not_kept_waiting_for_a_checkpoint(void **state)
{
    (void)state;
    run("CREATE TABLE filler(bytes BLOB)");
    pl_sqlite_wal_own(file);
    while (file->wal_frames < PL_SQLITE_WAL_SOFT) {
        write_pages(400, true);
    }
    assert_int_equal(file->wal_tried, 0);
    write_pages(1, true);
    assert_int_equal(file->wal_tried, 0);
    write_pages(1, false);
    assert_true(file->wal_tried > 0);
    write_pages(1, false);
    assert_true(file->wal_frames < PL_SQLITE_WAL_SOFT);
}

/* Goal: while a reader stands in the way the log grows, and checkpoints are not tried each time. */
static void a_reader_in_the_way_costs_no_checkpoint_per_transaction(void **state)
{
    (void)state;
    struct pl_sqlite_file *writer = file;
    struct pl_sqlite_file *reader = NULL;
    run("CREATE TABLE filler(bytes BLOB)");
    pl_sqlite_wal_own(writer);
    write_pages(10, false);
    assert_int_equal(pl_sqlite_file_open(&reader, scratch.path, NULL), PL_OK);
    file = reader;
    run("BEGIN");
    assert_int_equal(count_rows(), 10);
    file = writer;
    while (writer->wal_frames < PL_SQLITE_WAL_SOFT) {
        write_pages(400, false);
    }
    int tried = writer->wal_tried;
    assert_true(tried > 0);
    write_pages(10, false);
    assert_int_equal(writer->wal_tried, tried);
    write_pages(PL_SQLITE_WAL_AGAIN, false);
    assert_true(writer->wal_tried > tried);
    file = reader;
    assert_int_equal(count_rows(), 10); /* what it saw first */
    run("COMMIT");
    pl_sqlite_file_close(reader);
    file = writer;
    write_pages(PL_SQLITE_WAL_AGAIN, false);
    write_pages(1, false);
    assert_true(writer->wal_frames < PL_SQLITE_WAL_SOFT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_busy_log_is_filled_once_and_used_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            who_waits_is_not_kept_waiting_for_a_checkpoint, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_reader_in_the_way_costs_no_checkpoint_per_transaction, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
