// SPDX-License-Identifier: Apache-2.0
//
// The API of sessions: routes that hand each request to the host of all sessions (exam/host.h) and
// turn its replies into answers.
#ifndef PL_SERVER_API_H
#define PL_SERVER_API_H

#include "exam/host.h"
#include "server/route.h"

/** What the handlers need; borrowed by the routes for the life of the server. */
struct pl_api {
    struct pl_host *host; /* borrowed */
};

/** The routes of the API. */
struct pl_routes pl_api_routes(struct pl_api *api);

#endif
