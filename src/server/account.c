// SPDX-License-Identifier: Apache-2.0
#include "server/account.h"

#include "base/check.h"
#include "server/account_page.h"
#include "server/signin_types.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PER_MINUTE = 5, /* calls of one user with a password or a code */
    ANSWER_MAX = 1 << 20,
    AUDIT_EVENTS = 200, /* of one answer: PL_TRAIL_LINE_MAX of each fits */
    SMALL = 2048
};

/* ---- Lists ------------------------------------------------------------------------------------
 */

static void put_sign_in(void *context, const struct pl_accounts_seen *seen)
{
    struct pl_json_out *out = context;
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "id", seen->id);
    pl_json_out_member_string(out, "from", seen->from);
    pl_json_out_member_integer(out, "begun_s", seen->begun_s);
    pl_json_out_member_integer(out, "used_s", seen->used_s);
    pl_json_out_member_bool(out, "current", seen->current);
    pl_json_out_object_end(out);
}

static void put_user(void *context, const struct pl_accounts_user_seen *seen)
{
    struct pl_json_out *out = context;
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "name", seen->name);
    pl_json_out_member_bool(out, "admin", (seen->roles & PL_ROLE_ADMIN) != 0);
    pl_json_out_member_bool(out, "disabled", seen->disabled);
    pl_json_out_member_bool(out, "codes", seen->codes);
    pl_json_out_object_end(out);
}

/* Events of the audit log for one answer. */
struct audit {
    struct pl_buf *buf;
    int64_t after;
    uint32_t count;
};

static void put_event(void *context, int64_t seq, pl_slice line)
{
    struct audit *audit = context;
    if (seq > audit->after && audit->count < AUDIT_EVENTS) {
        pl_buf_puts(audit->buf, audit->count++ > 0 ? "," : "");
        pl_buf_put(audit->buf, line.data, line.size);
    }
}

/* Write a list; false with the request answered. */
static bool put_list(struct pl_signin *signin, struct pl_http_request *request, struct pl_buf *buf)
{
    struct pl_json_out out;
    char token[PL_SECRET_TOKEN_SIZE] = "";
    const char *after = pl_http_query(request, "after");
    struct audit audit = {.buf = buf, .after = after != NULL ? strtoll(after, NULL, 10) : 0};
    struct pl_trail_sum sum;
    pl_error err = {0};
    const char *path = pl_http_path(request);
    if (strcmp(path, "/api/audit") == 0) {
        pl_buf_puts(buf, "{\"events\":[");
        if (signin->def.data != NULL &&
            pl_trail_read(signin->def.data, put_event, &audit, &sum, &err) != PL_OK) {
            pl_http_fail_error(request, &err);
            return false;
        }
        pl_buf_puts(buf, "]}");
        pl_signin_note(signin, request, "read_audit_log", NULL, true);
        return true;
    }
    pl_json_out_begin(&out, buf);
    pl_json_out_array_begin(&out);
    if (strcmp(path, "/api/users") == 0) {
        pl_accounts_visit_users(signin->def.accounts, put_user, &out);
    } else {
        (void)pl_signin_token(request, token);
        pl_accounts_visit_sign_ins(
            signin->def.accounts, pl_http_user(request)->id, token, put_sign_in, &out);
    }
    pl_json_out_array_end(&out);
    pl_json_out_end(&out);
    return true;
}

static void tell_list(struct pl_signin *signin, struct pl_http_request *request)
{
    struct pl_buf buf;
    char *memory = malloc(ANSWER_MAX);
    if (memory == NULL) {
        pl_http_fail(request, PL_CODES_BUSY, "There is not enough memory.", NULL);
        return;
    }
    pl_buf_init(&buf, memory, ANSWER_MAX);
    if (put_list(signin, request, &buf)) {
        PL_CHECK(!buf.overflow);
        pl_http_reply(request, 200, (pl_slice){buf.data, buf.size});
    }
    free(memory);
}

/* ---- Sign-ins ---------------------------------------------------------------------------------
 */

static void
reply_done(struct pl_http_request *request, pl_status status, const char *json, const pl_error *err)
{
    if (status == PL_OK) {
        pl_http_reply(request, 200, pl_slice_of(json));
    } else {
        pl_http_fail_error(request, err);
    }
}

