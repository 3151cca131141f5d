// SPDX-License-Identifier: Apache-2.0
#include "server/openapi.h"

#include "base/check.h"
#include "server/codes.h"
#include "server/page.h"
#include "text/json_out.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char error_schema[] =
    "{\"type\":\"object\",\"required\":[\"error\"],\"properties\":{\"error\":{\"type\":\"object\","
    "\"required\":[\"code\",\"message\",\"hint\",\"request_id\"],\"properties\":{"
    "\"code\":{\"type\":\"string\",\"description\":\"Stable; see /docs/api.\"},"
    "\"message\":{\"type\":\"string\",\"description\":\"What happened, one sentence.\"},"
    "\"hint\":{\"type\":[\"string\",\"null\"],\"description\":\"What to do.\"},"
    "\"request_id\":{\"type\":\"string\"}}}}}";

static bool is_api(const struct pl_route *route)
{
    return strncmp(route->pattern, "/api/", 5) == 0 || route->response != NULL;
}

static char lower(char c)
{
    return (char)tolower((unsigned char)c);
}

static char upper(char c)
{
    return (char)toupper((unsigned char)c);
}

/* `/api/sessions/{id}` by POST becomes `post_api_sessions_id`. */
static void put_operation_id(struct pl_json_out *out, const struct pl_route *route)
{
    char text[200];
    struct pl_buf buf;
    pl_buf_init(&buf, text, sizeof text);
    for (const char *at = pl_method_name(route->method); *at != '\0'; at++) {
        char c = lower(*at);
        pl_buf_put(&buf, &c, 1);
    }
    for (const char *at = route->pattern; *at != '\0'; at++) {
        bool letter = isalnum((unsigned char)*at) != 0;
        bool slash = *at == '/';
        if (letter || slash) {
            pl_buf_put(&buf, slash ? "_" : at, 1);
        }
    }
    pl_json_out_member_string(out, "operationId", text);
}

static void put_parameter(struct pl_json_out *out, pl_slice name, const char *place, bool required)
{
    pl_json_out_object_begin(out);
    pl_json_out_member_slice(out, "name", name);
    pl_json_out_member_string(out, "in", place);
    pl_json_out_member_bool(out, "required", required);
    pl_json_out_key(out, "schema");
    pl_json_out_raw(out, pl_slice_of("{\"type\":\"string\"}"));
    pl_json_out_object_end(out);
}

/* Parameters from names with spaces between them. */
static void put_named(struct pl_json_out *out, const char *names, const char *place)
{
    for (const char *at = names; at != NULL && *at != '\0';) {
        size_t size = strcspn(at, " ");
        put_parameter(out, (pl_slice){at, size}, place, false);
        at += size;
        at += strspn(at, " ");
    }
}

static void put_parameters(struct pl_json_out *out, const struct pl_route *route)
{
    pl_json_out_key(out, "parameters");
    pl_json_out_array_begin(out);
    for (const char *at = strchr(route->pattern, '{'); at != NULL; at = strchr(at + 1, '{')) {
        put_parameter(out, (pl_slice){at + 1, strcspn(at + 1, "}")}, "path", true);
    }
    put_named(out, route->query, "query");
    put_named(out, route->headers, "header");
    pl_json_out_array_end(out);
}

/* `"content":{"application/json":{"schema":{"$ref":...}}}` */
static void put_content(struct pl_json_out *out, const char *schema)
{
    char reference[120];
    (void)snprintf(reference, sizeof reference, "#/components/schemas/%s", schema);
    pl_json_out_key(out, "content");
    pl_json_out_object_begin(out);
    pl_json_out_key(out, "application/json");
    pl_json_out_object_begin(out);
    pl_json_out_key(out, "schema");
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "$ref", reference);
    pl_json_out_object_end(out);
    pl_json_out_object_end(out);
    pl_json_out_object_end(out);
}

static void put_responses(struct pl_json_out *out, const struct pl_route *route)
{
    char status[8];
    (void)snprintf(status, sizeof status, "%d", route->status == 0 ? 200 : route->status);
    pl_json_out_key(out, "responses");
    pl_json_out_object_begin(out);
    pl_json_out_key(out, status);
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "description", "All is well.");
    if (route->response != NULL) {
        put_content(out, route->response);
    }
    pl_json_out_object_end(out);
    pl_json_out_key(out, "default");
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "description", "An error, told by its code.");
    put_content(out, "Error");
    pl_json_out_object_end(out);
    pl_json_out_object_end(out);
}

static void put_sample(struct pl_json_out *out, const struct pl_route *route)
{
    char curl[800];
    struct pl_buf buf;
    pl_buf_init(&buf, curl, sizeof curl);
    pl_openapi_put_curl(&buf, route);
    PL_CHECK(!buf.overflow);
    pl_json_out_key(out, "x-codeSamples");
    pl_json_out_array_begin(out);
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "lang", "Shell");
    pl_json_out_member_string(out, "source", curl);
    pl_json_out_object_end(out);
    pl_json_out_array_end(out);
}

