// SPDX-License-Identifier: Apache-2.0
//
// The whole layer over a running world.
#include "observe/observe.h"

#include "support/observed.h"
#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct pl_observe_rule rules[] = {
    {.name = "HttpLatencyP99High",
     .expr = "histogram_quantile(0.99, sum by (le) "
             "(rate(http_server_request_duration_seconds_bucket{service=\"checkout\"}[1m])))",
     .severity = "critical",
     .team = "checkout",
     .service = "checkout",
     .environment = "prod",
     .summary = "p99 {value} for 2m (SLO 1 s)",
     .runbook = "latency",
     .unit = "s",
     .compare = PL_COMPARE_ABOVE,
     .pages = 1,
     .threshold = 1.0,
     .for_s = 120.0}};
static const struct pl_observe_change feed[] = {{.t_ns = INT64_C(300) * 1000000000,
                                                 .kind = "flag",
                                                 .target = "inline",
                                                 .text = "0 % -> 100 %",
                                                 .by = "release-train",
                                                 .visible = 1}};
static const struct pl_observe_def def = {
    .seed = 11, .rules = rules, .rule_count = 1, .feed = feed, .feed_count = 1};

/* Everything that a player can look at, into one text. */
static void look_at_everything(struct pl_test_observed *run, struct pl_buf *all)
{
    const struct pl_scene *at = &run->scene;
    static const char *const targets[] = {
        "checkout", "storefront", "orders-db", "catalogue", "orders"};
    static const char *const bys[] = {"", "route", "pod", "code", "dependency"};
    for (const char *const *name = pl_observe_panel_names(); *name != NULL; name++) {
        for (uint32_t i = 0; i < 25; i++) {
            struct pl_panel_look look = {targets[i / 5], *name, bys[i % 5], 0};
            pl_test_observed_clear(run);
            if (pl_observe_look_panel(at, &look, &run->out, &run->err) == PL_OK) {
                assert_true(pl_test_observed_is_json(run));
                pl_buf_put(all, run->out.data, run->out.size);
            }
        }
    }
    for (const char *const *view = pl_observe_db_views(); *view != NULL; view++) {
        struct pl_db_look look = {"orders-db", *view, "get-order", 0};
        pl_test_observed_clear(run);
        assert_int_equal(pl_observe_look_db(at, &look, &run->out, &run->err), PL_OK);
        assert_true(pl_test_observed_is_json(run));
        pl_buf_put(all, run->out.data, run->out.size);
    }
    static const char *const sources[] = {
        "checkout", "storefront", "fulfilment", "orders-db", "edge", "events"};
    for (uint32_t i = 0; i < 6; i++) {
        struct pl_logs_look look = {.source = sources[i], .limit = 200};
        pl_test_observed_clear(run);
        assert_int_equal(pl_observe_look_logs(at, &look, &run->out, &run->err), PL_OK);
        assert_true(pl_test_observed_is_json(run));
        pl_buf_put(all, run->out.data, run->out.size);
    }
    pl_status (*const looks[])(const struct pl_scene *, struct pl_buf *, pl_error *) = {
        pl_observe_look_alerts,
        pl_observe_look_topology,
        pl_observe_look_flags,
        pl_observe_look_people,
    };
    for (uint32_t i = 0; i < 4; i++) {
        pl_test_observed_clear(run);
        assert_int_equal(looks[i](at, &run->out, &run->err), PL_OK);
        assert_true(pl_test_observed_is_json(run));
        pl_buf_put(all, run->out.data, run->out.size);
    }
    pl_test_observed_clear(run);
    assert_int_equal(pl_observe_look_pods(at, "", &run->out, &run->err), PL_OK);
    assert_int_equal(pl_observe_look_edges(at, "", &run->out, &run->err), PL_OK);
    assert_int_equal(pl_observe_look_changes(at, 0, &run->out, &run->err), PL_OK);
    assert_int_equal(pl_observe_look_metrics(at, "", &run->out, &run->err), PL_OK);
    struct pl_traces_look traces = {.limit = 50};
    assert_int_equal(pl_observe_look_traces(at, &traces, &run->out, &run->err), PL_OK);
    pl_buf_put(all, run->out.data, run->out.size);
}

static struct pl_buf big_buffer(void)
{
    struct pl_buf all;
    pl_buf_init(&all, malloc(4 << 20), 4 << 20);
    return all;
}

