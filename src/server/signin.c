// SPDX-License-Identifier: Apache-2.0
#include "server/signin.h"

#include "base/check.h"
#include "base/hash.h"
#include "os/now.h"
#include "server/account.h"
#include "server/page.h"
#include "server/signin_types.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WAITING_MAX = 32,   /* requests that wait for a password to be hashed */
    PER_PAIR = 5,       /* sign-ins of one name from one address in a minute */
    PER_ACCOUNT = 20,   /* sign-ins of one name in a minute, whoever tries */
    PER_ADDRESS = 20,   /* sign-ins from one address in a minute */
    PER_FORBIDDEN = 20, /* refusals by role of one user in a minute that are kept */
    SETUP_S = 1800,     /* that the setup link is good for */
    CREDENTIALS_MAX = PL_SIGNIN_BODY_MAX
};

static const char script[] =
    "const form = document.querySelector('form');\n"
    "const said = document.querySelector('[role=alert]');\n"
    "form.addEventListener('submit', async (event) => {\n"
    "    event.preventDefault();\n"
    "    said.textContent = 'One moment ...';\n"
    "    const body = Object.fromEntries(new FormData(form));\n"
    "    if (form.dataset.call === '/api/setup') { body.token = location.hash.slice(1); }\n"
    "    const answer = await fetch(form.dataset.call, {method: 'POST',\n"
    "        headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});\n"
    "    if (answer.ok) {\n"
    "        const next = new URLSearchParams(location.search).get('next') ?? '/';\n"
    "        location.assign(/^\\/[^/\\\\]/.test(next) ? next : '/');\n"
    "        return;\n"
    "    }\n"
    "    const {error} = await answer.json();\n"
    "    const code = document.querySelector('#code');\n"
    "    if (code && error.code === 'code_required') {\n"
    "        code.closest('p').hidden = false;\n"
    "        code.focus();\n"
    "    }\n"
    "    said.textContent = `${error.message} ${error.hint ?? ''} (${error.request_id})`;\n"
    "});\n";

static const char plain_http[] =
    "<p>You opened this server by plain <code>http</code> from another machine. Your browser will "
    "drop the cookie that keeps you signed in, because anybody on the way could read it. Signing "
    "in would seem to work, and the next page would have forgotten you.</p>\n"
    "<h2>Use https</h2>\n<p>With a reverse proxy in front, for example Caddy, whose whole file "
    "is:</p>\n<pre>plumb.example {\n    reverse_proxy 127.0.0.1:7586\n}</pre>\n"
    "<p>and the server started with <code>plumb serve --base-url https://plumb.example</code>.</p>"
    "\n<h2>Or reach it as your own machine</h2>\n"
    "<pre>ssh -L 7586:127.0.0.1:7586 THIS-SERVER</pre>\n"
    "<p>and then open <code>http://127.0.0.1:7586</code>.</p>\n"
    "<h2>Or accept the risk</h2>\n<p>On a network that you trust, <code>plumb serve "
    "--insecure-lan</code> uses a cookie that plain http keeps.</p>\n";

/* A page by plain http, and not from the own machine. */
static bool is_exposed(const struct pl_signin *signin, const struct pl_http_request *request)
{
    return !signin->def.insecure_lan && !pl_http_is_private(request);
}

static void put_form(struct pl_buf *buf, const char *call, const char *button, const char *hint)
{
    static const char code[] =
        "<p hidden><label for=\"code\">Code of your phone, or a recovery code</label>\n"
        "<input id=\"code\" name=\"code\" autocomplete=\"one-time-code\" maxlength=\"16\"></p>\n";
    bool signs_in = strcmp(call, "/api/signin") == 0;
    pl_buf_printf(buf,
                  "<form data-call=\"%s\">\n<label for=\"name\">Name</label>\n"
                  "<input id=\"name\" name=\"name\" autocomplete=\"username\" required autofocus>\n"
                  "<label for=\"password\">Password</label>\n"
                  "<input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"%s\" "
                  "required>\n%s<p class=\"dim\">%s</p>\n<button>%s</button>\n"
                  "<p role=\"alert\"></p>\n</form>\n<script src=\"/signin.js\" defer></script>\n",
                  call,
                  signs_in ? "current-password" : "new-password",
                  signs_in ? code : "",
                  hint,
                  button);
}

