// SPDX-License-Identifier: Apache-2.0
#include "os/terminal.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* TIOCGWINSZ is no part of POSIX 2008, but every system that has terminals has it. */
bool pl_terminal_is(int fd)
{
    return isatty(fd) == 1;
}

uint32_t pl_terminal_columns(int fd)
{
    struct winsize size = {0};
    if (ioctl(fd, TIOCGWINSZ, &size) != 0) {
        return 0;
    }
    return size.ws_col;
}

bool pl_terminal_wait(int fd, int timeout_ms)
{
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    return poll(&wanted, 1, timeout_ms) > 0;
}

bool pl_terminal_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value == NULL || value[0] == '\0') {
            continue;
        }
        for (const char *at = value; *at != '\0'; at++) {
            if (strncasecmp(at, "utf-8", 5) == 0 || strncasecmp(at, "utf8", 4) == 0) {
                return true;
            }
        }
        return false; /* the first that is set decides */
    }
    return false;
}

size_t pl_terminal_read(int fd, char *data, size_t size)
{
    for (;;) {
        ssize_t count = read(fd, data, size);
        if (count >= 0) {
            return (size_t)count;
        }
        if (errno != EINTR) {
            return 0;
        }
    }
}
