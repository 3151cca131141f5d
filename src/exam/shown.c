// SPDX-License-Identifier: Apache-2.0
#include "exam/shown.h"

#include "base/check.h"
#include "base/hash.h"
#include "os/directory.h"
#include "os/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEXT_MAX = 64 * 1024 * 1024, /* bytes of a file; a longer session is replayed */
    HEAD = PL_HASH_TEXT_SIZE     /* the hash and its line feed */
};

struct pl_shown {
    char *text; /* owned, the whole file */
    size_t size;
    const char **lines; /* lines[count + 2]: description, entries, end */
    int64_t count;
};

static void put_path(char path[PL_FILE_PATH_MAX], const char *data, const char *id)
{
    snprintf(path, PL_FILE_PATH_MAX, "%.3900s/shown/%s.ndjson", data, id);
}

bool pl_shown_exists(const char *data, const char *id)
{
    char path[PL_FILE_PATH_MAX];
    PL_CHECK(data != NULL && id != NULL);
    put_path(path, data, id);
    return pl_file_exists(path);
}

static void put_hash(char text[PL_HASH_TEXT_SIZE], pl_slice rest)
{
    pl_hash_format(pl_hash_bytes(rest.data, rest.size, 0), text);
}

/* Put all lines behind the place of the hash. */
static pl_status put_all(struct pl_buf *out,
                         pl_slice description,
                         const struct pl_transcript *transcript,
                         pl_error *err)
{
    pl_status status = PL_OK;
    pl_buf_put(out, description.data, description.size);
    pl_buf_puts(out, "\n");
    for (int64_t seq = 1; seq <= pl_transcript_count(transcript) && status == PL_OK; seq++) {
        status = pl_transcript_get(transcript, seq, out, err);
        pl_buf_puts(out, "\n");
    }
    return status;
}

static pl_status save(const char *data, const char *id, pl_slice text, pl_error *err)
{
    char path[PL_FILE_PATH_MAX];
    snprintf(path, sizeof path, "%.3900s/shown", data);
    pl_status status = pl_directory_make(path, err);
    if (status == PL_OK) {
        put_path(path, data, id);
        status = pl_file_save(path, text, err);
    }
    return status;
}

pl_status pl_shown_save(const char *data,
                        const char *id,
                        pl_slice description,
                        const struct pl_transcript *transcript,
                        pl_error *err)
{
    PL_CHECK(data != NULL && id != NULL && transcript != NULL);
    size_t size = HEAD + description.size + 2 + pl_transcript_size(transcript);
    if (size > TEXT_MAX || memchr(description.data, '\n', description.size) != NULL) {
        return pl_fail(err, PL_LIMIT, NULL, "The session is too long to be kept as it was shown.");
    }
    char *memory = malloc(size + 1);
    struct pl_buf out;
    if (memory == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a session.");
    }
    pl_buf_init(&out, memory + HEAD, size + 1 - HEAD);
    pl_status status = put_all(&out, description, transcript, err);
    PL_CHECK(status != PL_OK || !out.overflow);
    if (status == PL_OK) {
        put_hash(memory, (pl_slice){out.data, out.size});
        memory[HEAD - 1] = '\n';
        status = save(data, id, (pl_slice){memory, HEAD + out.size}, err);
    }
    free(memory);
    return status;
}

static bool is_whole(const char *text, size_t size)
{
    char hash[PL_HASH_TEXT_SIZE];
    if (size < HEAD + 2 || text[HEAD - 1] != '\n' || text[size - 1] != '\n') {
        return false;
    }
    put_hash(hash, (pl_slice){text + HEAD, size - HEAD});
    return memcmp(hash, text, HEAD - 1) == 0;
}

/* Find where the lines begin. */
static bool index_lines(struct pl_shown *shown)
{
    int64_t lines = 0;
    const char *end = shown->text + shown->size;
    for (const char *at = shown->text + HEAD; at < end; at++) {
        lines += *at == '\n' ? 1 : 0;
    }
    shown->lines = calloc((size_t)lines + 1, sizeof shown->lines[0]);
    if (shown->lines == NULL) {
        return false;
    }
    int64_t line = 0;
    for (const char *at = shown->text + HEAD; at < end; line++) {
        shown->lines[line] = at;
        at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
    }
    shown->lines[line] = end;
    shown->count = lines - 1;
    return true;
}

struct pl_shown *pl_shown_load(const char *data, const char *id)
{
    PL_CHECK(data != NULL && id != NULL);
    char path[PL_FILE_PATH_MAX];
    union {
        const char *view;
        char *memory;
    } bytes;
    pl_slice text = {NULL, 0};
    put_path(path, data, id);
    if (!pl_file_exists(path) || pl_file_load(path, TEXT_MAX, &text, NULL) != PL_OK) {
        return NULL;
    }
    struct pl_shown *shown = calloc(1, sizeof *shown);
    bytes.view = text.data;
    if (shown == NULL || !is_whole(text.data, text.size)) {
        free(bytes.memory);
        free(shown);
        return NULL;
    }
    shown->text = bytes.memory;
    shown->size = text.size;
    if (!index_lines(shown)) {
        pl_shown_free(shown);
        return NULL;
    }
    return shown;
}

/* A line without its line feed. */
static pl_slice line_of(const struct pl_shown *shown, int64_t line)
{
    return (pl_slice){shown->lines[line],
                      (size_t)(shown->lines[line + 1] - shown->lines[line]) - 1};
}

pl_slice pl_shown_description(const struct pl_shown *shown)
{
    PL_CHECK(shown != NULL);
    return line_of(shown, 0);
}

int64_t pl_shown_count(const struct pl_shown *shown)
{
    PL_CHECK(shown != NULL);
    return shown->count;
}

pl_slice pl_shown_entry(const struct pl_shown *shown, int64_t seq)
{
    PL_CHECK(shown != NULL && seq >= 1 && seq <= shown->count);
    return line_of(shown, seq);
}

void pl_shown_free(struct pl_shown *shown)
{
    if (shown != NULL) {
        free(shown->text);
        free(shown->lines);
        free(shown);
    }
}
