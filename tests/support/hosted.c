// SPDX-License-Identifier: Apache-2.0
#include "support/hosted.h"

#include "exam/juror.h"
#include "os/now.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define STEP_NS 500000

struct pl_test_hosted pl_test_hosted = {.content = "tests/content"};

/* A reply on its way. */
struct waiting {
    atomic_bool done;
};

static void take(void *context, const struct pl_reply *reply)
{
    struct waiting *waiting = context;
    pl_slice text = reply->message != NULL ? pl_slice_of(reply->message) : reply->json;
    assert_true(text.size < sizeof pl_test_hosted.text);
    memcpy(pl_test_hosted.text, text.data, text.size);
    pl_test_hosted.text[text.size] = '\0';
    pl_test_hosted.code = reply->code;
    atomic_store(&waiting->done, true);
}

/* This program started again by its own host. */
static void judge(void)
{
    struct pl_child *host = pl_child_self();
    pl_juror_run(host);
    pl_child_end(host);
    exit(EXIT_SUCCESS);
}

void pl_test_hosted_arguments(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], PL_JUROR_ARGUMENT) == 0) {
        judge();
    }
    if (argc > 1) {
        snprintf(pl_test_hosted.content, sizeof pl_test_hosted.content, "%s/../content", argv[1]);
    }
}

static void open_host(void)
{
    struct pl_host_def def = {.content = pl_test_hosted.content,
                              .data = pl_test_hosted.scratch.path,
                              .particles = 4,
                              .judges = true};
    pl_error err = {0};
    if (pl_host_open(&pl_test_hosted.host, &def, &err) != PL_OK) {
        fail_msg("%s", err.message);
    }
}

int pl_test_hosted_set_up(void **state)
{
    (void)state;
    assert_int_equal(pl_scratch_make(&pl_test_hosted.scratch, NULL), PL_OK);
    open_host();
    return 0;
}

int pl_test_hosted_tear_down(void **state)
{
    (void)state;
    pl_host_close(pl_test_hosted.host);
    return pl_scratch_remove(&pl_test_hosted.scratch, NULL) == PL_OK ? 0 : 1;
}

void pl_test_hosted_again(void)
{
    pl_host_close(pl_test_hosted.host);
    open_host();
}

static uint32_t
ask_for(const char *owner, uint32_t verb, const char *key, const char *body, int64_t after)
{
    struct waiting waiting = {.done = false};
    struct pl_ask *ask = pl_ask_new(pl_slice_of(body != NULL ? body : ""));
    assert_non_null(ask);
    ask->verb = verb;
    ask->after = after;
    ask->reply = take;
    ask->context = &waiting;
    snprintf(ask->owner, sizeof ask->owner, "%s", owner);
    snprintf(ask->key, sizeof ask->key, "%s", key != NULL ? key : "");
    snprintf(ask->session, sizeof ask->session, "%s", pl_test_hosted.id);
    pl_host_ask(pl_test_hosted.host, ask);
    while (!atomic_load(&waiting.done)) {
        pl_now_sleep_until(pl_now_monotonic_ns() + STEP_NS);
    }
    return pl_test_hosted.code;
}

uint32_t pl_test_hosted_ask(uint32_t verb, const char *key, const char *body, int64_t after)
{
    return ask_for("ines", verb, key, body, after);
}

uint32_t pl_test_hosted_ask_as(const char *owner, uint32_t verb, const char *key, const char *body)
{
    return ask_for(owner, verb, key, body, 0);
}

void pl_test_hosted_begin(const char *body)
{
    static const char mark[] = "{\"id\":\"";
    if (pl_test_hosted_ask(PL_ASK_CREATE, NULL, body, 0) != PL_REPLY_CREATED) {
        fail_msg("%s", pl_test_hosted.text);
    }
    assert_memory_equal(pl_test_hosted.text, mark, sizeof mark - 1);
    memcpy(pl_test_hosted.id, pl_test_hosted.text + sizeof mark - 1, PL_STORE_ID_SIZE - 1);
}
