// SPDX-License-Identifier: Apache-2.0
//
// The write-ahead log of a store that is written all the time, as a server does.
//
// A flush of a file that has grown waits for the journal of the file system, and so for whatever
// else the machine writes, for seconds at times; one of a file whose blocks were written before
// waits for the device alone. So the log is filled with zeros to its full size once (SQLite takes
// what follows its last frame for the rest of an older log) and used again from its beginning after
// each checkpoint. Checkpoints are made between transactions, when nobody waits for one.
#ifndef PL_STORE_SQLITE_SQLITE_WAL_H
#define PL_STORE_SQLITE_SQLITE_WAL_H

#include "store/sqlite/sqlite_file.h"

enum {
    PL_SQLITE_WAL_BUSY = 64,   /* frames after which a store counts as written all the time */
    PL_SQLITE_WAL_SOFT = 4096, /* frames after which a checkpoint is made when nobody waits */
    PL_SQLITE_WAL_HARD = 6144, /* frames after which one is made in any case */
    PL_SQLITE_WAL_AGAIN =
        1024, /* frames until the next one, while readers keep the log from being begun again */
    PL_SQLITE_WAL_SIZE = 32 * 1024 * 1024 /* bytes that are filled: more than HARD frames take */
};

/**
 * Take the checkpoints of a connection into one's own hands: from now on only pl_sqlite_wal_rest
 * makes them.
 */
void pl_sqlite_wal_own(struct pl_sqlite_file *file);

/**
 * Between transactions: fill the log, or make a checkpoint, when it is time. The store's lock is
 * taken; when it is not to be had, or something fails, the next call tries again. A failed flush
 * sets file->unsynced.
 *
 * @param file     whose checkpoints are in own hands; otherwise nothing is done
 * @param waiting  somebody waits for the next transaction
 */
void pl_sqlite_wal_rest(struct pl_sqlite_file *file, bool waiting);

#endif
