// SPDX-License-Identifier: Apache-2.0
//
// `plumb sessions`, `replay`, `export` and `import`: what can be done with kept sessions.
#include "base/check.h"
#include "cli/commands.h"
#include "exam/episode.h"
#include "os/file.h"
#include "store/ndjson.h"
#include "text/json_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct list {
    bool json;
    uint64_t count;
};

static void put_session(struct pl_json_out *json, const struct pl_store_session *session)
{
    bool open = session->state == PL_STORE_SESSION_OPEN;
    pl_json_out_object_begin(json);
    pl_json_out_member_string(json, "session", session->id);
    pl_json_out_member_string(json, "scenario", session->scenario);
    pl_json_out_member_integer(json, "seed", session->seed);
    pl_json_out_member_string(json, "clock", session->clock);
    pl_json_out_member_string(json, "created_at", session->created_at);
    pl_json_out_member_string(json, "state", open ? "open" : "closed");
    pl_json_out_member_integer(json, "entries", session->entry_count);
    pl_json_out_member_string(json, "engine", session->engine);
    pl_json_out_member_string(json, "pack_hash", session->pack_hash);
    pl_json_out_object_end(json);
}

static pl_status print_session(void *context, const struct pl_store_session *session, pl_error *err)
{
    (void)err;
    struct list *list = context;
    list->count++;
    if (list->json) {
        char memory[2048];
        struct pl_buf out;
        struct pl_json_out json;
        pl_buf_init(&out, memory, sizeof memory);
        pl_json_out_begin(&json, &out);
        put_session(&json, session);
        pl_json_out_end(&json);
        printf("%s%s", list->count > 1 ? "," : "", memory);
        return PL_OK;
    }
    if (list->count == 1) {
        printf(
            "%-16s  %-20s  %-6s  %7s  %s\n", "session", "started", "state", "entries", "scenario");
    }
    printf("%-16s  %-20s  %-6s  %7lld  %s\n",
           session->id,
           session->created_at,
           session->state == PL_STORE_SESSION_OPEN ? "open" : "closed",
           (long long)session->entry_count,
           session->scenario);
    return PL_OK;
}

int pl_cmd_sessions(int argc, char **argv)
{
    struct pl_args args;
    struct pl_store *store = NULL;
    pl_error err = {0};
    if (pl_command_parse(&args, argc, argv) != PL_OK) {
        return PL_EXIT_BAD_INPUT;
    }
    struct list list = {.json = pl_args_has(&args, "--json")};
    pl_status status = pl_episode_store(pl_args_value(&args, "--data"), &store, &err);
    if (status != PL_OK) {
        return pl_command_error(&err);
    }
    fputs(list.json ? "[" : "", stdout);
    status = pl_store_list(store, print_session, &list, &err);
    fputs(list.json ? "]\n" : "", stdout);
    if (!list.json && list.count == 0 && status == PL_OK) {
        puts("There are no sessions yet; `plumb play` starts one.");
    }
    pl_store_close(store);
    return status == PL_OK ? PL_EXIT_OK : pl_command_error(&err);
}

static void print_replay(const struct pl_episode *episode, bool json, const char *problem)
{
    if (!json) {
        if (problem == NULL) {
            printf("Session %s: %lld entries replayed, all answers identical.\n",
                   episode->header.id,
                   (long long)episode->applied);
        }
        return;
    }
    char memory[1024];
    struct pl_buf buf;
    struct pl_json_out out;
    pl_buf_init(&buf, memory, sizeof memory);
    pl_json_out_begin(&out, &buf);
    pl_json_out_object_begin(&out);
    pl_json_out_member_string(&out, "session", episode->header.id);
    pl_json_out_member_bool(&out, "identical", problem == NULL);
    pl_json_out_member_integer(&out, "entries", episode->applied);
    if (problem != NULL) {
        pl_json_out_member_string(&out, "problem", problem);
    }
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
    puts(memory);
}

