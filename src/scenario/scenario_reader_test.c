// SPDX-License-Identifier: Apache-2.0
#include "scenario/scenario_reader.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void causes_know_what_helps_and_what_harms(void **unused)
{
    (void)unused;
    assert_true(pl_test_load_scenario(&pl_test_loaded, pl_test_world_text, pl_test_scenario_text));
    const struct pl_scenario *scenario = pl_test_loaded.scenario;
    assert_int_equal(scenario->cause_count, 2);
    assert_int_equal(scenario->causes[0].helps_count, 1);
    assert_int_equal(scenario->causes[0].harms_count, 1);
    assert_int_equal(scenario->causes[1].helps_count, 0);
    assert_string_equal(scenario->page_severity, "critical");
    assert_string_equal(scenario->page_team, "shop");
    /* The scenario added an answer for one cause and a message for the other. */
    assert_int_equal(scenario->setting.answer_count, 2);
    assert_int_equal(scenario->setting.answers[1].cause_mask, 2);
    assert_int_equal(scenario->setting.announcements[0].cause_mask & 3U, 2);
    /* Simulated time 0 is the opening minus the warm-up. */
    assert_true(pl_test_loaded.world->start_clock_s > 36119.0 &&
                pl_test_loaded.world->start_clock_s < 36121.0);
}

static void mistakes_of_a_scenario_are_told(void **unused)
{
    (void)unused;
    static const struct {
        const char *find;
        const char *line;
        const char *message;
    } cases[] = {
        {"opens:",
         "opens: {at: \"10:05\", alert: SlowBak, service: back, text: x}",
         "There is no alert rule `SlowBak` (did you mean `SlowBack`?)."},
        {"opens:",
         "opens: {at: \"10:05\", service: back, text: x}",
         "somebody who tells is expected"},
        {"opens:",
         "opens: {at: \"10:05\", alert: SlowBack, from: ann, service: back, text: x}",
         "`from` means nothing beside `alert`"},
        {"opens:",
         "opens: {at: \"10:05\", alert: SlowBack, service: bac, text: x}",
         "There is no service `bac` (did you mean `back`?)."},
        {"helps:",
         "    helps: [flg inline 0%]",
         "There is no action `flg` (did you mean `flag`?)."},
        {"helps:", "    helps: [flag inline]", "`flag` also needs `to`."},
        {"helps:",
         "    helps: [flag inlin 0%]",
         "`flag` cannot be `inlin` (did you mean `inline`?)."},
        {"harms:", "    harms: [scale back many]", "a whole number such as 20 is expected"},
        {"harms:", "    harms: [scale back 3 4 5]", "too many words"},
        {"harms:", "    harms: [scale back 16]", "`service.back.pods` would be 16; 0 to 8"},
        {"causes: [slow-vendor]",
         "        - {topic: v, says: x, causes: [slow-vendr]}",
         "There is no cause `slow-vendr` (did you mean `slow-vendor`?)."},
        {"  messages:", "  schedule: []\n  messages:", "belong to a world"},
        {"    prior: 3", "    prior: 0", "`prior` is 0; 0.001 to 1000 is allowed."},
        {"    claim: {component: payment",
         "    clam: {component: x}",
         "A cause has no key `clam` (did you mean `claim`?)."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_test_refuse_scenario(cases[i].find, cases[i].line, cases[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(causes_know_what_helps_and_what_harms,
                                        pl_test_contents_setup,
                                        pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            mistakes_of_a_scenario_are_told, pl_test_contents_setup, pl_test_contents_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
