// SPDX-License-Identifier: Apache-2.0
//
// Reading side of the evidence log: finding, listing, verification of what lies on disk.
#include "store/store.h"

#include "store/log.h"
#include "support/stores.h"

#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A session with entries 1..count; its id is copied. */
static void write_session(int64_t count, const char *created_at, char id[PL_STORE_ID_SIZE])
{
    struct pl_store *store = stores_open();
    struct pl_store_session session = stores_session();
    (void)snprintf(session.created_at, sizeof session.created_at, "%s", created_at);
    struct pl_store_log *log;
    assert_int_equal(pl_store_log_create(store, &session, &log, NULL), PL_OK);
    for (int64_t i = 1; i <= count; i++) {
        stores_append(log, i);
    }
    memcpy(id, session.id, PL_STORE_ID_SIZE);
    pl_store_log_close(log);
    pl_store_close(store);
}

/* Change the database behind the store's back, as damage or a cheat would. */
static void tamper(const char *format, const char *id)
{
    char path[PL_SCRATCH_PATH_SIZE + 32];
    (void)snprintf(path, sizeof path, "%s/plumbline.db", stores_scratch.path);
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "DROP TRIGGER entries_are_never_changed;"
                                  "DROP TRIGGER entries_are_never_deleted",
                                  NULL,
                                  NULL,
                                  NULL),
                     SQLITE_OK);
    char *sql = sqlite3_mprintf(format, id);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_free(sql);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    char id[PL_STORE_ID_SIZE];
    write_session(20, "2026-11-21T22:04:27Z", id);
    struct pl_store *store = stores_open();
    struct pl_store_session session;
    assert_int_equal(pl_store_find(store, id, &session, NULL), PL_OK);
    struct pl_store_session expected = stores_session();
    memcpy(expected.id, id, PL_STORE_ID_SIZE);
    expected.entry_count = 20;
    assert_string_equal(session.scenario, expected.scenario);
    assert_string_equal(session.pack_hash, expected.pack_hash);
    assert_string_equal(session.engine, expected.engine);
    assert_string_equal(session.clock, expected.clock);
    assert_string_equal(session.created_at, expected.created_at);
    assert_int_equal(session.seed, 42);
    assert_int_equal(session.state, PL_STORE_SESSION_OPEN);
    assert_int_equal(session.entry_count, 20);
    int64_t count = 0;
    assert_int_equal(pl_store_read(store, id, stores_check_entry, &count, NULL), PL_OK);
    assert_int_equal(count, 20);
    assert_int_equal(pl_store_read(store, id, NULL, NULL, NULL), PL_OK);
    pl_store_close(store);
}

static void a_session_is_found_by_its_beginning(void **state)
{
    (void)state;
    char id[PL_STORE_ID_SIZE];
    write_session(0, "2026-11-21T22:04:27Z", id);
    struct pl_store *store = stores_open();
    struct pl_store_session session;
    char prefix[PL_STORE_ID_SIZE];
    memcpy(prefix, id, PL_STORE_ID_SIZE);
    prefix[8] = '\0';
    assert_int_equal(pl_store_find(store, prefix, &session, NULL), PL_OK);
    assert_string_equal(session.id, id);
    static const char *const unknown[] = {
        "", "ab", "zzzz", "%", "____", "0123456789abcdef0", "\x1b["};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        pl_error err = {0};
        assert_int_equal(pl_store_find(store, unknown[i], &session, &err), PL_NOT_FOUND);
        assert_null(strchr(err.message, '\x1b'));
        assert_int_equal(pl_store_read(store, unknown[i], NULL, NULL, NULL), PL_NOT_FOUND);
    }
    pl_store_close(store);
}

static pl_status note_time(void *context, const struct pl_store_session *session, pl_error *err)
{
    (void)err;
    pl_buf_printf(context, "%s ", session->created_at);
    return PL_OK;
}

static pl_status refuse(void *context, const struct pl_store_session *session, pl_error *err)
{
    (*(int *)context)++;
    return pl_fail(err, PL_CONFLICT, NULL, "no %s", session->id);
}

static void sessions_are_listed_newest_first(void **state)
{
    (void)state;
    char id[PL_STORE_ID_SIZE];
    write_session(1, "2026-01-02T00:00:00Z", id);
    write_session(1, "2026-01-03T00:00:00Z", id);
    write_session(1, "2026-01-01T00:00:00Z", id);
    char text[200];
    struct pl_buf buf;
    pl_buf_init(&buf, text, sizeof text);
    struct pl_store *store = stores_open();
    assert_int_equal(pl_store_list(store, note_time, &buf, NULL), PL_OK);
    assert_string_equal(text, "2026-01-03T00:00:00Z 2026-01-02T00:00:00Z 2026-01-01T00:00:00Z ");
    int calls = 0;
    pl_error err = {0};
    assert_int_equal(pl_store_list(store, refuse, &calls, &err), PL_CONFLICT);
    assert_int_equal(calls, 1);
    pl_store_close(store);
}

