// SPDX-License-Identifier: Apache-2.0
//
// Database consoles: what an engineer sees who opens a session on the server.
//
// Consoles read the present of the state. Each simulated session stands for several of the fleet;
// these get process ids and pods of their own, and totals that are not all multiples of the slice.
#ifndef PL_OBSERVE_CONSOLE_DB_H
#define PL_OBSERVE_CONSOLE_DB_H

#include "base/buf.h"
#include "base/error.h"
#include "observe/observe.h"

/** Views, NULL-terminated. */
const char *const *pl_console_db_views(void);

/** Database look, see pl_observe_look_db. */
pl_status pl_console_db(const struct pl_scene *at,
                        const struct pl_db_look *look,
                        struct pl_buf *out,
                        pl_error *err) __attribute__((warn_unused_result));

#endif
