// SPDX-License-Identifier: Apache-2.0
//
// The server over real sockets: answers from handlers, from other threads, and none at all.
#include "server/http.h"

#include "os/beside.h"
#include "support/served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ANSWER_MAX = 1 << 16 };

static char answer[ANSWER_MAX];
static struct pl_beside *helper;

static void echo(void *context, struct pl_http_request *request)
{
    char text[400];
    const char *query = pl_http_query(request, "q");
    pl_slice body = pl_http_body(request);
    (void)snprintf(text,
                   sizeof text,
                   "{\"id\":\"%s\",\"q\":\"%s\",\"body\":%d,\"user\":\"%s\",\"context\":%d}",
                   pl_http_param(request, "id"),
                   query != NULL ? query : "-",
                   (int)body.size,
                   pl_http_user(request)->id,
                   *(int *)context);
    pl_http_reply(request, 200, pl_slice_of(text));
}

static void answer_beside(void *context, void *item)
{
    (void)context;
    pl_http_reply(item, 202, pl_slice_of("{\"later\":true}"));
}

static void hand_over(void *context, struct pl_http_request *request)
{
    (void)context;
    assert_true(pl_beside_put(helper, request));
}

static void complain(void *context, struct pl_http_request *request)
{
    pl_error err = {0};
    (void)context;
    (void)pl_fail(&err, PL_CONFLICT, NULL, "It does not fit.");
    pl_http_fail_error(request, &err);
}

static const struct pl_route routes[] = {
    {.method = PL_METHOD_GET, .pattern = "/api/echo/{id}", .roles = PL_ROLE_ANYONE, .handle = echo},
    {.method = PL_METHOD_POST,
     .pattern = "/api/echo/{id}",
     .roles = PL_ROLE_ANYONE,
     .body_max = 5000,
     .handle = echo},
    {.method = PL_METHOD_GET,
     .pattern = "/api/later",
     .roles = PL_ROLE_ANYONE,
     .handle = hand_over},
    {.method = PL_METHOD_GET,
     .pattern = "/api/conflict",
     .roles = PL_ROLE_PLAYER,
     .handle = complain},
};

static int number = 7;
static const struct pl_routes group = {.items = routes, .count = 4, .context = &number};
static struct pl_test_served served;

static void nobody(void *context, const struct pl_http_request *request, struct pl_http_user *user)
{
    (void)context;
    (void)request;
    user->roles = 0;
}

static void start(bool sign_in)
{
    struct pl_http_def def = {
        .groups = &group,
        .group_count = 1,
        .sign_in = sign_in,
        .identify = sign_in ? nobody : NULL,
    };
    pl_test_served_start(&served, &def);
}

static int ask(const char *text)
{
    return pl_test_served_ask(&served, text, answer, sizeof answer);
}

static void a_handler_gets_what_was_sent_and_answers(void **state)
{
    (void)state;
    start(false);
    assert_int_equal(ask("GET /api/echo/a%20b?q=x HTTP/1.1\r\nHost: localhost\r\n"
                         "Connection: close\r\n\r\n"),
                     200);
    assert_non_null(strstr(answer,
                           "\r\n\r\n{\"id\":\"a b\",\"q\":\"x\",\"body\":0,"
                           "\"user\":\"local\",\"context\":7}"));
    assert_non_null(strstr(answer, "Content-Security-Policy: default-src 'none'"));
    assert_non_null(strstr(answer, "X-Request-Id: "));
    assert_int_equal(ask("HEAD /api/echo/a HTTP/1.0\r\nHost: localhost\r\n\r\n"), 200);
    assert_string_equal(answer + strlen(answer) - 4, "\r\n\r\n");
    pl_test_served_stop(&served);
}

static void requests_share_a_connection_also_when_sent_ahead(void **state)
{
    (void)state;
    start(false);
    assert_int_equal(ask("POST /api/echo/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
                         "Content-Type: application/json\r\n\r\n{}"
                         "GET /api/later HTTP/1.1\r\nHost: localhost\r\n\r\n"
                         "GET /api/echo/3 HTTP/1.0\r\nHost: localhost\r\n\r\n"),
                     200);
    const char *second = strstr(answer, "HTTP/1.1 202");
    assert_non_null(second);
    assert_non_null(strstr(answer, "\"body\":2"));
    assert_non_null(strstr(second, "{\"later\":true}HTTP/1.1 200"));
    assert_non_null(strstr(second, "\"id\":\"3\""));
    pl_test_served_stop(&served);
}

