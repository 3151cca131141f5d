// SPDX-License-Identifier: Apache-2.0
//
// Files round-trip byte for byte; whatever is cut, changed or added is refused with its line and
// leaves nothing behind.
#include "store/ndjson.h"

#include "store/log.h"
#include "support/stores.h"

#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_SIZE = 1 << 16 };

static char text[TEXT_SIZE];
static struct pl_buf buf;

static pl_status collect(void *context, pl_slice bytes, pl_error *err)
{
    (void)err;
    assert_int_equal(bytes.data[bytes.size - 1], '\n');
    assert_ptr_equal(memchr(bytes.data, '\n', bytes.size), bytes.data + bytes.size - 1);
    pl_buf_put(context, bytes.data, bytes.size);
    return PL_OK;
}

/* Write a session of three entries and export it into `text`. */
static void export_session(char id[PL_STORE_ID_SIZE], bool is_finished)
{
    struct pl_store *store = stores_open();
    struct pl_store_session session = stores_session();
    struct pl_store_log *log;
    assert_int_equal(pl_store_log_create(store, &session, &log, NULL), PL_OK);
    for (int64_t i = 1; i <= 3; i++) {
        stores_append(log, i);
    }
    if (is_finished) {
        assert_int_equal(pl_store_log_finish(log, NULL), PL_OK);
    }
    pl_store_log_close(log);
    memcpy(id, session.id, PL_STORE_ID_SIZE);
    pl_buf_init(&buf, text, sizeof text);
    assert_int_equal(pl_store_export(store, id, collect, &buf, NULL), PL_OK);
    assert_false(buf.overflow);
    pl_store_close(store);
}

static pl_status import(pl_slice file, pl_error *err)
{
    struct pl_store *store = stores_open();
    struct pl_store_session session;
    pl_status status = pl_store_import(store, file, "s.ndjson", &session, err);
    pl_store_close(store);
    return status;
}

static pl_status count_session(void *context, const struct pl_store_session *session, pl_error *err)
{
    (void)session;
    (void)err;
    (*(int *)context)++;
    return PL_OK;
}

static int session_count(void)
{
    struct pl_store *store = stores_open();
    int count = 0;
    assert_int_equal(pl_store_list(store, count_session, &count, NULL), PL_OK);
    pl_store_close(store);
    return count;
}

/* Give up the store and go on with an empty one. */
static void start_anew(void)
{
    assert_int_equal(stores_tear_down(NULL), 0);
    assert_int_equal(stores_set_up(NULL), 0);
}

static void lines_have_the_documented_form(void **state)
{
    (void)state;
    char id[PL_STORE_ID_SIZE];
    export_session(id, false);
    char expected[400];
    (void)snprintf(
        expected,
        sizeof expected,
        "{\"plumbline\":\"session\",\"format\":1,\"session\":\"%s\",\"scenario\":\"every-"
        "query-is-slow\",\"pack_hash\":\"ab12\",\"engine\":\"0.1.0\",\"seed\":42,\"clock\":"
        "\"turn\",\"created_at\":\"2026-11-21T22:04:27Z\",\"state\":\"open\",\"entries\":3,"
        "\"head\":\"",
        id);
    assert_memory_equal(text, expected, strlen(expected));
    const char *second = strchr(text, '\n') + 1;
    static const char entry[] =
        "{\"seq\":1,\"t_ns\":1,\"kind\":\"look\",\"body\":{\"n\":1},\"hash\":\"";
    assert_memory_equal(second, entry, sizeof entry - 1);
}

static void export_and_import_round_trip(void **state)
{
    (void)state;
    for (int finished = 0; finished < 2; finished++) {
        char id[PL_STORE_ID_SIZE];
        export_session(id, finished == 1);
        char *first = strdup(text);
        assert_non_null(first);
        start_anew();
        pl_error err = {0};
        if (import(pl_slice_of(first), &err) != PL_OK) {
            fail_msg("%s", err.message);
        }
        struct pl_store *store = stores_open();
        pl_buf_clear(&buf);
        assert_int_equal(pl_store_export(store, id, collect, &buf, NULL), PL_OK);
        assert_string_equal(text, first);
        int64_t count = 0;
        assert_int_equal(pl_store_read(store, id, stores_check_entry, &count, NULL), PL_OK);
        assert_int_equal(count, 3);
        struct pl_store_log *log;
        pl_status status = pl_store_log_resume(store, id, NULL, NULL, &log, NULL);
        assert_int_equal(status, finished == 1 ? PL_CONFLICT : PL_OK);
        pl_store_log_close(log);
        pl_store_close(store);
        free(first);
        start_anew();
    }
}

static void a_session_without_entries_round_trips(void **state)
{
    (void)state;
    struct pl_store *store = stores_open();
    struct pl_store_session session = stores_session();
    (void)snprintf(
        session.scenario, sizeof session.scenario, "%s", "quote \" and \\ and caf\xc3\xa9");
    struct pl_store_log *log;
    assert_int_equal(pl_store_log_create(store, &session, &log, NULL), PL_OK);
    pl_store_log_close(log);
    pl_buf_init(&buf, text, sizeof text);
    assert_int_equal(pl_store_export(store, session.id, collect, &buf, NULL), PL_OK);
    pl_store_close(store);
    start_anew();
    assert_int_equal(import(pl_slice_of(text), NULL), PL_OK);
}

