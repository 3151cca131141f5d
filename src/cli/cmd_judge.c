// SPDX-License-Identifier: Apache-2.0
//
// `plumb judge`: the analysis of kept or exported sessions. What sessions of one scenario share is
// kept from one to the next.
#include "base/check.h"
#include "cli/commands.h"
#include "cli/prompt.h"
#include "cli/view_analysis.h"
#include "exam/analysis.h"
#include "exam/kept.h"
#include "exam/logbook.h"
#include "exam/worlds.h"
#include "judge/judge.h"
#include "os/file.h"
#include "os/terminal.h"
#include "text/json_out.h"

#include <cli/build_commit.h> /* generated from build_commit.h.in */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPORT_SIZE = PL_JSON_IN_TEXT_MAX, DRAWING_SIZE = 1 << 20, PROGRESS_MS = 500 };

/* What one call works with. */
struct hearing {
    const struct pl_args *args;
    uint64_t particles;
    uint64_t until;
    uint64_t replicate;
    struct pl_logbook logbook;
    struct pl_content content; /* of the last session; scenario NULL: none */
    struct pl_worlds *worlds;  /* of the same, when there are several sessions */
    struct pl_analysis *analysis;
    char directory[PL_FILE_PATH_MAX];
};

/* One line that is written over, on a terminal only: a log has no use for it. */
static void tell_progress(const struct pl_analysis_progress *progress, uint32_t worlds)
{
    if (!pl_terminal_is(2)) {
        return;
    }
    if (progress->taken == 0) {
        fprintf(stderr, "\r\033[K  setting up %u worlds that send the same page ...", worlds);
    } else if (progress->taken < progress->put) {
        fprintf(stderr,
                "\r\033[K  entry %u of %u (%u %%) ...",
                progress->taken,
                progress->put,
                progress->per_mille / 10);
    } else {
        fprintf(stderr, "\r\033[K  comparing the moves ...");
    }
    fflush(stderr);
}

static void end_progress(void)
{
    if (pl_terminal_is(2)) {
        fputs("\r\033[K", stderr);
    }
}

static void forget_content(struct hearing *hearing)
{
    pl_worlds_close(hearing->worlds);
    pl_content_free(&hearing->content);
    hearing->worlds = NULL;
    memset(&hearing->content, 0, sizeof hearing->content);
}

/* Content by name; what the last session had is taken when it is the same. */
static pl_status load_content(struct hearing *hearing, pl_error *err)
{
    static struct pl_errors errors;
    const struct pl_store_session *header = &hearing->logbook.header;
    if (hearing->content.scenario != NULL &&
        strcmp(hearing->content.scenario->name, header->scenario) == 0) {
        return PL_OK;
    }
    forget_content(hearing);
    memset(&errors, 0, sizeof errors);
    pl_status status =
        pl_content_directory(pl_args_value(hearing->args, "--content"), hearing->directory, err);
    if (status == PL_OK &&
        pl_content_load(hearing->directory, header->scenario, &hearing->content, &errors) !=
            PL_OK) {
        status = errors.items[0].status;
        *err = errors.items[0];
        memset(&hearing->content, 0, sizeof hearing->content);
    }
    return status;
}

/* Content of the session, the same as when it was played. */
static pl_status find_content(struct hearing *hearing, pl_error *err)
{
    const struct pl_store_session *header = &hearing->logbook.header;
    pl_status status = load_content(hearing, err);
    if (status == PL_OK && strcmp(header->pack_hash, hearing->content.hash) != 0) {
        return pl_fail(
            err,
            PL_CONFLICT,
            NULL,
            "Session %s was played with other content: the files of `%s` or of its world "
            "have changed since. Its log can be read (`plumb export`), but what its looks "
            "and acts were worth can only be computed with the content that it was played "
            "with; name it with --content.",
            header->id,
            header->scenario);
    }
    return status;
}

/* Several sessions begin in the same worlds. */
static pl_status find_worlds(struct hearing *hearing, pl_error *err)
{
    struct pl_worlds_def def = {.content = &hearing->content,
                                .directory = hearing->directory,
                                .particles = (uint32_t)hearing->particles,
                                .replicate = (uint32_t)hearing->replicate};
    if (hearing->args->operand_count == 1 || hearing->worlds != NULL) {
        return PL_OK;
    }
    struct pl_analysis_progress progress = {0};
    tell_progress(&progress, def.particles * hearing->content.scenario->cause_count);
    pl_status status = pl_worlds_open(&hearing->worlds, &def, err);
    end_progress();
    return status;
}

