// SPDX-License-Identifier: Apache-2.0
//
// Rules over a gauge that is written by hand: the depth of a topic.
#include "observe/alerts.h"

#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000000)

enum { SAMPLES = 200 };

static struct pl_world world;
static struct pl_intern intern;
static struct pl_fleet fleet;
static struct pl_series series;
static struct pl_promql program;
static struct pl_promql_work work;
static struct pl_alerts alerts;
static struct pl_tracks *tracks;
static struct pl_observe_event events[32];
static uint32_t event_count;

static const struct pl_observe_rule rules[] = {
    {.name = "LagHigh",
     .expr = "sum by (topic) (kafka_consumergroup_lag)",
     .severity = "critical",
     .team = "data",
     .environment = "prod",
     .summary = "{value} messages wait in {{topic}} ({unknown})",
     .description = "Consumers of {service} are behind.",
     .runbook = "lag",
     .compare = PL_COMPARE_ABOVE,
     .pages = 1,
     .threshold = 100.0,
     .for_s = 60.0},
    {.name = "Quiet",
     .expr = "sum by (topic) (kafka_consumergroup_lag) > 100",
     .severity = "info",
     .summary = "seen only in the list"},
    {.name = "Broken", .expr = "sum(", .summary = "never", .pages = 1},
};
static const struct pl_observe_def def = {.rules = rules, .rule_count = 3, .cluster = "eu2"};

static void note(void *context, const struct pl_observe_event *event)
{
    (void)context;
    events[event_count++] = *event;
}

static int start(void **test_state)
{
    (void)test_state;
    pl_test_shop_world(&world);
    size_t size = pl_tracks_size(&world, SAMPLES);
    tracks = pl_tracks_init(&world, aligned_alloc(16, (size + 15) / 16 * 16), size, SAMPLES);
    memset(&intern, 0, sizeof(intern));
    pl_fleet_init(&fleet, &world, 1, 0.0);
    series = (struct pl_series){.world = &world,
                                .tracks = tracks,
                                .fleet = &fleet,
                                .intern = &intern,
                                .interval_ns = 15 * SECOND};
    pl_series_init(&series);
    pl_promql_work_init(&work, aligned_alloc(16, pl_promql_work_size(SAMPLES)), SAMPLES);
    pl_alerts_init(&alerts, &def, &program);
    event_count = 0;
    return 0;
}

static int stop(void **test_state)
{
    (void)test_state;
    free(work.labels);
    free(tracks);
    return 0;
}

/* One sample of the topic's depth, and what the rules make of it. */
static void step(uint32_t depth)
{
    int64_t now_ns = (int64_t)pl_tracks_count(tracks) * 15 * SECOND;
    assert_true(pl_tracks_begin(tracks, now_ns));
    struct pl_track track = pl_tracks_open(tracks, PL_TRACK_TOPIC, 0, 0, 0);
    *pl_track_count(&track, PL_TOPIC_DEPTH, pl_tracks_open_sample(tracks)) = depth;
    pl_tracks_end(tracks);
    struct pl_alerts_input input = {&series, &program, &work, note, NULL};
    pl_alerts_advance(&alerts, &input, now_ns);
}

static enum pl_alert_state state_of(uint32_t rule)
{
    for (uint32_t i = 0; i < alerts.alert_count; i++) {
        if (alerts.alerts[i].rule == rule) {
            return (enum pl_alert_state)alerts.alerts[i].state;
        }
    }
    return PL_ALERT_INACTIVE;
}

static void a_rule_waits_fires_groups_and_resolves(void **test_state)
{
    (void)test_state;
    step(0);
    step(0);
    assert_int_equal(state_of(0), PL_ALERT_INACTIVE);
    step(500); /* 30 s */
    assert_int_equal(state_of(0), PL_ALERT_PENDING);
    for (int i = 0; i < 4; i++) {
        step(500);
    }
    assert_int_equal(state_of(0), PL_ALERT_FIRING); /* 90 s */
    assert_int_equal(event_count, 0);               /* the group waits */
    step(500);
    step(500);
    assert_int_equal(event_count, 1);
    assert_int_equal(events[0].kind, PL_EVENT_PAGE);
    assert_string_equal(events[0].title, "[FIRING:1] LagHigh eu2 orders (prod critical data)");
    assert_string_equal(events[0].text,
                        "500 messages wait in orders ({unknown})\nConsumers of orders are behind.");
    assert_string_equal(events[0].runbook, "lag");
    for (int i = 0; i < 20; i++) {
        step(500); /* it does not page again */
    }
    assert_int_equal(event_count, 1);
    for (int i = 0; i < 6; i++) {
        step(3);
    }
    assert_int_equal(event_count, 2);
    assert_int_equal(events[1].kind, PL_EVENT_RESOLVED);
    assert_string_equal(events[1].title, "[RESOLVED] LagHigh eu2 orders (prod critical data)");
    assert_int_equal(state_of(0), PL_ALERT_RESOLVED);
    for (int i = 0; i < 12; i++) {
        step(500); /* a second time is a second page */
    }
    assert_int_equal(event_count, 3);
}

static void a_short_excess_fires_nothing(void **test_state)
{
    (void)test_state;
    for (int i = 0; i < 30; i++) {
        step(i % 4 < 2 ? 500 : 0);
    }
    assert_int_equal(event_count, 0);
}

static void rules_that_do_not_page_are_only_listed(void **test_state)
{
    (void)test_state;
    for (int i = 0; i < 4; i++) {
        step(500);
    }
    assert_int_equal(state_of(1), PL_ALERT_FIRING); /* its expression compares by itself */
    assert_int_equal(event_count, 0);
    assert_int_equal(alerts.broken[2], 1);
}

static void the_next_moment_is_known(void **test_state)
{
    (void)test_state;
    step(500);
    assert_true(pl_alerts_next(&alerts) == 30 * SECOND);
    for (int i = 0; i < 4; i++) {
        step(500);
    }
    /* 60 s: the condition held since 0, the group goes out at 90 s. */
    assert_true(pl_alerts_next(&alerts) == 90 * SECOND);
    assert_int_equal(event_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_rule_waits_fires_groups_and_resolves, start, stop),
        cmocka_unit_test_setup_teardown(a_short_excess_fires_nothing, start, stop),
        cmocka_unit_test_setup_teardown(rules_that_do_not_page_are_only_listed, start, stop),
        cmocka_unit_test_setup_teardown(the_next_moment_is_known, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
