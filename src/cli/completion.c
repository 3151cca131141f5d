// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.h"

#include "base/check.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* ---- What may stand in a place -------------------------------------------------------------- */

enum kind { KIND_NOTHING, KIND_WORDS, KIND_FILES, KIND_FOLDERS, KIND_SCENARIOS, KIND_COMMANDS };

enum { WORDS_SIZE = 256 };

struct place {
    enum kind kind;
    char words[WORDS_SIZE]; /* of KIND_WORDS, between single spaces */
};

static bool is_literal(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!islower((unsigned char)text[i]) && text[i] != '-') {
            return false;
        }
    }
    return size > 0;
}

static bool is_word(const char *text, size_t size, const char *word)
{
    return strlen(word) == size && strncmp(text, word, size) == 0;
}

static enum kind kind_of(const char *text, size_t size)
{
    static const struct {
        const char *word;
        enum kind kind;
    } kinds[] = {{"DIR", KIND_FOLDERS},
                 {"FILE", KIND_FILES},
                 {"PATH", KIND_FILES},
                 {"WORLD.yaml", KIND_FILES},
                 {"X", KIND_FILES},
                 {"SESSION", KIND_FILES},
                 {"SCENARIO", KIND_SCENARIOS},
                 {"COMMAND", KIND_COMMANDS}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (is_word(text, size, kinds[i].word)) {
            return kinds[i].kind;
        }
    }
    return KIND_NOTHING;
}

/*
 * Read a placeholder such as `turn|live`, `[SESSION...]` or `NAME|all|learn`: its small words can
 * be completed, else its first big word tells what is meant.
 */
static struct place read_place(const char *text, size_t size)
{
    struct place place = {KIND_NOTHING, ""};
    size_t used = 0;
    for (size_t at = 0; at < size;) {
        at += strspn(text + at, "[|");
        size_t length = strcspn(text + at, "[]| ");
        while (length > 0 && text[at + length - 1] == '.') {
            length--; /* `SESSION...` */
        }
        if (at + length > size || length == 0) {
            break;
        }
        if (is_literal(text + at, length) && used + length + 2 < sizeof place.words) {
            used += (size_t)snprintf(place.words + used,
                                     sizeof place.words - used,
                                     "%s%.*s",
                                     used > 0 ? " " : "",
                                     (int)length,
                                     text + at);
        } else if (place.kind == KIND_NOTHING) {
            place.kind = kind_of(text + at, length);
        }
        at += length + strspn(text + at + length, ".]");
    }
    place.kind = used > 0 ? KIND_WORDS : place.kind;
    return place;
}

static struct place place_of_value(const struct pl_option_def *def)
{
    return read_place(def->value, strlen(def->value));
}

/* The operand by number, from 0; those after the last repeat it. */
static struct place place_of_operand(const struct pl_command_def *command, uint32_t number)
{
    const char *text = command->operands;
    size_t size = strcspn(text, " ");
    for (; number > 0 && text[size] == ' '; number--) {
        text += size + 1;
        size = strcspn(text, " ");
    }
    return read_place(text, size);
}

static uint32_t operand_places(const struct pl_command_def *command)
{
    uint32_t count = command->operands[0] != '\0' ? 1 : 0;
    for (const char *at = command->operands; (at = strchr(at, ' ')) != NULL; at++) {
        count++;
    }
    return count;
}

static void put_command_names(const struct pl_command_def *table, struct pl_buf *out)
{
    for (const struct pl_command_def *row = table; row->name != NULL; row++) {
        pl_buf_printf(out, "%s%s", row == table ? "" : " ", row->name);
    }
}

/* `plumb pack list` has the names of scenarios at the beginning of lines, all else behind spaces.
 */
#define SCENARIOS "plumb pack list 2>/dev/null | sed -n 's/^\\([a-z][a-z0-9-]*\\)$/\\1/p'"

/* ---- bash ----------------------------------------------------------------------------------- */

static void
put_bash_place(const struct pl_command_def *table, const struct place *place, struct pl_buf *out)
{
    switch (place->kind) {
    case KIND_WORDS:
        pl_buf_printf(out, "-W \"%s\"", place->words);
        break;
    case KIND_FILES:
        pl_buf_puts(out, "-f");
        break;
    case KIND_FOLDERS:
        pl_buf_puts(out, "-d");
        break;
    case KIND_SCENARIOS:
        pl_buf_puts(out, "-W \"$(" SCENARIOS ")\"");
        break;
    case KIND_COMMANDS:
        pl_buf_puts(out, "-W \"");
        put_command_names(table, out);
        pl_buf_puts(out, "\"");
        break;
    case KIND_NOTHING:
        break;
    }
}

