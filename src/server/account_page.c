// SPDX-License-Identifier: Apache-2.0
#include "server/account_page.h"

#include "base/check.h"
#include "server/page.h"

enum { PAGE_MAX = 8192 };

/* For what keeps passwords: whose it is. Filled in by the script, sent by no form. */
#define WHOSE "<input class=\"whose\" autocomplete=\"username\" hidden>\n"

static const char script[] =
    "const $ = (id) => document.getElementById(id);\n"
    "const said = document.querySelector('[role=status]');\n"
    "async function call(method, path, body) {\n"
    "    const answer = await fetch(path, {method,\n"
    "        headers: body ? {'Content-Type': 'application/json'} : {},\n"
    "        body: body ? JSON.stringify(body) : undefined});\n"
    "    const json = await answer.json();\n"
    "    if (!answer.ok) {\n"
    "        said.textContent = `${json.error.message} ${json.error.hint ?? ''} "
    "(${json.error.request_id})`;\n"
    "        throw new Error(json.error.code);\n"
    "    }\n"
    "    return json;\n"
    "}\n"
    "function cell(row, text) {\n"
    "    const made = document.createElement('td');\n"
    "    made.textContent = text;\n"
    "    row.append(made);\n"
    "    return made;\n"
    "}\n"
    "async function list() {\n"
    "    const rows = [];\n"
    "    for (const one of await call('GET', '/api/me/signins')) {\n"
    "        const row = document.createElement('tr');\n"
    "        cell(row, one.from);\n"
    "        cell(row, new Date(one.begun_s * 1000).toLocaleString());\n"
    "        cell(row, new Date(one.used_s * 1000).toLocaleString());\n"
    "        const last = cell(row, one.current ? 'this one' : '');\n"
    "        if (!one.current) {\n"
    "            const button = document.createElement('button');\n"
    "            button.textContent = 'End it';\n"
    "            button.onclick = async () => {\n"
    "                await call('DELETE', `/api/me/signins/${one.id}`);\n"
    "                await list();\n"
    "            };\n"
    "            last.append(button);\n"
    "        }\n"
    "        rows.push(row);\n"
    "    }\n"
    "    $('signins').replaceChildren(...rows);\n"
    "}\n"
    "function onsubmit(id, work) {\n"
    "    $(id).addEventListener('submit', async (event) => {\n"
    "        event.preventDefault();\n"
    "        said.textContent = 'One moment ...';\n"
    "        await work(Object.fromEntries(new FormData($(id))));\n"
    "    });\n"
    "}\n"
    "onsubmit('others', async () => {\n"
    "    const {ended} = await call('DELETE', '/api/me/signins');\n"
    "    said.textContent = `${ended} ended.`;\n"
    "    await list();\n"
    "});\n"
    "onsubmit('password', async (body) => {\n"
    "    await call('POST', '/api/me/password', body);\n"
    "    $('password').reset();\n"
    "    said.textContent = 'The password is set, and all other sign-ins have ended.';\n"
    "    await list();\n"
    "});\n"
    "onsubmit('begin', async (body) => {\n"
    "    const {secret, uri} = await call('POST', '/api/me/codes', body);\n"
    "    $('begin').reset();\n"
    "    $('secret').textContent = secret.match(/.{4}/g).join(' ');\n"
    "    $('uri').textContent = uri;\n"
    "    $('uri').href = uri;\n"
    "    $('confirming').hidden = false;\n"
    "    said.textContent = 'Give the secret to the app on your phone, then type the code that it "
    "shows.';\n"
    "});\n"
    "onsubmit('confirm', async (body) => {\n"
    "    const {recovery} = await call('POST', '/api/me/codes/confirm', body);\n"
    "    $('confirming').hidden = true;\n"
    "    $('recovery').textContent = recovery.join('\\n');\n"
    "    $('recovered').hidden = false;\n"
    "    said.textContent = 'From now on signing in asks for a code.';\n"
    "});\n"
    "onsubmit('remove', async (body) => {\n"
    "    await call('POST', '/api/me/codes/remove', body);\n"
    "    $('remove').reset();\n"
    "    said.textContent = 'Signing in asks for no code any more.';\n"
    "});\n"
    "onsubmit('leave', async () => {\n"
    "    await call('POST', '/api/signout');\n"
    "    location.assign('/signin');\n"
    "});\n"
    "list();\n"
    "call('GET', '/api/me').then(({name, needs_codes}) => {\n"
    "    document.querySelectorAll('.whose').forEach((input) => { input.value = name; });\n"
    "    $('needed').hidden = !needs_codes;\n"
    "});\n";

