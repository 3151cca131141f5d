// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* pwritev */
#include "os/spool.h"

#include "base/check.h"
#include "os/failure.h"
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

pl_status pl_spool_open(struct pl_spool *spool, const char *directory, pl_error *err)
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
    *spool = (struct pl_spool){.file = file + 1};
    return PL_OK;
}

/* Leave out what is written already; the number of parts that are left. */
static uint32_t rest_of(const pl_slice *texts, uint32_t count, size_t done, struct iovec *parts)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < count; i++) {
        size_t skip = done < texts[i].size ? done : texts[i].size;
        union {
            const char *view;
            char *memory; /* as struct iovec wants it; it is only read */
        } bytes = {.view = texts[i].data + skip};
        done -= skip;
        if (texts[i].size > skip) {
            parts[left++] =
                (struct iovec){.iov_base = bytes.memory, .iov_len = texts[i].size - skip};
        }
    }
    return left;
}

pl_status
pl_spool_put_all(struct pl_spool *spool, const pl_slice *texts, uint32_t count, pl_error *err)
{
    PL_CHECK(spool != NULL && spool->file > 0);
    PL_CHECK(texts != NULL && count >= 1 && count <= PL_SPOOL_TEXTS_MAX);
    struct iovec parts[PL_SPOOL_TEXTS_MAX];
    size_t done = 0;
    uint32_t left = rest_of(texts, count, 0, parts);
    while (left > 0) {
        ssize_t put = pwritev(spool->file - 1, parts, (int)left, (off_t)(spool->size + done));
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return pl_failure_of(err, "write", "the transcript of a session", errno);
        }
        done += (size_t)put;
        left = rest_of(texts, count, done, parts);
    }
    spool->size += done;
    return PL_OK;
}

pl_status pl_spool_put(struct pl_spool *spool, pl_slice text, pl_error *err)
{
    return pl_spool_put_all(spool, &text, 1, err);
}

pl_status
pl_spool_get(const struct pl_spool *spool, uint64_t offset, size_t size, char *bytes, pl_error *err)
{
    PL_CHECK(spool != NULL && spool->file > 0);
    PL_CHECK(bytes != NULL && offset + size <= spool->size);
    size_t done = 0;
    while (done < size) {
        ssize_t count = pread(spool->file - 1, bytes + done, size - done, (off_t)(offset + done));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return pl_failure_of(
                err, "read", "the transcript of a session", count < 0 ? errno : EIO);
        }
        done += (size_t)count;
    }
    return PL_OK;
}

void pl_spool_close(struct pl_spool *spool)
{
    PL_CHECK(spool != NULL);
    if (spool->file > 0) {
        (void)close(spool->file - 1);
    }
    *spool = (struct pl_spool){0};
}
