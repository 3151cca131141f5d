// SPDX-License-Identifier: Apache-2.0
#include "scenario/scenario.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void load(void)
{
    if (!pl_test_load_scenario(&pl_test_loaded, pl_test_world_text, pl_test_scenario_text)) {
        fail_msg("%s", pl_test_loaded.text);
    }
}

static void the_cause_follows_the_seed_and_the_priors(void **unused)
{
    (void)unused;
    load();
    struct pl_opening *opening = malloc(sizeof *opening);
    assert_non_null(opening);
    pl_error err = {0};
    uint32_t first = 0;
    for (uint64_t seed = 1; seed <= 1000; seed++) {
        assert_int_equal(
            pl_scenario_open(
                pl_test_loaded.world, pl_test_loaded.scenario, seed, PL_NONE, opening, &err),
            PL_OK);
        first += opening->cause == 0 ? 1 : 0;
        uint32_t again = opening->cause;
        assert_int_equal(
            pl_scenario_open(
                pl_test_loaded.world, pl_test_loaded.scenario, seed, PL_NONE, opening, &err),
            PL_OK);
        assert_int_equal(opening->cause, again);
    }
    /* Priors 3 and 1: 750 of 1000, standard deviation 14. */
    assert_true(first > 700 && first < 800);
    free(opening);
}

static void an_opening_is_a_timeline_in_order(void **unused)
{
    (void)unused;
    load();
    struct pl_opening *opening = malloc(sizeof *opening);
    assert_non_null(opening);
    pl_error err = {0};
    assert_int_equal(
        pl_scenario_open(pl_test_loaded.world, pl_test_loaded.scenario, 1, 0, opening, &err),
        PL_OK);
    assert_int_equal(opening->opens_ns, 180 * PL_NS_PER_S);
    assert_int_equal(opening->ends_ns, 480 * PL_NS_PER_S);
    /* The world's cron at 10:03 and the two changes of the cause at 10:04. */
    assert_int_equal(opening->change_count, 3);
    assert_int_equal(opening->changes[0].t_ns, 60 * PL_NS_PER_S);
    assert_int_equal(opening->changes[1].t_ns, 120 * PL_NS_PER_S);
    assert_int_equal(opening->changes[2].ramp_ns, 10 * PL_NS_PER_S);
    assert_int_equal(opening->feed_count, 3);
    assert_string_equal(opening->feed[0].text, "colours");
    assert_string_equal(opening->feed[2].target, "inline");
    assert_int_equal(
        pl_scenario_open(pl_test_loaded.world, pl_test_loaded.scenario, 1, 1, opening, &err),
        PL_OK);
    assert_int_equal(opening->feed_count, 2);
    assert_int_equal(opening->changes[0].t_ns, 0);
    free(opening);
}

/* Load with a cause that has two changes, both with vary and jitter, and a feed entry. */
static void load_varied(void)
{
    char *first = pl_test_edited(pl_test_scenario_text,
                                 "{set: flag.inline, to: 90%, at: -60s}",
                                 "      - {set: flag.inline, to: 80%, vary: 10%, at: -60s, jitter: "
                                 "30s}");
    char *second = pl_test_edited(first,
                                  "{set: vendor.payment.latency, to: 20, at: -60s",
                                  "      - {set: vendor.payment.latency, to: 20, vary: 20%, at: "
                                  "-60s, jitter: 30s, ramp: 10s}");
    char *third = pl_test_edited(second,
                                 "feed: [{at: -60s",
                                 "    feed: [{at: -60s, jitter: 30s, kind: flag, target: inline, "
                                 "text: to 80 %}]");
    if (!pl_test_load_scenario(&pl_test_loaded, pl_test_world_text, third)) {
        fail_msg("%s", pl_test_loaded.text);
    }
    free(third);
    free(second);
    free(first);
}

static double distance(double a, double b)
{
    return a > b ? a - b : b - a;
}

