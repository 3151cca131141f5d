// SPDX-License-Identifier: Apache-2.0
//
// Opening what should not be opened: foreign, newer, emptied and unwritable stores each
// give a sentence, and never a new empty store in silence.
#include "store/sqlite/sqlite_file.h"

#include "os/scratch.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct pl_scratch scratch;
static struct pl_sqlite_file *file;

static int set_up(void **state)
{
    (void)state;
    return pl_scratch_make(&scratch, NULL) != PL_OK;
}

static int tear_down(void **state)
{
    (void)state;
    return pl_scratch_remove(&scratch, NULL) != PL_OK;
}

static void assert_refused(const char *directory, pl_status status, const char *part)
{
    pl_error err = {0};
    assert_int_equal(pl_sqlite_file_open(&file, directory, &err), status);
    assert_null(file);
    if (strstr(err.message, part) == NULL) {
        fail_msg("no '%s' in: %s", part, err.message);
    }
}

static const char *database_path(void)
{
    static char path[PL_SCRATCH_PATH_SIZE + 32];
    (void)snprintf(path, sizeof path, "%s/%s", scratch.path, PL_SQLITE_FILE_NAME);
    return path;
}

static void execute_raw(const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(database_path(), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void a_new_store_opens_again(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pl_sqlite_file_open(&file, scratch.path, NULL), PL_OK);
        pl_sqlite_file_close(file);
    }
    /* Closing has written the WAL back. */
    struct stat information;
    char path[PL_SCRATCH_PATH_SIZE + 64];
    (void)snprintf(path, sizeof path, "%s-wal", database_path());
    assert_int_not_equal(stat(path, &information), 0);
}

static void a_newer_store_is_refused(void **state)
{
    (void)state;
    assert_int_equal(pl_sqlite_file_open(&file, scratch.path, NULL), PL_OK);
    pl_sqlite_file_close(file);
    execute_raw("PRAGMA user_version = 2");
    assert_refused(scratch.path,
                   PL_UNSUPPORTED,
                   "has version 2, but this program knows versions up "
                   "to 1; use a newer program");
}

static void a_foreign_database_is_refused(void **state)
{
    (void)state;
    execute_raw("CREATE TABLE t(x)");
    assert_refused(scratch.path, PL_UNSUPPORTED, "a database of another program");
}

static void a_file_that_is_no_database_is_refused(void **state)
{
    (void)state;
    FILE *stream = fopen(database_path(), "w");
    assert_non_null(stream);
    for (int i = 0; i < 1000; i++) {
        (void)fputs("not a database\n", stream);
    }
    assert_int_equal(fclose(stream), 0);
    assert_refused(scratch.path, PL_CORRUPT, "is damaged");
}

static void an_emptied_store_is_not_taken_for_a_new_one(void **state)
{
    (void)state;
    assert_int_equal(pl_sqlite_file_open(&file, scratch.path, NULL), PL_OK);
    pl_sqlite_file_close(file);
    assert_int_equal(truncate(database_path(), 0), 0);
    assert_refused(scratch.path, PL_CORRUPT, "is empty, but sessions were kept in it");
    assert_int_equal(unlink(database_path()), 0);
    assert_int_equal(pl_sqlite_file_open(&file, scratch.path, NULL), PL_OK);
    pl_sqlite_file_close(file);
}

static void places_that_cannot_be_written_are_named(void **state)
{
    (void)state;
    assert_refused("/dev/null/store", PL_IO, "cannot create the directory");
    char longest[PL_FILE_PATH_MAX + 1];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_refused(longest, PL_IO, "File name too long");
    assert_int_equal(chmod(scratch.path, 0555), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        /* Root may write anywhere, so the test becomes somebody else. */
        if (geteuid() == 0 && setuid(65534) != 0) {
            _exit(77);
        }
        pl_error err = {0};
        pl_status status = pl_sqlite_file_open(&file, scratch.path, &err);
        _exit(status == PL_IO && strstr(err.message, "Permission denied") != NULL ? 0 : 1);
    }
    int ended = 0;
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_int_equal(chmod(scratch.path, 0755), 0);
    assert_true(WIFEXITED(ended));
    assert_int_equal(WEXITSTATUS(ended), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_store_opens_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_newer_store_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_foreign_database_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_is_no_database_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            an_emptied_store_is_not_taken_for_a_new_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(places_that_cannot_be_written_are_named, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
