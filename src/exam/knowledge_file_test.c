// SPDX-License-Identifier: Apache-2.0
#include "exam/knowledge_file.h"

#include "os/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char content_path[512] = "tests/content";

static void nothing_learned_is_no_error(void **state)
{
    (void)state;
    static struct pl_errors errors;
    struct pl_content content = {0};
    struct pl_knowledge *knowledge = NULL;
    pl_error err = {0};
    assert_int_equal(pl_content_load(content_path, "torn-till", &content, &errors), PL_OK);
    assert_int_equal(pl_knowledge_file_load(content_path, &content, &knowledge, &err), PL_OK);
    assert_null(knowledge);
    assert_false(pl_knowledge_file_stale(knowledge, &content));
    static struct pl_knowledge learned;
    snprintf(learned.pack_hash, sizeof learned.pack_hash, "%s", content.hash);
    assert_false(pl_knowledge_file_stale(&learned, &content));
    learned.pack_hash[0] = learned.pack_hash[0] == '0' ? '1' : '0';
    assert_true(pl_knowledge_file_stale(&learned, &content));
    pl_content_free(&content);
}

static void the_file_stands_beside_the_scenario(void **state)
{
    (void)state;
    char path[PL_FILE_PATH_MAX];
    static char long_name[PL_FILE_PATH_MAX];
    pl_error err = {0};
    assert_int_equal(pl_knowledge_file_path("content", "torn-till", path, &err), PL_OK);
    assert_string_equal(path, "content/scenarios/torn-till/bots.json");
    memset(long_name, 'a', sizeof long_name - 1);
    assert_int_equal(pl_knowledge_file_path("content", long_name, path, &err), PL_LIMIT);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        snprintf(content_path, sizeof content_path, "%s/../content", argv[1]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_learned_is_no_error),
        cmocka_unit_test(the_file_stands_beside_the_scenario),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
