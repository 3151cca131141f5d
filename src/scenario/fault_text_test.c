// SPDX-License-Identifier: Apache-2.0
#include "scenario/fault_text.h"

#include "model/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void bind_two(struct pl_fault_bindings *bindings)
{
    bindings->count = 0;
    pl_fault_bind(bindings, pl_slice_of("pool"), pl_slice_of("back/main-db"), true);
    pl_fault_bind(bindings, pl_slice_of("to"), pl_slice_of("1/2"), false);
}

static void slashes_of_entities_become_dots(void **unused)
{
    (void)unused;
    struct pl_fault_bindings bindings;
    char text[128];
    struct pl_buf out;
    bind_two(&bindings);
    pl_buf_init(&out, text, sizeof text);
    pl_fault_fill(pl_slice_of("pool.${pool}.size is ${to}, $ ${to}{}"), &bindings, &out);
    assert_string_equal(text, "pool.back.main-db.size is 1/2, $ 1/2{}");
}

static void names_are_found_one_after_another(void **unused)
{
    (void)unused;
    pl_slice text = pl_slice_of("${a}$b${}${c");
    size_t from = 0;
    size_t open = 0;
    pl_slice name;
    assert_true(pl_fault_next(text, &from, &name, &open));
    assert_true(pl_slice_equal(name, pl_slice_of("a")));
    assert_int_equal(open, 0);
    assert_int_equal(from, 4);
    assert_true(pl_fault_next(text, &from, &name, &open));
    assert_int_equal(name.size, 0);
    assert_int_equal(open, 6);
    /* A brace that never closes is a name that nothing has. */
    assert_true(pl_fault_next(text, &from, &name, &open));
    assert_int_equal(name.size, 0);
    assert_int_equal(from, text.size);
    assert_false(pl_fault_next(text, &from, &name, &open));
}

static void names_that_nobody_bound_are_not_found(void **unused)
{
    (void)unused;
    struct pl_fault_bindings bindings;
    bind_two(&bindings);
    assert_int_equal(pl_fault_bound(&bindings, pl_slice_of("to")), 1);
    assert_int_equal(pl_fault_bound(&bindings, pl_slice_of("t")), PL_NONE);
}

static void what_does_not_fit_is_told(void **unused)
{
    (void)unused;
    struct pl_fault_bindings bindings;
    char text[8];
    struct pl_buf out;
    bind_two(&bindings);
    pl_buf_init(&out, text, sizeof text);
    pl_fault_fill(pl_slice_of("${pool}"), &bindings, &out);
    assert_true(out.overflow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slashes_of_entities_become_dots),
        cmocka_unit_test(names_are_found_one_after_another),
        cmocka_unit_test(names_that_nobody_bound_are_not_found),
        cmocka_unit_test(what_does_not_fit_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
