// SPDX-License-Identifier: Apache-2.0
#include "server/asset.h"

#include "base/check.h"
#include "server/page.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The client's own addresses (web/src). */
static const char *const client_routes[] = {
    "/",
    "/keys",
    "/s/{id}",
    "/s/{id}/analysis",
    "/s/{id}/learn",
    "/s/{id}/whatif",
    "/settings",
};

static const char not_built[] =
    "<p>The server runs, and its API answers, but this program was built without the web client."
    "</p>\n<p>In the source tree, with Node.js and npm installed:</p>\n"
    "<pre>script/setup\nscript/web\nscript/build</pre>\n"
    "<p>The same incidents can be played in a terminal, without the client:</p>\n"
    "<pre>plumb play</pre>\n"
    "<p>The calls of the API are at <a href=\"/docs/api\">/docs/api</a>.</p>\n";

static const char not_found[] =
    "<p>There is nothing at this address. It may have been mistyped, or the session that it named "
    "is gone.</p>\n<p><a href=\"/\">Go to the list of incidents</a> or read about "
    "<a href=\"/docs/api\">the API</a>.</p>\n";

const struct pl_asset *pl_asset_find(const struct pl_assets *assets, const char *path)
{
    PL_CHECK(assets != NULL && path != NULL);
    for (uint32_t i = 0; i < assets->count; i++) {
        if (strcmp(assets->items[i].path, path) == 0) {
            return &assets->items[i];
        }
    }
    return NULL;
}

bool pl_asset_takes_brotli(const char *accept)
{
    for (const char *at = accept; at != NULL && *at != '\0';) {
        at += strspn(at, " \t,");
        size_t name = strcspn(at, " \t;,");
        size_t size = strcspn(at, ",");
        bool brotli = name == 2 && strncasecmp(at, "br", 2) == 0;
        const char *weight = memchr(at, '=', size);
        if (brotli && weight != NULL) {
            /* `q=0` and `q=0.000` refuse it. */
            size_t zeros = strspn(weight + 1, "0.");
            brotli = weight + 1 + zeros < at + size && weight[1 + zeros] != ' ';
        }
        if (brotli) {
            return true;
        }
        at += size;
    }
    return false;
}

bool pl_asset_is_client_route(const char *path)
{
    struct pl_route routes[sizeof client_routes / sizeof client_routes[0]] = {0};
    const uint32_t count = sizeof client_routes / sizeof client_routes[0];
    for (uint32_t i = 0; i < count; i++) {
        routes[i].pattern = client_routes[i];
    }
    struct pl_routes group = {.items = routes, .count = count};
    struct pl_route_match match;
    pl_route_find(&match, &group, 1, PL_METHOD_GET, path);
    return match.path_known;
}

/* True when If-None-Match names the tag; browsers may mark it as weak. */
static bool is_known(const struct pl_http_request *request, const char *tag)
{
    const char *known = pl_http_header(request, "if-none-match");
    return known != NULL && strstr(known, tag) != NULL;
}

static void send_asset(struct pl_http_request *request, const struct pl_asset *asset, int status)
{
    bool brotli =
        asset->brotli != NULL && pl_asset_takes_brotli(pl_http_header(request, "accept-encoding"));
    char tag[40];
    (void)snprintf(tag, sizeof tag, "\"%s%s\"", asset->tag, brotli ? "-br" : "");
    const struct pl_http_header headers[] = {
        {"ETag", tag},
        {"Vary", "Accept-Encoding"},
        {"Content-Encoding", "br"},
    };
    struct pl_http_answer answer = {
        .status = status,
        .type = asset->type,
        .cache = asset->immutable ? "public, max-age=31536000, immutable" : "no-cache",
        .headers = headers,
        .header_count = brotli ? 3 : 2,
    };
    if (status == 200 && is_known(request, tag)) {
        answer.status = 304;
        answer.type = NULL;
        answer.header_count = 2;
    } else if (brotli) {
        answer.body = (pl_slice){(const char *)asset->brotli, asset->brotli_size};
    } else {
        answer.body = (pl_slice){(const char *)asset->plain, asset->plain_size};
    }
    pl_http_reply_with(request, &answer);
}

void pl_asset_answer(void *context, struct pl_http_request *request)
{
    const struct pl_assets *assets = context;
    PL_CHECK(assets != NULL);
    const char *path = pl_http_path(request);
    const struct pl_asset *asset = pl_asset_find(assets, path);
    const struct pl_asset *index = pl_asset_find(assets, "/index.html");
    if (strncmp(path, "/api/", 5) == 0) {
        pl_http_fail(request,
                     PL_CODES_NOT_FOUND,
                     "There is nothing at this address.",
                     "All calls are listed at /docs/api.");
    } else if (asset != NULL) {
        send_asset(request, asset, 200);
    } else if (pl_asset_is_client_route(path)) {
        if (index != NULL) {
            send_asset(request, index, 200);
        } else {
            pl_page_tell(request, 200, "The web client is not built", not_built);
        }
    } else if (index != NULL && strchr(path, '.') == NULL) {
        send_asset(request, index, 404); /* the client has a page for it that helps */
    } else {
        pl_page_tell(request, 404, "Nothing is here", not_found);
    }
}
