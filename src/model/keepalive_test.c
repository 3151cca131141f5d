// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "model/keepalive.h"

#include "support/driven.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* Share of the calls to the vendor that failed from here until `until_s`. */
static double failed_until(struct pl_driven *till, double until_s)
{
    const struct pl_route_counters *pay = &till->record->routes[1];
    uint64_t failed = pay->failed;
    uint64_t all = pay->failed + pay->completed;
    pl_driven_run_to(till, until_s);
    return (double)(pay->failed - failed) / (double)(pay->failed + pay->completed - all);
}

static void set_up(struct pl_driven *till)
{
    pl_driven_set(till, "call.front.till.retries", 0.0);
    pl_driven_set(till, "call.till.payment.retries", 0.0);
}

static void an_expired_certificate_fails_as_connections_age(void **fixture)
{
    struct pl_driven *till = *fixture;
    set_up(till);
    pl_driven_run_to(till, 600.0);
    pl_driven_set(till, "link.wire.refused_pods", 0.5);
    pl_driven_set(till, "link.wire.refused", 1.0);
    double first = failed_until(till, 660.0);
    double later = failed_until(till, 780.0);
    assert_true(first > 0.01 && first < 0.15);
    assert_true(later > first + 0.05 && later < 0.5);
    /* At the end all connections of one of the two pods are gone. */
    pl_driven_run_to(till, 1300.0);
    double last = failed_until(till, 1400.0);
    assert_true(last > 0.45 && last < 0.55);
    assert_true(pl_driven_logged(till, 1, PL_LOG_HANDSHAKE_FAILED) > 100);
}

static void a_restart_or_a_reset_gives_up_what_still_worked(void **fixture)
{
    struct pl_driven *till = *fixture;
    set_up(till);
    pl_driven_run_to(till, 10.0);
    pl_driven_set(till, "link.wire.refused", 1.0);
    assert_true(failed_until(till, 40.0) < 0.3);
    pl_driven_set(till, "link.wire.reset", 1.0);
    assert_true(failed_until(till, 60.0) > 0.95);
    pl_driven_set(till, "link.wire.refused", 0.0);
    assert_true(failed_until(till, 90.0) < 0.01);
    pl_driven_set(till, "link.wire.refused", 1.0);
    assert_true(failed_until(till, 91.0) < 0.1);
    pl_driven_set(till, "service.till.restart", 1.0);
    pl_driven_run_to(till, 200.0);
    assert_true(failed_until(till, 220.0) > 0.95);
}

static void what_replaces_a_pod_stands_where_it_stood(void **fixture)
{
    struct pl_driven *till = *fixture;
    set_up(till);
    pl_driven_set(till, "link.wire.refused_pods", 0.5);
    pl_driven_set(till, "link.wire.refused", 1.0);
    pl_driven_set(till, "service.till.restart", 1.0);
    pl_driven_run_to(till, 300.0);
    double share = failed_until(till, 400.0);
    assert_true(share > 0.45 && share < 0.55);
}

static void half_of_the_pods_can_be_taken_out_of_the_traffic(void **fixture)
{
    struct pl_driven *till = *fixture;
    set_up(till);
    pl_driven_run_to(till, 600.0);
    pl_driven_set(till, "link.wire.refused_pods", 0.5);
    pl_driven_set(till, "link.wire.refused", 1.0);
    pl_driven_run_to(till, 900.0);
    assert_true(failed_until(till, 910.0) > 0.1);
    pl_driven_set(till, "link.wire.away", 2.0);
    assert_true(failed_until(till, 940.0) < 0.01);
    assert_int_equal(pl_model_pod(till->world, till->state, 5).ejected, 1);
    /* A pod that comes back stays away. */
    pl_driven_set(till, "service.till.restart", 1.0);
    pl_driven_run_to(till, 1060.0);
    uint32_t away = 0;
    for (uint32_t pod = 4; pod < 8; pod++) {
        struct pl_pod_view view = pl_model_pod(till->world, till->state, pod);
        away += view.phase == PL_POD_READY && view.ejected != 0 ? 1 : 0;
    }
    assert_int_equal(away, 1);
    pl_driven_set(till, "link.wire.away", 0.0);
    pl_driven_run_to(till, 1061.0);
    assert_int_equal(pl_model_pod(till->world, till->state, 5).ejected, 0);
}

static void open_connections_can_break(void **fixture)
{
    struct pl_driven *till = *fixture;
    set_up(till);
    pl_driven_set(till, "link.wire.broken", 0.2);
    double share = failed_until(till, 60.0);
    assert_true(share > 0.12 && share < 0.22);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_expired_certificate_fails_as_connections_age,
                                        pl_driven_setup_ledger,
                                        pl_driven_teardown),
        cmocka_unit_test_setup_teardown(a_restart_or_a_reset_gives_up_what_still_worked,
                                        pl_driven_setup_ledger,
                                        pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            what_replaces_a_pod_stands_where_it_stood, pl_driven_setup_ledger, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(half_of_the_pods_can_be_taken_out_of_the_traffic,
                                        pl_driven_setup_ledger,
                                        pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            open_connections_can_break, pl_driven_setup_ledger, pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