static const char body[] =
    "<p><a href=\"/\">Back to the incidents</a></p>\n"
    "<p role=\"status\"></p>\n"
    "<h2>Sign-ins</h2>\n"
    "<table><thead><tr><th>From</th><th>Begun</th><th>Last used</th><th></th></tr></thead>\n"
    "<tbody id=\"signins\"></tbody></table>\n"
    "<form id=\"others\"><button>End all others</button></form>\n"
    "<form id=\"leave\"><button>Sign out</button></form>\n"
    "<h2>Password</h2>\n"
    "<form id=\"password\">\n" WHOSE "<label for=\"old\">Present password</label>\n"
    "<input id=\"old\" name=\"password\" type=\"password\" autocomplete=\"current-password\" "
    "required>\n"
    "<label for=\"new\">New password</label>\n"
    "<input id=\"new\" name=\"new_password\" type=\"password\" autocomplete=\"new-password\" "
    "required>\n"
    "<label for=\"pcode\">Code, when yours asks for one</label>\n"
    "<input id=\"pcode\" name=\"code\" autocomplete=\"one-time-code\" maxlength=\"16\">\n"
    "<p class=\"dim\">At least 8 characters, better 15; four random words do well.</p>\n"
    "<button>Set the password</button>\n"
    "</form>\n"
    "<h2>Codes by time</h2>\n"
    "<p id=\"needed\" hidden><strong>This server asks everybody for codes. Turn them on here; "
    "then\nthe incidents are open to you.</strong></p>\n"
    "<p>An app on your phone shows a new code every 30 seconds; signing in asks for it besides "
    "the\n"
    "password.</p>\n"
    "<form id=\"begin\">\n" WHOSE "<label for=\"bpass\">Password</label>\n"
    "<input id=\"bpass\" name=\"password\" type=\"password\" autocomplete=\"current-password\" "
    "required>\n"
    "<button>Draw a secret</button>\n"
    "</form>\n"
    "<div id=\"confirming\" hidden>\n"
    "<p>Secret: <code id=\"secret\"></code></p>\n"
    "<p>Or open on the phone: <a id=\"uri\"></a></p>\n"
    "<form id=\"confirm\">\n"
    "<label for=\"ccode\">Code that the app shows</label>\n"
    "<input id=\"ccode\" name=\"code\" autocomplete=\"one-time-code\" maxlength=\"6\" required>\n"
    "<button>Ask for codes from now on</button>\n"
    "</form>\n"
    "</div>\n"
    "<div id=\"recovered\" hidden>\n"
    "<p>Recovery codes. Each is good once, when the phone is lost. They are shown this once: write "
    "them\n"
    "down.</p>\n"
    "<pre id=\"recovery\"></pre>\n"
    "</div>\n"
    "<form id=\"remove\">\n" WHOSE "<label for=\"rpass\">Password</label>\n"
    "<input id=\"rpass\" name=\"password\" type=\"password\" autocomplete=\"current-password\" "
    "required>\n"
    "<label for=\"rcode\">Code, or a recovery code</label>\n"
    "<input id=\"rcode\" name=\"code\" autocomplete=\"one-time-code\" maxlength=\"16\" required>\n"
    "<button>Ask for codes no more</button>\n"
    "</form>\n"
    "<script src=\"/account.js\" defer></script>\n";

void pl_account_page_show(void *context, struct pl_http_request *request)
{
    (void)context;
    PL_CHECK(request != NULL);
    char memory[PAGE_MAX];
    struct pl_buf buf;
    if (pl_http_user(request)->id[0] == '\0') {
        const struct pl_http_header header = {"Location", "/signin?next=/account"};
        const struct pl_http_answer answer = {.status = 303, .headers = &header, .header_count = 1};
        pl_http_reply_with(request, &answer);
        return;
    }
    pl_buf_init(&buf, memory, sizeof memory);
    pl_page_begin(&buf, "Your account");
    pl_buf_puts(&buf, body);
    pl_page_end(&buf);
    pl_page_reply(request, 200, &buf);
}

void pl_account_page_script(void *context, struct pl_http_request *request)
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
