// SPDX-License-Identifier: Apache-2.0
#include "cli/watched.h"

#include "sim/clock.h"
#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* Goal: one memory serves run after run. Method: the same form twice has the same events. */
static void a_run_can_be_started_again(void **unused)
{
    (void)unused;
    struct pl_watched watched;
    pl_error err = {0};
    uint32_t events[2];
    assert_true(pl_test_load_scenario(&pl_test_loaded, pl_test_world_text, pl_test_scenario_text));
    const struct pl_scenario *scenario = pl_test_loaded.scenario;
    assert_int_equal(pl_watched_init(&watched, pl_test_loaded.world, &err), PL_OK);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(
            pl_scenario_open(pl_test_loaded.world, scenario, 1, 0, watched.opening, &err), PL_OK);
        assert_int_equal(pl_watched_start(&watched, scenario, 1, &err), PL_OK);
        int64_t until_ns = watched.opening->opens_ns + pl_clock_ns(60.0);
        pl_watched_run(&watched, until_ns);
        assert_int_equal(pl_model_now(watched.state), until_ns);
        events[i] = pl_observe_event_count(watched.observe);
    }
    assert_true(events[0] > 0);
    assert_int_equal(events[0], events[1]);
    pl_watched_free(&watched);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_run_can_be_started_again, pl_test_contents_setup, pl_test_contents_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
