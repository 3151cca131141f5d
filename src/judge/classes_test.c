// SPDX-License-Identifier: Apache-2.0
#include "judge/classes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pl_node *node_of(const double means[][4], uint32_t causes)
{
    struct pl_node *node = calloc(1, sizeof *node);
    assert_non_null(node);
    for (uint32_t i = 0; i < causes; i++) {
        for (uint32_t k = 0; k < 4; k++) {
            node->cells[i][k].mean = means[i][k];
            node->cells[i][k].count = 8;
        }
    }
    return node;
}

/* Causes 0 and 2 are repaired by option 1, cause 1 by option 2. */
static void causes_with_the_same_remedy_are_one_class(void **state)
{
    (void)state;
    static const double means[][4] = {{100, 10, 100, 90}, {100, 100, 12, 90}, {80, 9, 80, 70}};
    struct pl_node *node = node_of(means, 3);
    struct pl_classes classes;
    pl_classes_find(node, 3, 4, 2.0, &classes);
    assert_int_equal(classes.count, 2);
    assert_int_equal(classes.class_of[0], 0);
    assert_int_equal(classes.class_of[1], 1);
    assert_int_equal(classes.class_of[2], 0);
    assert_int_equal(classes.best_option[1], 2);
    free(node);
}

/*
 * Three causes in a row: neighbours cost each other 1.5, the ends cost each other 3. With a limit
 * of 2 a chain would put all three together; complete linkage keeps the ends apart.
 */
static void a_chain_of_near_causes_is_cut(void **state)
{
    (void)state;
    static const double means[][4] = {
        {50, 10.0, 11.5, 13.0}, {50, 11.5, 10.0, 11.4}, {50, 13.0, 11.4, 10.0}};
    struct pl_node *node = node_of(means, 3);
    struct pl_classes classes;
    pl_classes_find(node, 3, 4, 2.0, &classes);
    assert_int_equal(classes.count, 2);
    assert_int_equal(classes.class_of[1], classes.class_of[2]);
    assert_int_not_equal(classes.class_of[0], classes.class_of[1]);
    free(node);
}

/* What was never simulated is never the best. */
static void an_empty_cell_is_no_remedy(void **state)
{
    (void)state;
    static const double means[][4] = {{100, 10, 0, 90}};
    struct pl_node *node = node_of(means, 1);
    node->cells[0][2].count = 0;
    struct pl_classes classes;
    pl_classes_find(node, 1, 4, 2.0, &classes);
    assert_int_equal(classes.best_option[0], 1);
    free(node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(causes_with_the_same_remedy_are_one_class),
        cmocka_unit_test(a_chain_of_near_causes_is_cut),
        cmocka_unit_test(an_empty_cell_is_no_remedy),
    };
    return cmocka_run_group_tests_name("classes", tests, NULL, NULL);
}
