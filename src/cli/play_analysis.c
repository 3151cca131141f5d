// SPDX-License-Identifier: Apache-2.0
#include "cli/play_analysis.h"

#include "base/check.h"
#include "base/hash.h"
#include "cli/view_analysis.h"
#include "exam/logbook.h"
#include "os/file.h"
#include "os/terminal.h"
#include "text/json_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEP_MS = 500, LINE_SIZE = 64 };

/* What was played before the session was resumed. */
static pl_status
hand_over(struct pl_play_analysis *play, const char *data, const char *id, pl_error *err)
{
    struct pl_logbook logbook = {0};
    pl_status status = pl_logbook_load(&logbook, data, id, 0, err);
    for (uint32_t i = 0; i < logbook.count && status == PL_OK; i++) {
        const struct pl_logbook_entry *entry = &logbook.entries[i];
        play->seq = entry->seq;
        if (!pl_analysis_put(play->analysis,
                             entry->seq,
                             entry->before_ns,
                             pl_slice_of(entry->command),
                             entry->answer)) {
            status = pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
        }
    }
    pl_logbook_free(&logbook);
    return status;
}

pl_status pl_play_analysis_begin(struct pl_play_analysis *play,
                                 const struct pl_episode *episode,
                                 const struct pl_episode_def *def,
                                 uint32_t particles,
                                 pl_error *err)
{
    PL_CHECK(play != NULL && episode != NULL && def != NULL);
    if (particles == 0) {
        return PL_OK;
    }
    play->directory = malloc(PL_FILE_PATH_MAX);
    if (play->directory == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for an analysis.");
    }
    play->particles = particles;
    pl_status status = pl_content_directory(def->content, play->directory, err);
    if (status == PL_OK) {
        struct pl_analysis_def analysis = {
            .content = &episode->content,
            .directory = play->directory,
            .seed = (uint64_t)episode->header.seed,
            .clock = strcmp(episode->header.clock, "live") == 0 ? PL_CLOCK_LIVE : PL_CLOCK_TURN,
            .particles = particles};
        status = pl_analysis_begin(&play->analysis, &analysis, err);
    }
    if (status == PL_OK && episode->applied > 0) {
        status = hand_over(play, def->data, episode->header.id, err);
    }
    if (status != PL_OK) {
        pl_play_analysis_end(play);
    }
    return status;
}

void pl_play_analysis_put(struct pl_play_analysis *play,
                          pl_slice command,
                          const struct pl_outcome *outcome)
{
    PL_CHECK(play != NULL && outcome != NULL);
    char hash[PL_HASH_TEXT_SIZE];
    if (play->analysis == NULL || !outcome->kept) {
        return;
    }
    pl_hash_format(outcome->answer_hash, hash);
    /* Without memory for an entry there is no analysis of what follows; the session goes on. */
    if (!pl_analysis_put(play->analysis, ++play->seq, outcome->before_ns, command, hash)) {
        pl_play_analysis_end(play);
    }
}

/* True when the analysis has taken everything in; false when the player would not wait. */
static bool waited(struct pl_play_analysis *play, bool interactive)
{
    struct pl_analysis_progress progress;
    bool told = false;
    bool done = false;
    while (!done) {
        done = pl_analysis_wait(play->analysis, told ? STEP_MS : 50, &progress);
        if (done || !interactive) {
            continue;
        }
        told = true;
        printf(
            "\r\033[K  analysing: entry %u of %u (Enter skips it) ", progress.taken, progress.put);
        fflush(stdout);
        if (pl_terminal_wait(0, 1)) {
            char line[LINE_SIZE];
            (void)pl_terminal_read(0, line, sizeof line);
            break;
        }
    }
    if (told) {
        fputs("\r\033[K", stdout);
    }
    return done;
}

static void
draw(struct pl_view *view, const struct pl_report *report, struct pl_buf *out, pl_error *err)
{
    char *text = malloc(PL_JSON_IN_TEXT_MAX);
    json_t *tree = NULL;
    struct pl_buf json;
    if (text == NULL) {
        (void)pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the analysis.");
        return;
    }
    pl_buf_init(&json, text, PL_JSON_IN_TEXT_MAX);
    pl_report_json(report, &json);
    pl_slice slice = {text, json.size};
    if (json.overflow) {
        (void)pl_fail(err, PL_LIMIT, NULL, "The analysis is too long to be drawn.");
    } else if (pl_json_in_load(slice, PL_JSON_IN_TEXT_MAX, NULL, &tree, err) == PL_OK) {
        pl_view_analysis(view, tree, out);
    }
    json_decref(tree);
    free(text);
}

void pl_play_analysis_show(struct pl_play_analysis *play,
                           struct pl_view *view,
                           bool interactive,
                           struct pl_buf *out)
{
    PL_CHECK(play != NULL && view != NULL && out != NULL);
    pl_error err = {0};
    if (play->analysis == NULL) {
        return;
    }
    if (!waited(play, interactive)) {
        pl_term_wrap(&view->term,
                     out,
                     PL_STYLE_FAINT,
                     2,
                     "The analysis was not waited for; `plumb judge` makes it any time.");
        return;
    }
    const struct pl_report *report = pl_analysis_report(play->analysis, &err);
    if (report != NULL) {
        draw(view, report, out, &err);
    }
    if (err.status != PL_OK) {
        pl_term_wrap(&view->term, out, PL_STYLE_BAD, 2, err.message);
    }
}

bool pl_play_analysis_busy(const struct pl_play_analysis *play)
{
    PL_CHECK(play != NULL);
    struct pl_analysis_progress progress;
    return play->analysis != NULL && !pl_analysis_wait(play->analysis, 0, &progress);
}

void pl_play_analysis_end(struct pl_play_analysis *play)
{
    PL_CHECK(play != NULL);
    pl_analysis_end(play->analysis);
    free(play->directory);
    memset(play, 0, sizeof *play);
}
