// SPDX-License-Identifier: Apache-2.0
#include "exam/forks.h"

#include "base/check.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <stdlib.h>
#include <string.h>

static void clear_line(struct pl_fork_line *line)
{
    for (uint32_t i = 0; i < line->count; i++) {
        free(line->commands[i].text);
    }
    line->count = 0;
}

static bool remember(struct pl_fork_line *line, pl_slice command, int64_t before_ns)
{
    if (line->count == PL_FORK_COMMANDS_MAX) {
        return false;
    }
    char *text = malloc(command.size + 1);
    if (text == NULL) {
        return false;
    }
    memcpy(text, command.data, command.size);
    text[command.size] = '\0';
    line->commands[line->count].text = text;
    line->commands[line->count].before_ns = before_ns;
    line->count++;
    return true;
}

static void drop(struct pl_forks *forks, uint32_t index)
{
    if (forks->lines[index] != NULL) {
        clear_line(forks->lines[index]);
    }
    free(forks->lines[index]);
    free(forks->memories[index]);
    forks->lines[index] = NULL;
    forks->memories[index] = NULL;
    forks->sessions[index] = NULL;
}

void pl_forks_end(struct pl_forks *forks)
{
    PL_CHECK(forks != NULL);
    clear_line(&forks->main);
    for (uint32_t i = 0; i < PL_FORKS_MAX; i++) {
        drop(forks, i);
    }
}

