// SPDX-License-Identifier: Apache-2.0
#include "sim/least.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ROOM = 1000 };

static _Alignas(16) double values[ROOM + PL_LEAST_GROUP];
static _Alignas(16) double groups[ROOM / PL_LEAST_GROUP + PL_LEAST_GROUP];
static const struct pl_least least = {values, groups};

/* The first of the smallest, by looking at each. */
static uint32_t by_looking(uint32_t count)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < count; i++) {
        best = values[i] < values[best] ? i : best;
    }
    return best;
}

static void check(uint32_t count)
{
    struct pl_least_place place = pl_least_find(least, count);
    double found = values[place.index];
    assert_true(found >= place.value && found <= place.value);
    assert_true(found >= values[by_looking(count)] && found <= values[by_looking(count)]);
    for (uint32_t i = count; i < pl_least_values(ROOM); i++) {
        assert_true(values[i] >= PL_LEAST_NONE);
    }
}

static void room_is_in_whole_groups(void **unused)
{
    (void)unused;
    assert_int_equal(pl_least_values(1), 8);
    assert_int_equal(pl_least_values(8), 8);
    assert_int_equal(pl_least_values(9), 16);
    assert_int_equal(pl_least_groups(64), 8);
    assert_int_equal(pl_least_groups(65), 16);
}

static void the_first_of_equals_is_found(void **unused)
{
    static const _Alignas(16) double eight[PL_LEAST_GROUP] = {5, 2, 7, 2, 9, 2, 8, 3};
    (void)unused;
    assert_true(pl_least_of(eight) >= 2.0 && pl_least_of(eight) <= 2.0);
    assert_int_equal(pl_least_at(eight, 2.0), 1);
    assert_int_equal(pl_least_at(eight, 3.0), 7);
}

static void numbers_that_come_and_go_keep_their_least(void **unused)
{
    uint32_t count = 0;
    (void)unused;
    pl_least_clear(least, ROOM);
    for (uint64_t n = 0; n < 20000; n++) {
        uint64_t bits = pl_random_bits(5, n);
        /* Up to ROOM and down again, twice; ties are frequent. */
        bool grow = bits % 8 < (n / 5000 % 2 == 0 ? 5 : 3);
        if (grow && count < ROOM) {
            pl_least_add(least, count, (double)(bits >> 54));
            count++;
        } else if (!grow && count > 0) {
            uint32_t i =
                bits & 1024 ? pl_least_find(least, count).index : (uint32_t)(bits >> 40) % count;
            count--;
            pl_least_cut(least, count, i);
        }
        if (count > 0) {
            check(count);
        }
    }
    while (count > 0) {
        count--;
        pl_least_cut(least, count, 0);
    }
    check(1);
    assert_true(groups[0] >= PL_LEAST_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(room_is_in_whole_groups),
        cmocka_unit_test(the_first_of_equals_is_found),
        cmocka_unit_test(numbers_that_come_and_go_keep_their_least),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
