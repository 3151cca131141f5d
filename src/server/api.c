// SPDX-License-Identifier: Apache-2.0
#include "server/api.h"

#include "base/check.h"
#include "server/api_schema.h"
#include "server/http.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BODY_MAX = 64 * 1024,
    BODY_SMALL = 4096,
    LOOK_SIZE = 4096,
    COMMANDS_PER_MINUTE = 600,
    STREAMS_AT_ONCE = 1024 /* that one message serves */
};

/* ---- Replies -------------------------------------------------------------------------------- */

/* A refused command: the session's error in the form of every error, and its answer. */
static void answer_refused(struct pl_http_request *request, pl_slice answer)
{
    json_t *json = NULL;
    size_t size = answer.size + BODY_SMALL;
    char *memory = malloc(size);
    struct pl_buf text;
    struct pl_json_out out;
    if (memory == NULL ||
        pl_json_in_load(answer, PL_JSON_IN_TEXT_MAX, NULL, &json, NULL) != PL_OK) {
        free(memory);
        pl_http_fail(request, PL_CODES_REFUSED, "The command was refused.", NULL);
        return;
    }
    const json_t *error = json_object_get(json, "error");
    const char *code = json_string_value(json_object_get(error, "code"));
    const char *message = json_string_value(json_object_get(error, "message"));
    pl_buf_init(&text, memory, size);
    pl_json_out_begin(&out, &text);
    pl_json_out_object_begin(&out);
    pl_json_out_key(&out, "error");
    pl_json_out_object_begin(&out);
    pl_json_out_member_string(&out, "code", pl_codes_name(PL_CODES_REFUSED));
    pl_json_out_member_string(&out, "reason", code != NULL ? code : "");
    pl_json_out_member_string(&out, "message", message != NULL ? message : "");
    pl_json_out_member_string(&out, "request_id", pl_http_request_id(request));
    pl_json_out_object_end(&out);
    pl_json_out_key(&out, "answer");
    pl_json_out_raw(&out, answer);
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
    json_decref(json);
    if (text.overflow) {
        pl_http_fail(request, PL_CODES_REFUSED, "The command was refused.", NULL);
    } else {
        pl_http_reply(request, 422, (pl_slice){memory, text.size});
    }
    free(memory);
}

static void answer_failed(struct pl_http_request *request, const struct pl_reply *reply)
{
    static const enum pl_codes_id codes[] = {
        [PL_REPLY_BAD_INPUT] = PL_CODES_BAD_VALUE,
        [PL_REPLY_NOT_FOUND] = PL_CODES_NOT_FOUND,
        [PL_REPLY_CONFLICT] = PL_CODES_CONFLICT,
        [PL_REPLY_SESSION_OPEN] = PL_CODES_SESSION_OPEN,
        [PL_REPLY_SESSION_CLOSED] = PL_CODES_SESSION_CLOSED,
        [PL_REPLY_NOT_SEEN] = PL_CODES_NOT_SEEN,
        [PL_REPLY_BUSY] = PL_CODES_BUSY,
        [PL_REPLY_INTERNAL] = PL_CODES_INTERNAL,
    };
    pl_http_fail(request, codes[reply->code], reply->message, NULL);
}

static void answer(void *context, const struct pl_reply *reply)
{
    struct pl_http_request *request = context;
    switch ((enum pl_reply_code)reply->code) {
    case PL_REPLY_OK:
        pl_http_reply(request, 200, reply->json);
        break;
    case PL_REPLY_CREATED:
        pl_http_reply(request, 201, reply->json);
        break;
    case PL_REPLY_WORKING:
        pl_http_reply(request, 202, reply->json);
        break;
    case PL_REPLY_REFUSED:
        answer_refused(request, reply->json);
        break;
    case PL_REPLY_BAD_INPUT:
    case PL_REPLY_NOT_FOUND:
    case PL_REPLY_CONFLICT:
    case PL_REPLY_SESSION_OPEN:
    case PL_REPLY_SESSION_CLOSED:
    case PL_REPLY_NOT_SEEN:
    case PL_REPLY_BUSY:
    case PL_REPLY_INTERNAL:
        answer_failed(request, reply);
        break;
    }
}

/* ---- Asks ----------------------------------------------------------------------------------- */

