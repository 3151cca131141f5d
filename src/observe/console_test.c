// SPDX-License-Identifier: Apache-2.0
#include "observe/console.h"

#include "support/observed.h"
#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MINUTE (INT64_C(60) * 1000000000)

static const struct pl_observe_change feed[] = {
    {.t_ns = -5 * MINUTE, .kind = "deploy", .target = "storefront", .text = "x", .visible = 1},
    {.t_ns = 1 * MINUTE,
     .kind = "deploy",
     .target = "checkout",
     .text = "2026.11.21-3, clearer messages",
     .by = "release-train",
     .visible = 1},
    {.t_ns = 2 * MINUTE, .kind = "console", .target = "orders-db", .text = "hidden", .visible = 0},
    {.t_ns = 90 * MINUTE, .kind = "cron", .target = "later", .text = "later", .visible = 1},
};
static const struct pl_observe_person people[] = {
    {.id = "tomasz", .name = "Tomasz Wrona", .role = "DBA", .delay_s = 300.0}};
static const struct pl_observe_def def = {
    .seed = 4, .feed = feed, .feed_count = 4, .people = people, .person_count = 1};
static const struct pl_observe_def plain_def = {.seed = 4};
static struct pl_test_observed run;

static int start(void **test_state)
{
    (void)test_state;
    pl_test_observed_start(&run, &def, 3);
    pl_test_change(run.world, run.state, "service.checkout.release", 1.0, 60.0);
    pl_test_change(run.world, run.state, "call.checkout.payment.breaker", 2.0, 60.0);
    pl_test_change(run.world, run.state, "call.checkout.payment.timeout", 0.7, 60.0);
    pl_test_change(run.world, run.state, "flag.inline", 0.4, 60.0);
    pl_test_observed_run(&run, 600.0);
    return 0;
}

static int stop(void **test_state)
{
    (void)test_state;
    pl_test_observed_end(&run);
    return 0;
}

static void pods_are_those_of_the_fleet_in_their_versions(void **test_state)
{
    (void)test_state;
    pl_test_observed_clear(&run);
    assert_int_equal(pl_console_pods(&run.scene, "checkout", &run.out, &run.err), PL_OK);
    assert_true(pl_test_observed_is_json(&run));
    assert_int_equal(pl_test_observed_count(&run, "\"1/1\",\"Running\",0,"), 8);
    /* The feed names the release; the rollout was a minute after it began. */
    assert_int_equal(pl_test_observed_count(&run, "\"2026.11.21-3\""), 8);
    pl_test_observed_clear(&run);
    assert_int_equal(pl_console_pods(&run.scene, "storefront", &run.out, &run.err), PL_OK);
    assert_int_equal(pl_test_observed_count(&run, "\"2026.11.2\""), 8);
    pl_test_observed_clear(&run);
    assert_int_equal(pl_console_pods(&run.scene, "", &run.out, &run.err), PL_OK);
    assert_int_equal(pl_test_observed_count(&run, "\"Running\""), 24);
    pl_test_observed_clear(&run);
    assert_int_equal(pl_console_pods(&run.scene, "checkuot", &run.out, &run.err), PL_NOT_FOUND);
    assert_non_null(strstr(run.err.message, "did you mean `checkout`?"));
}

static void policies_show_their_present_values(void **test_state)
{
    (void)test_state;
    pl_test_observed_clear(&run);
    assert_int_equal(pl_console_edges(&run.scene, "checkout", &run.out, &run.err), PL_OK);
    assert_true(pl_test_observed_has(&run, "[\"checkout\",\"payment\",0.7,1,"));
    assert_true(pl_test_observed_has(&run, "\"forced open\""));
    pl_test_observed_clear(&run);
    pl_console_flags(&run.scene, &run.out);
    assert_true(pl_test_observed_has(&run, "[\"inline\",0.4,"));
}

static void changes_hide_the_console_and_the_future(void **test_state)
{
    (void)test_state;
    pl_test_observed_clear(&run);
    pl_console_changes(&run.scene, 0, &run.out);
    assert_true(pl_test_observed_is_json(&run));
    assert_true(pl_test_observed_has(&run, "[\"10:01\",\"deploy\",\"checkout\""));
    assert_true(pl_test_observed_has(&run, "[\"09:55\",\"deploy\",\"storefront\""));
    assert_false(pl_test_observed_has(&run, "hidden"));
    assert_false(pl_test_observed_has(&run, "later"));
    pl_test_observed_clear(&run);
    pl_console_changes(&run.scene, 10 * MINUTE, &run.out);
    assert_false(pl_test_observed_has(&run, "storefront"));
}

static void the_topology_is_a_map_without_latencies(void **test_state)
{
    (void)test_state;
    pl_test_observed_clear(&run);
    pl_console_topology(&run.scene, &run.out);
    assert_true(pl_test_observed_is_json(&run));
    assert_true(pl_test_observed_has(&run, "[\"checkout\",\"\",8,"));
    assert_true(pl_test_observed_has(&run, "[\"storefront\",\"checkout\",\"service\"]"));
    assert_true(pl_test_observed_has(&run, "[\"fulfilment\",\"orders\",\"consumes\"]"));
    pl_test_observed_clear(&run);
    pl_console_people(&run.scene, &run.out);
    assert_true(pl_test_observed_has(&run, "[\"tomasz\",\"Tomasz Wrona\",\"DBA\",true,300]"));
    pl_test_observed_clear(&run);
    pl_console_alerts(&run.scene, &run.out);
    assert_true(pl_test_observed_has(&run, "\"rows\":[]"));
}

static void who_publishes_and_who_consumes_is_on_the_map(void **test_state)
{
    (void)test_state;
    static struct pl_test_observed pipeline;
    pl_test_observed_pipeline(&pipeline, &plain_def, 3);
    pl_test_observed_run(&pipeline, 30.0);
    pl_test_observed_clear(&pipeline);
    pl_console_topology(&pipeline.scene, &pipeline.out);
    assert_true(pl_test_observed_is_json(&pipeline));
    assert_true(pl_test_observed_has(&pipeline, "[\"enrich\",\"rich\",\"publishes\"]"));
    assert_true(pl_test_observed_has(&pipeline, "[\"enrich\",\"raw\",\"consumes\"]"));
    /* Two steps of a service that publish to one stream are one link. */
    assert_int_equal(pl_test_observed_count(&pipeline, "[\"intake\",\"raw\",\"publishes\"]"), 1);
    assert_false(pl_test_observed_has(&pipeline, "[\"intake\",\"rich\""));
    /* Nobody calls a consumer, so the map has no rate of it. */
    assert_true(pl_test_observed_has(&pipeline, "[\"enrich\",\"\",4,null]"));
    assert_false(pl_test_observed_has(&pipeline, "[\"intake\",\"\",2,null]"));
    pl_test_observed_end(&pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pods_are_those_of_the_fleet_in_their_versions),
        cmocka_unit_test(policies_show_their_present_values),
        cmocka_unit_test(changes_hide_the_console_and_the_future),
        cmocka_unit_test(the_topology_is_a_map_without_latencies),
        cmocka_unit_test(who_publishes_and_who_consumes_is_on_the_map),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