static void show_form(struct pl_http_request *request, const char *title, const char *call)
{
    char memory[4096];
    struct pl_buf buf;
    bool setup = strcmp(call, "/api/setup") == 0;
    pl_buf_init(&buf, memory, sizeof memory);
    pl_page_begin(&buf, title);
    put_form(&buf,
             call,
             setup ? "Make the first account" : "Sign in",
             setup ? "At least 8 characters, better 15; four random words do well." : "");
    pl_page_end(&buf);
    pl_page_reply(request, 200, &buf);
}

static void show_signin(void *context, struct pl_http_request *request)
{
    struct pl_signin *signin = context;
    if (is_exposed(signin, request)) {
        pl_page_tell(request, 403, "This needs https", plain_http);
    } else {
        show_form(request, "Sign in", "/api/signin");
    }
}

static bool setup_is_open(struct pl_signin *signin)
{
    return !atomic_load(&signin->setup_done) && signin->setup_token[0] != '\0' &&
           pl_now_monotonic_ns() - signin->setup_ns < SETUP_S * INT64_C(1000000000);
}

static void show_setup(void *context, struct pl_http_request *request)
{
    struct pl_signin *signin = context;
    if (is_exposed(signin, request)) {
        pl_page_tell(request, 403, "This needs https", plain_http);
    } else if (!setup_is_open(signin)) {
        pl_page_tell(request,
                     404,
                     "Nothing is here",
                     "<p>This server is set up already, or its link has expired. A restart of "
                     "<code>plumb serve</code> without accounts prints a new one.</p>\n");
    } else {
        show_form(request, "Set up Plumbline", "/api/setup");
    }
}

static void send_script(void *context, struct pl_http_request *request)
{
    (void)context;
    const struct pl_http_answer answer = {
        .status = 200,
        .type = "text/javascript; charset=utf-8",
        .body = {script, sizeof script - 1},
        .cache = "max-age=3600",
    };
    pl_http_reply_with(request, &answer);
}

/* Texts of a body, borrowed from `json`. */
struct credentials {
    json_t *json; /* owned */
    const char *name;
    const char *password;
    const char *token; /* "" when there is none */
    const char *code;  /* NULL when there is none */
};

/* Read a body; false with the request answered when it is none. */
static bool read_credentials(struct pl_http_request *request, struct credentials *read)
{
    pl_error err = {0};
    memset(read, 0, sizeof *read);
    if (pl_json_in_load(pl_http_body(request), CREDENTIALS_MAX, NULL, &read->json, &err) != PL_OK) {
        pl_http_fail(request, PL_CODES_BAD_JSON, err.message, NULL);
        return false;
    }
    read->name = json_string_value(json_object_get(read->json, "name"));
    read->password = json_string_value(json_object_get(read->json, "password"));
    read->token = json_string_value(json_object_get(read->json, "token"));
    read->token = read->token != NULL ? read->token : "";
    read->code = json_string_value(json_object_get(read->json, "code"));
    if (read->name == NULL || read->password == NULL) {
        json_decref(read->json);
        pl_http_fail(request, PL_CODES_BAD_VALUE, "The body needs `name` and `password`.", NULL);
        return false;
    }
    return true;
}

/* Answer with who signed in, and set or clear the cookie. */
static void
reply_cookie(struct pl_http_request *request, const char *token, const char *json, int status)
{
    char cookie[PL_SECRET_TOKEN_SIZE + 100];
    bool secure = pl_http_is_private(request);
    (void)snprintf(cookie,
                   sizeof cookie,
                   "%s=%s; Path=/; HttpOnly; SameSite=Lax%s; Max-Age=%d",
                   secure ? "__Host-plumb" : "plumb",
                   token,
                   secure ? "; Secure" : "",
                   token[0] != '\0' ? PL_ACCOUNTS_LIFE_S : 0);
    const struct pl_http_header header = {"Set-Cookie", cookie};
    const struct pl_http_answer answer = {
        .status = status,
        .type = "application/json",
        .body = pl_slice_of(json),
        .headers = &header,
        .header_count = 1,
    };
    pl_http_reply_with(request, &answer);
}

void pl_signin_note(struct pl_signin *signin,
                    const struct pl_http_request *request,
                    const char *what,
                    const char *of,
                    bool good)
{
    PL_CHECK(signin != NULL && request != NULL);
    const struct pl_trail_event event = {.who = pl_http_user(request)->id,
                                         .what = what,
                                         .of = of,
                                         .from = pl_http_peer(request),
                                         .good = good};
    if (signin->def.trail != NULL) {
        pl_trail_put(signin->def.trail, &event);
    }
}

