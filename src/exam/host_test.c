// SPDX-License-Identifier: Apache-2.0
#include "exam/host.h"

#include "os/now.h"
#include "support/hosted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define STEP_NS 1000000

/* Who follows a session, and what it was told. */
struct follower {
    struct pl_watcher watcher;
    atomic_uint entries;
    atomic_uint clocks;
    atomic_bool begun;
    atomic_bool released;
    _Atomic uint64_t last;
    atomic_uint disorders;
};

static void take_one(struct follower *follower, const char *event, const uint64_t *id)
{
    if (strcmp(event, "entry") == 0) {
        atomic_fetch_add(&follower->disorders, *id != atomic_load(&follower->last) + 1 ? 1u : 0u);
        atomic_store(&follower->last, *id);
        atomic_fetch_add(&follower->entries, 1);
    } else if (strcmp(event, "clock") == 0) {
        atomic_fetch_add(&follower->clocks, 1);
    }
}

static void
take_event(struct pl_watcher *first, const char *event, const uint64_t *id, pl_slice json)
{
    (void)json;
    for (struct pl_watcher *watcher = first; watcher != NULL; watcher = watcher->next) {
        take_one(watcher->context, event, id);
    }
}

static void take_release(void *context)
{
    struct follower *follower = context;
    atomic_store(&follower->released, true);
}

static void take_begin(void *context, const struct pl_reply *reply)
{
    struct follower *follower = context;
    assert_int_equal(reply->code, PL_REPLY_OK);
    atomic_store(&follower->begun, true);
}

static void follow(struct follower *follower, int64_t after)
{
    struct pl_ask *ask = pl_ask_new((pl_slice){NULL, 0});
    assert_non_null(ask);
    follower->watcher =
        (struct pl_watcher){.context = follower, .send = take_event, .released = take_release};
    atomic_store(&follower->last, (uint64_t)after);
    ask->verb = PL_ASK_WATCH;
    ask->after = after;
    ask->watcher = &follower->watcher;
    ask->reply = take_begin;
    ask->context = follower;
    snprintf(ask->owner, sizeof ask->owner, "ines");
    snprintf(ask->session, sizeof ask->session, "%s", pl_test_hosted.id);
    pl_host_ask(pl_test_hosted.host, ask);
}

static void await_bool(atomic_bool *flag)
{
    while (!atomic_load(flag)) {
        pl_now_sleep_until(pl_now_monotonic_ns() + STEP_NS);
    }
}

static void await_entries(struct follower *follower, uint32_t count)
{
    while (atomic_load(&follower->entries) < count) {
        pl_now_sleep_until(pl_now_monotonic_ns() + STEP_NS);
    }
}

/* Goal: a watcher gets what it missed and what follows, without gap or repetition. */
static void a_watcher_misses_nothing(void **state)
{
    (void)state;
    struct follower one = {0};
    struct follower other = {0};
    static const char look[] = "{\"do\":\"look\",\"what\":\"alerts\"}";
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":3}");
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, NULL, look, 0), PL_REPLY_OK);
    follow(&one, 0);
    await_bool(&one.begun);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, NULL, look, 0), PL_REPLY_OK);
    follow(&other, 1);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, NULL, look, 0), PL_REPLY_OK);
    await_entries(&one, 3);
    await_entries(&other, 2);
    assert_int_equal(atomic_load(&one.disorders), 0);
    assert_int_equal(atomic_load(&other.disorders), 0);
    pl_host_unwatch(pl_test_hosted.host, pl_test_hosted.id, &one.watcher);
    await_bool(&one.released);
    pl_test_hosted_again();
    assert_true(atomic_load(&other.released));
}

/* Goal: a live session that somebody watches moves by itself. */
static void a_live_session_moves_by_itself(void **state)
{
    (void)state;
    struct follower one = {0};
    struct pl_host_stats stats;
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":3,\"clock\":\"live\",\"speed\":10}");
    follow(&one, 0);
    while (atomic_load(&one.clocks) < 3) {
        pl_now_sleep_until(pl_now_monotonic_ns() + STEP_NS);
    }
    pl_host_measure(pl_test_hosted.host, &stats);
    assert_int_equal(stats.sessions, 1);
    assert_int_equal(stats.resident, 1);
    assert_int_equal(stats.watchers, 1);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_DESCRIBE, NULL, NULL, 0), PL_REPLY_OK);
    assert_null(strstr(pl_test_hosted.text, "\"t_s\":0,\"clock_text\""));
    pl_host_unwatch(pl_test_hosted.host, pl_test_hosted.id, &one.watcher);
    await_bool(&one.released); /* the watcher lives on this stack */
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_watcher_misses_nothing, pl_test_hosted_set_up, pl_test_hosted_tear_down),
        cmocka_unit_test_setup_teardown(
            a_live_session_moves_by_itself, pl_test_hosted_set_up, pl_test_hosted_tear_down),
    };
    pl_test_hosted_arguments(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
