// SPDX-License-Identifier: Apache-2.0
#include "scenario/instruments.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void what_belongs_to_other_causes_is_left_out(void **unused)
{
    (void)unused;
    assert_true(pl_test_load_scenario(&pl_test_loaded, pl_test_world_text, pl_test_scenario_text));
    struct pl_opening *opening = malloc(sizeof *opening);
    struct pl_instruments *out = malloc(sizeof *out);
    assert_non_null(opening);
    assert_non_null(out);
    pl_error err = {0};
    for (uint32_t cause = 0; cause < 2; cause++) {
        assert_int_equal(
            pl_scenario_open(
                pl_test_loaded.world, pl_test_loaded.scenario, 5, cause, opening, &err),
            PL_OK);
        pl_instruments_fill(pl_test_loaded.scenario, opening, out);
        assert_int_equal(out->def.answer_count, cause == 0 ? 1 : 2);
        assert_int_equal(out->def.announcement_count, cause == 0 ? 0 : 1);
        assert_int_equal(out->def.feed_count, cause == 0 ? 3 : 2);
        assert_int_equal(out->def.rule_count, 1);
        assert_int_equal(out->def.seed, 5);
    }
    assert_string_equal(out->def.rules[0].name, "SlowBack");
    assert_null(out->def.rules[0].runbook);
    assert_int_equal(out->def.announcements[0].person, 0);
    /* Ana is there from 09:00 to 17:00; the opening is 10:05 at 180 s. */
    assert_true(out->def.people[0].from_ns < 0);
    assert_int_equal(out->def.people[0].until_ns, (INT64_C(415) * 60 + 180) * PL_NS_PER_S);
    free(opening);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_belongs_to_other_causes_is_left_out,
                                        pl_test_contents_setup,
                                        pl_test_contents_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
