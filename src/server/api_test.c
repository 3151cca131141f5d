// SPDX-License-Identifier: Apache-2.0
#include "server/api.h"

#include "os/scratch.h"
#include "support/served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ANSWER_SIZE = 1 << 20 };

static char content_path[512] = "tests/content";
static char answer[ANSWER_SIZE];
static char id[17];

static int get(const struct pl_test_served *served, const char *path)
{
    char text[512];
    snprintf(
        text, sizeof text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", path);
    return pl_test_served_ask(served, text, answer, sizeof answer);
}

static int
post(const struct pl_test_served *served, const char *path, const char *key, const char *body)
{
    char text[1024];
    snprintf(
        text,
        sizeof text,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nIdempotency-Key: %.20s\r\n"
        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
        path,
        key,
        strlen(body),
        body);
    return pl_test_served_ask(served, text, answer, sizeof answer);
}

/* Goal: the life of a session over HTTP, and the status of each kind of reply. */
static void a_session_is_played_over_http(void **state)
{
    (void)state;
    struct pl_scratch scratch;
    struct pl_host *host = NULL;
    struct pl_test_served served;
    char path[128];
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    struct pl_host_def host_def = {.content = content_path, .data = scratch.path, .particles = 4};
    assert_int_equal(pl_host_open(&host, &host_def, NULL), PL_OK);
    struct pl_api api = {.host = host};
    struct pl_routes group = pl_api_routes(&api);
    struct pl_http_def def = {.groups = &group, .group_count = 1};
    pl_test_served_start(&served, &def);
    assert_int_equal(get(&served, "/api/scenarios"), 200);
    assert_non_null(strstr(answer, "torn-till"));
    assert_int_equal(post(&served, "/api/sessions", "", "{\"scenario\":\"torn-till\",\"seed\":3}"),
                     201);
    const char *at = strstr(answer, "{\"id\":\"");
    assert_non_null(at);
    snprintf(id, sizeof id, "%s", at + strlen("{\"id\":\""));
    snprintf(path, sizeof path, "/api/sessions/%s/commands", id);
    assert_int_equal(post(&served, path, "r1", "{\"do\":\"lok\"}"), 422);
    assert_non_null(strstr(answer, "command_refused"));
    assert_int_equal(post(&served, path, "r1", "{\"do\":\"wait\",\"for\":60}"), 422);
    assert_int_equal(post(&served, path, "a1", "{\"do\":\"wait\",\"for\":60}"), 200);
    assert_non_null(strstr(answer, "{\"seq\":1,"));
    assert_int_equal(post(&served, path, "a1", "{\"do\":\"wait\",\"for\":60}"), 200);
    assert_non_null(strstr(answer, "{\"seq\":1,"));
    snprintf(path, sizeof path, "/api/sessions/%s/analysis", id);
    assert_int_equal(get(&served, path), 409);
    snprintf(path, sizeof path, "/api/sessions/%s/entries?after=x", id);
    assert_int_equal(get(&served, path), 400);
    assert_int_equal(get(&served, "/api/sessions/0123456789abcdef"), 404);
    snprintf(path, sizeof path, "/api/sessions/%s", id);
    assert_int_equal(get(&served, path), 200);
    pl_test_served_stop(&served);
    pl_host_close(host);
    assert_int_equal(pl_scratch_remove(&scratch, NULL), PL_OK);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_is_played_over_http),
    };
    if (argc > 1) {
        snprintf(content_path, sizeof content_path, "%s/../content", argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
