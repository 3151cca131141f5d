// SPDX-License-Identifier: Apache-2.0
#include "scenario/world_names.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_test_contents contents;

static int setup(void **unused)
{
    (void)unused;
    pl_test_contents_init(&contents);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    pl_test_contents_free(&contents);
    return 0;
}

/* Load the world with one line replaced; the messages must contain this. */
static void assert_world_error(const char *find, const char *line, const char *message)
{
    char *text = pl_test_edited(pl_test_world_text, find, line);
    assert_false(pl_test_load_world(&contents, text));
    if (strstr(contents.text, message) == NULL) {
        fail_msg("expected: %s\nfound:\n%s", message, contents.text);
    }
    free(text);
}

static void names_are_found_in_their_arrays(void **unused)
{
    (void)unused;
    assert_true(pl_test_load_world(&contents, pl_test_world_text));
    struct pl_names services = pl_names_services(contents.world);
    struct pl_names vendors = pl_names_vendors(contents.world);
    assert_int_equal(pl_names_find(&services, pl_slice_of("back")), 1);
    assert_int_equal(pl_names_find(&services, pl_slice_of("bac")), PL_NONE);
    assert_int_equal(pl_names_find(&vendors, pl_slice_of("payment")), 0);
}

static void what_is_not_there_is_answered_with_what_is(void **unused)
{
    (void)unused;
    assert_world_error("query: read",
                       "            - query: reed",
                       "w.yaml:49:22: There is no statement `reed` (did you mean `read`?).");
    assert_world_error("publish: orders",
                       "        - publish: invoices",
                       "There is no topic `invoices`; this file has orders.");
    assert_world_error("miss: [{call",
                       "          - {get: pages, miss: [{call: back/ordr}, {put: pages}]}",
                       "The service `back` has no route `ordr` (did you mean `order`?).");
    assert_world_error("miss: [{call",
                       "          - {get: pages, miss: [{call: back}, {put: pages}]}",
                       "`back` is a service; a call names its route too, as `back/ROUTE`.");
}

static void a_pair_has_one_client_policy(void **unused)
{
    (void)unused;
    assert_world_error(
        "miss: [{call",
        "          - {get: pages, miss: [{call: {to: back/order, timeout: 3s}}, {put: pages}]}",
        "`timeout` of the calls of front to back was given with another value before");
    char *text = pl_test_edited(
        pl_test_world_text,
        "miss: [{call",
        "          - {get: pages, miss: [{call: {to: back/order, timeout: 2s, jitter: 10%}}]}");
    assert_true(pl_test_load_world(&contents, text));
    free(text);
    assert_int_equal(contents.world->edge_count, 2);
    assert_true(contents.world->edges[0].jitter < 0.11);
    assert_true(contents.world->edges[0].retries > 0.9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_are_found_in_their_arrays, setup, teardown),
        cmocka_unit_test_setup_teardown(
            what_is_not_there_is_answered_with_what_is, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pair_has_one_client_policy, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
