// SPDX-License-Identifier: Apache-2.0
#include "server/signin.h"

#include "os/beside.h"
#include "os/scratch.h"
#include "support/served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct pl_scratch scratch;
static struct pl_accounts *accounts;
static struct pl_signin *signin;
static struct pl_test_served served;
static struct pl_routes group;
static const struct pl_assets assets = {NULL, 0};
static char text[1 << 14];

static int start(void **state)
{
    (void)state;
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    assert_int_equal(pl_accounts_open(&accounts, scratch.path, NULL), PL_OK);
    const struct pl_signin_def def = {.accounts = accounts, .assets = &assets};
    assert_int_equal(pl_signin_open(&signin, &def, NULL), PL_OK);
    group = pl_signin_routes(signin);
    const struct pl_http_def http = {
        .groups = &group,
        .group_count = 1,
        .sign_in = true,
        .identify = pl_signin_identify,
        .identify_context = signin,
        .fallback = pl_signin_fallback,
        .fallback_context = signin,
    };
    pl_test_served_start(&served, &http);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    pl_http_stop(served.http);
    pl_beside_end(served.beside);
    pl_signin_close(signin);
    pl_http_close(served.http);
    pl_accounts_close(accounts);
    return pl_scratch_remove(&scratch, NULL) == PL_OK ? 0 : 1;
}

static int get(const char *path, const char *host, const char *cookie)
{
    char request[500];
    (void)snprintf(request,
                   sizeof request,
                   "GET %s HTTP/1.0\r\nHost: %s\r\nCookie: %s\r\n\r\n",
                   path,
                   host,
                   cookie);
    return pl_test_served_ask(&served, request, text, sizeof text);
}

static int post(const char *path, const char *host, const char *cookie, const char *body)
{
    char request[1000];
    (void)snprintf(request,
                   sizeof request,
                   "POST %s HTTP/1.0\r\nHost: %s\r\nCookie: %s\r\nSec-Fetch-Site: same-origin\r\n"
                   "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                   path,
                   host,
                   cookie,
                   (int)strlen(body),
                   body);
    return pl_test_served_ask(&served, request, text, sizeof text);
}

/* The cookie that the last answer set. */
static void keep_cookie(char *cookie, size_t size)
{
    const char *begin = strstr(text, "Set-Cookie: ");
    assert_non_null(begin);
    begin += strlen("Set-Cookie: ");
    (void)snprintf(cookie, size, "%.*s", (int)strcspn(begin, ";"), begin);
}

static void set_up(char *cookie, size_t size)
{
    char body[300];
    (void)snprintf(body,
                   sizeof body,
                   "{\"token\":\"%s\",\"name\":\"Ada\",\"password\":\"four random words\"}",
                   pl_signin_setup_token(signin));
    assert_int_equal(post("/api/setup", "localhost", "", body), 201);
    keep_cookie(cookie, size);
}

static void the_setup_link_works_once_and_is_gone_afterwards(void **state)
{
    (void)state;
    char cookie[200];
    assert_int_equal(get("/", "localhost", ""), 303);
    assert_non_null(strstr(text, "Location: /setup\r\n"));
    assert_int_equal(get("/setup", "localhost", ""), 200);
    const char *wrong = "{\"token\":\"x\",\"name\":\"eve\",\"password\":\"four random words\"}";
    assert_int_equal(post("/api/setup", "localhost", "", wrong), 404);
    set_up(cookie, sizeof cookie);
    assert_null(pl_signin_setup_token(signin));
    assert_int_equal(get("/setup", "localhost", ""), 404);
    assert_int_equal(post("/api/setup", "localhost", "", wrong), 404);
    assert_int_equal(get("/", "localhost", ""), 303);
    assert_non_null(strstr(text, "Location: /signin\r\n"));
    assert_int_equal(get("/", "localhost", cookie), 200);
    assert_int_equal(pl_accounts_count(accounts), 1);
}

