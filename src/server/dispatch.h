// SPDX-License-Identifier: Apache-2.0
//
// Between a head that was read and the handler of its route: who may call what, and what an answer
// looks like on the wire.
#ifndef PL_SERVER_DISPATCH_H
#define PL_SERVER_DISPATCH_H

#include "server/http_types.h"

/**
 * Make a request from a head, find its route and check everything that the head can show.
 *
 * @param connection  that it came from
 * @param head        bytes of the head, copied
 * @return the request, with an answer in it already when it is refused; NULL without memory
 */
struct pl_http_request *pl_dispatch_begin(struct pl_connection *connection, pl_slice head);

/** Hand a complete request to its handler. */
void pl_dispatch_run(struct pl_http_request *request);

/** Fill the answer of a request. */
void pl_dispatch_answer(struct pl_http_request *request, const struct pl_http_answer *answer);

/** Fill the answer of a request with an error; the connection closes after it when `closes`. */
void pl_dispatch_refuse(struct pl_http_request *request,
                        enum pl_codes_id code,
                        const char *message,
                        const char *hint,
                        bool closes);

/** Free a request and take it from the list of all. */
void pl_dispatch_free(struct pl_http_request *request);

#endif
