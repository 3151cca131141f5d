// SPDX-License-Identifier: Apache-2.0
//
// A file without a name that grows at its end and is read anywhere: for what can be computed again
// and would take too much memory. It is gone when it is closed and when the process ends.
#ifndef PL_OS_SPOOL_H
#define PL_OS_SPOOL_H

#include "base/buf.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { PL_SPOOL_TEXTS_MAX = 8 /* texts that are put at once */ };

/** An open spool. Zeroed before pl_spool_open; one thread at a time. */
struct pl_spool {
    int file;      /* descriptor + 1, 0: none is open */
    uint64_t size; /* bytes */
};

/**
 * Open an empty spool.
 *
 * @param spool      zeroed
 * @param directory  on whose file system it lies
 * @param err        filled on failure
 * @return PL_OK, PL_NOT_FOUND (no such directory) or PL_IO
 */
pl_status pl_spool_open(struct pl_spool *spool, const char *directory, pl_error *err)
    __attribute__((warn_unused_result));

/** Append text; PL_OK, or PL_IO: then the spool is as it was. */
pl_status pl_spool_put(struct pl_spool *spool, pl_slice text, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Append texts in one go: a file system that is flushing makes its writers wait, and this waits
 * once.
 *
 * @param spool  open
 * @param texts  texts[count]
 * @param count  1..PL_SPOOL_TEXTS_MAX
 * @param err    filled on failure
 * @return PL_OK, or PL_IO: then the spool is as it was
 */
pl_status
pl_spool_put_all(struct pl_spool *spool, const pl_slice *texts, uint32_t count, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Read a part.
 *
 * @param spool   open
 * @param offset  first byte
 * @param size    bytes; offset + size is at most the spool's size (checked)
 * @param bytes   filled
 * @param err     filled on failure
 * @return PL_OK or PL_IO
 */
pl_status
pl_spool_get(const struct pl_spool *spool, uint64_t offset, size_t size, char *bytes, pl_error *err)
    __attribute__((warn_unused_result));

/** Close it. Nothing happens when none is open. */
void pl_spool_close(struct pl_spool *spool);

#endif
