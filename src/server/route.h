// SPDX-License-Identifier: Apache-2.0
//
// The table of routes: what the server answers, to whom, and an example of each call. OpenAPI and
// the docs page are written from it, and a request that matches no row is answered 404 or 405.
//
// A pattern is a path whose parts stand for themselves or, as `{name}`, for any one part:
// `/api/sessions/{id}/commands`.
#ifndef PL_SERVER_ROUTE_H
#define PL_SERVER_ROUTE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_ROUTE_PARAMS_MAX = 4, /* `{name}` parts of one pattern */
    PL_ROUTE_GROUPS_MAX = 16 /* groups of one server */
};

/** Methods that the server knows. */
enum pl_method {
    PL_METHOD_GET,
    PL_METHOD_HEAD,
    PL_METHOD_POST,
    PL_METHOD_PUT,
    PL_METHOD_PATCH,
    PL_METHOD_DELETE,
    PL_METHOD_OPTIONS,
    PL_METHOD_COUNT
};

/** Who may make a call, as bits. */
enum {
    PL_ROLE_ANYONE = 1, /* also without sign-in */
    PL_ROLE_PLAYER = 2, /* plays incidents; in the demo everybody is one */
    PL_ROLE_STAFF = 4,  /* signed in */
    PL_ROLE_ADMIN = 8   /* may manage accounts */
};

struct pl_http_request;

/** One call of the API or one page. All texts are borrowed for the life of the server. */
struct pl_route {
    enum pl_method method; /* GET answers HEAD too */
    const char *pattern;
    const char *summary;  /* one sentence for the docs */
    const char *request;  /* name of the schema of the body, NULL when there is none */
    const char *response; /* name of the schema of the answer, NULL when it is not JSON */
    int status;           /* HTTP status when all is well, 0 for 200 */
    uint32_t roles;       /* PL_ROLE_ bits, any of them is enough */
    uint32_t body_max;    /* bytes of a body, 0 when none is taken */
    /* Calls of one user (or one address, where nobody is signed in) to one path in a minute, 0 for
     * no limit; a minute's worth, up to 60, may come at once. */
    uint32_t per_minute;
    /* Called on the loop's thread: it answers, or hands the request to a thread that will. */
    void (*handle)(void *context, struct pl_http_request *request);
    const char *query;         /* names of query parameters, space between them; NULL for none */
    const char *headers;       /* names of headers that the call wants, space between them; NULL */
    const char *example_query; /* `after=0`, for the curl line of the docs; NULL for none */
    const char *example_body;  /* a body that works, for the same; NULL for none */
};

/** A JSON Schema that routes name. */
struct pl_schema {
    const char *name; /* `Session` */
    const char *json; /* the schema as JSON text */
};

/** Routes of one part of the server, with what their handlers are given. */
struct pl_routes {
    const struct pl_route *items; /* borrowed */
    uint32_t count;
    const struct pl_schema *schemas; /* borrowed, may be NULL */
    uint32_t schema_count;
    void *context; /* first argument of each handler, borrowed */
};

/** Routes and schemas of two arrays. */
#define PL_ROUTES_OF(routes, named, given)                                                  \
    (struct pl_routes)                                                                      \
    {                                                                                       \
        .items = (routes), .count = sizeof(routes) / sizeof(routes)[0], .schemas = (named), \
        .schema_count = sizeof(named) / sizeof(named)[0], .context = (given)                \
    }

/** What a path means. */
struct pl_route_match {
    const struct pl_route *route; /* NULL when no route has this path and method */
    void *context;                /* of the route's group */
    bool path_known;              /* some route has this path */
    uint32_t methods;             /* bits `1 << pl_method` of the routes with this path */
    uint32_t param_count;
    struct {
        pl_slice name;  /* borrowed from the pattern */
        pl_slice value; /* borrowed from the path */
    } params[PL_ROUTE_PARAMS_MAX];
};

/** Name of a method as it is written in a request. */
const char *pl_method_name(enum pl_method method);

/** True when the method changes nothing: GET, HEAD, OPTIONS. */
bool pl_method_is_safe(enum pl_method method);

/**
 * Find the route of a path. A pattern that says a part by name goes before one with `{name}` there.
 *
 * @param match        filled
 * @param groups       groups[group_count]
 * @param group_count  0..PL_ROUTE_GROUPS_MAX
 * @param method       of the request; HEAD finds the route of GET
 * @param path         decoded path, terminated, begins with `/`
 */
void pl_route_find(struct pl_route_match *match,
                   const struct pl_routes *groups,
                   uint32_t group_count,
                   enum pl_method method,
                   const char *path);

#endif
