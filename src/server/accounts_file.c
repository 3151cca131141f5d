// SPDX-License-Identifier: Apache-2.0
#include "server/accounts_file.h"

#include "base/check.h"
#include "os/file.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MAX = PL_JSON_IN_TEXT_MAX, FORMAT = 2 };

/* What an account has beyond name and password. */
static void put_guards(struct pl_json_out *out, const struct pl_accounts_user *user)
{
    pl_json_out_member_bool(out, "disabled", user->disabled);
    if (user->totp[0] == '\0') {
        return;
    }
    pl_json_out_member_string(out, "totp", user->totp);
    pl_json_out_member_integer(out, "totp_step", (int64_t)user->totp_step);
    pl_json_out_key(out, "recovery");
    pl_json_out_array_begin(out);
    for (uint32_t i = 0; i < PL_ACCOUNTS_RECOVERY_CODES; i++) {
        pl_json_out_string(out, user->recovery[i]);
    }
    pl_json_out_array_end(out);
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
        put_guards(&out, &accounts->users[i]);
        pl_json_out_object_end(&out);
    }
    pl_json_out_array_end(&out);
    pl_json_out_key(&out, "sign_ins");
    pl_json_out_array_begin(&out);
    for (uint32_t i = 0; i < accounts->sign_in_count; i++) {
        pl_json_out_object_begin(&out);
        pl_json_out_member_string(&out, "token", accounts->sign_ins[i].token);
        pl_json_out_member_string(&out, "name", accounts->sign_ins[i].name);
        pl_json_out_member_string(&out, "from", accounts->sign_ins[i].from);
        pl_json_out_member_integer(&out, "begun_s", accounts->sign_ins[i].begun_s);
        pl_json_out_member_integer(&out, "used_s", accounts->sign_ins[i].used_s);
        pl_json_out_object_end(&out);
    }
    pl_json_out_array_end(&out);
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
}

pl_status pl_accounts_file_save(struct pl_accounts *accounts, pl_error *err)
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

static bool is_secret(const char *text)
{
    return strlen(text) == PL_TOTP_SECRET_SIZE - 1 &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == PL_TOTP_SECRET_SIZE - 1;
}

static bool read_guards(const json_t *json, struct pl_accounts_user *user)
{
    const json_t *recovery = json_object_get(json, "recovery");
    user->disabled = json_is_true(json_object_get(json, "disabled"));
    if (json_object_get(json, "totp") == NULL) {
        return true;
    }
    user->totp_step = (uint64_t)json_integer_value(json_object_get(json, "totp_step"));
    bool good = copy_text(json, "totp", user->totp, sizeof user->totp) && is_secret(user->totp) &&
                json_array_size(recovery) == PL_ACCOUNTS_RECOVERY_CODES;
    for (size_t i = 0; good && i < PL_ACCOUNTS_RECOVERY_CODES; i++) {
        const char *hash = json_string_value(json_array_get(recovery, i));
        good = hash != NULL && strlen(hash) < sizeof user->recovery[i];
        (void)snprintf(user->recovery[i], sizeof user->recovery[i], "%s", good ? hash : "");
    }
    return good;
}

static bool read_user(const json_t *json, struct pl_accounts_user *user)
{
    user->roles = (uint32_t)json_integer_value(json_object_get(json, "roles"));
    return copy_text(json, "name", user->name, sizeof user->name) &&
           copy_text(json, "password", user->password, sizeof user->password) &&
           read_guards(json, user);
}

static bool read_sign_in(const json_t *json, struct pl_accounts_entry *sign_in)
{
    sign_in->begun_s = json_integer_value(json_object_get(json, "begun_s"));
    sign_in->used_s = json_integer_value(json_object_get(json, "used_s"));
    /* Files of format 1 do not know where a sign-in came from. */
    (void)copy_text(json, "from", sign_in->from, sizeof sign_in->from);
    return copy_text(json, "token", sign_in->token, sizeof sign_in->token) &&
           copy_text(json, "name", sign_in->name, sizeof sign_in->name);
}

static bool read_accounts(struct pl_accounts *accounts, const json_t *json)
{
    const json_t *users = json_object_get(json, "users");
    const json_t *sign_ins = json_object_get(json, "sign_ins");
    json_int_t format = json_integer_value(json_object_get(json, "format"));
    bool good = (format == FORMAT || format == FORMAT - 1) && json_is_array(users) &&
                json_array_size(users) <= PL_ACCOUNTS_USERS_MAX && json_is_array(sign_ins) &&
                json_array_size(sign_ins) <= PL_ACCOUNTS_SIGNINS_MAX;
    for (size_t i = 0; good && i < json_array_size(users); i++) {
        good = read_user(json_array_get(users, i), &accounts->users[accounts->user_count++]);
    }
    for (size_t i = 0; good && i < json_array_size(sign_ins); i++) {
        good = read_sign_in(json_array_get(sign_ins, i),
                            &accounts->sign_ins[accounts->sign_in_count++]);
    }
    return good;
}

pl_status pl_accounts_file_load(struct pl_accounts *accounts, pl_error *err)
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
