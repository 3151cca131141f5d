// SPDX-License-Identifier: Apache-2.0
#include "server/http.h"

#include "base/check.h"
#include "base/random.h"
#include "os/now.h"
#include "server/address.h"
#include "server/connection.h"
#include "server/dispatch.h"
#include "server/http_types.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum {
    BACKLOG = 1024,      /* connections that wait to be accepted */
    STOP_S = 3,          /* that requests may take to end after a stop */
    TICK_US = 1000000,   /* between two looks at the deadlines */
    STOP_TICK_US = 50000 /* the same while stopping */
};

static void set_tick(struct pl_http *http, int microseconds)
{
    struct timeval every = {.tv_sec = microseconds / 1000000, .tv_usec = microseconds % 1000000};
    (void)event_add(http->tick, &every);
}

/* Let requests end and close everything else. */
static void wind_down(struct pl_http *http, int64_t now_ns)
{
    if (http->stop_ns == 0) {
        http->stop_ns = now_ns;
        (void)evconnlistener_disable(http->listener);
        set_tick(http, STOP_TICK_US);
    }
    bool late = now_ns - http->stop_ns > STOP_S * INT64_C(1000000000);
    struct pl_connection *next;
    for (struct pl_connection *at = http->connections; at != NULL; at = next) {
        next = at->next;
        bool busy = at->state == PL_CONNECTION_ANSWER || at->state == PL_CONNECTION_BODY ||
                    at->state == PL_CONNECTION_LAST || pl_connection_waiting(at) > 0;
        if (late || !busy) {
            pl_connection_drop(at);
        }
    }
    if (http->connections == NULL) {
        (void)event_base_loopbreak(http->base);
    }
}

static void on_tick(evutil_socket_t descriptor, short what, void *memory)
{
    struct pl_http *http = memory;
    (void)descriptor;
    (void)what;
    int64_t now_ns = pl_now_monotonic_ns();
    struct pl_connection *next;
    for (struct pl_connection *at = http->connections; at != NULL; at = next) {
        next = at->next;
        pl_connection_tick(at, now_ns);
    }
    if (atomic_load(&http->stop)) {
        wind_down(http, now_ns);
    }
}

static void on_signal(evutil_socket_t number, short what, void *memory)
{
    (void)number;
    (void)what;
    pl_http_stop(memory);
}

/* The second signal ends the process at once, as it does anywhere. */
static pl_status catch_signals(struct pl_http *http, pl_error *err)
{
    static const int numbers[] = {SIGINT, SIGTERM};
    for (uint32_t i = 0; i < 2 && http->def.stops_on_signals; i++) {
        http->signals[i] = event_new(http->base, numbers[i], EV_SIGNAL, on_signal, http);
        if (http->signals[i] == NULL || event_add(http->signals[i], NULL) != 0) {
            return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the server.");
        }
    }
    return PL_OK;
}

static void deliver_all(struct pl_http *http)
{
    struct pl_mailbox_item *next;
    for (struct pl_mailbox_item *at = pl_mailbox_take(http->mailbox); at != NULL; at = next) {
        next = at->next;
        struct pl_http_message *message = (struct pl_http_message *)at;
        message->deliver(http, message);
    }
}

static void on_mail(evutil_socket_t descriptor, short what, void *memory)
{
    struct pl_http *http = memory;
    (void)descriptor;
    (void)what;
    deliver_all(http);
    if (atomic_load(&http->stop) && http->stop_ns == 0) {
        wind_down(http, pl_now_monotonic_ns());
    }
}

static void on_connection(struct evconnlistener *listener,
                          evutil_socket_t descriptor,
                          struct sockaddr *address,
                          int size,
                          void *memory)
{
    char peer[PL_HTTP_PEER_SIZE] = "";
    (void)listener;
    int failed = getnameinfo(address, (socklen_t)size, peer, sizeof peer, NULL, 0, NI_NUMERICHOST);
    pl_connection_accept(memory, descriptor, failed == 0 ? peer : "unknown");
}

