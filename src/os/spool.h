// SPDX-License-Identifier: Apache-2.0
//
// A file without a name that grows at its end and is read anywhere: for what can be computed again
// and would take too much memory. It is gone when it is closed and when the process ends.
//
// A file system that is flushing makes its writers wait, for seconds where the disk is slow. A
// spool that is lent a writer never waits: what is put gathers in memory, block by block, and full
// blocks are written by the writer's thread. Reading finds both.
#ifndef PL_OS_SPOOL_H
#define PL_OS_SPOOL_H

#include "base/buf.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct pl_beside;
struct pl_spool_block;

enum {
    PL_SPOOL_TEXTS_MAX = 8,    /* texts that are put at once */
    PL_SPOOL_BLOCK = 16 * 1024 /* bytes that gather before they are written; a text is never cut */
};

/** An open spool. Zeroed before pl_spool_open; one thread at a time. */
struct pl_spool {
    int file;                     /* descriptor + 1, 0: none is open */
    uint64_t size;                /* bytes */
    struct pl_beside *writer;     /* borrowed; NULL: it writes by itself */
    struct pl_spool_block *first; /* in memory, oldest first */
    struct pl_spool_block *last;
};

/** The `take` of a pl_beside that writes for spools. */
void pl_spool_write(void *context, void *item);

/**
 * Open an empty spool.
 *
 * @param spool      zeroed
 * @param directory  on whose file system it lies
 * @param writer     a thread with pl_spool_write, borrowed until all its spools are closed; NULL:
 *                   none, then putting waits for the file system
 * @param err        filled on failure
 * @return PL_OK, PL_NOT_FOUND (no such directory) or PL_IO
 */
pl_status pl_spool_open(struct pl_spool *spool,
                        const char *directory,
                        struct pl_beside *writer,
                        pl_error *err) __attribute__((warn_unused_result));

/** Append text; as pl_spool_put_all. */
pl_status pl_spool_put(struct pl_spool *spool, pl_slice text, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Append texts in one go.
 *
 * @param spool  open
 * @param texts  texts[count]
 * @param count  1..PL_SPOOL_TEXTS_MAX
 * @param err    filled on failure
 * @return PL_OK, PL_NO_MEMORY, or PL_IO (with a writer: something put before could not be
 *         written); on failure the spool is as it was
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
