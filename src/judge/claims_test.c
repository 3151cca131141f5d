// SPDX-License-Identifier: Apache-2.0
#include "judge/claims.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void words(char *target, const char *text)
{
    snprintf(target, PL_CLAIM_WORDS_MAX, "%s", text);
}

/* Pool held, pool leaking, vendor slow; the first two are of one class. */
static struct pl_scenario *scenario_of(void)
{
    struct pl_scenario *scenario = calloc(1, sizeof *scenario);
    assert_non_null(scenario);
    scenario->cause_count = 3;
    words(scenario->causes[0].components, "checkout-api pool");
    words(scenario->causes[0].mechanisms, "held long");
    words(scenario->causes[0].triggers, "flag");
    words(scenario->causes[1].components, "checkout-api pool");
    words(scenario->causes[1].mechanisms, "leak*");
    words(scenario->causes[1].triggers, "release");
    words(scenario->causes[2].components, "vendor checkout-api");
    words(scenario->causes[2].mechanisms, "slow");
    words(scenario->causes[2].triggers, "outage");
    return scenario;
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

static void claims_become_classes(void **state)
{
    (void)state;
    static const uint32_t apart[] = {0, 1, 2};
    static const uint32_t joined[] = {0, 0, 1};
    static const struct {
        struct pl_claim_said claim;
        uint32_t apart;
        uint32_t joined;
    } rows[] = {
        {{"pool", "held", "", 1}, 0, 0},
        {{"pool", "leaked", "", 1}, 1, 0},
        {{"vendor", "slow", "", 1}, 2, 1},
        {{"pool", "", "", 1}, PL_NONE, 0}, /* right place alone */
        {{"checkout-api", "", "", 1}, PL_NONE, PL_NONE},
        {{"pool", "full", "release", 1}, 1, 0}, /* place and trigger */
        {{"moon", "phase", "tide", 1}, PL_NONE, PL_NONE},
        {{"", "slow", "outage", 1}, 2, 1},
    };
    struct pl_scenario *scenario = scenario_of();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(pl_claims_class(scenario, apart, &rows[i].claim), rows[i].apart);
        assert_int_equal(pl_claims_class(scenario, joined, &rows[i].claim), rows[i].joined);
    }
    free(scenario);
}

static void probabilities_sum_to_one(void **state)
{
    (void)state;
    static const uint32_t class_of[] = {0, 1, 2};
    static const struct pl_claim_said claims[] = {
        {"pool", "held", "", 0.5}, {"vendor", "slow", "", 0.2}, {"moon", "", "", 0.1}};
    static const struct pl_claim_said greedy[] = {{"pool", "held", "", 0.9},
                                                  {"vendor", "slow", "", 0.9}};
    struct pl_scenario *scenario = scenario_of();
    struct pl_stated stated;
    pl_claims_map(scenario, class_of, claims, 3, &stated);
    assert_true(near(stated.classes[0], 0.5));
    assert_true(near(stated.classes[2], 0.2));
    assert_true(near(stated.other, 0.3));
    assert_int_equal(stated.unmapped, 1);
    pl_claims_map(scenario, class_of, greedy, 2, &stated);
    assert_true(near(stated.classes[0], 0.5));
    assert_true(near(stated.other, 0.0));
    pl_claims_map(scenario, class_of, NULL, 0, &stated);
    assert_true(near(stated.other, 1.0));
    free(scenario);
}

/* Class 0 has causes 0 and 1; the evidence prefers 1. */
static void a_statement_is_spread_as_the_evidence_has_it(void **state)
{
    (void)state;
    static const uint32_t class_of[] = {0, 0, 1};
    static const double belief[] = {0.1, 0.3, 0.6};
    struct pl_stated stated = {.classes = {0.8}, .other = 0.2};
    double causes[3];
    pl_claims_spread(&stated, class_of, belief, 3, causes);
    assert_true(near(causes[0], 0.8 * 0.25 + 0.2 * 0.1));
    assert_true(near(causes[1], 0.8 * 0.75 + 0.2 * 0.3));
    assert_true(near(causes[2], 0.2 * 0.6));
}

/*
 * Proper: to say what the evidence supports is best. The fixed 40/30/30 of somebody who will not
 * commit is worse than the calibrated statement whatever the evidence is.
 */
static void saying_what_the_evidence_supports_is_best(void **state)
{
    (void)state;
    static const double evidence[][3] = {{0.9, 0.05, 0.05}, {0.6, 0.3, 0.1}, {0.05, 0.05, 0.9}};
    static const struct pl_stated hedged = {.classes = {0.4, 0.3, 0.3}};
    for (uint32_t i = 0; i < 3; i++) {
        struct pl_stated own = {.classes = {evidence[i][0], evidence[i][1], evidence[i][2]}};
        struct pl_claims_account fit = {0};
        struct pl_claims_account hedge = {0};
        pl_claims_add(&fit, 60.0, &own, evidence[i], 3, 0);
        pl_claims_add(&hedge, 60.0, &hedged, evidence[i], 3, 0);
        assert_true(near(pl_claims_score(&fit), 100.0));
        assert_true(pl_claims_score(&hedge) < 98.5);
        assert_true(pl_claims_log(&hedge) > pl_claims_log(&fit));
    }
    struct pl_claims_account silent = {0};
    struct pl_stated nothing = {.other = 1.0};
    pl_claims_add(&silent, 60.0, &nothing, evidence[0], 3, 0);
    assert_true(pl_claims_score(&silent) < 15.0);
    assert_true(near(pl_claims_truth(&silent), 2.0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(claims_become_classes),
        cmocka_unit_test(probabilities_sum_to_one),
        cmocka_unit_test(a_statement_is_spread_as_the_evidence_has_it),
        cmocka_unit_test(saying_what_the_evidence_supports_is_best),
    };
    return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
