// SPDX-License-Identifier: Apache-2.0
#include "server/gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char memory[2000];

/* Read a request with these header lines after Host. */
static void make(struct pl_request *request, const char *first, const char *host, const char *lines)
{
    struct pl_refusal refusal = {0};
    int size =
        snprintf(memory, sizeof memory, "%s HTTP/1.1\r\nHost: %s\r\n%s\r\n", first, host, lines);
    assert_true(pl_request_read(request, memory, (size_t)size, &refusal));
}

static const struct pl_gate demo = {"http://127.0.0.1:7586", false};
static const struct pl_gate serve = {"https://plumb.example", true};

static void names_that_are_not_ours_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *host;
        bool demo;
        bool serve;
    } cases[] = {
        {"127.0.0.1:7586", true, true},
        {"localhost:9", true, true},
        {"[::1]:7586", true, true},
        {"192.168.1.4", true, true},
        {"plumb.example", false, true},
        {"PLUMB.example:443", false, true},
        {"plumb.example.evil", false, false},
        {"evil.example", false, false},
        {"127.0.0.1.evil.example", false, false},
        {"127.0.0.1:", false, false},
        {":80", false, false},
        {"[::1]x", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pl_request request;
        struct pl_refusal refusal = {0};
        make(&request, "GET /", cases[i].host, "");
        assert_int_equal(pl_gate_host(&demo, &request, &refusal), cases[i].demo);
        assert_int_equal(pl_gate_host(&serve, &request, &refusal), cases[i].serve);
    }
}

static void pages_of_other_sites_cannot_call(void **state)
{
    (void)state;
    static const struct {
        const char *first;
        const char *lines;
        bool demo;
        bool serve;
    } cases[] = {
        {"GET /", "Sec-Fetch-Site: cross-site\r\n", true, true},
        {"GET /api/x", "Sec-Fetch-Site: cross-site\r\n", false, false},
        {"GET /api/x", "Sec-Fetch-Site: same-site\r\n", false, false},
        {"GET /api/x", "Sec-Fetch-Site: none\r\n", true, true},
        {"GET /api/x", "Sec-Fetch-Site: same-origin\r\n", true, true},
        {"GET /api/x", "Origin: null\r\n", false, false},
        {"GET /api/x", "", true, true},
        {"DELETE /api/x", "", true, true},
        {"DELETE /api/x", "Cookie: a=b\r\n", true, false},
        {"DELETE /api/x", "Cookie: a=b\r\nSec-Fetch-Site: same-origin\r\n", true, true},
        {"DELETE /api/x", "Sec-Fetch-Site: none\r\n", false, false},
        {"DELETE /api/x", "Sec-Fetch-Site: cross-site\r\n", false, false},
        {"DELETE /api/x", "Origin: http://evil.example\r\n", false, false},
        {"DELETE /api/x", "Origin: http://127.0.0.1:7586\r\n", true, false},
        {"DELETE /api/x", "Origin: https://plumb.example\r\n", false, true},
        {"DELETE /api/x",
         "Sec-Fetch-Site: cross-site\r\nOrigin: https://plumb.example\r\n",
         false,
         false},
        {"DELETE /other", "Origin: null\r\n", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pl_request request;
        struct pl_refusal refusal = {0};
        make(&request, cases[i].first, "127.0.0.1:7586", cases[i].lines);
        if (pl_gate_site(&demo, &request, &refusal) != cases[i].demo ||
            pl_gate_site(&serve, &request, &refusal) != cases[i].serve) {
            fail_msg("case %zu: %s %s", i, cases[i].first, cases[i].lines);
        }
    }
}

static void bodies_are_json(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        bool accepted;
    } cases[] = {
        {"application/json", true},
        {"Application/JSON; charset=UTF-8", true},
        {"application/json;charset=latin1", false},
        {"application/jsonx", false},
        {"text/plain", false},
        {"application/x-www-form-urlencoded", false},
        {"multipart/form-data; boundary=x", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pl_request request;
        struct pl_refusal refusal = {0};
        char lines[200];
        (void)snprintf(
            lines, sizeof lines, "Content-Length: 2\r\nContent-Type: %s\r\n", cases[i].type);
        make(&request, "POST /api/x", "localhost", lines);
        assert_int_equal(pl_gate_type(&request, &refusal), cases[i].accepted);
    }
    struct pl_request request;
    struct pl_refusal refusal = {0};
    make(&request, "POST /api/x", "localhost", "Content-Length: 2\r\n");
    assert_false(pl_gate_type(&request, &refusal));
    make(&request, "POST /api/x", "localhost", "Content-Length: 0\r\n");
    assert_true(pl_gate_type(&request, &refusal));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_are_not_ours_are_refused),
        cmocka_unit_test(pages_of_other_sites_cannot_call),
        cmocka_unit_test(bodies_are_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
