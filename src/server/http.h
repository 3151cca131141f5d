// SPDX-License-Identifier: Apache-2.0
//
// The HTTP/1.1 server: one thread does all input and output, handlers answer from any thread.
//
//   loop's thread:  accept, read, refuse what is not strict, find the route, check role and
//                   origin, call the handler                         (pl_http_run)
//   any thread:     pl_http_reply, pl_http_fail, pl_http_stream_send ...
//
// A handler runs on the loop's thread and must not wait for anything: what takes longer than about
// a millisecond is handed to another thread together with the request. Rules:
//  1. Each request is answered exactly once, by one of pl_http_reply, pl_http_reply_with,
//     pl_http_fail, pl_http_fail_error and pl_http_stream_begin. The call takes the request away:
//     neither it nor anything borrowed from it may be used afterwards.
//  2. Until then the request stays valid, even when its client has gone; the answer is dropped
//  then.
//  3. A stream stays valid until pl_http_stream_end, even when its client has gone.
//  4. Between the end of pl_http_run and pl_http_close all threads that answer must be ended.
#ifndef PL_SERVER_HTTP_H
#define PL_SERVER_HTTP_H

#include "base/buf.h"
#include "base/error.h"
#include "server/codes.h"
#include "server/response.h"
#include "server/route.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_HTTP_USER_MAX = 65,          /* bytes of a user's id with its terminator */
    PL_HTTP_BODY_MAX = 1 << 20,     /* largest body that a route may take */
    PL_HTTP_URL_MAX = 300,          /* bytes of a base URL with its terminator */
    PL_HTTP_STREAMS_LIMIT = 100000, /* most streams that one user on one path may be allowed */
    PL_HTTP_STREAM_BUFFER = 1 << 16 /* unread bytes after which a stream says resync */
};

/** The server; opaque. */
struct pl_http;
/** A request that waits for its answer; opaque. */
struct pl_http_request;
/** A stream of server-sent events; opaque. */
struct pl_http_stream;
struct pl_meter;

/** Everybody's id on a server that nobody signs in to. */
#define PL_HTTP_USER_LOCAL "local"

/** Who made a request. */
struct pl_http_user {
    char id[PL_HTTP_USER_MAX]; /* "" when nobody is signed in; without sign-in PL_HTTP_USER_LOCAL */
    uint32_t roles;            /* PL_ROLE_ bits */
    const char *hint;          /* what to do for more roles, one sentence; NULL: nothing */
};

/** What a server is to be. */
struct pl_http_def {
    const char *address;  /* IPv4 or IPv6 address to listen on */
    uint16_t port;        /* 0 for any */
    bool port_may_change; /* take a free one when `port` is taken */
    const char *base_url; /* `https://plumb.example` as browsers see it; NULL: from the address */
    bool sign_in;         /* false: no accounts; then callers without Origin are believed */
    const struct pl_routes *groups; /* borrowed */
    uint32_t group_count;
    bool stops_on_signals;   /* SIGINT and SIGTERM do what pl_http_stop does */
    uint32_t connection_max; /* 0 for the default of 12,000 */
    uint32_t stream_max;     /* event streams of one user on one path; 0 for the default of 3 */
    const char *proxy; /* address of a proxy whose X-Forwarded-For is believed; NULL: none is */
    /* Says who makes a request; NULL: everybody has all roles and the id "local". Called on the
     * loop's thread. */
    void (*identify)(void *context,
                     const struct pl_http_request *request,
                     struct pl_http_user *user);
    /* Told of somebody whose roles are not enough for a call, on the loop's thread; may be NULL. */
    void (*forbidden)(void *context, const struct pl_http_request *request);
    void *identify_context; /* of both */
    /* Answers GETs that no route has (pages and assets); NULL: 404. Must answer. */
    void (*fallback)(void *context, struct pl_http_request *request);
    void *fallback_context;
};

/** An answer that is more than JSON. */
struct pl_http_answer {
    int status;                           /* 200..599 */
    const char *type;                     /* content type, NULL when there is no body */
    pl_slice body;                        /* copied */
    const char *cache;                    /* Cache-Control, NULL for no-store */
    const struct pl_http_header *headers; /* further ones, headers[header_count] */
    uint32_t header_count;
};

/**
 * Listen. Nothing is answered before pl_http_run.
 *
 * @param http  filled with an owned handle for pl_http_close
 * @param def   texts and tables are borrowed until pl_http_close
 * @param err   filled on failure
 * @return PL_OK, PL_BAD_INPUT (address, base URL), PL_CONFLICT (port taken), PL_IO or PL_NO_MEMORY
 */
pl_status pl_http_open(struct pl_http **http, const struct pl_http_def *def, pl_error *err)
    __attribute__((warn_unused_result));

/** URL by which browsers reach the server, without a slash at the end. */
const char *pl_http_base_url(const struct pl_http *http);

/** Port that the server listens on. */
uint16_t pl_http_port(const struct pl_http *http);

