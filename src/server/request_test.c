// SPDX-License-Identifier: Apache-2.0
#include "server/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char memory[2 * PL_REQUEST_HEAD_MAX];

/* Scan and read a text; the code of the refusal, or -1 when it is a request, -2 for more. */
static int read_text(pl_slice text, struct pl_request *request)
{
    struct pl_refusal refusal = {0};
    size_t size = 0;
    memcpy(memory, text.data, text.size);
    enum pl_request_progress progress = pl_request_scan(text, &size, &refusal);
    if (progress == PL_REQUEST_MORE) {
        return -2;
    }
    if (progress == PL_REQUEST_WHOLE && pl_request_read(request, memory, size, &refusal)) {
        return -1;
    }
    assert_non_null(refusal.message);
    return (int)refusal.code;
}

static void a_request_is_read_with_its_headers(void **state)
{
    (void)state;
    struct pl_request request;
    int code = read_text(pl_slice_of("POST /api/x?y=1 HTTP/1.1\r\nHost: h:1\r\nX-A:\t b c \r\n"
                                     "Content-Length: 12\r\nExpect: 100-continue\r\n\r\nbody"),
                         &request);
    assert_int_equal(code, -1);
    assert_int_equal(request.method, PL_METHOD_POST);
    assert_string_equal(request.target.path, "/api/x");
    assert_string_equal(request.host, "h:1");
    assert_string_equal(pl_request_header(&request, "x-a"), "b c");
    assert_int_equal(request.body_size, 12);
    assert_true(request.keep_alive);
    assert_true(request.expects_continue);
    assert_null(pl_request_header(&request, "x-b"));
}

static void connections_close_when_asked_and_for_the_old_version(void **state)
{
    (void)state;
    struct pl_request request;
    assert_int_equal(read_text(pl_slice_of("GET / HTTP/1.0\r\nHost: h\r\n\r\n"), &request), -1);
    assert_false(request.keep_alive);
    pl_slice text = pl_slice_of("GET / HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n\r\n");
    assert_int_equal(read_text(text, &request), -1);
    assert_false(request.keep_alive);
}

static void every_prefix_of_a_head_asks_for_more(void **state)
{
    (void)state;
    struct pl_request request;
    pl_slice text = pl_slice_of("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    for (size_t size = 0; size < text.size; size++) {
        assert_int_equal(read_text((pl_slice){text.data, size}, &request), -2);
    }
    assert_int_equal(read_text(text, &request), -1);
}

