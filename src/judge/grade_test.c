// SPDX-License-Identifier: Apache-2.0
#include "judge/grade.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct pl_look_grade typical(void)
{
    return (struct pl_look_grade){
        .eig_bits = 0.5, .cost_s = 60.0, .best_rate = 0.02, .best_eig_bits = 1.2, .top_class = 0.4};
}

static void a_look_is_graded_by_its_rate(void **state)
{
    (void)state;
    struct pl_look_grade grade = typical();
    assert_true(fabs(pl_look_rate(&grade) - 0.5 / 1.2) < 1e-12);
    grade.eig_bits = 5.0;
    assert_true(fabs(pl_look_rate(&grade) - 1.0) < 1e-12);
    grade.eig_bits = -0.1;
    assert_true(fabs(pl_look_rate(&grade)) < 1e-12);
    grade.best_rate = 0.0;
    assert_true(fabs(pl_look_rate(&grade) - 1.0) < 1e-12);
}

static void more_looks_never_raise_the_efficiency_above_the_best(void **state)
{
    (void)state;
    struct pl_look_account account = {0};
    struct pl_look_grade grade = typical();
    assert_true(fabs(pl_look_account_efficiency(&account) - 1.0) < 1e-12);
    grade.eig_bits = 1.2;
    pl_look_account_add(&account, &grade);
    double one = pl_look_account_efficiency(&account);
    assert_true(fabs(one - 1.0) < 1e-12);
    grade.eig_bits = 0.0;
    pl_look_account_add(&account, &grade);
    assert_true(fabs(pl_look_account_efficiency(&account) - 0.5) < 1e-12);
}

static void exempt_looks_do_not_count(void **state)
{
    (void)state;
    struct pl_look_account account = {0};
    struct pl_look_grade grade = typical();
    grade.verifies = true;
    pl_look_account_add(&account, &grade);
    grade = typical();
    grade.top_class = 0.9;
    pl_look_account_add(&account, &grade);
    grade = typical();
    grade.best_eig_bits = 0.04;
    pl_look_account_add(&account, &grade);
    assert_int_equal(account.exempt, 3);
    assert_int_equal(account.counted, 0);
    assert_true(fabs(pl_look_account_efficiency(&account) - 1.0) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_look_is_graded_by_its_rate),
        cmocka_unit_test(more_looks_never_raise_the_efficiency_above_the_best),
        cmocka_unit_test(exempt_looks_do_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
