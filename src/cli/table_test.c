// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct pl_table table;
static char memory[8192];
static struct pl_buf out;

static void draw(uint32_t columns)
{
    struct pl_term term = {.columns = columns, .utf8 = true};
    pl_buf_init(&out, memory, sizeof memory);
    pl_table_draw(&term, &table, &out);
}

static void columns_align(void **state)
{
    (void)state;
    pl_table_begin(&table, 2);
    table.heads[0] = "name";
    table.heads[1] = "n";
    table.right[1] = true;
    assert_true(pl_table_row(&table, PL_STYLE_PLAIN));
    pl_table_set(&table, 0, "a");
    pl_table_set(&table, 1, "7");
    assert_true(pl_table_row(&table, PL_STYLE_PLAIN));
    pl_table_set(&table, 0, "long name");
    pl_table_set(&table, 1, "1234");
    draw(80);
    assert_string_equal(memory, "  name          n\n  a             7\n  long name  1234\n");
}

static void wide_text_continues_below(void **state)
{
    (void)state;
    pl_table_begin(&table, 2);
    assert_true(pl_table_row(&table, PL_STYLE_PLAIN));
    pl_table_set(&table, 0, "key");
    pl_table_set(&table, 1, "one two three four five six seven eight");
    draw(40);
    assert_string_equal(memory, "  key  one two three four five six seven\n       eight\n");
}

static void rows_past_the_limit_are_dropped(void **state)
{
    (void)state;
    pl_table_begin(&table, 1);
    for (uint32_t i = 0; i < PL_TABLE_ROWS_MAX; i++) {
        assert_true(pl_table_row(&table, PL_STYLE_PLAIN));
    }
    assert_false(pl_table_row(&table, PL_STYLE_PLAIN));
    assert_int_equal(table.row_count, PL_TABLE_ROWS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_align),
        cmocka_unit_test(wide_text_continues_below),
        cmocka_unit_test(rows_past_the_limit_are_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
