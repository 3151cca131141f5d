// SPDX-License-Identifier: Apache-2.0
//
// Accounts in memory, shared by what keeps them (accounts_file.h) and what changes them
// (accounts.h).
#ifndef PL_SERVER_ACCOUNTS_TYPES_H
#define PL_SERVER_ACCOUNTS_TYPES_H

#include "os/file.h"
#include "os/mutex.h"
#include "server/accounts.h"
#include "store/totp.h"

#include <stdbool.h>
#include <stdint.h>

/** Somebody who can sign in. */
struct pl_accounts_user {
    char name[PL_HTTP_USER_MAX];
    char password[PL_SECRET_PASSWORD_HASH_SIZE]; /* hash */
    uint32_t roles;
    bool disabled;
    char totp[PL_TOTP_SECRET_SIZE];    /* secret of the codes, "": none are asked for */
    char pending[PL_TOTP_SECRET_SIZE]; /* shown, and not confirmed by a code; not kept */
    uint64_t totp_step;                /* of the last code that was taken */
    char recovery[PL_ACCOUNTS_RECOVERY_CODES][PL_SECRET_TOKEN_HASH_SIZE]; /* hashes, "": used */
};

/** A sign-in. */
struct pl_accounts_entry {
    char token[PL_SECRET_TOKEN_HASH_SIZE]; /* hash */
    char name[PL_HTTP_USER_MAX];
    char from[PL_ACCOUNTS_FROM_SIZE]; /* address */
    int64_t begun_s;                  /* wall clock */
    int64_t used_s;
};

/** All accounts and sign-ins, as they are kept. */
struct pl_accounts {
    struct pl_mutex *mutex; /* guards all below */
    char path[PL_FILE_PATH_MAX];
    char nobody[PL_SECRET_PASSWORD_HASH_SIZE]; /* a hash that no password has */
    bool require_codes;                        /* without codes nobody may more than turn them on */
    uint32_t user_count;
    uint32_t sign_in_count;
    struct pl_accounts_user users[PL_ACCOUNTS_USERS_MAX];
    struct pl_accounts_entry sign_ins[PL_ACCOUNTS_SIGNINS_MAX];
};

#endif
