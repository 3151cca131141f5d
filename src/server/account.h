// SPDX-License-Identifier: Apache-2.0
//
// What people do with their own account, and administrators with all: sign-ins, password, codes by
// time, disabling, the audit log. With the page `/account`.
#ifndef PL_SERVER_ACCOUNT_H
#define PL_SERVER_ACCOUNT_H

#include "server/signin.h"

/** The routes. */
struct pl_routes pl_account_routes(struct pl_signin *signin);

/** Answer a request of these routes that was queued; on a thread that may hash. */
void pl_account_take(struct pl_signin *signin, struct pl_http_request *request);

#endif
