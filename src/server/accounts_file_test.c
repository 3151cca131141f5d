// SPDX-License-Identifier: Apache-2.0
#include "server/accounts_file.h"

#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_accounts accounts;

static pl_status load(const char *text)
{
    memset(&accounts, 0, sizeof accounts);
    struct pl_scratch scratch;
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    (void)snprintf(accounts.path, sizeof accounts.path, "%s/accounts.json", scratch.path);
    assert_int_equal(pl_file_save(accounts.path, pl_slice_of(text), NULL), PL_OK);
    pl_status status = pl_accounts_file_load(&accounts, NULL);
    assert_int_equal(pl_scratch_remove(&scratch, NULL), PL_OK);
    return status;
}

/* Goal: a file of the format before is read, one of a later format or with nonsense is not. */
static void formats_are_told_apart(void **state)
{
    (void)state;
    assert_int_equal(load("{\"format\":1,\"users\":[{\"name\":\"ada\",\"password\":\"x\","
                          "\"roles\":6}],\"sign_ins\":[]}"),
                     PL_OK);
    assert_int_equal(accounts.user_count, 1);
    assert_string_equal(accounts.users[0].totp, "");
    assert_int_equal(load("{\"format\":3,\"users\":[],\"sign_ins\":[]}"), PL_CORRUPT);
    assert_int_equal(load("{\"format\":2,\"users\":[{\"name\":\"ada\",\"password\":\"x\","
                          "\"roles\":6,\"totp\":\"short\",\"recovery\":[]}],\"sign_ins\":[]}"),
                     PL_CORRUPT);
}

static void fill(char *text, size_t size)
{
    memset(text, 'A', size - 1);
    text[size - 1] = '\0';
}

/* Goal: as many accounts and sign-ins as there may be, with the longest texts, are kept and read
 * again. */
static void the_most_accounts_that_there_may_be_are_kept(void **state)
{
    (void)state;
    struct pl_scratch scratch;
    memset(&accounts, 0, sizeof accounts);
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    (void)snprintf(accounts.path, sizeof accounts.path, "%s/accounts.json", scratch.path);
    accounts.user_count = PL_ACCOUNTS_USERS_MAX;
    accounts.sign_in_count = PL_ACCOUNTS_SIGNINS_MAX;
    for (uint32_t i = 0; i < PL_ACCOUNTS_USERS_MAX; i++) {
        struct pl_accounts_user *user = &accounts.users[i];
        fill(user->name, sizeof user->name);
        fill(user->password, sizeof user->password);
        fill(user->totp, sizeof user->totp);
        user->roles = UINT32_MAX;
        user->totp_step = INT64_MAX;
        for (uint32_t k = 0; k < PL_ACCOUNTS_RECOVERY_CODES; k++) {
            fill(user->recovery[k], sizeof user->recovery[k]);
        }
    }
    for (uint32_t i = 0; i < PL_ACCOUNTS_SIGNINS_MAX; i++) {
        struct pl_accounts_entry *entry = &accounts.sign_ins[i];
        fill(entry->token, sizeof entry->token);
        fill(entry->name, sizeof entry->name);
        fill(entry->from, sizeof entry->from);
        entry->begun_s = INT64_MIN;
        entry->used_s = INT64_MIN;
    }
    assert_int_equal(pl_accounts_file_save(&accounts, NULL), PL_OK);
    accounts.user_count = 0;
    accounts.sign_in_count = 0;
    assert_int_equal(pl_accounts_file_load(&accounts, NULL), PL_OK);
    assert_int_equal(accounts.user_count, PL_ACCOUNTS_USERS_MAX);
    assert_int_equal(accounts.sign_in_count, PL_ACCOUNTS_SIGNINS_MAX);
    assert_int_equal(accounts.users[PL_ACCOUNTS_USERS_MAX - 1].totp_step, INT64_MAX);
    assert_int_equal(pl_scratch_remove(&scratch, NULL), PL_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_told_apart),
        cmocka_unit_test(the_most_accounts_that_there_may_be_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
