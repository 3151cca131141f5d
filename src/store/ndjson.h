// SPDX-License-Identifier: Apache-2.0
//
// Sessions as files: a header line, then one line per entry.
//
//   {"plumbline":"session","format":1,"session":ID,"scenario":...,"pack_hash":...,"engine":...,
//    "seed":N,"clock":...,"created_at":...,"state":"open"|"closed","entries":N,"head":HASH}
//   {"seq":1,"t_ns":0,"kind":"look","body":JSON,"hash":HASH}
//
// HASH is 64 hex digits; `head` is that of the last entry (or the genesis), so a truncated file is
// noticed. Export and import round-trip byte for byte, therefore import takes exactly this form.
#ifndef PL_STORE_NDJSON_H
#define PL_STORE_NDJSON_H

#include "store/store.h"

#include <stddef.h>

enum { PL_STORE_NDJSON_MAX = 256 << 20 /* bytes of a file that can be imported */ };

/** Append the header's line without its break; `head` is the last entry's hash, or the genesis. */
void pl_store_put_header(struct pl_buf *line,
                         const struct pl_store_session *session,
                         const char *head);

/** Append an entry's line without its break; the entry has its hash (chain.h). */
void pl_store_put_entry(struct pl_buf *line, const struct pl_store_entry *entry);

/** Takes bytes that are exported; anything but PL_OK ends the export. */
typedef pl_status (*pl_store_sink)(void *context, pl_slice bytes, pl_error *err);

/**
 * Write a session, verified, as lines.
 *
 * @param store    open store
 * @param id       whole id
 * @param sink     receives one line at a time with its line break
 * @param context  handed to sink
 * @param err      filled on failure
 * @return PL_OK, what sink returned, PL_NOT_FOUND, PL_CORRUPT, PL_IO or PL_NO_MEMORY
 */
pl_status pl_store_export(struct pl_store *store,
                          const char *id,
                          pl_store_sink sink,
                          void *context,
                          pl_error *err) __attribute__((warn_unused_result));

/**
 * Take a session from lines. The chain is verified; on failure nothing is stored.
 *
 * @param store    open store
 * @param text     whole file, borrowed for the call
 * @param path     name of the file for positions
 * @param session  filled with the header of what was stored
 * @param err      filled on failure with the line
 * @return PL_OK, PL_BAD_INPUT (not this form), PL_CORRUPT (chain broken or truncated), PL_CONFLICT
 *         (session exists, or the store is busy), PL_LIMIT, PL_UNSUPPORTED (newer format), PL_IO or
 *         PL_NO_MEMORY
 */
pl_status pl_store_import(struct pl_store *store,
                          pl_slice text,
                          const char *path,
                          struct pl_store_session *session,
                          pl_error *err) __attribute__((warn_unused_result));

/**
 * Take the first entries of a session from lines, as one that ended there. What follows them may be
 * altered or missing: the header's promise of the last hash is not looked at.
 *
 * @param until    entries to take, 1 or more; as many as there are when the header has fewer
 * @param session  filled with the header of what was stored; when the chain is broken before
 *                 `until`, its entry_count is how many entries are whole
 * @return as pl_store_import
 */
pl_status pl_store_import_until(struct pl_store *store,
                                pl_slice text,
                                const char *path,
                                int64_t until,
                                struct pl_store_session *session,
                                pl_error *err) __attribute__((warn_unused_result));

#endif
