// SPDX-License-Identifier: Apache-2.0
//
// Addresses to listen on, as users write them: `127.0.0.1:7586`, `[::1]:7586`, `0.0.0.0:80`.
#ifndef PL_SERVER_ADDRESS_H
#define PL_SERVER_ADDRESS_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_ADDRESS_MAX = 48 /* bytes of an address as text with its terminator */ };

/** An address and a port. */
struct pl_address {
    char host[PL_ADDRESS_MAX]; /* IPv4 or IPv6 address, without brackets */
    uint16_t port;
};

/**
 * Read `ADDRESS:PORT`, `[IPV6]:PORT` or `localhost:PORT`.
 *
 * @param address  filled
 * @param text     as the user gave it
 * @param err      filled on failure
 * @return PL_OK or PL_BAD_INPUT
 */
pl_status pl_address_parse(struct pl_address *address, const char *text, pl_error *err)
    __attribute__((warn_unused_result));

/** True for an IPv4 or IPv6 address without a port. */
bool pl_address_is_one(const char *host);

/**
 * The client's address of a header X-Forwarded-For: the last of its list, which is the one that the
 * nearest proxy has put there. All before it may be the client's invention.
 *
 * @param list  value of the header; anything may stand there
 * @param host  filled when it is an address (brackets and a port are left out), else unchanged
 * @return false when it is none
 */
bool pl_address_forwarded(const char *list, char host[PL_ADDRESS_MAX]);

/** True for addresses that only this machine reaches. */
bool pl_address_is_loopback(const char *host);

/**
 * Append `http://HOST:PORT` by which a browser reaches a server that listens on `host`: for an
 * address that stands for all of the machine's, the first one that others can reach.
 */
void pl_address_put_url(struct pl_buf *buf, const char *host, uint16_t port);

#endif
