// SPDX-License-Identifier: Apache-2.0
#include "exam/episode.h"

#include "base/check.h"
#include "base/random.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/now.h"
#include "text/json_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pl_status list_error(struct pl_errors *errors, const pl_error *err)
{
    pl_errors_add(errors, err->status, &err->pos, "%s", err->message);
    return err->status;
}

uint64_t pl_episode_draw_seed(void)
{
    uint64_t wall = (uint64_t)pl_now_wall_ns();
    uint64_t steady = (uint64_t)pl_now_monotonic_ns();
    return pl_random_mix(wall ^ pl_random_mix(steady)) >> 32;
}

pl_status pl_episode_store(const char *data, struct pl_store **store, pl_error *err)
{
    PL_CHECK(store != NULL);
    char path[PL_FILE_PATH_MAX];
    struct pl_buf buf;
    pl_buf_init(&buf, path, sizeof path);
    if (data == NULL) {
        pl_status status = pl_directory_of_data(&buf, err);
        if (status != PL_OK) {
            return status;
        }
        data = path;
    }
    return pl_store_open(store, data, err);
}

/* Read the content and run the warm-up. */
static pl_status open_session(struct pl_episode *episode,
                              const struct pl_episode_def *def,
                              const char *scenario,
                              uint64_t seed,
                              uint32_t clock,
                              struct pl_errors *errors)
{
    char directory[PL_FILE_PATH_MAX];
    pl_error err = {0};
    if (pl_content_directory(def->content, directory, &err) != PL_OK) {
        return list_error(errors, &err);
    }
    pl_status status = pl_content_load(directory, scenario, &episode->content, errors);
    if (status != PL_OK) {
        return status;
    }
    struct pl_session_def session = {.world = episode->content.world,
                                     .scenario = episode->content.scenario,
                                     .seed = seed,
                                     .clock = clock,
                                     .cause = PL_NONE};
    size_t size = pl_session_size(&session);
    episode->memory = aligned_alloc(16, (size + 15) / 16 * 16);
    episode->answer_memory = malloc(PL_ANSWER_SIZE_MAX);
    episode->entry_memory = malloc(PL_ENTRY_SIZE_MAX);
    if (episode->memory == NULL || episode->answer_memory == NULL ||
        episode->entry_memory == NULL) {
        pl_errors_add(errors, PL_NO_MEMORY, NULL, "There is not enough memory for a session.");
        return PL_NO_MEMORY;
    }
    pl_buf_init(&episode->answer, episode->answer_memory, PL_ANSWER_SIZE_MAX);
    pl_buf_init(&episode->entry, episode->entry_memory, PL_ENTRY_SIZE_MAX);
    status = pl_session_open(&session, episode->memory, size, &episode->session, &err);
    return status == PL_OK ? PL_OK : list_error(errors, &err);
}

void pl_episode_put_engine(char *text, size_t size)
{
    PL_CHECK(text != NULL && size > 0);
    snprintf(text, size, "plumb %s rules %u", PL_VERSION, PL_SESSION_RULES);
}

static void fill_header(struct pl_episode *episode, const struct pl_episode_def *def)
{
    struct pl_store_session *header = &episode->header;
    struct pl_buf created;
    memset(header, 0, sizeof *header);
    snprintf(header->scenario, sizeof header->scenario, "%s", episode->content.scenario->name);
    snprintf(header->pack_hash, sizeof header->pack_hash, "%s", episode->content.hash);
    pl_episode_put_engine(header->engine, sizeof header->engine);
    snprintf(
        header->clock, sizeof header->clock, "%s", def->clock == PL_CLOCK_LIVE ? "live" : "turn");
    pl_buf_init(&created, header->created_at, sizeof header->created_at);
    pl_now_put_utc(&created, pl_now_wall_ns());
    header->seed = (int64_t)def->seed;
}

pl_status pl_episode_start(struct pl_episode *episode,
                           const struct pl_episode_def *def,
                           struct pl_errors *errors)
{
    PL_CHECK(episode != NULL && def != NULL && errors != NULL);
    PL_CHECK(def->seed <= INT64_MAX);
    pl_error err = {0};
    pl_status status = PL_OK;
    /* The store first: a directory that cannot be written is told before the wait for a warm-up. */
    if (def->keep) {
        status = pl_episode_store(def->data, &episode->store, &err);
        if (status != PL_OK) {
            return list_error(errors, &err);
        }
    }
    status = open_session(episode, def, def->scenario, def->seed, def->clock, errors);
    if (status != PL_OK) {
        return status;
    }
    fill_header(episode, def);
    if (def->keep) {
        status = pl_store_log_create(episode->store, &episode->header, &episode->log, &err);
    }
    return status == PL_OK ? PL_OK : list_error(errors, &err);
}

pl_status pl_episode_apply(struct pl_episode *episode,
                           int64_t now_ns,
                           pl_slice command,
                           struct pl_outcome *outcome,
                           pl_error *err)
{
    PL_CHECK(episode != NULL && episode->session != NULL);
    PL_CHECK(outcome != NULL);
    pl_buf_clear(&episode->answer);
    pl_buf_clear(&episode->entry);
    *outcome =
        pl_session_apply(episode->session, now_ns, command, &episode->answer, &episode->entry);
    if (!outcome->kept || episode->log == NULL) {
        return PL_OK;
    }
    pl_slice body = {episode->entry.data, episode->entry.size};
    return pl_store_log_append(episode->log, outcome->after_ns, outcome->kind, body, err);
}