static void what_can_be_smuggled_is_refused(void **state)
{
    (void)state;
#define HEAD "GET / HTTP/1.1\r\nHost: h\r\n"
#define POST "POST / HTTP/1.1\r\nHost: h\r\n"
    static const struct {
        const char *text;
        enum pl_codes_id code;
    } cases[] = {
        {POST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", PL_CODES_BAD_REQUEST},
        {POST "Transfer-Encoding: chunked\r\n\r\n", PL_CODES_LENGTH_REQUIRED},
        {POST "Transfer-Encoding: identity\r\n\r\n", PL_CODES_LENGTH_REQUIRED},
        {POST "Transfer-Encoding : chunked\r\n\r\n", PL_CODES_BAD_REQUEST},
        {POST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", PL_CODES_BAD_REQUEST},
        {POST "Content-Length: 1, 1\r\n\r\n", PL_CODES_BAD_REQUEST},
        {POST "Content-Length: +1\r\n\r\n", PL_CODES_BAD_REQUEST},
        {POST "Content-Length: -1\r\n\r\n", PL_CODES_BAD_REQUEST},
        {POST "Content-Length: 0x1\r\n\r\n", PL_CODES_BAD_REQUEST},
        {POST "Content-Length: \r\n\r\n", PL_CODES_BAD_REQUEST},
        {POST "Content-Length: 99999999999999999999\r\n\r\n", PL_CODES_BAD_REQUEST},
        {POST "\r\n", PL_CODES_LENGTH_REQUIRED},
        {HEAD "Content-Length: 1\r\n\r\n", PL_CODES_BAD_REQUEST},
        {HEAD "Host: h\r\n\r\n", PL_CODES_BAD_HOST},
        {"GET / HTTP/1.1\r\n\r\n", PL_CODES_BAD_HOST},
        {"GET / HTTP/1.1\r\nHost:\r\n\r\n", PL_CODES_BAD_HOST},
        {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", PL_CODES_BAD_HOST},
        {"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", PL_CODES_BAD_HOST},
        {"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", PL_CODES_BAD_HOST},
        {HEAD " folded: x\r\n\r\n", PL_CODES_BAD_REQUEST},
        {HEAD "X: a\r\n\tb\r\n\r\n", PL_CODES_BAD_REQUEST},
        {HEAD "X : a\r\n\r\n", PL_CODES_BAD_REQUEST},
        {HEAD "X\r\n\r\n", PL_CODES_BAD_REQUEST},
        {HEAD ": a\r\n\r\n", PL_CODES_BAD_REQUEST},
        {HEAD "X: a\n\r\n", PL_CODES_BAD_REQUEST},
        {HEAD "X: a\rb\r\n\r\n", PL_CODES_BAD_REQUEST},
        {HEAD "X: a\x01\r\n\r\n", PL_CODES_BAD_REQUEST},
        {HEAD "X: a\x7f\r\n\r\n", PL_CODES_BAD_REQUEST},
        {"GET / HTTP/1.1\nHost: h\n\n", PL_CODES_BAD_REQUEST},
        {"\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", PL_CODES_BAD_REQUEST},
        {"GET  / HTTP/1.1\r\nHost: h\r\n\r\n", PL_CODES_BAD_REQUEST},
        {"GET /\tHTTP/1.1\r\nHost: h\r\n\r\n", PL_CODES_BAD_REQUEST},
        {"GET /\r\n\r\n", PL_CODES_BAD_REQUEST},
        {"GET / HTTP/1.1 \r\nHost: h\r\n\r\n", PL_CODES_BAD_REQUEST},
        {"GET / HTTP/2.0\r\nHost: h\r\n\r\n", PL_CODES_BAD_VERSION},
        {"GET / HTTP/1.10\r\nHost: h\r\n\r\n", PL_CODES_BAD_VERSION},
        {"GET / http/1.1\r\nHost: h\r\n\r\n", PL_CODES_BAD_REQUEST},
        {"get / HTTP/1.1\r\nHost: h\r\n\r\n", PL_CODES_UNKNOWN_METHOD},
        {"BREW / HTTP/1.1\r\nHost: h\r\n\r\n", PL_CODES_UNKNOWN_METHOD},
        {"G(T / HTTP/1.1\r\nHost: h\r\n\r\n", PL_CODES_BAD_REQUEST},
        {"GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n", PL_CODES_BAD_PATH},
        {"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", PL_CODES_BAD_PATH},
        {HEAD "Expect: magic\r\n\r\n", PL_CODES_EXPECTATION},
        {HEAD "Cookie: a\r\nCookie: b\r\n\r\n", PL_CODES_BAD_REQUEST},
        {POST "Content-Length: 1\r\nContent-Encoding: gzip\r\n\r\n", PL_CODES_WRONG_TYPE},
    };
#undef HEAD
#undef POST
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pl_request request;
        int code = read_text(pl_slice_of(cases[i].text), &request);
        if (code != (int)cases[i].code) {
            fail_msg("case %zu gives %d instead of %d", i, code, (int)cases[i].code);
        }
    }
    struct pl_request request;
    pl_slice zero = {"GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n", 28};
    assert_int_equal(read_text(zero, &request), PL_CODES_BAD_REQUEST);
}

static void lines_and_bytes_are_refused_one_above_their_limit(void **state)
{
    (void)state;
    struct pl_request request;
    char text[PL_REQUEST_HEAD_MAX + 10];
    struct pl_buf buf;
    for (uint32_t extra = 0; extra < 2; extra++) {
        pl_buf_init(&buf, text, sizeof text);
        pl_buf_puts(&buf, "GET / HTTP/1.1\r\nHost: h\r\n");
        for (uint32_t i = 1; i < PL_REQUEST_HEADERS_MAX + extra; i++) {
            pl_buf_puts(&buf, "A: b\r\n");
        }
        pl_buf_puts(&buf, "\r\n");
        int code = read_text((pl_slice){buf.data, buf.size}, &request);
        assert_int_equal(code, extra == 0 ? -1 : (int)PL_CODES_HEAD_TOO_LARGE);
    }
    for (uint32_t extra = 0; extra < 2; extra++) {
        pl_buf_init(&buf, text, sizeof text);
        pl_buf_puts(&buf, "GET / HTTP/1.1\r\nHost: h\r\nA: ");
        while (buf.size < PL_REQUEST_HEAD_MAX - 4 + extra) {
            pl_buf_put(&buf, "x", 1);
        }
        pl_buf_puts(&buf, "\r\n\r\n");
        int code = read_text((pl_slice){buf.data, buf.size}, &request);
        assert_int_equal(code, extra == 0 ? -1 : (int)PL_CODES_HEAD_TOO_LARGE);
    }
    /* A first line is too long before its end is there and when it is. */
    memset(text, 'a', sizeof text);
    assert_int_equal(read_text((pl_slice){text, 3000}, &request), PL_CODES_PATH_TOO_LONG);
    static const char rest[] = "\r\nHost: h\r\n\r\n";
    memcpy(text + 2200, rest, sizeof rest - 1);
    for (size_t size = 2150; size <= 2200 + sizeof rest - 1; size += 50) {
        assert_int_equal(read_text((pl_slice){text, size}, &request), PL_CODES_PATH_TOO_LONG);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_read_with_its_headers),
        cmocka_unit_test(connections_close_when_asked_and_for_the_old_version),
        cmocka_unit_test(every_prefix_of_a_head_asks_for_more),
        cmocka_unit_test(what_can_be_smuggled_is_refused),
        cmocka_unit_test(lines_and_bytes_are_refused_one_above_their_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
