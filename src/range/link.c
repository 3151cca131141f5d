// SPDX-License-Identifier: Apache-2.0
#include "range/link.h"

#include "base/check.h"
#include "os/failure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static pl_status open_failure(pl_error *err, int number)
{
    if (number == EMFILE || number == ENFILE || number == EADDRNOTAVAIL) {
        return pl_fail(
            err, PL_LIMIT, NULL, "There are no descriptors or ports left for one more connection.");
    }
    return pl_failure_of(err, "connect to", "127.0.0.1", number);
}

pl_status pl_link_open(struct pl_link *link, uint16_t port, pl_error *err)
{
    PL_CHECK(link->phase == PL_LINK_CLOSED);
    PL_CHECK(port > 0);
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) {
        return open_failure(err, errno);
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0) {
        int number = errno;
        (void)close(fd);
        return open_failure(err, number);
    }
    int done = connect(fd, (const struct sockaddr *)&address, sizeof address);
    if (done != 0 && errno != EINPROGRESS) {
        int number = errno;
        (void)close(fd);
        return open_failure(err, number);
    }
    link->fd = fd;
    link->phase = done == 0 ? PL_LINK_IDLE : PL_LINK_CONNECTING;
    return PL_OK;
}

bool pl_link_finish(struct pl_link *link)
{
    PL_CHECK(link->phase == PL_LINK_CONNECTING);
    int number = 0;
    socklen_t size = sizeof number;
    if (getsockopt(link->fd, SOL_SOCKET, SO_ERROR, &number, &size) != 0 || number != 0) {
        pl_link_close(link);
        return false;
    }
    link->phase = PL_LINK_IDLE;
    return true;
}

bool pl_link_send(struct pl_link *link, const char *bytes, size_t size)
{
    PL_CHECK(link->phase == PL_LINK_IDLE);
    link->reply.phase = PL_REPLY_HEAD;
    link->reply.status = 0;
    link->reply.close = 0;
    link->reply.head_size = 0;
    link->reply.body_left = 0;
    if (send(link->fd, bytes, size, MSG_NOSIGNAL) != (ssize_t)size) {
        pl_link_close(link);
        return false;
    }
    link->phase = PL_LINK_BUSY;
    return true;
}

/* The answer is complete. Bytes behind it would belong to a request that nobody sent. */
static enum pl_link_news finish_answer(struct pl_link *link, bool more)
{
    if (link->reply.close || more) {
        pl_link_close(link);
    } else {
        link->phase = PL_LINK_IDLE;
    }
    return PL_LINK_ANSWER;
}

enum pl_link_news pl_link_receive(struct pl_link *link)
{
    PL_CHECK(link->phase == PL_LINK_IDLE || link->phase == PL_LINK_BUSY);
    char bytes[16384];
    for (;;) {
        ssize_t got = recv(link->fd, bytes, sizeof bytes, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0 && errno == EAGAIN) {
            return PL_LINK_NOTHING;
        }
        if (got <= 0 || link->phase == PL_LINK_IDLE) {
            pl_link_close(link);
            return PL_LINK_LOST;
        }
        size_t taken = pl_reply_take(&link->reply, bytes, (size_t)got);
        if (link->reply.phase == PL_REPLY_DONE) {
            return finish_answer(link, taken < (size_t)got);
        }
        if (link->reply.phase == PL_REPLY_BROKEN) {
            pl_link_close(link);
            return PL_LINK_LOST;
        }
    }
}

void pl_link_close(struct pl_link *link)
{
    if (link->phase != PL_LINK_CLOSED) {
        (void)close(link->fd);
        link->fd = -1;
        link->phase = PL_LINK_CLOSED;
    }
}
