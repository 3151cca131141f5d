// SPDX-License-Identifier: Apache-2.0
//
// Import parses each line with the JSON reader, renders it again with the writer and compares the
// bytes: what does not come out as it went in was not written by export, and would not round-trip.
#include "store/ndjson.h"

#include "base/check.h"
#include "store/backend.h"
#include "store/chain.h"
#include "text/excerpt.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    FORMAT = 1,
    FRAME_SIZE = 2048,                             /* a line without its body fits in this */
    LINE_SIZE = PL_STORE_BODY_MAX + FRAME_SIZE / 4 /* longest line that is read */
};

static_assert((int)LINE_SIZE <= (int)PL_JSON_IN_TEXT_MAX, "a line is one JSON text");

static const char *state_name(pl_store_session_state state)
{
    return state == PL_STORE_SESSION_OPEN ? "open" : "closed";
}

void pl_store_put_header(struct pl_buf *line,
                         const struct pl_store_session *session,
                         const char *head)
{
    PL_CHECK(line != NULL && session != NULL && head != NULL);
    struct pl_json_out out;
    pl_json_out_begin(&out, line);
    pl_json_out_object_begin(&out);
    pl_json_out_member_string(&out, "plumbline", "session");
    pl_json_out_member_integer(&out, "format", FORMAT);
    pl_json_out_member_string(&out, "session", session->id);
    pl_json_out_member_string(&out, "scenario", session->scenario);
    pl_json_out_member_string(&out, "pack_hash", session->pack_hash);
    pl_json_out_member_string(&out, "engine", session->engine);
    pl_json_out_member_integer(&out, "seed", session->seed);
    pl_json_out_member_string(&out, "clock", session->clock);
    pl_json_out_member_string(&out, "created_at", session->created_at);
    pl_json_out_member_string(&out, "state", state_name(session->state));
    pl_json_out_member_integer(&out, "entries", session->entry_count);
    pl_json_out_member_string(&out, "head", head);
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
}

/* The part of an entry's line before its body. */
static void put_entry_start(struct pl_buf *buf, int64_t seq, int64_t t_ns, pl_slice kind)
{
    pl_buf_printf(buf, "{\"seq\":%lld,\"t_ns\":%lld,\"kind\":", (long long)seq, (long long)t_ns);
    pl_json_out_put_string(buf, kind);
    pl_buf_puts(buf, ",\"body\":");
}

/* The part of an entry's line after its body. */
static void put_entry_end(struct pl_buf *buf, const uint8_t hash[PL_STORE_HASH_SIZE])
{
    char text[PL_CHAIN_TEXT_SIZE];
    pl_chain_format(hash, text);
    pl_buf_printf(buf, ",\"hash\":\"%s\"}", text);
}

void pl_store_put_entry(struct pl_buf *line, const struct pl_store_entry *entry)
{
    PL_CHECK(line != NULL && entry != NULL);
    put_entry_start(line, entry->seq, entry->t_ns, entry->kind);
    pl_buf_put(line, entry->body.data, entry->body.size);
    put_entry_end(line, entry->hash);
}

/* An export in progress. */
struct export
{
    pl_store_sink sink;
    void *context;
    struct pl_buf line;
    int64_t left; /* entries that the header promised and that are still to come */
};

static pl_status send_line(struct export *export, pl_error *err)
{
    pl_buf_put(&export->line, "\n", 1);
    PL_CHECK(!export->line.overflow);
    pl_slice bytes = {export->line.data, export->line.size};
    return export->sink(export->context, bytes, err);
}

static pl_status send_entry(void *context, const struct pl_store_entry *entry, pl_error *err)
{
    struct export *export = context;
    if (export->left == 0) {
        return PL_OK; /* appended by somebody else since the header was written */
    }
    export->left--;
    pl_buf_clear(&export->line);
    pl_store_put_entry(&export->line, entry);
    return send_line(export, err);
}

/* Hash of the entry that will be the last of an export. */
struct head {
    int64_t seq;
    char text[PL_CHAIN_TEXT_SIZE];
};

static pl_status note_head(void *context, const struct pl_store_entry *entry, pl_error *err)
{
    (void)err;
    struct head *head = context;
    if (entry->seq <= head->seq) {
        pl_chain_format(entry->hash, head->text);
    }
    return PL_OK;
}

