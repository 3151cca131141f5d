// SPDX-License-Identifier: Apache-2.0
#include "server/account.h"

#include "os/scratch.h"
#include "server/signin.h"
#include "support/served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char answer[1 << 16];
static struct pl_test_served served;
static struct pl_scratch scratch;
static struct pl_accounts *accounts;
static struct pl_signin *signin;
static char token[PL_SECRET_TOKEN_SIZE];

static int ask(const char *method, const char *path, const char *body)
{
    char text[1024];
    (void)snprintf(text,
                   sizeof text,
                   "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                   "Sec-Fetch-Site: same-origin\r\nCookie: __Host-plumb=%s\r\n"
                   "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                   method,
                   path,
                   token,
                   strlen(body),
                   body);
    return pl_test_served_ask(&served, text, answer, sizeof answer);
}

/* Goal: who may do what with an account, and that every change is in the audit log. */
static void accounts_are_used_over_http(void **state)
{
    (void)state;
    struct pl_trail *trail = NULL;
    struct pl_trail_sum sum;
    const struct pl_assets assets = {0};
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    assert_int_equal(pl_accounts_open(&accounts, scratch.path, NULL), PL_OK);
    assert_int_equal(pl_trail_open(&trail, scratch.path, NULL), PL_OK);
    uint32_t player = PL_ROLE_PLAYER | PL_ROLE_STAFF;
    assert_int_equal(
        pl_accounts_add(accounts, "ada", "four random words", player | PL_ROLE_ADMIN, NULL), PL_OK);
    assert_int_equal(pl_accounts_add(accounts, "bob", "four other words", player, NULL), PL_OK);
    const struct pl_signin_def signin_def = {
        .accounts = accounts, .assets = &assets, .trail = trail, .data = scratch.path};
    assert_int_equal(pl_signin_open(&signin, &signin_def, NULL), PL_OK);
    const struct pl_routes groups[] = {pl_account_routes(signin)};
    const struct pl_http_def def = {.groups = groups,
                                    .group_count = 1,
                                    .sign_in = true,
                                    .identify = pl_signin_identify,
                                    .forbidden = pl_signin_forbidden,
                                    .identify_context = signin};
    pl_test_served_start(&served, &def);
    assert_int_equal(ask("GET", "/api/me/signins", ""), 401);
    assert_int_equal(pl_accounts_sign_in(accounts, "bob", "192.0.2.7", token, NULL), PL_OK);
    assert_int_equal(ask("GET", "/api/users", ""), 403);
    assert_int_equal(ask("GET", "/api/audit", ""), 403);
    assert_int_equal(ask("GET", "/api/me/signins", ""), 200);
    assert_non_null(strstr(answer, "\"current\":true"));
    assert_null(strstr(answer, token));
    assert_int_equal(ask("DELETE", "/api/me/signins/0123456789abcdef", ""), 404);
    assert_int_equal(ask("POST", "/api/me/codes", "{\"password\":\"four random words\"}"), 401);
    assert_int_equal(ask("POST", "/api/me/codes", "{\"password\":\"four other words\"}"), 200);
    assert_non_null(strstr(answer, "otpauth://totp/Plumbline:bob?secret="));
    assert_int_equal(ask("POST", "/api/me/codes/confirm", "{\"code\":\"1\"}"), 400);
    assert_int_equal(pl_accounts_sign_in(accounts, "ada", "192.0.2.8", token, NULL), PL_OK);
    assert_int_equal(ask("POST", "/api/users/ada/disabled", "{\"disabled\":true}"), 409);
    assert_int_equal(ask("POST", "/api/users/bob/disabled", "{\"disabled\":true}"), 200);
    assert_int_equal(ask("DELETE", "/api/users/bob/signins", ""), 200);
    assert_int_equal(ask("DELETE", "/api/users/eve/signins", ""), 404);
    assert_int_equal(ask("GET", "/api/users", ""), 200);
    assert_non_null(strstr(answer, "{\"name\":\"bob\",\"admin\":false,\"disabled\":true"));
    assert_int_equal(ask("GET", "/api/audit?after=0", ""), 200);
    assert_non_null(strstr(answer, "\"what\":\"forbidden\",\"of\":\"/api/users\""));
    pl_test_served_stop(&served);
    pl_signin_close(signin);
    pl_trail_close(trail);
    pl_accounts_close(accounts);
    assert_int_equal(pl_trail_read(scratch.path, NULL, NULL, &sum, NULL), PL_OK);
    assert_int_equal(sum.count, 11);
    assert_int_equal(pl_scratch_remove(&scratch, NULL), PL_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(accounts_are_used_over_http)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
