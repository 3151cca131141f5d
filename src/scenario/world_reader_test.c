// SPDX-License-Identifier: Apache-2.0
#include "scenario/world_reader.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void a_slice_divides_the_fleet_and_nothing_per_pod(void **unused)
{
    (void)unused;
    assert_true(pl_test_load_world(&pl_test_loaded, pl_test_world_text));
    const struct pl_world *world = pl_test_loaded.world;
    assert_int_equal(world->slice_of, 2);
    assert_int_equal(world->services[0].pods, 2);
    assert_int_equal(world->services[0].fleet, 4);
    assert_int_equal(world->services[0].workers, 8);
    assert_int_equal(world->services[1].pods_max, 4);
    assert_true(world->databases[0].cores > 1.9 && world->databases[0].cores < 2.1);
    assert_true(world->databases[0].max_connections < 30.1);
    assert_true(world->pools[0].size > 3.9 && world->pools[0].size < 4.1);
    assert_true(world->vendors[0].quota < 50.1);
    assert_true(world->sources[0].rate > 19.9 && world->sources[0].rate < 20.1);
    assert_true(world->topics[0].consumers < 2.1);
    assert_int_equal(world->topics[0].consumer_route, 2);
    assert_true(world->sources[0].mix_worth[1] > 1.9);
    assert_string_equal(world->routes[1].path, "/order");
    assert_string_equal(world->routes[1].method, "GET");
}

static void queues_balancers_caches_and_collectors_are_read(void **unused)
{
    (void)unused;
    static const struct {
        const char *find;
        const char *line;
    } edits[] = {
        {"    workers: 8",
         "    workers: 8\n"
         "    queue: {limit: 50, abandoned: drop, max_wait: exponential mean 2s}\n"
         "    balance: sampled\n"
         "    choices: 3\n"
         "    gc: {heap: 512MB, garbage: 2MB, live: 1MB, pause: 400ms}"},
        {"    clients:", "    clients: {back: {timeout: 2s, retries: 1, hedge: 300ms}}"},
        {"        method: GET", "        method: GET\n        priority: 2"},
        {"  pages:", "  pages: {keys: 100, capacity: 20, nodes: 2, rehash: yes}"},
        {"    patience: 5s", "    patience: lognormal p50 5s p99 30s"},
    };
    char *text = pl_test_edited(pl_test_world_text, edits[0].find, edits[0].line);
    for (size_t i = 1; i < sizeof edits / sizeof edits[0]; i++) {
        char *next = pl_test_edited(text, edits[i].find, edits[i].line);
        free(text);
        text = next;
    }
    if (!pl_test_load_world(&pl_test_loaded, text)) {
        fail_msg("%s", pl_test_loaded.text);
    }
    free(text);
    const struct pl_world *world = pl_test_loaded.world;
    const struct pl_service *front = &world->services[0];
    assert_int_equal(front->queue_drop, 1);
    assert_int_equal(front->queue_wait.kind, PL_LAW_EXPONENTIAL);
    assert_int_equal(front->balance, PL_BALANCE_SAMPLED);
    assert_int_equal(front->balance_choices, 3);
    assert_true(front->gc_heap_mb > 511.0 && front->gc_live_mb < 1.5);
    assert_int_equal(world->routes[0].priority, 2);
    assert_true(world->caches[0].capacity > 9.0 && world->caches[0].capacity < 11.0); /* sliced */
    assert_int_equal(world->caches[0].rehash, 1);
    assert_int_equal(world->sources[0].patience.kind, PL_LAW_LOGNORMAL);
    uint32_t hedge = pl_world_param(world, "call.front.back.hedge");
    assert_true(hedge != 0 && world->params[hedge].base > 0.29);
    assert_true(pl_world_param(world, "cache.pages.capacity") != 0);
    assert_true(pl_world_param(world, "service.front.gc_heap") != 0);
}

static void mistakes_of_entities_are_told(void **unused)
{
    (void)unused;
    static const struct {
        const char *find;
        const char *line;
        const char *message;
    } cases[] = {
        {"slice:", "slice: 2/4", "`slice` is 2/4; `1/N` with N from 1 to 1000 is expected."},
        {"    pods: 4", "    pods: 5", "which the slice 1/2 does not divide"},
        {"    pods_max: 8",
         "    pods_max: 2\n    autoscale: {on: yes, min: 2, max: 6}",
         "`pods_max` is less than the pods"},
        {"max_connections: 60",
         "    max_conections: 60",
         "A database has no key `max_conections` (did you mean `max_connections`?)."},
        {"pools: {main-db",
         "    pools: {main_db: {size: 4}}",
         "There is no database `main_db` (did you mean `main-db`?)."},
        {"pools: {main-db", "    pools: {main-db: {}}", "This pool lacks `size`"},
        {"arrivals:", "    arrivals: poison 40/s", "`poison 40/s` is no kind of arrivals"},
        {"arrivals:", "    arrivals: poisson 40", "`arrivals`: "},
        {"    mix:", "    mix: {front/page: 70%}", "add up to 70%; 100% is expected"},
        {"nightly:", "  nightly: {database: main-db, lock: stok}", "did you mean `stock`?"},
        {"consumer: back/ship", "  orders: {group: ship, consumer: back}", "`back` names no route"},
        {"address: pay.example", "  front: {latency: 3ms}", "is a vendor and a service"},
        {"frames:", "frames: 8", "`frames` is 8; 16 to 65536 is allowed."},
        {"world: small", "world: [small]", "`world` is a list; a single value is expected."},
        {"patience:", "    shape: {\"10:00\": 1, \"09:00\": 2}", "Times of a shape go up"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_test_refuse_world(cases[i].find, cases[i].line, cases[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_slice_divides_the_fleet_and_nothing_per_pod,
                                        pl_test_contents_setup,
                                        pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(queues_balancers_caches_and_collectors_are_read,
                                        pl_test_contents_setup,
                                        pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            mistakes_of_entities_are_told, pl_test_contents_setup, pl_test_contents_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
