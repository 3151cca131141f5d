// SPDX-License-Identifier: Apache-2.0
//
// Writing side of the evidence log: order, exclusion, and that nothing acknowledged is ever lost,
// not by kill -9 and not by a full disk.
#include "store/log.h"

#include "base/random.h"
#include "os/now.h"
#include "support/stores.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { KILL_COUNT = 50, PROCESS_COUNT = 6 };

static struct pl_store_log *create_log(struct pl_store *store, char id[PL_STORE_ID_SIZE])
{
    struct pl_store_session session = stores_session();
    struct pl_store_log *log;
    pl_error err = {0};
    if (pl_store_log_create(store, &session, &log, &err) != PL_OK) {
        fail_msg("%s", err.message);
    }
    memcpy(id, session.id, PL_STORE_ID_SIZE);
    return log;
}

static void a_resumed_log_goes_on(void **state)
{
    (void)state;
    char id[PL_STORE_ID_SIZE];
    struct pl_store *store = stores_open();
    struct pl_store_log *log = create_log(store, id);
    assert_int_equal(pl_store_log_count(log), 0);
    stores_append(log, 1);
    stores_append(log, 2);
    pl_store_log_close(log);
    int64_t count = 0;
    assert_int_equal(pl_store_log_resume(store, id, stores_check_entry, &count, &log, NULL), PL_OK);
    assert_int_equal(count, 2);
    assert_int_equal(pl_store_log_count(log), 2);
    stores_append(log, 3);
    pl_store_log_close(log);
    count = 0;
    assert_int_equal(pl_store_read(store, id, stores_check_entry, &count, NULL), PL_OK);
    assert_int_equal(count, 3);
    pl_store_close(store);
}

static void a_session_has_one_player(void **state)
{
    (void)state;
    char id[PL_STORE_ID_SIZE];
    struct pl_store *store = stores_open();
    struct pl_store *other_store = stores_open();
    struct pl_store_log *log = create_log(store, id);
    stores_append(log, 1);
    struct pl_store_log *other;
    pl_error err = {0};
    pl_status status = pl_store_log_resume(other_store, id, NULL, NULL, &other, &err);
    assert_int_equal(status, PL_CONFLICT);
    assert_null(other);
    assert_non_null(strstr(err.message, "is being played by another process"));
    /* Reading and playing another session go on. */
    int64_t count = 0;
    assert_int_equal(pl_store_read(other_store, id, stores_check_entry, &count, NULL), PL_OK);
    assert_int_equal(count, 1);
    char other_id[PL_STORE_ID_SIZE];
    other = create_log(other_store, other_id);
    stores_append(other, 1);
    stores_append(log, 2);
    pl_store_log_close(log);
    pl_store_log_close(other);
    assert_int_equal(pl_store_log_resume(other_store, id, NULL, NULL, &log, NULL), PL_OK);
    pl_store_log_close(log);
    pl_store_close(store);
    pl_store_close(other_store);
}

static void a_finished_session_is_never_played_again(void **state)
{
    (void)state;
    char id[PL_STORE_ID_SIZE];
    struct pl_store *store = stores_open();
    struct pl_store_log *log = create_log(store, id);
    stores_append(log, 1);
    assert_int_equal(pl_store_log_finish(log, NULL), PL_OK);
    pl_store_log_close(log);
    pl_error err = {0};
    assert_int_equal(pl_store_log_resume(store, id, NULL, NULL, &log, &err), PL_CONFLICT);
    assert_non_null(strstr(err.message, "is closed; it can be replayed, not played"));
    int64_t count = 0;
    assert_int_equal(pl_store_read(store, id, stores_check_entry, &count, NULL), PL_OK);
    assert_int_equal(count, 1);
    struct pl_store_session session;
    assert_int_equal(pl_store_find(store, id, &session, NULL), PL_OK);
    assert_int_equal(session.state, PL_STORE_SESSION_CLOSED);
    assert_int_equal(pl_store_log_resume(store, "ffff", NULL, NULL, &log, NULL), PL_NOT_FOUND);
    pl_store_close(store);
}

static void body_limit_holds(void **state)
{
    (void)state;
    static char body[PL_STORE_BODY_MAX + 1];
    memset(body, '1', sizeof body);
    char id[PL_STORE_ID_SIZE];
    struct pl_store *store = stores_open();
    struct pl_store_log *log = create_log(store, id);
    pl_error err = {0};
    pl_slice above = {body, PL_STORE_BODY_MAX + 1};
    assert_int_equal(pl_store_log_append(log, 0, "look", above, &err), PL_LIMIT);
    pl_slice limit = {body, PL_STORE_BODY_MAX};
    assert_int_equal(pl_store_log_append(log, 0, "look", limit, NULL), PL_OK);
    pl_store_log_close(log);
    assert_int_equal(pl_store_read(store, id, NULL, NULL, NULL), PL_OK);
    pl_store_close(store);
}

