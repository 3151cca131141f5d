// SPDX-License-Identifier: Apache-2.0
//
// One connection of the load client to a server on 127.0.0.1: requests with answers, or a stream of
// server-sent events.
//
//   open --ask--> waits for the answer --> idle --ask--> ...
//        --follow--> events until it is closed
//
// A request that is asked for while another one waits is the caller's business: pl_load_link_idle.
#ifndef PL_LOAD_LINK_H
#define PL_LOAD_LINK_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct event_base;

enum { PL_LOAD_NAME_MAX = 24 /* bytes of an event's name with its terminator */ };

/** What came on a stream. */
struct pl_load_event {
    char name[PL_LOAD_NAME_MAX];
    int64_t id; /* -1: none */
    pl_slice data;
};

/** Who is told; all on the loop's thread. */
struct pl_load_ear {
    void *context;
    void (*answered)(void *context, int status, pl_slice body);
    void (*heard)(void *context, const struct pl_load_event *event);
    void (*lost)(void *context); /* the connection broke: nothing more comes */
};

/** A connection; opaque. */
struct pl_load_link;

/** Begin to connect to a port of 127.0.0.1; NULL when the machine refuses. */
struct pl_load_link *
pl_load_link_open(struct event_base *base, uint16_t port, const struct pl_load_ear *ear);

/** True when no answer is waited for. */
bool pl_load_link_idle(const struct pl_load_link *link);

/** Send a request; the link is idle (checked). `key` names a command and may be NULL. */
void pl_load_link_ask(struct pl_load_link *link,
                      const char *method,
                      const char *path,
                      const char *key,
                      pl_slice json);

/** Ask for a stream of events; `answered` is told when it is refused. */
void pl_load_link_follow(struct pl_load_link *link, const char *path);

/** Close and free. NULL is allowed. */
void pl_load_link_close(struct pl_load_link *link);

#endif
