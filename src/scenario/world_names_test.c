// SPDX-License-Identifier: Apache-2.0
#include "scenario/world_names.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void names_are_found_in_their_arrays(void **unused)
{
    (void)unused;
    assert_true(pl_test_load_world(&pl_test_loaded, pl_test_world_text));
    struct pl_names services = pl_names_services(pl_test_loaded.world);
    struct pl_names vendors = pl_names_vendors(pl_test_loaded.world);
    assert_int_equal(pl_names_find(&services, pl_slice_of("back")), 1);
    assert_int_equal(pl_names_find(&services, pl_slice_of("bac")), PL_NONE);
    assert_int_equal(pl_names_find(&vendors, pl_slice_of("payment")), 0);
}

static void what_is_not_there_is_answered_with_what_is(void **unused)
{
    (void)unused;
    pl_test_refuse_world("query: read",
                         "            - query: reed",
                         "w.yaml:49:22: There is no statement `reed` (did you mean `read`?).");
    pl_test_refuse_world("publish: orders",
                         "        - publish: invoices",
                         "There is no topic `invoices`; this file has orders.");
    pl_test_refuse_world("miss: [{call",
                         "          - {get: pages, miss: [{call: back/ordr}, {put: pages}]}",
                         "The service `back` has no route `ordr` (did you mean `order`?).");
    pl_test_refuse_world("miss: [{call",
                         "          - {get: pages, miss: [{call: back}, {put: pages}]}",
                         "`back` is a service; a call names its route too, as `back/ROUTE`.");
}

static void a_pair_has_one_client_policy(void **unused)
{
    (void)unused;
    pl_test_refuse_world(
        "miss: [{call",
        "          - {get: pages, miss: [{call: {to: back/order, timeout: 3s}}, {put: pages}]}",
        "`timeout` of the calls of front to back was given with another value before");
    char *text = pl_test_edited(
        pl_test_world_text,
        "miss: [{call",
        "          - {get: pages, miss: [{call: {to: back/order, timeout: 2s, jitter: 10%}}]}");
    assert_true(pl_test_load_world(&pl_test_loaded, text));
    free(text);
    assert_int_equal(pl_test_loaded.world->edge_count, 2);
    assert_true(pl_test_loaded.world->edges[0].jitter < 0.11);
    assert_true(pl_test_loaded.world->edges[0].retries > 0.9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            names_are_found_in_their_arrays, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(what_is_not_there_is_answered_with_what_is,
                                        pl_test_contents_setup,
                                        pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            a_pair_has_one_client_policy, pl_test_contents_setup, pl_test_contents_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
