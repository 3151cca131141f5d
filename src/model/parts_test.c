// SPDX-License-Identifier: Apache-2.0
//
// One behaviour per element of the model, driven from outside by changes, as players drive it.
#include "model/parts.h"

#include "support/worlds.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pl_world *world;
static struct pl_state *state;
static struct pl_record *record;

static int setup(void **unused)
{
    (void)unused;
    world = malloc(sizeof *world);
    assert_non_null(world);
    pl_test_shop_world(world);
    state = pl_test_start(world, 21);
    record = pl_test_record(world);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    pl_model_validate(world, state);
    free(record);
    free(state);
    free(world);
    return 0;
}

static void run_to(double seconds)
{
    pl_model_run(world, state, record, pl_clock_ns(seconds));
}

static void set(const char *path, double value)
{
    pl_test_change(world, state, path, value, pl_clock_s(pl_model_now(state)));
}

static struct pl_pool_view checkout_pools(void)
{
    struct pl_pool_view sum = {0};
    for (uint32_t i = 0; i < world->services[1].pods_max; i++) {
        struct pl_pool_view one = pl_model_pool(world, state, pl_model_pod0(world, 1) + i, 1);
        sum.open += one.open;
        sum.in_use += one.in_use;
        sum.leaked += one.leaked;
        sum.pending += one.pending;
    }
    return sum;
}

static uint64_t logged(uint32_t service, enum pl_log_kind kind)
{
    return record->log_counts[service][kind];
}

/* ---- Pools ---------------------------------------------------------------------------------- */

static void a_leaking_pool_runs_dry_and_recycling_heals_it(void **unused)
{
    (void)unused;
    set("pool.checkout.orders-db.leak_on_error", 1.0);
    set("step.checkout.place-order.insert.error", 0.05);
    run_to(120.0);
    assert_true(checkout_pools().leaked >= 10);
    assert_true(logged(1, PL_LOG_ACQUIRE_TIMEOUT) > 50);
    set("step.checkout.place-order.insert.error", 0.0);
    set("pool.checkout.orders-db.recycle", 1.0);
    run_to(130.0);
    assert_int_equal(checkout_pools().leaked, 0);
}

static void connections_live_no_longer_than_their_lifetime(void **unused)
{
    /* 12 connections with a lifetime of 60 s: about one renewal each per minute. */
    (void)unused;
    run_to(300.0);
    uint64_t opened = 0;
    for (uint32_t i = 0; i < world->services[1].pods_max; i++) {
        opened += pl_record_pool(record, pl_model_pod0(world, 1) + i, 1)->opened;
    }
    assert_true(opened > 20 && opened < 120);
}

static void a_full_server_refuses_the_newest_clients(void **unused)
{
    /* 60 connections, 3 reserved, 10 others, 2 x 2 pools of 6: pods 3 and 4 do not fit with 16. */
    (void)unused;
    set("pool.checkout.orders-db.size", 16.0);
    set("db.orders-db.max_connections", 38.0);
    set("service.checkout.pods", 4.0);
    run_to(60.0);
    assert_true(logged(1, PL_LOG_DB_REFUSED) > 0);
    assert_true(pl_model_database(world, state, 0).connections <= 35);
}

static void killing_idle_transactions_frees_leaked_connections(void **unused)
{
    (void)unused;
    set("pool.checkout.orders-db.leak_on_error", 1.0);
    set("step.checkout.place-order.insert.error", 0.05);
    run_to(60.0);
    uint32_t leaked = checkout_pools().leaked;
    assert_true(leaked > 3);
    set("step.checkout.place-order.insert.error", 0.0);
    set("db.orders-db.kill_idle", 5.0);
    run_to(61.0);
    assert_true(checkout_pools().leaked < leaked / 2);
    assert_true(logged(1, PL_LOG_CONN_KILLED) > 0);
}

/* ---- Locks, jobs, database --------------------------------------------------------------------
 */

