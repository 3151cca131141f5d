// SPDX-License-Identifier: Apache-2.0
#include "server/asset.h"

#include "support/served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const unsigned char page[] = "<p>client";
static const unsigned char script[] = "plain";
static const unsigned char packed[] = "br";
static const struct pl_asset items[] = {
    {"/assets/a-ABCD1234.js", "text/javascript", "t1", script, 5, packed, 2, true},
    {"/index.html", "text/html", "t2", page, 9, NULL, 0, false},
};
static struct pl_assets built = {items, 2};
static struct pl_assets empty = {NULL, 0};
static struct pl_test_served served;
static char text[1 << 14];

static void start(struct pl_assets *assets)
{
    struct pl_http_def def = {.fallback = pl_asset_answer, .fallback_context = assets};
    pl_test_served_start(&served, &def);
}

static int get(const char *path, const char *lines)
{
    char request[400];
    (void)snprintf(
        request, sizeof request, "GET %s HTTP/1.0\r\nHost: localhost\r\n%s\r\n", path, lines);
    return pl_test_served_ask(&served, request, text, sizeof text);
}

static void files_with_hashed_names_are_kept_for_ever(void **state)
{
    (void)state;
    start(&built);
    assert_int_equal(get("/assets/a-ABCD1234.js", ""), 200);
    assert_non_null(strstr(text, "Cache-Control: public, max-age=31536000, immutable\r\n"));
    assert_non_null(strstr(text, "\r\n\r\nplain"));
    assert_int_equal(get("/", ""), 200);
    assert_non_null(strstr(text, "Cache-Control: no-cache\r\nETag: \"t2\"\r\n"));
    pl_test_served_stop(&served);
}

static void each_encoding_has_its_tag_and_a_known_tag_is_not_sent_again(void **state)
{
    (void)state;
    start(&built);
    assert_int_equal(get("/assets/a-ABCD1234.js", "Accept-Encoding: gzip, br;q=0.9\r\n"), 200);
    assert_non_null(strstr(text, "ETag: \"t1-br\"\r\n"));
    assert_non_null(strstr(text, "Vary: Accept-Encoding\r\nContent-Encoding: br\r\n"));
    assert_non_null(strstr(text, "\r\n\r\nbr"));
    assert_int_equal(get("/assets/a-ABCD1234.js", "If-None-Match: W/\"t1\"\r\n"), 304);
    assert_string_equal(text + strlen(text) - 4, "\r\n\r\n");
    assert_int_equal(
        get("/assets/a-ABCD1234.js", "If-None-Match: \"t1\"\r\nAccept-Encoding: br\r\n"), 200);
    pl_test_served_stop(&served);
}

static void addresses_of_the_client_get_its_page(void **state)
{
    (void)state;
    start(&built);
    assert_int_equal(get("/s/abc/analysis?t=3", ""), 200);
    assert_non_null(strstr(text, "<p>client"));
    assert_int_equal(get("/nowhere", ""), 404);
    assert_non_null(strstr(text, "<p>client"));
    assert_int_equal(get("/assets/b.js", ""), 404);
    assert_null(strstr(text, "<p>client"));
    assert_int_equal(get("/api/nowhere", ""), 404);
    assert_non_null(strstr(text, "\"code\":\"not_found\""));
    pl_test_served_stop(&served);
}

static void without_a_client_a_page_says_how_to_build_it(void **state)
{
    (void)state;
    start(&empty);
    assert_int_equal(get("/", ""), 200);
    assert_non_null(strstr(text, "script/web"));
    assert_non_null(strstr(text, "Content-Security-Policy"));
    assert_int_equal(get("/nowhere", ""), 404);
    pl_test_served_stop(&served);
}

static void brotli_is_sent_only_to_who_takes_it(void **state)
{
    (void)state;
    assert_true(pl_asset_takes_brotli("gzip, deflate, br, zstd"));
    assert_true(pl_asset_takes_brotli("br"));
    assert_true(pl_asset_takes_brotli("gzip;q=1.0,br;q=0.001"));
    assert_false(pl_asset_takes_brotli("br;q=0"));
    assert_false(pl_asset_takes_brotli("br; q=0.000, gzip"));
    assert_false(pl_asset_takes_brotli("gzip, brx"));
    assert_false(pl_asset_takes_brotli(""));
    assert_false(pl_asset_takes_brotli(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_with_hashed_names_are_kept_for_ever),
        cmocka_unit_test(each_encoding_has_its_tag_and_a_known_tag_is_not_sent_again),
        cmocka_unit_test(addresses_of_the_client_get_its_page),
        cmocka_unit_test(without_a_client_a_page_says_how_to_build_it),
        cmocka_unit_test(brotli_is_sent_only_to_who_takes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
