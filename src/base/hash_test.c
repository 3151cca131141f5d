// SPDX-License-Identifier: Apache-2.0
//
// The hash agrees with published values of MurmurHash3_x64_128 and reacts to every bit.
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void published_values(void **state)
{
    (void)state;
    static const struct {
        const char *input;
        const char *expected;
    } cases[] = {
        {"", "00000000000000000000000000000000"},
        {"hello", "cbd8a7b341bd9b025b1e906a48ae1d19"},
        {"The quick brown fox jumps over the lazy dog", "e34bbc7bbc071b6c7a433ca9c49a9347"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[PL_HASH_TEXT_SIZE];
        pl_hash_format(pl_hash_bytes(cases[i].input, strlen(cases[i].input), 0), text);
        assert_string_equal(text, cases[i].expected);
    }
}

static void each_bit_and_the_seed_matter(void **state)
{
    (void)state;
    unsigned char data[37] = {0};
    pl_hash128 zero = pl_hash_bytes(data, sizeof data, 0);
    for (size_t bit = 0; bit < sizeof data * 8; bit++) {
        data[bit / 8] ^= (unsigned char)(1U << (bit % 8));
        pl_hash128 hash = pl_hash_bytes(data, sizeof data, 0);
        assert_true(hash.low != zero.low && hash.high != zero.high);
        data[bit / 8] ^= (unsigned char)(1U << (bit % 8));
    }
    assert_true(pl_hash_bytes(data, sizeof data, 1).low != zero.low);
    assert_true(pl_hash_bytes(data, sizeof data, UINT64_C(1) << 40).low != zero.low);
    assert_true(pl_hash_bytes(data, sizeof data - 1, 0).low != zero.low);
    assert_true(pl_hash_bytes(data, sizeof data, 0).low == zero.low);
}

static void unaligned_data_gives_the_same_value(void **state)
{
    (void)state;
    unsigned char memory[64];
    for (size_t i = 0; i < sizeof memory; i++) {
        memory[i] = (unsigned char)(i * 7);
    }
    pl_hash128 at_zero = pl_hash_bytes(memory, 40, 5);
    memmove(memory + 3, memory, 40);
    pl_hash128 at_three = pl_hash_bytes(memory + 3, 40, 5);
    assert_true(at_zero.low == at_three.low && at_zero.high == at_three.high);
}

static void names_differ(void **state)
{
    (void)state;
    assert_true(pl_hash_name("orders-db") == pl_hash_name("orders-db"));
    assert_true(pl_hash_name("orders-db") != pl_hash_name("orders-dc"));
    assert_true(pl_hash_name("") != pl_hash_name("a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_values),
        cmocka_unit_test(each_bit_and_the_seed_matter),
        cmocka_unit_test(unaligned_data_gives_the_same_value),
        cmocka_unit_test(names_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
