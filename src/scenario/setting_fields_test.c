// SPDX-License-Identifier: Apache-2.0
#include "scenario/setting_fields.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void every_table_is_sound(void **unused)
{
    (void)unused;
    static const struct pl_key_table *const tables[] = {
        &pl_setting_table,
        &pl_team_table,
        &pl_person_table,
        &pl_answer_table,
        &pl_alert_table,
        &pl_noise_table,
        &pl_hole_table,
        &pl_gap_table,
        &pl_indicator_table,
        &pl_announcement_table,
        &pl_feed_table,
        &pl_change_table,
        &pl_action_table,
        &pl_arg_table,
        &pl_scenario_table,
        &pl_cause_table,
        &pl_red_herring_table,
    };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        pl_test_check_table(tables[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
