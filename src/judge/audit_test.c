// SPDX-License-Identifier: Apache-2.0
#include "judge/audit.h"

#include "support/toy.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct pl_estimate of(double value, double se)
{
    return (struct pl_estimate){.value = value, .se = se};
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

/* 2 % of 1000 is 20; an error of 15 makes everything below 30 small. */
static void labels_cross_evidence_with_truth(void **state)
{
    (void)state;
    assert_int_equal(pl_audit_label(of(5, 1), of(0, 1), 1000), PL_LABEL_SOUND);
    assert_int_equal(pl_audit_label(of(5, 1), of(200, 1), 1000), PL_LABEL_UNLUCKY);
    assert_int_equal(pl_audit_label(of(200, 1), of(0, 1), 1000), PL_LABEL_LUCKY);
    assert_int_equal(pl_audit_label(of(200, 1), of(300, 1), 1000), PL_LABEL_ERROR);
    assert_true(pl_audit_small(of(19.9, 0), 1000));
    assert_false(pl_audit_small(of(20.1, 0), 1000));
    assert_true(pl_audit_small(of(29.9, 15), 1000));
}

static void haste_and_dithering_are_symmetric_sums(void **state)
{
    (void)state;
    struct pl_audit audit;
    pl_audit_begin(&audit, 1000.0);
    pl_audit_act(&audit, of(500, 3), of(400, 4)); /* 10 % too dear, sure of it */
    pl_audit_act(&audit, of(300, 3), of(400, 4)); /* better than looking: nothing */
    pl_audit_look(&audit, of(430, 30), of(400, 0));
    assert_true(near(pl_audit_share(&audit.premature).value, 0.1));
    assert_true(near(pl_audit_share(&audit.premature).se, 0.005));
    assert_int_equal(audit.premature.flagged, 1);
    assert_int_equal(audit.premature.count, 2);
    assert_true(near(pl_audit_share(&audit.dithering).value, 0.03));
    assert_int_equal(audit.dithering.flagged, 0);
}

static void only_foreseeable_harm_is_held_against_anybody(void **state)
{
    (void)state;
    struct pl_audit audit;
    pl_audit_begin(&audit, 1000.0);
    pl_audit_harm(&audit, of(100, 1), of(-50, 1), false); /* bad luck */
    assert_true(near(audit.harm.value, 0.1));
    assert_int_equal(audit.foreseeable.count, 0);
    pl_audit_harm(&audit, of(80, 1), of(60, 1), false);
    pl_audit_harm(&audit, of(80, 1), of(60, 1), true);
    pl_audit_harm(&audit, of(-80, 1), of(60, 1), true); /* it helped after all */
    assert_true(near(audit.foreseeable.value, 0.16));
    assert_int_equal(audit.irreversible, 1);
}

static void evidence_counts_when_keeping_it_was_free(void **state)
{
    (void)state;
    struct pl_audit audit;
    pl_audit_begin(&audit, 1000.0);
    pl_audit_evidence(&audit, 1.5, 0.25, 9.0);
    pl_audit_evidence(&audit, 1.5, 0.25, 11.0);
    pl_audit_evidence(&audit, 0.25, 1.5, 0.0);
    assert_true(near(audit.evidence_bits, 1.25));
    assert_true(near(pl_audit_lock_in(&audit), 0.0));
    pl_audit_attention(&audit, 60.0, true, true);
    pl_audit_attention(&audit, 120.0, true, false);
    pl_audit_attention(&audit, 60.0, false, true);
    assert_true(near(pl_audit_lock_in(&audit), 0.25));
}

static void the_lag_runs_from_contradiction_to_retreat(void **state)
{
    (void)state;
    static const struct pl_audit_moment never[] = {{0, 0.7, 0.5}, {60, 0.7, 0.3}};
    static const struct pl_audit_moment left[] = {
        {0, 0.7, 0.5}, {60, 0.7, 0.05}, {120, 0.6, 0.05}, {200, 0.3, 0.02}};
    assert_true(pl_audit_contradiction(never, 2) < 0.0);
    assert_true(near(pl_audit_contradiction(left, 4), 140.0));
    assert_true(near(pl_audit_contradiction(left, 3), 60.0));
    assert_true(pl_audit_contradiction(NULL, 0) < 0.0);
}

/* Sure of the wrong class and acting on it: the belief was wrong, the choice followed it. */
static void the_split_tells_a_wrong_belief_from_a_wrong_choice(void **state)
{
    (void)state;
    static struct toy toy;
    double belief[TOY_CAUSES] = {0};
    double stated[TOY_CAUSES] = {0};
    toy_init(&toy, 3);
    belief[0] = 1.0;
    stated[1] = 1.0;
    struct pl_audit_split split =
        pl_audit_split(&toy.model, belief, stated, 0, 1 + toy.class_of[1]);
    assert_int_equal(split.asked, 1 + toy.class_of[1]);
    assert_true(split.wrong_belief > 1.0);
    assert_true(near(split.against_own, 0.0));
    split = pl_audit_split(&toy.model, belief, belief, 0, 1 + toy.class_of[1]);
    assert_true(near(split.wrong_belief, 0.0));
    assert_true(split.against_own > 1.0);
}

static void systematic_luck_is_seen(void **state)
{
    (void)state;
    static const double fair[] = {3.0, -4.0, 1.0, -1.0, 2.0, -1.5};
    static const double told[] = {-9.0, -11.0, -10.0, -8.0, -12.0, -10.0};
    assert_true(fabs(pl_audit_private(fair, 6, 1.0)) < 1.0);
    assert_true(pl_audit_private(told, 6, 1.0) < -3.0);
    assert_true(near(pl_audit_private(told, 1, 4.5), -2.0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_cross_evidence_with_truth),
        cmocka_unit_test(haste_and_dithering_are_symmetric_sums),
        cmocka_unit_test(only_foreseeable_harm_is_held_against_anybody),
        cmocka_unit_test(evidence_counts_when_keeping_it_was_free),
        cmocka_unit_test(the_lag_runs_from_contradiction_to_retreat),
        cmocka_unit_test(the_split_tells_a_wrong_belief_from_a_wrong_choice),
        cmocka_unit_test(systematic_luck_is_seen),
    };
    return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
