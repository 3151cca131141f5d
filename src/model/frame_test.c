// SPDX-License-Identifier: Apache-2.0
#include "model/frame.h"

#include "support/worlds.h"

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
    state = pl_test_start(world, 12);
    record = pl_test_record(world);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    free(record);
    free(state);
    free(world);
    return 0;
}

static void run_to(int64_t seconds)
{
    pl_model_run(world, state, record, seconds * PL_NS_PER_S);
}

static void a_flag_reaches_its_share_of_requests(void **unused)
{
    /* Each order pays once; with the flag it makes two more calls to the vendor. */
    (void)unused;
    pl_test_change(world, state, "flag.inline", 0.25, 0.0);
    run_to(300);
    double orders = (double)record->routes[2].completed;
    double calls = (double)record->edge_requests[1];
    assert_true(orders > 5000.0);
    assert_true(calls / orders > 1.0 + 2.0 * 0.23 && calls / orders < 1.0 + 2.0 * 0.27);
}

static void a_fraction_of_times_is_a_probability(void **unused)
{
    (void)unused;
    pl_test_change(world, state, "step.checkout.place-order.pay.times", 1.5, 0.0);
    run_to(300);
    double ratio = (double)record->edge_requests[1] / (double)record->routes[2].completed;
    assert_true(ratio > 1.47 && ratio < 1.53);
}

static void a_step_without_share_is_left_out(void **unused)
{
    (void)unused;
    pl_test_change(world, state, "step.checkout.place-order.pay.share", 0.0, 0.0);
    run_to(30);
    assert_int_equal(record->edge_requests[1], 0);
    assert_true(record->routes[2].completed > 100);
}

static void shards_divide_requests_into_equal_parts(void **unused)
{
    /* Checkout pays its vendor once per order: a quarter of the orders belongs to shard 2 of 4. */
    (void)unused;
    for (uint32_t i = 0; i < world->step_count; i++) {
        if (world->steps[i].vendor != PL_NONE) {
            world->steps[i].shards = 4;
            world->steps[i].shard = 1;
        }
    }
    free(state);
    state = pl_test_start(world, 12);
    run_to(300);
    double orders = (double)record->routes[2].completed;
    double ratio = (double)record->edge_requests[1] / orders;
    assert_true(orders > 5000.0);
    assert_true(ratio > 0.23 && ratio < 0.27);
}

static void branches_run_side_by_side(void **unused)
{
    /* buy calls place-order and get-order in parallel: it takes about as long as the slower. */
    (void)unused;
    run_to(200);
    double buy = pl_histogram_mean(&record->routes[1].latency);
    double place = pl_histogram_mean(&record->routes[2].latency);
    double get = pl_histogram_mean(&record->routes[3].latency);
    assert_true(buy > place);
    assert_true(buy < place + 0.9 * get + 5e6);
    assert_true(record->routes[2].completed + 20 > record->routes[3].completed &&
                record->routes[3].completed + 20 > record->routes[2].completed);
}

static void a_failed_step_fails_the_request_and_its_caller(void **unused)
{
    (void)unused;
    pl_test_change(world, state, "step.checkout.get-order.parse.error", 1.0, 0.0);
    pl_test_change(world, state, "call.storefront.checkout.breaker", 0.0, 0.0);
    run_to(20);
    assert_int_equal(record->routes[3].completed, 0);
    assert_true(record->routes[3].failed > 100);
    assert_int_equal(record->routes[1].completed, 0);
}

static void work_that_nobody_waits_for_is_still_done(void **unused)
{
    /* The storefront gives up after 50 ms; checkout completes all the same. */
    (void)unused;
    pl_test_change(world, state, "call.storefront.checkout.timeout", 0.02, 0.0);
    pl_test_change(world, state, "call.storefront.checkout.retries", 0.0, 0.0);
    pl_test_change(world, state, "call.storefront.checkout.breaker", 0.0, 0.0);
    run_to(60);
    uint64_t abandoned = record->log_counts[0][PL_LOG_CALL_TIMEOUT];
    assert_true(abandoned > 500);
    assert_true(record->routes[2].completed > record->routes[1].completed + 500);
    pl_model_validate(world, state);
}

static void spans_of_a_trace_form_one_tree(void **unused)
{
    (void)unused;
    run_to(120);
    uint64_t spans = record->span_count < PL_SPANS_MAX ? record->span_count : PL_SPANS_MAX;
    uint64_t children = 0;
    for (uint64_t i = 0; i < spans; i++) {
        const struct pl_span *span = &record->spans[i];
        assert_true(span->end_ns >= span->start_ns);
        if (span->parent == 0 || span->kind == PL_SPAN_CONSUMER) {
            continue;
        }
        for (uint64_t j = 0; j < spans; j++) {
            if (record->spans[j].span == span->parent) {
                assert_true(record->spans[j].trace == span->trace);
                children++;
                break;
            }
        }
    }
    assert_true(children > spans / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_flag_reaches_its_share_of_requests, setup, teardown),
        cmocka_unit_test_setup_teardown(shards_divide_requests_into_equal_parts, setup, teardown),
        cmocka_unit_test_setup_teardown(a_fraction_of_times_is_a_probability, setup, teardown),
        cmocka_unit_test_setup_teardown(a_step_without_share_is_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(branches_run_side_by_side, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_failed_step_fails_the_request_and_its_caller, setup, teardown),
        cmocka_unit_test_setup_teardown(work_that_nobody_waits_for_is_still_done, setup, teardown),
        cmocka_unit_test_setup_teardown(spans_of_a_trace_form_one_tree, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
