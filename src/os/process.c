// SPDX-License-Identifier: Apache-2.0
#include "os/process.h"

#include "base/check.h"
#include "os/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

bool pl_process_find(const char *name, char *path, size_t size)
{
    PL_CHECK(name != NULL && strchr(name, '/') == NULL);
    PL_CHECK(path != NULL);
    const char *at = getenv("PATH");
    while (at != NULL && *at != '\0') {
        size_t length = strcspn(at, ":");
        int written = snprintf(path, size, "%.*s/%s", (int)length, at, name);
        if (length > 0 && written > 0 && (size_t)written < size && access(path, X_OK) == 0) {
            return true;
        }
        at += length;
        at += *at == ':' ? 1 : 0;
    }
    return false;
}

/* In the child of the child: become the program. */
static void become(const char *path, const char *argument)
{
    char *const arguments[] = {strdup(path), strdup(argument), NULL};
    int nothing = open("/dev/null", O_RDWR);
    if (nothing >= 0) {
        (void)dup2(nothing, 0);
        (void)dup2(nothing, 1);
        (void)dup2(nothing, 2);
    }
    (void)setsid();
    if (arguments[0] != NULL && arguments[1] != NULL) {
        (void)execv(path, arguments);
    }
    _exit(1);
}

bool pl_process_start(const char *path, const char *argument)
{
    PL_CHECK(path != NULL && argument != NULL);
    pid_t child = fork();
    if (child < 0) {
        return false;
    }
    if (child == 0) {
        /* Its parent ends at once, so that nobody has to wait for it. */
        pid_t grandchild = fork();
        if (grandchild == 0) {
            become(path, argument);
        }
        _exit(grandchild > 0 ? 0 : 1);
    }
    int state = 0;
    return waitpid(child, &state, 0) == child && WIFEXITED(state) && WEXITSTATUS(state) == 0;
}

bool pl_process_has_desktop(void)
{
    const char *display = getenv("DISPLAY");
    const char *wayland = getenv("WAYLAND_DISPLAY");
    return (display != NULL && display[0] != '\0') || (wayland != NULL && wayland[0] != '\0');
}

void pl_process_leave(int code)
{
    PL_CHECK(code >= 0 && code <= 255);
    _exit(code);
}
