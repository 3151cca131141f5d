// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.h"

#include "cli/commands.h"
#include "cli/manual.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char memory[PL_MANUAL_SIZE];

static void every_shell_has_every_command_and_option(void **state)
{
    (void)state;
    static const char *const shells[] = {"bash", "zsh", "fish"};
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        struct pl_buf out;
        pl_buf_init(&out, memory, sizeof memory);
        assert_int_equal(pl_completion_write(pl_command_table(), shells[i], &out, NULL), PL_OK);
        assert_false(out.overflow);
        for (const struct pl_command_def *row = pl_command_table(); row->name != NULL; row++) {
            assert_non_null(strstr(memory, row->name));
            for (const struct pl_option_def *def = row->options; def->name != NULL; def++) {
                char word[64];
                snprintf(word, sizeof word, i == 2 ? "-l %s" : "--%s", def->name + 2);
                if (strstr(memory, word) == NULL) {
                    fail_msg("%s: %s %s", shells[i], row->name, def->name);
                }
            }
        }
    }
}

/* What stands in a place is read from its placeholder. */
static void placeholders_tell_what_is_completed(void **state)
{
    (void)state;
    static const struct pl_option_def options[] = {{"--clock", "turn|live", "it's a clock"},
                                                   {"--out", "PATH", "file"},
                                                   {"--k", "N|off", "worlds"},
                                                   {"--n", "N", "number"},
                                                   {NULL, NULL, NULL}};
    static const struct pl_command_def table[] = {{.name = "try",
                                                   .operands = "NAME|all SESSION...",
                                                   .summary = "try it",
                                                   .details = "",
                                                   .options = options,
                                                   .examples = "  plumb try\n",
                                                   .operands_max = 9},
                                                  {.name = NULL}};
    struct pl_buf out;
    pl_buf_init(&out, memory, sizeof memory);
    assert_int_equal(pl_completion_write(table, "bash", &out, NULL), PL_OK);
    assert_non_null(strstr(memory, "--clock) COMPREPLY=($(compgen -W \"turn live\""));
    assert_non_null(strstr(memory, "--out) COMPREPLY=($(compgen -f "));
    assert_non_null(strstr(memory, "--k) COMPREPLY=($(compgen -W \"off\""));
    assert_non_null(strstr(memory, "--n) COMPREPLY=();"));
    assert_non_null(strstr(memory, "0) operand=(-W \"all\")"));
    assert_non_null(strstr(memory, "*) operand=(-f)"));
    pl_buf_clear(&out);
    assert_int_equal(pl_completion_write(table, "zsh", &out, NULL), PL_OK);
    assert_non_null(strstr(memory, "'--clock[it'\\''s a clock]:turn|live:(turn live)'"));
    assert_non_null(strstr(memory, "'*:operand:_files'"));
    pl_buf_clear(&out);
    assert_int_equal(pl_completion_write(table, "fish", &out, NULL), PL_OK);
    assert_non_null(strstr(memory, "-l clock -x -a 'turn live' -d 'it\\'s a clock'"));
}

static void another_shell_is_refused(void **state)
{
    (void)state;
    struct pl_buf out;
    pl_error err = {0};
    pl_buf_init(&out, memory, sizeof memory);
    assert_int_equal(pl_completion_write(pl_command_table(), "csh", &out, &err), PL_BAD_INPUT);
    assert_non_null(strstr(err.message, "bash, zsh or fish"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shell_has_every_command_and_option),
        cmocka_unit_test(placeholders_tell_what_is_completed),
        cmocka_unit_test(another_shell_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