static void the_cookie_is_for_the_host_alone_and_hidden_from_scripts(void **state)
{
    (void)state;
    char cookie[200];
    set_up(cookie, sizeof cookie);
    assert_non_null(strstr(text, "Set-Cookie: __Host-plumb="));
    assert_non_null(strstr(text, "; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=43200\r\n"));
    assert_int_equal(get("/api/me", "localhost", cookie), 200);
    assert_non_null(
        strstr(text, "{\"signed_in\":true,\"name\":\"ada\",\"admin\":true,\"needs_codes\":false}"));
    assert_int_equal(post("/api/signout", "localhost", cookie, ""), 200);
    assert_int_equal(get("/api/me", "localhost", cookie), 200);
    assert_non_null(strstr(text, "{\"signed_in\":false,"));
}

static void a_new_sign_in_has_a_new_token(void **state)
{
    (void)state;
    char first[200];
    char second[200];
    set_up(first, sizeof first);
    const char *good = "{\"name\":\"ada\",\"password\":\"four random words\"}";
    assert_int_equal(post("/api/signin", "localhost", first, good), 200);
    keep_cookie(second, sizeof second);
    assert_string_not_equal(first, second);
    const char *bad = "{\"name\":\"ada\",\"password\":\"four random word\"}";
    assert_int_equal(post("/api/signin", "localhost", "", bad), 401);
    assert_non_null(strstr(text, "wrong_password"));
    assert_int_equal(post("/api/signin", "localhost", "", "{\"name\":1}"), 400);
    assert_int_equal(post("/api/signin", "localhost", "", "[]"), 400);
}

static void a_name_that_is_tried_often_has_to_wait(void **state)
{
    (void)state;
    const char *bad = "{\"name\":\"ada\",\"password\":\"four random word\"}";
    const char *other = "{\"name\":\"bob\",\"password\":\"four random word\"}";
    for (int i = 0; i < 5; i++) {
        assert_int_equal(post("/api/signin", "localhost", "", bad), 401);
    }
    assert_int_equal(post("/api/signin", "localhost", "", bad), 429);
    assert_non_null(strstr(text, "Retry-After: "));
    assert_int_equal(post("/api/signin", "localhost", "", other), 401);
}

static void only_administrators_add_accounts(void **state)
{
    (void)state;
    char ada[200];
    char bob[200];
    set_up(ada, sizeof ada);
    const char *body = "{\"name\":\"bob\",\"password\":\"four other words\"}";
    assert_int_equal(post("/api/users", "localhost", "", body), 401);
    assert_int_equal(post("/api/users", "localhost", ada, body), 201);
    assert_int_equal(post("/api/signin", "localhost", "", body), 200);
    keep_cookie(bob, sizeof bob);
    assert_int_equal(post("/api/users", "localhost", bob, body), 403);
}

static void plain_http_from_elsewhere_gets_the_page_that_explains(void **state)
{
    (void)state;
    const char *body = "{\"name\":\"ada\",\"password\":\"four random words\"}";
    assert_int_equal(get("/", "192.168.1.4:7586", ""), 403);
    assert_non_null(strstr(text, "Caddy"));
    assert_non_null(strstr(text, "--insecure-lan"));
    assert_int_equal(get("/signin", "192.168.1.4:7586", ""), 403);
    assert_int_equal(get("/setup", "192.168.1.4:7586", ""), 403);
    assert_int_equal(post("/api/signin", "192.168.1.4:7586", "", body), 403);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_setup_link_works_once_and_is_gone_afterwards, start, stop),
        cmocka_unit_test_setup_teardown(
            the_cookie_is_for_the_host_alone_and_hidden_from_scripts, start, stop),
        cmocka_unit_test_setup_teardown(a_new_sign_in_has_a_new_token, start, stop),
        cmocka_unit_test_setup_teardown(a_name_that_is_tried_often_has_to_wait, start, stop),
        cmocka_unit_test_setup_teardown(only_administrators_add_accounts, start, stop),
        cmocka_unit_test_setup_teardown(
            plain_http_from_elsewhere_gets_the_page_that_explains, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
