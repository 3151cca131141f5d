// SPDX-License-Identifier: Apache-2.0
#include "judge/feature_writer.h"

#include "support/features.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void names_that_fold_alike_share_a_group(void **state)
{
    (void)state;
    struct pl_feature_writer writer = test_features_start();
    struct pl_feature_group *a = pl_feature_writer_group(&writer, pl_slice_of("took 12 ms"));
    assert_ptr_equal(a, pl_feature_writer_group(&writer, pl_slice_of("took 7 ms")));
    assert_ptr_not_equal(a, pl_feature_writer_group(&writer, pl_slice_of("took 7 s")));
}

static void groups_are_bounded(void **state)
{
    (void)state;
    struct pl_feature_writer writer = test_features_start();
    for (uint32_t i = 0; i < PL_FEATURE_GROUPS_MAX; i++) {
        char name[2] = {(char)('!' + i), (char)('!' + i)};
        assert_non_null(pl_feature_writer_folded(&writer, name, 2));
    }
    assert_null(pl_feature_writer_folded(&writer, "new", 3));
    assert_non_null(pl_feature_writer_folded(&writer, "!!", 2));
}

static void a_closed_set_is_sorted_without_doubles(void **state)
{
    (void)state;
    struct pl_feature_writer writer = test_features_start();
    for (uint32_t round = 0; round < 2; round++) {
        for (uint64_t of = 1; of <= 60; of++) {
            struct pl_feature_item item = {
                .about = PL_ABOUT_LEVEL, .of = of, .value = (double)of + 100.0 * round};
            pl_feature_writer_add(&writer, NULL, &item);
        }
    }
    struct pl_feature_item bad = {.about = PL_ABOUT_LEVEL, .value = (double)NAN};
    pl_feature_writer_add(&writer, NULL, &bad);
    pl_feature_writer_close(&writer);
    assert_int_equal(test_features.count, 60);
    for (uint32_t i = 1; i < test_features.count; i++) {
        assert_true(test_features.items[i - 1].key < test_features.items[i].key);
    }
}

static void a_full_set_counts_the_rest(void **state)
{
    (void)state;
    struct pl_feature_writer writer = test_features_start();
    for (uint64_t of = 0; of < PL_FEATURES_MAX + 5; of++) {
        struct pl_feature_item item = {.about = PL_ABOUT_LEVEL, .of = of, .value = 1.0};
        pl_feature_writer_add(&writer, NULL, &item);
    }
    assert_int_equal(test_features.count, PL_FEATURES_MAX);
    assert_int_equal(test_features.dropped, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_fold_alike_share_a_group),
        cmocka_unit_test(groups_are_bounded),
        cmocka_unit_test(a_closed_set_is_sorted_without_doubles),
        cmocka_unit_test(a_full_set_counts_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