static void put_bash_command(const struct pl_command_def *table,
                             const struct pl_command_def *command,
                             struct pl_buf *out)
{
    pl_buf_printf(out, "    %s)\n        case $before in\n", command->name);
    for (const struct pl_option_def *def = command->options; def->name != NULL; def++) {
        if (def->value == NULL) {
            continue;
        }
        struct place place = place_of_value(def);
        pl_buf_printf(out, "        %s) COMPREPLY=(", def->name);
        if (place.kind != KIND_NOTHING) {
            pl_buf_puts(out, "$(compgen ");
            put_bash_place(table, &place, out);
            pl_buf_puts(out, " -- \"$word\")");
        }
        pl_buf_puts(out, "); return ;;\n");
    }
    pl_buf_puts(out, "        esac\n        options=\"");
    for (const struct pl_option_def *def = command->options; def->name != NULL; def++) {
        pl_buf_printf(out, "%s ", def->name);
    }
    pl_buf_puts(out, "--help\"\n        _plumb_operands \" ");
    for (const struct pl_option_def *def = command->options; def->name != NULL; def++) {
        pl_buf_printf(
            out, "%s%s", def->value != NULL ? def->name : "", def->value != NULL ? " " : "");
    }
    pl_buf_puts(out, "\"\n        case $number in\n");
    uint32_t places = operand_places(command);
    for (uint32_t i = 0; i < places; i++) {
        struct place place = place_of_operand(command, i);
        if (place.kind == KIND_NOTHING) {
            continue;
        }
        if (i + 1 == places && command->operands_max > places) {
            pl_buf_puts(out, "        *) operand=(");
        } else {
            pl_buf_printf(out, "        %u) operand=(", i);
        }
        put_bash_place(table, &place, out);
        pl_buf_puts(out, ") ;;\n");
    }
    pl_buf_puts(out, "        esac ;;\n");
}

static void write_bash(const struct pl_command_def *table, struct pl_buf *out)
{
    pl_buf_puts(out,
                "# bash completion of plumb, made by `plumb help --completion bash`\n"
                "# number = operands before the word in hand; $1: options that take a value\n"
                "_plumb_operands() {\n"
                "    local at\n"
                "    for ((at = 2; at < COMP_CWORD; at++)); do\n"
                "        [[ ${COMP_WORDS[at]} == -* || $1 == *\" ${COMP_WORDS[at-1]} \"* ]] ||\n"
                "            ((number += 1))\n"
                "    done\n"
                "}\n"
                "_plumb() {\n"
                "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
                "    local options=\"\" number=0\n"
                "    local -a operand=()\n"
                "    COMPREPLY=()\n"
                "    if ((COMP_CWORD == 1)); then\n"
                "        COMPREPLY=($(compgen -W \"");
    put_command_names(table, out);
    pl_buf_puts(out,
                " --help --version\" -- \"$word\"))\n"
                "        return\n"
                "    fi\n"
                "    case ${COMP_WORDS[1]} in\n");
    for (const struct pl_command_def *row = table; row->name != NULL; row++) {
        put_bash_command(table, row, out);
    }
    pl_buf_puts(out,
                "    esac\n"
                "    if [[ $word == -* ]]; then\n"
                "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
                "    elif ((${#operand[@]} > 0)); then\n"
                "        COMPREPLY=($(compgen \"${operand[@]}\" -- \"$word\"))\n"
                "    fi\n"
                "}\n"
                "complete -o filenames -F _plumb plumb\n");
}

/* ---- zsh ------------------------------------------------------------------------------------ */

/* Text between single quotes, where a colon or a bracket would end it. */
static void put_zsh_text(struct pl_buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            pl_buf_puts(out, "'\\''");
        } else {
            pl_buf_printf(out, "%s%c", strchr(":[]\\", *text) != NULL ? "\\" : "", *text);
        }
    }
}

static void put_zsh_place(const struct place *place, struct pl_buf *out)
{
    static const char *const actions[] = {[KIND_NOTHING] = " ",
                                          [KIND_FILES] = "_files",
                                          [KIND_FOLDERS] = "_files -/",
                                          [KIND_SCENARIOS] = "_plumb_scenarios",
                                          [KIND_COMMANDS] = "_plumb_commands"};
    if (place->kind == KIND_WORDS) {
        pl_buf_printf(out, "(%s)", place->words);
    } else {
        pl_buf_puts(out, actions[place->kind]);
    }
}

static void put_zsh_command(const struct pl_command_def *command, struct pl_buf *out)
{
    pl_buf_printf(out, "    %s) _arguments", command->name);
    for (const struct pl_option_def *def = command->options; def->name != NULL; def++) {
        pl_buf_printf(out, " \\\n        '%s[", def->name);
        put_zsh_text(out, def->help);
        pl_buf_puts(out, "]");
        if (def->value != NULL) {
            struct place place = place_of_value(def);
            pl_buf_puts(out, ":");
            put_zsh_text(out, def->value);
            pl_buf_puts(out, ":");
            put_zsh_place(&place, out);
        }
        pl_buf_puts(out, "'");
    }
    uint32_t places = operand_places(command);
    for (uint32_t i = 0; i < places; i++) {
        struct place place = place_of_operand(command, i);
        bool repeats = i + 1 == places && command->operands_max > places;
        pl_buf_puts(out, " \\\n        '");
        if (repeats) {
            pl_buf_puts(out, "*");
        } else {
            pl_buf_printf(out, "%u", i + 1);
        }
        pl_buf_puts(out, ":operand:");
        put_zsh_place(&place, out);
        pl_buf_puts(out, "'");
    }
    pl_buf_puts(out, " \\\n        '--help[print this help]' ;;\n");
}

