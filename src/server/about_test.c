// SPDX-License-Identifier: Apache-2.0
#include "server/about.h"

#include "os/scratch.h"
#include "support/served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char text[1 << 16];
static struct pl_test_served served;
static struct pl_about about;
static struct pl_scratch scratch;
static struct pl_routes group;

static void more(void *context, struct pl_buf *buf)
{
    (void)context;
    pl_buf_puts(buf, "plumb_more 1\n");
}

static int start(void **state)
{
    (void)state;
    about.groups = &group;
    about.group_count = 1;
    about.base_url = "http://localhost";
    about.metrics = more;
    atomic_store(&about.ready, false);
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    assert_int_equal(pl_uptime_open(&about.uptime, scratch.path, NULL), PL_OK);
    group = pl_about_routes(&about);
    const struct pl_http_def def = {.groups = &group, .group_count = 1};
    pl_test_served_start(&served, &def);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    pl_test_served_stop(&served);
    pl_uptime_close(about.uptime);
    return pl_scratch_remove(&scratch, NULL) == PL_OK ? 0 : 1;
}

static int get(const char *path)
{
    char request[200];
    (void)snprintf(request, sizeof request, "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n", path);
    return pl_test_served_ask(&served, request, text, sizeof text);
}

static void it_lives_before_it_is_ready(void **state)
{
    (void)state;
    assert_int_equal(get("/healthz"), 200);
    assert_int_equal(get("/readyz"), 503);
    assert_non_null(strstr(text, "Retry-After: "));
    atomic_store(&about.ready, true);
    assert_int_equal(get("/readyz"), 200);
}

static void metrics_count_answers_and_errors(void **state)
{
    (void)state;
    assert_int_equal(get("/api/nothing"), 404);
    assert_int_equal(get("/healthz"), 200);
    assert_int_equal(get("/metrics"), 200);
    assert_non_null(strstr(text, "http_server_responses_total{class=\"2xx\"} 1\n"));
    assert_non_null(strstr(text, "plumb_errors_total{code=\"not_found\"} 1\n"));
    assert_non_null(strstr(text, "plumb_connections 1\n"));
    assert_non_null(strstr(text, "plumb_more 1\n"));
}

static void figures_are_told_to_people_and_programs(void **state)
{
    (void)state;
    assert_int_equal(get("/kpi"), 200);
    assert_non_null(strstr(text, "<td>below 200 ms</td>"));
    assert_non_null(strstr(text, "<td>Commands and other changes</td>"));
    assert_non_null(strstr(text, "<td>30 days</td><td>100.000 %</td>"));
    assert_non_null(strstr(text, "</td><td>now</td>"));
    assert_int_equal(get("/api/kpi"), 200);
    assert_non_null(strstr(text, "\"up_percent\":{\"day\":100,"));
    assert_non_null(strstr(text, "\"kinds\":[{\"title\":\"Reads of the API\",\"count\":0,"));
    assert_int_equal(get("/api/kpi"), 200);
    assert_non_null(strstr(text, "\"name\":\"error_percent\""));
}

static void the_api_is_described(void **state)
{
    (void)state;
    assert_int_equal(get("/openapi.json"), 200);
    assert_non_null(strstr(text, "\"/readyz\":{\"get\":"));
    assert_int_equal(get("/docs/api"), 200);
    assert_non_null(strstr(text, "curl &quot;$PLUMB/api/kpi&quot;"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_lives_before_it_is_ready, start, stop),
        cmocka_unit_test_setup_teardown(metrics_count_answers_and_errors, start, stop),
        cmocka_unit_test_setup_teardown(figures_are_told_to_people_and_programs, start, stop),
        cmocka_unit_test_setup_teardown(the_api_is_described, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
