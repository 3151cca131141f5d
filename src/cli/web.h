// SPDX-License-Identifier: Apache-2.0
//
// The web server as commands start it: host, routes, pages, until somebody ends it.
#ifndef PL_CLI_WEB_H
#define PL_CLI_WEB_H

#include "base/buf.h"
#include "base/error.h"
#include "cli/options.h"
#include "exam/host.h"

#include <stdbool.h>

#define PL_WEB_LISTEN "127.0.0.1:7586"

/** What is served. Texts are borrowed until pl_web_close. */
struct pl_web_def {
    const char *listen;    /* ADDRESS:PORT; NULL: PL_WEB_LISTEN */
    const char *content;   /* value of --content, or NULL */
    const char *data;      /* directory of the evidence log */
    const char *base_url;  /* what browsers show; NULL: by the address */
    uint32_t sessions;     /* of one user in play at once; 0: as pl_host_def says */
    uint32_t streams;      /* event streams of one user on one session; 0: PL_HTTP_STREAMS */
    uint32_t particles;    /* worlds per cause of analyses; 0: the host's default */
    bool port_may_change;  /* without `listen`: a free port when the usual one is taken */
    bool sign_in;          /* for several people, with accounts */
    bool require_mfa;      /* they have to use codes by time */
    const char *proxy;     /* address of a proxy that tells who its clients are; NULL: none */
    bool insecure_lan;     /* they may sign in by plain http from other machines */
    bool judges;           /* see pl_host_def */
    bool stops_on_signals; /* SIGINT and SIGTERM make pl_web_run return */
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

/** Read the options --sessions, --streams and --k of a command. PL_OK or PL_BAD_INPUT. */
pl_status pl_web_read_limits(const struct pl_args *args, struct pl_web_def *def, pl_error *err)
    __attribute__((warn_unused_result));

/** Address for a browser, without a slash at the end. */
const char *pl_web_url(const struct pl_web *web);

/** The sessions. */
struct pl_host *pl_web_host(struct pl_web *web);

/** True when browsers on other machines would lose their cookies: plain http without leave. */
bool pl_web_is_exposed(const struct pl_web *web);

/** One-time token of the setup; NULL when there is an account, or no sign-in. */
const char *pl_web_setup_token(struct pl_web *web);

/** Serve until pl_web_stop, or a signal. */
void pl_web_run(struct pl_web *web);

/** Make pl_web_run return; any thread. */
void pl_web_stop(struct pl_web *web);

/** Keep everything and free the handle. NULL is allowed. */
void pl_web_close(struct pl_web *web);

#endif
