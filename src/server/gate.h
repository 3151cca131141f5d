// SPDX-License-Identifier: Apache-2.0
//
// What a request must show before a handler sees it: a name of this server, and that no page of
// another site made it. Pure decisions over a head that was read.
//
// A request is made by this site when the browser says so (`Sec-Fetch-Site: same-origin`) or its
// Origin is ours. A request with neither comes from no browser, and is believed only where nobody
// signs in or where its sign-in is no cookie.
#ifndef PL_SERVER_GATE_H
#define PL_SERVER_GATE_H

#include "server/request.h"

#include <stdbool.h>

/** What the server knows about itself. */
struct pl_gate {
    const char *base_url; /* `https://plumb.example:8443` */
    bool sign_in;         /* callers that are no browser need a token */
};

/**
 * Check the Host header. Names other than that of the base URL and `localhost` are refused, because
 * a page elsewhere can make its own name lead here; addresses are not names and are accepted.
 *
 * @return false with a refusal
 */
bool pl_gate_host(const struct pl_gate *gate,
                  const struct pl_request *request,
                  struct pl_refusal *refusal);

/**
 * Check who made the request, for unsafe methods and for everything below /api/.
 *
 * @return false with a refusal
 */
bool pl_gate_site(const struct pl_gate *gate,
                  const struct pl_request *request,
                  struct pl_refusal *refusal);

/**
 * Check that a body is JSON.
 *
 * @return false with a refusal
 */
bool pl_gate_type(const struct pl_request *request, struct pl_refusal *refusal);

#endif