static pl_status end_visit(void *context, const struct pl_store_entry *entry, pl_error *err)
{
    (void)context;
    return pl_fail(err, PL_BAD_INPUT, NULL, "entry %d cannot be replayed", (int)entry->seq);
}

static void a_visitor_can_refuse_to_resume(void **state)
{
    (void)state;
    char id[PL_STORE_ID_SIZE];
    struct pl_store *store = stores_open();
    struct pl_store_log *log = create_log(store, id);
    stores_append(log, 1);
    pl_store_log_close(log);
    pl_error err = {0};
    pl_status status = pl_store_log_resume(store, id, end_visit, NULL, &log, &err);
    assert_int_equal(status, PL_BAD_INPUT);
    assert_string_equal(err.message, "entry 1 cannot be replayed");
    /* The lock was given back. */
    assert_int_equal(pl_store_log_resume(store, id, NULL, NULL, &log, NULL), PL_OK);
    pl_store_log_close(log);
    pl_store_close(store);
}

/* Child: append until killed, telling each number once it is acknowledged. */
static void append_for_ever(const char *id, int64_t done, int fd)
{
    struct pl_store *store;
    struct pl_store_log *log;
    if (pl_store_open(&store, stores_scratch.path, NULL) != PL_OK ||
        pl_store_log_resume(store, id, NULL, NULL, &log, NULL) != PL_OK ||
        pl_store_log_count(log) < done) {
        _exit(1);
    }
    for (int64_t number = pl_store_log_count(log) + 1;; number++) {
        char body[64];
        (void)snprintf(body, sizeof body, "{\"n\":%lld}", (long long)number);
        pl_status status = pl_store_log_append(log, number, "look", pl_slice_of(body), NULL);
        if (status != PL_OK || write(fd, &number, sizeof number) != sizeof number) {
            _exit(2);
        }
    }
}

/* Kill a child at a random moment; returns the last number that it was told is safe. */
static int64_t kill_a_writer(const char *id, int64_t done, uint64_t round)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(ends[0]);
        append_for_ever(id, done, ends[1]);
    }
    (void)close(ends[1]);
    int64_t acknowledged = done;
    int64_t number;
    assert_int_equal(read(ends[0], &number, sizeof number), sizeof number);
    int64_t pause_ns = (int64_t)(pl_random_bits(77, round) % 8000000);
    pl_now_sleep_until(pl_now_monotonic_ns() + pause_ns);
    assert_int_equal(kill(child, SIGKILL), 0);
    do {
        acknowledged = number;
    } while (read(ends[0], &number, sizeof number) == sizeof number);
    int ended = 0;
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(WIFSIGNALED(ended) && WTERMSIG(ended) == SIGKILL);
    (void)close(ends[0]);
    return acknowledged;
}

static void nothing_acknowledged_is_lost_by_kill(void **state)
{
    (void)state;
    char id[PL_STORE_ID_SIZE];
    struct pl_store *store = stores_open();
    pl_store_log_close(create_log(store, id));
    pl_store_close(store);
    int64_t done = 0;
    for (uint64_t round = 0; round < KILL_COUNT; round++) {
        int64_t acknowledged = kill_a_writer(id, done, round);
        assert_true(acknowledged > done);
        store = stores_open();
        int64_t count = 0;
        pl_error err = {0};
        if (pl_store_read(store, id, stores_check_entry, &count, &err) != PL_OK) {
            fail_msg("%s", err.message);
        }
        /* One more may be on disk whose acknowledgement was cut off. */
        assert_in_range(count, acknowledged, acknowledged + 1);
        pl_store_close(store);
        done = count;
    }
}

/* Child: one session of its own from beginning to end. */
static void play_a_session(int64_t count)
{
    struct pl_store *store;
    struct pl_store_log *log;
    struct pl_store_session session = stores_session();
    if (pl_store_open(&store, stores_scratch.path, NULL) != PL_OK ||
        pl_store_log_create(store, &session, &log, NULL) != PL_OK) {
        _exit(1);
    }
    for (int64_t number = 1; number <= count; number++) {
        char body[64];
        (void)snprintf(body, sizeof body, "{\"n\":%lld}", (long long)number);
        if (pl_store_log_append(log, number, "look", pl_slice_of(body), NULL) != PL_OK) {
            _exit(2);
        }
    }
    if (pl_store_log_finish(log, NULL) != PL_OK) {
        _exit(3);
    }
    pl_store_log_close(log);
    pl_store_close(store);
    _exit(0);
}

