// SPDX-License-Identifier: Apache-2.0
//
// The web server as commands start it: host, routes, pages, until somebody ends it.
#ifndef PL_CLI_WEB_H
#define PL_CLI_WEB_H

#include "base/buf.h"
#include "base/error.h"
#include "exam/host.h"

#include <stdbool.h>

#define PL_WEB_LISTEN "127.0.0.1:7586"

/** What is served. Texts are borrowed until pl_web_close. */
struct pl_web_def {
    const char *listen;  /* ADDRESS:PORT; NULL: PL_WEB_LISTEN, or a free port when it is taken */
    const char *content; /* value of --content, or NULL */
    const char *data;    /* directory of the evidence log */
    uint32_t streams;    /* event streams of one session; 0: PL_HTTP_STREAMS */
};

/** A server that is ready; opaque. */
struct pl_web;

/**
 * Open the data and listen.
 *
 * @param web  filled with an owned handle for pl_web_close
 * @param def  what
 * @param err  sentence
 * @return PL_OK, PL_BAD_INPUT (address), PL_CONFLICT (port taken) or why content or data fail
 */
pl_status pl_web_open(struct pl_web **web, const struct pl_web_def *def, pl_error *err)
    __attribute__((warn_unused_result));

/** Address for a browser, without a slash at the end. */
const char *pl_web_url(const struct pl_web *web);

/** The sessions. */
struct pl_host *pl_web_host(struct pl_web *web);

/**
 * Append figures of the sessions in the text format of Prometheus: the `metrics` of pl_about.
 *
 * @param context  the struct pl_host
 * @param buf      appended to
 */
void pl_web_put_metrics(void *context, struct pl_buf *buf);

/**
 * Count how long the log took: the `measured` of pl_host_def.
 *
 * @param context      an _Atomic(struct pl_meter *), NULL in it before the server listens
 * @param duration_ns  of one transaction
 */
void pl_web_measure(void *context, int64_t duration_ns);

/** Serve until SIGINT, SIGTERM or pl_web_stop. */
void pl_web_run(struct pl_web *web);

/** Make pl_web_run return; any thread. */
void pl_web_stop(struct pl_web *web);

/** Keep everything and free the handle. NULL is allowed. */
void pl_web_close(struct pl_web *web);

#endif