/* Begin, hand over everything, wait. */
static const struct pl_report *analyse(struct hearing *hearing, pl_error *err)
{
    const struct pl_store_session *header = &hearing->logbook.header;
    struct pl_analysis_def def = {.content = &hearing->content,
                                  .directory = hearing->directory,
                                  .seed = (uint64_t)header->seed,
                                  .clock = strcmp(header->clock, "live") == 0 ? PL_CLOCK_LIVE
                                                                              : PL_CLOCK_TURN,
                                  .particles = (uint32_t)hearing->particles,
                                  .replicate = (uint32_t)hearing->replicate,
                                  .worlds = hearing->worlds};
    if (pl_analysis_begin(&hearing->analysis, &def, err) != PL_OK) {
        return NULL;
    }
    for (uint32_t i = 0; i < hearing->logbook.count; i++) {
        const struct pl_logbook_entry *entry = &hearing->logbook.entries[i];
        if (!pl_analysis_put(hearing->analysis,
                             entry->seq,
                             entry->before_ns,
                             pl_slice_of(entry->command),
                             entry->answer)) {
            (void)pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
            return NULL;
        }
    }
    struct pl_analysis_progress progress;
    uint32_t worlds = (uint32_t)hearing->particles * hearing->content.scenario->cause_count;
    while (!pl_analysis_wait(hearing->analysis, PROGRESS_MS, &progress)) {
        tell_progress(&progress, worlds);
    }
    tell_progress(&progress, worlds);
    const struct pl_report *report = pl_analysis_report(hearing->analysis, err);
    end_progress();
    return report;
}

/* Print an analysis that stands as JSON. */
static pl_status print_text(const struct hearing *hearing, pl_slice text, bool json, pl_error *err)
{
    json_t *tree = NULL;
    struct pl_buf picture;
    if (json) {
        printf("%.*s\n", (int)text.size, text.data);
        return PL_OK;
    }
    pl_status status = pl_json_in_load(text, REPORT_SIZE, NULL, &tree, err);
    char *drawing = malloc(DRAWING_SIZE);
    struct pl_view *view = calloc(1, sizeof *view);
    if (drawing == NULL || view == NULL) {
        status = pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
    } else if (status == PL_OK) {
        pl_buf_init(&picture, drawing, DRAWING_SIZE);
        if (hearing->args->operand_count > 1) {
            pl_buf_printf(&picture, "Session %s\n", hearing->logbook.header.id);
        }
        pl_prompt_detect(&view->term, false);
        view->opening_s = hearing->content.scenario->opens_clock_s;
        pl_view_analysis(view, tree, &picture);
        fwrite(picture.data, 1, picture.size, stdout);
    }
    json_decref(tree);
    free(drawing);
    free(view);
    return status;
}

/* Where the analysis of a session of the store is kept; false: nowhere. */
static bool kept_path(const struct hearing *hearing, const char *session, char *path)
{
    const struct pl_kept_key key = {.logbook = &hearing->logbook,
                                    .data = pl_args_value(hearing->args, "--data"),
                                    .content = hearing->directory,
                                    .build = PL_BUILD_COMMIT,
                                    .particles = (uint32_t)hearing->particles,
                                    .replicate = (uint32_t)hearing->replicate};
    return !pl_file_exists(session) && pl_kept_path(&key, path);
}

/* Print the kept analysis; false when there is none. */
static bool
print_kept(const struct hearing *hearing, const char *path, pl_status *status, pl_error *err)
{
    union {
        pl_slice text;
        struct {
            char *memory;
            size_t size;
        } owned;
    } kept = {.text = {NULL, 0}};
    if (pl_args_has(hearing->args, "--fresh") || !pl_kept_load(path, &kept.text)) {
        return false;
    }
    *status = print_text(hearing, kept.text, pl_args_has(hearing->args, "--json"), err);
    free(kept.owned.memory);
    return true;
}

/* Print a new analysis and keep it; one that can't be kept is printed all the same. */
static pl_status print_report(const struct hearing *hearing,
                              const struct pl_report *report,
                              const char *path,
                              pl_error *err)
{
    struct pl_buf out;
    pl_error lost = {0};
    char *text = malloc(REPORT_SIZE);
    if (text == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
    }
    pl_buf_init(&out, text, REPORT_SIZE);
    pl_report_json(report, &out);
    PL_CHECK(!out.overflow);
    pl_slice slice = {text, out.size};
    if (path != NULL && pl_kept_save(path, slice, &lost) != PL_OK) {
        (void)pl_command_error(&lost);
    }
    pl_status status = print_text(hearing, slice, pl_args_has(hearing->args, "--json"), err);
    free(text);
    return status;
}