static void put_operation(struct pl_json_out *out, const struct pl_route *route)
{
    char method[10];
    const char *name = pl_method_name(route->method);
    size_t size = strlen(name);
    PL_CHECK(size < sizeof method);
    for (size_t i = 0; i <= size; i++) {
        method[i] = lower(name[i]);
    }
    pl_json_out_key(out, method);
    pl_json_out_object_begin(out);
    put_operation_id(out, route);
    pl_json_out_member_string(out, "summary", route->summary);
    put_parameters(out, route);
    if (route->request != NULL) {
        pl_json_out_key(out, "requestBody");
        pl_json_out_object_begin(out);
        pl_json_out_member_bool(out, "required", true);
        put_content(out, route->request);
        pl_json_out_object_end(out);
    }
    put_responses(out, route);
    if ((route->roles & PL_ROLE_ANYONE) == 0) {
        pl_json_out_key(out, "security");
        pl_json_out_raw(out, pl_slice_of("[{\"session\":[]}]"));
    }
    put_sample(out, route);
    pl_json_out_object_end(out);
}

/* The route at a place in all groups, NULL behind the last one. */
static const struct pl_route *route_at(const struct pl_openapi *api, uint32_t index)
{
    for (uint32_t g = 0; g < api->group_count; g++) {
        if (index < api->groups[g].count) {
            return &api->groups[g].items[index];
        }
        index -= api->groups[g].count;
    }
    return NULL;
}

/* Every pattern once, with all its methods. */
static void put_paths(struct pl_json_out *out, const struct pl_openapi *api)
{
    pl_json_out_key(out, "paths");
    pl_json_out_object_begin(out);
    const struct pl_route *route;
    for (uint32_t i = 0; (route = route_at(api, i)) != NULL; i++) {
        bool first = is_api(route);
        const struct pl_route *earlier;
        for (uint32_t j = 0; j < i && first && (earlier = route_at(api, j)) != NULL; j++) {
            first = strcmp(earlier->pattern, route->pattern) != 0;
        }
        if (!first) {
            continue;
        }
        pl_json_out_key(out, route->pattern);
        pl_json_out_object_begin(out);
        const struct pl_route *other;
        for (uint32_t j = i; (other = route_at(api, j)) != NULL; j++) {
            if (strcmp(other->pattern, route->pattern) == 0) {
                put_operation(out, other);
            }
        }
        pl_json_out_object_end(out);
    }
    pl_json_out_object_end(out);
}

static void put_components(struct pl_json_out *out, const struct pl_openapi *api)
{
    pl_json_out_key(out, "components");
    pl_json_out_object_begin(out);
    pl_json_out_key(out, "schemas");
    pl_json_out_object_begin(out);
    pl_json_out_key(out, "Error");
    pl_json_out_raw(out, pl_slice_of(error_schema));
    for (uint32_t g = 0; g < api->group_count; g++) {
        for (uint32_t i = 0; i < api->groups[g].schema_count; i++) {
            pl_json_out_key(out, api->groups[g].schemas[i].name);
            pl_json_out_raw(out, pl_slice_of(api->groups[g].schemas[i].json));
        }
    }
    pl_json_out_object_end(out);
    pl_json_out_key(out, "securitySchemes");
    pl_json_out_raw(out,
                    pl_slice_of("{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\","
                                "\"name\":\"__Host-plumb\"}}"));
    pl_json_out_object_end(out);
}

void pl_openapi_put_json(struct pl_buf *buf, const struct pl_openapi *api)
{
    PL_CHECK(buf != NULL && api != NULL);
    struct pl_json_out out;
    pl_json_out_begin(&out, buf);
    pl_json_out_object_begin(&out);
    pl_json_out_member_string(&out, "openapi", "3.1.0");
    pl_json_out_key(&out, "info");
    pl_json_out_object_begin(&out);
    pl_json_out_member_string(&out, "title", "Plumbline");
    pl_json_out_member_string(&out, "version", api->version);
    pl_json_out_member_string(&out, "summary", "Incidents to practise, and what they were worth.");
    pl_json_out_key(&out, "license");
    pl_json_out_raw(&out, pl_slice_of("{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}"));
    pl_json_out_object_end(&out);
    pl_json_out_key(&out, "servers");
    pl_json_out_array_begin(&out);
    pl_json_out_object_begin(&out);
    pl_json_out_member_string(&out, "url", api->base_url);
    pl_json_out_object_end(&out);
    pl_json_out_array_end(&out);
    put_paths(&out, api);
    put_components(&out, api);
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
}

