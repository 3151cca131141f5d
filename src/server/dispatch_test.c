// SPDX-License-Identifier: Apache-2.0
//
// Pages that no route has, and ids of requests.
#include "server/dispatch.h"

#include "support/served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct pl_test_served served;
static char text[1 << 14];

static void page(void *context, struct pl_http_request *request)
{
    const struct pl_http_header headers[] = {{"ETag", "\"1\""}};
    const struct pl_http_answer answer = {
        .status = 200,
        .type = "text/html; charset=utf-8",
        .body = pl_slice_of(pl_http_path(request)),
        .cache = context,
        .headers = headers,
        .header_count = 1,
    };
    pl_http_reply_with(request, &answer);
}

static void start(bool with_fallback)
{
    static char cache[] = "no-cache";
    struct pl_http_def def = {
        .fallback = with_fallback ? page : NULL,
        .fallback_context = cache,
    };
    pl_test_served_start(&served, &def);
}

static int ask(const char *request)
{
    return pl_test_served_ask(&served, request, text, sizeof text);
}

static void the_fallback_answers_pages_and_nothing_else(void **state)
{
    (void)state;
    start(true);
    assert_int_equal(ask("GET /s/abc HTTP/1.0\r\nHost: localhost\r\n\r\n"), 200);
    assert_non_null(strstr(text, "Cache-Control: no-cache\r\nETag: \"1\"\r\n"));
    assert_non_null(strstr(text, "\r\n\r\n/s/abc"));
    assert_int_equal(ask("POST /s/abc HTTP/1.0\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"),
                     404);
    pl_test_served_stop(&served);
    start(false);
    assert_int_equal(ask("GET /s/abc HTTP/1.0\r\nHost: localhost\r\n\r\n"), 404);
    pl_test_served_stop(&served);
}

static void each_request_has_an_id_of_its_own(void **state)
{
    (void)state;
    start(true);
    char first[20];
    assert_int_equal(ask("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"), 200);
    memcpy(first, strstr(text, "X-Request-Id: "), sizeof first);
    assert_int_equal(ask("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"), 200);
    assert_memory_not_equal(first, strstr(text, "X-Request-Id: "), sizeof first);
    pl_test_served_stop(&served);
}

static void tell_peer(void *context, struct pl_http_request *request)
{
    (void)context;
    const struct pl_http_answer answer = {
        .status = 200, .type = "text/plain", .body = pl_slice_of(pl_http_peer(request))};
    pl_http_reply_with(request, &answer);
}

static void expect_peer(const char *proxy, const char *peer)
{
    const struct pl_http_def def = {.fallback = tell_peer, .proxy = proxy};
    pl_test_served_start(&served, &def);
    assert_int_equal(ask("GET / HTTP/1.0\r\nHost: localhost\r\nX-Forwarded-For: 10.9.9.9\r\n"
                         "X-Forwarded-For: 10.0.0.1, 192.0.2.7\r\n\r\n"),
                     200);
    assert_string_equal(strstr(text, "\r\n\r\n") + 4, peer);
    pl_test_served_stop(&served);
}

/* Goal: what a client says about its address counts only when the configured proxy brings it. */
static void only_the_configured_proxy_is_believed(void **state)
{
    (void)state;
    expect_peer(NULL, "127.0.0.1");
    expect_peer("192.0.2.1", "127.0.0.1");
    expect_peer("127.0.0.1", "192.0.2.7");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fallback_answers_pages_and_nothing_else),
        cmocka_unit_test(only_the_configured_proxy_is_believed),
        cmocka_unit_test(each_request_has_an_id_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
