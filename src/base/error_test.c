// SPDX-License-Identifier: Apache-2.0
//
// Errors keep the first message, are cut between characters, and render with what is known.
#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void first_error_wins(void **state)
{
    (void)state;
    pl_error err = {0};
    pl_pos pos = {3, 9, "world.yaml"};
    assert_int_equal(pl_fail(&err, PL_LIMIT, &pos, "too many pods: %d", 70), PL_LIMIT);
    assert_int_equal(pl_fail(&err, PL_IO, NULL, "second"), PL_IO);
    assert_int_equal(err.status, PL_LIMIT);
    assert_string_equal(err.message, "too many pods: 70");
    assert_int_equal(err.pos.line, 3);
    assert_int_equal(pl_fail(NULL, PL_IO, NULL, "nobody listens"), PL_IO);
}

static void message_is_cut_between_characters(void **state)
{
    (void)state;
    /* Every length around the limit, so that each byte of the two-byte character is cut once. */
    for (size_t lead = PL_ERROR_MESSAGE_MAX - 6; lead < PL_ERROR_MESSAGE_MAX + 2; lead++) {
        char text[PL_ERROR_MESSAGE_MAX + 8];
        memset(text, 'a', lead);
        memcpy(text + lead, "\xc3\xa9", 3);
        pl_error err = {0};
        (void)pl_fail(&err, PL_BAD_INPUT, NULL, "%s", text);
        size_t size = strlen(err.message);
        assert_true(size < PL_ERROR_MESSAGE_MAX);
        assert_int_not_equal((unsigned char)err.message[size - 1], 0xc3);
        assert_memory_equal(err.message, text, size);
    }
}

static void message_has_no_control_characters(void **state)
{
    (void)state;
    pl_error err = {0};
    (void)pl_fail(
        &err, PL_BAD_INPUT, NULL, "unknown key `%s`", "a\x1b[31m\n\x7f\xc2\x9b caf\xc3\xa9");
    assert_string_equal(err.message, "unknown key `a?[31m???? caf\xc3\xa9`");
}

static void list_counts_past_its_limit(void **state)
{
    (void)state;
    static struct pl_errors errors;
    for (uint32_t i = 0; i < PL_ERRORS_MAX + 5; i++) {
        pl_pos pos = {i + 1, 1, ""};
        pl_errors_add(&errors, PL_BAD_INPUT, &pos, "error %u", i);
    }
    assert_int_equal(errors.count, PL_ERRORS_MAX + 5);
    assert_string_equal(errors.items[PL_ERRORS_MAX - 1].message, "error 63");
    assert_int_equal(errors.items[PL_ERRORS_MAX - 1].pos.line, PL_ERRORS_MAX);
}

static void format_leaves_out_what_is_unknown(void **state)
{
    (void)state;
    static const struct {
        pl_pos pos;
        const char *expected;
    } cases[] = {
        {{0, 0, ""}, "no room"},
        {{4, 0, ""}, "4: no room"},
        {{4, 2, ""}, "4:2: no room"},
        {{0, 0, "a.yaml"}, "a.yaml: no room"},
        {{4, 2, "a.yaml"}, "a.yaml:4:2: no room"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_error err = {0};
        (void)pl_fail(&err, PL_LIMIT, &cases[i].pos, "no room");
        char text[64];
        pl_error_format(&err, text, sizeof text);
        assert_string_equal(text, cases[i].expected);
    }
    pl_error err = {0};
    (void)pl_fail(&err, PL_LIMIT, NULL, "no room");
    char small[4];
    pl_error_format(&err, small, sizeof small);
    assert_string_equal(small, "no ");
}

static void statuses_have_names_and_codes(void **state)
{
    (void)state;
    assert_string_equal(pl_status_name(PL_OK), "ok");
    assert_string_equal(pl_status_name(PL_UNSUPPORTED), "unsupported");
    assert_int_equal(pl_status_exit_code(PL_OK), 0);
    assert_int_equal(pl_status_exit_code(PL_BAD_INPUT), 2);
    assert_int_equal(pl_status_exit_code(PL_CORRUPT), 3);
    assert_int_equal(pl_status_http(PL_NOT_FOUND), 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_error_wins),
        cmocka_unit_test(message_is_cut_between_characters),
        cmocka_unit_test(message_has_no_control_characters),
        cmocka_unit_test(list_counts_past_its_limit),
        cmocka_unit_test(format_leaves_out_what_is_unknown),
        cmocka_unit_test(statuses_have_names_and_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