/* The answer of a fork command, in the shape of every answer. */
static void put_answer(const struct pl_session *session,
                       struct pl_buf *answer,
                       const char *kind,
                       int64_t id,
                       const pl_error *err)
{
    struct pl_json_out json;
    char clock[16];
    int64_t now_ns = pl_session_now(session);
    pl_session_clock(session, now_ns, clock, sizeof clock);
    pl_buf_clear(answer);
    pl_json_out_begin(&json, answer);
    pl_json_out_object_begin(&json);
    pl_json_out_member_number(&json, "t_s", (double)(now_ns - pl_session_opens(session)) / 1e9);
    pl_json_out_member_string(&json, "clock", clock);
    pl_json_out_member_number(&json, "cost_s", 0.0);
    pl_json_out_member_bool(&json, "done", pl_session_done(session));
    pl_json_out_member_string(&json, "kind", err != NULL ? "error" : kind);
    pl_json_out_key(&json, err != NULL ? "error" : "observation");
    pl_json_out_object_begin(&json);
    if (err != NULL) {
        pl_json_out_member_string(&json, "code", pl_status_name(err->status));
        pl_json_out_member_string(&json, "message", err->message);
    } else {
        pl_json_out_member_string(&json, "type", kind);
        pl_json_out_member_integer(&json, "fork", id);
    }
    pl_json_out_object_end(&json);
    pl_json_out_key(&json, "events");
    pl_json_out_array_begin(&json);
    pl_json_out_array_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

/* Keep a command of a copy in the evidence log, beside the main line. */
static pl_status keep(struct pl_episode *episode, pl_slice command, pl_slice answer, pl_error *err)
{
    if (episode->log == NULL) {
        return PL_OK;
    }
    char hash[PL_HASH_TEXT_SIZE];
    struct pl_json_out json;
    int64_t now_ns = pl_session_now(episode->session);
    pl_hash_format(pl_hash_bytes(answer.data, answer.size, 0), hash);
    pl_buf_clear(&episode->entry);
    pl_json_out_begin(&json, &episode->entry);
    pl_json_out_object_begin(&json);
    pl_json_out_member_slice(&json, "command", command);
    pl_json_out_member_string(&json, "answer", hash);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    pl_slice body = {episode->entry.data, episode->entry.size};
    return pl_store_log_append(episode->log, now_ns, "fork", body, err);
}

/* Open a session and take it where `line` went. */
static pl_status copy_line(struct pl_episode *episode,
                           const struct pl_fork_line *line,
                           struct pl_forks *forks,
                           uint32_t index,
                           pl_error *err)
{
    struct pl_session_def def = {.world = episode->content.world,
                                 .scenario = episode->content.scenario,
                                 .seed = (uint64_t)episode->header.seed,
                                 .clock = PL_CLOCK_TURN,
                                 .cause = PL_NONE};
    size_t size = pl_session_size(&def);
    forks->memories[index] = aligned_alloc(16, (size + 15) / 16 * 16);
    forks->lines[index] = calloc(1, sizeof *forks->lines[index]);
    if (forks->memories[index] == NULL || forks->lines[index] == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a fork.");
    }
    pl_status status =
        pl_session_open(&def, forks->memories[index], size, &forks->sessions[index], err);
    for (uint32_t i = 0; i < line->count && status == PL_OK; i++) {
        const struct pl_fork_command *command = &line->commands[i];
        pl_slice text = pl_slice_of(command->text);
        pl_buf_clear(&episode->answer);
        pl_buf_clear(&episode->entry);
        (void)pl_session_apply(
            forks->sessions[index], command->before_ns, text, &episode->answer, &episode->entry);
        if (!remember(forks->lines[index], text, command->before_ns)) {
            status = pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a fork.");
        }
    }
    return status;
}

static pl_status make_fork(struct pl_forks *forks,
                           struct pl_episode *episode,
                           const struct pl_fork_line *line,
                           uint32_t *made,
                           pl_error *err)
{
    for (uint32_t i = 0; i < PL_FORKS_MAX; i++) {
        if (forks->sessions[i] == NULL) {
            pl_status status = copy_line(episode, line, forks, i, err);
            if (status != PL_OK) {
                drop(forks, i);
            }
            *made = i;
            return status;
        }
    }
    return pl_fail(
        err, PL_LIMIT, NULL, "There are %d forks already; drop one first.", PL_FORKS_MAX);
}

/* What a command says about forks. */
struct wanted {
    bool makes;
    bool drops;
    bool on_copy;
    int64_t id;
};

static struct wanted read_wanted(pl_slice command)
{
    struct wanted wanted = {0};
    pl_error err = {0};
    json_t *json = NULL;
    if (pl_json_in_load(command, PL_COMMAND_SIZE_MAX, NULL, &json, &err) != PL_OK) {
        return wanted; /* the session says what is wrong with it */
    }
    const char *verb = json_string_value(json_object_get(json, "do"));
    const json_t *id = json_object_get(json, "fork");
    wanted.makes = verb != NULL && strcmp(verb, "fork") == 0;
    wanted.drops = verb != NULL && strcmp(verb, "drop") == 0;
    wanted.on_copy = id != NULL;
    wanted.id = json_is_integer(id) ? json_integer_value(id) : -1;
    json_decref(json);
    return wanted;
}

/* Obey a command that concerns copies. */
static void obey(struct pl_forks *forks,
                 struct pl_episode *episode,
                 const struct wanted *wanted,
                 pl_slice command)
{
    pl_error err = {0};
    uint32_t index = (uint32_t)(wanted->id - 1);
    bool known = wanted->id >= 1 && wanted->id <= PL_FORKS_MAX && forks->sessions[index] != NULL;
    if ((wanted->on_copy || wanted->drops) && !known) {
        (void)!pl_fail(&err, PL_NOT_FOUND, NULL, "There is no fork with this number.");
        put_answer(episode->session, &episode->answer, "error", 0, &err);
    } else if (wanted->makes) {
        uint32_t made = 0;
        const struct pl_fork_line *line = known ? forks->lines[index] : &forks->main;
        pl_status status = make_fork(forks, episode, line, &made, &err);
        put_answer(
            episode->session, &episode->answer, "fork", made + 1, status == PL_OK ? NULL : &err);
    } else if (wanted->drops) {
        drop(forks, index);
        put_answer(episode->session, &episode->answer, "drop", wanted->id, NULL);
    } else {
        pl_buf_clear(&episode->answer);
        pl_buf_clear(&episode->entry);
        struct pl_outcome outcome =
            pl_session_apply(forks->sessions[index], 0, command, &episode->answer, &episode->entry);
        if (outcome.kept) {
            (void)remember(forks->lines[index], command, outcome.before_ns);
        }
    }
}

pl_status pl_forks_apply(struct pl_forks *forks,
                         struct pl_episode *episode,
                         pl_slice command,
                         struct pl_buf **answer,
                         pl_error *err)
{
    PL_CHECK(forks != NULL && episode != NULL);
    PL_CHECK(answer != NULL);
    struct wanted wanted = read_wanted(command);
    *answer = &episode->answer;
    if (wanted.makes || wanted.drops || wanted.on_copy) {
        obey(forks, episode, &wanted, command);
        pl_slice text = {episode->answer.data, episode->answer.size};
        return keep(episode, command, text, err);
    }
    struct pl_outcome outcome;
    pl_status status = pl_episode_apply(episode, 0, command, &outcome, err);
    if (status == PL_OK && outcome.kept) {
        /* Past the limit copies are no longer exact: the line is closed to copying. */
        (void)remember(&forks->main, command, outcome.before_ns);
    }
    return status;
}
