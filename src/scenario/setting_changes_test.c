// SPDX-License-Identifier: Apache-2.0
#include "scenario/setting_changes.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void values_have_any_unit(void **unused)
{
    (void)unused;
    assert_true(pl_test_load_scenario(&pl_test_loaded, pl_test_world_text, pl_test_scenario_text));
    const struct pl_setting *setting = &pl_test_loaded.scenario->setting;
    const struct pl_change_def *first =
        &setting->changes[pl_test_loaded.scenario->causes[0].change0];
    assert_string_equal(first->path, "flag.inline");
    assert_true(first->value > 0.89 && first->value < 0.91);
    assert_true(first->at_s > -60.1 && first->at_s < -59.9);
    assert_true(first[1].ramp_s > 9.9);
    const struct pl_change_def *second =
        &setting->changes[pl_test_loaded.scenario->causes[1].change0];
    assert_int_equal(second->from_start, 1);
    /* "10:04" is a minute before the opening. */
    assert_true(second[1].at_s > -60.1 && second[1].at_s < -59.9);
}

static void changes_that_cannot_be_are_refused(void **unused)
{
    (void)unused;
    static const char find[] = "{set: flag.inline, to: 90%, at: -60s}";
    static const struct {
        const char *line;
        const char *message;
    } cases[] = {
        {"      - {set: flag.inlin, to: 1}",
         "The world has no param `flag.inlin` (did you mean `flag.inline`?)."},
        {"      - {set: flag.inline, to: 2}", "`flag.inline` would be 2; 0 to 1 is allowed."},
        {"      - {set: flag.inline}", "This change has 0 of `to`, `add` and `times`"},
        {"      - {set: service.front.pods}", "This change has 0 of `to`, `add` and `times`"},
        {"      - {set: flag.inline, to: 1, add: 1}", "This change has 2 of"},
        {"      - {set: flag.inline, to: much}", "`much` is no value"},
        {"      - {set: flag.inline, to: 1, at: soon}", "`at`: "},
        {"      - {set: 'flag.{x}', to: 1}", "Braces mean something in actions only."},
        {"      - {set: flag.inline, to: '{x}'}", "names no argument of an action"},
        {"      - {set: service.front.pods, to: 5}", "5 is not divided by the slice 1/2"},
        {"      - {set: flag.inline, to: 1, while: {flag.nope: 1}}", "no param `flag.nope`"},
        {"      - {set: flag.inline, to: 1, while: 3}", "`while` is a single value"},
        {"      - {set: flag.inline, to: 1, at: -4m}", "before the warm-up of 180 s begins"},
        {"      - {set: flag.inline, to: 1, at: -170s, jitter: 20s}",
         "before the warm-up of 180 s"},
        {"      - {set: flag.inline, to: 0.9, vary: 20%}", "`flag.inline` would be 1.08; 0 to 1"},
        {"      - {set: flag.inline, to: 0.5, vary: 2}", "`vary` is 2; 0 to 0.9 is allowed."},
        {"      - {set: service.back.release, to: previous, vary: 5%}", "has no size to vary"},
        {"      - {set: flag.inline, to: 1, at: start, jitter: 5s}", "no moment that could move"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_test_refuse_scenario(find, cases[i].line, cases[i].message);
    }
}

static void feed_entries_need_a_time(void **unused)
{
    (void)unused;
    pl_test_refuse_scenario("feed: [{at: -60s",
                            "    feed: [{at: start, kind: flag, target: inline, text: x}]",
                            "A feed entry needs a time of day or an offset.");
    pl_test_refuse_scenario("feed: [{at: -60s",
                            "    feed: [{at: 0s, kind: flg, target: inline, text: x}]",
                            "did you mean `flag`?");
}

static void only_forms_draw(void **unused)
{
    (void)unused;
    static const struct {
        const char *find;
        const char *line;
        const char *message;
    } cases[] = {
        {"schedule: [",
         "  schedule: [{at: \"10:03\", jitter: 9s, set: job.nightly.running, to: yes}]",
         "`jitter` is drawn for each form; it belongs to changes of causes and red herrings."},
        {"changes: [{set: db.main-db.load",
         "      changes: [{set: db.main-db.load, add: 2, vary: 5%}]",
         "`vary` is drawn for each form; it belongs to changes of causes and red herrings."},
        {"feed: [{at: \"09:30\"",
         "  feed: [{at: \"09:30\", jitter: 9s, kind: deploy, target: front, text: colours}]",
         "`jitter` is drawn for each form; it belongs to feed entries of causes and red"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = pl_test_edited(pl_test_world_text, cases[i].find, cases[i].line);
        assert_false(pl_test_load_scenario(&pl_test_loaded, text, pl_test_scenario_text));
        if (strstr(pl_test_loaded.text, cases[i].message) == NULL) {
            fail_msg("expected: %s\nfound:\n%s", cases[i].message, pl_test_loaded.text);
        }
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            only_forms_draw, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            values_have_any_unit, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            changes_that_cannot_be_are_refused, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            feed_entries_need_a_time, pl_test_contents_setup, pl_test_contents_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
