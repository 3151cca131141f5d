// SPDX-License-Identifier: Apache-2.0
#include "server/connection.h"

#include "base/check.h"
#include "os/now.h"
#include "server/dispatch.h"
#include "server/stream.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define SECOND_NS INT64_C(1000000000)

/* How long a client may take, in seconds. */
enum {
    HEAD_S = 10,  /* from the first byte of a head to its last */
    BODY_S = 20,  /* for a body */
    IDLE_S = 60,  /* between requests */
    WRITE_S = 30, /* without reading a byte of what is sent to it */
    LINGER_S = 2, /* to close after the last answer */
    BEAT_S = 15   /* between two bytes of a stream */
};

enum { STREAM_SEND = 1 << 16 /* what the kernel keeps for the reader of a stream */ };

static void set_state(struct pl_connection *connection, enum pl_connection_state state, int limit_s)
{
    connection->state = state;
    connection->deadline_ns = limit_s == 0 ? 0 : pl_now_monotonic_ns() + limit_s * SECOND_NS;
}

size_t pl_connection_waiting(const struct pl_connection *connection)
{
    return evbuffer_get_length(bufferevent_get_output(connection->buffers));
}

void pl_connection_write(struct pl_connection *connection, const char *bytes, size_t size)
{
    if (pl_connection_waiting(connection) == 0) {
        /* Most of what is sent fits the kernel's buffer at once; the rest, and any failure, is for
         * the loop. */
        evutil_socket_t descriptor = bufferevent_getfd(connection->buffers);
        ssize_t sent = send(descriptor, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        bytes += sent > 0 ? sent : 0;
        size -= sent > 0 ? (size_t)sent : 0;
    }
    if (size > 0 && bufferevent_write(connection->buffers, bytes, size) != 0) {
        connection->deadline_ns = 1; /* no memory: the next tick closes it */
    }
    connection->beat_ns = pl_now_monotonic_ns();
}

void pl_connection_drop(struct pl_connection *connection)
{
    struct pl_http *http = connection->http;
    if (connection->previous != NULL) {
        connection->previous->next = connection->next;
    } else {
        http->connections = connection->next;
    }
    if (connection->next != NULL) {
        connection->next->previous = connection->previous;
    }
    atomic_store(&http->meter.connections, --http->connection_count);
    if (connection->request != NULL) {
        connection->request->connection = NULL;
        if (connection->state == PL_CONNECTION_BODY) {
            pl_dispatch_free(connection->request); /* no handler has it */
        }
    }
    if (connection->stream != NULL) {
        atomic_fetch_sub(&http->meter.streams, 1);
        pl_stream_gone(connection->stream);
    }
    bufferevent_free(connection->buffers);
    free(connection);
}

void pl_connection_finish(struct pl_connection *connection)
{
    if (pl_connection_waiting(connection) > 0) {
        set_state(connection, PL_CONNECTION_LAST, WRITE_S);
        return;
    }
    /* Closing with unread bytes makes the kernel throw away what the client has not read yet. */
    set_state(connection, PL_CONNECTION_LINGER, LINGER_S);
    (void)shutdown(bufferevent_getfd(connection->buffers), SHUT_WR);
    if (connection->half_closed) {
        connection->deadline_ns = 1;
    }
}

static enum pl_meter_kind kind_of(const struct pl_request *head)
{
    const char *path = head->target.path; /* NULL: it was refused before */
    if (!pl_method_is_safe(head->method)) {
        return PL_METER_CHANGE;
    }
    return path != NULL && strncmp(path, "/api/", 5) == 0 ? PL_METER_READ : PL_METER_PAGE;
}

/* Send an answer that is there; true when the connection goes on to the next request. */
static bool send_answer(struct pl_connection *connection, struct pl_http_request *request)
{
    struct pl_meter *meter = &connection->http->meter;
    connection->request = NULL;
    request->connection = NULL;
    if (request->answer == NULL) {
        pl_connection_finish(connection);
        return false;
    }
    int64_t took_ns = pl_now_monotonic_ns() - request->began_ns;
    pl_meter_answer(meter, kind_of(&request->head), request->status, took_ns);
    pl_connection_write(connection, request->answer, request->answer_size);
    if (!request->head.keep_alive || connection->half_closed || connection->http->stop_ns != 0) {
        pl_connection_finish(connection);
        return false;
    }
    connection->begun = false;
    set_state(connection, PL_CONNECTION_HEAD, IDLE_S);
    return true;
}

/* Answer something that is not even a request. */
static void refuse_bytes(struct pl_connection *connection, const struct pl_refusal *refusal)
{
    struct pl_http_request *request = pl_dispatch_begin(connection, (pl_slice){"\r\n", 2});
    if (request == NULL) {
        pl_connection_finish(connection);
        return;
    }
    free(request->answer);
    request->answer = NULL;
    pl_dispatch_refuse(request, refusal->code, refusal->message, NULL, true);
    (void)send_answer(connection, request);
    pl_dispatch_free(request);
}

/* Give a complete request to its handler. */
static void run_request(struct pl_connection *connection)
{
    struct pl_http_request *request = connection->request;
    set_state(connection, PL_CONNECTION_ANSWER, 0);
    pl_dispatch_run(request);
}

/* Read a head from the input; true when there may be more to do. */
static bool read_head(struct pl_connection *connection)
{
    struct evbuffer *input = bufferevent_get_input(connection->buffers);
    size_t size = evbuffer_get_length(input);
    size = size < PL_REQUEST_HEAD_MAX ? size : PL_REQUEST_HEAD_MAX;
    if (size == 0) {
        return false;
    }
    const char *bytes = (const char *)evbuffer_pullup(input, (ev_ssize_t)size);
    if (bytes == NULL) {
        pl_connection_finish(connection);
        return false;
    }
    if (!connection->begun) {
        connection->begun = true;
        set_state(connection, PL_CONNECTION_HEAD, HEAD_S);
    }
    size_t head_size = 0;
    struct pl_refusal refusal = {0};
    enum pl_request_progress progress =
        pl_request_scan((pl_slice){bytes, size}, &head_size, &refusal);
    if (progress == PL_REQUEST_MORE) {
        return false;
    }
    if (progress == PL_REQUEST_REFUSED) {
        refuse_bytes(connection, &refusal);
        return false;
    }
    struct pl_http_request *request = pl_dispatch_begin(connection, (pl_slice){bytes, head_size});
    (void)evbuffer_drain(input, head_size);
    if (request == NULL) {
        pl_connection_finish(connection);
        return false;
    }
    if (request->answer != NULL || request->head_text == NULL) {
        bool goes_on = send_answer(connection, request);
        pl_dispatch_free(request);
        return goes_on;
    }
    connection->request = request;
    if (request->head.expects_continue && evbuffer_get_length(input) == 0) {
        static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
        pl_connection_write(connection, go_on, sizeof go_on - 1);
    }
    set_state(connection, PL_CONNECTION_BODY, BODY_S);
    return true;
}

/* Read what there is of a body; true when there may be more to do. */
static bool read_body(struct pl_connection *connection)
{
    struct pl_http_request *request = connection->request;
    size_t wanted = (size_t)request->head.body_size;
    if (wanted > 0 && request->body == NULL) {
        request->body = calloc(1, wanted + 1);
        if (request->body == NULL) {
            pl_connection_drop(connection);
            return false;
        }
    }
    if (request->body_filled < wanted) {
        int got = evbuffer_remove(bufferevent_get_input(connection->buffers),
                                  request->body + request->body_filled,
                                  wanted - request->body_filled);
        request->body_filled += got > 0 ? (size_t)got : 0;
    }
    if (request->body_filled < wanted) {
        return false;
    }
    run_request(connection);
    return false; /* the answer comes through the mailbox */
}

static void advance(struct pl_connection *connection)
{
    bool more = true;
    while (more) {
        switch (connection->state) {
        case PL_CONNECTION_HEAD:
            more = read_head(connection);
            break;
        case PL_CONNECTION_BODY:
            more = read_body(connection);
            break;
        case PL_CONNECTION_ANSWER:
        case PL_CONNECTION_STREAM:
        case PL_CONNECTION_LAST:
        case PL_CONNECTION_LINGER:
            more = false;
            break;
        }
    }
}

static void on_read(struct bufferevent *buffers, void *memory)
{
    struct pl_connection *connection = memory;
    if (connection->state == PL_CONNECTION_STREAM || connection->state == PL_CONNECTION_LINGER) {
        /* Nothing that is sent now has a meaning. */
        struct evbuffer *input = bufferevent_get_input(buffers);
        (void)evbuffer_drain(input, evbuffer_get_length(input));
        return;
    }
    advance(connection);
}

static void on_written(struct bufferevent *buffers, void *memory)
{
    struct pl_connection *connection = memory;
    (void)buffers;
    if (connection->state == PL_CONNECTION_LAST) {
        pl_connection_finish(connection);
    } else if (connection->stream != NULL) {
        pl_stream_drained(connection->stream);
    }
}

static void on_event(struct bufferevent *buffers, short what, void *memory)
{
    struct pl_connection *connection = memory;
    bool waits = connection->state == PL_CONNECTION_ANSWER;
    bool sends = connection->state == PL_CONNECTION_LAST;
    if ((what & BEV_EVENT_EOF) != 0 && (waits || sends)) {
        /* The client sends nothing more but may still read its answer. */
        connection->half_closed = true;
        (void)bufferevent_disable(buffers, EV_READ);
        return;
    }
    pl_connection_drop(connection);
}

void pl_connection_accept(struct pl_http *http, int descriptor, const char *peer)
{
    struct pl_connection *connection = calloc(1, sizeof *connection);
    struct bufferevent *buffers =
        connection == NULL ? NULL
                           : bufferevent_socket_new(http->base, descriptor, BEV_OPT_CLOSE_ON_FREE);
    if (buffers == NULL) {
        free(connection);
        (void)evutil_closesocket(descriptor);
        return;
    }
    int on = 1;
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection->http = http;
    connection->buffers = buffers;
    (void)snprintf(connection->peer, sizeof connection->peer, "%s", peer);
    connection->next = http->connections;
    if (http->connections != NULL) {
        http->connections->previous = connection;
    }
    http->connections = connection;
    atomic_store(&http->meter.connections, ++http->connection_count);
    set_state(connection, PL_CONNECTION_HEAD, HEAD_S);
    bufferevent_setcb(buffers, on_read, on_written, on_event, connection);
    /* What a client sends ahead waits in the kernel once this much is here. */
    bufferevent_setwatermark(buffers, EV_READ, 0, PL_REQUEST_HEAD_MAX);
    struct timeval write_limit = {.tv_sec = WRITE_S};
    bufferevent_set_timeouts(buffers, NULL, &write_limit);
    if (http->connection_count > http->def.connection_max) {
        struct pl_refusal busy = {PL_CODES_BUSY, "The server has as many connections as it takes."};
        refuse_bytes(connection, &busy);
    }
    (void)bufferevent_enable(buffers, EV_READ | EV_WRITE);
}

void pl_connection_answer(struct pl_connection *connection, struct pl_http_request *request)
{
    PL_CHECK(connection->state == PL_CONNECTION_ANSWER);
    PL_CHECK(connection->request == request);
    if (send_answer(connection, request)) {
        advance(connection);
    }
}

void pl_connection_stream(struct pl_connection *connection, struct pl_http_request *request)
{
    PL_CHECK(connection->state == PL_CONNECTION_ANSWER);
    connection->request = NULL;
    request->connection = NULL;
    if (request->answer == NULL || connection->half_closed) {
        pl_connection_drop(connection);
        return;
    }
    int send_size = STREAM_SEND;
    (void)setsockopt(bufferevent_getfd(connection->buffers),
                     SOL_SOCKET,
                     SO_SNDBUF,
                     &send_size,
                     sizeof send_size);
    set_state(connection, PL_CONNECTION_STREAM, 0);
    pl_connection_write(connection, request->answer, request->answer_size);
}

/* A client that began a request and did not end it is told so; one that said nothing is not. */
static void time_out(struct pl_connection *connection)
{
    struct pl_refusal late = {PL_CODES_TIMEOUT, "The request did not arrive completely in time."};
    if (connection->state == PL_CONNECTION_BODY) {
        struct pl_http_request *request = connection->request;
        connection->request = NULL;
        pl_dispatch_free(request);
        refuse_bytes(connection, &late);
    } else if (connection->state == PL_CONNECTION_HEAD && connection->begun) {
        refuse_bytes(connection, &late);
    } else {
        pl_connection_drop(connection);
    }
}

void pl_connection_tick(struct pl_connection *connection, int64_t now_ns)
{
    if (connection->deadline_ns != 0 && now_ns >= connection->deadline_ns) {
        time_out(connection);
        return;
    }
    bool quiet = now_ns - connection->beat_ns >= BEAT_S * SECOND_NS;
    if (connection->state == PL_CONNECTION_STREAM && quiet &&
        pl_connection_waiting(connection) == 0) {
        pl_connection_write(connection, ":\n\n", 3);
    }
}
