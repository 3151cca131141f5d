// SPDX-License-Identifier: Apache-2.0
#include "server/codes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void each_code_has_a_name_of_its_own_a_status_and_a_sentence(void **state)
{
    (void)state;
    for (int i = 0; i < PL_CODES_COUNT; i++) {
        enum pl_codes_id code = (enum pl_codes_id)i;
        assert_true(pl_codes_http(code) >= 400 && pl_codes_http(code) < 600);
        const char *meaning = pl_codes_meaning(code);
        assert_int_equal(meaning[strlen(meaning) - 1], '.');
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(pl_codes_name(code), pl_codes_name((enum pl_codes_id)j));
        }
    }
}

static void a_status_of_the_lower_layers_has_a_code(void **state)
{
    (void)state;
    assert_string_equal(pl_codes_name(pl_codes_of_status(PL_NOT_FOUND)), "not_found");
    assert_string_equal(pl_codes_name(pl_codes_of_status(PL_CONFLICT)), "conflict");
    assert_string_equal(pl_codes_name(pl_codes_of_status(PL_BAD_INPUT)), "bad_value");
    assert_string_equal(pl_codes_name(pl_codes_of_status(PL_LIMIT)), "busy");
    assert_string_equal(pl_codes_name(pl_codes_of_status(PL_IO)), "internal");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_code_has_a_name_of_its_own_a_status_and_a_sentence),
        cmocka_unit_test(a_status_of_the_lower_layers_has_a_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
