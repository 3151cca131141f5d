// SPDX-License-Identifier: Apache-2.0
#include "scenario/reader.h"

#include "model/world.h"
#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct pl_test_text opened;

static void kinds_are_told_apart_in_words(void **unused)
{
    (void)unused;
    pl_test_open_text(&opened, "a: {b: 1}\nc: [1]\nd: x\ne:\n");
    uint32_t root = opened.yaml.root;
    assert_true(pl_reader_is_map(&opened.reader, pl_reader_get(&opened.reader, root, "a"), "a"));
    assert_true(pl_reader_is_list(&opened.reader, pl_reader_get(&opened.reader, root, "c"), "c"));
    assert_true(pl_reader_is_scalar(&opened.reader, pl_reader_get(&opened.reader, root, "d"), "d"));
    assert_int_equal(opened.errors.count, 0);
    assert_false(pl_reader_is_map(&opened.reader, pl_reader_get(&opened.reader, root, "c"), "c"));
    assert_string_equal(opened.errors.items[0].message,
                        "`c` is a list; a map `key: value` is expected.");
    assert_int_equal(opened.errors.items[0].pos.line, 2);
    assert_false(
        pl_reader_is_scalar(&opened.reader, pl_reader_get(&opened.reader, root, "e"), "e"));
    assert_string_equal(opened.errors.items[1].message,
                        "`e` is nothing; a single value is expected.");
    assert_false(pl_reader_is_list(&opened.reader, pl_reader_get(&opened.reader, root, "d"), "d"));
    assert_int_equal(opened.errors.count, 3);
}

static void names_have_an_alphabet_and_a_length(void **unused)
{
    (void)unused;
    char out[8];
    pl_test_open_text(&opened, "a: 1\n");
    assert_true(
        pl_reader_copy_name(&opened.reader, pl_slice_of("ab-1_c"), 1, "thing", out, sizeof out));
    assert_string_equal(out, "ab-1_c");
    assert_false(
        pl_reader_copy_name(&opened.reader, pl_slice_of("a b"), 1, "thing", out, sizeof out));
    assert_false(
        pl_reader_copy_name(&opened.reader, pl_slice_of("eightbyt"), 1, "thing", out, sizeof out));
    assert_true(
        pl_reader_copy_name(&opened.reader, pl_slice_of("seven77"), 1, "thing", out, sizeof out));
    assert_false(pl_reader_copy_name(&opened.reader, pl_slice_of(""), 1, "thing", out, sizeof out));
    assert_int_equal(opened.errors.count, 3);
}

static void words_are_found_and_hinted(void **unused)
{
    (void)unused;
    char hint[80];
    assert_int_equal(pl_field_choice("one|two|three", pl_slice_of("two")), 1);
    assert_int_equal(pl_field_choice("one|two|three", pl_slice_of("tw")), PL_NONE);
    pl_reader_hint("one|two|three", pl_slice_of("thre"), hint, sizeof hint);
    assert_string_equal(hint, " (did you mean `three`?)");
    pl_reader_hint("one|two|three", pl_slice_of("elephant"), hint, sizeof hint);
    assert_string_equal(hint, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_told_apart_in_words),
        cmocka_unit_test(names_have_an_alphabet_and_a_length),
        cmocka_unit_test(words_are_found_and_hinted),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    pl_test_close_text(&opened);
    return failed;
}
