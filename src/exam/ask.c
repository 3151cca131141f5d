// SPDX-License-Identifier: Apache-2.0
#include "exam/ask.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

struct pl_ask *pl_ask_new(pl_slice body)
{
    struct pl_ask *ask = calloc(1, sizeof *ask + body.size + 1);
    if (ask != NULL && body.size > 0) {
        memcpy(ask->body, body.data, body.size);
        ask->body_size = body.size;
    }
    return ask;
}

static void answer(struct pl_ask *ask, const struct pl_reply *reply)
{
    PL_CHECK(ask != NULL && ask->reply != NULL);
    ask->reply(ask->context, reply);
    free(ask);
}

void pl_ask_reply(struct pl_ask *ask, enum pl_reply_code code, pl_slice json)
{
    PL_CHECK(code <= PL_REPLY_REFUSED);
    struct pl_reply reply = {.code = code, .json = json};
    answer(ask, &reply);
}

void pl_ask_fail(struct pl_ask *ask, enum pl_reply_code code, const char *message)
{
    PL_CHECK(code > PL_REPLY_REFUSED && message != NULL);
    struct pl_reply reply = {.code = code, .message = message};
    answer(ask, &reply);
}

void pl_ask_error(struct pl_ask *ask, const pl_error *err)
{
    PL_CHECK(err != NULL && err->status != PL_OK);
    enum pl_reply_code code = PL_REPLY_INTERNAL;
    if (err->status == PL_BAD_INPUT || err->status == PL_LIMIT || err->status == PL_UNSUPPORTED) {
        code = PL_REPLY_BAD_INPUT;
    } else if (err->status == PL_NOT_FOUND) {
        code = PL_REPLY_NOT_FOUND;
    } else if (err->status == PL_CONFLICT) {
        code = PL_REPLY_CONFLICT;
    } else if (err->status == PL_NO_MEMORY) {
        code = PL_REPLY_BUSY;
    }
    pl_ask_fail(ask, code, err->message);
}
