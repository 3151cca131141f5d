// SPDX-License-Identifier: Apache-2.0
#include "server/accounts.h"

#include "base/check.h"
#include "os/now.h"
#include "server/accounts_file.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)

static int64_t now_s(void)
{
    return pl_now_wall_ns() / SECOND_NS;
}

static bool is_over(const struct pl_accounts_entry *sign_in, int64_t at_s)
{
    /* A clock that was set back ends nobody's sign-in early and prolongs none beyond its life. */
    return at_s - sign_in->used_s > PL_ACCOUNTS_IDLE_S ||
           at_s - sign_in->begun_s > PL_ACCOUNTS_LIFE_S ||
           sign_in->begun_s - at_s > PL_ACCOUNTS_LIFE_S;
}

static struct pl_accounts_user *find_user(struct pl_accounts *accounts, const char *name)
{
    for (uint32_t i = 0; i < accounts->user_count; i++) {
        if (strcmp(accounts->users[i].name, name) == 0) {
            return &accounts->users[i];
        }
    }
    return NULL;
}

static struct pl_accounts_entry *find_sign_in(struct pl_accounts *accounts, const char *hash)
{
    for (uint32_t i = 0; i < accounts->sign_in_count; i++) {
        if (pl_secret_same_hash(accounts->sign_ins[i].token, hash)) {
            return &accounts->sign_ins[i];
        }
    }
    return NULL;
}

static void drop_sign_in(struct pl_accounts *accounts, struct pl_accounts_entry *sign_in)
{
    *sign_in = accounts->sign_ins[--accounts->sign_in_count];
}

static void drop_ended(struct pl_accounts *accounts)
{
    int64_t at_s = now_s();
    for (uint32_t i = accounts->sign_in_count; i > 0; i--) {
        if (is_over(&accounts->sign_ins[i - 1], at_s)) {
            drop_sign_in(accounts, &accounts->sign_ins[i - 1]);
        }
    }
}

pl_status pl_accounts_open(struct pl_accounts **accounts_out, const char *directory, pl_error *err)
{
    PL_CHECK(accounts_out != NULL && directory != NULL);
    *accounts_out = NULL;
    struct pl_accounts *accounts = calloc(1, sizeof *accounts);
    if (accounts == NULL || (accounts->mutex = pl_mutex_new()) == NULL) {
        free(accounts);
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the accounts.");
    }
    char token[PL_SECRET_TOKEN_SIZE];
    pl_secret_token(token);
    (void)snprintf(accounts->path, sizeof accounts->path, "%s/accounts.json", directory);
    pl_status status = pl_secret_hash_password(accounts->nobody, token, err);
    status = status == PL_OK ? pl_accounts_file_load(accounts, err) : status;
    if (status != PL_OK) {
        pl_accounts_close(accounts);
        return status;
    }
    drop_ended(accounts);
    *accounts_out = accounts;
    return PL_OK;
}

void pl_accounts_close(struct pl_accounts *accounts)
{
    if (accounts != NULL) {
        pl_mutex_free(accounts->mutex);
        free(accounts);
    }
}

void pl_accounts_require_codes(struct pl_accounts *accounts)
{
    PL_CHECK(accounts != NULL);
    pl_mutex_lock(accounts->mutex);
    accounts->require_codes = true;
    pl_mutex_unlock(accounts->mutex);
}

uint32_t pl_accounts_count(struct pl_accounts *accounts)
{
    PL_CHECK(accounts != NULL);
    pl_mutex_lock(accounts->mutex);
    uint32_t count = accounts->user_count;
    pl_mutex_unlock(accounts->mutex);
    return count;
}

bool pl_accounts_has(struct pl_accounts *accounts, const char *name)
{
    PL_CHECK(accounts != NULL && name != NULL);
    pl_mutex_lock(accounts->mutex);
    bool has = find_user(accounts, name) != NULL;
    pl_mutex_unlock(accounts->mutex);
    return has;
}

/* A character of a name as it is kept; NUL for one that no name has. */
static char canonical_character(unsigned char c)
{
    bool good = c < 0x80 && (isalnum(c) || strchr(".-_@+", c) != NULL);
    return (char)(good ? tolower(c) : '\0');
}

