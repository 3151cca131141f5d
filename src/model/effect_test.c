// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "model/effect.h"

#include "support/driven.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pl_effect_view charges(const struct pl_driven *till)
{
    return pl_model_effect(till->world, till->state, 0);
}

static void every_wish_is_done_once(void **fixture)
{
    struct pl_driven *till = *fixture;
    pl_driven_run_to(till, 60.0);
    struct pl_effect_view seen = charges(till);
    assert_true(seen.intents > 1000);
    assert_true(seen.intents - seen.effects < 5); /* under way */
    assert_int_equal(seen.duplicates + seen.lost + seen.unknown, 0);
    assert_int_equal(pl_model_effect_by(till->world, till->state, 0, 0).effects, seen.effects);
    assert_int_equal(pl_model_effect_by(till->world, till->state, 0, 1).effects, 0);
    assert_true(pl_model_outcome(till->state, 0).damage < 0.5);
}

/* A slow vendor and a short patience: every answer is good, and some are charged twice. */
static void a_fresh_key_on_a_retry_charges_twice(void **fixture)
{
    struct pl_driven *till = *fixture;
    pl_driven_set(till, "vendor.payment.slow_share", 0.1);
    pl_driven_set(till, "vendor.payment.latency", 5.0);
    pl_driven_set(till, "call.till.payment.timeout", 0.3);
    pl_driven_run_to(till, 60.0);
    struct pl_effect_view same = charges(till);
    assert_int_equal(same.duplicates, 0); /* the vendor knows the key */
    pl_driven_set(till, "effect.charge.fresh_key", 1.0);
    pl_driven_run_to(till, 120.0);
    struct pl_effect_view fresh = charges(till);
    double share = (double)fresh.duplicates / (double)(fresh.intents - same.intents);
    assert_true(share > 0.07 && share < 0.14);
    struct pl_outcome_view users = pl_model_outcome(till->state, 0);
    assert_true(users.failed < 40); /* both attempts were slow */
    assert_true(users.damage >= 50.0 * (double)fresh.duplicates);
}

static void what_is_sent_again_is_answered_unless_the_replica_lags(void **fixture)
{
    struct pl_driven *till = *fixture;
    pl_driven_set(till, "step.front.buy.send.times", 2.0);
    pl_driven_run_to(till, 60.0);
    struct pl_effect_view seen = charges(till);
    assert_int_equal(seen.duplicates, 0);
    assert_true(seen.answered_again > 1000);
    pl_driven_set(till, "effect.charge.unseen", 1.0);
    pl_driven_run_to(till, 90.0);
    assert_true(charges(till).duplicates > 500);
}

static void a_vendor_can_book_twice(void **fixture)
{
    struct pl_driven *till = *fixture;
    pl_driven_set(till, "effect.charge.doubled", 0.1);
    pl_driven_run_to(till, 60.0);
    struct pl_effect_view seen = charges(till);
    double share = (double)seen.duplicates / (double)seen.intents;
    assert_true(share > 0.07 && share < 0.13);
}

static void errors_and_promises_are_harm_too(void **fixture)
{
    struct pl_driven *till = *fixture;
    /* Charged, and told of an error. */
    pl_driven_set(till, "call.till.payment.timeout", 0.05);
    pl_driven_set(till, "call.till.payment.retries", 0.0);
    pl_driven_set(till, "call.front.till.retries", 0.0);
    pl_driven_run_to(till, 30.0);
    struct pl_effect_view seen = charges(till);
    assert_true(seen.unknown > 500 && seen.lost == 0);
    /* Not charged, and told that all is well. */
    pl_driven_set(till, "link.wire.refused", 1.0);
    pl_driven_set(till, "link.wire.reset", 1.0);
    pl_driven_set(till, "call.till.payment.fallback", 1.0);
    pl_driven_run_to(till, 60.0);
    assert_true(charges(till).lost > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            every_wish_is_done_once, pl_driven_setup_ledger, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_fresh_key_on_a_retry_charges_twice, pl_driven_setup_ledger, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(what_is_sent_again_is_answered_unless_the_replica_lags,
                                        pl_driven_setup_ledger,
                                        pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_vendor_can_book_twice, pl_driven_setup_ledger, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            errors_and_promises_are_harm_too, pl_driven_setup_ledger, pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
