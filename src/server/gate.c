// SPDX-License-Identifier: Apache-2.0
#include "server/gate.h"

#include "base/check.h"

#include <string.h>
#include <strings.h>

/* `host:port` of a URL. */
static const char *authority_of(const char *url)
{
    const char *slashes = strstr(url, "://");
    PL_CHECK(slashes != NULL);
    return slashes + 3;
}

/* Bytes of the host in `host:port`, with the brackets of an IPv6 address. */
static size_t host_size(const char *authority)
{
    if (authority[0] == '[') {
        const char *end = strchr(authority, ']');
        return end != NULL ? (size_t)(end - authority) + 1 : strlen(authority);
    }
    return strcspn(authority, ":");
}

/* Digits and dots alone, or something in brackets. */
static bool is_address(const char *host, size_t size)
{
    return host[0] == '[' || strspn(host, "0123456789.") == size;
}

bool pl_gate_host(const struct pl_gate *gate,
                  const struct pl_request *request,
                  struct pl_refusal *refusal)
{
    const char *host = request->host;
    size_t size = host_size(host);
    const char *rest = host + size;
    bool port = rest[0] == ':' && rest[1] != '\0' && rest[1 + strspn(rest + 1, "0123456789")] == 0;
    if (size == 0 || (*rest != '\0' && !port)) {
        return pl_refuse(
            refusal, PL_CODES_BAD_HOST, "The Host header must be a name or address and a port.");
    }
    const char *own = authority_of(gate->base_url);
    bool ours = host_size(own) == size && strncasecmp(own, host, size) == 0;
    bool local = size == strlen("localhost") && strncasecmp(host, "localhost", size) == 0;
    if (ours || local || is_address(host, size)) {
        return true;
    }
    return pl_refuse(
        refusal, PL_CODES_WRONG_HOST, "The server is not known under the name in the Host header.");
}

/* True when `origin` is the base URL, or the scheme of it with the host that was asked for. */
static bool
is_own_origin(const struct pl_gate *gate, const struct pl_request *request, const char *origin)
{
    if (strcasecmp(origin, gate->base_url) == 0) {
        return true;
    }
    size_t scheme = (size_t)(authority_of(gate->base_url) - gate->base_url);
    return strncasecmp(origin, gate->base_url, scheme) == 0 &&
           strcasecmp(origin + scheme, request->host) == 0;
}

bool pl_gate_site(const struct pl_gate *gate,
                  const struct pl_request *request,
                  struct pl_refusal *refusal)
{
    const char *site = pl_request_header(request, "sec-fetch-site");
    const char *origin = pl_request_header(request, "origin");
    bool safe = pl_method_is_safe(request->method);
    if (safe && strncmp(request->target.path, "/api/", 5) != 0) {
        return true;
    }
    /* `none` is what somebody typed into the address bar. */
    bool same = site != NULL &&
                (strcasecmp(site, "same-origin") == 0 || (safe && strcasecmp(site, "none") == 0));
    bool own = origin != NULL && is_own_origin(gate, request, origin);
    if ((site != NULL && !same) || (origin != NULL && !own)) {
        return pl_refuse(
            refusal, PL_CODES_CROSS_SITE, "The request was made by a page of another site.");
    }
    if (safe || same || own || !gate->sign_in) {
        return true;
    }
    if (pl_request_header(request, "cookie") == NULL) {
        return true; /* whoever it is, no browser signs it in unasked */
    }
    return pl_refuse(refusal,
                     PL_CODES_CROSS_SITE,
                     "A call with a cookie must say by Origin or Sec-Fetch-Site that this site "
                     "made it.");
}

bool pl_gate_type(const struct pl_request *request, struct pl_refusal *refusal)
{
    if (pl_method_is_safe(request->method) || request->body_size == 0) {
        return true;
    }
    const char *type = pl_request_header(request, "content-type");
    size_t size = type != NULL ? strcspn(type, "; \t") : 0;
    bool json =
        size == strlen("application/json") && strncasecmp(type, "application/json", size) == 0;
    if (!json) {
        return pl_refuse(
            refusal, PL_CODES_WRONG_TYPE, "The body must have the type application/json.");
    }
    const char *rest = type + size + strspn(type + size, "; \t");
    if (*rest != '\0' && strcasecmp(rest, "charset=utf-8") != 0) {
        return pl_refuse(refusal, PL_CODES_WRONG_TYPE, "JSON is UTF-8; no other charset is read.");
    }
    return true;
}