/* Exit code for a session that can't be judged. */
static int refusal(const pl_error *err)
{
    bool unwell = err->status == PL_CORRUPT || err->status == PL_CONFLICT;
    return unwell ? PL_EXIT_FAILED : pl_status_exit_code(err->status);
}

/* Among several sessions one that can't be judged has its line too. */
static void print_refusal(const struct hearing *hearing, const char *session, const pl_error *err)
{
    char memory[PL_ERROR_MESSAGE_MAX * 2 + PL_FILE_PATH_MAX * 2];
    struct pl_buf text;
    struct pl_json_out json;
    if (hearing->args->operand_count == 1 || !pl_args_has(hearing->args, "--json")) {
        return;
    }
    pl_buf_init(&text, memory, sizeof memory);
    pl_json_out_begin(&json, &text);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "session", session);
    pl_json_out_member_string(&json, "error", err->message);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    puts(memory);
}

/* Judge one session, or print what is kept of it. */
static pl_status hear(struct hearing *hearing, const char *session, pl_error *err)
{
    char path[PL_FILE_PATH_MAX];
    pl_status status = pl_logbook_load(&hearing->logbook,
                                       pl_args_value(hearing->args, "--data"),
                                       session,
                                       (int64_t)hearing->until,
                                       err);
    status = status == PL_OK ? find_content(hearing, err) : status;
    if (status != PL_OK) {
        return status;
    }
    bool keeps = kept_path(hearing, session, path);
    if (keeps && print_kept(hearing, path, &status, err)) {
        return status;
    }
    status = find_worlds(hearing, err);
    if (status != PL_OK) {
        return status;
    }
    const struct pl_report *report = analyse(hearing, err);
    return report != NULL ? print_report(hearing, report, keeps ? path : NULL, err) : err->status;
}

static int judge(struct hearing *hearing, const char *session)
{
    pl_error err = {0};
    pl_status status = hear(hearing, session, &err);
    pl_analysis_end(hearing->analysis);
    pl_logbook_free(&hearing->logbook);
    hearing->analysis = NULL;
    memset(&hearing->logbook, 0, sizeof hearing->logbook);
    fflush(stdout);
    if (status != PL_OK) {
        (void)pl_command_error(&err);
        print_refusal(hearing, session, &err);
        return refusal(&err);
    }
    return PL_EXIT_OK;
}

static int judge_all(struct hearing *hearing)
{
    pl_error err = {0};
    const struct pl_args *args = hearing->args;
    hearing->particles = PL_JUDGE_PARTICLES_DEFAULT;
    pl_status status = pl_args_number(
        args, "--k", PL_JUDGE_PARTICLES_MIN, PL_JUDGE_PARTICLES_MAX, &hearing->particles, &err);
    if (status == PL_OK) {
        status = pl_args_number(args, "--until", 1, INT64_MAX, &hearing->until, &err);
    }
    if (status == PL_OK) {
        status = pl_args_number(args, "--bank", 0, 1000, &hearing->replicate, &err);
    }
    if (status != PL_OK) {
        return pl_command_error(&err);
    }
    int code = PL_EXIT_OK;
    for (uint32_t i = 0; i < args->operand_count; i++) {
        int one = judge(hearing, args->operands[i]);
        code = one > code ? one : code;
    }
    return code;
}

int pl_cmd_judge(int argc, char **argv)
{
    struct pl_args args;
    struct hearing *hearing = NULL;
    if (pl_command_parse(&args, argc, argv) != PL_OK) {
        return PL_EXIT_BAD_INPUT;
    }
    if (args.operand_count == 0) {
        fputs("plumb: `plumb judge` needs a session; `plumb sessions` lists them.\n", stderr);
        return PL_EXIT_BAD_INPUT;
    }
    hearing = calloc(1, sizeof *hearing);
    if (hearing == NULL) {
        fputs("plumb: There is not enough memory.\n", stderr);
        return PL_EXIT_ENVIRONMENT;
    }
    hearing->args = &args;
    int code = judge_all(hearing);
    forget_content(hearing);
    free(hearing);
    return code;
}
