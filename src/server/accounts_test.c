// SPDX-License-Identifier: Apache-2.0
#include "server/accounts.h"

#include "os/file.h"
#include "os/now.h"
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

/* Check and sign in, as a request does. */
static enum pl_accounts_answer
enter(const char *name, const char *password, const char *code, char *token)
{
    const struct pl_accounts_proof proof = {name, password, code};
    enum pl_accounts_answer answer = pl_accounts_check(accounts, &proof);
    if (answer == PL_ACCOUNTS_GOOD || answer == PL_ACCOUNTS_RECOVERED) {
        assert_int_equal(pl_accounts_sign_in(accounts, name, "192.0.2.7", token, NULL), PL_OK);
    }
    return answer;
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
    assert_int_equal(enter("ADA", "four random words", NULL, token), PL_ACCOUNTS_GOOD);
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
    assert_int_equal(pl_accounts_add(accounts, "ada", "four random words", 6, NULL), PL_OK);
    assert_int_equal(enter("ada", "four random word", NULL, token), PL_ACCOUNTS_WRONG);
    assert_int_equal(enter("bob", "four random words", NULL, token), PL_ACCOUNTS_WRONG);
    assert_int_equal(enter("a\nb", "four random words", NULL, token), PL_ACCOUNTS_WRONG);
}

static void put_code(char code[8], const char *secret, int64_t ahead)
{
    uint64_t step = (uint64_t)(pl_now_wall_ns() / 1000000000 / PL_TOTP_STEP_S + ahead);
    (void)snprintf(code, 8, "%06u", pl_totp_code(secret, step));
}

/* Goal: codes are asked for once confirmed, each is good once, and so is a recovery code; over a
 * restart too. */
static void codes_are_asked_for_and_good_once(void **state)
{
    (void)state;
    char token[PL_SECRET_TOKEN_SIZE];
    char secret[PL_TOTP_SECRET_SIZE];
    char code[8];
    char next[8];
    struct pl_accounts_recovery recovery;
    assert_int_equal(pl_accounts_add(accounts, "ada", "four random words", 6, NULL), PL_OK);
    assert_int_equal(pl_accounts_begin_codes(accounts, "ada", secret, NULL), PL_OK);
    assert_int_equal(enter("ada", "four random words", NULL, token), PL_ACCOUNTS_GOOD);
    assert_int_equal(pl_accounts_confirm_codes(accounts, "ada", "12345", &recovery, NULL),
                     PL_BAD_INPUT);
    put_code(code, secret, 0);
    put_code(next, secret, 1);
    assert_int_equal(pl_accounts_confirm_codes(accounts, "ada", code, &recovery, NULL), PL_OK);
    assert_int_equal(enter("ada", "four random words", NULL, token), PL_ACCOUNTS_NEEDS_CODE);
    assert_int_equal(enter("ada", "four random word", next, token), PL_ACCOUNTS_WRONG);
    assert_int_equal(enter("ada", "four random words", code, token), PL_ACCOUNTS_WRONG_CODE);
    assert_int_equal(enter("ada", "four random words", next, token), PL_ACCOUNTS_GOOD);
    const char *spare = recovery.codes[3];
    assert_int_equal(enter("ada", "four random words", spare, token), PL_ACCOUNTS_RECOVERED);
    pl_accounts_close(accounts);
    assert_int_equal(pl_accounts_open(&accounts, scratch.path, NULL), PL_OK);
    assert_int_equal(enter("ada", "four random words", next, token), PL_ACCOUNTS_WRONG_CODE);
    assert_int_equal(enter("ada", "four random words", spare, token), PL_ACCOUNTS_WRONG_CODE);
    assert_int_equal(pl_accounts_remove_codes(accounts, "ada", NULL), PL_OK);
    assert_int_equal(enter("ada", "four random words", NULL, token), PL_ACCOUNTS_GOOD);
}

/* Goal: where everybody has to use codes, somebody without them may turn them on and nothing else.
 */
static void codes_may_be_asked_of_everybody(void **state)
{
    (void)state;
    char token[PL_SECRET_TOKEN_SIZE];
    char secret[PL_TOTP_SECRET_SIZE];
    char code[8];
    struct pl_accounts_recovery recovery;
    struct pl_http_user user = {0};
    uint32_t roles = PL_ROLE_PLAYER | PL_ROLE_STAFF | PL_ROLE_ADMIN;
    assert_int_equal(pl_accounts_add(accounts, "ada", "four random words", roles, NULL), PL_OK);
    assert_int_equal(enter("ada", "four random words", NULL, token), PL_ACCOUNTS_GOOD);
    assert_true(pl_accounts_find(accounts, token, &user));
    assert_int_equal(user.roles, roles);
    assert_null(user.hint);
    pl_accounts_require_codes(accounts);
    assert_true(pl_accounts_find(accounts, token, &user));
    assert_int_equal(user.roles, PL_ROLE_STAFF);
    assert_non_null(user.hint);
    assert_int_equal(pl_accounts_begin_codes(accounts, "ada", secret, NULL), PL_OK);
    put_code(code, secret, 0);
    assert_int_equal(pl_accounts_confirm_codes(accounts, "ada", code, &recovery, NULL), PL_OK);
    user = (struct pl_http_user){0};
    assert_true(pl_accounts_find(accounts, token, &user));
    assert_int_equal(user.roles, roles);
    assert_null(user.hint);
    assert_int_equal(pl_accounts_remove_codes(accounts, "ada", NULL), PL_CONFLICT);
}

