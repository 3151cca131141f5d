// SPDX-License-Identifier: Apache-2.0
#include "store/totp.h"

#include "base/check.h"

#include <sodium.h>
#include <string.h>

enum { BLOCK = 64, LENGTH_AT = 56, ROUNDS = 80, WORDS = 16, CODES = 1000000 };

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* ---- SHA-1 and HMAC ---------------------------------------------------------------------------
 */

/* A hash that goes on block by block. */
struct sha1 {
    uint32_t h[5];
    uint8_t block[BLOCK];
    size_t filled;
    uint64_t size;
};

static uint32_t rotated(uint32_t x, unsigned by)
{
    return x << by | x >> (32 - by);
}

static uint32_t read_word(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Function and constant of a round. */
static uint32_t mixed(uint32_t round, uint32_t b, uint32_t c, uint32_t d)
{
    if (round < 20) {
        return ((b & c) | (~b & d)) + 0x5a827999U;
    }
    if (round < 40) {
        return (b ^ c ^ d) + 0x6ed9eba1U;
    }
    if (round < 60) {
        return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdcU;
    }
    return (b ^ c ^ d) + 0xca62c1d6U;
}

static void take_block(struct sha1 *sha)
{
    uint32_t w[ROUNDS];
    uint32_t v[5];
    memcpy(v, sha->h, sizeof v);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        w[i] = i < WORDS ? read_word(sha->block + 4 * (size_t)i)
                         : rotated(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        uint32_t next = rotated(v[0], 5) + mixed(i, v[1], v[2], v[3]) + v[4] + w[i];
        v[4] = v[3];
        v[3] = v[2];
        v[2] = rotated(v[1], 30);
        v[1] = v[0];
        v[0] = next;
    }
    for (uint32_t i = 0; i < 5; i++) {
        sha->h[i] += v[i];
    }
    sha->filled = 0;
}

static void begin(struct sha1 *sha)
{
    *sha = (struct sha1){.h = {0x67452301U, 0xefcdab89U, 0x98badcfeU, 0x10325476U, 0xc3d2e1f0U}};
}

static void take(struct sha1 *sha, const uint8_t *data, size_t size)
{
    sha->size += size;
    for (size_t i = 0; i < size; i++) {
        sha->block[sha->filled++] = data[i];
        if (sha->filled == BLOCK) {
            take_block(sha);
        }
    }
}

static void end(struct sha1 *sha, uint8_t hash[PL_TOTP_HASH_BYTES])
{
    const uint64_t bits = sha->size * 8;
    const uint8_t mark = 0x80;
    const uint8_t zero = 0;
    uint8_t length[8];
    take(sha, &mark, 1);
    while (sha->filled != LENGTH_AT) {
        take(sha, &zero, 1);
    }
    for (uint32_t i = 0; i < sizeof length; i++) {
        length[i] = (uint8_t)(bits >> (56 - 8 * i));
    }
    take(sha, length, sizeof length);
    for (uint32_t i = 0; i < PL_TOTP_HASH_BYTES; i++) {
        hash[i] = (uint8_t)(sha->h[i / 4] >> (24 - 8 * (i % 4)));
    }
}

void pl_totp_sha1(uint8_t hash[PL_TOTP_HASH_BYTES], const uint8_t *data, size_t size)
{
    PL_CHECK(hash != NULL && (data != NULL || size == 0));
    struct sha1 sha;
    begin(&sha);
    take(&sha, data, size);
    end(&sha, hash);
}

/* HMAC (RFC 2104) of eight bytes with a key shorter than a block. */
static void sign(uint8_t hash[PL_TOTP_HASH_BYTES],
                 const uint8_t key[PL_TOTP_SECRET_BYTES],
                 const uint8_t message[8])
{
    uint8_t pad[BLOCK] = {0};
    struct sha1 sha;
    memcpy(pad, key, PL_TOTP_SECRET_BYTES);
    for (size_t i = 0; i < BLOCK; i++) {
        pad[i] ^= 0x36;
    }
    begin(&sha);
    take(&sha, pad, sizeof pad);
    take(&sha, message, 8);
    end(&sha, hash);
    for (size_t i = 0; i < BLOCK; i++) {
        pad[i] ^= 0x36 ^ 0x5c;
    }
    begin(&sha);
    take(&sha, pad, sizeof pad);
    take(&sha, hash, PL_TOTP_HASH_BYTES);
    end(&sha, hash);
    sodium_memzero(pad, sizeof pad);
}

/* ---- Codes ------------------------------------------------------------------------------------
 */

void pl_totp_draw(char secret[PL_TOTP_SECRET_SIZE])
{
    uint8_t bytes[PL_TOTP_SECRET_SIZE];
    int failed = sodium_init();
    PL_CHECK(failed >= 0 && secret != NULL);
    randombytes_buf(bytes, sizeof bytes);
    for (size_t i = 0; i < PL_TOTP_SECRET_SIZE - 1; i++) {
        secret[i] = letters[bytes[i] % 32];
    }
    secret[PL_TOTP_SECRET_SIZE - 1] = '\0';
    sodium_memzero(bytes, sizeof bytes);
}

/* Bytes of a secret (RFC 4648, base 32 without padding). */
static void read_secret(const char *secret, uint8_t bytes[PL_TOTP_SECRET_BYTES])
{
    uint32_t kept = 0;
    uint32_t bits = 0;
    size_t filled = 0;
    PL_CHECK(strlen(secret) == PL_TOTP_SECRET_SIZE - 1);
    for (const char *at = secret; *at != '\0'; at++) {
        const char *letter = strchr(letters, *at);
        PL_CHECK(letter != NULL);
        kept = (kept << 5 | (uint32_t)(letter - letters)) & 0xffff;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes[filled++] = (uint8_t)(kept >> bits);
        }
    }
}

