// SPDX-License-Identifier: Apache-2.0
//
// The loop's side of event streams: what happens when a client reads slowly or leaves. The side of
// their owners is in server/http.h.
#ifndef PL_SERVER_STREAM_H
#define PL_SERVER_STREAM_H

#include "base/buf.h"
#include "server/http_types.h"

/** The client of a stream has left: tell its owner. */
void pl_stream_gone(struct pl_http_stream *stream);

/** Everything was sent: a stream that dropped events says resync now. */
void pl_stream_drained(struct pl_http_stream *stream);

/**
 * Append one event in the form of the standard.
 *
 * @param buf    appended to
 * @param event  name: letters and `-` (checked)
 * @param id     NULL for none
 * @param data   one line (checked)
 * @source HTML Living Standard, 9.2 Server-sent events
 */
void pl_stream_put_event(struct pl_buf *buf, const char *event, const uint64_t *id, pl_slice data);

#endif
