// SPDX-License-Identifier: Apache-2.0
//
// The page of one's own account: sign-ins, password, codes by time. Plain HTML with one script, so
// that it works without the client.
#ifndef PL_SERVER_ACCOUNT_PAGE_H
#define PL_SERVER_ACCOUNT_PAGE_H

#include "server/http.h"

/** Handler of `/account`; who is not signed in is sent to the sign-in. */
void pl_account_page_show(void *context, struct pl_http_request *request);

/** Handler of `/account.js`. */
void pl_account_page_script(void *context, struct pl_http_request *request);

#endif
