// SPDX-License-Identifier: Apache-2.0
#include "range/link.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static int listen_anywhere(uint16_t *port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static void wait_for(int fd, short events)
{
    struct pollfd poll_fd = {.fd = fd, .events = events};
    assert_int_equal(poll(&poll_fd, 1, 5000), 1);
}

/* A connected link and the server's end of it. */
static int connect_link(struct pl_link *link, int listener, uint16_t port)
{
    pl_error err = {0};
    memset(link, 0, sizeof *link);
    assert_int_equal(pl_link_open(link, port, &err), PL_OK);
    int peer = accept(listener, NULL, NULL);
    assert_true(peer >= 0);
    if (link->phase == PL_LINK_CONNECTING) {
        wait_for(link->fd, POLLOUT);
        assert_true(pl_link_finish(link));
    }
    assert_int_equal(link->phase, PL_LINK_IDLE);
    return peer;
}

static void say(int peer, const char *text)
{
    assert_int_equal(send(peer, text, strlen(text), 0), (ssize_t)strlen(text));
}

static void a_request_is_answered_and_the_link_used_again(void **state)
{
    (void)state;
    struct pl_link link;
    uint16_t port = 0;
    int listener = listen_anywhere(&port);
    int peer = connect_link(&link, listener, port);
    for (int round = 0; round < 3; round++) {
        char got[64] = {0};
        assert_true(pl_link_send(&link, "GET / HTTP/1.1\r\n\r\n", 18));
        assert_int_equal(recv(peer, got, sizeof got, 0), 18);
        assert_int_equal(pl_link_receive(&link), PL_LINK_NOTHING);
        say(peer, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        wait_for(link.fd, POLLIN);
        assert_int_equal(pl_link_receive(&link), PL_LINK_ANSWER);
        assert_int_equal(link.phase, PL_LINK_IDLE);
        assert_int_equal(link.reply.status, 200);
    }
    pl_link_close(&link);
    pl_link_close(&link);
    assert_int_equal(close(peer), 0);
    assert_int_equal(close(listener), 0);
}

static void ends_of_connections_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        enum pl_link_news news;
    } cases[] = {
        {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", PL_LINK_ANSWER},
        {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 unasked", PL_LINK_ANSWER},
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", PL_LINK_LOST},
        {"nonsense\r\n\r\n", PL_LINK_LOST},
    };
    uint16_t port = 0;
    int listener = listen_anywhere(&port);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pl_link link;
        int peer = connect_link(&link, listener, port);
        assert_true(pl_link_send(&link, "GET / HTTP/1.1\r\n\r\n", 18));
        char got[64];
        assert_int_equal(recv(peer, got, sizeof got, 0), 18);
        say(peer, cases[i].said);
        assert_int_equal(close(peer), 0);
        enum pl_link_news news = PL_LINK_NOTHING;
        while (news == PL_LINK_NOTHING) {
            wait_for(link.fd, POLLIN);
            news = pl_link_receive(&link);
        }
        assert_int_equal(news, cases[i].news);
        assert_int_equal(link.phase, PL_LINK_CLOSED);
    }
    assert_int_equal(close(listener), 0);
}

static void a_closed_port_refuses(void **state)
{
    (void)state;
    uint16_t port = 0;
    assert_int_equal(close(listen_anywhere(&port)), 0);
    struct pl_link link = {0};
    pl_error err = {0};
    if (pl_link_open(&link, port, &err) == PL_OK) {
        wait_for(link.fd, POLLOUT);
        assert_false(pl_link_finish(&link));
    } else {
        assert_true(strstr(err.message, "127.0.0.1") != NULL);
    }
    assert_int_equal(link.phase, PL_LINK_CLOSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_answered_and_the_link_used_again),
        cmocka_unit_test(ends_of_connections_are_told_apart),
        cmocka_unit_test(a_closed_port_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
