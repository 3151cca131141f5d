// SPDX-License-Identifier: Apache-2.0
#include "cli/manual.h"

#include "base/check.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#define EXIT_CODES "0 done, 1 a check failed, 2 wrong input, 3 the environment refused."

/* ---- The man page --------------------------------------------------------------------------- */

/* Text for roff: no letter of it is a command, and a dash can be copied. */
static void put_roff(struct pl_buf *out, const char *text)
{
    bool starts = true;
    for (; *text != '\0'; text++) {
        if (starts && (*text == '.' || *text == '\'')) {
            pl_buf_puts(out, "\\&");
        }
        if (*text == '\\') {
            pl_buf_puts(out, "\\e");
        } else if (*text == '-') {
            pl_buf_puts(out, "\\-");
        } else {
            pl_buf_printf(out, "%c", *text);
        }
        starts = *text == '\n';
    }
}

static void put_option_roff(const struct pl_option_def *def, struct pl_buf *out)
{
    pl_buf_puts(out, ".TP\n.B ");
    put_roff(out, def->name);
    if (def->value != NULL) {
        pl_buf_puts(out, " \\fI");
        put_roff(out, def->value);
        pl_buf_puts(out, "\\fR");
    }
    pl_buf_puts(out, "\n");
    put_roff(out, def->help);
    pl_buf_puts(out, "\n");
}

static void put_command_roff(const struct pl_command_def *command, struct pl_buf *out)
{
    pl_buf_puts(out, ".SS \"plumb ");
    put_roff(out, command->name);
    if (command->operands[0] != '\0') {
        pl_buf_puts(out, " ");
        put_roff(out, command->operands);
    }
    pl_buf_puts(out, "\"\n");
    put_roff(out, command->summary);
    pl_buf_puts(out, "\n");
    if (command->details[0] != '\0') {
        /* Some details are tables; they keep their lines. */
        pl_buf_puts(out, ".PP\n.nf\n");
        put_roff(out, command->details);
        pl_buf_puts(out, ".fi\n");
    }
    for (const struct pl_option_def *def = command->options; def->name != NULL; def++) {
        put_option_roff(def, out);
    }
    pl_buf_puts(out, ".PP\n.nf\n");
    put_roff(out, command->examples);
    pl_buf_puts(out, ".fi\n");
}

void pl_manual_man(const struct pl_command_def *table, const char *version, struct pl_buf *out)
{
    PL_CHECK(table != NULL && version != NULL && out != NULL);
    pl_buf_printf(out, ".TH PLUMB 1 \"\" \"plumb %s\" \"User Commands\"\n", version);
    pl_buf_puts(out,
                ".SH NAME\n"
                "plumb \\- on call in a simulated production system\n"
                ".SH SYNOPSIS\n"
                ".B plumb\n"
                ".I COMMAND\n"
                "[\\fIOPTIONS\\fR]\n"
                ".SH DESCRIPTION\n"
                "Puts you on call in a production system that is misbehaving, and shows what your\n"
                "looks and your moves did to its users.\n"
                ".SH COMMANDS\n");
    for (; table->name != NULL; table++) {
        put_command_roff(table, out);
    }
    pl_buf_puts(out, ".SH \"EXIT STATUS\"\n" EXIT_CODES "\n");
}

/* ---- The page of the reference -------------------------------------------------------------- */

/* Lines of text, each without the two spaces in front of it. */
static void put_lines(struct pl_buf *out, const char *text)
{
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        size_t margin = strncmp(text, "  ", 2) == 0 ? 2 : 0;
        pl_buf_printf(out, "%.*s\n", (int)(size - margin), text + margin);
        text += size + (text[size] == '\n' ? 1 : 0);
    }
}

/* A cell of a table: a bar would end it. */
static void put_cell(struct pl_buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        pl_buf_printf(out, "%s%c", *text == '|' ? "\\" : "", *text);
    }
}

static void put_command_markdown(const struct pl_command_def *command, struct pl_buf *out)
{
    pl_buf_printf(out,
                  "\n## plumb %s\n\n%c%s.\n\n",
                  command->name,
                  toupper((unsigned char)command->summary[0]),
                  command->summary + 1);
    pl_buf_printf(out,
                  "```text\nplumb %s%s%s%s\n",
                  command->name,
                  command->operands[0] != '\0' ? " " : "",
                  command->operands,
                  command->options[0].name != NULL ? " [OPTIONS]" : "");
    if (command->details[0] != '\0') {
        pl_buf_puts(out, "\n");
        put_lines(out, command->details);
    }
    pl_buf_puts(out, "```\n");
    if (command->options[0].name != NULL) {
        pl_buf_puts(out, "\n| option | what it does |\n|---|---|\n");
    }
    for (const struct pl_option_def *def = command->options; def->name != NULL; def++) {
        pl_buf_printf(out, "| `%s", def->name);
        if (def->value != NULL) {
            pl_buf_puts(out, " ");
            put_cell(out, def->value);
        }
        pl_buf_puts(out, "` | ");
        put_cell(out, def->help);
        pl_buf_puts(out, " |\n");
    }
    pl_buf_puts(out, "\n```sh\n");
    put_lines(out, command->examples);
    pl_buf_puts(out, "```\n");
}

void pl_manual_markdown(const struct pl_command_def *table, struct pl_buf *out)
{
    PL_CHECK(table != NULL && out != NULL);
    pl_buf_puts(out,
                "# Commands\n\n"
                "This page is made by `plumb help --markdown` from the tables that the program\n"
                "reads its options with. Do not edit it. `plumb help --man` makes a man page of\n"
                "the same, `plumb help --completion bash` (or zsh, fish) what a shell completes.\n"
                "\nExit codes: " EXIT_CODES "\n");
    for (; table->name != NULL; table++) {
        put_command_markdown(table, out);
    }
}
