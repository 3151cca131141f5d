// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct pl_option_def defs[] = {
    {"--seed", "N", "number of the form"},
    {"--json", NULL, "print JSON"},
    {NULL, NULL, NULL},
};

static const struct pl_command_def command = {
    .name = "try",
    .operands = "[NAME]",
    .summary = "try it",
    .details = "",
    .options = defs,
    .examples = "  plumb try\n",
    .operands_max = 1,
};

/* Parse a line whose words stand between single spaces. */
static pl_status parse(struct pl_args *args, const char *line, pl_error *err)
{
    static char words[128];
    char *argv[16];
    int argc = 0;
    memset(err, 0, sizeof *err);
    (void)snprintf(words, sizeof words, "%s", line);
    char *rest = words;
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        argv[argc++] = word;
    }
    return pl_args_parse(args, &command, argc, argv, err);
}

static void options_and_operands_in_any_order(void **state)
{
    (void)state;
    struct pl_args args;
    pl_error err;
    assert_int_equal(parse(&args, "try name --seed 12 --json", &err), PL_OK);
    assert_int_equal(args.operand_count, 1);
    assert_string_equal(args.operands[0], "name");
    assert_true(pl_args_has(&args, "--json"));
    uint64_t seed = 0;
    assert_int_equal(pl_args_number(&args, "--seed", 0, 100, &seed, &err), PL_OK);
    assert_int_equal(seed, 12);
    assert_int_equal(parse(&args, "try --seed=7", &err), PL_OK);
    assert_string_equal(pl_args_value(&args, "--seed"), "7");
    assert_false(pl_args_has(&args, "--json"));
    assert_int_equal(parse(&args, "try --seed 0x1F", &err), PL_OK);
    assert_int_equal(pl_args_number(&args, "--seed", 0, 100, &seed, &err), PL_OK);
    assert_int_equal(seed, 31);
}

static void mistakes_name_the_word(void **state)
{
    (void)state;
    struct pl_args args;
    pl_error err;
    assert_int_equal(parse(&args, "try --sede 1", &err), PL_BAD_INPUT);
    assert_non_null(strstr(err.message, "Did you mean `--seed`?"));
    assert_int_equal(parse(&args, "try --seed", &err), PL_BAD_INPUT);
    assert_non_null(strstr(err.message, "needs a value"));
    assert_int_equal(parse(&args, "try a b", &err), PL_BAD_INPUT);
    assert_non_null(strstr(err.message, "one word too many"));
    assert_int_equal(parse(&args, "try --json=1", &err), PL_BAD_INPUT);
}

static void numbers_outside_their_range_are_refused(void **state)
{
    (void)state;
    const char *bad[] = {"", "-1", "1x", "101", "99999999999999999999", "0x65", "0x"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct pl_args args;
        pl_error err;
        char line[40] = "try --seed=";
        strncat(line, bad[i], sizeof line - 12);
        uint64_t seed = 5;
        assert_int_equal(parse(&args, line, &err), PL_OK);
        assert_int_equal(pl_args_number(&args, "--seed", 0, 100, &seed, &err), PL_BAD_INPUT);
        assert_int_equal(seed, 5);
    }
}

static void help_lists_every_option(void **state)
{
    (void)state;
    char memory[1024];
    struct pl_buf out;
    pl_buf_init(&out, memory, sizeof memory);
    pl_command_help(&command, &out);
    assert_non_null(strstr(memory, "Usage: plumb try [NAME] [OPTIONS]"));
    assert_non_null(strstr(memory, "  --seed N"));
    assert_non_null(strstr(memory, "  --json"));
    assert_non_null(strstr(memory, "  plumb try\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_operands_in_any_order),
        cmocka_unit_test(mistakes_name_the_word),
        cmocka_unit_test(numbers_outside_their_range_are_refused),
        cmocka_unit_test(help_lists_every_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