/* A process that serves ten thousand streams needs as many descriptors. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Listen on one address; errno says why not. */
static struct evconnlistener *try_listen(struct pl_http *http, const char *host, uint16_t port)
{
    struct sockaddr_storage storage = {0};
    struct sockaddr_in *v4 = (struct sockaddr_in *)&storage;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&storage;
    int size = sizeof *v4;
    if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
    } else if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        size = sizeof *v6;
    } else {
        errno = EINVAL;
        return NULL;
    }
    return evconnlistener_new_bind(http->base,
                                   on_connection,
                                   http,
                                   LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC |
                                       LEV_OPT_REUSEABLE,
                                   BACKLOG,
                                   (struct sockaddr *)&storage,
                                   size);
}

static uint16_t port_of(struct evconnlistener *listener)
{
    struct sockaddr_storage storage = {0};
    socklen_t size = sizeof storage;
    int failed = getsockname(evconnlistener_get_fd(listener), (struct sockaddr *)&storage, &size);
    PL_CHECK(failed == 0);
    return ntohs(storage.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&storage)->sin6_port
                                               : ((struct sockaddr_in *)&storage)->sin_port);
}

static pl_status listen_on(struct pl_http *http, pl_error *err)
{
    const struct pl_http_def *def = &http->def;
    http->listener = try_listen(http, def->address, def->port);
    if (http->listener == NULL && errno == EADDRINUSE && def->port_may_change) {
        http->listener = try_listen(http, def->address, 0);
    }
    if (http->listener != NULL) {
        http->port = port_of(http->listener);
        return PL_OK;
    }
    int number = errno;
    if (number == EADDRINUSE) {
        return pl_fail(err,
                       PL_CONFLICT,
                       NULL,
                       "Port %u of %s is taken by another program; choose another one with "
                       "--listen.",
                       def->port,
                       def->address);
    }
    return pl_fail(err,
                   number == EINVAL || number == EADDRNOTAVAIL ? PL_BAD_INPUT : PL_IO,
                   NULL,
                   "Cannot listen on port %u of %s: %s.",
                   def->port,
                   def->address,
                   strerror(number));
}

/* An `http` or `https` URL without path. */
static pl_status check_base_url(const char *url, pl_error *err)
{
    const char *rest = strncmp(url, "https://", 8) == 0  ? url + 8
                       : strncmp(url, "http://", 7) == 0 ? url + 7
                                                         : NULL;
    bool host = rest != NULL && *rest != '\0' && *rest != ':' && strpbrk(rest, "/?# @") == NULL;
    if (!host || strlen(url) >= PL_HTTP_URL_MAX) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "'%s' is no base URL; write what browsers will show, like "
                       "https://plumb.example, without a path and without a slash at the end.",
                       url);
    }
    return PL_OK;
}

static pl_status set_base_url(struct pl_http *http, pl_error *err)
{
    struct pl_buf buf;
    pl_buf_init(&buf, http->base_url, sizeof http->base_url);
    if (http->def.base_url != NULL) {
        pl_status status = check_base_url(http->def.base_url, err);
        if (status != PL_OK) {
            return status;
        }
        pl_buf_puts(&buf, http->def.base_url);
    } else {
        pl_address_put_url(&buf, http->def.address, http->port);
    }
    http->gate.base_url = http->base_url;
    http->gate.sign_in = http->def.sign_in;
    return PL_OK;
}