/* What a visit has seen. */
struct visited {
    uint32_t count;
    char other[PL_ACCOUNTS_ID_SIZE]; /* a sign-in that is not the present one */
};

static void visit(void *context, const struct pl_accounts_seen *seen)
{
    struct visited *visited = context;
    visited->count++;
    assert_string_equal(seen->from, "192.0.2.7");
    if (!seen->current) {
        memcpy(visited->other, seen->id, sizeof visited->other);
    }
}

/* Goal: one's own sign-ins can be seen and ended, nobody else's, and disabling ends all. */
static void sign_ins_are_listed_and_ended(void **state)
{
    (void)state;
    char one[PL_SECRET_TOKEN_SIZE];
    char other[PL_SECRET_TOKEN_SIZE];
    struct visited visited = {0};
    struct pl_http_user user = {0};
    uint32_t ended = 0;
    assert_int_equal(pl_accounts_add(accounts, "ada", "four random words", 6, NULL), PL_OK);
    assert_int_equal(pl_accounts_add(accounts, "bob", "four other words", 6, NULL), PL_OK);
    assert_int_equal(enter("ada", "four random words", NULL, one), PL_ACCOUNTS_GOOD);
    assert_int_equal(enter("ada", "four random words", NULL, other), PL_ACCOUNTS_GOOD);
    pl_accounts_visit_sign_ins(accounts, "ada", one, visit, &visited);
    assert_int_equal(visited.count, 2);
    assert_int_equal(pl_accounts_end_sign_ins(accounts, "bob", visited.other, NULL, &ended, NULL),
                     PL_OK);
    assert_int_equal(ended, 0);
    assert_int_equal(pl_accounts_end_sign_ins(accounts, "ada", NULL, one, &ended, NULL), PL_OK);
    assert_int_equal(ended, 1);
    assert_false(pl_accounts_find(accounts, other, &user));
    assert_true(pl_accounts_find(accounts, one, &user));
    assert_int_equal(pl_accounts_disable(accounts, "ada", true, NULL), PL_OK);
    assert_false(pl_accounts_find(accounts, one, &user));
    assert_int_equal(enter("ada", "four random words", NULL, one), PL_ACCOUNTS_WRONG);
    assert_int_equal(pl_accounts_disable(accounts, "ada", false, NULL), PL_OK);
    assert_int_equal(pl_accounts_set_password(accounts, "ada", "password1", NULL, NULL),
                     PL_BAD_INPUT);
    assert_int_equal(pl_accounts_set_password(accounts, "ada", "yet four more words", NULL, NULL),
                     PL_OK);
    assert_int_equal(enter("ada", "four random words", NULL, one), PL_ACCOUNTS_WRONG);
    assert_int_equal(enter("ada", "yet four more words", NULL, one), PL_ACCOUNTS_GOOD);
}

static void neither_passwords_nor_tokens_are_on_disk(void **state)
{
    (void)state;
    char token[PL_SECRET_TOKEN_SIZE];
    char path[PL_SCRATCH_PATH_SIZE + 20];
    pl_slice text;
    assert_int_equal(pl_accounts_add(accounts, "ada", "four random words", 6, NULL), PL_OK);
    assert_int_equal(enter("ada", "four random words", NULL, token), PL_ACCOUNTS_GOOD);
    (void)snprintf(path, sizeof path, "%s/accounts.json", scratch.path);
    assert_int_equal(pl_file_load(path, 1 << 20, &text, NULL), PL_OK);
    assert_non_null(strstr(text.data, "argon2id"));
    assert_null(strstr(text.data, "four random"));
    assert_null(strstr(text.data, token));
    free((void *)(uintptr_t)text.data);

    pl_accounts_close(accounts);
    accounts = NULL;
    assert_int_equal(pl_file_save(path, pl_slice_of("{\"format\":3}"), NULL), PL_OK);
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
        cmocka_unit_test_setup_teardown(
            codes_are_asked_for_and_good_once, open_accounts, close_accounts),
        cmocka_unit_test_setup_teardown(
            codes_may_be_asked_of_everybody, open_accounts, close_accounts),
        cmocka_unit_test_setup_teardown(
            sign_ins_are_listed_and_ended, open_accounts, close_accounts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
