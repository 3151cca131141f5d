// SPDX-License-Identifier: Apache-2.0
#include "judge/survey.h"

#include "support/trials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void remedies_of_three_causes_make_three_classes(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    const struct pl_constants *constants = judge->judge->constants;
    assert_int_equal(constants->class_count, 3);
    assert_int_equal(constants->trunk.node_count, 1);
    for (uint32_t h = 0; h < 3; h++) {
        assert_true(constants->acceptance[h] > 0.0 && constants->acceptance[h] <= 1.0);
        assert_true(constants->hurt_rate[h] > constants->quiet_rate);
        uint32_t best = judge->judge->classes.best_option[h];
        assert_int_equal(constants->trunk.options.items[best].helps_mask, UINT32_C(1) << h);
    }
    test_judge_close(judge);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judge_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remedies_of_three_causes_make_three_classes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