pl_status pl_accounts_canonical(char canonical[PL_HTTP_USER_MAX], const char *name, pl_error *err)
{
    PL_CHECK(canonical != NULL && name != NULL);
    name += strspn(name, " ");
    size_t size = strlen(name);
    while (size > 0 && name[size - 1] == ' ') {
        size--;
    }
    bool good = size > 0 && size < PL_HTTP_USER_MAX;
    for (size_t i = 0; good && i < size; i++) {
        canonical[i] = canonical_character((unsigned char)name[i]);
        good = canonical[i] != '\0';
    }
    if (!good) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "A name has 1 to 64 letters (a to z), digits and characters of .-_@+; an "
                       "e-mail address will do.");
    }
    canonical[size] = '\0';
    return PL_OK;
}

pl_status pl_accounts_add(struct pl_accounts *accounts,
                          const char *name,
                          const char *password,
                          uint32_t roles,
                          pl_error *err)
{
    PL_CHECK(accounts != NULL && password != NULL);
    struct pl_accounts_user user = {.roles = roles};
    pl_status status = pl_accounts_canonical(user.name, name, err);
    status = status == PL_OK ? pl_secret_check_choice(password, user.name, err) : status;
    status = status == PL_OK ? pl_secret_hash_password(user.password, password, err) : status;
    if (status != PL_OK) {
        return status;
    }
    pl_mutex_lock(accounts->mutex);
    if (find_user(accounts, user.name) != NULL) {
        status = pl_fail(err, PL_CONFLICT, NULL, "There is an account '%s' already.", user.name);
    } else if (accounts->user_count == PL_ACCOUNTS_USERS_MAX) {
        status = pl_fail(
            err, PL_LIMIT, NULL, "There are %d accounts, and no more fit.", PL_ACCOUNTS_USERS_MAX);
    } else {
        accounts->users[accounts->user_count++] = user;
        status = pl_accounts_file_save(accounts, err);
        accounts->user_count -= status != PL_OK;
    }
    pl_mutex_unlock(accounts->mutex);
    return status;
}

/* A place for a new sign-in; the one that was unused longest makes room. Lock held. */
static struct pl_accounts_entry *place_for_sign_in(struct pl_accounts *accounts)
{
    drop_ended(accounts);
    if (accounts->sign_in_count < PL_ACCOUNTS_SIGNINS_MAX) {
        return &accounts->sign_ins[accounts->sign_in_count++];
    }
    struct pl_accounts_entry *oldest = &accounts->sign_ins[0];
    for (uint32_t i = 1; i < PL_ACCOUNTS_SIGNINS_MAX; i++) {
        if (accounts->sign_ins[i].used_s < oldest->used_s) {
            oldest = &accounts->sign_ins[i];
        }
    }
    return oldest;
}

/* Take a recovery code: it is gone then. Lock held. */
static bool take_recovery(struct pl_accounts_user *user, const char *code)
{
    char hash[PL_SECRET_TOKEN_HASH_SIZE];
    pl_secret_hash_token(hash, code);
    for (uint32_t i = 0; i < PL_ACCOUNTS_RECOVERY_CODES; i++) {
        if (user->recovery[i][0] != '\0' && pl_secret_same_hash(user->recovery[i], hash)) {
            user->recovery[i][0] = '\0';
            return true;
        }
    }
    return false;
}

/* Whether what stands beside the password is enough. Lock held. */
static enum pl_accounts_answer check_code(struct pl_accounts_user *user, const char *code)
{
    if (user->totp[0] == '\0') {
        return PL_ACCOUNTS_GOOD;
    }
    if (code == NULL || code[0] == '\0') {
        return PL_ACCOUNTS_NEEDS_CODE;
    }
    if (pl_totp_check(user->totp, code, now_s(), user->totp_step, &user->totp_step)) {
        return PL_ACCOUNTS_GOOD;
    }
    return take_recovery(user, code) ? PL_ACCOUNTS_RECOVERED : PL_ACCOUNTS_WRONG_CODE;
}

