// SPDX-License-Identifier: Apache-2.0
//
// What a connection may do to the server: too many of them, half of them, silent ones.
#include "server/connection.h"

#include "os/now.h"
#include "support/served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct pl_test_served served;
static char text[1 << 16];

static void hello(void *context, struct pl_http_request *request)
{
    (void)context;
    pl_http_reply(request, 200, pl_slice_of("{}"));
}

static const struct pl_route routes[] = {
    {.method = PL_METHOD_GET, .pattern = "/", .roles = PL_ROLE_ANYONE, .handle = hello},
};
static const struct pl_routes group = {.items = routes, .count = 1};

static void start(uint32_t connection_max)
{
    struct pl_http_def def = {.groups = &group, .group_count = 1, .connection_max = connection_max};
    pl_test_served_start(&served, &def);
}

static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

static void a_connection_too_many_is_answered_503_and_closed(void **state)
{
    (void)state;
    start(2);
    int first = pl_test_served_connect(&served);
    int second = pl_test_served_connect(&served);
    pl_test_served_send(second, request, strlen(request));
    pl_test_served_read(second, "{}", text, sizeof text);
    int third = pl_test_served_connect(&served);
    pl_test_served_read(third, NULL, text, sizeof text);
    assert_non_null(strstr(text, "HTTP/1.1 503 "));
    assert_non_null(strstr(text, "Retry-After: 1\r\n"));
    (void)close(third);
    (void)close(first);
    pl_test_served_pause(50);
    assert_int_equal(
        pl_test_served_ask(&served, "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n", text, sizeof text),
        200);
    (void)close(second);
    pl_test_served_stop(&served);
}

static void a_refusal_arrives_although_the_client_is_still_sending(void **state)
{
    (void)state;
    start(0);
    int descriptor = pl_test_served_connect(&served);
    char junk[20000];
    memset(junk, 'x', sizeof junk);
    for (int i = 0; i < 20; i++) {
        pl_test_served_send(descriptor, junk, sizeof junk);
    }
    pl_test_served_read(descriptor, NULL, text, sizeof text);
    assert_non_null(strstr(text, "HTTP/1.1 414 "));
    (void)close(descriptor);
    pl_test_served_stop(&served);
}

static void a_client_that_has_said_everything_still_gets_its_answer(void **state)
{
    (void)state;
    start(0);
    int descriptor = pl_test_served_connect(&served);
    pl_test_served_send(descriptor, request, strlen(request));
    assert_int_equal(shutdown(descriptor, SHUT_WR), 0);
    pl_test_served_read(descriptor, NULL, text, sizeof text);
    assert_non_null(strstr(text, "HTTP/1.1 200 "));
    (void)close(descriptor);
    pl_test_served_stop(&served);
}

static void silent_connections_do_not_delay_a_stop(void **state)
{
    (void)state;
    start(0);
    int silent = pl_test_served_connect(&served);
    int half = pl_test_served_connect(&served);
    pl_test_served_send(half, request, 10);
    pl_test_served_pause(20);
    int64_t before = pl_now_monotonic_ns();
    pl_test_served_stop(&served);
    assert_true(pl_now_monotonic_ns() - before < INT64_C(2000000000));
    (void)close(silent);
    (void)close(half);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_too_many_is_answered_503_and_closed),
        cmocka_unit_test(a_refusal_arrives_although_the_client_is_still_sending),
        cmocka_unit_test(a_client_that_has_said_everything_still_gets_its_answer),
        cmocka_unit_test(silent_connections_do_not_delay_a_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
