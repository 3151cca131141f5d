// SPDX-License-Identifier: Apache-2.0
//
// Other programs.
#ifndef PL_OS_PROCESS_H
#define PL_OS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Find a program in $PATH.
 *
 * @param name  without slashes
 * @param path  filled when it is found
 * @param size  bytes of path
 * @return false when there is none that can be run
 */
bool pl_process_find(const char *name, char *path, size_t size);

/**
 * Start a program with one argument and do not wait for it. It has no terminal and is nobody's
 * child; what becomes of it is not told.
 *
 * @param path      of the program
 * @param argument  its only one
 * @return false when it cannot be started
 */
bool pl_process_start(const char *path, const char *argument);

/**
 * End this process at once, without waiting for its threads. What is to outlive it has to be on
 * disk.
 *
 * @param code  exit code, 0..255
 */
_Noreturn void pl_process_leave(int code);

/** True when the user sits at a desktop where programs can open windows. */
bool pl_process_has_desktop(void);

#endif