static void a_body_may_come_slowly_and_after_100(void **state)
{
    (void)state;
    start(false);
    int descriptor = pl_test_served_connect(&served);
    const char *head = "POST /api/echo/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
                       "Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n";
    pl_test_served_send(descriptor, head, strlen(head));
    pl_test_served_read(descriptor, "\r\n\r\n", answer, sizeof answer);
    assert_string_equal(answer, "HTTP/1.1 100 Continue\r\n\r\n");
    pl_test_served_send(descriptor, "[1", 2);
    pl_test_served_pause(20);
    pl_test_served_send(descriptor, "2]", 2);
    pl_test_served_read(descriptor, "\"body\":4", answer, sizeof answer);
    assert_non_null(strstr(answer, "\"body\":4"));
    (void)close(descriptor);
    pl_test_served_stop(&served);
}

static void errors_have_a_stable_form(void **state)
{
    (void)state;
    start(false);
    static const struct {
        const char *text;
        int status;
        const char *code;
    } cases[] = {
        {"GET /api/nothing HTTP/1.0\r\nHost: localhost\r\n\r\n", 404, "not_found"},
        {"GET /api/conflict HTTP/1.0\r\nHost: localhost\r\n\r\n", 409, "conflict"},
        {"DELETE /api/later HTTP/1.0\r\nHost: localhost\r\n\r\n", 405, "bad_method"},
        {"GET /api/later HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, "wrong_host"},
        {"GET /../x HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "bad_path"},
        {"POST /api/echo/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5001\r\n"
         "Content-Type: application/json\r\n\r\n{}",
         413,
         "body_too_large"},
        {"POST /api/echo/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
         "Content-Type: text/plain\r\n\r\n{}",
         415,
         "wrong_content_type"},
        {"POST /api/echo/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
         "Content-Type: application/json\r\nOrigin: http://evil.example\r\n\r\n{}",
         403,
         "cross_site"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char wanted[60];
        (void)snprintf(wanted, sizeof wanted, "{\"error\":{\"code\":\"%s\",", cases[i].code);
        assert_int_equal(ask(cases[i].text), cases[i].status);
        assert_non_null(strstr(answer, wanted));
        assert_non_null(strstr(answer, "\"request_id\":\""));
        assert_non_null(strstr(answer, "X-Content-Type-Options: nosniff\r\n"));
    }
    assert_int_equal(ask("DELETE /api/later HTTP/1.0\r\nHost: localhost\r\n\r\n"), 405);
    assert_non_null(strstr(answer, "Allow: GET, HEAD\r\n"));
    pl_test_served_stop(&served);
}

static void a_role_is_asked_for_before_anything_else_is_told(void **state)
{
    (void)state;
    start(true);
    assert_int_equal(ask("GET /api/conflict HTTP/1.0\r\nHost: localhost\r\n\r\n"), 401);
    assert_int_equal(ask("GET /api/later HTTP/1.0\r\nHost: localhost\r\n\r\n"), 202);
    pl_test_served_stop(&served);
}

static void a_client_that_leaves_harms_nobody(void **state)
{
    (void)state;
    start(false);
    const char *text = "GET /api/later HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (int i = 0; i < 50; i++) {
        int descriptor = pl_test_served_connect(&served);
        pl_test_served_send(descriptor, text, strlen(text) - (i % 2 == 0 ? 0 : 5));
        (void)close(descriptor);
    }
    assert_int_equal(ask("GET /api/later HTTP/1.0\r\nHost: localhost\r\n\r\n"), 202);
    pl_test_served_stop(&served);
}

static void a_taken_port_is_told_or_replaced(void **state)
{
    (void)state;
    start(false);
    struct pl_http *second = NULL;
    pl_error err = {0};
    struct pl_http_def def = {.address = "127.0.0.1", .port = pl_http_port(served.http)};
    assert_int_equal(pl_http_open(&second, &def, &err), PL_CONFLICT);
    assert_non_null(strstr(err.message, "--listen"));
    def.port_may_change = true;
    assert_int_equal(pl_http_open(&second, &def, NULL), PL_OK);
    assert_int_not_equal(pl_http_port(second), def.port);
    pl_http_close(second);
    def.base_url = "plumb.example";
    assert_int_equal(pl_http_open(&second, &def, NULL), PL_BAD_INPUT);
    pl_test_served_stop(&served);
}

static int start_helper(void **state)
{
    (void)state;
    static int nothing;
    struct pl_beside_work work = {.context = &nothing, .take = answer_beside};
    return pl_beside_start(&helper, &work, NULL) == PL_OK ? 0 : 1;
}

static int end_helper(void **state)
{
    (void)state;
    pl_beside_end(helper);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handler_gets_what_was_sent_and_answers),
        cmocka_unit_test(requests_share_a_connection_also_when_sent_ahead),
        cmocka_unit_test(a_body_may_come_slowly_and_after_100),
        cmocka_unit_test(errors_have_a_stable_form),
        cmocka_unit_test(a_role_is_asked_for_before_anything_else_is_told),
        cmocka_unit_test(a_client_that_leaves_harms_nobody),
        cmocka_unit_test(a_taken_port_is_told_or_replaced),
    };
    return cmocka_run_group_tests(tests, start_helper, end_helper);
}
