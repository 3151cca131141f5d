// SPDX-License-Identifier: Apache-2.0
#include "cli/web.h"

#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char content_path[512] = "tests/content";

/* Goal: it listens where it was told and ends when it is stopped. */
static void it_serves_until_it_is_stopped(void **state)
{
    (void)state;
    struct pl_scratch scratch;
    struct pl_web *web = NULL;
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    struct pl_web_def def = {
        .listen = "127.0.0.1:0", .content = content_path, .data = scratch.path};
    assert_int_equal(pl_web_open(&web, &def, NULL), PL_OK);
    assert_memory_equal(pl_web_url(web), "http://127.0.0.1:", strlen("http://127.0.0.1:"));
    assert_non_null(pl_web_host(web));
    pl_web_stop(web);
    pl_web_run(web);
    pl_web_close(web);
    assert_int_equal(pl_scratch_remove(&scratch, NULL), PL_OK);
}

static void a_wrong_address_is_told(void **state)
{
    (void)state;
    struct pl_scratch scratch;
    struct pl_web *web = NULL;
    pl_error err = {0};
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    struct pl_web_def def = {.listen = "somewhere", .content = content_path, .data = scratch.path};
    assert_int_equal(pl_web_open(&web, &def, &err), PL_BAD_INPUT);
    assert_null(web);
    assert_true(err.message[0] != '\0');
    assert_int_equal(pl_scratch_remove(&scratch, NULL), PL_OK);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_serves_until_it_is_stopped),
        cmocka_unit_test(a_wrong_address_is_told),
    };
    if (argc > 1) {
        snprintf(content_path, sizeof content_path, "%s/../content", argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