static pl_status start_loop(struct pl_http *http, pl_error *err)
{
    http->base = event_base_new();
    pl_status status = http->base == NULL ? PL_NO_MEMORY : pl_mailbox_open(&http->mailbox, err);
    if (status != PL_OK) {
        return pl_fail(err, status, NULL, "There is not enough memory for the server.");
    }
    int descriptor = pl_mailbox_descriptor(http->mailbox);
    http->mail = event_new(http->base, descriptor, EV_READ | EV_PERSIST, on_mail, http);
    http->tick = event_new(http->base, -1, EV_PERSIST, on_tick, http);
    if (http->mail == NULL || http->tick == NULL || event_add(http->mail, NULL) != 0) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the server.");
    }
    set_tick(http, TICK_US);
    return catch_signals(http, err);
}

pl_status pl_http_open(struct pl_http **http_out, const struct pl_http_def *def, pl_error *err)
{
    PL_CHECK(http_out != NULL && def != NULL);
    PL_CHECK(def->group_count <= PL_ROUTE_GROUPS_MAX);
    *http_out = NULL;
    struct pl_http *http = calloc(1, sizeof *http);
    if (http == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the server.");
    }
    http->def = *def;
    if (http->def.connection_max == 0) {
        http->def.connection_max = PL_HTTP_CONNECTIONS;
    }
    if (http->def.stream_max == 0) {
        http->def.stream_max = PL_HTTP_STREAMS;
    }
    atomic_init(&http->stop, false);
    http->meter.start_ns = pl_now_monotonic_ns();
    http->meter.start_wall_ns = pl_now_wall_ns();
    http->id_key = pl_random_child((uint64_t)pl_now_wall_ns(), (uint64_t)pl_now_monotonic_ns());
    raise_descriptor_limit();
    (void)signal(SIGPIPE, SIG_IGN); /* a client that leaves is no reason to end */
    pl_status status = start_loop(http, err);
    status = status == PL_OK ? listen_on(http, err) : status;
    status = status == PL_OK ? set_base_url(http, err) : status;
    if (status != PL_OK) {
        pl_http_close(http);
        return status;
    }
    *http_out = http;
    return PL_OK;
}

const char *pl_http_base_url(const struct pl_http *http)
{
    PL_CHECK(http != NULL);
    return http->base_url;
}

uint16_t pl_http_port(const struct pl_http *http)
{
    PL_CHECK(http != NULL);
    return http->port;
}

struct pl_meter *pl_http_meter(struct pl_http *http)
{
    PL_CHECK(http != NULL);
    return &http->meter;
}

struct pl_meter *pl_http_meter_of(const struct pl_http_request *request)
{
    PL_CHECK(request != NULL);
    return &request->http->meter;
}

void pl_http_run(struct pl_http *http)
{
    PL_CHECK(http != NULL);
    (void)event_base_dispatch(http->base);
}

void pl_http_stop(struct pl_http *http)
{
    PL_CHECK(http != NULL);
    atomic_store(&http->stop, true);
    pl_mailbox_wake(http->mailbox);
}

void pl_http_close(struct pl_http *http)
{
    if (http == NULL) {
        return;
    }
    if (http->listener != NULL) {
        evconnlistener_free(http->listener);
    }
    if (http->mailbox != NULL) {
        deliver_all(http);
    }
    while (http->connections != NULL) {
        pl_connection_drop(http->connections);
    }
    if (http->mailbox != NULL) {
        deliver_all(http); /* streams that their owners ended because the client has gone */
        pl_mailbox_close(http->mailbox);
    }
    while (http->requests != NULL) {
        pl_dispatch_free(http->requests); /* nobody answered them */
    }
    for (uint32_t i = 0; i < 2; i++) {
        if (http->signals[i] != NULL) {
            event_free(http->signals[i]);
        }
    }
    if (http->mail != NULL) {
        event_free(http->mail);
    }
    if (http->tick != NULL) {
        event_free(http->tick);
    }
    if (http->base != NULL) {
        event_base_free(http->base);
    }
    free(http);
}

enum pl_method pl_http_method(const struct pl_http_request *request)
{
    PL_CHECK(request != NULL);
    return request->head.method == PL_METHOD_HEAD ? PL_METHOD_GET : request->head.method;
}

