// SPDX-License-Identifier: Apache-2.0
//
// MurmurHash3_x64_128 (Austin Appleby, public domain) with a 64-bit seed in both words; with a
// seed below 2^32 it gives the published values. Names use FNV-1a with the splitmix64 finaliser.
#include "base/hash.h"

#include "base/check.h"
#include "base/random.h"

#include <string.h>

static const uint64_t multiplier_1 = UINT64_C(0x87c37b91114253d5);
static const uint64_t multiplier_2 = UINT64_C(0x4cf5ad432745937f);

static uint64_t rotate_left(uint64_t value, int bits)
{
    return (value << bits) | (value >> (64 - bits));
}

static uint64_t load_little_endian(const unsigned char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static uint64_t finalise(uint64_t word)
{
    word = (word ^ (word >> 33)) * UINT64_C(0xff51afd7ed558ccd);
    word = (word ^ (word >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
    return word ^ (word >> 33);
}

static uint64_t scramble_low(uint64_t word)
{
    return rotate_left(word * multiplier_1, 31) * multiplier_2;
}

static uint64_t scramble_high(uint64_t word)
{
    return rotate_left(word * multiplier_2, 33) * multiplier_1;
}

pl_hash128 pl_hash_bytes(const void *data, size_t size, uint64_t seed)
{
    PL_CHECK(data != NULL || size == 0);
    const unsigned char *bytes = data;
    uint64_t low = seed;
    uint64_t high = seed;
    size_t tail_size = size % 16;
    for (size_t i = 0; i + 16 <= size; i += 16) {
        low ^= scramble_low(load_little_endian(bytes + i));
        low = (rotate_left(low, 27) + high) * 5 + 0x52dce729;
        high ^= scramble_high(load_little_endian(bytes + i + 8));
        high = (rotate_left(high, 31) + low) * 5 + 0x38495ab5;
    }
    if (tail_size > 0) {
        unsigned char tail[16] = {0};
        memcpy(tail, bytes + (size - tail_size), tail_size);
        high ^= scramble_high(load_little_endian(tail + 8));
        low ^= scramble_low(load_little_endian(tail));
    }
    low ^= (uint64_t)size;
    high ^= (uint64_t)size;
    low += high;
    high += low;
    low = finalise(low);
    high = finalise(high);
    low += high;
    high += low;
    return (pl_hash128){low, high};
}

uint64_t pl_hash_name(const char *name)
{
    PL_CHECK(name != NULL);
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const char *c = name; *c != '\0'; c++) {
        hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
    }
    return pl_random_mix(hash);
}

void pl_hash_format(pl_hash128 hash, char *text)
{
    static const char digits[] = "0123456789abcdef";
    PL_CHECK(text != NULL);
    for (int i = 0; i < 16; i++) {
        text[i] = digits[(hash.low >> (60 - 4 * i)) & 15U];
        text[16 + i] = digits[(hash.high >> (60 - 4 * i)) & 15U];
    }
    text[32] = '\0';
}