static void a_form_draws_one_severity_and_one_onset(void **unused)
{
    (void)unused;
    load_varied();
    struct pl_opening *opening = malloc(sizeof *opening);
    assert_non_null(opening);
    pl_error err = {0};
    double least[2] = {1.0, 1.0};
    double most[2] = {-1.0, -1.0};
    double sum[2] = {0.0, 0.0};
    for (uint64_t seed = 1; seed <= 400; seed++) {
        assert_int_equal(
            pl_scenario_open(pl_test_loaded.world, pl_test_loaded.scenario, seed, 0, opening, &err),
            PL_OK);
        assert_int_equal(opening->change_count, 3);
        const struct pl_change *flag = &opening->changes[1];
        const struct pl_change *vendor = &opening->changes[2];
        double severity = (flag->value / 0.8 - 1.0) / 0.1;
        double onset = (double)(flag->t_ns - 120 * PL_NS_PER_S) * 1e-9 / 30.0;
        /* Both changes and the feed entry follow the same two draws. */
        assert_true(distance(vendor->value, 20.0 * (1.0 + 0.2 * severity)) < 1e-9);
        assert_int_equal(vendor->t_ns, flag->t_ns);
        assert_true(distance(opening->feed[2].at_s, -60.0 + 30.0 * onset) < 1e-6);
        const double draws[2] = {severity, onset};
        for (int i = 0; i < 2; i++) {
            assert_true(draws[i] > -1.0 && draws[i] < 1.0);
            least[i] = draws[i] < least[i] ? draws[i] : least[i];
            most[i] = draws[i] > most[i] ? draws[i] : most[i];
            sum[i] += draws[i];
        }
    }
    for (int i = 0; i < 2; i++) {
        /* Uniform in -1..1: the ends are reached, the mean of 400 has a standard error of 0.029. */
        assert_true(least[i] < -0.97 && most[i] > 0.97);
        assert_true(distance(sum[i] / 400.0, 0.0) < 0.12);
    }
    free(opening);
}

/* Every change of the common part stands in the timeline of each cause, equal to the bit. */
static void causes_share_the_common_part(void **unused)
{
    (void)unused;
    load_varied();
    struct pl_opening *common = malloc(sizeof *common);
    struct pl_opening *opening = malloc(sizeof *opening);
    assert_non_null(common);
    assert_non_null(opening);
    pl_error err = {0};
    assert_int_equal(
        pl_scenario_open_common(pl_test_loaded.world, pl_test_loaded.scenario, 9, common, &err),
        PL_OK);
    assert_int_equal(common->change_count, 1);
    assert_int_equal(common->feed_count, 2);
    for (uint32_t cause = 0; cause < 2; cause++) {
        assert_int_equal(
            pl_scenario_open(
                pl_test_loaded.world, pl_test_loaded.scenario, 9, cause, opening, &err),
            PL_OK);
        assert_int_equal(opening->change_count, 3);
        uint32_t found = 0;
        for (uint32_t i = 0; i < opening->change_count; i++) {
            found +=
                memcmp(&opening->changes[i], &common->changes[0], sizeof common->changes[0]) == 0;
        }
        assert_int_equal(found, 1);
    }
    free(opening);
    free(common);
}

static void claims_are_compared_by_words(void **unused)
{
    (void)unused;
    load();
    const struct pl_cause *cause = &pl_test_loaded.scenario->causes[0];
    struct pl_claim_match match =
        pl_cause_match(cause, "The BACK service", "connections are held too long", "");
    assert_int_equal(match.component, 1);
    assert_int_equal(match.mechanism, 0); /* `held` is no `hold*`, `connections` no `connection` */
    assert_int_equal(match.trigger, 0);
    match = pl_cause_match(cause, "pool", "holding a connection", "flag 'inline'");
    assert_int_equal(match.mechanism, 1);
    assert_int_equal(match.trigger, 1);
    match = pl_cause_match(cause, "", "", "");
    assert_int_equal(match.component + match.mechanism + match.trigger, 0);
}

static void looks_have_published_costs(void **unused)
{
    (void)unused;
    load();
    assert_true(pl_scenario_look_cost(pl_test_loaded.scenario, "panel") > 19.9);
    assert_true(pl_scenario_look_cost(pl_test_loaded.scenario, "panel") < 20.1);
    assert_true(pl_scenario_look_cost(pl_test_loaded.scenario, "db") > 59.9);
    assert_true(pl_scenario_look_cost(pl_test_loaded.scenario, "nothing-like-it") < 20.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_cause_follows_the_seed_and_the_priors,
                                        pl_test_contents_setup,
                                        pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            an_opening_is_a_timeline_in_order, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(a_form_draws_one_severity_and_one_onset,
                                        pl_test_contents_setup,
                                        pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            causes_share_the_common_part, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            claims_are_compared_by_words, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            looks_have_published_costs, pl_test_contents_setup, pl_test_contents_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
