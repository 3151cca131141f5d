// SPDX-License-Identifier: Apache-2.0
#include "exam/knowledge_file.h"

#include "base/check.h"
#include "os/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

pl_status
pl_knowledge_file_path(const char *directory, const char *scenario, char *path, pl_error *err)
{
    PL_CHECK(directory != NULL && scenario != NULL && path != NULL);
    int size = snprintf(path, PL_FILE_PATH_MAX, "%s/scenarios/%s/bots.json", directory, scenario);
    if (size < 0 || size >= PL_FILE_PATH_MAX) {
        return pl_fail(err, PL_LIMIT, NULL, "The path of the content is too long.");
    }
    return PL_OK;
}

pl_status pl_knowledge_file_load(const char *directory,
                                 const struct pl_content *content,
                                 struct pl_knowledge **knowledge_out,
                                 pl_error *err)
{
    PL_CHECK(content != NULL && knowledge_out != NULL);
    char path[PL_FILE_PATH_MAX];
    pl_slice text = {NULL, 0};
    *knowledge_out = NULL;
    pl_status status = pl_knowledge_file_path(directory, content->scenario->name, path, err);
    if (status != PL_OK || !pl_file_exists(path)) {
        return status;
    }
    status = pl_file_load(path, PL_KNOWLEDGE_SIZE_MAX, &text, err);
    if (status != PL_OK) {
        return status;
    }
    struct pl_knowledge *knowledge = calloc(1, sizeof *knowledge);
    status = knowledge != NULL ? pl_knowledge_read(text, path, knowledge, err)
                               : pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
    union {
        const char *view;
        char *memory;
    } bytes = {.view = text.data};
    free(bytes.memory);
    if (status != PL_OK || knowledge == NULL) {
        free(knowledge);
        return status;
    }
    *knowledge_out = knowledge;
    return PL_OK;
}

bool pl_knowledge_file_stale(const struct pl_knowledge *knowledge, const struct pl_content *content)
{
    PL_CHECK(content != NULL);
    return knowledge != NULL && strcmp(knowledge->pack_hash, content->hash) != 0;
}
