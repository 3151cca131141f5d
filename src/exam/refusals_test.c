// SPDX-License-Identifier: Apache-2.0
#include "exam/refusals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void an_answer_is_found_by_its_key_alone(void **state)
{
    (void)state;
    struct pl_refusals refusals = {0};
    pl_slice answer = {NULL, 0};
    assert_false(pl_refusals_find(&refusals, pl_slice_of("a"), &answer));
    pl_refusals_keep(&refusals, pl_slice_of("a"), pl_slice_of("{\"first\":1}"));
    pl_refusals_keep(&refusals, pl_slice_of("b"), pl_slice_of("{}"));
    assert_true(pl_refusals_find(&refusals, pl_slice_of("a"), &answer));
    assert_true(pl_slice_equal(answer, pl_slice_of("{\"first\":1}")));
    assert_false(pl_refusals_find(&refusals, pl_slice_of("c"), &answer));
    assert_false(pl_refusals_find(&refusals, (pl_slice){"", 0}, &answer));
    pl_refusals_fini(&refusals);
    assert_false(pl_refusals_find(&refusals, pl_slice_of("a"), &answer));
}

static void the_oldest_makes_room(void **state)
{
    (void)state;
    struct pl_refusals refusals = {0};
    pl_slice answer = {NULL, 0};
    char key[8];
    for (int i = 0; i <= PL_REFUSALS_MAX; i++) {
        snprintf(key, sizeof key, "k%d", i);
        pl_refusals_keep(&refusals, pl_slice_of(key), pl_slice_of(key));
    }
    assert_false(pl_refusals_find(&refusals, pl_slice_of("k0"), &answer));
    for (int i = 1; i <= PL_REFUSALS_MAX; i++) {
        snprintf(key, sizeof key, "k%d", i);
        assert_true(pl_refusals_find(&refusals, pl_slice_of(key), &answer));
        assert_true(pl_slice_equal(answer, pl_slice_of(key)));
    }
    pl_refusals_fini(&refusals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_found_by_its_key_alone),
        cmocka_unit_test(the_oldest_makes_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
