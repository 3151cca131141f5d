// SPDX-License-Identifier: Apache-2.0
#include "server/stream.h"

#include "base/check.h"
#include "base/hash.h"
#include "server/connection.h"
#include "server/dispatch.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { EVENT_EXTRA = 128 /* bytes of an event besides its data */ };

/* An event on its way to the loop's thread. Its bytes stand behind the streams. */
struct event_message {
    struct pl_http_message message;
    size_t size;
    const char *bytes;
    uint32_t count;
    struct pl_http_stream *streams[];
};

void pl_stream_put_event(struct pl_buf *buf, const char *event, const uint64_t *id, pl_slice data)
{
    PL_CHECK(event != NULL && strspn(event, "abcdefghijklmnopqrstuvwxyz-") == strlen(event));
    PL_CHECK(data.size == 0 || memchr(data.data, '\n', data.size) == NULL);
    PL_CHECK(data.size == 0 || memchr(data.data, '\r', data.size) == NULL);
    pl_buf_printf(buf, "event: %s\n", event);
    if (id != NULL) {
        pl_buf_printf(buf, "id: %" PRIu64 "\n", *id);
    }
    pl_buf_puts(buf, "data: ");
    pl_buf_put(buf, data.data, data.size);
    pl_buf_puts(buf, "\n\n");
}

void pl_stream_gone(struct pl_http_stream *stream)
{
    stream->connection = NULL;
    if (stream->gone != NULL) {
        stream->gone(stream->context, stream);
    }
}

void pl_stream_drained(struct pl_http_stream *stream)
{
    static const char resync[] = "event: resync\ndata: {}\n\n";
    if (stream->behind) {
        stream->behind = false;
        atomic_fetch_add(&stream->http->meter.resyncs, 1);
        pl_connection_write(stream->connection, resync, sizeof resync - 1);
    }
}

/* Streams of the same user on the same path. */
static uint32_t count_like(const struct pl_http *http, uint64_t key)
{
    uint32_t count = 0;
    for (const struct pl_connection *at = http->connections; at != NULL; at = at->next) {
        count += at->stream != NULL && at->stream->key == key;
    }
    return count;
}

static void deliver_begin(struct pl_http *http, struct pl_http_message *message)
{
    struct pl_http_request *request = (struct pl_http_request *)message;
    struct pl_http_stream *stream = request->stream;
    struct pl_connection *connection = request->connection;
    bool counts = http->def.stream_max < http->def.connection_max; /* else it cannot be reached */
    if (connection != NULL && counts && count_like(http, stream->key) >= http->def.stream_max) {
        free(request->answer);
        request->answer = NULL;
        request->stream = NULL;
        pl_dispatch_refuse(request,
                           PL_CODES_TOO_MANY_STREAMS,
                           "This session has as many event streams as it may have.",
                           "Close another tab, or let the tabs share one stream.",
                           true);
        pl_connection_answer(connection, request);
        connection = NULL;
    }
    if (connection == NULL) {
        pl_stream_gone(stream);
    } else {
        stream->connection = connection;
        connection->stream = stream;
        atomic_fetch_add(&http->meter.streams, 1);
        pl_connection_stream(connection, request);
    }
    pl_dispatch_free(request);
}

struct pl_http_stream *pl_http_stream_begin(struct pl_http_request *request,
                                            void *context,
                                            void (*gone)(void *context,
                                                         struct pl_http_stream *stream))
{
    PL_CHECK(request != NULL);
    struct pl_http_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        pl_http_fail(request, PL_CODES_BUSY, "There is not enough memory for a stream.", NULL);
        return NULL;
    }
    stream->http = request->http;
    stream->context = context;
    stream->gone = gone;
    const char *path = request->head.target.path;
    stream->key = pl_hash_bytes(request->user.id, strlen(request->user.id), 1).low ^
                  pl_hash_bytes(path, strlen(path), 2).low;
    request->stream = stream;
    /* Clients that lost the server together do not come back together. */
    char retry[40];
    struct pl_buf buf;
    pl_buf_init(&buf, retry, sizeof retry);
    pl_buf_printf(&buf, "retry: %d\n\n", 1000 + request->id[15] * 37 % 2000);
    struct pl_http_answer answer = {
        .status = 200,
        .type = "text/event-stream",
        .body = {buf.data, buf.size},
    };
    pl_dispatch_answer(request, &answer);
    request->message.deliver = deliver_begin;
    pl_mailbox_put(stream->http->mailbox, &request->message.item);
    return stream;
}

static void deliver_event(struct pl_http *http, struct pl_http_message *message)
{
    const struct event_message *event = (struct event_message *)message;
    uint32_t sent = 0;
    for (uint32_t i = 0; i < event->count; i++) {
        struct pl_http_stream *stream = event->streams[i];
        if (stream->connection == NULL || stream->behind) {
            continue;
        }
        size_t waiting = pl_connection_waiting(stream->connection);
        if (waiting > 0 && waiting + event->size > PL_HTTP_STREAM_BUFFER) {
            stream->behind = true;
        } else {
            pl_connection_write(stream->connection, event->bytes, event->size);
            sent++;
        }
    }
    atomic_fetch_add(&http->meter.events, sent);
    free(message);
}

void pl_http_streams_send(struct pl_http_stream *const *streams,
                          uint32_t count,
                          const char *event,
                          const uint64_t *id,
                          pl_slice data)
{
    PL_CHECK(streams != NULL && count > 0);
    size_t capacity = data.size + EVENT_EXTRA;
    size_t list_size = count * sizeof(struct pl_http_stream *);
    struct event_message *message = malloc(sizeof *message + list_size + capacity);
    if (message == NULL) {
        for (uint32_t i = 0; i < count; i++) {
            streams[i]->behind = true; /* like any other event that was dropped */
        }
        return;
    }
    struct pl_buf buf;
    pl_buf_init(&buf, (char *)(message->streams + count), capacity);
    pl_stream_put_event(&buf, event, id, data);
    PL_CHECK(!buf.overflow);
    memcpy(message->streams, streams, list_size);
    message->size = buf.size;
    message->bytes = buf.data;
    message->count = count;
    message->message.deliver = deliver_event;
    pl_mailbox_put(streams[0]->http->mailbox, &message->message.item);
}

void pl_http_stream_send(struct pl_http_stream *stream,
                         const char *event,
                         const uint64_t *id,
                         pl_slice data)
{
    PL_CHECK(stream != NULL);
    pl_http_streams_send(&stream, 1, event, id, data);
}

static void deliver_end(struct pl_http *http, struct pl_http_message *message)
{
    struct pl_http_stream *stream = (struct pl_http_stream *)message;
    (void)http;
    if (stream->connection != NULL) {
        stream->connection->stream = NULL;
        atomic_fetch_sub(&http->meter.streams, 1);
        pl_connection_finish(stream->connection);
    }
    free(stream);
}

void pl_http_stream_end(struct pl_http_stream *stream)
{
    PL_CHECK(stream != NULL);
    stream->end.deliver = deliver_end;
    pl_mailbox_put(stream->http->mailbox, &stream->end.item);
}
