// SPDX-License-Identifier: Apache-2.0
//
// The quick subset of the fidelity report: one small case of each element that has a closed form,
// 24 runs each, judged by the report's own rule with a wider precision.
#include "fidelity/report/anchor.h"
#include "fidelity/report/build.h"
#include "fidelity/report/truth.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define FIELD(name) offsetof(struct pl_sample, name)

/* Measure one quantity of a world and free the world. Effort 0: the pilot is all. */
static void check(struct pl_world *world,
                  const struct pl_setting *settings,
                  double pilot,
                  const struct pl_quantity *quantity)
{
    struct pl_report *report = calloc(1, sizeof *report);
    assert_non_null(report);
    struct pl_anchor anchor = {
        .name = "quick",
        .parameters = quantity->name,
        .world = world,
        .settings = settings,
        .quantity_count = 1,
        .recorded = 1,
        .unit_s = PL_UNIT_S,
        .pilot = pilot,
        .quantities = {*quantity},
    };
    pl_anchor_measure(report, &anchor);
    const struct pl_row *row = &report->rows[0];
    if (row->verdict != PL_VERDICT_PASS) {
        print_error("%s: measured %.6g +- %.2g, truth %.6g\n",
                    quantity->name,
                    row->estimate,
                    row->standard_error,
                    row->truth);
    }
    assert_int_equal(row->verdict, PL_VERDICT_PASS);
    free(world);
    free(report);
}

static struct pl_world *queue(double rate, pl_law law, uint32_t workers, double cores)
{
    struct pl_world *world = pl_build_begin(2048);
    pl_build_service(world, "server", workers, cores);
    pl_build_route(world, "work");
    pl_build_cpu(world, law);
    pl_build_source(world, rate / PL_UNIT_S);
    return world;
}

static void seal(struct pl_world *world)
{
    assert_ptr_equal(pl_build_seal(world), world);
}

static void loss_without_waiting_places_is_erlang_b_under_every_law(void **unused)
{
    static const struct pl_setting no_queue[] = {{"route.server.work.concurrency", 8.0},
                                                 {NULL, 0.0}};
    const double mean_s = 5.6 * PL_UNIT_S;
    const pl_law laws[] = {
        pl_law_exponential(mean_s), pl_law_constant(mean_s), pl_law_lognormal_scv(mean_s, 4.0)};
    (void)unused;
    for (uint32_t i = 0; i < 3; i++) {
        struct pl_world *world = queue(1.0, laws[i], 0, 8.0);
        seal(world);
        check(
            world,
            no_queue,
            60000.0,
            &(struct pl_quantity){"refused", "", FIELD(refused), pl_truth_erlang_b(8, 5.6), 0.03});
    }
}

static void arrivals_at_equal_distances_wait_as_dm1(void **unused)
{
    (void)unused;
    struct pl_world *world = queue(0.8, pl_law_exponential(PL_UNIT_S), 1, 1.0);
    world->sources[0].arrivals = PL_ARRIVALS_CONSTANT;
    seal(world);
    check(world,
          NULL,
          120000.0,
          &(struct pl_quantity){"wait", "", FIELD(wait), pl_truth_dm1_wait(0.8, 1.0), 0.02});
}

static void a_user_who_leaves_does_not_relieve_the_queue(void **unused)
{
    (void)unused;
    struct pl_world *world = queue(0.7, pl_law_exponential(PL_UNIT_S), 1, 1.0);
    world->sources[0].patience = pl_law_constant(5.0 * PL_UNIT_S);
    seal(world);
    check(world,
          NULL,
          30000.0,
          &(struct pl_quantity){"left", "", FIELD(left), exp(-0.3 * 5.0), 0.02});
}

static void abandonment_in_the_queue_is_erlang_a(void **unused)
{
    (void)unused;
    struct pl_world *world = queue(12.0, pl_law_exponential(PL_UNIT_S), 10, 10.0);
    world->services[0].queue_wait = pl_law_exponential(PL_UNIT_S);
    seal(world);
    check(world,
          NULL,
          3000.0,
          &(struct pl_quantity){
              "gives up", "", FIELD(failed), pl_truth_erlang_a(10, 12.0, 1.0, 1.0).abandon, 0.015});
}

static void the_second_of_two_classes_waits_as_cobham_says(void **unused)
{
    (void)unused;
    for (uint32_t route = 0; route < 2; route++) {
        struct pl_world *world = queue(0.7, pl_law_exponential(PL_UNIT_S), 1, 1.0);
        pl_build_route(world, "second");
        pl_build_cpu(world, pl_law_exponential(PL_UNIT_S));
        world->routes[1].priority = 1;
        world->sources[0].mix_count = 2;
        world->sources[0].mix_route[1] = 1;
        world->sources[0].mix_share[0] = 0.5;
        world->sources[0].mix_share[1] = 0.5;
        seal(world);
        check(world,
              NULL,
              30000.0,
              &(struct pl_quantity){route == 0 ? "first" : "second",
                                    "",
                                    route == 0 ? FIELD(route[0]) : FIELD(route[1]),
                                    1.0 + 0.7 / 0.65 / (route == 0 ? 1.0 : 0.3),
                                    0.02});
    }
}

