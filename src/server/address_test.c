// SPDX-License-Identifier: Apache-2.0
#include "server/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void addresses_are_read_as_users_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *host;
        uint16_t port;
    } cases[] = {
        {"127.0.0.1:7586", "127.0.0.1", 7586},
        {"localhost:0", "127.0.0.1", 0},
        {"0.0.0.0:80", "0.0.0.0", 80},
        {"[::1]:65535", "::1", 65535},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pl_address address;
        assert_int_equal(pl_address_parse(&address, cases[i].text, NULL), PL_OK);
        assert_string_equal(address.host, cases[i].host);
        assert_int_equal(address.port, cases[i].port);
    }
}

static void anything_else_is_refused_with_examples(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        ":",
        "7586",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:65536",
        "127.0.0.1:8x",
        "127.0.0.1:-1",
        "example.org:80",
        "256.1.1.1:80",
        "[::1",
        "[]:1",
        ":80",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct pl_address address;
        pl_error err = {0};
        assert_int_equal(pl_address_parse(&address, bad[i], &err), PL_BAD_INPUT);
        assert_non_null(strstr(err.message, "127.0.0.1:7586"));
    }
}

static void urls_name_an_address_that_can_be_reached(void **state)
{
    (void)state;
    char text[100];
    struct pl_buf buf;
    pl_buf_init(&buf, text, sizeof text);
    pl_address_put_url(&buf, "127.0.0.1", 7586);
    assert_string_equal(text, "http://127.0.0.1:7586");
    pl_buf_clear(&buf);
    pl_address_put_url(&buf, "::1", 80);
    assert_string_equal(text, "http://[::1]");
    pl_buf_clear(&buf);
    pl_address_put_url(&buf, "0.0.0.0", 7586);
    assert_null(strstr(text, "0.0.0.0"));
    assert_true(pl_address_is_loopback("127.8.0.1"));
    assert_true(pl_address_is_loopback("::1"));
    assert_false(pl_address_is_loopback("10.0.0.1"));
}

/* Goal: only what the nearest proxy has put last counts, and only when it is an address. */
static void the_last_of_a_forwarded_list_is_the_client(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        const char *host; /* NULL: none */
    } cases[] = {
        {"192.0.2.1", "192.0.2.1"},
        {"10.0.0.1, 192.0.2.1", "192.0.2.1"},
        {"evil, 10.0.0.1 ,\t192.0.2.1 ", "192.0.2.1"},
        {"192.0.2.1:4711", "192.0.2.1"},
        {"2001:db8::1", "2001:db8::1"},
        {"[2001:db8::1]:4711", "2001:db8::1"},
        {"192.0.2.1, unknown", NULL},
        {"192.0.2.1,", NULL},
        {"", NULL},
        {"192.0.2.1 192.0.2.2", "192.0.2.1"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char host[PL_ADDRESS_MAX] = "before";
        assert_int_equal(pl_address_forwarded(cases[i].list, host), cases[i].host != NULL);
        assert_string_equal(host, cases[i].host != NULL ? cases[i].host : "before");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_as_users_write_them),
        cmocka_unit_test(anything_else_is_refused_with_examples),
        cmocka_unit_test(the_last_of_a_forwarded_list_is_the_client),
        cmocka_unit_test(urls_name_an_address_that_can_be_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
