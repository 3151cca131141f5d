// SPDX-License-Identifier: Apache-2.0
#include "scenario/world_fields.h"

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
        &pl_world_table,
        &pl_service_table,
        &pl_route_table,
        &pl_edge_table,
        &pl_pool_table,
        &pl_database_table,
        &pl_statement_table,
        &pl_lock_table,
        &pl_job_table,
        &pl_vendor_table,
        &pl_cache_table,
        &pl_topic_table,
        &pl_flag_table,
        &pl_source_table,
        &pl_call_table,
        &pl_mix_table,
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