/** What the server counts; durations of store queries are counted there by who makes them. */
struct pl_meter *pl_http_meter(struct pl_http *http);

/** The same, by a request of the server. */
struct pl_meter *pl_http_meter_of(const struct pl_http_request *request);

/** Answer requests on the calling thread until pl_http_stop. */
void pl_http_run(struct pl_http *http);

/** Make pl_http_run return soon; any thread and any signal handler may call it. */
void pl_http_stop(struct pl_http *http);

/** Close all connections and free the handle. NULL is allowed. */
void pl_http_close(struct pl_http *http);

/** Method of a request; HEAD shows as GET. */
enum pl_method pl_http_method(const struct pl_http_request *request);

/** Decoded path of a request, terminated. */
const char *pl_http_path(const struct pl_http_request *request);

/** Value of the `{name}` part of the path; the route must have it (checked). */
const char *pl_http_param(const struct pl_http_request *request, const char *name);

/** Decoded value of a query parameter, "" for one without value, NULL when it is not there. */
const char *pl_http_query(const struct pl_http_request *request, const char *name);

/** Value of a header, NULL when it is not there; the case of the name does not matter. */
const char *pl_http_header(const struct pl_http_request *request, const char *name);

/** Body of a request, terminated by a zero that `size` does not count. */
pl_slice pl_http_body(const struct pl_http_request *request);

/** Who made the request. */
const struct pl_http_user *pl_http_user(const struct pl_http_request *request);

/** Id of the request, as in its answer: 16 letters and digits. */
const char *pl_http_request_id(const struct pl_http_request *request);

/** Address that the request came from, as text without the port: behind a proxy that is believed,
 * the one that it tells. */
const char *pl_http_peer(const struct pl_http_request *request);

/** True when nobody on the way can read it: the base URL is https, or the Host is this machine. */
bool pl_http_is_private(const struct pl_http_request *request);

/**
 * Answer with JSON. Any thread may call it.
 *
 * @param request  taken
 * @param status   200..599
 * @param json     body, copied
 */
void pl_http_reply(struct pl_http_request *request, int status, pl_slice json);

/** Answer with anything; see pl_http_answer. Any thread may call it; the request is taken. */
void pl_http_reply_with(struct pl_http_request *request, const struct pl_http_answer *answer);

/**
 * Answer with an error:
 * `{"error":{"code":...,"message":...,"hint":...,"request_id":...}}`. Any thread may call it.
 *
 * @param request  taken
 * @param code     gives the HTTP status too
 * @param message  what happened, one sentence
 * @param hint     what to do, one sentence, may be NULL
 */
void pl_http_fail(struct pl_http_request *request,
                  enum pl_codes_id code,
                  const char *message,
                  const char *hint);

/** Answer with an error of a lower layer; the code is that of its status. The request is taken. */
void pl_http_fail_error(struct pl_http_request *request, const pl_error *err);

/**
 * The last event that the client of a stream has seen: the header Last-Event-ID or, for a first
 * connection, the query parameter `after`.
 *
 * @param request  of a stream
 * @param id       filled
 * @return false when the client names none
 */
bool pl_http_last_event_id(const struct pl_http_request *request, uint64_t *id);

/**
 * Answer with a stream of server-sent events. Heartbeats are sent by the server. Call it on the
 * loop's thread or any other.
 *
 * @param request  taken
 * @param context  given to `gone`, borrowed until the stream is ended
 * @param gone     called once on the loop's thread when the client has left, and not after
 * pl_http_stream_end; may be NULL. The stream must still be ended, there or later.
 * @return the stream, to be ended by pl_http_stream_end; NULL when there is no memory (answered)
 */
struct pl_http_stream *pl_http_stream_begin(struct pl_http_request *request,
                                            void *context,
                                            void (*gone)(void *context,
                                                         struct pl_http_stream *stream));

/**
 * Send an event. Any thread may call it; events of one thread arrive in their order. When the
 * client reads too slowly the event is dropped and the client gets `event: resync` once it reads
 * again; it then asks for the entries it lacks.
 *
 * @param stream  not ended
 * @param event   name of the event: letters and `-`
 * @param id      id, NULL for an event that does not count for Last-Event-ID
 * @param data    JSON without line feeds (checked), copied
 */
void pl_http_stream_send(struct pl_http_stream *stream,
                         const char *event,
                         const uint64_t *id,
                         pl_slice data);

/**
 * Send one event to many streams, as pl_http_stream_send does to one; it is put together once.
 *
 * @param streams  streams[count] of one server, not ended
 * @param count    1 or more
 * @param event    as in pl_http_stream_send, as are the rest
 */
void pl_http_streams_send(struct pl_http_stream *const *streams,
                          uint32_t count,
                          const char *event,
                          const uint64_t *id,
                          pl_slice data);

/** End a stream and free its handle. Any thread may call it, once. */
void pl_http_stream_end(struct pl_http_stream *stream);

#endif
