// SPDX-License-Identifier: Apache-2.0
#include "server/accounts.h"

#include "os/file.h"
#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_scratch scratch;
static struct pl_accounts *accounts;

static int open_accounts(void **state)
{
    (void)state;
    return pl_scratch_make(&scratch, NULL) == PL_OK &&
                   pl_accounts_open(&accounts, scratch.path, NULL) == PL_OK
               ? 0
               : 1;
}

static int close_accounts(void **state)
{
    (void)state;
    pl_accounts_close(accounts);
    return pl_scratch_remove(&scratch, NULL) == PL_OK ? 0 : 1;
}

static void a_name_is_the_same_in_any_case_and_taken_once(void **state)
{
    (void)state;
    pl_error err = {0};
    assert_int_equal(pl_accounts_add(accounts, "Ada@Example.org", "four random words", 12, &err),
                     PL_OK);
    assert_int_equal(pl_accounts_add(accounts, " ada@example.ORG ", "four other words", 12, &err),
                     PL_CONFLICT);
    static const char *const bad[] = {"", " ", "a b", "\xd0\xb0 ", "a\nb", "<ada>"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(pl_accounts_add(accounts, bad[i], "four random words", 12, NULL),
                         PL_BAD_INPUT);
    }
    assert_int_equal(pl_accounts_add(accounts, "bob", "password", 12, NULL), PL_BAD_INPUT);
    assert_int_equal(pl_accounts_count(accounts), 1);
}

static void a_sign_in_lasts_until_the_sign_out_and_over_restarts(void **state)
{
    (void)state;
    char token[PL_SECRET_TOKEN_SIZE];
    struct pl_http_user user = {0};
    assert_int_equal(pl_accounts_add(accounts, "ada", "four random words", 6, NULL), PL_OK);
    assert_int_equal(pl_accounts_sign_in(accounts, "ADA", "four random words", token, NULL), PL_OK);
    assert_true(pl_accounts_find(accounts, token, &user));
    assert_string_equal(user.id, "ada");
    assert_int_equal(user.roles, 6);

    pl_accounts_close(accounts);
    assert_int_equal(pl_accounts_open(&accounts, scratch.path, NULL), PL_OK);
    assert_true(pl_accounts_find(accounts, token, &user));
    assert_int_equal(pl_accounts_sign_out(accounts, token, NULL), PL_OK);
    assert_false(pl_accounts_find(accounts, token, &user));
    assert_false(pl_accounts_find(accounts, "", &user));
}

static void wrong_passwords_and_unknown_names_are_told_alike(void **state)
{
    (void)state;
    char token[PL_SECRET_TOKEN_SIZE];
    pl_error wrong = {0};
    pl_error unknown = {0};
    assert_int_equal(pl_accounts_add(accounts, "ada", "four random words", 6, NULL), PL_OK);
    assert_int_equal(pl_accounts_sign_in(accounts, "ada", "four random word", token, &wrong),
                     PL_NOT_FOUND);
    assert_int_equal(pl_accounts_sign_in(accounts, "bob", "four random words", token, &unknown),
                     PL_NOT_FOUND);
    assert_string_equal(wrong.message, unknown.message);
}

static void neither_passwords_nor_tokens_are_on_disk(void **state)
{
    (void)state;
    char token[PL_SECRET_TOKEN_SIZE];
    char path[PL_SCRATCH_PATH_SIZE + 20];
    pl_slice text;
    assert_int_equal(pl_accounts_add(accounts, "ada", "four random words", 6, NULL), PL_OK);
    assert_int_equal(pl_accounts_sign_in(accounts, "ada", "four random words", token, NULL), PL_OK);
    (void)snprintf(path, sizeof path, "%s/accounts.json", scratch.path);
    assert_int_equal(pl_file_load(path, 1 << 20, &text, NULL), PL_OK);
    assert_non_null(strstr(text.data, "argon2id"));
    assert_null(strstr(text.data, "four random"));
    assert_null(strstr(text.data, token));
    free((void *)(uintptr_t)text.data);

    pl_accounts_close(accounts);
    accounts = NULL;
    assert_int_equal(pl_file_save(path, pl_slice_of("{\"format\":2}"), NULL), PL_OK);
    assert_int_equal(pl_accounts_open(&accounts, scratch.path, NULL), PL_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_name_is_the_same_in_any_case_and_taken_once, open_accounts, close_accounts),
        cmocka_unit_test_setup_teardown(
            a_sign_in_lasts_until_the_sign_out_and_over_restarts, open_accounts, close_accounts),
        cmocka_unit_test_setup_teardown(
            wrong_passwords_and_unknown_names_are_told_alike, open_accounts, close_accounts),
        cmocka_unit_test_setup_teardown(
            neither_passwords_nor_tokens_are_on_disk, open_accounts, close_accounts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
