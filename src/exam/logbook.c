// SPDX-License-Identifier: Apache-2.0
#include "exam/logbook.h"

#include "base/check.h"
#include "exam/episode.h"
#include "os/file.h"
#include "os/scratch.h"
#include "store/ndjson.h"
#include "text/json_in.h"

#include <stdlib.h>
#include <string.h>

/* What the walk over the entries knows. */
struct walk {
    struct pl_logbook *logbook;
    int64_t until; /* 0: all */
    int64_t whole; /* entries that were verified */
    bool enough;
};

static struct pl_logbook_entry *next_entry(struct pl_logbook *logbook)
{
    if (logbook->count == logbook->room) {
        uint32_t room = logbook->room == 0 ? 64 : logbook->room * 2;
        struct pl_logbook_entry *entries =
            realloc(logbook->entries, room * sizeof logbook->entries[0]);
        if (entries == NULL) {
            return NULL;
        }
        logbook->entries = entries;
        logbook->room = room;
    }
    struct pl_logbook_entry *entry = &logbook->entries[logbook->count++];
    memset(entry, 0, sizeof *entry);
    return entry;
}

static pl_status
take_body(struct pl_logbook_entry *entry, const struct pl_store_entry *from, pl_error *err)
{
    json_t *body = NULL;
    pl_status status = pl_json_in_load(from->body, PL_JSON_IN_TEXT_MAX, NULL, &body, err);
    if (status != PL_OK) {
        return status;
    }
    const json_t *before = json_object_get(body, "before_ns");
    const char *answer = json_string_value(json_object_get(body, "answer"));
    entry->command = json_dumps(json_object_get(body, "command"), JSON_COMPACT);
    entry->answer = answer != NULL ? strdup(answer) : NULL;
    entry->before_ns = json_integer_value(before);
    bool good = json_is_integer(before) && entry->command != NULL && entry->answer != NULL;
    json_decref(body);
    return good ? PL_OK
                : pl_fail(err,
                          PL_CORRUPT,
                          NULL,
                          "Entry %lld is no entry of a session.",
                          (long long)from->seq);
}

static pl_status visit(void *context, const struct pl_store_entry *from, pl_error *err)
{
    struct walk *walk = context;
    walk->whole = from->seq;
    if (walk->until > 0 && from->seq > walk->until) {
        walk->enough = true;
        return PL_CONFLICT; /* ends the walk: what follows is not asked for */
    }
    if (pl_slice_equal(from->kind, pl_slice_of("fork"))) {
        return PL_OK; /* what happened in copies is no part of the main line */
    }
    struct pl_logbook_entry *entry = next_entry(walk->logbook);
    if (entry == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the evidence.");
    }
    entry->seq = from->seq;
    entry->after_ns = from->t_ns;
    size_t size = from->kind.size < sizeof entry->kind ? from->kind.size : sizeof entry->kind - 1;
    memcpy(entry->kind, from->kind.data, size);
    return take_body(entry, from, err);
}

static pl_status
read_entries(struct pl_store *store, struct pl_logbook *logbook, int64_t until, pl_error *err)
{
    struct walk walk = {.logbook = logbook, .until = until};
    pl_error found = {0};
    pl_status status = pl_store_read(store, logbook->header.id, visit, &walk, &found);
    if (status == PL_OK || walk.enough) {
        return PL_OK;
    }
    if (status == PL_CORRUPT && until > 0 && walk.whole >= until) {
        return PL_OK;
    }
    if (status != PL_CORRUPT) {
        *err = found;
        return status;
    }
    if (walk.whole == 0) {
        return pl_fail(err, PL_CORRUPT, NULL, "%s Nothing of it can be judged.", found.message);
    }
    return pl_fail(err,
                   PL_CORRUPT,
                   NULL,
                   "%s They can be judged as a session that ended there, with `--until %lld`; what "
                   "follows can't be.",
                   found.message,
                   (long long)walk.whole);
}

/* Take the wanted entries of an export; when it is broken, say what can be judged of it. */
static pl_status import(struct pl_store *store,
                        pl_slice text,
                        const char *path,
                        int64_t until,
                        struct pl_store_session *session,
                        pl_error *err)
{
    pl_error found = {0};
    pl_status status = until > 0 ? pl_store_import_until(store, text, path, until, session, &found)
                                 : pl_store_import(store, text, path, session, &found);
    if (status == PL_CORRUPT && session->entry_count > 0) {
        return pl_fail(err,
                       PL_CORRUPT,
                       &found.pos,
                       "%s; `--until %lld` judges what stands before as a session that ended there",
                       found.message,
                       (long long)session->entry_count);
    }
    if (status != PL_OK) {
        *err = found;
    }
    return status;
}

/* An export is taken into a store that nobody keeps, so that it is verified like any other. */
static pl_status
load_file(struct pl_logbook *logbook, const char *path, int64_t until, pl_error *err)
{
    struct pl_scratch scratch;
    struct pl_store *store = NULL;
    pl_slice text = {NULL, 0};
    pl_error ignored = {0};
    pl_status status = pl_scratch_make(&scratch, err);
    if (status != PL_OK) {
        return status;
    }
    status = pl_file_load(path, PL_STORE_NDJSON_MAX, &text, err);
    if (status == PL_OK) {
        status = pl_store_open(&store, scratch.path, err);
    }
    if (status == PL_OK) {
        status = import(store, text, path, until, &logbook->header, err);
    }
    if (status == PL_OK) {
        status = read_entries(store, logbook, until, err);
    }
    union {
        const char *view;
        char *memory;
    } bytes = {.view = text.data};
    free(bytes.memory);
    pl_store_close(store);
    (void)pl_scratch_remove(&scratch, &ignored); /* what is left lies where temporary files lie */
    return status;
}

static pl_status load_kept(
    struct pl_logbook *logbook, const char *data, const char *session, int64_t until, pl_error *err)
{
    struct pl_store *store = NULL;
    pl_status status = pl_episode_store(data, &store, err);
    if (status == PL_OK) {
        status = pl_store_find(store, session, &logbook->header, err);
    }
    if (status == PL_OK) {
        status = read_entries(store, logbook, until, err);
    }
    pl_store_close(store);
    return status;
}

pl_status pl_logbook_load(
    struct pl_logbook *logbook, const char *data, const char *session, int64_t until, pl_error *err)
{
    PL_CHECK(logbook != NULL);
    PL_CHECK(session != NULL);
    PL_CHECK(until >= 0);
    return pl_file_exists(session) ? load_file(logbook, session, until, err)
                                   : load_kept(logbook, data, session, until, err);
}

void pl_logbook_free(struct pl_logbook *logbook)
{
    PL_CHECK(logbook != NULL);
    for (uint32_t i = 0; i < logbook->count; i++) {
        free(logbook->entries[i].command);
        free(logbook->entries[i].answer);
    }
    free(logbook->entries);
    memset(logbook, 0, sizeof *logbook);
}
