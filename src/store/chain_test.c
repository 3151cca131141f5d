// SPDX-License-Identifier: Apache-2.0
//
// The framing is fixed (expected hashes come from another implementation of BLAKE2b), and every
// change to an entry or its place is found.
#include "store/chain.h"

#include <setjmp.h>
#include <stdio.h>

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct pl_store_session session = {
    .id = "0123456789abcdef",
    .scenario = "every-query-is-slow",
    .pack_hash = "ab12",
    .engine = "0.1.0",
    .clock = "turn",
    .created_at = "2026-11-21T22:04:27Z",
    .seed = 42,
};

static struct pl_store_entry make_entry(const struct pl_chain *chain)
{
    struct pl_store_entry entry = {
        .t_ns = INT64_C(5000000000),
        .kind = pl_slice_of("look"),
        .body = pl_slice_of("{\"at\":1}"),
    };
    pl_chain_next(chain, &entry);
    return entry;
}

static void framing_is_fixed(void **state)
{
    (void)state;
    struct pl_chain chain;
    char text[PL_CHAIN_TEXT_SIZE];
    pl_chain_begin(&chain, &session);
    pl_chain_format(chain.head, text);
    assert_string_equal(text, "cc541eb128752e695cfd141275cfbc4a83efba63928cd9b7ee97919bc22acdbe");
    struct pl_store_entry entry = make_entry(&chain);
    pl_chain_format(entry.hash, text);
    assert_string_equal(text, "59661eb8e1da030af6194c1a89d56f929f6fef63af0bb27de56bf04111bfce5d");
    assert_int_equal(pl_chain_step(&chain, &entry, NULL, NULL), PL_OK);
    assert_int_equal(chain.seq, 1);
    assert_memory_equal(chain.head, entry.hash, PL_STORE_HASH_SIZE);
}

static void fields_do_not_run_into_each_other(void **state)
{
    (void)state;
    struct pl_store_session other = session;
    (void)snprintf(other.scenario, sizeof other.scenario, "%s", "every-query-is-slowab");
    (void)snprintf(other.pack_hash, sizeof other.pack_hash, "%s", "12");
    uint8_t a[PL_STORE_HASH_SIZE];
    uint8_t b[PL_STORE_HASH_SIZE];
    pl_chain_genesis(&session, a);
    pl_chain_genesis(&other, b);
    assert_memory_not_equal(a, b, sizeof a);
    struct pl_store_entry one = {.kind = pl_slice_of("ab"), .body = pl_slice_of("c")};
    struct pl_store_entry two = {.kind = pl_slice_of("a"), .body = pl_slice_of("bc")};
    pl_chain_entry(&one, a);
    pl_chain_entry(&two, b);
    assert_memory_not_equal(a, b, sizeof a);
}

static void state_and_count_are_outside_of_the_chain(void **state)
{
    (void)state;
    struct pl_store_session other = session;
    other.state = PL_STORE_SESSION_CLOSED;
    other.entry_count = 7;
    uint8_t a[PL_STORE_HASH_SIZE];
    uint8_t b[PL_STORE_HASH_SIZE];
    pl_chain_genesis(&session, a);
    pl_chain_genesis(&other, b);
    assert_memory_equal(a, b, sizeof a);
}

static void
assert_broken(const struct pl_chain *chain, const struct pl_store_entry *entry, const char *part)
{
    struct pl_chain copy = *chain;
    pl_error err = {0};
    pl_pos pos = {9, 0, "x.ndjson"};
    assert_int_equal(pl_chain_step(&copy, entry, &pos, &err), PL_CORRUPT);
    assert_int_equal(err.pos.line, 9);
    if (strstr(err.message, part) == NULL) {
        fail_msg("no '%s' in: %s", part, err.message);
    }
    assert_memory_equal(&copy, chain, sizeof copy);
}

static void every_change_is_found(void **state)
{
    (void)state;
    struct pl_chain chain;
    pl_chain_begin(&chain, &session);
    struct pl_store_entry good = make_entry(&chain);
    struct pl_store_entry bad = good;
    bad.seq = 2;
    assert_broken(&chain, &bad, "entry 1: it is missing or out of order");
    bad = good;
    bad.t_ns++;
    assert_broken(&chain, &bad, "its contents do not match its hash");
    bad = good;
    bad.kind = pl_slice_of("act");
    assert_broken(&chain, &bad, "its contents do not match its hash");
    bad = good;
    bad.body = pl_slice_of("{\"at\":2}");
    assert_broken(&chain, &bad, "its contents do not match its hash");
    bad = good;
    bad.hash[31] ^= 1;
    assert_broken(&chain, &bad, "its contents do not match its hash");
    bad = good;
    bad.previous[0] ^= 1;
    assert_broken(&chain, &bad, "it does not belong to the header of the session");

    assert_int_equal(pl_chain_step(&chain, &good, NULL, NULL), PL_OK);
    assert_broken(
        &chain, &good, "entry 2: it is missing or out of order; entries up to 1 are good");
    struct pl_store_entry second = make_entry(&chain);
    second.previous[0] ^= 1;
    pl_chain_entry(&second, second.hash);
    assert_broken(&chain, &second, "it does not follow the entry before");
}

static void an_entry_with_a_good_hash_may_still_be_invalid(void **state)
{
    (void)state;
    struct pl_chain chain;
    pl_chain_begin(&chain, &session);
    struct pl_store_entry entry = make_entry(&chain);
    entry.body = pl_slice_of("{\n}");
    pl_chain_entry(&entry, entry.hash);
    assert_broken(&chain, &entry, "it is not a valid entry");
    entry = make_entry(&chain);
    entry.t_ns = -1;
    pl_chain_entry(&entry, entry.hash);
    assert_broken(&chain, &entry, "it is not a valid entry");
}

static void limits_of_kind_and_body(void **state)
{
    (void)state;
    char text[PL_STORE_KIND_SIZE + 1];
    memset(text, 'a', sizeof text);
    assert_true(pl_chain_is_kind((pl_slice){text, PL_STORE_KIND_SIZE - 1}));
    assert_false(pl_chain_is_kind((pl_slice){text, PL_STORE_KIND_SIZE}));
    assert_false(pl_chain_is_kind(pl_slice_of("")));
    assert_false(pl_chain_is_kind(pl_slice_of("Look")));
    assert_true(pl_chain_is_kind(pl_slice_of("look_at")));
    assert_true(pl_chain_is_body(pl_slice_of("1")));
    assert_false(pl_chain_is_body(pl_slice_of("")));
    assert_false(pl_chain_is_body(pl_slice_of("\"\t\"")));
    static char body[PL_STORE_BODY_MAX + 1];
    memset(body, '1', sizeof body);
    assert_true(pl_chain_is_body((pl_slice){body, PL_STORE_BODY_MAX}));
    assert_false(pl_chain_is_body((pl_slice){body, PL_STORE_BODY_MAX + 1}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(framing_is_fixed),
        cmocka_unit_test(fields_do_not_run_into_each_other),
        cmocka_unit_test(state_and_count_are_outside_of_the_chain),
        cmocka_unit_test(every_change_is_found),
        cmocka_unit_test(an_entry_with_a_good_hash_may_still_be_invalid),
        cmocka_unit_test(limits_of_kind_and_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
