// SPDX-License-Identifier: Apache-2.0
#include "scenario/setting_actions.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void arguments_list_what_exists(void **unused)
{
    (void)unused;
    assert_true(pl_test_load_world(&pl_test_loaded, pl_test_world_text));
    const struct pl_setting *setting = &pl_test_loaded.scenario->setting;
    assert_int_equal(setting->action_count, 5);
    const struct pl_action *scale = &setting->actions[1];
    assert_int_equal(scale->args[0].kind, PL_ARG_CHOICE);
    assert_int_equal(scale->args[0].option_count, 2);
    assert_string_equal(scale->args[0].options[1], "back");
    assert_int_equal(scale->args[1].kind, PL_ARG_COUNT);
    assert_string_equal(setting->actions[2].args[0].options[0], "back/main-db");
    assert_int_equal(setting->actions[3].args[0].option_count, 1);
}

/* A scenario that says anew what an action of its world does. */
static void an_action_of_a_scenario_replaces_the_worlds(void **unused)
{
    (void)unused;
    char *text = pl_test_edited(pl_test_scenario_text,
                                "setting:",
                                "setting:\n"
                                "  actions:\n"
                                "    pool:\n"
                                "      title: Close all connections\n"
                                "      changes: [{set: pool.back.main-db.recycle, to: 1}]");
    bool is_good = pl_test_load_scenario(&pl_test_loaded, pl_test_world_text, text);
    free(text);
    assert_true(is_good);
    const struct pl_setting *setting = &pl_test_loaded.scenario->setting;
    assert_int_equal(setting->action_count, 5);
    assert_string_equal(setting->actions[2].title, "Close all connections");
    assert_int_equal(setting->actions[2].arg_count, 0);
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
        pl_test_refuse_world(cases[i].find, cases[i].line, cases[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            arguments_list_what_exists, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(an_action_of_a_scenario_replaces_the_worlds,
                                        pl_test_contents_setup,
                                        pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(actions_that_could_not_be_done_are_refused,
                                        pl_test_contents_setup,
                                        pl_test_contents_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
