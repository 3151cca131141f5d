// SPDX-License-Identifier: Apache-2.0
#include "judge/updates.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pl_world *world_of(void)
{
    struct pl_world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    world->service_count = 1;
    snprintf(world->services[0].name, sizeof world->services[0].name, "checkout-api");
    return world;
}

static void each_check_reads_what_it_says(void **state)
{
    (void)state;
    static const struct {
        struct pl_update_posted update;
        uint32_t checks;
    } rows[] = {
        {{.text = "Checkout-API is slow, p99 is 4 s. About 30 % of customers are affected. We "
                  "suspect the pool. Next we check connections; update in 10 minutes."},
         63},
        {{.text = ""}, PL_UPDATE_TRUE | PL_UPDATE_TIMELY},
        {{.text = "It is slow.", .t_s = 700, .due_s = 600}, PL_UPDATE_TRUE},
        {{.text = "We rolled back the release."}, PL_UPDATE_TIMELY},
        {{.text = "We rolled back the release.", .acts = 1}, PL_UPDATE_TRUE | PL_UPDATE_TIMELY},
        {{.text = "Over", .status = PL_STATUS_RESOLVED, .damage = 0.8},
         PL_UPDATE_NEXT | PL_UPDATE_TIMELY},
        {{.text = "Over", .status = PL_STATUS_RESOLVED, .damage = 0.05},
         PL_UPDATE_NEXT | PL_UPDATE_TRUE | PL_UPDATE_TIMELY},
        {{.text = "Found", .status = PL_STATUS_IDENTIFIED, .claimed = 0.3}, PL_UPDATE_TIMELY},
        {{.text = "Found", .status = PL_STATUS_IDENTIFIED, .claimed = 0.6},
         PL_UPDATE_TRUE | PL_UPDATE_TIMELY},
        {{.text = "Watching", .status = PL_STATUS_MONITORING}, PL_UPDATE_NEXT | PL_UPDATE_TIMELY},
    };
    struct pl_world *world = world_of();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(pl_update_checks(world, &rows[i].update), rows[i].checks);
    }
    free(world);
}

static void silence_counts_when_somebody_asked(void **state)
{
    (void)state;
    static const struct pl_update_posted empty = {.text = ""};
    struct pl_world *world = world_of();
    assert_false(pl_update_score(world, NULL, 0, 0).given);
    assert_true(fabs(pl_update_score(world, NULL, 0, 2).value) < 1e-9);
    assert_true(fabs(pl_update_score(world, &empty, 1, 0).value - 100.0 / 3.0) < 1e-9);
    assert_true(fabs(pl_update_score(world, &empty, 1, 1).value - 100.0 / 6.0) < 1e-9);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_check_reads_what_it_says),
        cmocka_unit_test(silence_counts_when_somebody_asked),
    };
    return cmocka_run_group_tests_name("updates", tests, NULL, NULL);
}