/* The path of a pattern as it stands in a curl line: `{id}` becomes `$ID`. */
static void put_example_path(struct pl_buf *buf, const char *pattern)
{
    bool param = false;
    for (const char *at = pattern; *at != '\0'; at++) {
        char c = param ? upper(*at) : *at;
        if (*at == '{') {
            param = true;
            c = '$';
        } else if (*at == '}') {
            param = false;
            continue;
        }
        pl_buf_put(buf, &c, 1);
    }
}

void pl_openapi_put_curl(struct pl_buf *buf, const struct pl_route *route)
{
    PL_CHECK(buf != NULL && route != NULL);
    bool body = route->example_body != NULL;
    pl_buf_puts(buf, "curl");
    if (route->method != PL_METHOD_GET && (!body || route->method != PL_METHOD_POST)) {
        pl_buf_printf(buf, " -X %s", pl_method_name(route->method));
    }
    if (body) {
        pl_buf_printf(buf, " -H 'Content-Type: application/json' -d '%s'", route->example_body);
    } else if (!pl_method_is_safe(route->method) && route->method != PL_METHOD_DELETE) {
        pl_buf_puts(buf, " -d '' -H 'Content-Type: application/json'");
    }
    pl_buf_puts(buf, " \"$PLUMB");
    put_example_path(buf, route->pattern);
    if (route->example_query != NULL) {
        pl_buf_printf(buf, "?%s", route->example_query);
    }
    pl_buf_puts(buf, "\"");
}

static void put_call(struct pl_buf *buf, const struct pl_route *route)
{
    char curl[800];
    struct pl_buf line;
    pl_buf_init(&line, curl, sizeof curl);
    pl_openapi_put_curl(&line, route);
    pl_buf_puts(buf, "<h2><code>");
    pl_page_put_text(buf, pl_method_name(route->method));
    pl_buf_puts(buf, " ");
    pl_page_put_text(buf, route->pattern);
    pl_buf_puts(buf, "</code></h2>\n<p>");
    pl_page_put_text(buf, route->summary);
    if ((route->roles & PL_ROLE_ANYONE) == 0) {
        pl_buf_puts(buf, " Needs somebody who is signed in, except in the demo.");
    }
    if (route->per_minute > 0) {
        pl_buf_printf(buf, " At most %u calls per minute.", route->per_minute);
    }
    pl_buf_puts(buf, "</p>\n");
    if (route->request != NULL || route->response != NULL) {
        pl_buf_puts(buf, "<p class=\"dim\">");
        pl_buf_printf(buf, "Takes %s, ", route->request != NULL ? route->request : "no body");
        pl_buf_printf(buf,
                      "answers %d with %s.</p>\n",
                      route->status == 0 ? 200 : route->status,
                      route->response != NULL ? route->response : "no JSON");
    }
    pl_buf_puts(buf, "<pre>");
    pl_page_put_text(buf, curl);
    pl_buf_puts(buf, "</pre>\n");
}

static void put_codes(struct pl_buf *buf)
{
    pl_buf_puts(buf,
                "<h2 id=\"errors\">Errors</h2>\n<p>Every error has the same form; its code is "
                "stable.</p>\n<pre>{\"error\":{\"code\":\"not_found\",\"message\":\"...\","
                "\"hint\":\"...\",\"request_id\":\"...\"}}</pre>\n<table>\n"
                "<tr><th>Code</th><th>HTTP</th><th>Meaning</th></tr>\n");
    for (int i = 0; i < PL_CODES_COUNT; i++) {
        enum pl_codes_id code = (enum pl_codes_id)i;
        pl_buf_printf(buf,
                      "<tr><td class=\"code\">%s</td><td>%d</td><td>",
                      pl_codes_name(code),
                      pl_codes_http(code));
        pl_page_put_text(buf, pl_codes_meaning(code));
        pl_buf_puts(buf, "</td></tr>\n");
    }
    pl_buf_puts(buf, "</table>\n");
}

void pl_openapi_put_page(struct pl_buf *buf, const struct pl_openapi *api)
{
    PL_CHECK(buf != NULL && api != NULL);
    pl_page_begin(buf, "The API");
    pl_buf_puts(
        buf,
        "<p>Everything that the pages do goes through these calls. For programs the same "
        "list is at <a href=\"/openapi.json\">/openapi.json</a> (OpenAPI 3.1). The examples "
        "want one line first:</p>\n<pre>PLUMB=");
    pl_page_put_text(buf, api->base_url);
    pl_buf_puts(buf,
                "</pre>\n<p>Commands and observations are those of <code>plumb gym</code>; "
                "<a href=\"#errors\">errors</a> are listed at the end.</p>\n");
    const struct pl_route *route;
    for (uint32_t i = 0; (route = route_at(api, i)) != NULL; i++) {
        if (is_api(route)) {
            put_call(buf, route);
        }
    }
    put_codes(buf);
    pl_page_end(buf);
}
