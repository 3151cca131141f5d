// SPDX-License-Identifier: Apache-2.0
#include "cli/world_file.h"

#include "base/check.h"
#include "os/file.h"

#include <stdlib.h>
#include <string.h>

pl_status pl_world_file_load(const char *path, struct pl_world_file *file, struct pl_errors *errors)
{
    PL_CHECK(path != NULL && file != NULL && errors != NULL);
    memset(file, 0, sizeof *file);
    pl_error err = {0};
    pl_slice text = {0};
    pl_status status = pl_file_load(path, PL_CONTENT_MAX, &text, &err);
    if (status != PL_OK) {
        pl_errors_add(errors, status, &err.pos, "%s", err.message);
        return status;
    }
    file->world = calloc(1, sizeof *file->world);
    file->setting = calloc(1, sizeof *file->setting);
    file->scratch = malloc(PL_LOAD_SCRATCH);
    if (file->world == NULL || file->setting == NULL || file->scratch == NULL) {
        pl_errors_add(errors, PL_NO_MEMORY, NULL, "There is not enough memory to read a world.");
        status = PL_NO_MEMORY;
    } else {
        struct pl_file input = {.path = path, .text = text};
        status = pl_world_load(&input, file->world, file->setting, file->scratch, errors);
    }
    union {
        const char *view;
        char *memory;
    } owned = {.view = text.data};
    free(owned.memory);
    return status;
}

void pl_world_file_free(struct pl_world_file *file)
{
    free(file->world);
    free(file->setting);
    free(file->scratch);
    memset(file, 0, sizeof *file);
}
