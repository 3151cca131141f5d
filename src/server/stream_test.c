// SPDX-License-Identifier: Apache-2.0
//
// Streams over real sockets: order, resync of a slow reader, the limit, and clients that leave.
#include "server/stream.h"

#include "support/served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { STREAMS_MAX = 8, TEXT_MAX = 1 << 20 };

static struct pl_test_served served;
static _Atomic(struct pl_http_stream *) streams[STREAMS_MAX];
static atomic_uint opened;
static atomic_uint left;
static atomic_ullong last_id;
static char text[TEXT_MAX];

static void on_gone(void *context, struct pl_http_stream *stream)
{
    (void)context;
    (void)stream;
    atomic_fetch_add(&left, 1);
}

static void open_stream(void *context, struct pl_http_request *request)
{
    uint64_t id = 0;
    (void)pl_http_last_event_id(request, &id);
    atomic_store(&last_id, id);
    struct pl_http_stream *stream = pl_http_stream_begin(request, context, on_gone);
    assert_non_null(stream);
    atomic_store(&streams[atomic_fetch_add(&opened, 1)], stream);
}

static const struct pl_route routes[] = {
    {.method = PL_METHOD_GET,
     .pattern = "/api/events",
     .roles = PL_ROLE_ANYONE,
     .handle = open_stream},
};
static const struct pl_routes group = {.items = routes, .count = 1};

static void start(void)
{
    struct pl_http_def def = {.groups = &group, .group_count = 1};
    atomic_store(&opened, 0);
    atomic_store(&left, 0);
    pl_test_served_start(&served, &def);
}

static void wait_for(const atomic_uint *count, unsigned wanted)
{
    for (int i = 0; i < 500 && atomic_load(count) < wanted; i++) {
        pl_test_served_pause(10);
    }
    assert_int_equal(atomic_load(count), wanted);
}

static int listen_to_events(const char *lines)
{
    int descriptor = pl_test_served_connect(&served);
    unsigned before = atomic_load(&opened);
    (void)snprintf(
        text, sizeof text, "GET /api/events HTTP/1.1\r\nHost: localhost\r\n%s\r\n", lines);
    pl_test_served_send(descriptor, text, strlen(text));
    wait_for(&opened, before + 1);
    return descriptor;
}

static void events_arrive_in_order_with_their_ids(void **state)
{
    (void)state;
    start();
    int descriptor = listen_to_events("Last-Event-ID: 41\r\n");
    assert_int_equal(atomic_load(&last_id), 41);
    for (uint64_t id = 42; id < 142; id++) {
        char data[40];
        (void)snprintf(data, sizeof data, "{\"n\":%d}", (int)id);
        pl_http_stream_send(streams[0], "entry", &id, pl_slice_of(data));
    }
    pl_http_stream_send(streams[0], "clock", NULL, pl_slice_of("{}"));
    pl_http_stream_end(streams[0]);
    pl_test_served_read(descriptor, NULL, text, sizeof text);
    assert_non_null(strstr(text, "Content-Type: text/event-stream\r\n"));
    assert_non_null(strstr(text, "\r\n\r\nretry: "));
    const char *at = text;
    for (int id = 42; id < 142; id++) {
        char wanted[80];
        (void)snprintf(wanted, sizeof wanted, "event: entry\nid: %d\ndata: {\"n\":%d}\n\n", id, id);
        at = strstr(at, wanted);
        assert_non_null(at);
    }
    assert_non_null(strstr(at, "event: clock\ndata: {}\n\n"));
    (void)close(descriptor);
    pl_test_served_stop(&served);
    assert_int_equal(atomic_load(&left), 0);
}

