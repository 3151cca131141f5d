// SPDX-License-Identifier: Apache-2.0
//
// What a server asks the host of all sessions, and what it gets back.
//
// An ask belongs to the host from pl_host_ask on; its reply is called exactly once, on a thread of
// the host. The host knows nothing of HTTP: codes say what happened, the server gives them numbers.
#ifndef PL_EXAM_ASK_H
#define PL_EXAM_ASK_H

#include "base/buf.h"
#include "base/error.h"
#include "exam/tag.h"
#include "exam/transcript.h"

#include <stdint.h>

enum { PL_ASK_ID_SIZE = 33 /* bytes of a session's id as a client may give it */ };

/** What is asked. */
enum pl_ask_verb {
    PL_ASK_SCENARIOS, /* list of scenarios */
    PL_ASK_SESSIONS,  /* list of the owner's sessions */
    PL_ASK_LEXICON,   /* words of a scenario: `session` empty, `key` its name or empty */
    PL_ASK_CREATE,    /* body {scenario, clock, speed, seed, from} */
    PL_ASK_DESCRIBE,
    PL_ASK_COMMAND, /* body: a command; key: the client's name for it */
    PL_ASK_ENTRIES, /* entries after `after` */
    PL_ASK_CLOCK,   /* body {running, speed} */
    PL_ASK_PANEL,   /* body: a look at a panel */
    PL_ASK_PANELS,  /* body {panels: [{service, panel, by, window}]}, up to 16 */
    PL_ASK_ANALYSIS,
    PL_ASK_ANALYSIS_STOP, /* make none */
    PL_ASK_WHATIF,        /* body {at_s, commands, horizon_s, panels} */
    PL_ASK_WATCH          /* the watcher gets the entries after `after`, then all that follows */
};

/** What happened. */
enum pl_reply_code {
    PL_REPLY_OK,
    PL_REPLY_CREATED,
    PL_REPLY_WORKING,   /* not ready; the JSON tells how far it is */
    PL_REPLY_REFUSED,   /* the JSON is the answer of the session, with its error */
    PL_REPLY_BAD_INPUT, /* from here on `message` says why */
    PL_REPLY_NOT_FOUND,
    PL_REPLY_CONFLICT,
    PL_REPLY_SESSION_OPEN,   /* shown after the end only */
    PL_REPLY_SESSION_CLOSED, /* not possible after the end */
    PL_REPLY_NOT_SEEN,       /* the panel was never looked at */
    PL_REPLY_BUSY,           /* the host is ending, or has no room */
    PL_REPLY_INTERNAL
};

/** An answer, borrowed for the call. */
struct pl_reply {
    uint32_t code; /* enum pl_reply_code */
    pl_slice json;
    const char *message; /* one sentence, NULL when there is JSON */
};

/** Somebody who is told what happens in a session. Called on threads of the host, one at a time. */
struct pl_watcher {
    void *context;
    /* An event for this watcher and all that follow it, whose `send` is the same: `entry` and
     * `resync` (from the log), `clock`, `analysis`; id NULL: none. */
    void (*send)(struct pl_watcher *first, const char *event, const uint64_t *id, pl_slice json);
    /* Nothing is sent any more; the watcher is given back. */
    void (*released)(void *context);
    struct pl_watcher *next; /* the host's */
};

/** An ask, made by pl_ask_new. */
struct pl_ask {
    uint32_t verb;                 /* enum pl_ask_verb */
    char owner[PL_TAG_OWNER_SIZE]; /* who asks */
    char session[PL_ASK_ID_SIZE];
    char key[PL_TRANSCRIPT_KEY_MAX + 1];
    int64_t after;
    struct pl_watcher *watcher; /* WATCH, borrowed until `released` */
    void (*reply)(void *context, const struct pl_reply *reply);
    void *context;
    struct pl_ask *next; /* the host's */
    size_t body_size;
    char body[]; /* terminated */
};

/** Make an ask with a copy of its body; the rest is zeroed. NULL when there is no memory. */
struct pl_ask *pl_ask_new(pl_slice body);

/** Reply with JSON and free the ask. */
void pl_ask_reply(struct pl_ask *ask, enum pl_reply_code code, pl_slice json);

/** Reply with a sentence and free the ask. */
void pl_ask_fail(struct pl_ask *ask, enum pl_reply_code code, const char *message);

/** Reply with the code that stands for a status other than PL_OK, and free the ask. */
void pl_ask_error(struct pl_ask *ask, const pl_error *err);

#endif
