// SPDX-License-Identifier: Apache-2.0
#include "server/accounts.h"

#include "base/check.h"
#include "os/file.h"
#include "os/mutex.h"
#include "os/now.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SECOND_NS INT64_C(1000000000)

enum { FILE_MAX = PL_JSON_IN_TEXT_MAX, FORMAT = 1 };

struct user {
    char name[PL_HTTP_USER_MAX];
    char password[PL_SECRET_PASSWORD_HASH_SIZE]; /* hash */
    uint32_t roles;
};

struct sign_in {
    char token[PL_SECRET_TOKEN_HASH_SIZE]; /* hash */
    char name[PL_HTTP_USER_MAX];
    int64_t begun_s; /* wall clock */
    int64_t used_s;
};

struct pl_accounts {
    struct pl_mutex *mutex; /* guards all below */
    char path[PL_FILE_PATH_MAX];
    char nobody[PL_SECRET_PASSWORD_HASH_SIZE]; /* a hash that no password has */
    uint32_t user_count;
    uint32_t sign_in_count;
    struct user users[PL_ACCOUNTS_USERS_MAX];
    struct sign_in sign_ins[PL_ACCOUNTS_SIGNINS_MAX];
};

static int64_t now_s(void)
{
    return pl_now_wall_ns() / SECOND_NS;
}

static bool is_over(const struct sign_in *sign_in, int64_t at_s)
{
    /* A clock that was set back ends nobody's sign-in early and prolongs none beyond its life. */
    return at_s - sign_in->used_s > PL_ACCOUNTS_IDLE_S ||
           at_s - sign_in->begun_s > PL_ACCOUNTS_LIFE_S ||
           sign_in->begun_s - at_s > PL_ACCOUNTS_LIFE_S;
}

static struct user *find_user(struct pl_accounts *accounts, const char *name)
{
    for (uint32_t i = 0; i < accounts->user_count; i++) {
        if (strcmp(accounts->users[i].name, name) == 0) {
            return &accounts->users[i];
        }
    }
    return NULL;
}

static struct sign_in *find_sign_in(struct pl_accounts *accounts, const char *hash)
{
    for (uint32_t i = 0; i < accounts->sign_in_count; i++) {
        if (pl_secret_same_hash(accounts->sign_ins[i].token, hash)) {
            return &accounts->sign_ins[i];
        }
    }
    return NULL;
}

static void drop_sign_in(struct pl_accounts *accounts, struct sign_in *sign_in)
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

static void put_accounts(struct pl_buf *buf, const struct pl_accounts *accounts)
{
    struct pl_json_out out;
    pl_json_out_begin(&out, buf);
    pl_json_out_object_begin(&out);
    pl_json_out_member_integer(&out, "format", FORMAT);
    pl_json_out_key(&out, "users");
    pl_json_out_array_begin(&out);
    for (uint32_t i = 0; i < accounts->user_count; i++) {
        pl_json_out_object_begin(&out);
        pl_json_out_member_string(&out, "name", accounts->users[i].name);
        pl_json_out_member_string(&out, "password", accounts->users[i].password);
        pl_json_out_member_integer(&out, "roles", accounts->users[i].roles);
        pl_json_out_object_end(&out);
    }
    pl_json_out_array_end(&out);
    pl_json_out_key(&out, "sign_ins");
    pl_json_out_array_begin(&out);
    for (uint32_t i = 0; i < accounts->sign_in_count; i++) {
        pl_json_out_object_begin(&out);
        pl_json_out_member_string(&out, "token", accounts->sign_ins[i].token);
        pl_json_out_member_string(&out, "name", accounts->sign_ins[i].name);
        pl_json_out_member_integer(&out, "begun_s", accounts->sign_ins[i].begun_s);
        pl_json_out_member_integer(&out, "used_s", accounts->sign_ins[i].used_s);
        pl_json_out_object_end(&out);
    }
    pl_json_out_array_end(&out);
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
}

/* Called with the lock held. */
static pl_status save(struct pl_accounts *accounts, pl_error *err)
{
    char *memory = malloc(FILE_MAX);
    if (memory == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the accounts.");
    }
    struct pl_buf buf;
    pl_buf_init(&buf, memory, FILE_MAX);
    put_accounts(&buf, accounts);
    PL_CHECK(!buf.overflow);
    pl_status status = pl_file_save(accounts->path, (pl_slice){buf.data, buf.size}, err);
    if (status == PL_OK) {
        (void)chmod(accounts->path, S_IRUSR | S_IWUSR);
    }
    free(memory);
    return status;
}

/* Copy a member that is a string and fits. */
static bool copy_text(const json_t *object, const char *key, char *text, size_t size)
{
    const char *value = json_string_value(json_object_get(object, key));
    if (value == NULL || strlen(value) >= size) {
        return false;
    }
    (void)snprintf(text, size, "%s", value);
    return true;
}

static bool read_user(const json_t *json, struct user *user)
{
    user->roles = (uint32_t)json_integer_value(json_object_get(json, "roles"));
    return copy_text(json, "name", user->name, sizeof user->name) &&
           copy_text(json, "password", user->password, sizeof user->password);
}

static bool read_sign_in(const json_t *json, struct sign_in *sign_in)
{
    sign_in->begun_s = json_integer_value(json_object_get(json, "begun_s"));
    sign_in->used_s = json_integer_value(json_object_get(json, "used_s"));
    return copy_text(json, "token", sign_in->token, sizeof sign_in->token) &&
           copy_text(json, "name", sign_in->name, sizeof sign_in->name);
}