static pl_status export_session(struct pl_store *store,
                                const struct pl_store_session *session,
                                struct export *export,
                                pl_error *err)
{
    struct head head = {session->entry_count, ""};
    uint8_t genesis[PL_STORE_HASH_SIZE];
    pl_chain_genesis(session, genesis);
    pl_chain_format(genesis, head.text);
    pl_status status = pl_store_walk(store, session, note_head, &head, NULL, err);
    if (status != PL_OK) {
        return status;
    }
    pl_store_put_header(&export->line, session, head.text);
    status = send_line(export, err);
    if (status != PL_OK) {
        return status;
    }
    export->left = session->entry_count;
    return pl_store_walk(store, session, send_entry, export, NULL, err);
}

pl_status pl_store_export(
    struct pl_store *store, const char *id, pl_store_sink sink, void *context, pl_error *err)
{
    PL_CHECK(store != NULL && id != NULL && sink != NULL);
    struct pl_store_session session;
    pl_status status = pl_store_find(store, id, &session, err);
    if (status != PL_OK) {
        return status;
    }
    size_t size = PL_STORE_BODY_MAX + FRAME_SIZE;
    char *memory = malloc(size);
    if (memory == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "no memory is left to export a session");
    }
    struct export export = {.sink = sink, .context = context};
    pl_buf_init(&export.line, memory, size);
    status = export_session(store, &session, &export, err);
    free(memory);
    return status;
}

/* An import in progress. */
struct import {
    struct pl_store *store;
    pl_slice rest; /* lines not read yet */
    pl_pos pos;    /* of the current line */
    struct pl_store_session session;
    struct pl_chain chain;
    char head[PL_CHAIN_TEXT_SIZE]; /* as promised by the header */
    bool part;                     /* entries after those of `session` are not wanted */
};

/* Take the next line without its break; every line has to end in one. */
static pl_status next_line(struct import *import, pl_slice *line, pl_error *err)
{
    import->pos.line++;
    const char *end =
        import->rest.size > 0 ? memchr(import->rest.data, '\n', import->rest.size) : NULL;
    if (end == NULL) {
        return pl_fail(
            err, PL_CORRUPT, &import->pos, "the file ends inside of a line; it has been cut off");
    }
    *line = (pl_slice){import->rest.data, (size_t)(end - import->rest.data)};
    import->rest.data += line->size + 1;
    import->rest.size -= line->size + 1;
    if (line->size > LINE_SIZE) {
        return pl_fail(err, PL_LIMIT, &import->pos, "the line is longer than %d bytes", LINE_SIZE);
    }
    return PL_OK;
}

static pl_status load_line(const struct import *import, pl_slice line, json_t **json, pl_error *err)
{
    pl_error reason = {0};
    pl_status status = pl_json_in_load(line, LINE_SIZE, NULL, json, &reason);
    if (status != PL_OK) {
        pl_pos pos = import->pos;
        pos.column = reason.pos.column;
        return pl_fail(err, status, &pos, "%s", reason.message);
    }
    return PL_OK;
}

static bool copy_member(const json_t *json, const char *key, char *text, size_t size)
{
    const char *value = json_string_value(json_object_get(json, key));
    if (value == NULL || value[0] == '\0' || strlen(value) >= size) {
        return false;
    }
    memcpy(text, value, strlen(value) + 1);
    return true;
}

/* Read the members of a header; false when one is missing or of another type. */
static bool read_header(const json_t *json, struct import *import)
{
    struct pl_store_session *session = &import->session;
    char state[8] = "";
    const json_t *seed = json_object_get(json, "seed");
    const json_t *count = json_object_get(json, "entries");
    bool good = copy_member(json, "session", session->id, sizeof session->id) &&
                copy_member(json, "scenario", session->scenario, sizeof session->scenario) &&
                copy_member(json, "pack_hash", session->pack_hash, sizeof session->pack_hash) &&
                copy_member(json, "engine", session->engine, sizeof session->engine) &&
                copy_member(json, "clock", session->clock, sizeof session->clock) &&
                copy_member(json, "created_at", session->created_at, sizeof session->created_at) &&
                copy_member(json, "state", state, sizeof state) &&
                copy_member(json, "head", import->head, sizeof import->head) &&
                json_is_integer(seed) && json_is_integer(count);
    if (!good) {
        return false;
    }
    session->seed = json_integer_value(seed);
    session->entry_count = json_integer_value(count);
    session->state = strcmp(state, "open") == 0 ? PL_STORE_SESSION_OPEN : PL_STORE_SESSION_CLOSED;
    return session->seed >= 0 && session->entry_count >= 0 &&
           strlen(session->id) == PL_STORE_ID_SIZE - 1 &&
           strspn(session->id, "0123456789abcdef") == PL_STORE_ID_SIZE - 1;
}

