// SPDX-License-Identifier: Apache-2.0
#include "scenario/setting_actions.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_test_contents contents;

static int setup(void **unused)
{
    (void)unused;
    pl_test_contents_init(&contents);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    pl_test_contents_free(&contents);
    return 0;
}

/* Load the world with one line replaced; the messages must contain this. */
static void assert_world_error(const char *find, const char *line, const char *message)
{
    char *text = pl_test_edited(pl_test_world_text, find, line);
    assert_false(pl_test_load_world(&contents, text));
    if (strstr(contents.text, message) == NULL) {
        fail_msg("expected: %s\nfound:\n%s", message, contents.text);
    }
    free(text);
}

static void arguments_list_what_exists(void **unused)
{
    (void)unused;
    assert_true(pl_test_load_world(&contents, pl_test_world_text));
    const struct pl_setting *setting = &contents.scenario->setting;
    assert_int_equal(setting->action_count, 5);
    const struct pl_action *scale = &setting->actions[1];
    assert_int_equal(scale->args[0].kind, PL_ARG_CHOICE);
    assert_int_equal(scale->args[0].option_count, 2);
    assert_string_equal(scale->args[0].options[1], "back");
    assert_int_equal(scale->args[1].kind, PL_ARG_COUNT);
    assert_string_equal(setting->actions[2].args[0].options[0], "back/main-db");
    assert_int_equal(setting->actions[3].args[0].option_count, 1);
}

static void actions_that_could_not_be_done_are_refused(void **unused)
{
    (void)unused;
    static const struct {
        const char *find;
        const char *line;
        const char *message;
    } cases[] = {
        {"changes: [{set: 'flag.{flag}'",
         "      changes: [{set: 'flag.{flg}', to: '{to}'}]",
         "has a brace that names no argument"},
        {"changes: [{set: 'flag.{flag}'",
         "      changes: [{set: 'flagg.{flag}', to: '{to}'}]",
         "The world has no param `flagg.inline`"},
        {"{name: flag, of: flag}",
         "      args: [{name: flag, of: flags}, {name: to, of: share}]",
         "did you mean `flag`?"},
        {"only: [back]",
         "      args: [{name: service, of: service, only: [bak]}]",
         "`only` names something that does not exist."},
        {"add: 2, for: 30s",
         "      changes: [{set: db.main-db.load, add: 2, at: -10s}]",
         "An action has no effect before it is done."},
        {"title: Roll back", "      titel: Roll back", "did you mean `title`?"},
        {"only: [back]", "      args: [{name: service, of: choice}]", "A choice needs `choices`."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_world_error(cases[i].find, cases[i].line, cases[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(arguments_list_what_exists, setup, teardown),
        cmocka_unit_test_setup_teardown(
            actions_that_could_not_be_done_are_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