static void a_job_that_holds_rows_makes_transactions_wait(void **unused)
{
    (void)unused;
    run_to(30.0);
    assert_int_equal(logged(1, PL_LOG_LOCK_WAIT), 0);
    set("job.import.running", 1.0);
    run_to(60.0);
    assert_true(logged(1, PL_LOG_LOCK_WAIT) > 5);
    assert_true(pl_model_database(world, state, 0).connections >= 4);
    set("job.import.running", 0.0);
    run_to(70.0);
    uint64_t before = logged(1, PL_LOG_LOCK_WAIT);
    run_to(90.0);
    assert_int_equal(logged(1, PL_LOG_LOCK_WAIT), before);
}

static void a_bad_plan_makes_its_statement_slow(void **unused)
{
    (void)unused;
    run_to(20.0);
    double good = record->statements[0].total_s / (double)record->statements[0].calls;
    pl_record_reset(record);
    set("statement.orders-db.get-order.plan", 1.0);
    run_to(40.0);
    double bad = record->statements[0].total_s / (double)record->statements[0].calls;
    assert_true(bad > 20.0 * good);
}

static void a_failover_cuts_sessions_and_passes(void **unused)
{
    (void)unused;
    run_to(10.0);
    set("db.orders-db.failover", 8.0);
    run_to(12.0);
    assert_int_equal(pl_model_database(world, state, 0).down, 1);
    uint64_t failed = pl_model_outcome(state, 0).failed;
    run_to(17.0);
    assert_true(pl_model_outcome(state, 0).failed > failed + 20);
    run_to(40.0);
    assert_int_equal(pl_model_database(world, state, 0).down, 0);
    failed = pl_model_outcome(state, 0).failed;
    run_to(60.0);
    assert_true(pl_model_outcome(state, 0).failed < failed + 10);
}

static void a_slow_replica_falls_behind_and_readers_wait(void **unused)
{
    (void)unused;
    run_to(30.0);
    assert_true(pl_model_database(world, state, 0).replica_lag_s[0] < 0.2);
    double before = pl_histogram_mean(&record->routes[3].latency);
    pl_record_reset(record);
    set("db.orders-db.replica_apply", 200.0);
    run_to(90.0);
    assert_true(pl_model_database(world, state, 0).replica_lag_s[0] > 5.0);
    assert_true(pl_histogram_mean(&record->routes[3].latency) > 10.0 * before);
    assert_true(logged(1, PL_LOG_STALE_READ) > 100);
}

/* ---- Client policy, vendor ----------------------------------------------------------------------
 */

static void a_breaker_opens_on_errors_and_closes_after(void **unused)
{
    (void)unused;
    run_to(10.0);
    set("vendor.payment.error_rate", 1.0);
    run_to(40.0);
    assert_true(logged(1, PL_LOG_BREAKER_OPEN) > 0);
    set("vendor.payment.error_rate", 0.0);
    run_to(70.0);
    assert_true(logged(1, PL_LOG_BREAKER_CLOSED) > 0);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(pl_model_edge(world, state, pl_model_pod0(world, 1) + i, 1).breaker_open,
                         0);
    }
}

static void a_forced_breaker_with_fallback_serves_without_the_vendor(void **unused)
{
    (void)unused;
    run_to(5.0);
    set("call.checkout.payment.breaker", 2.0);
    set("call.checkout.payment.fallback", 1.0);
    run_to(6.0);
    uint64_t calls = record->edge_attempts[1];
    uint64_t failed = record->routes[2].failed;
    run_to(30.0);
    assert_int_equal(record->edge_attempts[1], calls);
    assert_int_equal(record->routes[2].failed, failed);
}