/* Apply one logged entry and compare the hash of its answer. */
static pl_status apply_entry(void *context, const struct pl_store_entry *entry, pl_error *err)
{
    struct pl_episode *episode = context;
    if (pl_slice_equal(entry->kind, pl_slice_of("fork"))) {
        return PL_OK; /* what happened in copies is no part of the main line */
    }
    struct pl_outcome outcome;
    char hash[PL_HASH_TEXT_SIZE];
    json_t *body = NULL;
    pl_status status = pl_json_in_load(entry->body, PL_JSON_IN_TEXT_MAX, NULL, &body, err);
    if (status != PL_OK) {
        return status;
    }
    json_int_t before_ns = json_integer_value(json_object_get(body, "before_ns"));
    const char *wanted = json_string_value(json_object_get(body, "answer"));
    char *command = json_dumps(json_object_get(body, "command"), JSON_COMPACT);
    if (command == NULL || wanted == NULL || before_ns < pl_session_now(episode->session)) {
        free(command);
        json_decref(body);
        return pl_fail(
            err, PL_CORRUPT, NULL, "Entry %lld is no entry of a session.", (long long)entry->seq);
    }
    pl_buf_clear(&episode->answer);
    pl_buf_clear(&episode->entry);
    outcome = pl_session_apply(
        episode->session, before_ns, pl_slice_of(command), &episode->answer, &episode->entry);
    pl_hash_format(outcome.answer_hash, hash);
    bool same = strcmp(hash, wanted) == 0 && outcome.after_ns == entry->t_ns;
    free(command);
    json_decref(body);
    if (!same) {
        return pl_fail(err,
                       PL_CORRUPT,
                       NULL,
                       "Entry %lld gives another answer than when it was played.",
                       (long long)entry->seq);
    }
    episode->applied++;
    return PL_OK;
}

static pl_status newest_open(void *context, const struct pl_store_session *session, pl_error *err)
{
    (void)err;
    struct pl_store_session *found = context;
    if (found->id[0] == '\0' && session->state == PL_STORE_SESSION_OPEN) {
        *found = *session;
    }
    return PL_OK;
}

/* Find the session's header and open the same form. */
static pl_status reopen(struct pl_episode *episode,
                        const struct pl_episode_def *def,
                        const char *id,
                        struct pl_errors *errors)
{
    pl_error err = {0};
    pl_status status = pl_episode_store(def->data, &episode->store, &err);
    if (status == PL_OK && id != NULL) {
        status = pl_store_find(episode->store, id, &episode->header, &err);
    } else if (status == PL_OK) {
        status = pl_store_list(episode->store, newest_open, &episode->header, &err);
        if (status == PL_OK && episode->header.id[0] == '\0') {
            status = pl_fail(&err, PL_NOT_FOUND, NULL, "There is no open session to resume.");
        }
    }
    if (status != PL_OK) {
        return list_error(errors, &err);
    }
    const struct pl_store_session *header = &episode->header;
    uint32_t clock = strcmp(header->clock, "live") == 0 ? PL_CLOCK_LIVE : PL_CLOCK_TURN;
    status = open_session(episode, def, header->scenario, (uint64_t)header->seed, clock, errors);
    if (status != PL_OK) {
        return status;
    }
    if (strcmp(header->pack_hash, episode->content.hash) != 0) {
        pl_errors_add(errors,
                      PL_CONFLICT,
                      NULL,
                      "Session %s was played with other content: the files of `%s` or of its world "
                      "have changed since.",
                      header->id,
                      header->scenario);
        return PL_CONFLICT;
    }
    return PL_OK;
}

/* The first thing to know about a difference is whether two versions made it. */
static pl_status
list_difference(const struct pl_episode *episode, struct pl_errors *errors, const pl_error *err)
{
    char engine[PL_STORE_TEXT_SIZE];
    (void)list_error(errors, err);
    pl_episode_put_engine(engine, sizeof engine);
    if (err->status == PL_CORRUPT && strcmp(engine, episode->header.engine) != 0) {
        pl_errors_add(errors,
                      PL_CORRUPT,
                      NULL,
                      "The session was played with %s, this is %s.",
                      episode->header.engine,
                      engine);
    }
    return err->status;
}

pl_status pl_episode_resume(struct pl_episode *episode,
                            const struct pl_episode_def *def,
                            const char *id,
                            struct pl_errors *errors)
{
    PL_CHECK(episode != NULL && def != NULL && errors != NULL);
    pl_error err = {0};
    pl_status status = reopen(episode, def, id, errors);
    if (status != PL_OK) {
        return status;
    }
    status = pl_store_log_resume(
        episode->store, episode->header.id, apply_entry, episode, &episode->log, &err);
    return status == PL_OK ? PL_OK : list_difference(episode, errors, &err);
}

pl_status pl_episode_replay(struct pl_episode *episode,
                            const struct pl_episode_def *def,
                            const char *id,
                            struct pl_errors *errors)
{
    PL_CHECK(episode != NULL && def != NULL && errors != NULL);
    PL_CHECK(id != NULL);
    pl_error err = {0};
    pl_status status = reopen(episode, def, id, errors);
    if (status != PL_OK) {
        return status;
    }
    status = pl_store_read(episode->store, episode->header.id, apply_entry, episode, &err);
    return status == PL_OK ? PL_OK : list_difference(episode, errors, &err);
}

void pl_episode_finish(struct pl_episode *episode)
{
    PL_CHECK(episode != NULL);
    pl_error err = {0};
    if (episode->log != NULL && pl_session_done(episode->session)) {
        /* All entries are on disk already; a mark that fails is set when it is resumed. */
        (void)!pl_store_log_finish(episode->log, &err);
    }
}

void pl_episode_end(struct pl_episode *episode)
{
    PL_CHECK(episode != NULL);
    pl_store_log_close(episode->log);
    pl_store_close(episode->store);
    pl_content_free(&episode->content);
    free(episode->memory);
    free(episode->answer_memory);
    free(episode->entry_memory);
    memset(episode, 0, sizeof *episode);
}
