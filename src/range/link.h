// SPDX-License-Identifier: Apache-2.0
//
// One client connection to a server on this machine, without ever blocking.
//
//   CLOSED --open--> CONNECTING --finish--> IDLE --send--> BUSY --receive--> IDLE or CLOSED
//
// One request at a time: pipelining would hide which answer was slow. Only 127.0.0.1 is ever
// reached.
#ifndef PL_RANGE_LINK_H
#define PL_RANGE_LINK_H

#include "base/error.h"
#include "range/reply.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Life of a link. */
enum pl_link_phase { PL_LINK_CLOSED, PL_LINK_CONNECTING, PL_LINK_IDLE, PL_LINK_BUSY };

/** What a read brought. */
enum pl_link_news {
    PL_LINK_NOTHING, /* the answer is not complete */
    PL_LINK_ANSWER, /* the answer is in `reply`; the link is IDLE, or CLOSED by the server's wish */
    PL_LINK_LOST    /* the connection broke; the link is CLOSED */
};

/** A connection; zeroed memory is CLOSED. */
struct pl_link {
    uint32_t phase; /* enum pl_link_phase */
    uint32_t owner; /* for the caller */
    int fd;         /* open unless CLOSED */
    int reserved;
    struct pl_reply reply; /* of the request sent last */
};

/**
 * Begin to connect to 127.0.0.1.
 *
 * @param link  CLOSED (checked); CONNECTING afterwards, or IDLE when it was done at once
 * @param port  1..65535
 * @param err   filled on failure
 * @return PL_OK, PL_LIMIT (no descriptors or ports left) or PL_IO
 */
pl_status pl_link_open(struct pl_link *link, uint16_t port, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * The socket of a CONNECTING link became writable: find out how it went.
 *
 * @return true when the link is IDLE now; false when it was refused and is CLOSED
 */
bool pl_link_finish(struct pl_link *link);

/**
 * Send a request. It has to fit the socket's buffer, which holds for the short requests of a
 * generator on a connection with nothing else under way.
 *
 * @param link   IDLE (checked); BUSY afterwards, or CLOSED
 * @param bytes  bytes[size]
 * @return true when all of it was handed to the kernel
 */
bool pl_link_send(struct pl_link *link, const char *bytes, size_t size);

/**
 * Read what is there.
 *
 * @param link  IDLE or BUSY (checked); anything that arrives while IDLE means the end
 */
enum pl_link_news pl_link_receive(struct pl_link *link);

/** Close at once; nothing happens when CLOSED. */
void pl_link_close(struct pl_link *link);

#endif