static void a_bulkhead_limits_calls_in_flight(void **unused)
{
    (void)unused;
    set("call.checkout.payment.bulkhead", 1.0);
    set("call.storefront.checkout.breaker", 0.0);
    set("call.checkout.payment.breaker", 0.0);
    set("vendor.payment.latency", 5.0);
    for (double t = 1.0; t < 20.0; t += 1.0) {
        run_to(t);
        for (uint32_t i = 0; i < 2; i++) {
            assert_true(pl_model_edge(world, state, pl_model_pod0(world, 1) + i, 1).in_flight <= 1);
        }
    }
    assert_true(logged(1, PL_LOG_BULKHEAD_FULL) > 50);
}

static void a_quota_limits_the_rate_of_answers(void **unused)
{
    (void)unused;
    set("call.checkout.payment.breaker", 0.0);
    set("call.checkout.payment.retries", 0.0);
    set("vendor.payment.quota", 10.0);
    run_to(10.0);
    uint64_t good = record->routes[2].completed;
    run_to(70.0);
    double rate = (double)(record->routes[2].completed - good) / 60.0;
    assert_true(rate > 9.5 && rate < 10.5);
}

/* ---- Services
 * ------------------------------------------------------------------------------------ */

static void a_leak_ends_in_an_out_of_memory_kill(void **unused)
{
    (void)unused;
    set("service.checkout.leak_per_request", 1.0);
    run_to(100.0);
    assert_true(logged(1, PL_LOG_OOM_KILLED) >= 1);
    assert_true(logged(1, PL_LOG_POD_STARTED) >= 1);
}

static void the_autoscaler_follows_processor_use(void **unused)
{
    (void)unused;
    set("service.checkout.autoscale_max", 4.0);
    set("service.checkout.autoscale", 1.0);
    set("service.checkout.cpu_factor", 15.0);
    run_to(120.0);
    assert_true(pl_model_param(state, pl_world_param(world, "service.checkout.pods")) > 2.5);
    assert_true(logged(1, PL_LOG_SCALED) >= 1);
}

static void a_rolling_restart_replaces_every_pod_without_errors(void **unused)
{
    (void)unused;
    run_to(10.0);
    uint64_t failed = pl_model_outcome(state, 0).failed;
    set("service.checkout.restart", 1.0);
    run_to(200.0);
    uint32_t ready = 0;
    for (uint32_t i = 0; i < world->services[1].pods_max; i++) {
        struct pl_pod_view pod = pl_model_pod(world, state, pl_model_pod0(world, 1) + i);
        ready += pod.phase == PL_POD_READY ? 1 : 0;
        assert_true(pod.phase != PL_POD_READY || pod.generation > 2);
    }
    assert_int_equal(ready, 2);
    assert_true(pl_model_outcome(state, 0).failed <= failed + 5);
}

static void collector_pauses_stop_the_pod_and_shallow_probes_eject_it(void **unused)
{
    (void)unused;
    set("service.checkout.gc_interval", 20.0);
    set("service.checkout.gc_pause", 40.0);
    run_to(200.0);
    assert_true(record->pod_gc_count[pl_model_pod0(world, 1)] >= 2);
    assert_true(logged(1, PL_LOG_PROBE_FAILED) >= 3);
}

static void shedding_refuses_its_share(void **unused)
{
    (void)unused;
    set("route.checkout.get-order.shed", 0.3);
    set("call.storefront.checkout.retries", 0.0);
    set("call.storefront.checkout.breaker", 0.0);
    run_to(200.0);
    double offered = (double)record->routes[3].offered;
    double shed = (double)logged(1, PL_LOG_SHED);
    assert_true(shed / offered > 0.27 && shed / offered < 0.33);
}

/* ---- Cache, topic, traffic
 * ------------------------------------------------------------------------ */

