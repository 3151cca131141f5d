// SPDX-License-Identifier: Apache-2.0
//
// What the modules of the HTTP server share: the server, a connection, a request, a stream.
//
//   any thread -> message in the mailbox -> loop's thread: deliver(http, message)
//
// Connections belong to the loop's thread alone. A request and a stream point to their connection
// while it is there; that pointer too is the loop's alone.
#ifndef PL_SERVER_HTTP_TYPES_H
#define PL_SERVER_HTTP_TYPES_H

#include "os/mailbox.h"
#include "server/gate.h"
#include "server/http.h"
#include "server/limiter.h"
#include "server/meter.h"
#include "server/request.h"

#include <stdatomic.h>

struct bufferevent;
struct event;
struct event_base;
struct evconnlistener;

enum {
    PL_HTTP_ID_SIZE = 17,        /* bytes of a request id with its terminator */
    PL_HTTP_PEER_SIZE = 48,      /* bytes of an address as text with its terminator */
    PL_HTTP_CONNECTIONS = 12000, /* that are open at once, unless the definition says more */
    PL_HTTP_STREAMS = 3          /* of one user on one path, unless the definition says more */
};

/** Something that the loop's thread is to do. */
struct pl_http_message {
    struct pl_mailbox_item item;
    void (*deliver)(struct pl_http *http, struct pl_http_message *message);
};

/** What a connection does. */
enum pl_connection_state {
    PL_CONNECTION_HEAD,   /* waits for a head */
    PL_CONNECTION_BODY,   /* waits for the rest of a body */
    PL_CONNECTION_ANSWER, /* a handler has the request */
    PL_CONNECTION_STREAM, /* sends events */
    PL_CONNECTION_LAST,   /* sends its last answer */
    PL_CONNECTION_LINGER  /* all is sent; reads and forgets until the client closes */
};

/** A connection with a client. */
struct pl_connection {
    struct pl_http *http;
    struct pl_connection *next;
    struct pl_connection *previous;
    struct bufferevent *buffers; /* owned, with the socket */
    enum pl_connection_state state;
    bool half_closed;                /* the client sends nothing more */
    bool begun;                      /* a byte of the current head has come */
    int64_t deadline_ns;             /* closed when the state lasts until then, 0 for no limit */
    int64_t beat_ns;                 /* when a stream sent something the last time */
    struct pl_http_request *request; /* owned until the handler has it, then shared with it */
    struct pl_http_stream *stream;   /* shared with its owner */
    char peer[PL_HTTP_PEER_SIZE];
};

/** A request on its way. */
struct pl_http_request {
    struct pl_http_message message; /* carries the answer back */
    struct pl_http *http;
    struct pl_connection *connection; /* NULL when the client has gone */
    struct pl_http_request *next;     /* in the list of all requests */
    struct pl_http_request *previous;
    struct pl_request head;
    struct pl_route_match match;
    struct pl_http_user user;
    char *head_text; /* owned */
    char *body;      /* owned, NULL without body */
    size_t body_filled;
    char
        param_text[PL_TARGET_SIZE_MAX + PL_ROUTE_PARAMS_MAX]; /* values of parameters, terminated */
    uint32_t param_offsets[PL_ROUTE_PARAMS_MAX];
    int64_t began_ns; /* when the head was complete */
    char id[PL_HTTP_ID_SIZE];
    char peer[PL_HTTP_PEER_SIZE];
    uint32_t wait_s;               /* that a rate limit asks for */
    int status;                    /* of the answer */
    char *answer;                  /* owned, NULL when there was no memory for it */
    size_t answer_size;            /* bytes */
    struct pl_http_stream *stream; /* when the answer is a stream */
};

/** A stream of events. */
struct pl_http_stream {
    struct pl_http_message end; /* carries the end back */
    struct pl_http *http;
    struct pl_connection *connection; /* NULL when the client has gone */
    void *context;
    void (*gone)(void *context, struct pl_http_stream *stream);
    uint64_t key;       /* of user and path */
    atomic_bool behind; /* events were dropped; resync is due */
};

/** The server. */
struct pl_http {
    struct pl_http_def def;
    struct pl_gate gate;
    char base_url[PL_HTTP_URL_MAX];
    uint16_t port;
    struct event_base *base;
    struct evconnlistener *listener;
    struct event *mail;       /* the mailbox has something */
    struct event *tick;       /* once a second */
    struct event *signals[2]; /* SIGINT, SIGTERM; NULL when they are not ours */
    struct pl_mailbox *mailbox;
    struct pl_connection *connections;
    uint32_t connection_count;
    struct pl_http_request *requests;
    uint64_t id_key;
    uint64_t id_count;
    atomic_bool stop;
    struct pl_meter meter;
    struct pl_limiter limiter;
    int64_t stop_ns; /* when a stop was seen, 0 before */
};

#endif
