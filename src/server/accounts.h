// SPDX-License-Identifier: Apache-2.0
//
// Who may sign in, and who has: users with the hashes of their passwords, sign-ins with the hashes
// of their tokens, both in one file that is replaced as a whole (`accounts.json`, readable for its
// owner only). Any thread may call any function.
//
// A sign-in ends after 30 minutes without a request and after 12 hours in any case.
#ifndef PL_SERVER_ACCOUNTS_H
#define PL_SERVER_ACCOUNTS_H

#include "base/error.h"
#include "server/http.h"
#include "store/secret.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_ACCOUNTS_USERS_MAX = 500,
    PL_ACCOUNTS_SIGNINS_MAX = 2000, /* at once; the one unused longest makes room */
    PL_ACCOUNTS_IDLE_S = 30 * 60,
    PL_ACCOUNTS_LIFE_S = 12 * 3600
};

struct pl_accounts;

/**
 * Read the accounts of a data directory; there are none yet when the file is missing.
 *
 * @param accounts   filled with an owned handle for pl_accounts_close
 * @param directory  of the data, must exist
 * @param err        filled on failure
 * @return PL_OK, PL_CORRUPT (the file is not what was written), PL_IO or PL_NO_MEMORY
 */
pl_status pl_accounts_open(struct pl_accounts **accounts, const char *directory, pl_error *err)
    __attribute__((warn_unused_result));

/** Free the handle; everything is on disk already. NULL is allowed. */
void pl_accounts_close(struct pl_accounts *accounts);

/** Number of users. */
uint32_t pl_accounts_count(struct pl_accounts *accounts);

/**
 * Bring a name into the one form in which it is kept: small letters, no spaces around.
 *
 * @param canonical  filled
 * @param name       letters, digits and `.-_@+`, 1..64 bytes
 * @return PL_OK or PL_BAD_INPUT
 */
pl_status pl_accounts_canonical(char canonical[PL_HTTP_USER_MAX], const char *name, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Add a user. Hashes the password: about 0.1 s, not for the loop's thread.
 *
 * @param name      in any case
 * @param password  see pl_secret_check_choice
 * @param roles     PL_ROLE_ bits
 * @return PL_OK, PL_BAD_INPUT, PL_CONFLICT (the name is taken), PL_LIMIT, PL_NO_MEMORY or PL_IO
 */
pl_status pl_accounts_add(struct pl_accounts *accounts,
                          const char *name,
                          const char *password,
                          uint32_t roles,
                          pl_error *err) __attribute__((warn_unused_result));

/**
 * Sign in. Takes equally long whether the user exists or not; not for the loop's thread.
 *
 * @param token  filled with a new token
 * @return PL_OK, PL_NOT_FOUND (name and password do not fit together) or PL_IO
 */
pl_status pl_accounts_sign_in(struct pl_accounts *accounts,
                              const char *name,
                              const char *password,
                              char token[PL_SECRET_TOKEN_SIZE],
                              pl_error *err) __attribute__((warn_unused_result));

/**
 * Find who a token belongs to, and note that it was used.
 *
 * @param user  filled when it is valid
 * @return false when it is unknown or has ended
 */
bool pl_accounts_find(struct pl_accounts *accounts, const char *token, struct pl_http_user *user);

/** End the sign-in of a token; nothing happens when there is none. */
pl_status pl_accounts_sign_out(struct pl_accounts *accounts, const char *token, pl_error *err)
    __attribute__((warn_unused_result));

#endif