static void the_hit_ratio_follows_keys_ttl_and_traffic(void **unused)
{
    /* TTL without refresh: a key with rate r is resident r T / (1 + r T) of the time. The shop's
     * TTL varies by up to a tenth downwards, so its mean is .95 T. */
    (void)unused;
    run_to(300.0);
    pl_record_reset(record);
    run_to(900.0);
    double gets = (double)(record->cache_hits[0] + record->cache_misses[0]);
    double rate = gets / 600.0;
    double expected = 0.0;
    for (uint32_t i = 0; i < world->caches[0].keys; i++) {
        double p = world->cache_cdf[0][i] - (i == 0 ? 0.0 : world->cache_cdf[0][i - 1]);
        double load = rate * p * 60.0 * 0.95;
        expected += p * load / (1.0 + load);
    }
    assert_true(fabs((double)record->cache_hits[0] / gets - expected) < 0.012);
}

static void a_lost_cache_node_takes_its_keys_along(void **unused)
{
    (void)unused;
    run_to(60.0);
    set("cache.catalogue.nodes", 1.0);
    run_to(61.0);
    pl_record_reset(record);
    run_to(180.0);
    double gets = (double)(record->cache_hits[0] + record->cache_misses[0]);
    assert_true((double)record->cache_misses[0] / gets > 0.4);
}

static void a_paused_topic_keeps_its_messages(void **unused)
{
    (void)unused;
    set("topic.orders.paused", 1.0);
    run_to(30.0);
    struct pl_topic_view topic = pl_model_topic(state, 0);
    assert_true(topic.depth > 400 && topic.working == 0);
    assert_true(topic.oldest_ns > 28 * PL_NS_PER_S);
    set("topic.orders.paused", 0.0);
    run_to(60.0);
    assert_true(pl_model_topic(state, 0).depth < 10);
}

static void traffic_follows_its_rate(void **unused)
{
    (void)unused;
    run_to(200.0);
    double base = (double)pl_model_outcome(state, 0).offered / 200.0;
    set("traffic.users.rate", 2.0);
    set("traffic.users.burst", 1.0);
    uint64_t before = pl_model_outcome(state, 0).offered;
    run_to(400.0);
    double doubled = (double)(pl_model_outcome(state, 0).offered - before) / 200.0;
    /* 60 per second, a sixth of the time 1.8-fold. */
    assert_true(base > 62.0 && base < 74.0);
    assert_true(doubled > 117.0 && doubled < 123.0);
}

static void users_retry_and_finally_leave(void **unused)
{
    (void)unused;
    run_to(5.0);
    set("service.storefront.cpu_factor", 1000.0);
    run_to(60.0);
    assert_true(record->sources[0].retried > 500);
    assert_true(pl_model_outcome(state, 0).left > 500);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_leaking_pool_runs_dry_and_recycling_heals_it),
        CASE(connections_live_no_longer_than_their_lifetime),
        CASE(a_full_server_refuses_the_newest_clients),
        CASE(killing_idle_transactions_frees_leaked_connections),
        CASE(a_job_that_holds_rows_makes_transactions_wait),
        CASE(a_bad_plan_makes_its_statement_slow),
        CASE(a_failover_cuts_sessions_and_passes),
        CASE(a_slow_replica_falls_behind_and_readers_wait),
        CASE(a_breaker_opens_on_errors_and_closes_after),
        CASE(a_forced_breaker_with_fallback_serves_without_the_vendor),
        CASE(a_bulkhead_limits_calls_in_flight),
        CASE(a_quota_limits_the_rate_of_answers),
        CASE(a_leak_ends_in_an_out_of_memory_kill),
        CASE(the_autoscaler_follows_processor_use),
        CASE(a_rolling_restart_replaces_every_pod_without_errors),
        CASE(collector_pauses_stop_the_pod_and_shallow_probes_eject_it),
        CASE(shedding_refuses_its_share),
        CASE(the_hit_ratio_follows_keys_ttl_and_traffic),
        CASE(a_lost_cache_node_takes_its_keys_along),
        CASE(a_paused_topic_keeps_its_messages),
        CASE(traffic_follows_its_rate),
        CASE(users_retry_and_finally_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