void pl_signin_refuse(struct pl_http_request *request, enum pl_accounts_answer answer)
{
    switch (answer) {
    case PL_ACCOUNTS_NEEDS_CODE:
        pl_http_fail(request,
                     PL_CODES_NEEDS_CODE,
                     "This account asks for a code besides the password.",
                     "Type the code that your phone shows now, or a recovery code.");
        break;
    case PL_ACCOUNTS_WRONG_CODE:
        pl_http_fail(request,
                     PL_CODES_WRONG_CODE,
                     "The code is not good, or was used already.",
                     "Wait for the next code; look at the clock of the phone.");
        break;
    case PL_ACCOUNTS_BROKEN:
        pl_http_fail(request, PL_CODES_INTERNAL, "The accounts could not be written.", NULL);
        break;
    case PL_ACCOUNTS_GOOD:
    case PL_ACCOUNTS_RECOVERED:
    case PL_ACCOUNTS_WRONG:
        pl_http_fail(request,
                     PL_CODES_WRONG_PASSWORD,
                     "There is no account with this name and this password.",
                     "Mind small and capital letters in the password.");
        break;
    }
}

/* Name for the log: what nobody's account is called may be a password in the wrong field. */
static const char *known_name(struct pl_signin *signin, const char *name, char *canonical)
{
    bool good = pl_accounts_canonical(canonical, name, NULL) == PL_OK;
    return good && pl_accounts_has(signin->def.accounts, canonical) ? canonical : "unknown name";
}

/* Begin the sign-in of somebody who was checked. */
static void let_in(struct pl_signin *signin, struct pl_http_request *request, const char *name)
{
    char token[PL_SECRET_TOKEN_SIZE];
    pl_error err = {0};
    const char *from = pl_http_peer(request);
    int status = strcmp(pl_http_path(request), "/api/setup") == 0 ? 201 : 200;
    if (pl_accounts_sign_in(signin->def.accounts, name, from, token, &err) != PL_OK) {
        pl_http_fail_error(request, &err);
    } else {
        reply_cookie(request, token, "{\"signed_in\":true}", status);
    }
}

static void sign_in(struct pl_signin *signin, struct pl_http_request *request)
{
    static const char *const notes[] = {"sign_in",
                                        "sign_in_by_recovery_code",
                                        "sign_in",
                                        "code_asked_for",
                                        "wrong_code",
                                        "sign_in"};
    struct credentials read;
    char canonical[PL_HTTP_USER_MAX];
    if (!read_credentials(request, &read)) {
        return;
    }
    const struct pl_accounts_proof proof = {read.name, read.password, read.code};
    enum pl_accounts_answer answer = pl_accounts_check(signin->def.accounts, &proof);
    bool good = answer == PL_ACCOUNTS_GOOD || answer == PL_ACCOUNTS_RECOVERED;
    const char *name = known_name(signin, read.name, canonical);
    pl_signin_note(signin, request, notes[answer], name, good);
    json_decref(read.json);
    if (good) {
        let_in(signin, request, name);
    } else {
        pl_signin_refuse(request, answer);
    }
}

static void set_up(struct pl_signin *signin, struct pl_http_request *request)
{
    struct credentials read;
    pl_error err = {0};
    if (!read_credentials(request, &read)) {
        return;
    }
    bool good = setup_is_open(signin) && pl_secret_same_hash(read.token, signin->setup_token);
    bool first = good && !atomic_exchange(&signin->setup_done, true);
    if (!first) {
        json_decref(read.json);
        pl_http_fail(request,
                     PL_CODES_NOT_FOUND,
                     "There is nothing to set up with this link.",
                     "Use the link that `plumb serve` printed last, within 30 minutes.");
        return;
    }
    uint32_t roles = PL_ROLE_PLAYER | PL_ROLE_STAFF | PL_ROLE_ADMIN;
    char canonical[PL_HTTP_USER_MAX];
    pl_status status = pl_accounts_add(signin->def.accounts, read.name, read.password, roles, &err);
    pl_signin_note(
        signin, request, "set_up", known_name(signin, read.name, canonical), status == PL_OK);
    if (status != PL_OK) {
        atomic_store(&signin->setup_done, false); /* the link stays good for another try */
        pl_http_fail_error(request, &err);
    } else {
        let_in(signin, request, read.name);
    }
    json_decref(read.json);
}

