// SPDX-License-Identifier: Apache-2.0
#include "exam/tag.h"

#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_tag_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct pl_scratch scratch;
    struct pl_tag tag = {.owner = "ines",
                         .from = "0123456789abcdef",
                         .from_s = 300.5,
                         .speed = 4.0,
                         .sample = true,
                         .done = true,
                         .judged = true,
                         .done_s = 2400.0,
                         .damage = 0.25,
                         .score = 81.5};
    struct pl_tag back;
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    assert_int_equal(pl_tag_save(&tag, scratch.path, "0123456789abcdef", NULL), PL_OK);
    assert_true(pl_tag_load(&back, scratch.path, "0123456789abcdef"));
    assert_string_equal(back.owner, "ines");
    assert_string_equal(back.from, tag.from);
    assert_true(back.sample && back.done && back.judged && !back.running);
    assert_true(back.speed > 3.9 && back.speed < 4.1);
    assert_true(back.damage > 0.24 && back.damage < 0.26);
    assert_int_equal(pl_scratch_remove(&scratch, NULL), PL_OK);
}

static void without_a_file_there_are_defaults(void **state)
{
    (void)state;
    struct pl_tag tag;
    assert_false(pl_tag_load(&tag, "/nowhere", "0123456789abcdef"));
    assert_string_equal(tag.owner, "");
    assert_true(tag.running && !tag.sample);
    assert_true(tag.speed > 0.9 && tag.speed < 1.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_is_read_as_it_was_written),
        cmocka_unit_test(without_a_file_there_are_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
