// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/sqlite_wal.h"

#include "base/check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1024 * 1024 /* bytes of zeros written at once */ };

static int note_frames(void *context, sqlite3 *db, const char *name, int frames)
{
    struct pl_sqlite_file *file = context;
    (void)db;
    (void)name;
    file->wal_tried = frames < file->wal_frames ? 0 : file->wal_tried; /* from its beginning */
    file->wal_frames = frames;
    return SQLITE_OK;
}

void pl_sqlite_wal_own(struct pl_sqlite_file *file)
{
    PL_CHECK(file != NULL);
    file->wal_own = true;
    (void)sqlite3_wal_hook(file->db, note_frames, file); /* in the place of automatic ones */
}

/* Append zeros up to the full size; false on failure, with what was appended left there. */
static bool append_zeros(int log)
{
    struct stat state;
    char *zeros = calloc(1, PIECE);
    bool good = zeros != NULL && fstat(log, &state) == 0;
    for (off_t at = good ? state.st_size : 0; good && at < PL_SQLITE_WAL_SIZE;) {
        off_t rest = PL_SQLITE_WAL_SIZE - at;
        ssize_t size = pwrite(log, zeros, rest < PIECE ? (size_t)rest : PIECE, at);
        good = size > 0 || (size < 0 && errno == EINTR);
        at += size > 0 ? size : 0;
    }
    free(zeros);
    return good;
}

/* Under the store's lock nobody else makes the log longer. A disk that is too full for it is told
 * by the entries that do not fit. */
static void fill(struct pl_sqlite_file *file)
{
    char path[PL_SQLITE_PATH_SIZE];
    pl_sqlite_file_path(path, file, PL_SQLITE_FILE_NAME "-wal");
    int log = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (log < 0) {
        return;
    }
    file->wal_filled = true; /* it is tried once */
    if (append_zeros(log) && fsync(log) != 0) {
        file->unsynced = true;
    }
    (void)close(log);
}

static void checkpoint(struct pl_sqlite_file *file)
{
    int code = sqlite3_wal_checkpoint_v2(file->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    file->unsynced = file->unsynced || code == SQLITE_IOERR_FSYNC;
    /* A reader may keep the log from being begun again; then it goes on a while. */
    file->wal_tried = file->wal_frames;
}

static bool is_due(const struct pl_sqlite_file *file, bool waiting)
{
    int frames = file->wal_frames;
    int limit = waiting ? PL_SQLITE_WAL_HARD : PL_SQLITE_WAL_SOFT;
    return frames >= limit &&
           (file->wal_tried == 0 || frames >= file->wal_tried + PL_SQLITE_WAL_AGAIN);
}

void pl_sqlite_wal_rest(struct pl_sqlite_file *file, bool waiting)
{
    PL_CHECK(file != NULL);
    bool fills = file->wal_own && !file->wal_filled && file->wal_frames >= PL_SQLITE_WAL_BUSY;
    bool checks = file->wal_own && is_due(file, waiting);
    if ((!fills && !checks) || pl_sqlite_file_lock(file, NULL) != PL_OK) {
        return;
    }
    if (checks) {
        checkpoint(file);
    } else {
        fill(file);
    }
    pl_file_lock_release(&file->write_lock);
}
