// SPDX-License-Identifier: Apache-2.0
#include "observe/panel_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void each_panel_has_a_listed_name_and_each_name_a_panel(void **test_state)
{
    (void)test_state;
    const char *const *names = pl_panel_names();
    for (uint32_t i = 0; i < pl_panel_count(); i++) {
        uint32_t found = 0;
        for (uint32_t j = 0; names[j] != NULL; j++) {
            found += strcmp(names[j], pl_panel_at(i)->name) == 0;
        }
        assert_int_equal(found, 1);
    }
    for (uint32_t j = 0; names[j] != NULL; j++) {
        uint32_t found = strcmp(names[j], "kpi") == 0; /* made of the scenario's indicators */
        for (uint32_t i = 0; i < pl_panel_count(); i++) {
            found += strcmp(names[j], pl_panel_at(i)->name) == 0;
        }
        assert_true(found >= 1);
    }
}

static void no_panel_is_there_twice(void **test_state)
{
    (void)test_state;
    for (uint32_t i = 0; i < pl_panel_count(); i++) {
        for (uint32_t j = 0; j < i; j++) {
            const struct pl_panel_def *a = pl_panel_at(i);
            const struct pl_panel_def *b = pl_panel_at(j);
            assert_false(a->of == b->of && strcmp(a->name, b->name) == 0 &&
                         strcmp(a->by, b->by) == 0);
        }
        assert_non_null(pl_panel_at(i)->exprs[0].expr);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_panel_has_a_listed_name_and_each_name_a_panel),
        cmocka_unit_test(no_panel_is_there_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
