// SPDX-License-Identifier: Apache-2.0
//
// The terminal that a process talks to.
#ifndef PL_OS_TERMINAL_H
#define PL_OS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** True when the file descriptor is a terminal. */
bool pl_terminal_is(int fd);

/** Columns of the terminal on this descriptor; 0 when it is none or does not say. */
uint32_t pl_terminal_columns(int fd);

/**
 * Wait until something can be read.
 *
 * @param fd          descriptor
 * @param timeout_ms  0: do not wait; below 0: for ever
 * @return true when a read would not block (input or its end), false after the time or a signal
 */
bool pl_terminal_wait(int fd, int timeout_ms);

/** True when the user's locale, as the environment names it, uses UTF-8. */
bool pl_terminal_utf8(void);

/**
 * Read what is there, waiting for at least one byte.
 *
 * @param fd    descriptor
 * @param data  filled, data[size]
 * @param size  room in bytes, at least 1
 * @return bytes read; 0: end of the input or error
 */
size_t pl_terminal_read(int fd, char *data, size_t size);

#endif
