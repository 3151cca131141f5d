// SPDX-License-Identifier: Apache-2.0
//
// The constants of a scenario on disk: scenarios/NAME/calibration.json beside its scenario.yaml.
#ifndef PL_EXAM_CONSTANTS_FILE_H
#define PL_EXAM_CONSTANTS_FILE_H

#include "base/buf.h"
#include "exam/content.h"
#include "judge/constants.h"

/** Hash of what the engine makes of a world: constants of another engine are stale. */
void pl_constants_file_engine(char *text, size_t size);

/**
 * Read the constants of a scenario.
 *
 * @param directory  directory of content
 * @param content    scenario and world, loaded from it
 * @param err        sentence when there are none that fit: the file is missing, stale or wrong
 * @return owned constants, to be given back with free(); NULL with `err` set
 */
struct pl_constants *
pl_constants_file_load(const char *directory, const struct pl_content *content, pl_error *err);

/**
 * Write the constants of a scenario.
 *
 * @param directory  directory of content
 * @param content    scenario and world
 * @param constants  complete
 * @param path       filled: file that was written, PL_FILE_PATH_MAX bytes
 * @param err        sentence
 * @return PL_OK, PL_IO or PL_NO_MEMORY
 */
pl_status pl_constants_file_save(const char *directory,
                                 const struct pl_content *content,
                                 const struct pl_constants *constants,
                                 char *path,
                                 pl_error *err) __attribute__((warn_unused_result));

#endif
