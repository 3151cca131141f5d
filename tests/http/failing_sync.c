// SPDX-License-Identifier: Apache-2.0
//
// Loaded into a server before the C library: flushes to disk fail while the file is there that
// PLUMB_TEST_NO_SYNC names, and do nothing otherwise.
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

__attribute__((visibility("default"))) int fsync(int descriptor);
__attribute__((visibility("default"))) int fdatasync(int descriptor);

static int answer(void)
{
    const char *path = getenv("PLUMB_TEST_NO_SYNC");
    struct stat state;
    if (path != NULL && stat(path, &state) == 0) {
        errno = EIO;
        return -1;
    }
    return 0;
}

int fsync(int descriptor)
{
    (void)descriptor;
    return answer();
}

int fdatasync(int descriptor)
{
    (void)descriptor;
    return answer();
}
