// SPDX-License-Identifier: Apache-2.0
#include "exam/constants_file.h"

#include "os/directory.h"
#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char content_path[512] = "tests/content";

/* Constants are kept in a directory of their own, so that the test content stays as it is. */
static void what_is_saved_is_loaded_and_what_is_stale_is_refused(void **state)
{
    (void)state;
    static struct pl_errors errors;
    struct pl_scratch scratch;
    struct pl_content content = {0};
    pl_error err = {0};
    char path[1024];
    assert_int_equal(pl_scratch_make(&scratch, &err), PL_OK);
    assert_int_equal(pl_content_load(content_path, "torn-till", &content, &errors), PL_OK);
    assert_null(pl_constants_file_load(scratch.path, &content, &err));
    assert_int_equal(err.status, PL_NOT_FOUND);
    assert_non_null(strstr(err.message, "plumb pack calibrate"));
    snprintf(path, sizeof path, "%s/scenarios", scratch.path);
    assert_int_equal(pl_directory_make(path, &err), PL_OK);
    snprintf(path, sizeof path, "%s/scenarios/torn-till", scratch.path);
    assert_int_equal(pl_directory_make(path, &err), PL_OK);
    struct pl_constants *constants = calloc(1, sizeof *constants);
    assert_non_null(constants);
    pl_constants_init(constants);
    pl_constants_file_engine(constants->engine, sizeof constants->engine);
    snprintf(constants->pack, sizeof constants->pack, "%s", content.hash);
    constants->cause_count = content.scenario->cause_count;
    constants->class_count = 1;
    constants->d_noop = 1000.0;
    constants->trunk.cause_count = constants->cause_count;
    constants->trunk.nodes = constants->nodes;
    constants->trunk.node_count = 1;
    constants->nodes[0].t_ns = INT64_C(600000000000); /* the opening */
    pl_option_set_trunk(content.scenario, &constants->trunk.options);
    assert_int_equal(pl_constants_file_save(scratch.path, &content, constants, path, &err), PL_OK);
    err = (pl_error){0};
    struct pl_constants *loaded = pl_constants_file_load(scratch.path, &content, &err);
    if (loaded == NULL) {
        fail_msg("%s", err.message);
        return;
    }
    assert_true(loaded->d_noop > 999.0 && loaded->d_noop < 1001.0);
    free(loaded);
    content.hash[0] = content.hash[0] == '0' ? '1' : '0';
    err = (pl_error){0};
    assert_null(pl_constants_file_load(scratch.path, &content, &err));
    assert_int_equal(err.status, PL_CONFLICT);
    free(constants);
    pl_content_free(&content);
    assert_int_equal(pl_scratch_remove(&scratch, &err), PL_OK);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        snprintf(content_path, sizeof content_path, "%s/../content", argv[1]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_saved_is_loaded_and_what_is_stale_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
