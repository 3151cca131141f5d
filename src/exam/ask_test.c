// SPDX-License-Identifier: Apache-2.0
#include "exam/ask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static uint32_t told_code;
static char told_text[64];

static void take(void *context, const struct pl_reply *reply)
{
    (void)context;
    told_code = reply->code;
    pl_slice text = reply->message != NULL ? pl_slice_of(reply->message) : reply->json;
    memcpy(told_text, text.data, text.size);
    told_text[text.size] = '\0';
}

static struct pl_ask *make(void)
{
    struct pl_ask *ask = pl_ask_new(pl_slice_of("{}"));
    assert_non_null(ask);
    assert_int_equal(ask->body_size, 2);
    assert_string_equal(ask->body, "{}");
    ask->reply = take;
    return ask;
}

static void a_reply_is_handed_on(void **state)
{
    (void)state;
    pl_ask_reply(make(), PL_REPLY_CREATED, pl_slice_of("[1]"));
    assert_int_equal(told_code, PL_REPLY_CREATED);
    assert_string_equal(told_text, "[1]");
    pl_ask_fail(make(), PL_REPLY_NOT_SEEN, "Look first.");
    assert_int_equal(told_code, PL_REPLY_NOT_SEEN);
    assert_string_equal(told_text, "Look first.");
}

static void a_status_has_its_code(void **state)
{
    (void)state;
    const struct {
        pl_status status;
        uint32_t code;
    } cases[] = {{PL_BAD_INPUT, PL_REPLY_BAD_INPUT},
                 {PL_NOT_FOUND, PL_REPLY_NOT_FOUND},
                 {PL_CONFLICT, PL_REPLY_CONFLICT},
                 {PL_NO_MEMORY, PL_REPLY_BUSY},
                 {PL_IO, PL_REPLY_INTERNAL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_error err = {0};
        (void)!pl_fail(&err, cases[i].status, NULL, "why");
        pl_ask_error(make(), &err);
        assert_int_equal(told_code, cases[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reply_is_handed_on),
        cmocka_unit_test(a_status_has_its_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