static pl_status
check_header(struct import *import, const json_t *json, pl_slice line, pl_error *err)
{
    const char *what = json_string_value(json_object_get(json, "plumbline"));
    const json_t *format = json_object_get(json, "format");
    if (what == NULL || strcmp(what, "session") != 0 || !json_is_integer(format)) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       &import->pos,
                       "the first line is not the header of an exported session");
    }
    if (json_integer_value(format) != FORMAT) {
        return pl_fail(err,
                       PL_UNSUPPORTED,
                       &import->pos,
                       "the file has format %lld; this program reads format %d",
                       (long long)json_integer_value(format),
                       FORMAT);
    }
    char memory[FRAME_SIZE];
    struct pl_buf buf;
    pl_buf_init(&buf, memory, sizeof memory);
    bool good = read_header(json, import);
    if (good) {
        pl_store_put_header(&buf, &import->session, import->head);
        good = !buf.overflow && pl_slice_equal(line, (pl_slice){buf.data, buf.size});
    }
    if (!good) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       &import->pos,
                       "the header is not as export writes it; the file has been changed");
    }
    return PL_OK;
}

static pl_status import_header(struct import *import, pl_error *err)
{
    pl_slice line = {NULL, 0};
    pl_status status = next_line(import, &line, err);
    if (status != PL_OK) {
        return status;
    }
    json_t *json;
    status = load_line(import, line, &json, err);
    if (status != PL_OK) {
        return status;
    }
    status = check_header(import, json, line, err);
    json_decref(json);
    return status;
}

/* Cut `line` into the frame of an entry and its body; false when it is not in the exact form. */
static bool read_entry(const json_t *json, pl_slice line, struct pl_store_entry *entry)
{
    const json_t *seq = json_object_get(json, "seq");
    const json_t *t_ns = json_object_get(json, "t_ns");
    const char *kind = json_string_value(json_object_get(json, "kind"));
    const char *hash = json_string_value(json_object_get(json, "hash"));
    size_t hash_size = 0;
    if (!json_is_integer(seq) || !json_is_integer(t_ns) || kind == NULL || hash == NULL ||
        json_object_size(json) != 5 || strlen(kind) >= PL_STORE_KIND_SIZE ||
        sodium_hex2bin(
            entry->hash, sizeof entry->hash, hash, strlen(hash), NULL, &hash_size, NULL) != 0 ||
        hash_size != PL_STORE_HASH_SIZE) {
        return false;
    }
    entry->seq = json_integer_value(seq);
    entry->t_ns = json_integer_value(t_ns);
    char memory[FRAME_SIZE];
    struct pl_buf frame;
    pl_buf_init(&frame, memory, sizeof memory);
    put_entry_start(&frame, entry->seq, entry->t_ns, pl_slice_of(kind));
    size_t start_size = frame.size;
    put_entry_end(&frame, entry->hash);
    if (frame.overflow || frame.size >= line.size || memcmp(line.data, memory, start_size) != 0) {
        return false;
    }
    size_t end_size = frame.size - start_size;
    if (memcmp(line.data + line.size - end_size, memory + start_size, end_size) != 0) {
        return false;
    }
    entry->body = (pl_slice){line.data + start_size, line.size - frame.size};
    return true;
}

static pl_status import_entry(struct import *import, pl_error *err)
{
    pl_slice line = {NULL, 0};
    pl_status status = next_line(import, &line, err);
    if (status != PL_OK) {
        return status;
    }
    json_t *json;
    status = load_line(import, line, &json, err);
    if (status != PL_OK) {
        return status;
    }
    struct pl_store_entry entry;
    memset(&entry, 0, sizeof entry);
    if (read_entry(json, line, &entry)) {
        entry.kind = pl_slice_of(json_string_value(json_object_get(json, "kind")));
        memcpy(entry.previous, import->chain.head, PL_STORE_HASH_SIZE);
        status = pl_chain_step(&import->chain, &entry, &import->pos, err);
        if (status == PL_OK) {
            const struct pl_backend *backend = &import->store->backend;
            status = backend->add_entry(backend->data, import->session.id, &entry, err);
        }
    } else {
        status = pl_fail(err,
                         PL_BAD_INPUT,
                         &import->pos,
                         "the entry is not as export writes it; the file has been changed");
    }
    json_decref(json);
    return status;
}