static void damage_is_reported_with_its_entry(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        int64_t good;
        const char *part;
    } cases[] = {
        {"UPDATE entries SET body='{\"n\":99}' WHERE seq=7 AND session=%Q", 6, "entry 7"},
        {"UPDATE entries SET t_ns=0 WHERE seq=1 AND session=%Q", 0, "entry 1"},
        {"UPDATE entries SET kind='act' WHERE seq=12 AND session=%Q", 11, "entry 12"},
        {"UPDATE entries SET prev_hash=zeroblob(32) WHERE seq=3 AND session=%Q", 2, "entry 3"},
        {"UPDATE entries SET hash=zeroblob(32) WHERE seq=3 AND session=%Q", 2, "entry 3"},
        {"DELETE FROM entries WHERE seq=5 AND session=%Q", 4, "entry 5"},
        {"DELETE FROM entries WHERE seq=12 AND session=%Q", 11, "ends at entry 11, but 12 were"},
        {"UPDATE sessions SET seed=43 WHERE id=%Q", 0, "header"},
        {"UPDATE sessions SET scenario='x' WHERE id=%Q", 0, "header"},
        {"UPDATE sessions SET entry_count=13 WHERE id=%Q", 12, "ends at entry 12, but 13 were"},
        {"UPDATE sessions SET engine=printf('%%200s', '') WHERE id=%Q", 0, "is damaged"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(stores_set_up(NULL), 0);
        char id[PL_STORE_ID_SIZE];
        write_session(12, "2026-11-21T22:04:27Z", id);
        tamper(cases[i].sql, id);
        struct pl_store *store = stores_open();
        int64_t count = 0;
        pl_error err = {0};
        assert_int_equal(pl_store_read(store, id, stores_check_entry, &count, &err), PL_CORRUPT);
        assert_int_equal(count, cases[i].good);
        if (strstr(err.message, cases[i].part) == NULL) {
            fail_msg("no '%s' in: %s", cases[i].part, err.message);
        }
        struct pl_store_log *log;
        assert_int_equal(pl_store_log_resume(store, id, NULL, NULL, &log, NULL), PL_CORRUPT);
        assert_null(log);
        pl_store_close(store);
        assert_int_equal(stores_tear_down(NULL), 0);
    }
}

/* Open the store and verify a session; -1 when that fails, which has to be reported as damage. */
static int64_t verified_count(const char *id)
{
    struct pl_store *store;
    int64_t count = 0;
    pl_error err = {0};
    pl_status status = pl_store_open(&store, stores_scratch.path, &err);
    if (status == PL_OK) {
        status = pl_store_read(store, id, stores_check_entry, &count, &err);
        pl_store_close(store);
    }
    assert_true(status == PL_OK || status == PL_CORRUPT);
    return status == PL_OK ? count : -1;
}

static void a_truncated_store_is_damaged_or_whole(void **state)
{
    (void)state;
    char id[PL_STORE_ID_SIZE];
    write_session(300, "2026-11-21T22:04:27Z", id);
    char path[PL_SCRATCH_PATH_SIZE + 32];
    (void)snprintf(path, sizeof path, "%s/plumbline.db", stores_scratch.path);
    struct stat information;
    assert_int_equal(stat(path, &information), 0);
    assert_true(information.st_size > 50000);
    assert_int_equal(verified_count(id), 300);
    /* SQLite reads the missing end of the last page as zeros; then the entries decide. */
    for (off_t cut = 1; cut < 4096; cut += 315) {
        assert_int_equal(truncate(path, information.st_size - cut), 0);
        int64_t count = verified_count(id);
        assert_true(count == -1 || count == 300);
    }
    for (off_t size = information.st_size - 4096; size > 0; size -= 4096) {
        assert_int_equal(truncate(path, size), 0);
        assert_int_equal(verified_count(id), -1);
    }
    for (off_t size = 4095; size > 0; size /= 3) {
        assert_int_equal(truncate(path, size), 0);
        assert_int_equal(verified_count(id), -1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_written_is_read, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(
            a_session_is_found_by_its_beginning, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(
            sessions_are_listed_newest_first, stores_set_up, stores_tear_down),
        cmocka_unit_test(damage_is_reported_with_its_entry),
        cmocka_unit_test_setup_teardown(
            a_truncated_store_is_damaged_or_whole, stores_set_up, stores_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
