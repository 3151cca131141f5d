// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE /* sync_file_range */
#include "os/spool.h"

#include "base/check.h"
#include "os/beside.h"
#include "os/failure.h"
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WAIT_MS = 1000 };

enum state { FILLING, WAITING, WRITTEN, FAILED, LEFT /* the spool is closed */ };

/* A part of a spool in memory. An item of the writer is a block; one without room closes the file.
 */
struct pl_spool_block {
    struct pl_spool_block *next; /* the spool's */
    uint64_t offset;             /* of its first byte */
    size_t size;
    size_t room;
    int file;
    atomic_int state;
    char bytes[];
};

static bool write_all(int file, pl_slice text, uint64_t offset)
{
    while (text.size > 0) {
        ssize_t put = pwrite(file, text.data, text.size, (off_t)offset);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return false;
        }
        text.data += put;
        text.size -= (size_t)put;
        offset += (uint64_t)put;
    }
    return true;
}

void pl_spool_write(void *context, void *item)
{
    struct pl_spool_block *block = item;
    (void)context;
    if (block->room == 0) {
        (void)close(block->file);
        free(block);
        return;
    }
    bool wanted = atomic_load(&block->state) != LEFT;
    bool good =
        wanted && write_all(block->file, (pl_slice){block->bytes, block->size}, block->offset);
    if (good) {
        /* The kernel would gather half a minute of blocks and write them in one go, and a flush of
         * the evidence log would stand behind it. */
        (void)sync_file_range(
            block->file, (off_t)block->offset, (off_t)block->size, SYNC_FILE_RANGE_WRITE);
    }
    if (atomic_exchange(&block->state, good ? WRITTEN : FAILED) == LEFT) {
        free(block);
    }
}

pl_status pl_spool_open(struct pl_spool *spool,
                        const char *directory,
                        struct pl_beside *writer,
                        pl_error *err)
{
    PL_CHECK(spool != NULL && spool->file == 0);
    PL_CHECK(directory != NULL);
    char path[PL_FILE_PATH_MAX];
    int size = snprintf(path, sizeof path, "%s/spool-XXXXXX", directory);
    if (size < 0 || size >= PL_FILE_PATH_MAX) {
        return pl_failure_of(err, "create a file in", directory, ENAMETOOLONG);
    }
    int file = mkstemp(path);
    if (file < 0) {
        return pl_failure_of(err, "create a file in", directory, errno);
    }
    (void)unlink(path);
    (void)fcntl(file, F_SETFD, FD_CLOEXEC);
    *spool = (struct pl_spool){.file = file + 1, .writer = writer};
    return PL_OK;
}

static struct pl_spool_block *new_block(const struct pl_spool *spool, size_t room)
{
    struct pl_spool_block *block = malloc(sizeof *block + room);
    if (block != NULL) {
        *block =
            (struct pl_spool_block){.offset = spool->size, .room = room, .file = spool->file - 1};
        atomic_init(&block->state, FILLING);
    }
    return block;
}

/* Forget the oldest blocks that are in the file. */
static void forget_written(struct pl_spool *spool)
{
    while (spool->first != NULL && atomic_load(&spool->first->state) == WRITTEN) {
        struct pl_spool_block *block = spool->first;
        spool->first = block->next;
        spool->last = spool->first == NULL ? NULL : spool->last;
        free(block);
    }
}

/* The block that is being filled goes to the writer, or into the file at once. */
static void hand_over(struct pl_spool *spool)
{
    struct pl_spool_block *block = spool->last;
    if (block == NULL || atomic_load(&block->state) != FILLING) {
        return;
    }
    atomic_store(&block->state, WAITING);
    if (spool->writer == NULL || !pl_beside_put(spool->writer, block)) {
        pl_spool_write(NULL, block);
    }
    forget_written(spool);
}

static bool has_room(const struct pl_spool *spool, size_t size)
{
    const struct pl_spool_block *block = spool->last;
    return block != NULL && atomic_load(&block->state) == FILLING &&
           block->room - block->size >= size;
}

static bool has_failed(const struct pl_spool *spool)
{
    return spool->first != NULL && atomic_load(&spool->first->state) == FAILED;
}

