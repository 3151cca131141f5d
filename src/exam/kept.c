// SPDX-License-Identifier: Apache-2.0
#include "exam/kept.h"

#include "base/check.h"
#include "base/hash.h"
#include "os/directory.h"
#include "os/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 8 * 1024 * 1024, CONSTANTS_MAX = 1024 * 1024 };

/* A hash that goes on: 128 bits as two chains of 64. */
struct chain {
    uint64_t low;
    uint64_t high;
};

static void add(struct chain *chain, const void *data, size_t size)
{
    pl_hash128 low = pl_hash_bytes(data, size, chain->low);
    pl_hash128 high = pl_hash_bytes(data, size, chain->high);
    chain->low = low.low;
    chain->high = high.high;
}

/* With its terminator, so that two texts are never taken for one. */
static void add_text(struct chain *chain, const char *text)
{
    add(chain, text, strlen(text) + 1);
}

static void add_log(struct chain *chain, const struct pl_logbook *logbook)
{
    const struct pl_store_session *header = &logbook->header;
    add_text(chain, header->id);
    add_text(chain, header->scenario);
    add_text(chain, header->pack_hash);
    add_text(chain, header->clock);
    add(chain, &header->seed, sizeof header->seed);
    for (uint32_t i = 0; i < logbook->count; i++) {
        const struct pl_logbook_entry *entry = &logbook->entries[i];
        add(chain, &entry->seq, sizeof entry->seq);
        add(chain, &entry->before_ns, sizeof entry->before_ns);
        add_text(chain, entry->command);
        add_text(chain, entry->answer);
    }
}

/* The scenario's constants as they stand; a missing file is a text of its own. */
static void add_constants(struct chain *chain, const char *content, const char *scenario)
{
    char path[PL_FILE_PATH_MAX];
    pl_slice text = {NULL, 0};
    pl_error err = {0};
    int size = snprintf(path, sizeof path, "%s/scenarios/%s/calibration.json", content, scenario);
    bool there = size > 0 && size < PL_FILE_PATH_MAX && pl_file_exists(path) &&
                 pl_file_load(path, CONSTANTS_MAX, &text, &err) == PL_OK;
    add(chain, there ? text.data : "none", there ? text.size : 4);
    union {
        const char *view;
        char *memory;
    } bytes = {.view = text.data};
    free(bytes.memory);
}

bool pl_kept_path(const struct pl_kept_key *key, char *path)
{
    PL_CHECK(key != NULL && key->logbook != NULL && path != NULL);
    PL_CHECK(key->build != NULL && key->content != NULL);
    char memory[PL_FILE_PATH_MAX];
    char name[PL_HASH_TEXT_SIZE];
    struct pl_buf data;
    struct chain chain = {1, 2};
    pl_error err = {0};
    if (strstr(key->build, "dirty") != NULL || strcmp(key->build, "unknown") == 0) {
        return false;
    }
    pl_buf_init(&data, memory, sizeof memory);
    if (key->data != NULL) {
        pl_buf_puts(&data, key->data);
    } else if (pl_directory_of_data(&data, &err) != PL_OK) {
        return false;
    }
    add_text(&chain, key->build);
    add(&chain, &key->particles, sizeof key->particles);
    add(&chain, &key->replicate, sizeof key->replicate);
    add_log(&chain, key->logbook);
    add_constants(&chain, key->content, key->logbook->header.scenario);
    pl_hash_format((pl_hash128){chain.low, chain.high}, name);
    int size = snprintf(path, PL_FILE_PATH_MAX, "%s/analyses/%s.json", memory, name);
    return !data.overflow && size > 0 && size < PL_FILE_PATH_MAX;
}

bool pl_kept_load(const char *path, pl_slice *text)
{
    PL_CHECK(path != NULL && text != NULL);
    pl_error err = {0};
    return pl_file_exists(path) && pl_file_load(path, TEXT_MAX, text, &err) == PL_OK;
}

pl_status pl_kept_save(const char *path, pl_slice text, pl_error *err)
{
    PL_CHECK(path != NULL && strrchr(path, '/') != NULL);
    char folder[PL_FILE_PATH_MAX];
    int size = snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    PL_CHECK(size > 0 && size < PL_FILE_PATH_MAX);
    pl_status status = pl_directory_make(folder, err);
    return status == PL_OK ? pl_file_save(path, text, err) : status;
}
