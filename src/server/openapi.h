// SPDX-License-Identifier: Apache-2.0
//
// The description of the API, written from the table of routes: OpenAPI 3.1 for programs, a page
// for people, with a curl line for each call. A route that is not in the table does not exist, so
// neither can forget one.
#ifndef PL_SERVER_OPENAPI_H
#define PL_SERVER_OPENAPI_H

#include "base/buf.h"
#include "server/route.h"

/** What is described. */
struct pl_openapi {
    const struct pl_routes *groups; /* groups[group_count], borrowed */
    uint32_t group_count;
    const char *base_url;
    const char *version;
};

/** Append the OpenAPI 3.1 document. */
void pl_openapi_put_json(struct pl_buf *buf, const struct pl_openapi *api);

/** Append the page with all calls and all codes of errors. */
void pl_openapi_put_page(struct pl_buf *buf, const struct pl_openapi *api);

/** Append the curl line of a route. `$PLUMB` stands for the base URL, `$ID` for a part `{id}`. */
void pl_openapi_put_curl(struct pl_buf *buf, const struct pl_route *route);

#endif