const char *pl_http_path(const struct pl_http_request *request)
{
    PL_CHECK(request != NULL);
    return request->head.target.path;
}

const char *pl_http_param(const struct pl_http_request *request, const char *name)
{
    PL_CHECK(request != NULL && name != NULL);
    uint32_t at = 0;
    while (at < request->match.param_count &&
           !pl_slice_equal(request->match.params[at].name, pl_slice_of(name))) {
        at++;
    }
    PL_CHECK(at < request->match.param_count);
    return request->param_text + request->param_offsets[at];
}

const char *pl_http_query(const struct pl_http_request *request, const char *name)
{
    PL_CHECK(request != NULL);
    return pl_target_field(&request->head.target, name);
}

const char *pl_http_header(const struct pl_http_request *request, const char *name)
{
    PL_CHECK(request != NULL);
    return pl_request_header(&request->head, name);
}

pl_slice pl_http_body(const struct pl_http_request *request)
{
    PL_CHECK(request != NULL);
    return request->body == NULL ? (pl_slice){"", 0}
                                 : (pl_slice){request->body, request->body_filled};
}

const struct pl_http_user *pl_http_user(const struct pl_http_request *request)
{
    PL_CHECK(request != NULL);
    return &request->user;
}

const char *pl_http_request_id(const struct pl_http_request *request)
{
    PL_CHECK(request != NULL);
    return request->id;
}

const char *pl_http_peer(const struct pl_http_request *request)
{
    PL_CHECK(request != NULL);
    return request->peer;
}

bool pl_http_is_private(const struct pl_http_request *request)
{
    PL_CHECK(request != NULL);
    const char *host = request->head.host;
    return strncmp(request->http->base_url, "https:", 6) == 0 || strncmp(host, "[::1]", 5) == 0 ||
           strncasecmp(host, "localhost", 9) == 0 || pl_address_is_loopback(host);
}

static void deliver_answer(struct pl_http *http, struct pl_http_message *message)
{
    struct pl_http_request *request = (struct pl_http_request *)message;
    (void)http;
    if (request->connection != NULL) {
        pl_connection_answer(request->connection, request);
    }
    pl_dispatch_free(request);
}

static void send_back(struct pl_http_request *request)
{
    request->message.deliver = deliver_answer;
    pl_mailbox_put(request->http->mailbox, &request->message.item);
}

void pl_http_reply(struct pl_http_request *request, int status, pl_slice json)
{
    struct pl_http_answer answer = {.status = status, .type = "application/json", .body = json};
    pl_http_reply_with(request, &answer);
}

void pl_http_reply_with(struct pl_http_request *request, const struct pl_http_answer *answer)
{
    PL_CHECK(request != NULL && answer != NULL);
    PL_CHECK(answer->status >= 200 && answer->status <= 599);
    pl_dispatch_answer(request, answer);
    send_back(request);
}

void pl_http_fail(struct pl_http_request *request,
                  enum pl_codes_id code,
                  const char *message,
                  const char *hint)
{
    PL_CHECK(request != NULL);
    pl_dispatch_refuse(request, code, message, hint, false);
    send_back(request);
}

void pl_http_fail_error(struct pl_http_request *request, const pl_error *err)
{
    PL_CHECK(err != NULL && err->status != PL_OK);
    pl_http_fail(request, pl_codes_of_status(err->status), err->message, NULL);
}

bool pl_http_last_event_id(const struct pl_http_request *request, uint64_t *id)
{
    PL_CHECK(request != NULL && id != NULL);
    const char *text = pl_http_header(request, "last-event-id");
    text = text != NULL ? text : pl_http_query(request, "after");
    if (text == NULL || text[0] == '\0' || strlen(text) > 18 ||
        text[strspn(text, "0123456789")] != '\0') {
        return false;
    }
    *id = strtoull(text, NULL, 10);
    return true;
}
