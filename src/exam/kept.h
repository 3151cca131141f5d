// SPDX-License-Identifier: Apache-2.0
//
// Analyses that are kept: judged once, printed again to the last byte.
//
// An analysis of a session of the store lies in the folder `analyses` beside it, under a name that
// is a hash of all that it follows from: the log, the content, the scenario's constants, the
// options and the build. When any of these is another, there is no such file, and the session is
// judged anew. A build with changes that are not committed keeps nothing: its name says too little.
#ifndef PL_EXAM_KEPT_H
#define PL_EXAM_KEPT_H

#include "base/error.h"
#include "exam/logbook.h"

#include <stdbool.h>
#include <stdint.h>

/** What an analysis follows from. */
struct pl_kept_key {
    const struct pl_logbook *logbook;
    const char *data;    /* directory of the evidence log, or NULL: the user's */
    const char *content; /* directory of the content */
    const char *build;   /* commit of the program */
    uint32_t particles;
    uint32_t replicate;
};

/**
 * Where the analysis is or would be.
 *
 * @param path  filled, PL_FILE_PATH_MAX bytes
 * @return false when this build keeps nothing, or there is no directory of data
 */
bool pl_kept_path(const struct pl_kept_key *key, char *path);

/**
 * Read a kept analysis.
 *
 * @param text  filled with owned memory for free() when there is one
 * @return false when there is none
 */
bool pl_kept_load(const char *path, pl_slice *text);

/**
 * Keep an analysis; its folder is made when missing.
 *
 * @param text  JSON
 * @return PL_OK or PL_IO
 */
pl_status pl_kept_save(const char *path, pl_slice text, pl_error *err)
    __attribute__((warn_unused_result));

#endif