/* All but one's own, one by its id, or all of somebody else. */
static void end_sign_ins(struct pl_signin *signin, struct pl_http_request *request)
{
    char token[PL_SECRET_TOKEN_SIZE] = "";
    char json[40];
    uint32_t ended = 0;
    pl_error err = {0};
    const char *path = pl_http_path(request);
    bool own = strncmp(path, "/api/me/", 8) == 0;
    bool all = strcmp(path, "/api/me/signins") == 0;
    const char *name = own ? pl_http_user(request)->id : pl_http_param(request, "name");
    const char *id = own && !all ? pl_http_param(request, "id") : NULL;
    bool keeps = all && pl_signin_token(request, token);
    bool known = own || pl_accounts_has(signin->def.accounts, name);
    pl_status status = known
                           ? pl_accounts_end_sign_ins(
                                 signin->def.accounts, name, id, keeps ? token : NULL, &ended, &err)
                           : pl_fail(&err, PL_NOT_FOUND, NULL, "There is no such account.");
    if (status == PL_OK && id != NULL && ended == 0) {
        status = pl_fail(&err, PL_NOT_FOUND, NULL, "There is no such sign-in.");
    }
    pl_signin_note(signin, request, "end_sign_ins", known ? name : "unknown name", status == PL_OK);
    (void)snprintf(json, sizeof json, "{\"ended\":%u}", ended);
    reply_done(request, status, json, &err);
}

/* ---- Changes of an account --------------------------------------------------------------------
 */

static const char *text_of(const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    return text != NULL ? text : "";
}

/* Have the password, and the code where there is one, said again; false with the request answered.
 */
static bool
proves(struct pl_signin *signin, struct pl_http_request *request, const json_t *json, bool code)
{
    const struct pl_accounts_proof proof = {.name = pl_http_user(request)->id,
                                            .password = text_of(json, "password"),
                                            .code = text_of(json, "code")};
    enum pl_accounts_answer answer = pl_accounts_check(signin->def.accounts, &proof);
    bool good = answer == PL_ACCOUNTS_GOOD || answer == PL_ACCOUNTS_RECOVERED ||
                (answer == PL_ACCOUNTS_NEEDS_CODE && !code);
    if (!good) {
        pl_signin_note(signin, request, "prove_again", NULL, false);
        pl_signin_refuse(request, answer);
    }
    return good;
}

static void set_password(struct pl_signin *signin, struct pl_http_request *request, json_t *json)
{
    char token[PL_SECRET_TOKEN_SIZE] = "";
    pl_error err = {0};
    const char *name = pl_http_user(request)->id;
    if (!proves(signin, request, json, true)) {
        return;
    }
    (void)pl_signin_token(request, token);
    pl_status status = pl_accounts_set_password(
        signin->def.accounts, name, text_of(json, "new_password"), token, &err);
    pl_signin_note(signin, request, "set_password", NULL, status == PL_OK);
    reply_done(request, status, "{\"set\":true}", &err);
}

static void begin_codes(struct pl_signin *signin, struct pl_http_request *request, json_t *json)
{
    char secret[PL_TOTP_SECRET_SIZE];
    char memory[SMALL];
    char address[PL_TOTP_URI_SIZE];
    struct pl_buf buf;
    struct pl_buf uri;
    struct pl_json_out out;
    pl_error err = {0};
    const char *name = pl_http_user(request)->id;
    if (!proves(signin, request, json, false)) {
        return;
    }
    pl_status status = pl_accounts_begin_codes(signin->def.accounts, name, secret, &err);
    if (status != PL_OK) {
        pl_http_fail_error(request, &err);
        return;
    }
    pl_buf_init(&uri, address, sizeof address);
    pl_totp_put_uri(&uri, secret, name);
    pl_buf_init(&buf, memory, sizeof memory);
    pl_json_out_begin(&out, &buf);
    pl_json_out_object_begin(&out);
    pl_json_out_member_string(&out, "secret", secret);
    pl_json_out_member_string(&out, "uri", address);
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
    pl_signin_note(signin, request, "begin_codes", NULL, true);
    pl_http_reply(request, 200, (pl_slice){buf.data, buf.size});
}