/* Make an ask of a request; answers the request and returns NULL when that is not possible. */
static struct pl_ask *make_ask(struct pl_http_request *request, uint32_t verb, pl_slice body)
{
    const char *key = pl_http_header(request, "Idempotency-Key");
    struct pl_ask *ask = pl_ask_new(body);
    if (ask == NULL) {
        pl_http_fail(
            request, PL_CODES_BUSY, "There is not enough memory for another request.", NULL);
        return NULL;
    }
    if (key != NULL && strlen(key) > PL_TRANSCRIPT_KEY_MAX) {
        free(ask);
        pl_http_fail(request, PL_CODES_BAD_VALUE, "The Idempotency-Key is too long.", NULL);
        return NULL;
    }
    ask->verb = verb;
    ask->reply = answer;
    ask->context = request;
    snprintf(ask->owner, sizeof ask->owner, "%s", pl_http_user(request)->id);
    snprintf(ask->key, sizeof ask->key, "%s", key != NULL ? key : "");
    return ask;
}

static struct pl_ask *make_own(struct pl_http_request *request, uint32_t verb, pl_slice body)
{
    const char *id = pl_http_param(request, "id");
    struct pl_ask *ask = make_ask(request, verb, body);
    if (ask != NULL) {
        snprintf(ask->session, sizeof ask->session, "%s", id);
    }
    return ask;
}

static void hand_over(void *context, struct pl_ask *ask)
{
    const struct pl_api *api = context;
    if (ask != NULL) {
        pl_host_ask(api->host, ask);
    }
}

static void get_scenarios(void *context, struct pl_http_request *request)
{
    hand_over(context, make_ask(request, PL_ASK_SCENARIOS, (pl_slice){NULL, 0}));
}

static void get_sessions(void *context, struct pl_http_request *request)
{
    hand_over(context, make_ask(request, PL_ASK_SESSIONS, (pl_slice){NULL, 0}));
}

static void get_lexicon(void *context, struct pl_http_request *request)
{
    const char *scenario = pl_http_query(request, "scenario");
    struct pl_ask *ask = make_ask(request, PL_ASK_LEXICON, (pl_slice){NULL, 0});
    if (ask != NULL) {
        snprintf(ask->key, sizeof ask->key, "%s", scenario != NULL ? scenario : "");
    }
    hand_over(context, ask);
}

static void post_session(void *context, struct pl_http_request *request)
{
    hand_over(context, make_ask(request, PL_ASK_CREATE, pl_http_body(request)));
}

static void get_session(void *context, struct pl_http_request *request)
{
    hand_over(context, make_own(request, PL_ASK_DESCRIBE, (pl_slice){NULL, 0}));
}

static void post_command(void *context, struct pl_http_request *request)
{
    hand_over(context, make_own(request, PL_ASK_COMMAND, pl_http_body(request)));
}

static void post_clock(void *context, struct pl_http_request *request)
{
    hand_over(context, make_own(request, PL_ASK_CLOCK, pl_http_body(request)));
}

static void post_panels(void *context, struct pl_http_request *request)
{
    hand_over(context, make_own(request, PL_ASK_PANELS, pl_http_body(request)));
}

static void post_whatif(void *context, struct pl_http_request *request)
{
    hand_over(context, make_own(request, PL_ASK_WHATIF, pl_http_body(request)));
}

static void get_analysis(void *context, struct pl_http_request *request)
{
    hand_over(context, make_own(request, PL_ASK_ANALYSIS, (pl_slice){NULL, 0}));
}

static void delete_analysis(void *context, struct pl_http_request *request)
{
    hand_over(context, make_own(request, PL_ASK_ANALYSIS_STOP, (pl_slice){NULL, 0}));
}

static void get_entries(void *context, struct pl_http_request *request)
{
    const char *text = pl_http_query(request, "after");
    char *end = NULL;
    long long after = text != NULL ? strtoll(text, &end, 10) : 0;
    if (text != NULL && (end == text || *end != '\0' || after < 0)) {
        pl_http_fail(
            request, PL_CODES_BAD_VALUE, "`after` is the number of an entry, from 0.", NULL);
        return;
    }
    struct pl_ask *ask = make_own(request, PL_ASK_ENTRIES, (pl_slice){NULL, 0});
    if (ask != NULL) {
        ask->after = after;
    }
    hand_over(context, ask);
}