/* The header promises how many entries follow and what the last hash is. */
static pl_status import_entries(struct import *import, pl_error *err)
{
    while (import->chain.seq < import->session.entry_count) {
        if (import->rest.size == 0) {
            return pl_fail(err,
                           PL_CORRUPT,
                           &import->pos,
                           "the file ends after entry %lld of %lld; it has been cut off",
                           (long long)import->chain.seq,
                           (long long)import->session.entry_count);
        }
        pl_status status = import_entry(import, err);
        if (status != PL_OK) {
            return status;
        }
    }
    if (import->part) {
        return PL_OK;
    }
    char head[PL_CHAIN_TEXT_SIZE];
    pl_chain_format(import->chain.head, head);
    if (strcmp(head, import->head) != 0) {
        import->pos.line = 1;
        return pl_fail(err,
                       PL_CORRUPT,
                       &import->pos,
                       "the header does not match the entries: `head` is the hash of another log");
    }
    if (import->rest.size > 0) {
        import->pos.line++;
        return pl_fail(err,
                       PL_BAD_INPUT,
                       &import->pos,
                       "more follows after the last entry that the header announces");
    }
    return PL_OK;
}

static pl_status check_absent(struct import *import, pl_error *err)
{
    struct pl_store_session other;
    pl_error reason = {0};
    pl_status status = pl_store_find(import->store, import->session.id, &other, &reason);
    if (status == PL_OK) {
        return pl_fail(err,
                       PL_CONFLICT,
                       &import->pos,
                       "session %s is in the store already",
                       import->session.id);
    }
    return status == PL_NOT_FOUND ? PL_OK : pl_fail(err, status, NULL, "%s", reason.message);
}

static pl_status import_all(struct import *import, int64_t until, pl_error *err)
{
    pl_status status = import_header(import, err);
    if (status != PL_OK) {
        return status;
    }
    if (until < import->session.entry_count) {
        import->session.entry_count = until;
        import->part = true;
    }
    const struct pl_backend *backend = &import->store->backend;
    status = backend->begin(backend->data, err);
    if (status != PL_OK) {
        return status;
    }
    status = check_absent(import, err);
    if (status == PL_OK) {
        pl_chain_begin(&import->chain, &import->session);
        status = backend->add_session(backend->data, &import->session, err);
    }
    if (status == PL_OK) {
        status = import_entries(import, err);
    }
    if (status != PL_OK) {
        backend->rollback(backend->data);
        return status;
    }
    return backend->commit(backend->data, err);
}

static pl_status import_up_to(struct pl_store *store,
                              pl_slice text,
                              const char *path,
                              int64_t until,
                              struct pl_store_session *session,
                              pl_error *err)
{
    struct import import = {.store = store, .rest = text};
    (void)strncpy(import.pos.path, path, sizeof import.pos.path - 1);
    if (text.size > PL_STORE_NDJSON_MAX) {
        return pl_fail(err, PL_LIMIT, &import.pos, "the file is larger than 256 MiB");
    }
    pl_status status = import_all(&import, until, err);
    if (status != PL_OK) {
        import.session.entry_count = import.chain.seq;
    }
    *session = import.session;
    return status;
}

pl_status pl_store_import(struct pl_store *store,
                          pl_slice text,
                          const char *path,
                          struct pl_store_session *session,
                          pl_error *err)
{
    PL_CHECK(store != NULL && path != NULL && session != NULL);
    PL_CHECK(text.data != NULL || text.size == 0);
    return import_up_to(store, text, path, INT64_MAX, session, err);
}

pl_status pl_store_import_until(struct pl_store *store,
                                pl_slice text,
                                const char *path,
                                int64_t until,
                                struct pl_store_session *session,
                                pl_error *err)
{
    PL_CHECK(store != NULL && path != NULL && session != NULL);
    PL_CHECK(text.data != NULL || text.size == 0);
    PL_CHECK(until >= 1);
    return import_up_to(store, text, path, until, session, err);
}
