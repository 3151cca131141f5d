// SPDX-License-Identifier: Apache-2.0
#include "exam/constants_file.h"

#include "base/check.h"
#include "model/model.h"
#include "os/file.h"
#include "session/session.h"
#include "sim/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pl_constants_file_engine(char *text, size_t size)
{
    PL_CHECK(text != NULL);
    snprintf(text,
             size,
             "state %u rules %u constants %u",
             PL_HISTORY_VERSION,
             PL_SESSION_RULES,
             PL_CONSTANTS_VERSION);
}

static bool path_of(const char *directory, const struct pl_content *content, char *path)
{
    int size = snprintf(path,
                        PL_FILE_PATH_MAX,
                        "%s/scenarios/%s/calibration.json",
                        directory,
                        content->scenario->name);
    return size > 0 && size < PL_FILE_PATH_MAX;
}

static int64_t opens_ns(const struct pl_content *content)
{
    return pl_clock_ns(content->scenario->warmup_s);
}

static int64_t ends_ns(const struct pl_content *content)
{
    return opens_ns(content) + pl_clock_ns(content->scenario->horizon_s);
}

struct pl_constants *
pl_constants_file_load(const char *directory, const struct pl_content *content, pl_error *err)
{
    PL_CHECK(directory != NULL && content != NULL && err != NULL);
    char path[PL_FILE_PATH_MAX];
    char engine[PL_HASH_TEXT_SIZE];
    pl_slice text = {NULL, 0};
    if (!path_of(directory, content, path) || !pl_file_exists(path)) {
        (void)pl_fail(err,
                      PL_NOT_FOUND,
                      NULL,
                      "`%s` has no calibration.json, so what it holds was computed here, more "
                      "roughly; `plumb pack calibrate %s` makes it.",
                      content->scenario->name,
                      content->scenario->name);
        return NULL;
    }
    struct pl_constants *constants = malloc(sizeof *constants);
    if (constants == NULL) {
        (void)pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the constants.");
        return NULL;
    }
    pl_constants_file_engine(engine, sizeof engine);
    pl_status status = pl_file_load(path, PL_CONSTANTS_TEXT_MAX, &text, err);
    if (status == PL_OK) {
        const struct pl_constants_file file = {
            .text = text, .path = path, .engine = engine, .pack = content->hash};
        status = pl_constants_read(
            content->scenario, opens_ns(content), ends_ns(content), &file, constants, err);
    }
    union {
        const char *view;
        char *memory;
    } bytes = {.view = text.data};
    free(bytes.memory);
    if (status != PL_OK) {
        free(constants);
        return NULL;
    }
    return constants;
}

pl_status pl_constants_file_save(const char *directory,
                                 const struct pl_content *content,
                                 const struct pl_constants *constants,
                                 char *path,
                                 pl_error *err)
{
    PL_CHECK(directory != NULL && content != NULL && constants != NULL && path != NULL);
    if (!path_of(directory, content, path)) {
        return pl_fail(err, PL_LIMIT, NULL, "The path of the content is too long.");
    }
    char *memory = malloc(PL_CONSTANTS_TEXT_MAX);
    struct pl_buf out;
    if (memory == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the constants.");
    }
    pl_buf_init(&out, memory, PL_CONSTANTS_TEXT_MAX);
    pl_constants_write(content->scenario, opens_ns(content), constants, &out);
    PL_CHECK(!out.overflow);
    pl_status status = pl_file_save(path, (pl_slice){out.data, out.size}, err);
    free(memory);
    return status;
}
