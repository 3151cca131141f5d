// SPDX-License-Identifier: Apache-2.0
#include "support/served.h"

#include "os/beside.h"
#include "os/now.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

static void run(void *context, void *item)
{
    (void)item;
    pl_http_run(context);
}

void pl_test_served_start(struct pl_test_served *served, const struct pl_http_def *def)
{
    struct pl_http_def own = *def;
    pl_error err = {0};
    own.address = "127.0.0.1";
    if (pl_http_open(&served->http, &own, &err) != PL_OK) {
        fail_msg("%s", err.message);
    }
    struct pl_beside_work work = {.context = served->http, .take = run};
    assert_int_equal(pl_beside_start(&served->beside, &work, &err), PL_OK);
    assert_true(pl_beside_put(served->beside, served));
}

void pl_test_served_stop(struct pl_test_served *served)
{
    pl_http_stop(served->http);
    pl_beside_end(served->beside);
    pl_http_close(served->http);
}

int pl_test_served_connect(const struct pl_test_served *served)
{
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(descriptor >= 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(pl_http_port(served->http)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct timeval limit = {.tv_sec = 5};
    assert_int_equal(setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
    assert_int_equal(connect(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    return descriptor;
}

void pl_test_served_pause(int milliseconds)
{
    pl_now_sleep_until(pl_now_monotonic_ns() + milliseconds * INT64_C(1000000));
}

void pl_test_served_send(int descriptor, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(descriptor, text, size, MSG_NOSIGNAL);
        if (sent <= 0) {
            return;
        }
        text += sent;
        size -= (size_t)sent;
    }
}

void pl_test_served_read(int descriptor, const char *wanted, char *text, size_t capacity)
{
    size_t size = 0;
    text[0] = '\0';
    while (size + 1 < capacity && (wanted == NULL || strstr(text, wanted) == NULL)) {
        ssize_t got = recv(descriptor, text + size, capacity - 1 - size, 0);
        if (got <= 0) {
            break;
        }
        size += (size_t)got;
        text[size] = '\0';
    }
}

int pl_test_served_ask(const struct pl_test_served *served,
                       const char *text,
                       char *answer,
                       size_t capacity)
{
    int descriptor = pl_test_served_connect(served);
    pl_test_served_send(descriptor, text, strlen(text));
    pl_test_served_read(descriptor, NULL, answer, capacity);
    (void)close(descriptor);
    return strncmp(answer, "HTTP/1.1 ", 9) == 0 ? (int)strtol(answer + 9, NULL, 10) : 0;
}