static void add_user(struct pl_signin *signin, struct pl_http_request *request)
{
    struct credentials read;
    pl_error err = {0};
    if (!read_credentials(request, &read)) {
        return;
    }
    char canonical[PL_HTTP_USER_MAX];
    pl_status status = pl_accounts_add(
        signin->def.accounts, read.name, read.password, PL_ROLE_PLAYER | PL_ROLE_STAFF, &err);
    const char *name = known_name(signin, read.name, canonical);
    pl_signin_note(signin, request, "add_account", name, status == PL_OK);
    json_decref(read.json);
    if (status != PL_OK) {
        pl_http_fail_error(request, &err);
    } else {
        pl_http_reply(request, 201, pl_slice_of("{\"added\":true}"));
    }
}

/* On a thread of its own: whatever hashes a password. */
static void take(void *context, void *item)
{
    struct pl_signin *signin = context;
    struct pl_http_request *request = item;
    const char *path = pl_http_path(request);
    bool posts = pl_http_method(request) == PL_METHOD_POST;
    if (strcmp(path, "/api/setup") == 0) {
        set_up(signin, request);
    } else if (posts && strcmp(path, "/api/users") == 0) {
        add_user(signin, request);
    } else if (strcmp(path, "/api/signin") == 0) {
        sign_in(signin, request);
    } else {
        pl_account_take(signin, request);
    }
    atomic_fetch_sub(&signin->waiting, 1);
}

/* True when a bucket of the name, or of the name and the address, is empty. Sign-ins from elsewhere
 * are slowed down with them, but nobody is locked out for long. */
static bool name_is_tried_too_often(struct pl_signin *signin, struct pl_http_request *request)
{
    json_t *json = NULL;
    char canonical[PL_HTTP_USER_MAX] = "";
    if (pl_json_in_load(pl_http_body(request), CREDENTIALS_MAX, NULL, &json, NULL) != PL_OK) {
        return false; /* it will be refused */
    }
    const char *name = json_string_value(json_object_get(json, "name"));
    const char *from = pl_http_peer(request);
    bool known = name != NULL && pl_accounts_canonical(canonical, name, NULL) == PL_OK;
    json_decref(json);
    uint64_t key = pl_hash_bytes(canonical, strlen(canonical), 3).low;
    uint64_t pair = key ^ pl_hash_bytes(from, strlen(from), 4).low;
    int64_t now_ns = pl_now_monotonic_ns();
    return known && (pl_limiter_take(&signin->limiter, pair, PER_PAIR, now_ns) > 0 ||
                     pl_limiter_take(&signin->limiter, key, PER_ACCOUNT, now_ns) > 0);
}

static void hand_over(void *context, struct pl_http_request *request)
{
    struct pl_signin *signin = context;
    if (is_exposed(signin, request)) {
        pl_http_fail(request,
                     PL_CODES_FORBIDDEN,
                     "Signing in by plain http from another machine does not work.",
                     "Open the page in a browser; it says what to do.");
        return;
    }
    if (name_is_tried_too_often(signin, request)) {
        pl_http_fail(request,
                     PL_CODES_TOO_MANY,
                     "This name was tried too often.",
                     "Wait a quarter of a minute and try again.");
        return;
    }
    pl_signin_queue(signin, request);
}

void pl_signin_queue(struct pl_signin *signin, struct pl_http_request *request)
{
    PL_CHECK(signin != NULL && request != NULL);
    if (atomic_fetch_add(&signin->waiting, 1) >= WAITING_MAX ||
        !pl_beside_put(signin->threads[signin->next++ % PL_SECRET_AT_ONCE], request)) {
        atomic_fetch_sub(&signin->waiting, 1);
        pl_http_fail(request, PL_CODES_BUSY, "Too many people are signing in.", "Try again.");
    }
}

bool pl_signin_token(const struct pl_http_request *request, char token[PL_SECRET_TOKEN_SIZE])
{
    PL_CHECK(request != NULL && token != NULL);
    static const char *const names[] = {"__Host-plumb=", "plumb="};
    const char *cookies = pl_http_header(request, "cookie");
    for (const char *at = cookies; at != NULL && *at != '\0';) {
        at += strspn(at, "; ");
        size_t size = strcspn(at, ";");
        for (size_t i = 0; i < 2; i++) {
            size_t name = strlen(names[i]);
            if (size == name + PL_SECRET_TOKEN_SIZE - 1 && strncmp(at, names[i], name) == 0) {
                memcpy(token, at + name, PL_SECRET_TOKEN_SIZE - 1);
                token[PL_SECRET_TOKEN_SIZE - 1] = '\0';
                return true;
            }
        }
        at += size;
    }
    return false;
}

