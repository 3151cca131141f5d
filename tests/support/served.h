// SPDX-License-Identifier: Apache-2.0
//
// A server on a thread of its own, and a client that speaks bytes.
#ifndef PL_TESTS_SUPPORT_SERVED_H
#define PL_TESTS_SUPPORT_SERVED_H

#include "server/http.h"

struct pl_beside;

/** A server that runs. */
struct pl_test_served {
    struct pl_http *http;
    struct pl_beside *beside;
};

/** Start a server on a free port of this machine; fails the test when it cannot. */
void pl_test_served_start(struct pl_test_served *served, const struct pl_http_def *def);

/** Stop the server and free everything. */
void pl_test_served_stop(struct pl_test_served *served);

/** Connect to the server; the descriptor is the caller's. Reads give up after 5 s. */
int pl_test_served_connect(const struct pl_test_served *served);

/** Let some milliseconds pass. */
void pl_test_served_pause(int milliseconds);

/** Send bytes; what the server does not take any more is dropped. */
void pl_test_served_send(int descriptor, const char *text, size_t size);

/** Read until `wanted` has come or the end; fills `text` with a terminator. */
void pl_test_served_read(int descriptor, const char *wanted, char *text, size_t capacity);

/** Send `text` on a new connection and read to the end. Returns the status of the first answer. */
int pl_test_served_ask(const struct pl_test_served *served,
                       const char *text,
                       char *answer,
                       size_t capacity);

#endif
