// SPDX-License-Identifier: Apache-2.0
//
// What SQLite itself enforces below the contract: entries can only be added.
#include "store/sqlite/sqlite_backend.h"

#include "os/scratch.h"
#include "store/sqlite/sqlite_file.h"

#include <sodium.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void entries_cannot_be_changed_or_deleted(void **state)
{
    (void)state;
    struct pl_scratch scratch;
    struct pl_backend backend;
    assert_true(sodium_init() >= 0);
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    assert_int_equal(pl_sqlite_backend_open(&backend, scratch.path, NULL), PL_OK);
    struct pl_store_session session = {
        "0123456789abcdef", "s", "p", "e", "turn", "2026-11-21T22:04:27Z", 1, 0, 0};
    struct pl_chain chain;
    pl_chain_begin(&chain, &session);
    struct pl_store_entry entry = {.kind = pl_slice_of("look"), .body = pl_slice_of("{}")};
    pl_chain_next(&chain, &entry);
    assert_int_equal(backend.begin(backend.data, NULL), PL_OK);
    assert_int_equal(backend.add_session(backend.data, &session, NULL), PL_OK);
    assert_int_equal(backend.add_entry(backend.data, session.id, &entry, NULL), PL_OK);
    assert_int_equal(backend.commit(backend.data, NULL), PL_OK);
    static const char *const statements[] = {
        "UPDATE entries SET body = '[]'",
        "DELETE FROM entries",
        "DELETE FROM sessions",
    };
    for (size_t i = 0; i < 3; i++) {
        pl_error err = {0};
        assert_int_equal(pl_sqlite_file_execute(backend.data, statements[i], "cheat", &err), PL_IO);
        assert_non_null(strstr(err.message, i < 2 ? "append-only" : "FOREIGN KEY"));
    }
    backend.close(backend.data);
    assert_int_equal(pl_scratch_remove(&scratch, NULL), PL_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_cannot_be_changed_or_deleted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
