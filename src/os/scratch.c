// SPDX-License-Identifier: Apache-2.0
#include "os/scratch.h"

#include "base/check.h"
#include "os/failure.h"
#include "os/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

pl_status pl_scratch_make(struct pl_scratch *scratch, pl_error *err)
{
    PL_CHECK(scratch != NULL);
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || parent[0] != '/') {
        parent = "/tmp";
    }
    int size = snprintf(scratch->path, sizeof scratch->path, "%s/plumb-XXXXXX", parent);
    if (size < 0 || (size_t)size >= sizeof scratch->path) {
        return pl_fail(err, PL_LIMIT, NULL, "the path in $TMPDIR is too long");
    }
    if (mkdtemp(scratch->path) == NULL) {
        return pl_failure_of(err, "create a directory in", parent, errno);
    }
    return PL_OK;
}

/* Append the name of an entry of the directory `path` to it; 0 when there is none, -1 on an error.
 */
static int descend(char *path, size_t size)
{
    DIR *directory = opendir(path);
    if (directory == NULL) {
        return -1;
    }
    int found = 0;
    const struct dirent *entry;
    while (found == 0 && (entry = readdir(directory)) != NULL) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
            continue;
        }
        size_t used = strlen(path);
        int added = snprintf(path + used, size - used, "/%s", name);
        found = added > 0 && (size_t)added < size - used ? 1 : -1;
    }
    (void)closedir(directory);
    return found;
}

static bool is_directory(const char *path)
{
    struct stat information;
    return lstat(path, &information) == 0 && S_ISDIR(information.st_mode);
}

/* Follow first entries down to something that has none, remove it, and go on one level higher. */
pl_status pl_scratch_remove(const struct pl_scratch *scratch, pl_error *err)
{
    PL_CHECK(scratch != NULL && scratch->path[0] == '/');
    char path[PL_FILE_PATH_MAX];
    size_t root_size = strlen(scratch->path);
    memcpy(path, scratch->path, root_size + 1);
    while (strlen(path) >= root_size) {
        int found = is_directory(path) ? descend(path, sizeof path) : 0;
        if (found > 0) {
            continue;
        }
        if (found < 0 || remove(path) != 0) {
            (void)pl_failure_of(err, "remove", path, errno);
            return PL_IO;
        }
        *strrchr(path, '/') = '\0';
    }
    return PL_OK;
}
