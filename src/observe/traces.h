// SPDX-License-Identifier: Apache-2.0
//
// Sampled traces: a list, and the waterfall of one.
//
// Only what is instrumented has spans: waiting for a pool, a lock or a worker leaves gaps. Clocks
// of hosts differ by up to 30 ms, so that spans of different hosts do not line up exactly.
#ifndef PL_OBSERVE_TRACES_H
#define PL_OBSERVE_TRACES_H

#include "base/buf.h"
#include "base/error.h"
#include "observe/fleet.h"
#include "observe/observe.h"

enum { PL_TRACE_SPANS_MAX = 512, PL_TRACES_LIMIT_MAX = 100 };

/** Traces look, see pl_observe_look_traces. */
pl_status pl_traces_look(const struct pl_scene *at,
                         const struct pl_traces_look *look,
                         struct pl_buf *out,
                         pl_error *err) __attribute__((warn_unused_result));

/** Trace look, see pl_observe_look_trace. */
pl_status
pl_traces_one(const struct pl_scene *at, const char *id, struct pl_buf *out, pl_error *err)
    __attribute__((warn_unused_result));

/** Difference of a host's clock from true time in ns, within 30 ms. */
int64_t pl_traces_skew_ns(const struct pl_fleet *fleet, uint32_t pod);

#endif
