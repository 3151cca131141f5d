// SPDX-License-Identifier: Apache-2.0
//
// One connection with a client: reads requests, waits for their answers, writes them, and closes.
// All of it happens on the loop's thread.
#ifndef PL_SERVER_CONNECTION_H
#define PL_SERVER_CONNECTION_H

#include "server/http_types.h"

/**
 * Take over a new socket.
 *
 * @param http        server
 * @param descriptor  connected socket, owned now
 * @param peer        address of the client as text
 */
void pl_connection_accept(struct pl_http *http, int descriptor, const char *peer);

/** Send the answer of a request and go on to the next one. The request is not freed. */
void pl_connection_answer(struct pl_connection *connection, struct pl_http_request *request);

/** Send the head of a stream and keep the connection for its events. */
void pl_connection_stream(struct pl_connection *connection, struct pl_http_request *request);

/** Bytes that wait to be sent. */
size_t pl_connection_waiting(const struct pl_connection *connection);

/** Write bytes of a stream. */
void pl_connection_write(struct pl_connection *connection, const char *bytes, size_t size);

/** Send what waits, then close. */
void pl_connection_finish(struct pl_connection *connection);

/** Close at once; a request or stream of the connection learns that the client has gone. */
void pl_connection_drop(struct pl_connection *connection);

/** What is due once a second: deadlines and heartbeats. */
void pl_connection_tick(struct pl_connection *connection, int64_t now_ns);

#endif
