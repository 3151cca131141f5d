// SPDX-License-Identifier: Apache-2.0
#include "store/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void tokens_differ_and_are_kept_as_hashes(void **state)
{
    (void)state;
    char a[PL_SECRET_TOKEN_SIZE];
    char b[PL_SECRET_TOKEN_SIZE];
    char hash[PL_SECRET_TOKEN_HASH_SIZE];
    char again[PL_SECRET_TOKEN_HASH_SIZE];
    pl_secret_token(a);
    pl_secret_token(b);
    assert_int_equal(strlen(a), 43);
    assert_string_not_equal(a, b);
    pl_secret_hash_token(hash, a);
    pl_secret_hash_token(again, a);
    assert_true(pl_secret_same_hash(hash, again));
    pl_secret_hash_token(again, b);
    assert_false(pl_secret_same_hash(hash, again));
    assert_false(pl_secret_same_hash(hash, ""));
    /* BLAKE2b-256 of nothing, from RFC 7693's algorithm by another program. */
    pl_secret_hash_token(hash, "");
    assert_string_equal(hash, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
}

static void passwords_are_hashed_by_argon2id_with_64_mib(void **state)
{
    (void)state;
    char hash[PL_SECRET_PASSWORD_HASH_SIZE];
    assert_int_equal(pl_secret_hash_password(hash, "four random words", NULL), PL_OK);
    assert_int_equal(strncmp(hash, "$argon2id$v=19$m=65536,t=2,p=1$", 31), 0);
    assert_true(pl_secret_check_password(hash, "four random words"));
    assert_false(pl_secret_check_password(hash, "four random word"));
    assert_false(pl_secret_check_password("", "four random words"));
}

static void only_short_and_worn_out_passwords_are_refused(void **state)
{
    (void)state;
    pl_error err = {0};
    char text[PL_SECRET_PASSWORD_MAX + 2];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)('a' + i * i % 23);
    }
    text[PL_SECRET_PASSWORD_MAX] = '\0';
    assert_int_equal(pl_secret_check_choice(text, "ada", NULL), PL_OK);
    text[PL_SECRET_PASSWORD_MAX] = 'x';
    text[PL_SECRET_PASSWORD_MAX + 1] = '\0';
    assert_int_equal(pl_secret_check_choice(text, "ada", NULL), PL_BAD_INPUT);
    assert_int_equal(pl_secret_check_choice("1234567", "ada", &err), PL_BAD_INPUT);
    assert_non_null(strstr(err.message, "at least 8"));
    assert_int_equal(pl_secret_check_choice("Password123", "ada", NULL), PL_BAD_INPUT);
    assert_int_equal(pl_secret_check_choice("ada.lovelace", "Ada.Lovelace", NULL), PL_BAD_INPUT);
    assert_int_equal(pl_secret_check_choice("aaaaaaab", "ada", NULL), PL_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_differ_and_are_kept_as_hashes),
        cmocka_unit_test(passwords_are_hashed_by_argon2id_with_64_mib),
        cmocka_unit_test(only_short_and_worn_out_passwords_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
