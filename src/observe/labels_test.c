// SPDX-License-Identifier: Apache-2.0
#include "observe/labels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void names_are_found_and_distinct(void **test_state)
{
    (void)test_state;
    for (uint32_t key = 0; key < PL_KEY_COUNT; key++) {
        assert_int_equal(pl_label_find(pl_slice_of(pl_label_name(key))), key);
    }
    assert_int_equal(pl_label_find(pl_slice_of("http_rout")), PL_KEY_COUNT);
}

static void keep_drops_other_keys(void **test_state)
{
    (void)test_state;
    struct pl_labels a = {{0}};
    a.value[PL_KEY_ROUTE] = 3;
    a.value[PL_KEY_LE] = 4;
    struct pl_labels b = a;
    pl_labels_keep(&b, pl_label_bit(PL_KEY_ROUTE));
    assert_int_equal(pl_labels_mask(&b), pl_label_bit(PL_KEY_ROUTE));
    assert_false(pl_labels_equal(&a, &b));
    a.value[PL_KEY_LE] = 0;
    assert_true(pl_labels_equal(&a, &b));
    assert_true(pl_labels_hash(&a) == pl_labels_hash(&b));
}

static void sets_are_written_as_prometheus_does(void **test_state)
{
    (void)test_state;
    struct pl_intern *intern = calloc(1, sizeof(*intern));
    struct pl_labels a = {{0}};
    char text[200];
    struct pl_buf out;
    pl_buf_init(&out, text, sizeof(text));
    pl_labels_put(intern, &a, &out);
    assert_string_equal(text, "{}");
    pl_buf_clear(&out);
    a.value[PL_KEY_LE] = pl_intern_add(intern, "0.5");
    a.value[PL_KEY_ROUTE] = pl_intern_add(intern, "/orders");
    pl_labels_put(intern, &a, &out);
    assert_string_equal(text, "{http_route=\"/orders\", le=\"0.5\"}");
    free(intern);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_and_distinct),
        cmocka_unit_test(keep_drops_other_keys),
        cmocka_unit_test(sets_are_written_as_prometheus_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