/* A look at a panel, made of the query. */
static void get_panel(void *context, struct pl_http_request *request)
{
    static const char *const names[] = {"service", "panel", "by", "window"};
    char memory[LOOK_SIZE];
    struct pl_buf text;
    struct pl_json_out out;
    pl_buf_init(&text, memory, sizeof memory);
    pl_json_out_begin(&out, &text);
    pl_json_out_object_begin(&out);
    pl_json_out_member_string(&out, "do", "look");
    pl_json_out_member_string(&out, "what", "panel");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = pl_http_query(request, names[i]);
        if (value != NULL && value[0] != '\0') {
            pl_json_out_member_string(&out, names[i], value);
        }
    }
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
    if (text.overflow) {
        pl_http_fail(request, PL_CODES_BAD_VALUE, "The panel's name is too long.", NULL);
        return;
    }
    hand_over(context, make_own(request, PL_ASK_PANEL, (pl_slice){memory, text.size}));
}

/* ---- Events --------------------------------------------------------------------------------- */

/* A client that follows a session. */
struct follower {
    struct pl_watcher watcher;
    struct pl_host *host;
    struct pl_http_request *request; /* until the stream begins */
    struct pl_http_stream *stream;
    char session[PL_ASK_ID_SIZE];
};

/* One event for all of them: it is put together once. */
static void
send_event(struct pl_watcher *first, const char *event, const uint64_t *id, pl_slice json)
{
    struct pl_http_stream *streams[STREAMS_AT_ONCE];
    uint32_t count = 0;
    for (struct pl_watcher *watcher = first; watcher != NULL; watcher = watcher->next) {
        const struct follower *follower = watcher->context;
        if (follower->stream != NULL) {
            streams[count++] = follower->stream;
        }
        if (count == STREAMS_AT_ONCE || (watcher->next == NULL && count > 0)) {
            pl_http_streams_send(streams, count, event, id, json);
            count = 0;
        }
    }
}

static void release(void *context)
{
    struct follower *follower = context;
    if (follower->stream != NULL) {
        pl_http_stream_end(follower->stream);
    }
    free(follower);
}

static void leave(void *context, struct pl_http_stream *stream)
{
    (void)stream;
    struct follower *follower = context;
    pl_host_unwatch(follower->host, follower->session, &follower->watcher);
}

/* The session is there: the stream begins before the host sends anything. */
static void begin_stream(void *context, const struct pl_reply *reply)
{
    struct follower *follower = context;
    struct pl_http_request *request = follower->request;
    if (reply->code != PL_REPLY_OK) {
        free(follower);
        answer_failed(request, reply);
        return;
    }
    follower->stream = pl_http_stream_begin(request, follower, leave);
    if (follower->stream == NULL) {
        leave(follower, NULL);
    }
}

static void get_events(void *context, struct pl_http_request *request)
{
    const struct pl_api *api = context;
    uint64_t last = 0;
    struct pl_ask *ask = make_own(request, PL_ASK_WATCH, (pl_slice){NULL, 0});
    struct follower *follower = ask != NULL ? calloc(1, sizeof *follower) : NULL;
    if (ask == NULL) {
        return;
    }
    if (follower == NULL) {
        free(ask);
        pl_http_fail(
            request, PL_CODES_BUSY, "There is not enough memory for another stream.", NULL);
        return;
    }
    follower->host = api->host;
    follower->request = request;
    follower->watcher =
        (struct pl_watcher){.context = follower, .send = send_event, .released = release};
    snprintf(follower->session, sizeof follower->session, "%s", ask->session);
    ask->watcher = &follower->watcher;
    ask->after = pl_http_last_event_id(request, &last) ? (int64_t)last : -1;
    ask->reply = begin_stream;
    ask->context = follower;
    pl_host_ask(api->host, ask);
}

/* ---- Routes --------------------------------------------------------------------------------- */