enum pl_accounts_answer pl_accounts_check(struct pl_accounts *accounts,
                                          const struct pl_accounts_proof *proof)
{
    PL_CHECK(accounts != NULL && proof != NULL && proof->name != NULL && proof->password != NULL);
    char canonical[PL_HTTP_USER_MAX];
    char hash[PL_SECRET_PASSWORD_HASH_SIZE];
    bool known = pl_accounts_canonical(canonical, proof->name, NULL) == PL_OK;
    pl_mutex_lock(accounts->mutex);
    struct pl_accounts_user *user = known ? find_user(accounts, canonical) : NULL;
    bool open = user != NULL && !user->disabled;
    (void)snprintf(hash, sizeof hash, "%s", open ? user->password : accounts->nobody);
    pl_mutex_unlock(accounts->mutex);
    bool fits = strlen(proof->password) <= PL_SECRET_PASSWORD_MAX &&
                pl_secret_check_password(hash, proof->password) && open;
    if (!fits) {
        return PL_ACCOUNTS_WRONG;
    }
    pl_mutex_lock(accounts->mutex);
    user = find_user(accounts, canonical);
    enum pl_accounts_answer answer = PL_ACCOUNTS_WRONG;
    /* Meanwhile it may have been disabled, or got another password. */
    if (user != NULL && !user->disabled && strcmp(user->password, hash) == 0) {
        answer = check_code(user, proof->code);
    }
    /* A code that was taken is so after a restart too. */
    bool taken =
        answer == PL_ACCOUNTS_RECOVERED || (answer == PL_ACCOUNTS_GOOD && user->totp[0] != '\0');
    if (taken && pl_accounts_file_save(accounts, NULL) != PL_OK) {
        answer = PL_ACCOUNTS_BROKEN;
    }
    pl_mutex_unlock(accounts->mutex);
    return answer;
}

pl_status pl_accounts_sign_in(struct pl_accounts *accounts,
                              const char *name,
                              const char *from,
                              char token[PL_SECRET_TOKEN_SIZE],
                              pl_error *err)
{
    PL_CHECK(accounts != NULL && from != NULL);
    struct pl_accounts_entry entry = {.begun_s = now_s(), .used_s = now_s()};
    pl_status status = pl_accounts_canonical(entry.name, name, err);
    if (status != PL_OK) {
        return status;
    }
    pl_secret_token(token);
    pl_secret_hash_token(entry.token, token);
    (void)snprintf(entry.from, sizeof entry.from, "%s", from);
    pl_mutex_lock(accounts->mutex);
    *place_for_sign_in(accounts) = entry;
    status = pl_accounts_file_save(accounts, err);
    pl_mutex_unlock(accounts->mutex);
    return status;
}

bool pl_accounts_find(struct pl_accounts *accounts, const char *token, struct pl_http_user *user)
{
    PL_CHECK(accounts != NULL && token != NULL && user != NULL);
    char hash[PL_SECRET_TOKEN_HASH_SIZE];
    pl_secret_hash_token(hash, token);
    int64_t at_s = now_s();
    pl_mutex_lock(accounts->mutex);
    struct pl_accounts_entry *sign_in = find_sign_in(accounts, hash);
    const struct pl_accounts_user *found = NULL;
    if (sign_in != NULL && !is_over(sign_in, at_s)) {
        found = find_user(accounts, sign_in->name);
    }
    if (found != NULL && found->disabled) {
        found = NULL;
    }
    if (found != NULL) {
        sign_in->used_s = at_s;
        (void)snprintf(user->id, sizeof user->id, "%s", found->name);
        user->roles = found->roles;
        if (accounts->require_codes && found->totp[0] == '\0') {
            user->roles &= PL_ROLE_STAFF;
            user->hint = "This server asks everybody for codes by time: turn them on at /account.";
        }
    }
    pl_mutex_unlock(accounts->mutex);
    return found != NULL;
}

pl_status pl_accounts_sign_out(struct pl_accounts *accounts, const char *token, pl_error *err)
{
    PL_CHECK(accounts != NULL && token != NULL);
    char hash[PL_SECRET_TOKEN_HASH_SIZE];
    pl_secret_hash_token(hash, token);
    pl_status status = PL_OK;
    pl_mutex_lock(accounts->mutex);
    struct pl_accounts_entry *sign_in = find_sign_in(accounts, hash);
    if (sign_in != NULL) {
        drop_sign_in(accounts, sign_in);
        status = pl_accounts_file_save(accounts, err);
    }
    pl_mutex_unlock(accounts->mutex);
    return status;
}

/* ---- Sign-ins of a user ------------------------------------------------------------------------
 */

/* What names a sign-in to its user: nothing that it could be used by. */
static void put_id(char id[PL_ACCOUNTS_ID_SIZE], const struct pl_accounts_entry *entry)
{
    (void)snprintf(id, PL_ACCOUNTS_ID_SIZE, "%.16s", entry->token);
}

