// SPDX-License-Identifier: Apache-2.0
#include "cli/guide.h"

#include "support/shop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char memory[1 << 14];
static const struct pl_term term = {.columns = 80, .utf8 = true};

static uint32_t draw(const char *topic)
{
    struct pl_lexicon lexicon = test_shop();
    struct pl_buf out;
    uint32_t lines = 0;
    pl_buf_init(&out, memory, sizeof memory);
    pl_guide_help(&term, &lexicon, topic, &out);
    assert_false(out.overflow);
    for (const char *at = memory; *at != '\0';) {
        size_t size = strcspn(at, "\n");
        if (size > 80) {
            fail_msg("too wide: %.*s", (int)size, at);
        }
        at += size + 1;
        lines++;
    }
    return lines;
}

static void names_and_table_agree(void **state)
{
    (void)state;
    const char *const *names = pl_guide_verb_names();
    const struct pl_verb *verb = pl_guide_verbs();
    for (; verb->name != NULL; verb++, names++) {
        assert_string_equal(verb->name, *names);
        assert_true(strncmp(verb->usage, verb->name, strlen(verb->name)) == 0);
    }
    assert_null(*names);
}

/* 24 rows: help, the prompt below it and one line to spare. */
static void help_is_one_screen(void **state)
{
    (void)state;
    assert_true(draw("") <= 22);
    assert_non_null(strstr(memory, "panel checkout-api latency by route"));
    assert_non_null(strstr(memory, "flag, scale"));
}

static void every_command_is_explained(void **state)
{
    (void)state;
    for (const struct pl_verb *verb = pl_guide_verbs(); verb->name != NULL; verb++) {
        assert_true(draw(verb->name) >= 2);
        assert_non_null(strstr(memory, verb->name));
    }
    (void)draw("scale");
    assert_non_null(strstr(memory, "service: "));
    (void)draw("zzzzz");
    assert_non_null(strstr(memory, "no such command"));
}

static void keys_are_those_of_the_one_table(void **state)
{
    (void)state;
    assert_true(draw("keys") >= 4);
    assert_non_null(strstr(memory, "Tab"));
    assert_non_null(strstr(memory, "Complete the word"));
    assert_non_null(strstr(memory, "Ctrl-R"));
    assert_null(strstr(memory, "Next scenario")); /* a key of the browser only */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_table_agree),
        cmocka_unit_test(help_is_one_screen),
        cmocka_unit_test(every_command_is_explained),
        cmocka_unit_test(keys_are_those_of_the_one_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
