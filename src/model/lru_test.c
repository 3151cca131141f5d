// SPDX-License-Identifier: Apache-2.0
#include "model/lru.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { KEYS = 40 };

/* The same list as a plain array, newest first. */
struct naive {
    uint32_t keys[KEYS];
    uint32_t count;
};

static void naive_remove(struct naive *naive, uint32_t key)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < naive->count; i++) {
        if (naive->keys[i] != key) {
            naive->keys[kept++] = naive->keys[i];
        }
    }
    naive->count = kept;
}

static bool naive_has(const struct naive *naive, uint32_t key)
{
    for (uint32_t i = 0; i < naive->count; i++) {
        if (naive->keys[i] == key) {
            return true;
        }
    }
    return false;
}

static void naive_add(struct naive *naive, uint32_t key)
{
    memmove(naive->keys + 1, naive->keys, naive->count * sizeof naive->keys[0]);
    naive->keys[0] = key;
    naive->count++;
}

static void
assert_same(const struct pl_lru *lru, const struct pl_lru_link *links, const struct naive *naive)
{
    uint32_t at = lru->newest;
    assert_int_equal(lru->count, naive->count);
    for (uint32_t i = 0; i < naive->count; i++) {
        assert_int_equal(at, naive->keys[i] + 1);
        at = links[at - 1].older;
    }
    assert_int_equal(at, 0);
    assert_int_equal(lru->oldest, naive->count == 0 ? 0 : naive->keys[naive->count - 1] + 1);
}

static void any_sequence_keeps_the_order_of_a_plain_array(void **unused)
{
    (void)unused;
    struct pl_lru lru = {0};
    struct pl_lru_link links[KEYS] = {{0, 0}};
    struct naive naive = {.count = 0};
    for (uint64_t i = 0; i < 20000; i++) {
        uint64_t bits = pl_random_bits(17, i);
        uint32_t key = (uint32_t)(bits >> 32) % KEYS;
        bool present = naive_has(&naive, key);
        if (!present && (bits & 7) == 0) {
            pl_lru_add_oldest(&lru, links, key);
            naive.keys[naive.count++] = key;
        } else if (!present) {
            pl_lru_add(&lru, links, key);
            naive_add(&naive, key);
        } else if ((bits & 3) == 0) {
            pl_lru_remove(&lru, links, key);
            naive_remove(&naive, key);
        } else {
            pl_lru_touch(&lru, links, key);
            naive_remove(&naive, key);
            naive_add(&naive, key);
        }
        assert_same(&lru, links, &naive);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_sequence_keeps_the_order_of_a_plain_array),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
