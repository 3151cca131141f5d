// SPDX-License-Identifier: Apache-2.0
//
// The evidence of one session in memory: its header and all entries, each verified.
#ifndef PL_EXAM_LOGBOOK_H
#define PL_EXAM_LOGBOOK_H

#include "base/error.h"
#include "store/store.h"

#include <stdint.h>

/** One entry; the command stands in memory of the evidence. */
struct pl_logbook_entry {
    int64_t seq;       /* from 1 */
    int64_t before_ns; /* simulated time before and after the command */
    int64_t after_ns;
    char kind[PL_STORE_KIND_SIZE];
    char *command; /* compact JSON */
    char *answer;  /* hash of the answer as text */
};

/** Evidence. Zeroed before use; pl_logbook_free gives it back. */
struct pl_logbook {
    struct pl_store_session header;
    uint32_t count;
    uint32_t room;
    struct pl_logbook_entry *entries; /* entries of copies (`fork`) are left out */
};

/**
 * Load a session.
 *
 * @param logbook  zeroed
 * @param data      directory of the evidence log, or NULL: the user's
 * @param session   id or its beginning, or the path of an exported session
 * @param until     last entry that is taken, 0: all; entries after it need not be whole
 * @param err       sentence; for a broken chain it says where, and what is whole before it
 * @return PL_OK, PL_NOT_FOUND, PL_CORRUPT, PL_BAD_INPUT, PL_IO or PL_NO_MEMORY
 */
pl_status pl_logbook_load(struct pl_logbook *logbook,
                          const char *data,
                          const char *session,
                          int64_t until,
                          pl_error *err) __attribute__((warn_unused_result));

/** Give all memory back. */
void pl_logbook_free(struct pl_logbook *logbook);

#endif