struct ids {
    char items[PROCESS_COUNT][PL_STORE_ID_SIZE];
    int count;
};

static pl_status note_id(void *context, const struct pl_store_session *session, pl_error *err)
{
    (void)err;
    struct ids *ids = context;
    assert_true(ids->count < PROCESS_COUNT);
    assert_int_equal(session->state, PL_STORE_SESSION_CLOSED);
    memcpy(ids->items[ids->count++], session->id, PL_STORE_ID_SIZE);
    return PL_OK;
}

/* Nobody waits for long or fails, not even while the store is being created. */
static void processes_write_at_the_same_time(void **state)
{
    (void)state;
    pid_t children[PROCESS_COUNT];
    for (int i = 0; i < PROCESS_COUNT; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            play_a_session(100);
        }
    }
    for (int i = 0; i < PROCESS_COUNT; i++) {
        int ended = 0;
        assert_int_equal(waitpid(children[i], &ended, 0), children[i]);
        assert_true(WIFEXITED(ended));
        assert_int_equal(WEXITSTATUS(ended), 0);
    }
    struct pl_store *store = stores_open();
    struct ids ids = {.count = 0};
    assert_int_equal(pl_store_list(store, note_id, &ids, NULL), PL_OK);
    assert_int_equal(ids.count, PROCESS_COUNT);
    for (int i = 0; i < PROCESS_COUNT; i++) {
        int64_t count = 0;
        assert_int_equal(pl_store_read(store, ids.items[i], stores_check_entry, &count, NULL),
                         PL_OK);
        assert_int_equal(count, 100);
    }
    pl_store_close(store);
}

/* Child: append under a limit on the size of files, which stands for a full disk. */
static void append_until_full(const char *id, int fd)
{
    struct pl_store *store;
    struct pl_store_log *log;
    (void)signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {200000, 200000};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0 ||
        pl_store_open(&store, stores_scratch.path, NULL) != PL_OK ||
        pl_store_log_resume(store, id, NULL, NULL, &log, NULL) != PL_OK) {
        _exit(1);
    }
    pl_error err = {0};
    int64_t number = 1;
    for (;; number++) {
        char body[64];
        (void)snprintf(body, sizeof body, "{\"n\":%lld}", (long long)number);
        if (pl_store_log_append(log, number, "look", pl_slice_of(body), &err) != PL_OK) {
            break;
        }
    }
    number--;
    bool good = err.status == PL_IO && strstr(err.message, "the disk is full") != NULL &&
                write(fd, &number, sizeof number) == sizeof number;
    /* The log takes nothing more until it is resumed. */
    pl_error second = {0};
    pl_status status = pl_store_log_append(log, number + 1, "look", pl_slice_of("1"), &second);
    good = good && status == PL_IO && strstr(second.message, "resume it to go on") != NULL;
    pl_store_log_close(log);
    pl_store_close(store);
    _exit(good ? 0 : 2);
}

static void nothing_acknowledged_is_lost_by_a_full_disk(void **state)
{
    (void)state;
    char id[PL_STORE_ID_SIZE];
    struct pl_store *store = stores_open();
    pl_store_log_close(create_log(store, id));
    pl_store_close(store);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        append_until_full(id, ends[1]);
    }
    int64_t acknowledged = 0;
    int ended = 0;
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(WIFEXITED(ended));
    assert_int_equal(WEXITSTATUS(ended), 0);
    assert_int_equal(read(ends[0], &acknowledged, sizeof acknowledged), sizeof acknowledged);
    assert_true(acknowledged > 0);
    (void)close(ends[0]);
    (void)close(ends[1]);
    /* With room again, the session goes on. */
    store = stores_open();
    struct pl_store_log *log;
    int64_t count = 0;
    assert_int_equal(pl_store_log_resume(store, id, stores_check_entry, &count, &log, NULL), PL_OK);
    assert_in_range(count, acknowledged, acknowledged + 1);
    stores_append(log, count + 1);
    pl_store_log_close(log);
    pl_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_resumed_log_goes_on, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(a_session_has_one_player, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(
            a_finished_session_is_never_played_again, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(body_limit_holds, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(
            a_visitor_can_refuse_to_resume, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(
            processes_write_at_the_same_time, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(
            nothing_acknowledged_is_lost_by_kill, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(
            nothing_acknowledged_is_lost_by_a_full_disk, stores_set_up, stores_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
