// SPDX-License-Identifier: Apache-2.0
#include "scenario/stream_fields.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void every_table_is_sound(void **unused)
{
    (void)unused;
    static const struct pl_key_table *const tables[] = {
        &pl_stream_table,
        &pl_group_table,
        &pl_tenant_table,
        &pl_volume_table,
    };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        pl_test_check_table(tables[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
