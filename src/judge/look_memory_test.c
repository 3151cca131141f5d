// SPDX-License-Identifier: Apache-2.0
#include "judge/look_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LOOKS = 3, WORLDS = 4 };

/* Sets of different lengths, all items different. */
static void fill(struct pl_feature_set *sets, uint32_t count, uint64_t key)
{
    memset(sets, 0, WORLDS * sizeof *sets);
    for (uint32_t i = 0; i < WORLDS; i++) {
        sets[i].count = i == 2 ? 0 : count + i;
        for (uint32_t j = 0; j < sets[i].count; j++) {
            sets[i].items[j] = (struct pl_feature){.key = key++, .value = (float)j, .sd = 0.5F};
        }
    }
}

static struct pl_look_memory *begin(void)
{
    size_t size = (pl_look_memory_size(LOOKS, WORLDS) + 15) / 16 * 16;
    void *memory = aligned_alloc(16, size);
    assert_non_null(memory);
    return pl_look_memory_init(LOOKS, WORLDS, memory);
}

static bool same(const struct pl_feature_set *a, const struct pl_feature_set *b)
{
    bool equal = true;
    for (uint32_t i = 0; i < WORLDS; i++) {
        equal = equal && a[i].count == b[i].count &&
                memcmp(a[i].items, b[i].items, a[i].count * sizeof a[i].items[0]) == 0;
    }
    return equal;
}

static void what_was_shown_comes_back_to_the_bit(void **state)
{
    (void)state;
    struct pl_look_memory *memory = begin();
    static struct pl_feature_set first[WORLDS];
    static struct pl_feature_set second[WORLDS];
    static struct pl_feature_set back[WORLDS];
    assert_true(pl_look_memory_moment(memory) == -1);
    pl_look_memory_clear(memory, 70);
    fill(first, 5, 100);
    fill(second, PL_FEATURES_MAX - WORLDS, 5000);
    pl_look_memory_keep(memory, 1, first);
    pl_look_memory_keep(memory, 0, NULL);
    assert_int_equal(pl_look_memory_give(memory, 0, back), PL_LOOK_REFUSED);
    assert_int_equal(pl_look_memory_give(memory, 2, back), PL_LOOK_UNKNOWN);
    pl_look_memory_keep(memory, 2, second);
    assert_int_equal(pl_look_memory_give(memory, 1, back), PL_LOOK_SHOWN);
    assert_true(same(back, first));
    assert_int_equal(pl_look_memory_give(memory, 2, back), PL_LOOK_SHOWN);
    assert_true(same(back, second));
    assert_true(pl_look_memory_moment(memory) == 70);
    pl_look_memory_clear(memory, 80);
    assert_int_equal(pl_look_memory_give(memory, 1, back), PL_LOOK_UNKNOWN);
    free(memory);
}

/* There is room for 64 features in each of twelve sets: a look with many fits, a second does not.
 */
static void a_look_without_room_stays_unknown(void **state)
{
    (void)state;
    struct pl_look_memory *memory = begin();
    static struct pl_feature_set many[WORLDS];
    static struct pl_feature_set few[WORLDS];
    static struct pl_feature_set back[WORLDS];
    fill(many, PL_FEATURES_MAX - WORLDS, 1);
    fill(few, 2, 1);
    pl_look_memory_keep(memory, 0, many);
    pl_look_memory_keep(memory, 1, many);
    assert_int_equal(pl_look_memory_give(memory, 1, back), PL_LOOK_UNKNOWN);
    pl_look_memory_keep(memory, 1, few);
    assert_int_equal(pl_look_memory_give(memory, 1, back), PL_LOOK_SHOWN);
    assert_true(same(back, few));
    assert_int_equal(pl_look_memory_give(memory, 0, back), PL_LOOK_SHOWN);
    assert_true(same(back, many));
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_shown_comes_back_to_the_bit),
        cmocka_unit_test(a_look_without_room_stays_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
