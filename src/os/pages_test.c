// SPDX-License-Identifier: Apache-2.0
#include "os/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Far more than is touched: only the touched pages are held, and they begin as zeros. */
static void only_touched_pages_cost(void **unused)
{
    (void)unused;
    size_t size = (size_t)1 << 34;
    void *memory = NULL;
    pl_error err = {0};
    assert_int_equal(pl_pages_reserve(size, &memory, &err), PL_OK);
    assert_int_equal((uintptr_t)memory & 4095, 0);
    char *bytes = memory;
    assert_int_equal(bytes[size - 1], 0);
    bytes[0] = 1;
    bytes[size / 2] = 2;
    size_t touched = pl_pages_touched(memory, size);
    /* Three places; a page may be a large one. */
    assert_true(touched >= 8192 && touched <= (size_t)3 << 21);
    pl_pages_release(memory, size);
    pl_pages_release(NULL, 0);
}

static void what_cannot_be_reserved_is_told(void **unused)
{
    (void)unused;
    void *memory = &unused;
    pl_error err = {0};
    assert_int_equal(pl_pages_reserve(SIZE_MAX / 2, &memory, &err), PL_NO_MEMORY);
    assert_null(memory);
    assert_true(err.message[0] != '\0');
}

static void memory_of_process_and_machine_is_told(void **unused)
{
    (void)unused;
    assert_true(pl_pages_resident() > 0);
    assert_true(pl_pages_machine() > pl_pages_resident());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_touched_pages_cost),
        cmocka_unit_test(what_cannot_be_reserved_is_told),
        cmocka_unit_test(memory_of_process_and_machine_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