void pl_accounts_visit_sign_ins(struct pl_accounts *accounts,
                                const char *name,
                                const char *token,
                                void (*visit)(void *context, const struct pl_accounts_seen *seen),
                                void *context)
{
    PL_CHECK(accounts != NULL && name != NULL && token != NULL && visit != NULL);
    char hash[PL_SECRET_TOKEN_HASH_SIZE];
    pl_secret_hash_token(hash, token);
    pl_mutex_lock(accounts->mutex);
    drop_ended(accounts);
    for (uint32_t i = 0; i < accounts->sign_in_count; i++) {
        const struct pl_accounts_entry *entry = &accounts->sign_ins[i];
        struct pl_accounts_seen seen = {.begun_s = entry->begun_s, .used_s = entry->used_s};
        if (strcmp(entry->name, name) == 0) {
            put_id(seen.id, entry);
            (void)snprintf(seen.from, sizeof seen.from, "%s", entry->from);
            seen.current = pl_secret_same_hash(entry->token, hash);
            visit(context, &seen);
        }
    }
    pl_mutex_unlock(accounts->mutex);
}

/* End what fits; lock held. */
static uint32_t
end_sign_ins(struct pl_accounts *accounts, const char *name, const char *id, const char *token)
{
    uint32_t ended = 0;
    char hash[PL_SECRET_TOKEN_HASH_SIZE];
    pl_secret_hash_token(hash, token != NULL ? token : "");
    for (uint32_t i = accounts->sign_in_count; i > 0; i--) {
        struct pl_accounts_entry *entry = &accounts->sign_ins[i - 1];
        char own[PL_ACCOUNTS_ID_SIZE];
        put_id(own, entry);
        bool fits = strcmp(entry->name, name) == 0 && (id == NULL || strcmp(own, id) == 0) &&
                    !(token != NULL && pl_secret_same_hash(entry->token, hash));
        if (fits) {
            drop_sign_in(accounts, entry);
            ended++;
        }
    }
    return ended;
}

pl_status pl_accounts_end_sign_ins(struct pl_accounts *accounts,
                                   const char *name,
                                   const char *id,
                                   const char *token,
                                   uint32_t *ended,
                                   pl_error *err)
{
    PL_CHECK(accounts != NULL && name != NULL && ended != NULL);
    pl_mutex_lock(accounts->mutex);
    *ended = end_sign_ins(accounts, name, id, token);
    pl_status status = *ended > 0 ? pl_accounts_file_save(accounts, err) : PL_OK;
    pl_mutex_unlock(accounts->mutex);
    return status;
}

/* ---- Changes -----------------------------------------------------------------------------------
 */

void pl_accounts_visit_users(struct pl_accounts *accounts,
                             void (*visit)(void *context, const struct pl_accounts_user_seen *seen),
                             void *context)
{
    PL_CHECK(accounts != NULL && visit != NULL);
    pl_mutex_lock(accounts->mutex);
    for (uint32_t i = 0; i < accounts->user_count; i++) {
        const struct pl_accounts_user *user = &accounts->users[i];
        const struct pl_accounts_user_seen seen = {.name = user->name,
                                                   .roles = user->roles,
                                                   .disabled = user->disabled,
                                                   .codes = user->totp[0] != '\0'};
        visit(context, &seen);
    }
    pl_mutex_unlock(accounts->mutex);
}

/* Find a user and begin to change it, with the lock held; NULL with `err` filled. */
static struct pl_accounts_user *
begin_change(struct pl_accounts *accounts, const char *name, pl_error *err)
{
    pl_mutex_lock(accounts->mutex);
    struct pl_accounts_user *user = find_user(accounts, name);
    if (user == NULL) {
        (void)!pl_fail(err, PL_NOT_FOUND, NULL, "There is no such account.");
    }
    return user;
}

/* Keep a change, or take it back. */
static pl_status end_change(struct pl_accounts *accounts,
                            struct pl_accounts_user *user,
                            const struct pl_accounts_user *before,
                            pl_error *err)
{
    pl_status status = PL_NOT_FOUND;
    if (user != NULL) {
        status = pl_accounts_file_save(accounts, err);
        *user = status == PL_OK ? *user : *before;
    }
    pl_mutex_unlock(accounts->mutex);
    return status;
}

