// SPDX-License-Identifier: Apache-2.0
#include "cli/manual.h"

#include "cli/commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char memory[PL_MANUAL_SIZE];
static char written[PL_MANUAL_SIZE];
static const char *goldens;

/* A dash of a man page is escaped. */
static const char *escaped(const char *name)
{
    static char text[64];
    size_t at = 0;
    for (; *name != '\0'; name++) {
        at += (size_t)snprintf(text + at, sizeof text - at, *name == '-' ? "\\-" : "%c", *name);
    }
    return text;
}

static void both_pages_have_every_command_and_option(void **state)
{
    (void)state;
    struct pl_buf man;
    struct pl_buf page;
    pl_buf_init(&man, memory, sizeof memory);
    pl_buf_init(&page, written, sizeof written);
    pl_manual_man(pl_command_table(), "9.9.9", &man);
    pl_manual_markdown(pl_command_table(), &page);
    assert_false(man.overflow || page.overflow);
    assert_non_null(strstr(memory, "plumb 9.9.9"));
    for (const struct pl_command_def *row = pl_command_table(); row->name != NULL; row++) {
        char head[128];
        snprintf(head, sizeof head, "\n.SS \"plumb %s", escaped(row->name));
        const char *in_man = strstr(memory, head);
        snprintf(head, sizeof head, "\n## plumb %s\n", row->name);
        const char *in_page = strstr(written, head);
        assert_non_null(in_man);
        assert_non_null(in_page);
        for (const struct pl_option_def *def = row->options; def->name != NULL; def++) {
            assert_non_null(strstr(in_man, escaped(def->name)));
            assert_non_null(strstr(in_page, def->name));
        }
    }
}

/* Letters that roff or a table would read as commands stay letters. */
static void letters_with_a_meaning_are_escaped(void **state)
{
    (void)state;
    static const struct pl_option_def options[] = {{"--x", "a|b", "one | two"}, {NULL, NULL, NULL}};
    static const struct pl_command_def odd[] = {{.name = "odd",
                                                 .operands = "",
                                                 .summary = "a \\ b",
                                                 .details = ".SH no\n'no\n",
                                                 .options = options,
                                                 .examples = "  plumb odd\n"},
                                                {.name = NULL}};
    struct pl_buf out;
    pl_buf_init(&out, memory, sizeof memory);
    pl_manual_man(odd, "1", &out);
    assert_non_null(strstr(memory, "\n\\&.SH no\n\\&'no\n"));
    assert_non_null(strstr(memory, "a \\e b"));
    pl_buf_clear(&out);
    pl_manual_markdown(odd, &out);
    assert_non_null(strstr(memory, "| `--x a\\|b` | one \\| two |"));
}

static void the_page_of_the_reference_is_that_of_the_program(void **state)
{
    (void)state;
    char path[1024];
    snprintf(path, sizeof path, "%s/../../docs/reference/commands.md", goldens);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(written, 1, sizeof written - 1, file);
    written[size] = '\0';
    (void)fclose(file);
    struct pl_buf out;
    pl_buf_init(&out, memory, sizeof memory);
    pl_manual_markdown(pl_command_table(), &out);
    if (strcmp(memory, written) != 0) {
        fail_msg("docs/reference/commands.md is old; write it anew with "
                 "`plumb help --markdown > docs/reference/commands.md`");
    }
}

int main(int argc, char **argv)
{
    goldens = argc > 1 ? argv[1] : ".";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_pages_have_every_command_and_option),
        cmocka_unit_test(letters_with_a_meaning_are_escaped),
        cmocka_unit_test(the_page_of_the_reference_is_that_of_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
