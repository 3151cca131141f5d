// SPDX-License-Identifier: Apache-2.0
#include "server/account_page.h"

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
static bool signed_in;

static void
identify(void *context, const struct pl_http_request *request, struct pl_http_user *user)
{
    (void)context;
    (void)request;
    (void)snprintf(user->id, sizeof user->id, "%s", signed_in ? "ada" : "");
}

static int get(const struct pl_test_served *served, const char *path)
{
    char text[200];
    (void)snprintf(
        text, sizeof text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", path);
    return pl_test_served_ask(served, text, answer, sizeof answer);
}

/* Goal: the page is for who is signed in; its script builds no HTML from texts. */
static void the_page_is_for_who_is_signed_in(void **state)
{
    (void)state;
    struct pl_test_served served;
    static const struct pl_route routes[] = {
        {.method = PL_METHOD_GET,
         .pattern = "/account",
         .roles = PL_ROLE_ANYONE,
         .handle = pl_account_page_show},
        {.method = PL_METHOD_GET,
         .pattern = "/account.js",
         .roles = PL_ROLE_ANYONE,
         .handle = pl_account_page_script},
    };
    const struct pl_routes group = {.items = routes, .count = 2};
    const struct pl_http_def def = {
        .groups = &group, .group_count = 1, .sign_in = true, .identify = identify};
    pl_test_served_start(&served, &def);
    assert_int_equal(get(&served, "/account"), 303);
    signed_in = true;
    assert_int_equal(get(&served, "/account"), 200);
    assert_non_null(strstr(answer, "Recovery codes"));
    assert_int_equal(get(&served, "/account.js"), 200);
    assert_null(strstr(answer, "innerHTML"));
    /* The route takes no body, and refuses one. */
    assert_non_null(strstr(answer, "call('POST', '/api/signout');"));
    pl_test_served_stop(&served);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_page_is_for_who_is_signed_in)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
