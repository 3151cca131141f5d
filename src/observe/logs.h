// SPDX-License-Identifier: Apache-2.0
//
// Log search: lines of a source in a window, filtered, counted exactly, a limited number rendered.
//
// Lines come from three places: events of the record (each stands for several of the fleet), the
// harmless background, and access counters. A few lines of applications arrive malformed or cut,
// always the same ones.
#ifndef PL_OBSERVE_LOGS_H
#define PL_OBSERVE_LOGS_H

#include "base/buf.h"
#include "base/error.h"
#include "observe/observe.h"

enum { PL_LOGS_LIMIT_MAX = 200 };

/** Logs look, see pl_observe_look_logs. */
pl_status pl_logs_look(const struct pl_scene *at,
                       const struct pl_logs_look *look,
                       struct pl_buf *out,
                       pl_error *err) __attribute__((warn_unused_result));

#endif