static void write_zsh(const struct pl_command_def *table, struct pl_buf *out)
{
    pl_buf_puts(out,
                "#compdef plumb\n"
                "# zsh completion of plumb, made by `plumb help --completion zsh`\n"
                "_plumb_commands() {\n"
                "    local -a names\n"
                "    names=(\n");
    for (const struct pl_command_def *row = table; row->name != NULL; row++) {
        pl_buf_printf(out, "        '%s:", row->name);
        put_zsh_text(out, row->summary);
        pl_buf_puts(out, "'\n");
    }
    pl_buf_puts(out,
                "    )\n"
                "    _describe command names\n"
                "}\n"
                "_plumb_scenarios() {\n"
                "    local -a names\n"
                "    names=(${(f)\"$(" SCENARIOS ")\"})\n"
                "    compadd -a names\n"
                "}\n"
                "_plumb() {\n"
                "    if ((CURRENT == 2)); then\n"
                "        _plumb_commands\n"
                "        return\n"
                "    fi\n"
                "    shift words\n"
                "    ((CURRENT -= 1))\n"
                "    case $words[1] in\n");
    for (const struct pl_command_def *row = table; row->name != NULL; row++) {
        put_zsh_command(row, out);
    }
    pl_buf_puts(out,
                "    esac\n"
                "}\n"
                "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n"
                "    _plumb \"$@\"\n"
                "else\n"
                "    compdef _plumb plumb\n"
                "fi\n");
}

/* ---- fish ----------------------------------------------------------------------------------- */

static void put_fish_text(struct pl_buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        pl_buf_printf(out, "%s%c", *text == '\'' || *text == '\\' ? "\\" : "", *text);
    }
}

static void
put_fish_place(const struct pl_command_def *table, const struct place *place, struct pl_buf *out)
{
    switch (place->kind) {
    case KIND_WORDS:
        pl_buf_printf(out, " -a '%s'", place->words);
        break;
    case KIND_FILES:
        pl_buf_puts(out, " -F");
        break;
    case KIND_FOLDERS:
        pl_buf_puts(out, " -a '(__fish_complete_directories)'");
        break;
    case KIND_SCENARIOS:
        pl_buf_puts(out, " -a '(plumb pack list 2>/dev/null | string match -r \"^[a-z].*\")'");
        break;
    case KIND_COMMANDS:
        pl_buf_puts(out, " -a '");
        put_command_names(table, out);
        pl_buf_puts(out, "'");
        break;
    case KIND_NOTHING:
        break;
    }
}

static void put_fish_command(const struct pl_command_def *table,
                             const struct pl_command_def *command,
                             struct pl_buf *out)
{
    pl_buf_printf(out, "complete -c plumb -n __fish_use_subcommand -a %s -d '", command->name);
    put_fish_text(out, command->summary);
    pl_buf_puts(out, "'\n");
    for (const struct pl_option_def *def = command->options; def->name != NULL; def++) {
        pl_buf_printf(out,
                      "complete -c plumb -n '__fish_seen_subcommand_from %s' -l %s",
                      command->name,
                      def->name + strlen("--"));
        if (def->value != NULL) {
            struct place place = place_of_value(def);
            pl_buf_puts(out, place.kind == KIND_FILES ? " -r" : " -x");
            put_fish_place(table, &place, out);
        }
        pl_buf_puts(out, " -d '");
        put_fish_text(out, def->help);
        pl_buf_puts(out, "'\n");
    }
    for (uint32_t i = 0; i < operand_places(command); i++) {
        struct place place = place_of_operand(command, i);
        if (place.kind != KIND_NOTHING) {
            pl_buf_printf(
                out, "complete -c plumb -n '__fish_seen_subcommand_from %s'", command->name);
            put_fish_place(table, &place, out);
            pl_buf_puts(out, "\n");
        }
    }
}

static void write_fish(const struct pl_command_def *table, struct pl_buf *out)
{
    pl_buf_puts(out,
                "# fish completion of plumb, made by `plumb help --completion fish`\n"
                "complete -c plumb -f\n");
    for (const struct pl_command_def *row = table; row->name != NULL; row++) {
        put_fish_command(table, row, out);
    }
}

pl_status pl_completion_write(const struct pl_command_def *table,
                              const char *shell,
                              struct pl_buf *out,
                              pl_error *err)
{
    PL_CHECK(table != NULL && shell != NULL && out != NULL);
    static const struct {
        const char *shell;
        void (*write)(const struct pl_command_def *table, struct pl_buf *out);
    } shells[] = {{"bash", write_bash}, {"zsh", write_zsh}, {"fish", write_fish}};
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        if (strcmp(shells[i].shell, shell) == 0) {
            shells[i].write(table, out);
            return PL_OK;
        }
    }
    return pl_fail(err,
                   PL_BAD_INPUT,
                   NULL,
                   "There is no completion for `%.40s`; bash, zsh or fish is expected.",
                   shell);
}
