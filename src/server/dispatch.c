// SPDX-License-Identifier: Apache-2.0
#include "server/dispatch.h"

#include "base/check.h"
#include "base/hash.h"
#include "base/random.h"
#include "os/now.h"
#include "server/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Ids of requests cannot be guessed from one another and never repeat within a run. */
static void make_id(struct pl_http *http, char *id)
{
    uint64_t bits = pl_random_bits(http->id_key, http->id_count++);
    (void)snprintf(id, PL_HTTP_ID_SIZE, "%016llx", (unsigned long long)bits);
}

/* Write the whole answer into new memory of the request. Without memory the answer stays NULL and
 * the connection is closed. */
static void compose(struct pl_http_request *request, const struct pl_http_answer *answer)
{
    bool streams = request->stream != NULL;
    bool headless = request->head.method == PL_METHOD_HEAD || answer->status == 304;
    struct pl_response_def def = {
        .status = answer->status,
        .type = answer->type,
        .body_size = answer->body.size,
        .streams = streams,
        .keep_alive = request->head.keep_alive && !streams,
        .secure = strncmp(request->http->base_url, "https:", 6) == 0,
        .cache = answer->cache,
        .request_id = request->id,
        .headers = answer->headers,
        .header_count = answer->header_count,
    };
    size_t body_size = headless ? 0 : answer->body.size;
    PL_CHECK(request->answer == NULL);
    request->status = answer->status;
    request->answer = malloc(PL_RESPONSE_HEAD_MAX + body_size);
    if (request->answer == NULL) {
        return;
    }
    struct pl_buf buf;
    pl_buf_init(&buf, request->answer, PL_RESPONSE_HEAD_MAX);
    pl_response_put_head(&buf, &def);
    PL_CHECK(!buf.overflow);
    if (body_size > 0) {
        memcpy(request->answer + buf.size, answer->body.data, body_size);
    }
    request->answer_size = buf.size + body_size;
}

void pl_dispatch_answer(struct pl_http_request *request, const struct pl_http_answer *answer)
{
    PL_CHECK(request != NULL && answer != NULL);
    compose(request, answer);
}

void pl_dispatch_refuse(struct pl_http_request *request,
                        enum pl_codes_id code,
                        const char *message,
                        const char *hint,
                        bool closes)
{
    char memory[PL_RESPONSE_ERROR_MAX];
    char allow[80] = "";
    char wait[12] = "1";
    struct pl_buf buf;
    pl_buf_init(&buf, memory, sizeof memory);
    pl_response_put_error(&buf, code, message, hint, request->id);
    struct pl_http_header headers[1];
    struct pl_http_answer answer = {
        .status = pl_codes_http(code),
        .type = "application/json",
        .body = {buf.data, buf.size},
        .headers = headers,
    };
    if (code == PL_CODES_BAD_METHOD) {
        struct pl_buf names;
        pl_buf_init(&names, allow, sizeof allow);
        for (int i = 0; i < PL_METHOD_COUNT; i++) {
            if ((request->match.methods & 1u << i) != 0) {
                pl_buf_puts(&names, names.size > 0 ? ", " : "");
                pl_buf_puts(&names, pl_method_name((enum pl_method)i));
            }
        }
        headers[answer.header_count++] = (struct pl_http_header){"Allow", allow};
    } else if (answer.status == 429 || answer.status == 503) {
        (void)snprintf(wait, sizeof wait, "%u", request->wait_s > 0 ? request->wait_s : 1);
        headers[answer.header_count++] = (struct pl_http_header){"Retry-After", wait};
    }
    request->head.keep_alive = request->head.keep_alive && !closes;
    atomic_fetch_add(&request->http->meter.codes[code], 1);
    compose(request, &answer);
}

/* Keep the values of the parameters as texts of their own. */
static void keep_params(struct pl_http_request *request)
{
    uint32_t filled = 0;
    for (uint32_t i = 0; i < request->match.param_count; i++) {
        pl_slice value = request->match.params[i].value;
        PL_CHECK(filled + value.size + 1 <= sizeof request->param_text);
        request->param_offsets[i] = filled;
        memcpy(request->param_text + filled, value.data, value.size);
        filled += (uint32_t)value.size;
        request->param_text[filled++] = '\0';
    }
}

static void identify(struct pl_http_request *request)
{
    const struct pl_http_def *def = &request->http->def;
    struct pl_http_user *user = &request->user;
    if (def->identify != NULL) {
        def->identify(def->identify_context, request, user);
    } else {
        (void)snprintf(user->id, sizeof user->id, "%s", PL_HTTP_USER_LOCAL);
        user->roles = PL_ROLE_PLAYER | PL_ROLE_STAFF | PL_ROLE_ADMIN;
    }
    user->roles |= PL_ROLE_ANYONE;
}

/* Count the call against the limit of its route; the seconds to wait, 0 when it may go on. */
static uint32_t count_call(struct pl_http_request *request)
{
    const struct pl_http_user *user = &request->user;
    const char *who = user->id[0] != '\0' && request->http->def.sign_in ? user->id : request->peer;
    const char *path = request->head.target.path;
    uint64_t key = pl_hash_bytes(who, strlen(who), (uint64_t)request->head.method).low ^
                   pl_hash_bytes(path, strlen(path), 1).low;
    return pl_limiter_take(
        &request->http->limiter, key, request->match.route->per_minute, request->began_ns);
}

