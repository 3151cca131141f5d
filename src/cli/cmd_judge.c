// SPDX-License-Identifier: Apache-2.0
//
// `plumb judge`: the analysis of a kept or exported session.
#include "base/check.h"
#include "cli/analysis.h"
#include "cli/commands.h"
#include "cli/logbook.h"
#include "cli/prompt.h"
#include "cli/view_analysis.h"
#include "judge/judge.h"
#include "os/file.h"
#include "os/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPORT_SIZE = PL_JSON_IN_TEXT_MAX, DRAWING_SIZE = 1 << 20, PROGRESS_MS = 500 };

/* What one call works with. */
struct hearing {
    struct pl_logbook logbook;
    struct pl_content content;
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

/* Content of the session, the same as when it was played. */
static pl_status find_content(struct hearing *hearing, const char *option, struct pl_errors *errors)
{
    pl_error err = {0};
    const struct pl_store_session *header = &hearing->logbook.header;
    if (pl_content_directory(option, hearing->directory, &err) != PL_OK) {
        pl_errors_add(errors, err.status, &err.pos, "%s", err.message);
        return err.status;
    }
    pl_status status =
        pl_content_load(hearing->directory, header->scenario, &hearing->content, errors);
    if (status != PL_OK) {
        return status;
    }
    if (strcmp(header->pack_hash, hearing->content.hash) != 0) {
        pl_errors_add(
            errors,
            PL_CONFLICT,
            NULL,
            "Session %s was played with other content: the files of `%s` or of its world "
            "have changed since. Its log can be read (`plumb export`), but what its looks "
            "and acts were worth can only be computed with the content that it was played "
            "with; name it with --content.",
            header->id,
            header->scenario);
        return PL_CONFLICT;
    }
    return PL_OK;
}

/* Begin, hand over everything, wait. */
static const struct pl_report *
analyse(struct hearing *hearing, uint64_t particles, uint64_t replicate, pl_error *err)
{
    const struct pl_store_session *header = &hearing->logbook.header;
    struct pl_analysis_def def = {.content = &hearing->content,
                                  .directory = hearing->directory,
                                  .seed = (uint64_t)header->seed,
                                  .clock = strcmp(header->clock, "live") == 0 ? PL_CLOCK_LIVE
                                                                              : PL_CLOCK_TURN,
                                  .particles = (uint32_t)particles,
                                  .replicate = (uint32_t)replicate};
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
    uint32_t worlds = (uint32_t)particles * hearing->content.scenario->cause_count;
    while (!pl_analysis_wait(hearing->analysis, PROGRESS_MS, &progress)) {
        tell_progress(&progress, worlds);
    }
    tell_progress(&progress, worlds);
    const struct pl_report *report = pl_analysis_report(hearing->analysis, err);
    end_progress();
    return report;
}

static pl_status print_report(const struct hearing *hearing,
                              const struct pl_report *report,
                              bool json,
                              pl_error *err)
{
    char *text = malloc(REPORT_SIZE);
    char *drawing = malloc(DRAWING_SIZE);
    struct pl_view *view = calloc(1, sizeof *view);
    struct pl_buf out;
    struct pl_buf picture;
    json_t *tree = NULL;
    pl_status status = PL_OK;
    if (text == NULL || drawing == NULL || view == NULL) {
        status = pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
    }
    if (status == PL_OK) {
        pl_buf_init(&out, text, REPORT_SIZE);
        pl_report_json(report, &out);
        PL_CHECK(!out.overflow);
    }
    if (status == PL_OK && json) {
        puts(text);
    } else if (status == PL_OK) {
        status = pl_json_in_load((pl_slice){text, out.size}, REPORT_SIZE, NULL, &tree, err);
    }
    if (status == PL_OK && !json) {
        pl_buf_init(&picture, drawing, DRAWING_SIZE);
        pl_prompt_detect(&view->term, false);
        view->opening_s = hearing->content.scenario->opens_clock_s;
        pl_view_analysis(view, tree, &picture);
        fwrite(picture.data, 1, picture.size, stdout);
    }
    json_decref(tree);
    free(text);
    free(drawing);
    free(view);
    return status;
}

static int judge(struct hearing *hearing, const struct pl_args *args)
{
    static struct pl_errors errors;
    pl_error err = {0};
    uint64_t particles = PL_JUDGE_PARTICLES_DEFAULT;
    uint64_t until = 0;
    uint64_t replicate = 0;
    pl_status status = pl_args_number(
        args, "--k", PL_JUDGE_PARTICLES_MIN, PL_JUDGE_PARTICLES_MAX, &particles, &err);
    if (status == PL_OK) {
        status = pl_args_number(args, "--until", 1, INT64_MAX, &until, &err);
    }
    if (status == PL_OK) {
        status = pl_args_number(args, "--bank", 0, 1000, &replicate, &err);
    }
    if (status == PL_OK) {
        status = pl_logbook_load(&hearing->logbook,
                                 pl_args_value(args, "--data"),
                                 args->operands[0],
                                 (int64_t)until,
                                 &err);
    }
    if (status != PL_OK) {
        int code = pl_command_error(&err);
        return status == PL_CORRUPT ? PL_EXIT_FAILED : code;
    }
    status = find_content(hearing, pl_args_value(args, "--content"), &errors);
    if (status != PL_OK) {
        int code = pl_content_report(&errors);
        return status == PL_CONFLICT ? PL_EXIT_FAILED : code;
    }
    const struct pl_report *report = analyse(hearing, particles, replicate, &err);
    if (report == NULL) {
        return pl_command_error(&err);
    }
    status = print_report(hearing, report, pl_args_has(args, "--json"), &err);
    return status == PL_OK ? PL_EXIT_OK : pl_command_error(&err);
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
    int code = judge(hearing, &args);
    pl_analysis_end(hearing->analysis);
    pl_content_free(&hearing->content);
    pl_logbook_free(&hearing->logbook);
    free(hearing);
    return code;
}