static pl_status make_room(struct pl_spool *spool, size_t size, pl_error *err)
{
    forget_written(spool);
    if (has_failed(spool)) {
        return pl_failure_of(err, "write", "the transcript of a session", EIO);
    }
    if (has_room(spool, size)) {
        return PL_OK;
    }
    struct pl_spool_block *block =
        new_block(spool, size > PL_SPOOL_BLOCK ? size : (size_t)PL_SPOOL_BLOCK);
    if (block == NULL) {
        return pl_failure_of(err, "write", "the transcript of a session", ENOMEM);
    }
    hand_over(spool);
    if (spool->last != NULL) {
        spool->last->next = block;
    } else {
        spool->first = block;
    }
    spool->last = block;
    return PL_OK;
}

pl_status
pl_spool_put_all(struct pl_spool *spool, const pl_slice *texts, uint32_t count, pl_error *err)
{
    PL_CHECK(spool != NULL && spool->file > 0);
    PL_CHECK(texts != NULL && count >= 1 && count <= PL_SPOOL_TEXTS_MAX);
    size_t size = 0;
    for (uint32_t i = 0; i < count; i++) {
        size += texts[i].size;
    }
    pl_status status = make_room(spool, size > 0 ? size : 1, err);
    if (status != PL_OK) {
        return status;
    }
    struct pl_spool_block *block = spool->last;
    for (uint32_t i = 0; i < count; i++) {
        memcpy(block->bytes + block->size, texts[i].data, texts[i].size);
        block->size += texts[i].size;
    }
    spool->size += size;
    return PL_OK;
}

pl_status pl_spool_put(struct pl_spool *spool, pl_slice text, pl_error *err)
{
    return pl_spool_put_all(spool, &text, 1, err);
}

static bool read_all(int file, char *bytes, size_t size, uint64_t offset)
{
    while (size > 0) {
        ssize_t count = pread(file, bytes, size, (off_t)offset);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            errno = count < 0 ? errno : EIO;
            return false;
        }
        bytes += count;
        size -= (size_t)count;
        offset += (uint64_t)count;
    }
    return true;
}

pl_status
pl_spool_get(const struct pl_spool *spool, uint64_t offset, size_t size, char *bytes, pl_error *err)
{
    PL_CHECK(spool != NULL && spool->file > 0);
    PL_CHECK(bytes != NULL && offset + size <= spool->size);
    /* What lies before the first block in memory is in the file. */
    uint64_t end = offset + size;
    uint64_t in_memory = spool->first != NULL ? spool->first->offset : spool->size;
    size_t filed = offset >= in_memory ? 0 : (size_t)((end < in_memory ? end : in_memory) - offset);
    if (!read_all(spool->file - 1, bytes, filed, offset)) {
        return pl_failure_of(err, "read", "the transcript of a session", errno);
    }
    for (const struct pl_spool_block *block = spool->first; block != NULL; block = block->next) {
        uint64_t from = block->offset > offset ? block->offset : offset;
        uint64_t to = block->offset + block->size < end ? block->offset + block->size : end;
        if (from < to) {
            memcpy(bytes + (from - offset), block->bytes + (from - block->offset), to - from);
        }
    }
    return PL_OK;
}

/* The writer may still be at a block: the last one to see it frees it. */
static void leave_blocks(struct pl_spool *spool)
{
    while (spool->first != NULL) {
        struct pl_spool_block *block = spool->first;
        spool->first = block->next;
        if (atomic_exchange(&block->state, LEFT) != WAITING) {
            free(block);
        }
    }
}

void pl_spool_close(struct pl_spool *spool)
{
    PL_CHECK(spool != NULL);
    leave_blocks(spool);
    struct pl_beside *writer = spool->file > 0 ? spool->writer : NULL;
    struct pl_spool_block *last = writer != NULL ? new_block(spool, 0) : NULL;
    /* Its blocks are before it in the writer's queue, so none is written to another's file. */
    if (last == NULL || !pl_beside_put(writer, last)) {
        while (writer != NULL && !pl_beside_wait(writer, WAIT_MS)) {
        }
        if (spool->file > 0) {
            (void)close(spool->file - 1);
        }
        free(last);
    }
    *spool = (struct pl_spool){0};
}