static void sign_out(void *context, struct pl_http_request *request)
{
    struct pl_signin *signin = context;
    char token[PL_SECRET_TOKEN_SIZE];
    pl_error err = {0};
    if (pl_signin_token(request, token) &&
        pl_accounts_sign_out(signin->def.accounts, token, &err) != PL_OK) {
        pl_http_fail_error(request, &err);
        return;
    }
    if (pl_http_user(request)->id[0] != '\0') {
        pl_signin_note(signin, request, "sign_out", NULL, true);
    }
    reply_cookie(request, "", "{\"signed_in\":false}", 200);
}

static void tell_me(void *context, struct pl_http_request *request)
{
    (void)context;
    char memory[300];
    struct pl_buf buf;
    struct pl_json_out out;
    const struct pl_http_user *user = pl_http_user(request);
    pl_buf_init(&buf, memory, sizeof memory);
    pl_json_out_begin(&out, &buf);
    pl_json_out_object_begin(&out);
    pl_json_out_member_bool(&out, "signed_in", user->id[0] != '\0');
    pl_json_out_member_string(&out, "name", user->id);
    pl_json_out_member_bool(&out, "admin", (user->roles & PL_ROLE_ADMIN) != 0);
    pl_json_out_member_bool(&out, "needs_codes", user->hint != NULL);
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
    pl_http_reply(request, 200, (pl_slice){buf.data, buf.size});
}

static const struct pl_schema schemas[] = {
    {"Credentials",
     "{\"type\":\"object\",\"required\":[\"name\",\"password\"],\"properties\":{"
     "\"name\":{\"type\":\"string\"},\"password\":{\"type\":\"string\"},"
     "\"token\":{\"type\":\"string\",\"description\":\"Of the setup link.\"},"
     "\"code\":{\"type\":\"string\",\"description\":\"By time, or for recovery.\"}}}"},
    {"SignedIn", "{\"type\":\"object\",\"properties\":{\"signed_in\":{\"type\":\"boolean\"}}}"},
    {"Added", "{\"type\":\"object\",\"properties\":{\"added\":{\"type\":\"boolean\"}}}"},
    {"Me",
     "{\"type\":\"object\",\"properties\":{\"signed_in\":{\"type\":\"boolean\"},"
     "\"name\":{\"type\":\"string\"},\"admin\":{\"type\":\"boolean\"},"
     "\"needs_codes\":{\"type\":\"boolean\",\"description\":\"Nothing else is possible before "
     "codes by time are on.\"}}}"},
};

static const struct pl_route routes[] = {
    {.method = PL_METHOD_GET,
     .pattern = "/signin",
     .summary = "Page to sign in.",
     .roles = PL_ROLE_ANYONE,
     .handle = show_signin},
    {.method = PL_METHOD_GET,
     .pattern = "/setup",
     .summary = "Page to make the first account.",
     .roles = PL_ROLE_ANYONE,
     .handle = show_setup},
    {.method = PL_METHOD_GET,
     .pattern = "/signin.js",
     .summary = "Script of both pages.",
     .roles = PL_ROLE_ANYONE,
     .handle = send_script},
    {PL_SIGNIN_TAKES(hand_over, PER_ADDRESS),
     .pattern = "/api/setup",
     .summary = "Make the first account, with the token of the setup link; 404 afterwards.",
     .request = "Credentials",
     .response = "SignedIn",
     .status = 201,
     .roles = PL_ROLE_ANYONE,
     .example_body = "{\"token\":\"...\",\"name\":\"ada\",\"password\":\"four random words\"}"},
    {PL_SIGNIN_TAKES(hand_over, PER_ADDRESS),
     .pattern = "/api/signin",
     .summary = "Sign in: sets the cookie `__Host-plumb`.",
     .request = "Credentials",
     .response = "SignedIn",
     .roles = PL_ROLE_ANYONE,
     .example_body = "{\"name\":\"ada\",\"password\":\"four random words\"}"},
    {.method = PL_METHOD_POST,
     .pattern = "/api/signout",
     .summary = "Sign out: the token ends.",
     .response = "SignedIn",
     .roles = PL_ROLE_ANYONE,
     .handle = sign_out},
    {.method = PL_METHOD_GET,
     .pattern = "/api/me",
     .summary = "Who is signed in.",
     .response = "Me",
     .roles = PL_ROLE_ANYONE,
     .handle = tell_me},
    {PL_SIGNIN_TAKES(hand_over, PER_ADDRESS),
     .pattern = "/api/users",
     .summary = "Add an account for somebody who plays; for administrators.",
     .request = "Credentials",
     .response = "Added",
     .status = 201,
     .roles = PL_ROLE_ADMIN,
     .example_body = "{\"name\":\"bob\",\"password\":\"four other words\"}"},
};

