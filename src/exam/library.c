// SPDX-License-Identifier: Apache-2.0
#include "exam/library.h"

#include "base/check.h"
#include "os/file.h"
#include "os/mutex.h"
#include "text/excerpt.h"

#include <stdlib.h>
#include <string.h>

struct pl_library {
    char directory[PL_FILE_PATH_MAX];
    char *names[PL_LIBRARY_MAX + 1]; /* NULL-terminated */
    uint32_t count;
    struct pl_mutex *mutex; /* guards the contents */
    struct pl_content contents[PL_LIBRARY_MAX];
};

pl_status pl_library_open(struct pl_library **library_out, const char *option, pl_error *err)
{
    PL_CHECK(library_out != NULL);
    *library_out = NULL;
    struct pl_library *library = calloc(1, sizeof *library);
    struct pl_mutex *mutex = pl_mutex_new();
    if (library == NULL || mutex == NULL) {
        free(library);
        pl_mutex_free(mutex);
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for scenarios.");
    }
    library->mutex = mutex;
    pl_status status = pl_content_directory(option, library->directory, err);
    if (status == PL_OK) {
        status = pl_content_names(
            library->directory, library->names, PL_LIBRARY_MAX, &library->count, err);
    }
    if (status != PL_OK) {
        pl_library_close(library);
        return status;
    }
    *library_out = library;
    return PL_OK;
}

const char *pl_library_directory(const struct pl_library *library)
{
    PL_CHECK(library != NULL);
    return library->directory;
}

uint32_t pl_library_count(const struct pl_library *library)
{
    PL_CHECK(library != NULL);
    return library->count;
}

const char *pl_library_name(const struct pl_library *library, uint32_t index)
{
    PL_CHECK(library != NULL && index < library->count);
    return library->names[index];
}

static pl_status load(struct pl_library *library, uint32_t index, pl_error *err)
{
    struct pl_content *content = &library->contents[index];
    if (content->scenario != NULL) {
        return PL_OK;
    }
    struct pl_errors *errors = calloc(1, sizeof *errors);
    if (errors == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a scenario.");
    }
    pl_status status = pl_content_load(library->directory, library->names[index], content, errors);
    if (status != PL_OK) {
        const pl_error *first = &errors->items[0];
        status = pl_fail(err, status, &first->pos, "%s", first->message);
        memset(content, 0, sizeof *content);
    }
    free(errors);
    return status;
}

const struct pl_content *pl_library_get(struct pl_library *library, const char *name, pl_error *err)
{
    PL_CHECK(library != NULL && name != NULL);
    for (uint32_t i = 0; i < library->count; i++) {
        if (strcmp(library->names[i], name) == 0) {
            pl_mutex_lock(library->mutex);
            pl_status status = load(library, i, err);
            pl_mutex_unlock(library->mutex);
            return status == PL_OK ? &library->contents[i] : NULL;
        }
    }
    (void)!pl_fail(err,
                   PL_NOT_FOUND,
                   NULL,
                   "There is no scenario `%s`.",
                   pl_excerpt_of(pl_slice_of(name)).text);
    return NULL;
}

void pl_library_close(struct pl_library *library)
{
    if (library == NULL) {
        return;
    }
    for (uint32_t i = 0; i < library->count; i++) {
        pl_content_free(&library->contents[i]);
        free(library->names[i]);
    }
    pl_mutex_free(library->mutex);
    free(library);
}
