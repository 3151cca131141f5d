// SPDX-License-Identifier: Apache-2.0
//
// Hashes of the evidence log: BLAKE2b-256 of libsodium over framed fields.
//
// Framing is unambiguous: a domain tag, then every number as eight little-endian bytes and every
// text behind its length, so no two different headers or entries give the same input.
#ifndef PL_STORE_CHAIN_H
#define PL_STORE_CHAIN_H

#include "store/store.h"

#include <stdbool.h>

enum { PL_CHAIN_TEXT_SIZE = 2 * PL_STORE_HASH_SIZE + 1 /* hex digits and the terminator */ };

/** Hash of a session's header without its state and entry_count. */
void pl_chain_genesis(const struct pl_store_session *session, uint8_t hash[PL_STORE_HASH_SIZE]);

/** Hash of an entry from its previous hash, seq, t_ns, kind and body. */
void pl_chain_entry(const struct pl_store_entry *entry, uint8_t hash[PL_STORE_HASH_SIZE]);

/** Progress of a verification. */
struct pl_chain {
    const char *session;              /* id for messages, borrowed */
    int64_t seq;                      /* of the last good entry, 0 at the start */
    int64_t t_ns;                     /* of the last good entry */
    uint8_t head[PL_STORE_HASH_SIZE]; /* hash of the last good entry, or the genesis */
};

/** Start at the genesis of a session, which is borrowed as long as the chain is used. */
void pl_chain_begin(struct pl_chain *chain, const struct pl_store_session *session);

/**
 * Check that `entry` follows, and step on.
 *
 * @param chain  changed when the entry is good
 * @param entry  complete entry
 * @param pos    place for the error, may be NULL
 * @param err    filled on failure, names the seq
 * @return PL_OK or PL_CORRUPT
 */
pl_status pl_chain_step(struct pl_chain *chain,
                        const struct pl_store_entry *entry,
                        const pl_pos *pos,
                        pl_error *err) __attribute__((warn_unused_result));

/** Make the entry that follows: fills seq, previous and hash of `entry`; the chain stays. */
void pl_chain_next(const struct pl_chain *chain, struct pl_store_entry *entry);

/** True for 1..31 lower-case letters and _. */
bool pl_chain_is_kind(pl_slice kind);

/** True for 1..PL_STORE_BODY_MAX bytes without control characters. */
bool pl_chain_is_body(pl_slice body);

/** Write a hash as 64 hex digits and a terminator. */
void pl_chain_format(const uint8_t hash[PL_STORE_HASH_SIZE], char text[PL_CHAIN_TEXT_SIZE]);

#endif