static void a_second_attempt_gives_the_smaller_of_two_answers(void **unused)
{
    (void)unused;
    struct pl_world *world = pl_build_begin(2048);
    pl_build_service(world, "app", 0, 1.0);
    pl_build_route(world, "ask");
    pl_build_call(world, 0, 1);
    pl_build_service(world, "leaf", 0, 1.0);
    pl_build_route(world, "answer");
    pl_build_step(world, PL_OP_SLEEP)->law = pl_law_exponential(PL_UNIT_S);
    pl_build_edge(world, 0, 1)->hedge_s = PL_UNIT_S;
    pl_build_source(world, 1.0 / PL_UNIT_S);
    seal(world);
    check(world,
          NULL,
          9000.0,
          &(struct pl_quantity){"answer", "", FIELD(route[0]), 1.0 - 0.5 * exp(-1.0), 0.01});
}

static void two_pods_by_least_load_follow_the_shortest_queue_chain(void **unused)
{
    (void)unused;
    struct pl_world *world = queue(1.4, pl_law_exponential(PL_UNIT_S), 1, 1.0);
    world->services[0].pods = 2;
    world->services[0].pods_max = 2;
    seal(world);
    check(world,
          NULL,
          36000.0,
          &(struct pl_quantity){"sojourn", "", FIELD(sojourn), pl_truth_jsq2_sojourn(0.7), 0.015});
}

/* Gateway that calls two single servers, one after the other or side by side. */
static struct pl_world *two_servers(double first_s, double second_s, bool side_by_side)
{
    const double service_s[] = {first_s, second_s};
    struct pl_world *world = pl_build_begin(2048);
    pl_build_service(world, "gateway", 0, 1.0);
    pl_build_route(world, "all");
    if (side_by_side) {
        pl_build_step(world, PL_OP_PARALLEL)->span = 2;
    }
    pl_build_call(world, 0, 1);
    pl_build_call(world, 1, 2);
    for (uint32_t i = 0; i < 2; i++) {
        pl_build_service(world, i == 0 ? "a" : "b", 1, 1.0);
        pl_build_route(world, "work");
        pl_build_cpu(world, pl_law_exponential(service_s[i] * PL_UNIT_S));
        pl_build_edge(world, 0, i + 1);
    }
    return world;
}

static void the_later_of_two_parallel_calls_is_fork_join(void **unused)
{
    (void)unused;
    struct pl_world *world = two_servers(1.0, 1.0, true);
    pl_build_source(world, 0.5 / PL_UNIT_S);
    seal(world);
    check(world, NULL, 15000.0, &(struct pl_quantity){"both", "", FIELD(route[0]), 2.875, 0.01});
}

static void a_closed_loop_follows_mean_value_analysis(void **unused)
{
    const double service[] = {0.5, 0.3};
    (void)unused;
    struct pl_world *world = two_servers(0.5, 0.3, false);
    struct pl_source *source = pl_build_source(world, 1.0);
    source->arrivals = PL_ARRIVALS_CLOSED;
    source->users = 10;
    source->think = pl_law_exponential(5.0 * PL_UNIT_S);
    seal(world);
    check(world,
          NULL,
          9000.0,
          &(struct pl_quantity){"throughput",
                                "",
                                FIELD(throughput),
                                pl_truth_mva_throughput(10, 5.0, service, 2),
                                0.01});
}

static void waits_for_a_connection_with_a_limit_follow_mmc_d(void **unused)
{
    (void)unused;
    struct pl_world *world = pl_build_begin(2048);
    pl_build_service(world, "app", 0, 1.0);
    pl_build_route(world, "work");
    world->database_count = 1;
    world->databases[0] = pl_database_default();
    world->databases[0].name[0] = 'd';
    world->pool_count = 1;
    world->pools[0] = pl_pool_default();
    world->pools[0].size = 10.0;
    world->pools[0].size_max = 10;
    world->pools[0].acquire_timeout_s = 0.5 * PL_UNIT_S;
    world->pools[0].max_lifetime_s = 0.0;
    pl_build_step(world, PL_OP_ACQUIRE)->target = 0;
    pl_build_step(world, PL_OP_SLEEP)->law = pl_law_exponential(PL_UNIT_S);
    pl_build_step(world, PL_OP_RELEASE)->target = 0;
    pl_build_source(world, 12.0 / PL_UNIT_S);
    seal(world);
    check(world,
          NULL,
          1800.0,
          &(struct pl_quantity){
              "gives up", "", FIELD(failed), pl_truth_mmcd_abandon(10, 12.0, 1.0, 0.5), 0.02});
}

