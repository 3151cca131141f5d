// SPDX-License-Identifier: Apache-2.0
#include "support/stores.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

struct pl_scratch stores_scratch;

int stores_set_up(void **state)
{
    (void)state;
    return pl_scratch_make(&stores_scratch, NULL) != PL_OK;
}

int stores_tear_down(void **state)
{
    (void)state;
    return pl_scratch_remove(&stores_scratch, NULL) != PL_OK;
}

struct pl_store *stores_open(void)
{
    struct pl_store *store;
    pl_error err = {0};
    if (pl_store_open(&store, stores_scratch.path, &err) != PL_OK) {
        fail_msg("%s", err.message);
    }
    return store;
}

struct pl_store_session stores_session(void)
{
    return (struct pl_store_session){
        .scenario = "every-query-is-slow",
        .pack_hash = "ab12",
        .engine = "0.1.0",
        .clock = "turn",
        .created_at = "2026-11-21T22:04:27Z",
        .seed = 42,
    };
}

void stores_append(struct pl_store_log *log, int64_t number)
{
    char body[64];
    (void)snprintf(body, sizeof body, "{\"n\":%lld}", (long long)number);
    pl_error err = {0};
    if (pl_store_log_append(log, number, "look", pl_slice_of(body), &err) != PL_OK) {
        fail_msg("%s", err.message);
    }
}

pl_status stores_check_entry(void *context, const struct pl_store_entry *entry, pl_error *err)
{
    (void)err;
    int64_t *count = context;
    (*count)++;
    char body[64];
    (void)snprintf(body, sizeof body, "{\"n\":%lld}", (long long)*count);
    assert_int_equal(entry->seq, *count);
    assert_int_equal(entry->t_ns, *count);
    assert_true(pl_slice_equal(entry->kind, pl_slice_of("look")));
    assert_true(pl_slice_equal(entry->body, pl_slice_of(body)));
    return PL_OK;
}