static void a_slow_reader_is_told_to_resync(void **state)
{
    (void)state;
    start();
    int descriptor = listen_to_events("");
    enum { SIZE = 10000, COUNT = 2000 };
    char *data = malloc(SIZE);
    assert_non_null(data);
    memset(data, 'x', SIZE);
    for (uint64_t id = 0; id < COUNT; id++) {
        pl_http_stream_send(streams[0], "entry", &id, (pl_slice){data, SIZE});
    }
    pl_test_served_pause(100); /* the server drops what the kernel does not take */
    size_t entries = 0;
    bool resync = false;
    while (!resync) {
        pl_test_served_read(descriptor, "event: resync\ndata: {}\n\n", text, sizeof text);
        resync = strstr(text, "event: resync\n") != NULL;
        for (const char *at = text; (at = strstr(at, "event: entry")) != NULL; at++) {
            entries++;
        }
        assert_true(text[0] != '\0');
    }
    assert_true(entries > 0 && entries < COUNT);
    uint64_t id = COUNT;
    pl_http_stream_send(streams[0], "entry", &id, pl_slice_of("{\"after\":1}"));
    pl_test_served_read(descriptor, "{\"after\":1}", text, sizeof text);
    assert_non_null(strstr(text, "{\"after\":1}"));
    pl_http_stream_end(streams[0]);
    (void)close(descriptor);
    free(data);
    pl_test_served_stop(&served);
}

static void a_client_that_leaves_is_reported_once(void **state)
{
    (void)state;
    start();
    int descriptor = listen_to_events("");
    (void)close(descriptor);
    wait_for(&left, 1);
    pl_http_stream_send(streams[0], "entry", NULL, pl_slice_of("{}"));
    pl_http_stream_end(streams[0]);
    pl_test_served_stop(&served);
    assert_int_equal(atomic_load(&left), 1);
}

static void a_fourth_stream_of_one_session_is_refused(void **state)
{
    (void)state;
    start();
    int descriptors[4];
    for (int i = 0; i < 4; i++) {
        descriptors[i] = listen_to_events("");
        pl_test_served_read(descriptors[i], "\r\n\r\n", text, sizeof text);
        assert_int_equal(strncmp(text, i < 3 ? "HTTP/1.1 200" : "HTTP/1.1 429", 12), 0);
    }
    assert_non_null(strstr(text, "too_many_streams"));
    wait_for(&left, 1);
    for (int i = 0; i < 4; i++) {
        pl_http_stream_end(streams[i]);
        (void)close(descriptors[i]);
    }
    pl_test_served_stop(&served);
}

/* Goal: an event for several streams reaches each that is still there, in order with its others. */
static void one_event_reaches_many_streams(void **state)
{
    (void)state;
    start();
    struct pl_http_stream *all[3];
    int descriptors[3];
    for (int i = 0; i < 3; i++) {
        descriptors[i] = listen_to_events("");
        all[i] = atomic_load(&streams[i]);
    }
    (void)close(descriptors[1]);
    wait_for(&left, 1);
    uint64_t id = 1;
    pl_http_stream_send(all[2], "entry", &id, pl_slice_of("{\"own\":1}"));
    pl_http_streams_send(all, 3, "entry", &id, pl_slice_of("{\"shared\":1}"));
    pl_http_streams_send(all, 2, "clock", NULL, pl_slice_of("{}"));
    for (int i = 0; i < 3; i++) {
        pl_http_stream_end(all[i]);
    }
    for (int i = 0; i < 3; i += 2) {
        pl_test_served_read(descriptors[i], NULL, text, sizeof text);
        const char *at = strstr(text, "event: entry\nid: 1\ndata: {\"shared\":1}\n\n");
        assert_non_null(at);
        assert_int_equal(strstr(at, "event: clock\ndata: {}\n\n") != NULL, i == 0);
        const char *own = strstr(text, "{\"own\":1}");
        assert_int_equal(own != NULL && own < at, i == 2);
        (void)close(descriptors[i]);
    }
    pl_test_served_stop(&served);
}

static void a_stop_closes_streams_and_tells_their_owners(void **state)
{
    (void)state;
    start();
    int descriptor = listen_to_events("");
    pl_http_stop(served.http);
    wait_for(&left, 1);
    pl_http_stream_end(streams[0]);
    pl_test_served_read(descriptor, NULL, text, sizeof text);
    (void)close(descriptor);
    pl_test_served_stop(&served);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_arrive_in_order_with_their_ids),
        cmocka_unit_test(a_slow_reader_is_told_to_resync),
        cmocka_unit_test(a_client_that_leaves_is_reported_once),
        cmocka_unit_test(a_fourth_stream_of_one_session_is_refused),
        cmocka_unit_test(one_event_reaches_many_streams),
        cmocka_unit_test(a_stop_closes_streams_and_tells_their_owners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
