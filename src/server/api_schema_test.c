// SPDX-License-Identifier: Apache-2.0
#include "server/api_schema.h"

#include "text/json_in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Goal: each schema is JSON, has a type and a name of its own. */
static void schemas_are_json(void **state)
{
    (void)state;
    uint32_t count = 0;
    const struct pl_schema *schemas = pl_api_schemas(&count);
    assert_true(count > 5);
    for (uint32_t i = 0; i < count; i++) {
        json_t *json = NULL;
        pl_error err = {0};
        pl_slice text = pl_slice_of(schemas[i].json);
        if (pl_json_in_load(text, PL_JSON_IN_TEXT_MAX, schemas[i].name, &json, &err) != PL_OK) {
            fail_msg("%s: %s", schemas[i].name, err.message);
        }
        assert_non_null(json_object_get(json, "type"));
        json_decref(json);
        for (uint32_t k = 0; k < i; k++) {
            assert_string_not_equal(schemas[i].name, schemas[k].name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemas_are_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