pl_status pl_accounts_set_password(struct pl_accounts *accounts,
                                   const char *name,
                                   const char *password,
                                   const char *token,
                                   pl_error *err)
{
    PL_CHECK(accounts != NULL && name != NULL && password != NULL);
    char hash[PL_SECRET_PASSWORD_HASH_SIZE];
    struct pl_accounts_user before = {0};
    pl_status status = pl_secret_check_choice(password, name, err);
    status = status == PL_OK ? pl_secret_hash_password(hash, password, err) : status;
    if (status != PL_OK) {
        return status;
    }
    struct pl_accounts_user *user = begin_change(accounts, name, err);
    if (user != NULL) {
        before = *user;
        memcpy(user->password, hash, sizeof user->password);
        (void)end_sign_ins(accounts, name, NULL, token);
    }
    return end_change(accounts, user, &before, err);
}

pl_status
pl_accounts_disable(struct pl_accounts *accounts, const char *name, bool disabled, pl_error *err)
{
    PL_CHECK(accounts != NULL && name != NULL);
    struct pl_accounts_user before = {0};
    struct pl_accounts_user *user = begin_change(accounts, name, err);
    if (user != NULL) {
        before = *user;
        user->disabled = disabled;
        (void)(disabled ? end_sign_ins(accounts, name, NULL, NULL) : 0);
    }
    return end_change(accounts, user, &before, err);
}

pl_status pl_accounts_begin_codes(struct pl_accounts *accounts,
                                  const char *name,
                                  char secret[PL_TOTP_SECRET_SIZE],
                                  pl_error *err)
{
    PL_CHECK(accounts != NULL && name != NULL && secret != NULL);
    struct pl_accounts_user *user = begin_change(accounts, name, err);
    pl_status status = user != NULL ? PL_OK : PL_NOT_FOUND;
    if (user != NULL && user->totp[0] != '\0') {
        status = pl_fail(err, PL_CONFLICT, NULL, "Codes are asked for already; remove them first.");
    } else if (user != NULL) {
        pl_totp_draw(user->pending);
        memcpy(secret, user->pending, PL_TOTP_SECRET_SIZE);
    }
    pl_mutex_unlock(accounts->mutex);
    return status;
}

/* Draw recovery codes; what is kept are their hashes. */
static void draw_recovery(struct pl_accounts_user *user, struct pl_accounts_recovery *recovery)
{
    for (uint32_t i = 0; i < PL_ACCOUNTS_RECOVERY_CODES; i++) {
        char letters[PL_TOTP_SECRET_SIZE];
        pl_totp_draw(letters);
        (void)snprintf(recovery->codes[i], PL_ACCOUNTS_RECOVERY_SIZE, "%.16s", letters);
        pl_secret_hash_token(user->recovery[i], recovery->codes[i]);
    }
}

pl_status pl_accounts_confirm_codes(struct pl_accounts *accounts,
                                    const char *name,
                                    const char *code,
                                    struct pl_accounts_recovery *recovery,
                                    pl_error *err)
{
    PL_CHECK(accounts != NULL && name != NULL && code != NULL && recovery != NULL);
    struct pl_accounts_user *user = begin_change(accounts, name, err);
    struct pl_accounts_user before = user != NULL ? *user : (struct pl_accounts_user){0};
    uint64_t step = 0;
    bool good = user != NULL && user->pending[0] != '\0' &&
                pl_totp_check(user->pending, code, now_s(), 0, &step);
    if (user != NULL && !good) {
        pl_mutex_unlock(accounts->mutex);
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "The code does not fit the secret that was shown; look at the clock of the "
                       "phone, and type the present code.");
    }
    if (good) {
        memcpy(user->totp, user->pending, sizeof user->totp);
        user->pending[0] = '\0';
        user->totp_step = step;
        draw_recovery(user, recovery);
    }
    return end_change(accounts, user, &before, err);
}

pl_status pl_accounts_remove_codes(struct pl_accounts *accounts, const char *name, pl_error *err)
{
    PL_CHECK(accounts != NULL && name != NULL);
    struct pl_accounts_user before = {0};
    if (accounts->require_codes) {
        return pl_fail(err, PL_CONFLICT, NULL, "This server asks everybody for codes by time.");
    }
    struct pl_accounts_user *user = begin_change(accounts, name, err);
    if (user != NULL) {
        before = *user;
        memset(user->totp, 0, sizeof user->totp);
        memset(user->recovery, 0, sizeof user->recovery);
    }
    return end_change(accounts, user, &before, err);
}
