// SPDX-License-Identifier: Apache-2.0
//
// Errors of system calls as sentences.
#ifndef PL_OS_FAILURE_H
#define PL_OS_FAILURE_H

#include "base/error.h"

/**
 * Fill `err` with `cannot VERB PATH: reason`.
 *
 * @param err     filled unless it holds an error, may be NULL
 * @param verb    what was tried: `read`, `create the directory`
 * @param path    of what; only the end of a very long one is shown
 * @param number  value of errno right after the failed call
 * @return PL_NOT_FOUND for ENOENT, PL_NO_MEMORY for ENOMEM, else PL_IO
 */
pl_status pl_failure_of(pl_error *err, const char *verb, const char *path, int number);

#endif
