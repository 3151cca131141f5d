// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "model/job.h"

#include "support/driven.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void a_job_that_holds_rows_makes_transactions_wait(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_run_to(shop, 30.0);
    assert_int_equal(pl_driven_logged(shop, 1, PL_LOG_LOCK_WAIT), 0);
    pl_driven_set(shop, "job.import.running", 1.0);
    pl_driven_run_to(shop, 60.0);
    assert_true(pl_driven_logged(shop, 1, PL_LOG_LOCK_WAIT) > 5);
    assert_true(pl_model_database(shop->world, shop->state, 0).connections >= 4);
    pl_driven_set(shop, "job.import.running", 0.0);
    pl_driven_run_to(shop, 70.0);
    uint64_t before = pl_driven_logged(shop, 1, PL_LOG_LOCK_WAIT);
    pl_driven_run_to(shop, 90.0);
    assert_int_equal(pl_driven_logged(shop, 1, PL_LOG_LOCK_WAIT), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_job_that_holds_rows_makes_transactions_wait, pl_driven_setup, pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
