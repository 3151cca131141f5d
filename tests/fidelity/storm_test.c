// SPDX-License-Identifier: Apache-2.0
//
// Metastable failure: work that is retried keeps a system down after its trigger is gone.
// Set-up after Bronson et al., Metastable Failures in Distributed Systems (HotOS 2021): a callee
// good for 300 requests per second, callers with one retry. Fluid rule with r retries: safe below
// 300 / (1 + r) = 150, vulnerable up to 300. The callee's queue has a limit: without one the storm
// would fill the state, and a run that overflows proves nothing.
#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct storm {
    double rate;   /* requests per second */
    double budget; /* retry budget, 0: none */
    bool trigger;  /* callee 50 times slower for ten seconds */
};

static void add_service(struct pl_world *world, const char *name, uint32_t workers, double cores)
{
    struct pl_service *service = &world->services[world->service_count];
    *service = pl_service_default();
    snprintf(service->name, sizeof service->name, "%s", name);
    service->workers = workers;
    service->cpu_cores = cores;
    struct pl_route *route = &world->routes[world->route_count];
    snprintf(route->name, sizeof route->name, "%s", "go");
    route->service = world->service_count++;
    route->step0 = world->step_count;
    route->step_count = 1;
    struct pl_step *step = &world->steps[world->step_count++];
    *step = pl_step_default();
    step->route = world->route_count++;
}

static void build(struct pl_world *world, const struct storm *storm)
{
    pl_error err = {0};
    pl_world_init(world);
    world->frames_max = 32768;
    add_service(world, "app", 0, 64.0);
    add_service(world, "db", 30, 30.0);
    world->services[1].queue_limit = 1000; /* 3.3 s of work: all who wait so long give up at 1 s */
    world->edge_count = 1;
    world->edges[0] = pl_edge_default();
    snprintf(world->edges[0].target_name, sizeof world->edges[0].target_name, "%s", "db");
    world->edges[0].to_service = 1;
    world->edges[0].timeout_s = 1.0;
    world->edges[0].retries = 1.0;
    world->edges[0].backoff_s = 0.0;
    world->edges[0].budget = storm->budget;
    world->steps[0].op = PL_OP_CALL;
    world->steps[0].edge = 0;
    world->steps[0].target = 1;
    world->steps[1].op = PL_OP_CPU;
    world->steps[1].law = pl_law_exponential(0.1);
    world->source_count = 1;
    world->sources[0] = pl_source_default();
    snprintf(world->sources[0].name, sizeof world->sources[0].name, "%s", "users");
    world->sources[0].rate = storm->rate;
    world->sources[0].mix_count = 1;
    world->sources[0].mix_share[0] = 1.0;
    assert_int_equal(pl_world_seal(world, &err), PL_OK);
}

/* Share of requests answered well during the last minute, three minutes after the trigger. */
static double goodput_after(const struct storm *storm, uint64_t seed)
{
    struct pl_world *world = malloc(sizeof *world);
    assert_non_null(world);
    build(world, storm);
    struct pl_state *state = pl_test_start(world, seed);
    if (storm->trigger) {
        pl_test_change(world, state, "service.db.cpu_factor", 50.0, 30.0);
        pl_test_change(world, state, "service.db.cpu_factor", 1.0, 40.0);
    }
    pl_model_run(world, state, NULL, 200 * PL_NS_PER_S);
    struct pl_outcome_view before = pl_model_outcome(state, 0);
    pl_model_run(world, state, NULL, 260 * PL_NS_PER_S);
    struct pl_outcome_view after = pl_model_outcome(state, 0);
    pl_model_validate(world, state);
    assert_int_equal(pl_model_overflows(state), 0);
    double good = (double)(after.ok - before.ok) / (storm->rate * 60.0);
    free(state);
    free(world);
    return good;
}

static void below_the_safe_load_the_system_recovers(void **unused)
{
    (void)unused;
    assert_true(goodput_after(&(struct storm){120.0, 0.0, true}, 1) > 0.97);
}

static void without_a_trigger_the_vulnerable_load_is_fine(void **unused)
{
    (void)unused;
    assert_true(goodput_after(&(struct storm){240.0, 0.0, false}, 1) > 0.97);
}

static void at_the_vulnerable_load_the_storm_outlives_its_trigger(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        assert_true(goodput_after(&(struct storm){280.0, 0.0, true}, seed) < 0.5);
    }
}

static void a_retry_budget_ends_the_storm(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        assert_true(goodput_after(&(struct storm){240.0, 0.1, true}, seed) > 0.97);
        assert_true(goodput_after(&(struct storm){240.0, 0.0, true}, seed) < 0.5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(below_the_safe_load_the_system_recovers),
        cmocka_unit_test(without_a_trigger_the_vulnerable_load_is_fine),
        cmocka_unit_test(at_the_vulnerable_load_the_storm_outlives_its_trigger),
        cmocka_unit_test(a_retry_budget_ends_the_storm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
