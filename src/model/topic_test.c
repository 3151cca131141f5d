// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_paused_topic_keeps_its_messages, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