static void start(struct pl_test_observed *run)
{
    pl_test_observed_start(run, &def, 3);
    pl_test_change(run->world, run->state, "flag.inline", 1.0, 300.0);
    pl_test_change(run->world, run->state, "vendor.payment.latency", 6.0, 330.0);
}

static void the_same_run_gives_the_same_bytes(void **test_state)
{
    (void)test_state;
    struct pl_test_observed one;
    struct pl_test_observed other;
    struct pl_buf first = big_buffer();
    struct pl_buf second = big_buffer();
    start(&one);
    start(&other);
    pl_test_observed_run(&one, 600.0);
    /* The other run is looked at on the way: looking changes nothing. */
    pl_test_observed_run(&other, 337.0);
    look_at_everything(&other, &second);
    pl_buf_clear(&second);
    pl_test_observed_run(&other, 600.0);
    look_at_everything(&one, &first);
    look_at_everything(&other, &second);
    assert_false(first.overflow);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.data, second.data, first.size);
    look_at_everything(&one, &second);
    assert_int_equal(second.size, first.size * 2);
    assert_memory_equal(first.data, second.data + first.size, first.size);
    free(first.data);
    free(second.data);
    pl_test_observed_end(&one);
    pl_test_observed_end(&other);
}

static void instruments_do_not_touch_the_model(void **test_state)
{
    (void)test_state;
    struct pl_test_observed run;
    start(&run);
    struct pl_state *silent = pl_test_fork(run.world, run.state);
    pl_test_observed_run(&run, 400.0);
    pl_model_run(run.world, silent, NULL, pl_model_now(run.state));
    pl_hash128 seen = pl_model_hash(run.state);
    pl_hash128 unseen = pl_model_hash(silent);
    assert_true(seen.low == unseen.low && seen.high == unseen.high);
    free(silent);
    pl_test_observed_end(&run);
}

static void a_slow_world_pages_and_recovers(void **test_state)
{
    (void)test_state;
    struct pl_test_observed run;
    start(&run);
    pl_test_change(run.world, run.state, "flag.inline", 0.0, 700.0);
    pl_test_change(run.world, run.state, "vendor.payment.latency", 1.0, 700.0);
    pl_test_observed_run(&run, 320.0);
    assert_int_equal(pl_observe_event_count(run.observe), 0);
    pl_test_observed_run(&run, 700.0);
    assert_int_equal(pl_observe_event_count(run.observe), 1);
    const struct pl_observe_event *page = pl_observe_event(run.observe, 0);
    assert_int_equal(page->kind, PL_EVENT_PAGE);
    assert_string_equal(page->title,
                        "[FIRING:1] HttpLatencyP99High eu1 checkout (prod critical checkout)");
    assert_int_equal(strncmp(page->text, "p99 ", 4), 0);
    assert_non_null(strstr(page->text, " s for 2m (SLO 1 s)"));
    /* Not before the condition held for two minutes and the group waited for half of one. */
    assert_true(page->t_ns >= INT64_C(450) * 1000000000);
    pl_test_observed_run(&run, 1200.0);
    assert_int_equal(pl_observe_event_count(run.observe), 2);
    assert_int_equal(pl_observe_event(run.observe, 1)->kind, PL_EVENT_RESOLVED);
    pl_observe_event_json(run.observe, 0, &run.out);
    assert_true(pl_test_observed_is_json(&run));
    assert_true(pl_test_observed_has(&run, "\"runbook\":\"latency\""));
    pl_test_observed_end(&run);
}

static void a_failed_look_leaves_nothing_behind(void **test_state)
{
    (void)test_state;
    struct pl_test_observed run;
    start(&run);
    pl_test_observed_run(&run, 60.0);
    pl_buf_puts(&run.out, "before");
    struct pl_panel_look panel = {"chekout", "latency", "", 0};
    assert_int_equal(pl_observe_look_panel(&run.scene, &panel, &run.out, &run.err), PL_NOT_FOUND);
    assert_string_equal(run.err.message, "There is no `chekout`; did you mean `checkout`?");
    memset(&run.err, 0, sizeof(run.err));
    assert_int_equal(pl_observe_look_query(&run.scene, "sum(up", 0, &run.out, &run.err),
                     PL_BAD_INPUT);
    assert_string_equal(run.out.data, "before");
    /* A buffer that is too small is an error too. */
    char small[64];
    struct pl_buf out;
    pl_buf_init(&out, small, sizeof(small));
    memset(&run.err, 0, sizeof(run.err));
    assert_int_equal(pl_observe_look_topology(&run.scene, &out, &run.err), PL_LIMIT);
    assert_string_equal(small, "");
    pl_test_observed_end(&run);
}

