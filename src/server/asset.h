// SPDX-License-Identifier: Apache-2.0
//
// The files of the client, embedded in the program by tools/embed.py, and the answers to GETs that
// no route has: a file, the client's page for the client's own addresses, or a page that helps.
#ifndef PL_SERVER_ASSET_H
#define PL_SERVER_ASSET_H

#include "server/http.h"

#include <stdbool.h>
#include <stdint.h>

/** One file. */
struct pl_asset {
    const char *path; /* `/assets/main-1A2B3C4D.js` */
    const char *type; /* content type */
    const char *tag;  /* hash of the contents, for ETag */
    const unsigned char *plain;
    uint32_t plain_size;         /* bytes of `plain` */
    const unsigned char *brotli; /* NULL when there is none */
    uint32_t brotli_size;        /* bytes of `brotli` */
    bool immutable;              /* the name changes with the contents */
};

/** All files. */
struct pl_assets {
    const struct pl_asset *items;
    uint32_t count; /* 0 when the client was not built */
};

/** The files of the program. */
extern const struct pl_assets pl_assets_embedded;

/** The file at a path, NULL when there is none. */
const struct pl_asset *pl_asset_find(const struct pl_assets *assets, const char *path);

/** True when the Accept-Encoding of a client (NULL for none) takes Brotli. */
bool pl_asset_takes_brotli(const char *accept);

/** True when the path is one that the client's own router knows. */
bool pl_asset_is_client_route(const char *path);

/**
 * Answer a GET: the `fallback` of pl_http_def.
 *
 * @param context  a const struct pl_assets
 * @param request  taken
 */
void pl_asset_answer(void *context, struct pl_http_request *request);

#endif
