// SPDX-License-Identifier: Apache-2.0
//
// World files for the commands that need no scenario.
#ifndef PL_CLI_WORLD_FILE_H
#define PL_CLI_WORLD_FILE_H

#include "base/error.h"
#include "scenario/load.h"
#include "scenario/scenario.h"

/** A world with its setting, owned; pl_world_file_free gives it back. */
struct pl_world_file {
    struct pl_world *world;
    struct pl_setting *setting;
    void *scratch;
};

/**
 * Read a world.
 *
 * @param path    file
 * @param file    filled; to be freed in any case
 * @param errors  all mistakes
 * @return PL_OK or the status of the first error
 */
pl_status pl_world_file_load(const char *path, struct pl_world_file *file, struct pl_errors *errors)
    __attribute__((warn_unused_result));

/** Give the memory back; a zeroed value is allowed. */
void pl_world_file_free(struct pl_world_file *file);

#endif