static void confirm_codes(struct pl_signin *signin, struct pl_http_request *request, json_t *json)
{
    struct pl_accounts_recovery recovery;
    char memory[SMALL];
    struct pl_buf buf;
    struct pl_json_out out;
    pl_error err = {0};
    const char *name = pl_http_user(request)->id;
    pl_status status = pl_accounts_confirm_codes(
        signin->def.accounts, name, text_of(json, "code"), &recovery, &err);
    pl_signin_note(signin, request, "confirm_codes", NULL, status == PL_OK);
    if (status != PL_OK) {
        pl_http_fail_error(request, &err);
        return;
    }
    pl_buf_init(&buf, memory, sizeof memory);
    pl_json_out_begin(&out, &buf);
    pl_json_out_object_begin(&out);
    pl_json_out_key(&out, "recovery");
    pl_json_out_array_begin(&out);
    for (uint32_t i = 0; i < PL_ACCOUNTS_RECOVERY_CODES; i++) {
        pl_json_out_string(&out, recovery.codes[i]);
    }
    pl_json_out_array_end(&out);
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
    pl_http_reply(request, 200, (pl_slice){buf.data, buf.size});
}

static void remove_codes(struct pl_signin *signin, struct pl_http_request *request, json_t *json)
{
    pl_error err = {0};
    if (!proves(signin, request, json, true)) {
        return;
    }
    pl_status status =
        pl_accounts_remove_codes(signin->def.accounts, pl_http_user(request)->id, &err);
    pl_signin_note(signin, request, "remove_codes", NULL, status == PL_OK);
    reply_done(request, status, "{\"removed\":true}", &err);
}

static void disable(struct pl_signin *signin, struct pl_http_request *request, json_t *json)
{
    pl_error err = {0};
    const json_t *wanted = json_object_get(json, "disabled");
    const char *name = pl_http_param(request, "name");
    pl_status status = PL_OK;
    if (!json_is_boolean(wanted)) {
        status = pl_fail(&err, PL_BAD_INPUT, NULL, "`disabled` is true or false.");
    } else if (strcmp(name, pl_http_user(request)->id) == 0) {
        status = pl_fail(&err, PL_CONFLICT, NULL, "Nobody disables their own account.");
    } else {
        status = pl_accounts_disable(signin->def.accounts, name, json_is_true(wanted), &err);
    }
    pl_signin_note(signin,
                   request,
                   json_is_true(wanted) ? "disable_account" : "enable_account",
                   status != PL_NOT_FOUND ? name : "unknown name",
                   status == PL_OK);
    reply_done(request, status, "{\"set\":true}", &err);
}

void pl_account_take(struct pl_signin *signin, struct pl_http_request *request)
{
    static const struct {
        const char *path; /* NULL: any other */
        void (*take)(struct pl_signin *signin, struct pl_http_request *request, json_t *json);
    } calls[] = {{"/api/me/password", set_password},
                 {"/api/me/codes", begin_codes},
                 {"/api/me/codes/confirm", confirm_codes},
                 {"/api/me/codes/remove", remove_codes},
                 {NULL, disable}};
    PL_CHECK(signin != NULL && request != NULL);
    json_t *json = NULL;
    pl_error err = {0};
    if (pl_http_method(request) == PL_METHOD_GET) {
        tell_list(signin, request);
    } else if (pl_http_method(request) == PL_METHOD_DELETE) {
        end_sign_ins(signin, request);
    } else if (pl_json_in_load(pl_http_body(request), PL_SIGNIN_BODY_MAX, NULL, &json, &err) !=
               PL_OK) {
        pl_http_fail(request, PL_CODES_BAD_JSON, err.message, NULL);
    } else {
        size_t i = 0;
        while (calls[i].path != NULL && strcmp(calls[i].path, pl_http_path(request)) != 0) {
            i++;
        }
        calls[i].take(signin, request, json);
        json_decref(json);
    }
}

/* ---- Routes -----------------------------------------------------------------------------------
 */

static void queue(void *context, struct pl_http_request *request)
{
    pl_signin_queue(context, request);
}

#define OBJECT(members) "{\"type\":\"object\",\"properties\":{" members "}}"
#define TEXT            "{\"type\":\"string\"}"
#define WHOLE           "{\"type\":\"integer\"}"
#define YES             "{\"type\":\"boolean\"}"

static const struct pl_schema schemas[] = {
    {"SignIns",
     "{\"type\":\"array\",\"items\":" OBJECT("\"id\":" TEXT ",\"from\":" TEXT ",\"begun_s\":" WHOLE
                                             ",\"used_s\":" WHOLE ",\"current\":" YES) "}"},
    {"Users",
     "{\"type\":\"array\",\"items\":" OBJECT("\"name\":" TEXT ",\"admin\":" YES ",\"disabled\":" YES
                                             ",\"codes\":" YES) "}"},
    {"Ended", OBJECT("\"ended\":" WHOLE)},
    {"Proof", OBJECT("\"password\":" TEXT ",\"code\":" TEXT ",\"new_password\":" TEXT)},
    {"Code", OBJECT("\"code\":" TEXT)},
    {"CodeSecret", OBJECT("\"secret\":" TEXT ",\"uri\":" TEXT)},
    {"Recovery", OBJECT("\"recovery\":{\"type\":\"array\",\"items\":" TEXT "}")},
    {"Disabled", OBJECT("\"disabled\":" YES)},
    {"Set", OBJECT("\"set\":" YES)},
    {"Removed", OBJECT("\"removed\":" YES)},
    {"Audit", OBJECT("\"events\":{\"type\":\"array\"}")},
};

