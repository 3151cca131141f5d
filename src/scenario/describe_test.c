// SPDX-License-Identifier: Apache-2.0
#include "scenario/describe.h"

#include "scenario/setting_fields.h"
#include "scenario/world_fields.h"
#include "support/contents.h"
#include "text/json_in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { OUT_SIZE = 1 << 20 };

static const char *source_root;

static char *fill(struct pl_buf *buf)
{
    char *memory = malloc(OUT_SIZE);
    assert_non_null(memory);
    pl_buf_init(buf, memory, OUT_SIZE);
    return memory;
}

static void check_schema(const struct pl_key_table *root)
{
    struct pl_buf buf;
    char *memory = fill(&buf);
    pl_describe_schema(root, "Test", &buf);
    assert_false(buf.overflow);
    json_t *json = NULL;
    pl_error err = {0};
    pl_slice text = {.data = buf.data, .size = buf.size};
    assert_int_equal(pl_json_in_load(text, OUT_SIZE, NULL, &json, &err), PL_OK);
    json_t *defs = json_object_get(json, "$defs");
    json_t *own = json_object_get(defs, root->name);
    json_t *properties = json_object_get(own, "properties");
    assert_int_equal(json_object_size(properties), root->field_count);
    /* Every reference leads somewhere. */
    for (const char *at = strstr(memory, "#/$defs/"); at != NULL; at = strstr(at + 1, "#/$defs/")) {
        char name[PL_LABEL_MAX];
        size_t size = strcspn(at + 8, "\"");
        assert_true(size < sizeof name);
        memcpy(name, at + 8, size);
        name[size] = '\0';
        assert_non_null(json_object_get(defs, name));
    }
    json_decref(json);
    free(memory);
}

static void schemas_are_json_and_complete(void **unused)
{
    (void)unused;
    check_schema(&pl_world_table);
    check_schema(&pl_scenario_table);
}

static void the_reference_page_is_the_one_in_the_tree(void **unused)
{
    (void)unused;
    struct pl_buf buf;
    char *memory = fill(&buf);
    char path[1024];
    pl_describe_reference(&buf);
    assert_false(buf.overflow);
    (void)snprintf(path, sizeof path, "%s/docs/reference/content.md", source_root);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *page = calloc(1, OUT_SIZE);
    assert_non_null(page);
    size_t size = fread(page, 1, OUT_SIZE - 1, file);
    (void)fclose(file);
    if (size != buf.size || memcmp(page, memory, size) != 0) {
        fail_msg("docs/reference/content.md is old; write it anew with "
                 "`plumb pack schema reference > docs/reference/content.md`");
    }
    free(page);
    free(memory);
}

static void params_are_listed_for_the_fleet(void **unused)
{
    (void)unused;
    struct pl_test_contents contents;
    struct pl_buf buf;
    char *memory = fill(&buf);
    pl_test_contents_init(&contents);
    assert_true(pl_test_load_world(&contents, pl_test_world_text));
    pl_describe_params(contents.world, &buf);
    const char *line = strstr(memory, "service.front.pods ");
    assert_non_null(line);
    assert_non_null(strstr(line, " 4  0 to 4 n\n"));
    pl_test_contents_free(&contents);
    free(memory);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        return 1;
    }
    source_root = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemas_are_json_and_complete),
        cmocka_unit_test(the_reference_page_is_the_one_in_the_tree),
        cmocka_unit_test(params_are_listed_for_the_fleet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
