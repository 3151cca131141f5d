// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

#include "base/check.h"
#include "text/suggest.h"

#include <stdlib.h>
#include <string.h>

static uint32_t option_count(const struct pl_command_def *command)
{
    uint32_t count = 0;
    while (command->options[count].name != NULL) {
        count++;
    }
    PL_CHECK(count < PL_COMMAND_OPTIONS_MAX);
    return count;
}

/* Position of the option whose name is the first `size` bytes of `word`, or the count. */
static uint32_t option_find(const struct pl_command_def *command, const char *word, size_t size)
{
    uint32_t count = option_count(command);
    for (uint32_t i = 0; i < count; i++) {
        if (strlen(command->options[i].name) == size &&
            memcmp(command->options[i].name, word, size) == 0) {
            return i;
        }
    }
    return count;
}

static pl_status
unknown_option(const struct pl_command_def *command, const char *word, pl_error *err)
{
    const char *names[PL_COMMAND_OPTIONS_MAX + 1];
    uint32_t count = option_count(command);
    for (uint32_t i = 0; i < count; i++) {
        names[i] = command->options[i].name;
    }
    names[count] = "--help";
    const char *closest = pl_suggest_name(pl_slice_of(word), names, count + 1);
    if (closest != NULL) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "Unknown option `%.60s` of `plumb %s`. Did you mean `%s`?",
                       word,
                       command->name,
                       closest);
    }
    return pl_fail(err,
                   PL_BAD_INPUT,
                   NULL,
                   "Unknown option `%.60s`. `plumb %s --help` lists the options.",
                   word,
                   command->name);
}

/* Read the option at argv[*index]; moves *index past a value in the next word. */
static pl_status read_option(struct pl_args *args, int argc, char **argv, int *index, pl_error *err)
{
    const char *word = argv[*index];
    const char *equals = strchr(word, '=');
    size_t size = equals != NULL ? (size_t)(equals - word) : strlen(word);
    uint32_t option = option_find(args->command, word, size);
    const struct pl_option_def *def = &args->command->options[option];
    if (def->name == NULL) {
        return unknown_option(args->command, word, err);
    }
    if (def->value == NULL) {
        if (equals != NULL) {
            return pl_fail(err, PL_BAD_INPUT, NULL, "Option `%s` takes no value.", def->name);
        }
        args->values[option] = "";
        return PL_OK;
    }
    if (equals != NULL) {
        args->values[option] = equals + 1;
        return PL_OK;
    }
    if (*index + 1 >= argc) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "Option `%s` needs a value: `%s %s`.",
                       def->name,
                       def->name,
                       def->value);
    }
    *index += 1;
    args->values[option] = argv[*index];
    return PL_OK;
}

pl_status pl_args_parse(struct pl_args *args,
                        const struct pl_command_def *command,
                        int argc,
                        char **argv,
                        pl_error *err)
{
    PL_CHECK(args != NULL);
    PL_CHECK(command != NULL);
    PL_CHECK(argc >= 1);
    PL_CHECK(command->operands_max <= PL_OPERANDS_MAX);
    memset(args, 0, sizeof *args);
    args->command = command;
    bool options_end = false;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (!options_end && strcmp(word, "--") == 0) {
            options_end = true;
        } else if (!options_end && word[0] == '-' && word[1] != '\0') {
            pl_status status = read_option(args, argc, argv, &i, err);
            if (status != PL_OK) {
                return status;
            }
        } else if (args->operand_count == command->operands_max) {
            return pl_fail(err,
                           PL_BAD_INPUT,
                           NULL,
                           "`%.80s` is one word too many: `plumb %s %s`.",
                           word,
                           command->name,
                           command->operands);
        } else {
            args->operands[args->operand_count++] = word;
        }
    }
    return PL_OK;
}

const char *pl_args_value(const struct pl_args *args, const char *name)
{
    PL_CHECK(args != NULL);
    PL_CHECK(name != NULL);
    uint32_t option = option_find(args->command, name, strlen(name));
    PL_CHECK(args->command->options[option].name != NULL);
    return args->values[option];
}

bool pl_args_has(const struct pl_args *args, const char *name)
{
    return pl_args_value(args, name) != NULL;
}

pl_status pl_args_number(const struct pl_args *args,
                         const char *name,
                         uint64_t low,
                         uint64_t high,
                         uint64_t *value,
                         pl_error *err)
{
    PL_CHECK(value != NULL);
    PL_CHECK(low <= high);
    const char *text = pl_args_value(args, name);
    if (text == NULL) {
        return PL_OK;
    }
    /* `form 7f3a` is shown in hexadecimal digits, so that it can be given back as 0x7f3a. */
    bool hex = strncmp(text, "0x", 2) == 0;
    const char *first = hex ? text + 2 : text;
    size_t digits = strspn(first, hex ? "0123456789abcdefABCDEF" : "0123456789");
    unsigned long long number = strtoull(first, NULL, hex ? 16 : 10);
    if (digits == 0 || digits > (hex ? 16u : 19u) || first[digits] != '\0' || number < low ||
        number > high) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "Option `%s` is `%.40s`; a whole number from %llu to %llu is expected.",
                       name,
                       text,
                       (unsigned long long)low,
                       (unsigned long long)high);
    }
    *value = number;
    return PL_OK;
}

void pl_command_help(const struct pl_command_def *command, struct pl_buf *out)
{
    PL_CHECK(command != NULL);
    PL_CHECK(out != NULL);
    uint32_t count = option_count(command);
    pl_buf_printf(out, "plumb %s: %s\n\n", command->name, command->summary);
    pl_buf_printf(out, "Usage: plumb %s", command->name);
    if (command->operands[0] != '\0') {
        pl_buf_printf(out, " %s", command->operands);
    }
    pl_buf_puts(out, count > 0 ? " [OPTIONS]\n" : "\n");
    if (command->details[0] != '\0') {
        pl_buf_printf(out, "\n%s", command->details);
    }
    pl_buf_puts(out, "\nOptions:\n");
    for (uint32_t i = 0; i < count; i++) {
        const struct pl_option_def *def = &command->options[i];
        int used = (int)(strlen(def->name) + (def->value != NULL ? strlen(def->value) + 1 : 0));
        pl_buf_printf(out,
                      "  %s%s%s%*s%s\n",
                      def->name,
                      def->value != NULL ? " " : "",
                      def->value != NULL ? def->value : "",
                      used < 22 ? 24 - used : 2,
                      "",
                      def->help);
    }
    pl_buf_printf(out, "  %-24s%s\n", "--help", "print this help");
    pl_buf_printf(out, "\nExamples:\n%s", command->examples);
}
