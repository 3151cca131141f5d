// SPDX-License-Identifier: Apache-2.0
#include "scenario/setting_reader.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_world_brings_its_surroundings(void **unused)
{
    (void)unused;
    assert_true(pl_test_load_world(&pl_test_loaded, pl_test_world_text));
    const struct pl_setting *setting = &pl_test_loaded.scenario->setting;
    assert_string_equal(setting->region, "eu1");
    assert_string_equal(setting->people[0].id, "ana");
    assert_string_equal(setting->people[0].name, "Ana Example");
    assert_int_equal(setting->answer_count, 1);
    assert_true(setting->answers[0].cause_mask == UINT32_MAX);
    assert_int_equal(setting->alerts[0].compare, PL_COMPARE_ABOVE);
    assert_true(setting->alerts[0].threshold > 2.9);
    assert_int_equal(setting->cron_count, 1);
    assert_true(setting->changes[setting->cron0].at_s > 36179.0);
    assert_int_equal(setting->background_count, 1);
}

static void mistakes_of_the_setting_are_told(void **unused)
{
    (void)unused;
    static const struct {
        const char *find;
        const char *line;
        const char *message;
    } cases[] = {
        {"teams:", "  teams: {shop: {lead: anna}}", "did you mean `ana`?"},
        {"looks:", "  looks: {pannel: 20s}", "There is no look `pannel` (did you mean `panel`?)."},
        {"looks:", "  looks: {panel: soon}", "is not a duration"},
        {"expr:", "      expr: 'max(http_server_activ_requests)'", "`expr`: "},
        {"above: 3", "      above: 3\n      below: 1", "`above` or `below`, not both"},
        {"severity: critical", "      severity: bad", "one of critical, warning, info is expected"},
        {"answers:",
         "      answers: [{topic: flag, says: x, causes: [held]}]",
         "A world knows no causes"},
        {"looks:",
         "  noise: [{service: frnt, severity: INFO, body: x, per_minute: 1}]",
         "did you mean `front`?"},
        {"looks:", "  gaps: [{target: '*', from: 2m, until: 1m}]", "ends before it begins"},
        {"schedule:",
         "  schedule: [{at: -3m, set: job.nightly.running, to: yes}]",
         "is no time of day"},
        {"looks:", "  lookz: {panel: 1s}", "A setting has no key `lookz` (did you mean `looks`?)."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_test_refuse_world(cases[i].find, cases[i].line, cases[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_world_brings_its_surroundings, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            mistakes_of_the_setting_are_told, pl_test_contents_setup, pl_test_contents_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
