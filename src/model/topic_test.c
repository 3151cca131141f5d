// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "model/topic.h"

#include "support/driven.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void a_paused_topic_keeps_its_messages(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_set(shop, "topic.orders.paused", 1.0);
    pl_driven_run_to(shop, 30.0);
    struct pl_topic_view topic = pl_model_topic(shop->state, 0);
    assert_true(topic.depth > 400 && topic.working == 0);
    assert_true(topic.oldest_ns > 28 * PL_NS_PER_S);
    pl_driven_set(shop, "topic.orders.paused", 0.0);
    pl_driven_run_to(shop, 60.0);
    assert_true(pl_model_topic(shop->state, 0).depth < 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_paused_topic_keeps_its_messages, pl_driven_setup, pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
