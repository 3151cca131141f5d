// SPDX-License-Identifier: Apache-2.0
#include "os/directory.h"

#include "base/check.h"
#include "os/failure.h"
#include "os/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

static bool is_directory(const char *path)
{
    struct stat information;
    return stat(path, &information) == 0 && S_ISDIR(information.st_mode);
}

pl_status pl_directory_make(const char *path, pl_error *err)
{
    PL_CHECK(path != NULL);
    size_t size = strlen(path);
    if (size == 0 || size >= PL_FILE_PATH_MAX) {
        int number = size == 0 ? EINVAL : ENAMETOOLONG;
        return pl_failure_of(err, "create the directory", path, number);
    }
    char part[PL_FILE_PATH_MAX];
    for (size_t end = 1; end <= size; end++) {
        if (path[end] != '/' && path[end] != '\0') {
            continue;
        }
        memcpy(part, path, end);
        part[end] = '\0';
        /* mkdir may answer EROFS or EACCES for a parent that exists, so ask before. */
        if (is_directory(part) || mkdir(part, 0700) == 0) {
            continue;
        }
        int number = errno;
        if (number != EEXIST || !is_directory(part)) {
            number = number == EEXIST ? ENOTDIR : number;
            (void)pl_failure_of(err, "create the directory", part, number);
            return PL_IO;
        }
    }
    return PL_OK;
}

/* Names of a directory while they are collected; all memory is owned. */
struct names {
    char **items;
    size_t count;
    size_t capacity;
};

static void free_names(struct names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        free(names->items[i]);
    }
    free(names->items);
}

static bool add_name(struct names *names, const char *name)
{
    if (names->count == names->capacity) {
        size_t capacity = names->capacity == 0 ? 64 : 2 * names->capacity;
        char **larger = realloc(names->items, capacity * sizeof larger[0]);
        if (larger == NULL) {
            return false;
        }
        names->items = larger;
        names->capacity = capacity;
    }
    names->items[names->count] = strdup(name);
    if (names->items[names->count] == NULL) {
        return false;
    }
    names->count++;
    return true;
}

static bool is_wanted(const char *name, const char *suffix)
{
    size_t size = strlen(name);
    size_t suffix_size = strlen(suffix);
    return name[0] != '.' && size >= suffix_size && strcmp(name + size - suffix_size, suffix) == 0;
}

static pl_status
collect(DIR *directory, const char *path, const char *suffix, struct names *names, pl_error *err)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(directory);
        if (entry == NULL) {
            return errno == 0 ? PL_OK : pl_failure_of(err, "list", path, errno);
        }
        if (!is_wanted(entry->d_name, suffix)) {
            continue;
        }
        if (names->count == PL_DIRECTORY_ENTRIES_MAX) {
            return pl_fail(err,
                           PL_LIMIT,
                           NULL,
                           "the directory %s has more than %d entries",
                           path,
                           PL_DIRECTORY_ENTRIES_MAX);
        }
        if (!add_name(names, entry->d_name)) {
            return pl_failure_of(err, "list", path, ENOMEM);
        }
    }
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

pl_status pl_directory_list(
    const char *path, const char *suffix, pl_directory_visit visit, void *context, pl_error *err)
{
    PL_CHECK(path != NULL && suffix != NULL && visit != NULL);
    DIR *directory = opendir(path);
    if (directory == NULL) {
        return pl_failure_of(err, "open the directory", path, errno);
    }
    struct names names = {NULL, 0, 0};
    pl_status status = collect(directory, path, suffix, &names, err);
    (void)closedir(directory);
    if (status == PL_OK && names.count > 0) {
        qsort(names.items, names.count, sizeof names.items[0], compare_names);
    }
    for (size_t i = 0; i < names.count && status == PL_OK; i++) {
        status = visit(context, names.items[i], err);
    }
    free_names(&names);
    return status;
}

double pl_directory_free(const char *path)
{
    PL_CHECK(path != NULL);
    struct statvfs disk;
    if (statvfs(path, &disk) != 0 || disk.f_blocks == 0) {
        return 1.0;
    }
    return (double)disk.f_bavail / (double)disk.f_blocks;
}

pl_status pl_directory_of_data(struct pl_buf *path, pl_error *err)
{
    PL_CHECK(path != NULL);
    static const struct {
        const char *variable;
        const char *below;
    } places[] = {
        {"PLUMB_DATA", ""},
        {"XDG_DATA_HOME", "/plumbline"},
        {"HOME", "/.local/share/plumbline"},
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const char *value = getenv(places[i].variable);
        /* The XDG specification says to ignore relative paths; PLUMB_DATA is the user's word. */
        if (value == NULL || value[0] == '\0' || (i > 0 && value[0] != '/')) {
            continue;
        }
        pl_buf_clear(path);
        pl_buf_puts(path, value);
        pl_buf_puts(path, places[i].below);
        if (path->overflow) {
            return pl_fail(err, PL_LIMIT, NULL, "the path in $%s is too long", places[i].variable);
        }
        return PL_OK;
    }
    return pl_fail(err,
                   PL_NOT_FOUND,
                   NULL,
                   "there is no data directory: set PLUMB_DATA to a directory for sessions");
}