static const struct pl_route routes[] = {
    {
        .method = PL_METHOD_GET,
        .pattern = "/api/scenarios",
        .summary = "Scenarios that can be played, with one's own plays and best score.",
        .response = "Scenarios",
        .roles = PL_ROLE_PLAYER,
        .handle = get_scenarios,
    },
    {
        .method = PL_METHOD_GET,
        .pattern = "/api/lexicon",
        .summary = "Services, panels, looks with their cost, people and actions of a scenario.",
        .response = "Lexicon",
        .roles = PL_ROLE_PLAYER,
        .handle = get_lexicon,
        .query = "scenario",
        .example_query = "scenario=every-query-is-slow",
    },
    {
        .method = PL_METHOD_GET,
        .pattern = "/api/sessions",
        .summary = "One's own sessions and the samples, newest first.",
        .response = "Sessions",
        .roles = PL_ROLE_PLAYER,
        .handle = get_sessions,
    },
    {
        .method = PL_METHOD_POST,
        .pattern = "/api/sessions",
        .summary = "Begin an incident, or go on from a moment of one that is over.",
        .request = "NewSession",
        .response = "Opened",
        .roles = PL_ROLE_PLAYER,
        .body_max = BODY_SMALL,
        .handle = post_session,
        .status = 201,
        .example_body = "{\"scenario\":\"every-query-is-slow\",\"clock\":\"turn\"}",
    },
    {
        .method = PL_METHOD_GET,
        .pattern = "/api/sessions/{id}",
        .summary =
            "All that is needed to show a session: opening, clock, actions, map of the system.",
        .response = "Session",
        .roles = PL_ROLE_PLAYER,
        .handle = get_session,
    },
    {
        .method = PL_METHOD_POST,
        .pattern = "/api/sessions/{id}/commands",
        .summary = "Look, act or say. The answer comes when its entry is on disk; the same "
                   "Idempotency-Key gets "
                   "the first answer again.",
        .request = "Command",
        .response = "Answer",
        .roles = PL_ROLE_PLAYER,
        .body_max = BODY_MAX,
        .per_minute = COMMANDS_PER_MINUTE,
        .handle = post_command,
        .headers = "Idempotency-Key",
        .example_body = "{\"do\":\"look\",\"what\":\"alerts\"}",
    },
    {
        .method = PL_METHOD_GET,
        .pattern = "/api/sessions/{id}/entries",
        .summary = "What was shown, as it was shown, after the entry `after`.",
        .response = "Entries",
        .roles = PL_ROLE_PLAYER,
        .handle = get_entries,
        .query = "after",
        .example_query = "after=0",
    },
    {
        .method = PL_METHOD_GET,
        .pattern = "/api/sessions/{id}/events",
        .summary = "Server-sent events: `entry` as it is on disk, `clock` each second, `analysis`, "
                   "`resync`.",
        .roles = PL_ROLE_PLAYER,
        .handle = get_events,
        .query = "after",
        .headers = "Last-Event-ID",
        .example_query = "after=0",
    },
    {
        .method = PL_METHOD_POST,
        .pattern = "/api/sessions/{id}/clock",
        .summary = "Pause, resume or speed up a live clock.",
        .request = "ClockWish",
        .response = "Clock",
        .roles = PL_ROLE_PLAYER,
        .body_max = BODY_SMALL,
        .handle = post_clock,
        .example_body = "{\"running\":false}",
    },
    {
        .method = PL_METHOD_GET,
        .pattern = "/api/sessions/{id}/panel",
        .summary = "Refresh a panel that was looked at before; with a live clock only.",
        .response = "Panel",
        .roles = PL_ROLE_PLAYER,
        .handle = get_panel,
        .query = "service panel by window",
        .example_query = "service=checkout-api&panel=latency",
    },
    {
        .method = PL_METHOD_POST,
        .pattern = "/api/sessions/{id}/panels",
        .summary =
            "Refresh up to 16 of them at once. One that is `due` enters the log: ask for it by "
            "itself.",
        .request = "PanelsWish",
        .response = "Panels",
        .roles = PL_ROLE_PLAYER,
        .body_max = BODY_SMALL,
        .handle = post_panels,
        .example_body = "{\"panels\":[{\"service\":\"checkout-api\",\"panel\":\"latency\"}]}",
    },
    {
        .method = PL_METHOD_GET,
        .pattern = "/api/sessions/{id}/analysis",
        .summary =
            "The analysis and the debrief of an incident that is over; 202 while they are made.",
        .response = "Analysis",
        .roles = PL_ROLE_PLAYER,
        .handle = get_analysis,
    },
    {
        .method = PL_METHOD_DELETE,
        .pattern = "/api/sessions/{id}/analysis",
        .summary = "Stop an analysis that waits or is made; asking for it begins it anew.",
        .response = "Progress",
        .roles = PL_ROLE_PLAYER,
        .handle = delete_analysis,
    },
    {
        .method = PL_METHOD_POST,
        .pattern = "/api/sessions/{id}/whatif",
        .summary = "From a moment on: the future that was played, and another one.",
        .request = "WhatIf",
        .response = "Futures",
        .roles = PL_ROLE_PLAYER,
        .body_max = BODY_MAX,
        .handle = post_whatif,
        .example_body = "{\"at_s\":120,\"commands\":[],\"horizon_s\":600}",
    },
};

struct pl_routes pl_api_routes(struct pl_api *api)
{
    PL_CHECK(api != NULL && api->host != NULL);
    struct pl_routes group = {
        .items = routes, .count = sizeof routes / sizeof routes[0], .context = api};
    group.schemas = pl_api_schemas(&group.schema_count);
    return group;
}
