// SPDX-License-Identifier: Apache-2.0
#include "range/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char ok_text[] = "HTTP/1.1 200 OK\r\nServer: probe\r\ncontent-length: 5\r\n\r\nhello";

static void an_answer_is_the_same_in_any_pieces(void **state)
{
    (void)state;
    size_t size = strlen(ok_text);
    for (size_t piece = 1; piece <= size; piece++) {
        struct pl_reply reply = {0};
        size_t taken = 0;
        while (taken < size) {
            size_t part = size - taken < piece ? size - taken : piece;
            assert_int_equal(pl_reply_take(&reply, ok_text + taken, part), part);
            taken += part;
            assert_int_equal(reply.phase == PL_REPLY_DONE, taken == size);
        }
        assert_int_equal(reply.status, 200);
        assert_int_equal(reply.close, 0);
    }
}

static void bytes_of_the_next_answer_stay(void **state)
{
    (void)state;
    char both[256];
    (void)snprintf(both, sizeof both, "%s%s", ok_text, "HTTP/1.1 503");
    struct pl_reply reply = {0};
    assert_int_equal(pl_reply_take(&reply, both, strlen(both)), strlen(ok_text));
    assert_int_equal(reply.phase, PL_REPLY_DONE);
}

static void heads_are_judged(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t phase;
        uint32_t status;
        uint32_t close;
    } cases[] = {
        {"HTTP/1.1 204 No Content\r\n\r\n", PL_REPLY_DONE, 204, 0},
        {"HTTP/1.1 503 Busy\r\nConnection: CLOSE\r\nContent-Length: 0\r\n\r\n",
         PL_REPLY_DONE,
         503,
         1},
        {"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", PL_REPLY_DONE, 200, 1},
        {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", PL_REPLY_BODY, 200, 0},
        {"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n", PL_REPLY_BROKEN, 200, 0},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", PL_REPLY_BROKEN, 200, 0},
        {"HTTP/1.1 999 Odd\r\n\r\n", PL_REPLY_BROKEN, 0, 0},
        {"SSH-2.0-OpenSSH\r\n\r\n", PL_REPLY_BROKEN, 0, 0},
        {"HTTP/1.1 20", PL_REPLY_HEAD, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pl_reply reply = {0};
        (void)pl_reply_take(&reply, cases[i].text, strlen(cases[i].text));
        assert_int_equal(reply.phase, cases[i].phase);
        assert_int_equal(reply.status, cases[i].status);
        assert_int_equal(reply.close, cases[i].close);
    }
}

static void a_head_beyond_the_limit_is_broken(void **state)
{
    (void)state;
    struct pl_reply reply = {0};
    (void)pl_reply_take(&reply, "HTTP/1.1 200 OK\r\nX: ", 20);
    while (reply.head_size < PL_REPLY_HEAD_MAX) {
        assert_int_equal(pl_reply_take(&reply, "x", 1), 1);
        assert_int_equal(reply.phase, PL_REPLY_HEAD);
    }
    (void)pl_reply_take(&reply, "x", 1);
    assert_int_equal(reply.phase, PL_REPLY_BROKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_the_same_in_any_pieces),
        cmocka_unit_test(bytes_of_the_next_answer_stay),
        cmocka_unit_test(heads_are_judged),
        cmocka_unit_test(a_head_beyond_the_limit_is_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
