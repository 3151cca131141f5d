// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE /* memmem, strcasestr */
#include "link.h"

#include "base/check.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum { REQUEST_MAX = 1024, STATUS_AT = 9 /* `HTTP/1.1 ` */ };

enum state { IDLE, HEAD, BODY, EVENTS };

struct pl_load_link {
    struct bufferevent *buffers; /* owned, with the socket */
    struct pl_load_ear ear;
    enum state state;
    bool follows;
    int status;
    size_t body_size;
    size_t searched; /* bytes of the input in which no event ends */
    uint16_t port;
};

static const char *find(const char *bytes, size_t size, const char *what)
{
    return memmem(bytes, size, what, strlen(what));
}

/* Value of a header as a number; -1 when it is not there. */
static long header_number(const char *head, const char *name)
{
    const char *at = strcasestr(head, name);
    return at == NULL ? -1 : strtol(at + strlen(name), NULL, 10);
}

/* True when a head was read. */
static bool read_head(struct pl_load_link *link, struct evbuffer *input)
{
    char head[REQUEST_MAX * 4];
    struct evbuffer_ptr end = evbuffer_search(input, "\r\n\r\n", 4, NULL);
    if (end.pos < 0) {
        return false;
    }
    size_t size = (size_t)end.pos + 4;
    PL_CHECK(size < sizeof head);
    (void)evbuffer_remove(input, head, size);
    head[size] = '\0';
    link->status = (int)strtol(head + STATUS_AT, NULL, 10);
    long length = header_number(head, "\r\ncontent-length:");
    link->body_size = length > 0 ? (size_t)length : 0;
    link->state = link->follows && link->status == 200 ? EVENTS : BODY;
    return true;
}

static bool read_body(struct pl_load_link *link, struct evbuffer *input)
{
    if (evbuffer_get_length(input) < link->body_size) {
        return false;
    }
    const char *bytes = link->body_size > 0
                            ? (const char *)evbuffer_pullup(input, (ev_ssize_t)link->body_size)
                            : "";
    link->state = IDLE;
    PL_CHECK(bytes != NULL);
    size_t size = link->body_size;
    link->ear.answered(link->ear.context, link->status, (pl_slice){bytes, size});
    (void)evbuffer_drain(input, size);
    return true;
}

/* Split one event into its fields. */
static void tell_event(struct pl_load_link *link, const char *bytes, size_t size)
{
    struct pl_load_event event = {.id = -1};
    const char *end = bytes + size;
    for (const char *line = bytes; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t length = (size_t)((stop != NULL ? stop : end) - line);
        if (length > 7 && memcmp(line, "event: ", 7) == 0) {
            snprintf(event.name, sizeof event.name, "%.*s", (int)(length - 7), line + 7);
        } else if (length > 4 && memcmp(line, "id: ", 4) == 0) {
            event.id = strtoll(line + 4, NULL, 10);
        } else if (length >= 6 && memcmp(line, "data: ", 6) == 0) {
            event.data = (pl_slice){line + 6, length - 6};
        }
        line += length + 1;
    }
    if (event.name[0] != '\0') {
        link->ear.heard(link->ear.context, &event);
    }
}

static bool read_events(struct pl_load_link *link, struct evbuffer *input)
{
    size_t size = evbuffer_get_length(input);
    const char *bytes = size > 0 ? (const char *)evbuffer_pullup(input, -1) : NULL;
    const char *stop = NULL;
    if (bytes != NULL) {
        stop = find(bytes + link->searched, size - link->searched, "\n\n");
    }
    if (stop == NULL) {
        link->searched = size > 0 ? size - 1 : 0;
        return false;
    }
    size_t length = (size_t)(stop - bytes);
    tell_event(link, bytes, length);
    (void)evbuffer_drain(input, length + 2);
    link->searched = 0;
    return true;
}

static void on_read(struct bufferevent *buffers, void *memory)
{
    struct pl_load_link *link = memory;
    struct evbuffer *input = bufferevent_get_input(buffers);
    bool more = true;
    while (more) {
        more = link->state == HEAD     ? read_head(link, input)
               : link->state == BODY   ? read_body(link, input)
               : link->state == EVENTS ? read_events(link, input)
                                       : false;
    }
}

static void on_event(struct bufferevent *buffers, short what, void *memory)
{
    struct pl_load_link *link = memory;
    (void)buffers;
    if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) != 0) {
        link->ear.lost(link->ear.context);
    }
}

struct pl_load_link *
pl_load_link_open(struct event_base *base, uint16_t port, const struct pl_load_ear *ear)
{
    PL_CHECK(base != NULL && ear != NULL);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct pl_load_link *link = calloc(1, sizeof *link);
    PL_CHECK(link != NULL);
    link->ear = *ear;
    link->port = port;
    link->buffers = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
    PL_CHECK(link->buffers != NULL);
    bufferevent_setcb(link->buffers, on_read, NULL, on_event, link);
    (void)bufferevent_enable(link->buffers, EV_READ | EV_WRITE);
    if (bufferevent_socket_connect(link->buffers, (struct sockaddr *)&address, sizeof address) !=
        0) {
        pl_load_link_close(link);
        return NULL;
    }
    int on = 1;
    (void)setsockopt(bufferevent_getfd(link->buffers), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return link;
}

bool pl_load_link_idle(const struct pl_load_link *link)
{
    PL_CHECK(link != NULL);
    return link->state == IDLE;
}

void pl_load_link_ask(
    struct pl_load_link *link, const char *method, const char *path, const char *key, pl_slice json)
{
    PL_CHECK(link != NULL && link->state == IDLE);
    struct evbuffer *output = bufferevent_get_output(link->buffers);
    (void)evbuffer_add_printf(
        output, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n", method, path, link->port);
    if (key != NULL) {
        (void)evbuffer_add_printf(output, "Idempotency-Key: %s\r\n", key);
    }
    if (json.size > 0) {
        (void)evbuffer_add_printf(
            output, "Content-Type: application/json\r\nContent-Length: %zu\r\n", json.size);
    }
    (void)evbuffer_add(output, "\r\n", 2);
    (void)evbuffer_add(output, json.data, json.size);
    link->state = HEAD;
}

void pl_load_link_follow(struct pl_load_link *link, const char *path)
{
    PL_CHECK(link != NULL);
    link->follows = true;
    pl_load_link_ask(link, "GET", path, NULL, (pl_slice){"", 0});
}

void pl_load_link_close(struct pl_load_link *link)
{
    if (link != NULL) {
        bufferevent_free(link->buffers);
        free(link);
    }
}
