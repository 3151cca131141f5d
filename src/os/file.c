// SPDX-License-Identifier: Apache-2.0
#include "os/file.h"

#include "base/check.h"
#include "os/failure.h"
#include "os/now.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    READ_STEP = 65536,           /* first size of the memory of a read; it doubles */
    LOCK_RETRY_NS = 10 * 1000000 /* pause between two tries for a lock */
};

static ssize_t read_some(int fd, char *data, size_t size)
{
    ssize_t got;
    do {
        got = read(fd, data, size);
    } while (got < 0 && errno == EINTR);
    return got;
}

/* Read to the end into memory that grows; one byte past the limit is enough to know. */
static pl_status
read_all(int fd, const char *path, size_t size_max, char **data, size_t *size, pl_error *err)
{
    size_t capacity = 0;
    for (;;) {
        if (capacity - *size < 2) {
            capacity = capacity == 0 ? READ_STEP : 2 * capacity;
            char *larger = realloc(*data, capacity);
            if (larger == NULL) {
                return pl_failure_of(err, "read", path, ENOMEM);
            }
            *data = larger;
        }
        ssize_t got = read_some(fd, *data + *size, capacity - *size - 1);
        if (got < 0) {
            return pl_failure_of(err, "read", path, errno);
        }
        if (got == 0) {
            (*data)[*size] = '\0';
            return PL_OK;
        }
        *size += (size_t)got;
        if (*size > size_max) {
            return pl_fail(err,
                           PL_LIMIT,
                           NULL,
                           "%s is larger than %zu bytes, the most that is read",
                           path,
                           size_max);
        }
    }
}

pl_status pl_file_load(const char *path, size_t size_max, pl_slice *text, pl_error *err)
{
    PL_CHECK(path != NULL && text != NULL);
    PL_CHECK(size_max < SIZE_MAX / 4);
    *text = (pl_slice){NULL, 0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return pl_failure_of(err, "open", path, errno);
    }
    char *data = NULL;
    size_t size = 0;
    pl_status status = read_all(fd, path, size_max, &data, &size, err);
    (void)close(fd);
    if (status != PL_OK) {
        free(data);
        return status;
    }
    *text = (pl_slice){data, size};
    return PL_OK;
}

static int write_all(int fd, pl_slice text)
{
    size_t done = 0;
    while (done < text.size) {
        ssize_t wrote = write(fd, text.data + done, text.size - done);
        if (wrote < 0 && errno != EINTR) {
            return -1;
        }
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return 0;
}

/* A rename is durable once its directory is. */
static int sync_directory_of(const char *path)
{
    char directory[PL_FILE_PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t size = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
    memcpy(directory, slash == NULL ? "." : path, size);
    directory[size] = '\0';
    int fd = open(directory, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    if (fd < 0) {
        return -1;
    }
    int failed = fsync(fd);
    int number = errno;
    (void)close(fd);
    errno = number;
    return failed;
}

static int write_new(int fd, pl_slice text)
{
    int failed = write_all(fd, text) != 0 || fsync(fd) != 0;
    int number = errno;
    if (close(fd) != 0 && !failed) {
        return -1;
    }
    errno = number;
    return failed ? -1 : 0;
}

/* Create the file for the new text beside the old one; a scrap of a process with the same number
 * that was killed is removed. */
static int open_new(const char *path)
{
    enum { FLAGS = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC };
    int fd = open(path, FLAGS, 0666);
    if (fd < 0 && errno == EEXIST && unlink(path) == 0) {
        fd = open(path, FLAGS, 0666);
    }
    return fd;
}

pl_status pl_file_save(const char *path, pl_slice text, pl_error *err)
{
    PL_CHECK(path != NULL);
    PL_CHECK(text.data != NULL || text.size == 0);
    char fresh[PL_FILE_PATH_MAX + 32];
    if (strlen(path) >= PL_FILE_PATH_MAX) {
        return pl_failure_of(err, "write", path, ENAMETOOLONG);
    }
    (void)snprintf(fresh, sizeof fresh, "%s.%ld.new", path, (long)getpid());
    int fd = open_new(fresh);
    if (fd < 0) {
        return pl_failure_of(err, "write", path, errno);
    }
    if (write_new(fd, text) != 0 || rename(fresh, path) != 0) {
        int number = errno;
        (void)unlink(fresh);
        return pl_failure_of(err, "write", path, number);
    }
    if (sync_directory_of(path) != 0) {
        return pl_failure_of(err, "make durable", path, errno);
    }
    return PL_OK;
}

bool pl_file_exists(const char *path)
{
    PL_CHECK(path != NULL);
    struct stat information;
    return stat(path, &information) == 0;
}

pl_status pl_file_lock_take(struct pl_file_lock *lock, const char *path, int wait_ms, pl_error *err)
{
    PL_CHECK(lock != NULL && path != NULL);
    PL_CHECK(wait_ms >= 0);
    lock->fd = -1;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) {
        return pl_failure_of(err, "open the lock", path, errno);
    }
    int64_t deadline = pl_now_monotonic_ns() + (int64_t)wait_ms * 1000000;
    int number = 0;
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        number = errno;
        bool may_end = number == EWOULDBLOCK || number == EINTR;
        int64_t now = pl_now_monotonic_ns();
        if (!may_end || now >= deadline) {
            (void)close(fd);
            return number == EWOULDBLOCK
                       ? pl_fail(err, PL_CONFLICT, NULL, "another process holds the lock %s", path)
                       : pl_failure_of(err, "lock", path, number);
        }
        pl_now_sleep_until(now + LOCK_RETRY_NS);
    }
    lock->fd = fd;
    return PL_OK;
}

void pl_file_lock_release(struct pl_file_lock *lock)
{
    PL_CHECK(lock != NULL);
    if (lock->fd >= 0) {
        (void)close(lock->fd);
        lock->fd = -1;
    }
}