static void looks_work_before_the_first_scrape(void **test_state)
{
    (void)test_state;
    struct pl_test_observed run;
    struct pl_buf all = big_buffer();
    start(&run);
    look_at_everything(&run, &all);
    free(all.data);
    pl_test_observed_end(&run);
}

static void the_feed_takes_what_a_session_adds(void **test_state)
{
    (void)test_state;
    struct pl_test_observed run;
    start(&run);
    pl_test_observed_run(&run, 310.0);
    struct pl_observe_change act = {.t_ns = pl_model_now(run.state),
                                    .kind = "flag",
                                    .target = "inline",
                                    .text = "100 % -> 40 %",
                                    .by = "you",
                                    .visible = 1};
    assert_true(pl_observe_feed_add(run.observe, &act));
    assert_int_equal(pl_observe_look_changes(&run.scene, 0, &run.out, &run.err), PL_OK);
    assert_true(pl_test_observed_has(
        &run, "[\"10:05\",\"flag\",\"inline\",\"100 % -> 40 %\",\"you\"],[\"10:05\",\"flag\""));
    pl_test_observed_end(&run);
}

/* History that is shorter than the run: scraping ends, nothing else does. */
static void the_history_may_end_before_the_run(void **test_state)
{
    (void)test_state;
    struct pl_test_observed run;
    struct pl_observe_def brief = def;
    brief.history_ns = INT64_C(120) * 1000000000;
    pl_test_observed_start(&run, &brief, 3);
    pl_test_observed_run(&run, 400.0);
    struct pl_panel_look panel = {"checkout", "requests", "", 0};
    assert_int_equal(pl_observe_look_panel(&run.scene, &panel, &run.out, &run.err), PL_OK);
    assert_true(pl_test_observed_is_json(&run));
    pl_test_observed_end(&run);
}

/* A copy goes on like the original: state, record and instruments forked in the middle of a run. */
static void a_fork_shows_what_the_original_shows(void **test_state)
{
    (void)test_state;
    struct pl_test_observed run;
    struct pl_buf first = big_buffer();
    struct pl_buf second = big_buffer();
    start(&run);
    pl_test_observed_run(&run, 337.0);
    const struct pl_observe_change act = {
        .t_ns = 1, .kind = "flag", .target = "inline", .text = "to 0 %", .by = "you", .visible = 1};
    assert_true(pl_observe_feed_add(run.scene.observe, &act));
    struct pl_test_observed other = run;
    void *state = malloc(pl_model_size(run.world));
    void *record = malloc(pl_record_size(run.world));
    void *own = malloc(pl_observe_own_size(run.world, &def));
    void *scratch = malloc(pl_observe_scratch_size(run.world, &def));
    assert_true(state != NULL && record != NULL && own != NULL && scratch != NULL);
    other.state = pl_model_fork(state, pl_model_size(run.world), run.state);
    other.record = pl_record_fork(run.record, record);
    other.observe = pl_observe_fork(run.observe, &def, own, scratch);
    other.scene = (struct pl_scene){other.observe, other.state, other.record};
    pl_test_observed_run(&run, 600.0);
    look_at_everything(&run, &first);
    pl_test_observed_run(&other, 600.0);
    look_at_everything(&other, &second);
    assert_false(first.overflow);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.data, second.data, first.size);
    assert_int_equal(pl_observe_event_count(run.observe), pl_observe_event_count(other.observe));
    free(scratch);
    free(own);
    free(record);
    free(state);
    free(first.data);
    free(second.data);
    pl_test_observed_end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_run_gives_the_same_bytes),
        cmocka_unit_test(a_fork_shows_what_the_original_shows),
        cmocka_unit_test(instruments_do_not_touch_the_model),
        cmocka_unit_test(a_slow_world_pages_and_recovers),
        cmocka_unit_test(a_failed_look_leaves_nothing_behind),
        cmocka_unit_test(looks_work_before_the_first_scrape),
        cmocka_unit_test(the_feed_takes_what_a_session_adds),
        cmocka_unit_test(the_history_may_end_before_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
