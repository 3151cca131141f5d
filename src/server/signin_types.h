// SPDX-License-Identifier: Apache-2.0
//
// The inside of sign-in, shared by signing in and by what one does with an account.
#ifndef PL_SERVER_SIGNIN_TYPES_H
#define PL_SERVER_SIGNIN_TYPES_H

#include "os/beside.h"
#include "server/limiter.h"
#include "server/signin.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { PL_SIGNIN_BODY_MAX = 2048 /* bytes of a body with a name and a password */ };

/** Members of a struct pl_route that takes a small JSON body, `most` times in a minute (0: any). */
#define PL_SIGNIN_TAKES(run, most) \
    .method = PL_METHOD_POST, .body_max = PL_SIGNIN_BODY_MAX, .per_minute = (most), .handle = (run)

/** Who signs in, and how far that is. */
struct pl_signin {
    struct pl_signin_def def;
    struct pl_beside *threads[PL_SECRET_AT_ONCE];
    atomic_uint waiting;
    uint32_t next;                          /* thread of the next request; the loop's thread only */
    struct pl_limiter limiter;              /* the loop's thread only */
    char setup_token[PL_SECRET_TOKEN_SIZE]; /* "" when there is none any more */
    int64_t setup_ns;                       /* when it was drawn */
    atomic_bool setup_done;
};

/** Copy the token of a request; false when it brings none. */
bool pl_signin_token(const struct pl_http_request *request, char token[PL_SECRET_TOKEN_SIZE]);

/** Hand a request to a thread that may hash; the loop's thread. */
void pl_signin_queue(struct pl_signin *signin, struct pl_http_request *request);

/** Put an event of a request into the audit log; `of` may be NULL. */
void pl_signin_note(struct pl_signin *signin,
                    const struct pl_http_request *request,
                    const char *what,
                    const char *of,
                    bool good);

/** Answer somebody who could not prove who they are; the request is taken. */
void pl_signin_refuse(struct pl_http_request *request, enum pl_accounts_answer answer);

#endif
