// SPDX-License-Identifier: Apache-2.0
#include "server/response.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char memory[PL_RESPONSE_HEAD_MAX];

static void every_head_carries_the_security_headers(void **state)
{
    (void)state;
    static const int statuses[] = {200, 204, 304, 404, 500};
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        struct pl_buf buf;
        struct pl_response_def def = {.status = statuses[i], .type = "text/html", .secure = i == 0};
        pl_buf_init(&buf, memory, sizeof memory);
        pl_response_put_head(&buf, &def);
        assert_non_null(strstr(memory, "require-trusted-types-for 'script'\r\n"));
        assert_null(strstr(memory, "unsafe"));
        assert_non_null(strstr(memory, "\r\nX-Content-Type-Options: nosniff\r\n"));
        assert_non_null(strstr(memory, "\r\nReferrer-Policy: same-origin\r\n"));
        assert_non_null(strstr(memory, "\r\nCross-Origin-Opener-Policy: same-origin\r\n"));
        assert_non_null(strstr(memory, "\r\nConnection: close\r\n\r\n"));
        assert_int_equal(strstr(memory, "Strict-Transport-Security") != NULL, i == 0);
        bool length = strstr(memory, "Content-Length") != NULL;
        assert_int_equal(length, statuses[i] != 204 && statuses[i] != 304);
    }
}

static void an_error_says_what_happened_what_to_do_and_which_request_it_was(void **state)
{
    (void)state;
    struct pl_buf buf;
    pl_buf_init(&buf, memory, sizeof memory);
    pl_response_put_error(&buf, PL_CODES_NOT_FOUND, "No \"x\".", NULL, "1234");
    assert_string_equal(memory,
                        "{\"error\":{\"code\":\"not_found\",\"message\":\"No \\\"x\\\".\","
                        "\"hint\":null,\"request_id\":\"1234\"}}");
}

static void each_code_has_a_reason_phrase(void **state)
{
    (void)state;
    for (int i = 0; i < PL_CODES_COUNT; i++) {
        assert_string_not_equal(pl_response_reason(pl_codes_http((enum pl_codes_id)i)), "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_head_carries_the_security_headers),
        cmocka_unit_test(an_error_says_what_happened_what_to_do_and_which_request_it_was),
        cmocka_unit_test(each_code_has_a_reason_phrase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