/* Find the route and check method, role and size; an answer is there when it is refused. */
static void find_route(struct pl_http_request *request)
{
    const struct pl_http_def *def = &request->http->def;
    enum pl_method method = request->head.method;
    pl_route_find(
        &request->match, def->groups, def->group_count, method, request->head.target.path);
    const struct pl_route *route = request->match.route;
    uint64_t body_size = request->head.body_size;
    if (route == NULL) {
        bool page = method == PL_METHOD_GET || method == PL_METHOD_HEAD;
        if (request->match.path_known) {
            pl_dispatch_refuse(request,
                               PL_CODES_BAD_METHOD,
                               "This address exists, but not for this method.",
                               "The header Allow names the methods; /docs/api has examples.",
                               body_size > 0);
        } else if (!page || def->fallback == NULL) {
            pl_dispatch_refuse(request,
                               PL_CODES_NOT_FOUND,
                               "There is nothing at this address.",
                               "All calls are listed at /docs/api.",
                               body_size > 0);
        }
        return;
    }
    keep_params(request);
    if ((route->roles & request->user.roles) == 0) {
        bool unknown = request->user.id[0] == '\0';
        if (!unknown && def->forbidden != NULL) {
            def->forbidden(def->identify_context, request);
        }
        pl_dispatch_refuse(request,
                           unknown ? PL_CODES_SIGN_IN : PL_CODES_FORBIDDEN,
                           unknown ? "Nobody is signed in." : "This call is not for your role.",
                           unknown ? "Sign in first." : request->user.hint,
                           body_size > 0);
    } else if (body_size > route->body_max) {
        char message[120];
        (void)snprintf(message,
                       sizeof message,
                       "The body has %llu bytes; at most %u are taken here.",
                       (unsigned long long)body_size,
                       route->body_max);
        pl_dispatch_refuse(request, PL_CODES_BODY_TOO_LARGE, message, NULL, true);
    } else if (route->per_minute > 0 && (request->wait_s = count_call(request)) > 0) {
        pl_dispatch_refuse(request,
                           PL_CODES_TOO_MANY,
                           "This call was made too often.",
                           "The header Retry-After says in how many seconds to try again.",
                           body_size > 0);
    }
}

/* Behind a proxy that is believed the client's address is the one that it tells: the last, since
 * those before may be the client's own. */
static void find_peer(struct pl_http_request *request)
{
    const char *proxy = request->http->def.proxy;
    const char *list = NULL;
    for (uint32_t i = 0; i < request->head.header_count; i++) {
        bool forwarded = strcasecmp(request->head.headers[i].name, "X-Forwarded-For") == 0;
        list = forwarded ? request->head.headers[i].value : list;
    }
    if (proxy != NULL && list != NULL && strcmp(request->peer, proxy) == 0) {
        (void)pl_address_forwarded(list, request->peer);
    }
}

static const char *hint_of(enum pl_codes_id code)
{
    switch ((int)code) {
    case PL_CODES_WRONG_HOST:
        return "Use the address that was printed at the start, or set the base URL.";
    case PL_CODES_WRONG_TYPE:
        return "Send the header `Content-Type: application/json`.";
    case PL_CODES_LENGTH_REQUIRED:
        return "Send the header Content-Length; curl does with --data.";
    default:
        return NULL;
    }
}

struct pl_http_request *pl_dispatch_begin(struct pl_connection *connection, pl_slice head)
{
    struct pl_http *http = connection->http;
    struct pl_http_request *request = calloc(1, sizeof *request);
    if (request == NULL) {
        return NULL;
    }
    request->http = http;
    request->connection = connection;
    request->began_ns = pl_now_monotonic_ns();
    (void)snprintf(request->peer, sizeof request->peer, "%s", connection->peer);
    make_id(http, request->id);
    request->next = http->requests;
    if (http->requests != NULL) {
        http->requests->previous = request;
    }
    http->requests = request;
    request->head_text = malloc(head.size + 1);
    if (request->head_text == NULL) {
        return request; /* without an answer the connection closes */
    }
    memcpy(request->head_text, head.data, head.size);
    request->head_text[head.size] = '\0';

    struct pl_refusal refusal = {0};
    if (!pl_request_read(&request->head, request->head_text, head.size, &refusal) ||
        !pl_gate_host(&http->gate, &request->head, &refusal) ||
        !pl_gate_site(&http->gate, &request->head, &refusal) ||
        !pl_gate_type(&request->head, &refusal)) {
        pl_dispatch_refuse(request, refusal.code, refusal.message, hint_of(refusal.code), true);
        return request;
    }
    find_peer(request);
    identify(request);
    find_route(request);
    return request;
}

void pl_dispatch_run(struct pl_http_request *request)
{
    const struct pl_http_def *def = &request->http->def;
    if (request->match.route != NULL) {
        request->match.route->handle(request->match.context, request);
    } else {
        def->fallback(def->fallback_context, request);
    }
}

void pl_dispatch_free(struct pl_http_request *request)
{
    if (request->previous != NULL) {
        request->previous->next = request->next;
    } else {
        request->http->requests = request->next;
    }
    if (request->next != NULL) {
        request->next->previous = request->previous;
    }
    free(request->head_text);
    free(request->body);
    free(request->answer);
    free(request);
}