static void ten_leaves_are_slow_when_one_is(void **unused)
{
    (void)unused;
    struct pl_world *world = pl_build_begin(8192);
    pl_build_service(world, "root", 0, 1.0);
    pl_build_route(world, "ask");
    pl_build_step(world, PL_OP_PARALLEL)->span = 10;
    for (uint32_t i = 0; i < 10; i++) {
        pl_build_call(world, 0, 1);
    }
    pl_build_service(world, "leaf", 0, 1.0);
    pl_build_route(world, "answer");
    pl_build_step(world, PL_OP_SLEEP)->law = pl_law_constant(PL_UNIT_S);
    struct pl_step *slow = pl_build_step(world, PL_OP_SLEEP);
    slow->law = pl_law_constant(50.0 * PL_UNIT_S);
    slow->share = 0.01;
    pl_build_edge(world, 0, 1);
    world->routes[0].slo_s = 0.02;
    pl_build_source(world, 1.0 / PL_UNIT_S);
    seal(world);
    check(world,
          NULL,
          6000.0,
          &(struct pl_quantity){"slow", "", FIELD(slow), 1.0 - pow(0.99, 10.0), 0.03});
}

static void hits_of_a_ttl_cache_follow_from_its_traffic(void **unused)
{
    (void)unused;
    struct pl_world *world = pl_build_begin(256);
    pl_build_service(world, "app", 0, 1.0);
    pl_build_route(world, "read");
    struct pl_cache *cache = &world->caches[0];
    world->cache_count = 1;
    cache->name[0] = 'c';
    cache->keys = 1000;
    cache->nodes = 1;
    cache->zipf = 0.8;
    cache->ttl_s = 100.0 * PL_UNIT_S;
    cache->latency = pl_law_constant(0.0);
    struct pl_step *get = pl_build_step(world, PL_OP_GET);
    get->target = 0;
    get->skip_to = 2;
    pl_build_step(world, PL_OP_PUT)->target = 0;
    pl_build_source(world, 10.0 / PL_UNIT_S);
    seal(world);
    check(world,
          NULL,
          3000.0,
          &(struct pl_quantity){
              "hits", "", FIELD(hits), pl_truth_ttl_hits(1000, 0.8, 10.0, 100.0), 0.01});
}

static void hits_of_a_full_cache_follow_che(void **unused)
{
    (void)unused;
    struct pl_world *world = pl_build_begin(256);
    pl_build_service(world, "app", 0, 1.0);
    pl_build_route(world, "read");
    struct pl_cache *cache = &world->caches[0];
    world->cache_count = 1;
    cache->name[0] = 'c';
    cache->keys = 1000;
    cache->nodes = 2;
    cache->capacity = 60.0;
    cache->zipf = 0.8;
    cache->ttl_s = 86400.0;
    cache->latency = pl_law_constant(0.0);
    struct pl_step *get = pl_build_step(world, PL_OP_GET);
    get->target = 0;
    get->skip_to = 2;
    pl_build_step(world, PL_OP_PUT)->target = 0;
    pl_build_source(world, 10.0 / PL_UNIT_S);
    seal(world);
    check(
        world,
        NULL,
        3000.0,
        &(struct pl_quantity){"hits", "", FIELD(hits), pl_truth_che_hits(1000, 2, 60, 0.8), 0.01});
}

static void three_retries_send_a_geometric_sum_and_a_budget_caps_it(void **unused)
{
    (void)unused;
    for (uint32_t budget = 0; budget < 2; budget++) {
        struct pl_world *world = pl_build_begin(2048);
        pl_build_service(world, "app", 0, 1.0);
        pl_build_route(world, "ask");
        pl_build_call(world, 0, 1);
        pl_build_service(world, "backend", 0, 100.0)->error_rate = 0.5;
        pl_build_route(world, "answer");
        pl_build_cpu(world, pl_law_constant(PL_UNIT_S));
        struct pl_edge *edge = pl_build_edge(world, 0, 1);
        edge->retries = 3.0;
        edge->backoff_s = 0.01;
        edge->budget = 0.1 * (double)budget;
        pl_build_source(world, 1.0 / PL_UNIT_S);
        seal(world);
        check(world,
              NULL,
              9000.0,
              &(struct pl_quantity){
                  "attempts", "", FIELD(attempts), budget == 0 ? 1.875 : 1.1, 0.01});
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loss_without_waiting_places_is_erlang_b_under_every_law),
        cmocka_unit_test(arrivals_at_equal_distances_wait_as_dm1),
        cmocka_unit_test(a_user_who_leaves_does_not_relieve_the_queue),
        cmocka_unit_test(abandonment_in_the_queue_is_erlang_a),
        cmocka_unit_test(the_second_of_two_classes_waits_as_cobham_says),
        cmocka_unit_test(a_second_attempt_gives_the_smaller_of_two_answers),
        cmocka_unit_test(hits_of_a_full_cache_follow_che),
        cmocka_unit_test(two_pods_by_least_load_follow_the_shortest_queue_chain),
        cmocka_unit_test(the_later_of_two_parallel_calls_is_fork_join),
        cmocka_unit_test(a_closed_loop_follows_mean_value_analysis),
        cmocka_unit_test(waits_for_a_connection_with_a_limit_follow_mmc_d),
        cmocka_unit_test(ten_leaves_are_slow_when_one_is),
        cmocka_unit_test(hits_of_a_ttl_cache_follow_from_its_traffic),
        cmocka_unit_test(three_retries_send_a_geometric_sum_and_a_budget_caps_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
