// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Every row must be complete, or help would print a hole. */
static void rows_are_complete(void **state)
{
    (void)state;
    for (const struct pl_command_def *row = pl_command_table(); row->name != NULL; row++) {
        assert_ptr_equal(pl_command_find(row->name), row);
        assert_non_null(row->run);
        assert_true(strlen(row->summary) > 0 && strlen(row->summary) <= 66);
        assert_true(strncmp(row->examples, "  plumb ", 8) == 0);
        assert_non_null(strstr(row->examples, row->name));
        assert_non_null(row->options);
        for (const struct pl_option_def *option = row->options; option->name != NULL; option++) {
            assert_true(strncmp(option->name, "--", 2) == 0);
            assert_true(strlen(option->help) > 0);
        }
    }
}

static size_t longest_line(const char *text)
{
    size_t longest = 0;
    for (size_t start = 0; text[start] != '\0';) {
        size_t length = strcspn(text + start, "\n");
        longest = length > longest ? length : longest;
        start += length + (text[start + length] == '\n');
    }
    return longest;
}

static void help_of_every_row_fits_the_terminal(void **state)
{
    (void)state;
    for (const struct pl_command_def *row = pl_command_table(); row->name != NULL; row++) {
        static char memory[16384];
        struct pl_buf out;
        pl_buf_init(&out, memory, sizeof memory);
        pl_command_help(row, &out);
        assert_false(out.overflow);
        print_message("%s\n", row->name);
        assert_in_range(longest_line(memory), 1, 80);
    }
}

static void unknown_command_is_bad_input(void **state)
{
    (void)state;
    char program[] = "plumb";
    char word[] = "hlep";
    char *line[] = {program, word, NULL};
    assert_int_equal(pl_commands_run(2, line), PL_EXIT_BAD_INPUT);
    assert_null(pl_command_find("hlep"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_complete),
        cmocka_unit_test(help_of_every_row_fits_the_terminal),
        cmocka_unit_test(unknown_command_is_bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
