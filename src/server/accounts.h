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
#include "store/totp.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_ACCOUNTS_USERS_MAX = 500,
    PL_ACCOUNTS_SIGNINS_MAX = 1500, /* at once; the one unused longest makes room */
    PL_ACCOUNTS_IDLE_S = 30 * 60,
    PL_ACCOUNTS_LIFE_S = 12 * 3600,
    PL_ACCOUNTS_RECOVERY_CODES = 8,
    PL_ACCOUNTS_RECOVERY_SIZE = 17, /* bytes of a recovery code with its terminator: 80 bits */
    PL_ACCOUNTS_FROM_SIZE = 46,     /* bytes of an address */
    PL_ACCOUNTS_ID_SIZE = 17        /* bytes of what names a sign-in */
};

/** What somebody says to be let in. */
struct pl_accounts_proof {
    const char *name;
    const char *password;
    const char *code; /* by time or for recovery; NULL or "": none */
};

/** What became of it. */
enum pl_accounts_answer {
    PL_ACCOUNTS_GOOD,
    PL_ACCOUNTS_RECOVERED, /* good by a recovery code, which is used up now */
    PL_ACCOUNTS_WRONG,     /* name and password do not fit together, or the account is disabled */
    PL_ACCOUNTS_NEEDS_CODE,
    PL_ACCOUNTS_WRONG_CODE,
    PL_ACCOUNTS_BROKEN /* it could not be kept */
};

/** A sign-in as its user sees it. */
struct pl_accounts_seen {
    char id[PL_ACCOUNTS_ID_SIZE];
    char from[PL_ACCOUNTS_FROM_SIZE];
    int64_t begun_s; /* seconds since 1970 */
    int64_t used_s;
    bool current; /* the one that asks */
};

/** An account as administrators see it. */
struct pl_accounts_user_seen {
    const char *name;
    uint32_t roles;
    bool disabled;
    bool codes; /* codes by time are asked for */
};

/** Recovery codes, to be shown once. */
struct pl_accounts_recovery {
    char codes[PL_ACCOUNTS_RECOVERY_CODES][PL_ACCOUNTS_RECOVERY_SIZE];
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

/**
 * Have everybody use codes by time: until somebody has turned them on, pl_accounts_find gives them
 * PL_ROLE_STAFF alone, with which that can be done. Nobody turns them off then.
 */
void pl_accounts_require_codes(struct pl_accounts *accounts);

/** Number of users. */
uint32_t pl_accounts_count(struct pl_accounts *accounts);

/** True when there is an account with this canonical name. */
bool pl_accounts_has(struct pl_accounts *accounts, const char *name);

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
 * Check a password and, where codes are asked for, a code; each code is good once. Takes equally
 * long whether the user exists or not; not for the loop's thread.
 */
enum pl_accounts_answer pl_accounts_check(struct pl_accounts *accounts,
                                          const struct pl_accounts_proof *proof);

/**
 * Begin a sign-in of somebody who was checked.
 *
 * @param name   in any case
 * @param from   address
 * @param token  filled with a new token
 * @return PL_OK or PL_IO
 */
pl_status pl_accounts_sign_in(struct pl_accounts *accounts,
                              const char *name,
                              const char *from,
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

/** Show all sign-ins of a user that have not ended; `token` is of the one that asks. */
void pl_accounts_visit_sign_ins(struct pl_accounts *accounts,
                                const char *name,
                                const char *token,
                                void (*visit)(void *context, const struct pl_accounts_seen *seen),
                                void *context);

/**
 * End sign-ins of a user.
 *
 * @param name   canonical
 * @param id     of one; NULL: all
 * @param token  of one that stays; NULL: none stays
 * @param ended  filled with their number
 * @return PL_OK or PL_IO
 */
pl_status pl_accounts_end_sign_ins(struct pl_accounts *accounts,
                                   const char *name,
                                   const char *id,
                                   const char *token,
                                   uint32_t *ended,
                                   pl_error *err) __attribute__((warn_unused_result));

/** Show all accounts. */
void pl_accounts_visit_users(struct pl_accounts *accounts,
                             void (*visit)(void *context, const struct pl_accounts_user_seen *seen),
                             void *context);

/** Set a password; all sign-ins but that of `token` end. As pl_accounts_add, or PL_NOT_FOUND. */
pl_status pl_accounts_set_password(struct pl_accounts *accounts,
                                   const char *name,
                                   const char *password,
                                   const char *token,
                                   pl_error *err) __attribute__((warn_unused_result));

/** Disable an account, which ends its sign-ins, or enable it. PL_OK, PL_NOT_FOUND or PL_IO. */
pl_status
pl_accounts_disable(struct pl_accounts *accounts, const char *name, bool disabled, pl_error *err)
    __attribute__((warn_unused_result));

/** Draw a secret for codes; they are asked for once one was confirmed. PL_OK, PL_NOT_FOUND or
 * PL_CONFLICT (they are asked for already). */
pl_status pl_accounts_begin_codes(struct pl_accounts *accounts,
                                  const char *name,
                                  char secret[PL_TOTP_SECRET_SIZE],
                                  pl_error *err) __attribute__((warn_unused_result));

/** Ask for codes from now on, when `code` is one; fills the recovery codes. PL_OK, PL_NOT_FOUND,
 * PL_BAD_INPUT or PL_IO. */
pl_status pl_accounts_confirm_codes(struct pl_accounts *accounts,
                                    const char *name,
                                    const char *code,
                                    struct pl_accounts_recovery *recovery,
                                    pl_error *err) __attribute__((warn_unused_result));

/** Ask for codes no more. PL_OK, PL_NOT_FOUND, PL_IO, or PL_CONFLICT when all have to use
 * them. */
pl_status pl_accounts_remove_codes(struct pl_accounts *accounts, const char *name, pl_error *err)
    __attribute__((warn_unused_result));

#endif
