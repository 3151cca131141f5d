// SPDX-License-Identifier: Apache-2.0
//
// Signing in by name and password, for servers that others than their owner reach.
//
//   /setup#TOKEN  /signin             pages (the token stays in the browser: it follows a `#`)
//   POST /api/setup                   first account, with the one-time token; 404 afterwards
//   POST /api/signin, /api/signout    cookie `__Host-plumb`: HttpOnly, Secure, SameSite=Lax
//   GET /api/me                       who is signed in
//   POST /api/users                   a further account, by an administrator
//
// Browsers drop a `__Host-` cookie that comes by plain http from anywhere but the own machine,
// which looks like a sign-in that forgets itself. Such visits get a page that says so instead.
#ifndef PL_SERVER_SIGNIN_H
#define PL_SERVER_SIGNIN_H

#include "server/accounts.h"
#include "server/asset.h"
#include "server/http.h"
#include "store/trail.h"

struct pl_signin;

/** How people sign in. */
struct pl_signin_def {
    struct pl_accounts *accounts;   /* borrowed */
    const struct pl_assets *assets; /* the client, borrowed */
    struct pl_trail *trail;         /* audit log, borrowed; NULL: none */
    const char *data;               /* directory of the audit log, borrowed; NULL: none */
    bool insecure_lan; /* plain http from other machines is accepted, with a cookie that may leak */
};

/**
 * Start the threads that hash passwords, at most PL_SECRET_AT_ONCE.
 *
 * @param signin  filled with an owned handle for pl_signin_close
 * @param def     copied
 * @return PL_OK, PL_NO_MEMORY or PL_LIMIT
 */
pl_status pl_signin_open(struct pl_signin **signin, const struct pl_signin_def *def, pl_error *err)
    __attribute__((warn_unused_result));

/** End the threads and free the handle; after pl_http_run, before pl_http_close. NULL is allowed.
 */
void pl_signin_close(struct pl_signin *signin);

/** One-time token of the setup, drawn when there is no account; NULL when there is one. */
const char *pl_signin_setup_token(struct pl_signin *signin);

/** The routes. */
struct pl_routes pl_signin_routes(struct pl_signin *signin);

/** The `identify` of pl_http_def; `context` is a struct pl_signin. */
void pl_signin_identify(void *context,
                        const struct pl_http_request *request,
                        struct pl_http_user *user);

/** The `forbidden` of pl_http_def: such refusals are in the audit log, a few per user and minute.
 */
void pl_signin_forbidden(void *context, const struct pl_http_request *request);

/** The `fallback` of pl_http_def: pages for who is signed in; `context` is a struct pl_signin. */
void pl_signin_fallback(void *context, struct pl_http_request *request);

#endif
