// SPDX-License-Identifier: Apache-2.0
#include "store/chain.h"

#include "base/check.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static_assert(PL_STORE_HASH_SIZE == crypto_generichash_BYTES, "BLAKE2b-256");

/* Domain tags with their terminators; the number is the version of the framing. */
static const char session_tag[] = "plumbline session 1";
static const char entry_tag[] = "plumbline entry 1";

static void put_bytes(crypto_generichash_state *state, const void *bytes, size_t size)
{
    int failed = crypto_generichash_update(state, bytes, size);
    PL_CHECK(failed == 0);
}

static void put_number(crypto_generichash_state *state, uint64_t number)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(number >> (8 * i));
    }
    put_bytes(state, bytes, sizeof bytes);
}

static void put_text(crypto_generichash_state *state, pl_slice text)
{
    put_number(state, text.size);
    put_bytes(state, text.data, text.size);
}

static void begin_hash(crypto_generichash_state *state, const char *tag, size_t size)
{
    int failed = crypto_generichash_init(state, NULL, 0, PL_STORE_HASH_SIZE);
    PL_CHECK(failed == 0);
    put_bytes(state, tag, size);
}

static void end_hash(crypto_generichash_state *state, uint8_t hash[PL_STORE_HASH_SIZE])
{
    int failed = crypto_generichash_final(state, hash, PL_STORE_HASH_SIZE);
    PL_CHECK(failed == 0);
}

void pl_chain_genesis(const struct pl_store_session *session, uint8_t hash[PL_STORE_HASH_SIZE])
{
    PL_CHECK(session != NULL && hash != NULL);
    crypto_generichash_state state;
    begin_hash(&state, session_tag, sizeof session_tag);
    put_text(&state, pl_slice_of(session->id));
    put_text(&state, pl_slice_of(session->scenario));
    put_text(&state, pl_slice_of(session->pack_hash));
    put_text(&state, pl_slice_of(session->engine));
    put_text(&state, pl_slice_of(session->clock));
    put_text(&state, pl_slice_of(session->created_at));
    put_number(&state, (uint64_t)session->seed);
    end_hash(&state, hash);
}

void pl_chain_entry(const struct pl_store_entry *entry, uint8_t hash[PL_STORE_HASH_SIZE])
{
    PL_CHECK(entry != NULL && hash != NULL);
    crypto_generichash_state state;
    begin_hash(&state, entry_tag, sizeof entry_tag);
    put_bytes(&state, entry->previous, PL_STORE_HASH_SIZE);
    put_number(&state, (uint64_t)entry->seq);
    put_number(&state, (uint64_t)entry->t_ns);
    put_text(&state, entry->kind);
    put_text(&state, entry->body);
    end_hash(&state, hash);
}

void pl_chain_begin(struct pl_chain *chain, const struct pl_store_session *session)
{
    PL_CHECK(chain != NULL && session != NULL);
    chain->session = session->id;
    chain->seq = 0;
    chain->t_ns = 0;
    pl_chain_genesis(session, chain->head);
}

static pl_status broken(
    const struct pl_chain *chain, int64_t seq, const char *reason, const pl_pos *pos, pl_error *err)
{
    return pl_fail(err,
                   PL_CORRUPT,
                   pos,
                   "the log of session %s breaks at entry %lld: %s; entries up to %lld are good",
                   chain->session,
                   (long long)seq,
                   reason,
                   (long long)chain->seq);
}

pl_status pl_chain_step(struct pl_chain *chain,
                        const struct pl_store_entry *entry,
                        const pl_pos *pos,
                        pl_error *err)
{
    PL_CHECK(chain != NULL && entry != NULL);
    int64_t expected = chain->seq + 1;
    if (entry->seq != expected) {
        return broken(chain, expected, "it is missing or out of order", pos, err);
    }
    if (memcmp(entry->previous, chain->head, PL_STORE_HASH_SIZE) != 0) {
        return broken(chain,
                      expected,
                      expected == 1 ? "it does not belong to the header of the session"
                                    : "it does not follow the entry before",
                      pos,
                      err);
    }
    uint8_t hash[PL_STORE_HASH_SIZE];
    pl_chain_entry(entry, hash);
    if (memcmp(entry->hash, hash, PL_STORE_HASH_SIZE) != 0) {
        return broken(chain, expected, "its contents do not match its hash", pos, err);
    }
    if (!pl_chain_is_kind(entry->kind) || !pl_chain_is_body(entry->body) ||
        entry->t_ns < chain->t_ns) {
        return broken(chain, expected, "it is not a valid entry", pos, err);
    }
    chain->seq = expected;
    chain->t_ns = entry->t_ns;
    memcpy(chain->head, hash, PL_STORE_HASH_SIZE);
    return PL_OK;
}

void pl_chain_next(const struct pl_chain *chain, struct pl_store_entry *entry)
{
    PL_CHECK(chain != NULL && entry != NULL);
    entry->seq = chain->seq + 1;
    memcpy(entry->previous, chain->head, PL_STORE_HASH_SIZE);
    pl_chain_entry(entry, entry->hash);
}

bool pl_chain_is_kind(pl_slice kind)
{
    for (size_t i = 0; i < kind.size; i++) {
        char c = kind.data[i];
        if (!((c >= 'a' && c <= 'z') || c == '_')) {
            return false;
        }
    }
    return kind.size >= 1 && kind.size < PL_STORE_KIND_SIZE;
}

bool pl_chain_is_body(pl_slice body)
{
    for (size_t i = 0; i < body.size; i++) {
        if ((unsigned char)body.data[i] < 0x20) {
            return false;
        }
    }
    return body.size >= 1 && body.size <= PL_STORE_BODY_MAX;
}

void pl_chain_format(const uint8_t hash[PL_STORE_HASH_SIZE], char text[PL_CHAIN_TEXT_SIZE])
{
    PL_CHECK(hash != NULL && text != NULL);
    (void)sodium_bin2hex(text, PL_CHAIN_TEXT_SIZE, hash, PL_STORE_HASH_SIZE);
}