struct pl_routes pl_signin_routes(struct pl_signin *signin)
{
    PL_CHECK(signin != NULL);
    return PL_ROUTES_OF(routes, schemas, signin);
}

void pl_signin_identify(void *context,
                        const struct pl_http_request *request,
                        struct pl_http_user *user)
{
    const struct pl_signin *signin = context;
    char token[PL_SECRET_TOKEN_SIZE];
    if (pl_signin_token(request, token)) {
        (void)pl_accounts_find(signin->def.accounts, token, user);
    }
}

void pl_signin_forbidden(void *context, const struct pl_http_request *request)
{
    struct pl_signin *signin = context;
    const char *name = pl_http_user(request)->id;
    uint64_t key = pl_hash_bytes(name, strlen(name), 5).low;
    if (pl_limiter_take(&signin->limiter, key, PER_FORBIDDEN, pl_now_monotonic_ns()) == 0) {
        pl_signin_note(signin, request, "forbidden", pl_http_path(request), false);
    }
}

/* Where somebody goes first who may not see the page yet; NULL: nowhere. */
static const char *first_page(struct pl_signin *signin, const struct pl_http_user *user)
{
    if (user->id[0] == '\0') {
        return setup_is_open(signin) ? "/setup" : "/signin";
    }
    return user->hint != NULL ? "/account" : NULL;
}

void pl_signin_fallback(void *context, struct pl_http_request *request)
{
    struct pl_signin *signin = context;
    const char *path = pl_http_path(request);
    bool page = strncmp(path, "/assets/", 8) != 0 && strncmp(path, "/api/", 5) != 0;
    if (page && is_exposed(signin, request)) {
        pl_page_tell(request, 403, "This needs https", plain_http);
    } else if (page && first_page(signin, pl_http_user(request)) != NULL) {
        const struct pl_http_header header = {"Location",
                                              first_page(signin, pl_http_user(request))};
        const struct pl_http_answer answer = {.status = 303, .headers = &header, .header_count = 1};
        pl_http_reply_with(request, &answer);
    } else {
        pl_asset_answer((void *)(uintptr_t)signin->def.assets, request);
    }
}

pl_status
pl_signin_open(struct pl_signin **signin_out, const struct pl_signin_def *def, pl_error *err)
{
    PL_CHECK(signin_out != NULL && def != NULL && def->accounts != NULL && def->assets != NULL);
    *signin_out = NULL;
    struct pl_signin *signin = calloc(1, sizeof *signin);
    if (signin == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory to sign in.");
    }
    signin->def = *def;
    atomic_init(&signin->waiting, 0);
    atomic_init(&signin->setup_done, pl_accounts_count(def->accounts) > 0);
    if (!atomic_load(&signin->setup_done)) {
        pl_secret_token(signin->setup_token);
        signin->setup_ns = pl_now_monotonic_ns();
    }
    const struct pl_beside_work work = {.context = signin, .take = take};
    for (uint32_t i = 0; i < PL_SECRET_AT_ONCE; i++) {
        pl_status status = pl_beside_start(&signin->threads[i], &work, err);
        if (status != PL_OK) {
            pl_signin_close(signin);
            return status;
        }
    }
    *signin_out = signin;
    return PL_OK;
}

void pl_signin_close(struct pl_signin *signin)
{
    if (signin == NULL) {
        return;
    }
    for (uint32_t i = 0; i < PL_SECRET_AT_ONCE; i++) {
        pl_beside_end(signin->threads[i]);
    }
    free(signin);
}

const char *pl_signin_setup_token(struct pl_signin *signin)
{
    PL_CHECK(signin != NULL);
    return atomic_load(&signin->setup_done) ? NULL : signin->setup_token;
}