uint32_t pl_totp_code(const char *secret, uint64_t step)
{
    PL_CHECK(secret != NULL);
    uint8_t key[PL_TOTP_SECRET_BYTES];
    uint8_t hash[PL_TOTP_HASH_BYTES];
    uint8_t message[8];
    read_secret(secret, key);
    for (uint32_t i = 0; i < sizeof message; i++) {
        message[i] = (uint8_t)(step >> (56 - 8 * i));
    }
    sign(hash, key, message);
    sodium_memzero(key, sizeof key);
    size_t at = hash[PL_TOTP_HASH_BYTES - 1] & 0xf;
    return (read_word(hash + at) & 0x7fffffffU) % CODES;
}

bool pl_totp_check(
    const char *secret, const char *text, int64_t at_s, uint64_t last, uint64_t *step)
{
    PL_CHECK(secret != NULL && text != NULL && step != NULL && at_s >= PL_TOTP_STEP_S);
    if (strlen(text) != PL_TOTP_DIGITS || strspn(text, "0123456789") != PL_TOTP_DIGITS) {
        return false;
    }
    uint32_t typed = 0;
    for (const char *at = text; *at != '\0'; at++) {
        typed = typed * 10 + (uint32_t)(*at - '0');
    }
    uint64_t present = (uint64_t)at_s / PL_TOTP_STEP_S;
    bool good = false;
    for (uint64_t at = present - 1; at <= present + 1; at++) {
        bool fits = pl_totp_code(secret, at) == typed && at > last;
        *step = fits ? at : *step;
        good = good || fits;
    }
    return good;
}

void pl_totp_put_uri(struct pl_buf *buf, const char *secret, const char *name)
{
    PL_CHECK(buf != NULL && secret != NULL && name != NULL);
    pl_buf_puts(buf, "otpauth://totp/Plumbline:");
    for (const char *at = name; *at != '\0'; at++) {
        if (*at == '@' || *at == '+') {
            pl_buf_puts(buf, *at == '@' ? "%40" : "%2B");
        } else {
            pl_buf_put(buf, at, 1);
        }
    }
    pl_buf_printf(buf,
                  "?secret=%s&issuer=Plumbline&algorithm=SHA1&digits=%d&period=%d",
                  secret,
                  PL_TOTP_DIGITS,
                  PL_TOTP_STEP_S);
}
