// SPDX-License-Identifier: Apache-2.0
#include "server/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void never_called(void *context, struct pl_http_request *request)
{
    (void)context;
    (void)request;
    fail();
}

static const struct pl_route first[] = {
    {.method = PL_METHOD_GET, .pattern = "/", .handle = never_called},
    {.method = PL_METHOD_GET, .pattern = "/api/sessions/{id}", .handle = never_called},
    {.method = PL_METHOD_POST, .pattern = "/api/sessions/{id}/commands", .handle = never_called},
    {.method = PL_METHOD_GET, .pattern = "/api/sessions", .handle = never_called},
    {.method = PL_METHOD_POST, .pattern = "/api/sessions", .handle = never_called},
};
static const struct pl_route second[] = {
    {.method = PL_METHOD_GET, .pattern = "/api/sessions/newest", .handle = never_called},
};

static struct pl_route_match find(enum pl_method method, const char *path)
{
    static int contexts[2];
    const struct pl_routes groups[] = {
        {.items = first, .count = 5, .context = &contexts[0]},
        {.items = second, .count = 1, .context = &contexts[1]},
    };
    struct pl_route_match match;
    pl_route_find(&match, groups, 2, method, path);
    return match;
}

static void a_path_finds_its_route_and_its_parameters(void **state)
{
    (void)state;
    struct pl_route_match match = find(PL_METHOD_POST, "/api/sessions/s-17/commands");
    assert_ptr_equal(match.route, &first[2]);
    assert_int_equal(match.param_count, 1);
    assert_true(pl_slice_equal(match.params[0].name, pl_slice_of("id")));
    assert_true(pl_slice_equal(match.params[0].value, pl_slice_of("s-17")));
    assert_ptr_equal(find(PL_METHOD_GET, "/").route, &first[0]);
    assert_ptr_equal(find(PL_METHOD_HEAD, "/api/sessions").route, &first[3]);
}

static void a_part_by_name_goes_before_a_parameter(void **state)
{
    (void)state;
    struct pl_route_match match = find(PL_METHOD_GET, "/api/sessions/newest");
    assert_ptr_equal(match.route, &second[0]);
    assert_int_equal(match.param_count, 0);
    assert_ptr_equal(find(PL_METHOD_GET, "/api/sessions/other").route, &first[1]);
}

static void another_method_is_told_from_an_unknown_path(void **state)
{
    (void)state;
    struct pl_route_match match = find(PL_METHOD_DELETE, "/api/sessions");
    assert_null(match.route);
    assert_true(match.path_known);
    assert_int_equal(match.methods,
                     1u << PL_METHOD_GET | 1u << PL_METHOD_HEAD | 1u << PL_METHOD_POST);
    const char *unknown[] = {"/api", "/api/", "/api/sessions/", "/api/sessions/a/b", "/x", "//"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        match = find(PL_METHOD_GET, unknown[i]);
        assert_null(match.route);
        assert_false(match.path_known);
    }
}

static void methods_have_names_and_know_whether_they_are_safe(void **state)
{
    (void)state;
    assert_string_equal(pl_method_name(PL_METHOD_DELETE), "DELETE");
    assert_true(pl_method_is_safe(PL_METHOD_HEAD));
    assert_false(pl_method_is_safe(PL_METHOD_POST));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_finds_its_route_and_its_parameters),
        cmocka_unit_test(a_part_by_name_goes_before_a_parameter),
        cmocka_unit_test(another_method_is_told_from_an_unknown_path),
        cmocka_unit_test(methods_have_names_and_know_whether_they_are_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
