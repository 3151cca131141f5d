// SPDX-License-Identifier: Apache-2.0
//
// The contract that every database behind the store has to keep. A new backend joins the table.
#include "store/backend.h"

#include "os/scratch.h"
#include "store/sqlite/sqlite_backend.h"

#include <sodium.h>
#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *name;
    pl_status (*open)(struct pl_backend *backend, const char *directory, pl_error *err);
} backends[] = {
    {"sqlite", pl_sqlite_backend_open},
};

enum { BACKEND_COUNT = sizeof backends / sizeof backends[0] };

static struct pl_scratch scratch;
static struct pl_backend backend;
static struct pl_chain chain;

static const struct pl_store_session session = {
    .id = "0123456789abcdef",
    .scenario = "s",
    .pack_hash = "p",
    .engine = "e",
    .clock = "turn",
    .created_at = "2026-11-21T22:04:27Z",
    .seed = INT64_MAX,
};

static struct pl_store_entry next_entry(void)
{
    struct pl_store_entry entry = {
        .t_ns = chain.seq * 10,
        .kind = pl_slice_of("look"),
        .body = pl_slice_of("{}"),
    };
    pl_chain_next(&chain, &entry);
    return entry;
}

static void add(const struct pl_store_entry *entry)
{
    assert_int_equal(backend.begin(backend.data, NULL), PL_OK);
    assert_int_equal(backend.add_entry(backend.data, session.id, entry, NULL), PL_OK);
    assert_int_equal(backend.commit(backend.data, NULL), PL_OK);
    assert_int_equal(pl_chain_step(&chain, entry, NULL, NULL), PL_OK);
}

static pl_status verify(void *context, const struct pl_store_entry *entry, pl_error *err)
{
    return pl_chain_step(context, entry, NULL, err);
}

static int64_t verified_count(void)
{
    struct pl_chain copy;
    pl_chain_begin(&copy, &session);
    assert_int_equal(backend.read(backend.data, session.id, verify, &copy, NULL), PL_OK);
    return copy.seq;
}

static pl_status keep(void *context, const struct pl_store_session *found, pl_error *err)
{
    (void)err;
    *(struct pl_store_session *)context = *found;
    return PL_OK;
}

static struct pl_store_session stored_session(void)
{
    struct pl_store_session found = {0};
    assert_int_equal(backend.list(backend.data, "0123", keep, &found, NULL), PL_OK);
    return found;
}

static void transactions_commit_or_leave_nothing(void)
{
    assert_int_equal(backend.begin(backend.data, NULL), PL_OK);
    assert_int_equal(backend.add_session(backend.data, &session, NULL), PL_OK);
    backend.rollback(backend.data);
    assert_string_equal(stored_session().id, "");
    assert_int_equal(backend.begin(backend.data, NULL), PL_OK);
    assert_int_equal(backend.add_session(backend.data, &session, NULL), PL_OK);
    assert_int_equal(backend.commit(backend.data, NULL), PL_OK);
    struct pl_store_session found = stored_session();
    assert_string_equal(found.id, session.id);
    assert_true(found.seed == INT64_MAX);
    struct pl_store_entry entry = next_entry();
    assert_int_equal(backend.begin(backend.data, NULL), PL_OK);
    assert_int_equal(backend.add_entry(backend.data, session.id, &entry, NULL), PL_OK);
    backend.rollback(backend.data);
    assert_int_equal(verified_count(), 0);
    add(&entry);
    assert_int_equal(verified_count(), 1);
    assert_int_equal(stored_session().entry_count, 1);
}

static void entries_follow_each_other(void)
{
    struct pl_store_entry entry = next_entry();
    struct pl_store_entry wrong = entry;
    static const int64_t seqs[] = {1, 3, 100};
    for (size_t i = 0; i < 3; i++) {
        wrong.seq = seqs[i];
        assert_int_equal(backend.begin(backend.data, NULL), PL_OK);
        pl_error err = {0};
        assert_int_equal(backend.add_entry(backend.data, session.id, &wrong, &err), PL_CONFLICT);
        assert_non_null(strstr(err.message, "does not follow"));
        backend.rollback(backend.data);
    }
    assert_int_equal(backend.begin(backend.data, NULL), PL_OK);
    pl_status status = backend.add_entry(backend.data, "fedcba9876543210", &entry, NULL);
    assert_int_equal(status, PL_CONFLICT);
    backend.rollback(backend.data);
    add(&entry);
    assert_int_equal(verified_count(), 2);
}

static void sessions_are_unique(void)
{
    assert_int_equal(backend.begin(backend.data, NULL), PL_OK);
    assert_int_not_equal(backend.add_session(backend.data, &session, NULL), PL_OK);
    backend.rollback(backend.data);
}

static void locks_exclude(void)
{
    void *lock = NULL;
    void *other = NULL;
    assert_int_equal(backend.lock(backend.data, session.id, &lock, NULL), PL_OK);
    assert_int_equal(backend.lock(backend.data, session.id, &other, NULL), PL_CONFLICT);
    backend.unlock(backend.data, lock);
    assert_int_equal(backend.lock(backend.data, session.id, &lock, NULL), PL_OK);
    backend.unlock(backend.data, lock);
}

static void finished_state_is_kept(void)
{
    assert_int_equal(backend.begin(backend.data, NULL), PL_OK);
    assert_int_equal(backend.finish_session(backend.data, session.id, NULL), PL_OK);
    assert_int_equal(backend.commit(backend.data, NULL), PL_OK);
    assert_int_equal(stored_session().state, PL_STORE_SESSION_CLOSED);
}

static void every_backend_keeps_the_contract(void **state)
{
    (void)state;
    assert_true(sodium_init() >= 0);
    for (size_t i = 0; i < BACKEND_COUNT; i++) {
        assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
        assert_int_equal(backends[i].open(&backend, scratch.path, NULL), PL_OK);
        pl_chain_begin(&chain, &session);
        transactions_commit_or_leave_nothing();
        entries_follow_each_other();
        sessions_are_unique();
        locks_exclude();
        finished_state_is_kept();
        backend.close(backend.data);
        assert_int_equal(backends[i].open(&backend, scratch.path, NULL), PL_OK);
        assert_int_equal(verified_count(), 2);
        backend.close(backend.data);
        assert_int_equal(pl_scratch_remove(&scratch, NULL), PL_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_backend_keeps_the_contract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