static const struct pl_route routes[] = {
    {.method = PL_METHOD_GET,
     .pattern = "/account",
     .summary = "Page of one's own account.",
     .roles = PL_ROLE_ANYONE,
     .handle = pl_account_page_show},
    {.method = PL_METHOD_GET,
     .pattern = "/account.js",
     .summary = "Script of that page.",
     .roles = PL_ROLE_ANYONE,
     .handle = pl_account_page_script},
    {.method = PL_METHOD_GET,
     .pattern = "/api/me/signins",
     .summary = "One's own sign-ins that have not ended.",
     .response = "SignIns",
     .roles = PL_ROLE_STAFF,
     .handle = queue},
    {.method = PL_METHOD_DELETE,
     .pattern = "/api/me/signins",
     .summary = "End all of them but this one.",
     .response = "Ended",
     .roles = PL_ROLE_STAFF,
     .handle = queue},
    {.method = PL_METHOD_DELETE,
     .pattern = "/api/me/signins/{id}",
     .summary = "End one of them.",
     .response = "Ended",
     .roles = PL_ROLE_STAFF,
     .handle = queue},
    {PL_SIGNIN_TAKES(queue, PER_MINUTE),
     .pattern = "/api/me/password",
     .summary = "Set one's own password; other sign-ins end.",
     .request = "Proof",
     .response = "Set",
     .roles = PL_ROLE_STAFF,
     .example_body = "{\"password\":\"four random words\",\"new_password\":\"four other words\"}"},
    {PL_SIGNIN_TAKES(queue, PER_MINUTE),
     .pattern = "/api/me/codes",
     .summary = "Draw a secret for codes by time; asked for once one was confirmed.",
     .request = "Proof",
     .response = "CodeSecret",
     .roles = PL_ROLE_STAFF,
     .example_body = "{\"password\":\"four random words\"}"},
    {PL_SIGNIN_TAKES(queue, PER_MINUTE),
     .pattern = "/api/me/codes/confirm",
     .summary = "Ask for codes from now on; the recovery codes are shown this once.",
     .request = "Code",
     .response = "Recovery",
     .roles = PL_ROLE_STAFF,
     .example_body = "{\"code\":\"123456\"}"},
    {PL_SIGNIN_TAKES(queue, PER_MINUTE),
     .pattern = "/api/me/codes/remove",
     .summary = "Ask for codes no more.",
     .request = "Proof",
     .response = "Removed",
     .roles = PL_ROLE_STAFF,
     .example_body = "{\"password\":\"four random words\",\"code\":\"123456\"}"},
    {.method = PL_METHOD_GET,
     .pattern = "/api/users",
     .summary = "All accounts; for administrators, as are the calls below.",
     .response = "Users",
     .roles = PL_ROLE_ADMIN,
     .handle = queue},
    {.method = PL_METHOD_DELETE,
     .pattern = "/api/users/{name}/signins",
     .summary = "End all sign-ins of somebody.",
     .response = "Ended",
     .roles = PL_ROLE_ADMIN,
     .handle = queue},
    {PL_SIGNIN_TAKES(queue, 0),
     .pattern = "/api/users/{name}/disabled",
     .summary = "Disable an account, which ends its sign-ins, or enable it.",
     .request = "Disabled",
     .response = "Set",
     .roles = PL_ROLE_ADMIN,
     .example_body = "{\"disabled\":true}"},
    {.method = PL_METHOD_GET,
     .pattern = "/api/audit",
     .summary = "Events of the audit log, oldest first, 200 at a time.",
     .response = "Audit",
     .roles = PL_ROLE_ADMIN,
     .handle = queue,
     .query = "after",
     .example_query = "after=0"},
};

struct pl_routes pl_account_routes(struct pl_signin *signin)
{
    PL_CHECK(signin != NULL);
    return PL_ROUTES_OF(routes, schemas, signin);
}
