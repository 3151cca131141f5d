// SPDX-License-Identifier: Apache-2.0
#include "os/image.h"

#include "os/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { SIZE = 10 * 4096 + 100 };

/* Goal: views have the bytes, change apart, and outlive the image. */
static void views_change_apart(void **context)
{
    static unsigned char bytes[SIZE];
    struct pl_image *image = NULL;
    void *one = NULL;
    void *other = NULL;
    pl_error err = {0};
    (void)context;
    for (size_t i = 0; i < SIZE; i++) {
        bytes[i] = i / 4096 % 3 == 1 ? 0 : (unsigned char)(i * 7 + i / 4096);
    }
    assert_int_equal(pl_image_keep(&image, bytes, SIZE, &err), PL_OK);
    assert_int_equal(pl_image_map(image, &one, &err), PL_OK);
    assert_int_equal(pl_image_map(image, &other, &err), PL_OK);
    assert_memory_equal(one, bytes, SIZE);
    memset(one, 0xee, SIZE);
    assert_memory_equal(other, bytes, SIZE);
    pl_image_close(image);
    assert_memory_equal(other, bytes, SIZE);
    pl_pages_release(one, SIZE);
    pl_pages_release(other, SIZE);
}

/* Goal: zeros cost nothing, wherever they stand; other pages cost themselves. */
static void zeros_are_free(void **context)
{
    static unsigned char bytes[SIZE];
    struct pl_image *image = NULL;
    void *view = NULL;
    pl_error err = {0};
    (void)context;
    assert_int_equal(pl_image_keep(&image, bytes, SIZE, &err), PL_OK);
    assert_int_equal(pl_image_held(image), 0);
    pl_image_close(image);
    static const size_t places[] = {0, 4096, 5 * 4096 - 1, SIZE - 1};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        memset(bytes, 0, SIZE);
        bytes[places[i]] = 1;
        assert_int_equal(pl_image_keep(&image, bytes, SIZE, &err), PL_OK);
        assert_int_equal(pl_image_held(image), places[i] == SIZE - 1 ? 100 : 4096);
        assert_int_equal(pl_image_map(image, &view, &err), PL_OK);
        assert_memory_equal(view, bytes, SIZE);
        pl_pages_release(view, SIZE);
        pl_image_close(image);
    }
    pl_image_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_change_apart),
        cmocka_unit_test(zeros_are_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
