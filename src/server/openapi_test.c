// SPDX-License-Identifier: Apache-2.0
#include "server/openapi.h"

#include "server/codes.h"
#include "text/json_in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct pl_route first[] = {
    {.method = PL_METHOD_GET,
     .pattern = "/api/things",
     .summary = "List things.",
     .response = "Things",
     .roles = PL_ROLE_PLAYER,
     .query = "after limit",
     .example_query = "after=0"},
    {.method = PL_METHOD_POST,
     .pattern = "/api/things",
     .summary = "Make a thing.",
     .request = "Thing",
     .response = "Thing",
     .status = 201,
     .roles = PL_ROLE_PLAYER,
     .headers = "Idempotency-Key",
     .example_body = "{\"name\":\"<x>\"}"},
    {.method = PL_METHOD_GET, .pattern = "/page.css", .summary = "Style.", .roles = PL_ROLE_ANYONE},
};
static const struct pl_route second[] = {
    {.method = PL_METHOD_DELETE,
     .pattern = "/api/things/{thing}",
     .summary = "Forget a thing.",
     .roles = PL_ROLE_ANYONE},
};
static const struct pl_schema schemas[] = {
    {"Thing", "{\"type\":\"object\"}"},
    {"Things", "{\"type\":\"array\"}"},
};
static const struct pl_routes groups[] = {
    {.items = first, .count = 3, .schemas = schemas, .schema_count = 2},
    {.items = second, .count = 1},
};
static const struct pl_openapi api = {groups, 2, "http://localhost:1", "0.1.0"};
static char text[1 << 16];

static void every_route_of_the_api_is_described_once(void **state)
{
    (void)state;
    struct pl_buf buf;
    json_t *json = NULL;
    pl_buf_init(&buf, text, sizeof text);
    pl_openapi_put_json(&buf, &api);
    assert_false(buf.overflow);
    pl_slice slice = {buf.data, buf.size};
    assert_int_equal(pl_json_in_load(slice, sizeof text, NULL, &json, NULL), PL_OK);
    assert_string_equal(json_string_value(json_object_get(json, "openapi")), "3.1.0");
    json_t *paths = json_object_get(json, "paths");
    assert_int_equal(json_object_size(paths), 2);
    json_t *things = json_object_get(paths, "/api/things");
    assert_int_equal(json_object_size(things), 2);
    json_t *post = json_object_get(things, "post");
    assert_non_null(json_object_get(json_object_get(post, "responses"), "201"));
    assert_non_null(json_object_get(post, "requestBody"));
    assert_non_null(json_object_get(post, "security"));
    assert_string_equal(json_string_value(json_object_get(post, "operationId")), "post_api_things");
    json_t *get = json_object_get(things, "get");
    assert_int_equal(json_array_size(json_object_get(get, "parameters")), 2);
    json_t *delete = json_object_get(json_object_get(paths, "/api/things/{thing}"), "delete");
    json_t *parameter = json_array_get(json_object_get(delete, "parameters"), 0);
    assert_string_equal(json_string_value(json_object_get(parameter, "in")), "path");
    assert_null(json_object_get(delete, "security"));
    json_t *known = json_object_get(json_object_get(json, "components"), "schemas");
    assert_int_equal(json_object_size(known), 3);
    json_decref(json);
}

static void the_page_has_every_call_and_every_code(void **state)
{
    (void)state;
    struct pl_buf buf;
    pl_buf_init(&buf, text, sizeof text);
    pl_openapi_put_page(&buf, &api);
    assert_false(buf.overflow);
    assert_non_null(strstr(text, "<code>DELETE /api/things/{thing}</code>"));
    assert_non_null(strstr(text, "&lt;x&gt;"));
    assert_null(strstr(text, "/page.css</code>"));
    for (int i = 0; i < PL_CODES_COUNT; i++) {
        assert_non_null(strstr(text, pl_codes_name((enum pl_codes_id)i)));
    }
}

static void a_curl_line_can_be_run(void **state)
{
    (void)state;
    static const struct {
        const struct pl_route *route;
        const char *line;
    } cases[] = {
        {&first[0], "curl \"$PLUMB/api/things?after=0\""},
        {&first[1],
         "curl -H 'Content-Type: application/json' -d '{\"name\":\"<x>\"}' \"$PLUMB/api/things\""},
        {&second[0], "curl -X DELETE \"$PLUMB/api/things/$THING\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pl_buf buf;
        pl_buf_init(&buf, text, sizeof text);
        pl_openapi_put_curl(&buf, cases[i].route);
        assert_string_equal(text, cases[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_of_the_api_is_described_once),
        cmocka_unit_test(the_page_has_every_call_and_every_code),
        cmocka_unit_test(a_curl_line_can_be_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
