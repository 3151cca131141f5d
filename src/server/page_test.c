// SPDX-License-Identifier: Apache-2.0
#include "server/page.h"

#include "support/served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char text[1 << 14];

static void what_html_gives_a_meaning_is_escaped(void **state)
{
    (void)state;
    struct pl_buf buf;
    pl_buf_init(&buf, text, sizeof text);
    pl_page_put_text(&buf, "<a href=\"x\">'&'</a>");
    assert_string_equal(text, "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
}

static void tell(void *context, struct pl_http_request *request)
{
    (void)context;
    pl_page_tell(request, 200, "A < B", "<p>text</p>");
}

static void pages_have_a_title_a_style_and_no_script(void **state)
{
    (void)state;
    static const struct pl_route routes[] = {
        {.method = PL_METHOD_GET, .pattern = "/", .roles = PL_ROLE_ANYONE, .handle = tell},
        {.method = PL_METHOD_GET,
         .pattern = "/page.css",
         .roles = PL_ROLE_ANYONE,
         .handle = pl_page_style},
    };
    const struct pl_routes group = {.items = routes, .count = 2};
    const struct pl_http_def def = {.groups = &group, .group_count = 1};
    struct pl_test_served served;
    pl_test_served_start(&served, &def);
    const char *get = "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n";
    assert_int_equal(pl_test_served_ask(&served, get, text, sizeof text), 200);
    assert_non_null(strstr(text, "<title>A &lt; B - Plumbline</title>"));
    assert_non_null(strstr(text, "<p>text</p>"));
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "style="));
    const char *get_style = "GET /page.css HTTP/1.0\r\nHost: localhost\r\n\r\n";
    assert_int_equal(pl_test_served_ask(&served, get_style, text, sizeof text), 200);
    assert_non_null(strstr(text, "Content-Type: text/css"));
    pl_test_served_stop(&served);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_html_gives_a_meaning_is_escaped),
        cmocka_unit_test(pages_have_a_title_a_style_and_no_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
