// SPDX-License-Identifier: Apache-2.0
//
// Assertions that stay on in release builds.
//
// A failed check is a bug of ours, never a fault of the input: it prints one line and aborts.
// PL_CHECK is for conditions that cost a few instructions; PL_DCHECK is for O(n) work and is
// compiled only where PL_DEBUG is defined (debug, sanitizer and fuzz builds).
#ifndef PL_BASE_CHECK_H
#define PL_BASE_CHECK_H

/**
 * Report a failed check on stderr and abort. Called by the macros below only.
 *
 * @param file  source file of the check
 * @param line  line of the check
 * @param text  the condition as written
 */
__attribute__((cold)) _Noreturn void pl_check_failed(const char *file, int line, const char *text);

#define PL_CHECK(condition) \
    ((condition) ? (void)0 : pl_check_failed(__FILE__, __LINE__, #condition))

#ifdef PL_DEBUG
#define PL_DCHECK(condition) PL_CHECK(condition)
#else
#define PL_DCHECK(condition) ((void)sizeof(condition))
#endif

#endif