int pl_cmd_replay(int argc, char **argv)
{
    static struct pl_errors errors;
    struct pl_args args;
    struct pl_episode episode = {0};
    struct pl_episode_def def = {0};
    if (pl_command_parse(&args, argc, argv) != PL_OK) {
        return PL_EXIT_BAD_INPUT;
    }
    if (args.operand_count == 0) {
        fputs("plumb: `plumb replay` needs a session; `plumb sessions` lists them.\n", stderr);
        return PL_EXIT_BAD_INPUT;
    }
    def.content = pl_args_value(&args, "--content");
    def.data = pl_args_value(&args, "--data");
    bool json = pl_args_has(&args, "--json");
    pl_status status = pl_episode_replay(&episode, &def, args.operands[0], &errors);
    int code = PL_EXIT_OK;
    if (status == PL_OK) {
        print_replay(&episode, json, NULL);
    } else {
        code = pl_content_report(&errors);
        /* Not the same bytes is the answer to the question, not a fault of the environment. */
        code = status == PL_CORRUPT || status == PL_CONFLICT ? PL_EXIT_FAILED : code;
        print_replay(&episode, json, errors.items[0].message);
    }
    pl_episode_end(&episode);
    return code;
}

static pl_status write_line(void *context, pl_slice bytes, pl_error *err)
{
    FILE *file = context;
    if (fwrite(bytes.data, 1, bytes.size, file) != bytes.size) {
        return pl_fail(err, PL_IO, NULL, "The export could not be written.");
    }
    return PL_OK;
}

/* Export to memory first, so that a file is whole or not there. */
struct collected {
    char *data;
    size_t size;
    size_t room;
};

static pl_status collect(void *context, pl_slice bytes, pl_error *err)
{
    struct collected *all = context;
    if (all->size + bytes.size > all->room) {
        size_t room = (all->room + bytes.size) * 2;
        char *data = realloc(all->data, room);
        if (data == NULL) {
            return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the export.");
        }
        all->data = data;
        all->room = room;
    }
    memcpy(all->data + all->size, bytes.data, bytes.size);
    all->size += bytes.size;
    return PL_OK;
}

static pl_status
export_session(struct pl_store *store, const char *id, const char *path, pl_error *err)
{
    struct pl_store_session session;
    pl_status status = pl_store_find(store, id, &session, err);
    if (status != PL_OK) {
        return status;
    }
    if (path == NULL) {
        return pl_store_export(store, session.id, write_line, stdout, err);
    }
    struct collected all = {0};
    status = pl_store_export(store, session.id, collect, &all, err);
    if (status == PL_OK) {
        pl_slice text = {all.data, all.size};
        status = pl_file_save(path, text, err);
    }
    free(all.data);
    return status;
}

int pl_cmd_export(int argc, char **argv)
{
    struct pl_args args;
    struct pl_store *store = NULL;
    pl_error err = {0};
    if (pl_command_parse(&args, argc, argv) != PL_OK) {
        return PL_EXIT_BAD_INPUT;
    }
    if (args.operand_count == 0) {
        fputs("plumb: `plumb export` needs a session; `plumb sessions` lists them.\n", stderr);
        return PL_EXIT_BAD_INPUT;
    }
    pl_status status = pl_episode_store(pl_args_value(&args, "--data"), &store, &err);
    if (status == PL_OK) {
        const char *path = args.operand_count > 1 ? args.operands[1] : NULL;
        status = export_session(store, args.operands[0], path, &err);
    }
    pl_store_close(store);
    return status == PL_OK ? PL_EXIT_OK : pl_command_error(&err);
}

int pl_cmd_import(int argc, char **argv)
{
    struct pl_args args;
    struct pl_store *store = NULL;
    struct pl_store_session session;
    pl_slice text = {NULL, 0};
    pl_error err = {0};
    if (pl_command_parse(&args, argc, argv) != PL_OK) {
        return PL_EXIT_BAD_INPUT;
    }
    if (args.operand_count == 0) {
        fputs("plumb: `plumb import` needs a file as `plumb export` writes it.\n", stderr);
        return PL_EXIT_BAD_INPUT;
    }
    pl_status status = pl_file_load(args.operands[0], PL_STORE_NDJSON_MAX, &text, &err);
    if (status == PL_OK) {
        status = pl_episode_store(pl_args_value(&args, "--data"), &store, &err);
    }
    if (status == PL_OK) {
        status = pl_store_import(store, text, args.operands[0], &session, &err);
    }
    if (status == PL_OK) {
        printf("Session %s is imported: %lld entries of %s.\n",
               session.id,
               (long long)session.entry_count,
               session.scenario);
    }
    union {
        const char *view;
        char *memory;
    } bytes = {.view = text.data};
    free(bytes.memory);
    pl_store_close(store);
    return status == PL_OK ? PL_EXIT_OK : pl_command_error(&err);
}