static void the_same_session_is_not_taken_twice(void **state)
{
    (void)state;
    char id[PL_STORE_ID_SIZE];
    export_session(id, false);
    pl_error err = {0};
    assert_int_equal(import(pl_slice_of(text), &err), PL_CONFLICT);
    assert_non_null(strstr(err.message, "is in the store already"));
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    char id[PL_STORE_ID_SIZE];
    export_session(id, false);
    start_anew();
    struct pl_store *store = stores_open();
    size_t step = 7;
    for (size_t size = 0; size < buf.size; size += size + step < buf.size ? step : 1) {
        pl_error err = {0};
        struct pl_store_session session;
        pl_status status = pl_store_import(store, (pl_slice){text, size}, "s", &session, &err);
        assert_int_equal(status, PL_CORRUPT);
        assert_non_null(strstr(err.message, "cut off"));
        assert_true(err.pos.line >= 1);
    }
    pl_store_close(store);
    assert_int_equal(session_count(), 0);
    assert_int_equal(import(pl_slice_of(text), NULL), PL_OK);
}

/* Replace the first `from` of the file by `to` of any size. */
static char *replaced(const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    char *copy = malloc(TEXT_SIZE);
    assert_non_null(copy);
    int size = snprintf(copy, TEXT_SIZE, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    assert_in_range(size, 1, TEXT_SIZE - 1);
    return copy;
}

static void every_change_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        const char *to;
        pl_status status;
        uint32_t line;
    } cases[] = {
        {"{\"plumbline\"", "{\"other\"", PL_BAD_INPUT, 1},
        {"\"format\":1", "\"format\":2", PL_UNSUPPORTED, 1},
        {"\"format\":1", "\"format\":\"1\"", PL_BAD_INPUT, 1},
        {"\"seed\":42", "\"seed\":43", PL_CORRUPT, 2},
        {"\"seed\":42", "\"seed\":-1", PL_BAD_INPUT, 1},
        {"\"seed\":42", "\"seed\": 42", PL_BAD_INPUT, 1},
        {"\"seed\":42", "\"seed\":42,\"more\":1", PL_BAD_INPUT, 1},
        {"\"state\":\"open\"", "\"state\":\"ajar\"", PL_BAD_INPUT, 1},
        {"\"entries\":3", "\"entries\":2", PL_CORRUPT, 1},
        {"\"entries\":3", "\"entries\":4", PL_CORRUPT, 4},
        {"\"head\":\"", "\"head\":\"0", PL_BAD_INPUT, 1},
        {"\"seq\":2", "\"seq\":3", PL_CORRUPT, 3},
        {"\"t_ns\":2", "\"t_ns\":5", PL_CORRUPT, 3},
        {"{\"n\":2}", "{\"n\":7}", PL_CORRUPT, 3},
        {"{\"n\":2}", "{\"n\":2 }", PL_CORRUPT, 3},
        {"{\"n\":2}", "{\"n\":2},\"x\":1", PL_BAD_INPUT, 3},
        {"{\"n\":2}", "", PL_BAD_INPUT, 3},
        {"{\"n\":2}", "{\"n\":2", PL_BAD_INPUT, 3},
        {"{\"seq\":2,", "{\"seq\":2, ", PL_BAD_INPUT, 3},
        {"{\"seq\":2,", "[", PL_BAD_INPUT, 3},
        {"{\"seq\":2,", "\n{\"seq\":2,", PL_BAD_INPUT, 3},
        {"\"hash\":\"", "\"hash\":\"00", PL_BAD_INPUT, 2},
    };
    char id[PL_STORE_ID_SIZE];
    export_session(id, false);
    start_anew();
    struct pl_store *store = stores_open();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *copy = replaced(cases[i].from, cases[i].to);
        pl_error err = {0};
        struct pl_store_session session;
        pl_status status = pl_store_import(store, pl_slice_of(copy), "s", &session, &err);
        if (status != cases[i].status || err.pos.line != cases[i].line) {
            fail_msg("%s -> %s: %u: %s", cases[i].from, cases[i].to, err.pos.line, err.message);
        }
        free(copy);
    }
    pl_store_close(store);
    pl_buf_puts(&buf, "{}\n");
    pl_error err = {0};
    assert_int_equal(import(pl_slice_of(text), &err), PL_BAD_INPUT);
    assert_int_equal(err.pos.line, 5);
    assert_int_equal(session_count(), 0);
}

static pl_status refuse_bytes(void *context, pl_slice bytes, pl_error *err)
{
    (void)context;
    (void)bytes;
    return pl_fail(err, PL_IO, NULL, "the pipe is closed");
}

static void an_export_ends_when_its_sink_does(void **state)
{
    (void)state;
    char id[PL_STORE_ID_SIZE];
    export_session(id, false);
    struct pl_store *store = stores_open();
    pl_error err = {0};
    assert_int_equal(pl_store_export(store, id, refuse_bytes, NULL, &err), PL_IO);
    assert_string_equal(err.message, "the pipe is closed");
    assert_int_equal(pl_store_export(store, "abcd", collect, &buf, NULL), PL_NOT_FOUND);
    pl_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            lines_have_the_documented_form, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(
            export_and_import_round_trip, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(
            a_session_without_entries_round_trips, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(
            the_same_session_is_not_taken_twice, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(
            every_truncation_is_refused, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(
            every_change_is_refused_with_its_line, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(
            an_export_ends_when_its_sink_does, stores_set_up, stores_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
