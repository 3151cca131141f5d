// SPDX-License-Identifier: Apache-2.0
//
// One-time codes by time, as apps on phones show them: six digits, SHA-1, steps of 30 seconds.
//
// SHA-1 stands here because nearly all apps know no other hash for this, and libsodium has none of
// it. Nothing hangs on its collisions: what is needed of it is that codes tell nothing about the
// secret, which HMAC-SHA-1 still gives.
#ifndef PL_STORE_TOTP_H
#define PL_STORE_TOTP_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PL_TOTP_SECRET_BYTES = 20, /* RFC 4226, section 4: at least 16, better 20 */
    PL_TOTP_SECRET_SIZE = 33,  /* the same in base 32, with the terminator */
    PL_TOTP_DIGITS = 6,
    PL_TOTP_STEP_S = 30,
    PL_TOTP_URI_SIZE = 320, /* bytes that any URI fits, with the terminator */
    PL_TOTP_HASH_BYTES = 20
};

/**
 * SHA-1 of bytes.
 *
 * @source FIPS 180-4, section 6.1
 */
void pl_totp_sha1(uint8_t hash[PL_TOTP_HASH_BYTES], const uint8_t *data, size_t size);

/** Draw a secret: letters A to Z and digits 2 to 7. */
void pl_totp_draw(char secret[PL_TOTP_SECRET_SIZE]);

/**
 * The code of a step.
 *
 * @param secret  as drawn (checked)
 * @param step    seconds since 1970 over PL_TOTP_STEP_S
 * @return 0..999,999
 * @source RFC 6238, section 4; RFC 4226, section 5.3
 */
uint32_t pl_totp_code(const char *secret, uint64_t step);

/**
 * Find the step of a code that somebody typed. A code of the step before and after counts too, for
 * clocks that differ.
 *
 * @param secret  as drawn
 * @param text    six digits; anything may stand there
 * @param at_s    seconds since 1970
 * @param last    step of the last code that was taken: only later ones count, so that none is good
 *                twice
 * @param step    filled
 * @return false when the code is not good
 */
bool pl_totp_check(
    const char *secret, const char *text, int64_t at_s, uint64_t last, uint64_t *step);

/** Put the address that apps read, `otpauth://totp/...`; `name` is letters, digits and `.-_@+`. */
void pl_totp_put_uri(struct pl_buf *buf, const char *secret, const char *name);

#endif
