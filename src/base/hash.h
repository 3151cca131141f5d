// SPDX-License-Identifier: Apache-2.0
//
// A fast 128-bit hash for states and renderings. Not cryptographic: the evidence log is chained
// with libsodium in store/.
#ifndef PL_BASE_HASH_H
#define PL_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/** 128 bits as two words; compare both. */
typedef struct {
    uint64_t low;
    uint64_t high;
} pl_hash128;

enum { PL_HASH_TEXT_SIZE = 33 /* 32 hex digits and the terminator */ };

/**
 * Hash `size` bytes. The same bytes give the same value on every machine (little-endian loads).
 *
 * @param data  bytes, may be NULL when size is 0
 * @param size  number of bytes
 * @param seed  start value, lets hashes be chained
 */
pl_hash128 pl_hash_bytes(const void *data, size_t size, uint64_t seed);

/** 64-bit hash of a terminated string, for names turned into keys. */
uint64_t pl_hash_name(const char *name);

/**
 * Write 32 lower-case hex digits and a terminator.
 *
 * @param hash  value
 * @param text  filled, PL_HASH_TEXT_SIZE bytes
 */
void pl_hash_format(pl_hash128 hash, char *text);

#endif
