// SPDX-License-Identifier: Apache-2.0
//
// Secrets: tokens that are drawn, and passwords that people choose. What is kept of either is a
// hash: of a token by BLAKE2b, since it cannot be guessed; of a password by Argon2id with 64 MiB.
#ifndef PL_STORE_SECRET_H
#define PL_STORE_SECRET_H

#include "base/error.h"

#include <stdbool.h>

enum {
    PL_SECRET_TOKEN_SIZE = 44,      /* 32 bytes as letters, with the terminator */
    PL_SECRET_TOKEN_HASH_SIZE = 65, /* BLAKE2b-256 in hex, with the terminator */
    PL_SECRET_PASSWORD_HASH_SIZE = 128,
    PL_SECRET_PASSWORD_MIN = 8,   /* bytes of a password */
    PL_SECRET_PASSWORD_MAX = 256, /* the same; nothing is cut off */
    PL_SECRET_AT_ONCE = 2         /* passwords that may be hashed at once: 64 MiB each */
};

/** Draw a token of 256 bits: letters, digits, `-` and `_`. */
void pl_secret_token(char token[PL_SECRET_TOKEN_SIZE]);

/** Hash of a token, any text, as it is kept. */
void pl_secret_hash_token(char hash[PL_SECRET_TOKEN_HASH_SIZE], const char *token);

/** Compare two hashes in a time that does not depend on them. */
bool pl_secret_same_hash(const char *a, const char *b);

/**
 * Say whether a password may be chosen: long enough, not among those that everybody tries, not the
 * user's own name. Nothing else is asked of it.
 *
 * @param password  terminated
 * @param name      of the user
 * @param err       sentence
 * @return PL_OK or PL_BAD_INPUT
 */
pl_status pl_secret_check_choice(const char *password, const char *name, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Hash a password with Argon2id (64 MiB, 2 passes); about 0.1 s.
 *
 * @return PL_OK or PL_NO_MEMORY
 * @source RFC 9106
 */
pl_status pl_secret_hash_password(char hash[PL_SECRET_PASSWORD_HASH_SIZE],
                                  const char *password,
                                  pl_error *err) __attribute__((warn_unused_result));

/** True when the hash is that of the password; takes as long as hashing it. */
bool pl_secret_check_password(const char *hash, const char *password);

#endif