static bool read_accounts(struct pl_accounts *accounts, const json_t *json)
{
    const json_t *users = json_object_get(json, "users");
    const json_t *sign_ins = json_object_get(json, "sign_ins");
    bool good = json_integer_value(json_object_get(json, "format")) == FORMAT &&
                json_is_array(users) && json_array_size(users) <= PL_ACCOUNTS_USERS_MAX &&
                json_is_array(sign_ins) && json_array_size(sign_ins) <= PL_ACCOUNTS_SIGNINS_MAX;
    for (size_t i = 0; good && i < json_array_size(users); i++) {
        good = read_user(json_array_get(users, i), &accounts->users[accounts->user_count++]);
    }
    for (size_t i = 0; good && i < json_array_size(sign_ins); i++) {
        good = read_sign_in(json_array_get(sign_ins, i),
                            &accounts->sign_ins[accounts->sign_in_count++]);
    }
    return good;
}

static pl_status load(struct pl_accounts *accounts, pl_error *err)
{
    pl_slice text = {NULL, 0};
    json_t *json = NULL;
    if (!pl_file_exists(accounts->path)) {
        return PL_OK;
    }
    pl_status status = pl_file_load(accounts->path, FILE_MAX, &text, err);
    if (status != PL_OK) {
        return status;
    }
    pl_error reason = {0};
    bool good = pl_json_in_load(text, FILE_MAX, NULL, &json, &reason) == PL_OK &&
                read_accounts(accounts, json);
    json_decref(json);
    free((void *)(uintptr_t)text.data);
    if (!good) {
        return pl_fail(err,
                       PL_CORRUPT,
                       NULL,
                       "%s is not a file of accounts as plumb writes it; restore it from a backup, "
                       "or move it away and set up the first account again.",
                       accounts->path);
    }
    return PL_OK;
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
    status = status == PL_OK ? load(accounts, err) : status;
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

uint32_t pl_accounts_count(struct pl_accounts *accounts)
{
    PL_CHECK(accounts != NULL);
    pl_mutex_lock(accounts->mutex);
    uint32_t count = accounts->user_count;
    pl_mutex_unlock(accounts->mutex);
    return count;
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
    struct user user = {.roles = roles};
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
        status = save(accounts, err);
        accounts->user_count -= status != PL_OK;
    }
    pl_mutex_unlock(accounts->mutex);
    return status;
}

/* A place for a new sign-in; the one that was unused longest makes room. Lock held. */
static struct sign_in *place_for_sign_in(struct pl_accounts *accounts)
{
    drop_ended(accounts);
    if (accounts->sign_in_count < PL_ACCOUNTS_SIGNINS_MAX) {
        return &accounts->sign_ins[accounts->sign_in_count++];
    }
    struct sign_in *oldest = &accounts->sign_ins[0];
    for (uint32_t i = 1; i < PL_ACCOUNTS_SIGNINS_MAX; i++) {
        if (accounts->sign_ins[i].used_s < oldest->used_s) {
            oldest = &accounts->sign_ins[i];
        }
    }
    return oldest;
}

pl_status pl_accounts_sign_in(struct pl_accounts *accounts,
                              const char *name,
                              const char *password,
                              char token[PL_SECRET_TOKEN_SIZE],
                              pl_error *err)
{
    PL_CHECK(accounts != NULL && password != NULL);
    char canonical[PL_HTTP_USER_MAX];
    char hash[PL_SECRET_PASSWORD_HASH_SIZE];
    bool known = pl_accounts_canonical(canonical, name, NULL) == PL_OK;
    pl_mutex_lock(accounts->mutex);
    const struct user *user = known ? find_user(accounts, canonical) : NULL;
    (void)snprintf(hash, sizeof hash, "%s", user != NULL ? user->password : accounts->nobody);
    pl_mutex_unlock(accounts->mutex);
    bool fits = strlen(password) <= PL_SECRET_PASSWORD_MAX &&
                pl_secret_check_password(hash, password) && user != NULL;
    if (!fits) {
        return pl_fail(
            err, PL_NOT_FOUND, NULL, "There is no account with this name and this password.");
    }
    pl_secret_token(token);
    pl_mutex_lock(accounts->mutex);
    struct sign_in *sign_in = place_for_sign_in(accounts);
    *sign_in = (struct sign_in){.begun_s = now_s(), .used_s = now_s()};
    pl_secret_hash_token(sign_in->token, token);
    (void)snprintf(sign_in->name, sizeof sign_in->name, "%s", canonical);
    pl_status status = save(accounts, err);
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
    struct sign_in *sign_in = find_sign_in(accounts, hash);
    const struct user *found = NULL;
    if (sign_in != NULL && !is_over(sign_in, at_s)) {
        found = find_user(accounts, sign_in->name);
    }
    if (found != NULL) {
        sign_in->used_s = at_s;
        (void)snprintf(user->id, sizeof user->id, "%s", found->name);
        user->roles = found->roles;
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
    struct sign_in *sign_in = find_sign_in(accounts, hash);
    if (sign_in != NULL) {
        drop_sign_in(accounts, sign_in);
        status = save(accounts, err);
    }
    pl_mutex_unlock(accounts->mutex);
    return status;
}
