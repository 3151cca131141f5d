// SPDX-License-Identifier: Apache-2.0
#include "exam/juror.h"

#include "base/check.h"
#include "exam/analysis.h"
#include "exam/library.h"
#include "exam/room.h"
#include "exam/worlds.h"
#include "judge/report.h"
#include "os/mutex.h"
#include "os/pages.h"
#include "text/json_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPENED_MAX = 8, WAIT_MS = 1000, REPORT_SIZE = 2 * PL_JSON_IN_TEXT_MAX };

#define OBSERVATION_MARK "\"observation\":"
#define EVENTS_END       ",\"events\":[]}"

/* Worlds that are open. */
struct opened {
    struct pl_worlds *worlds; /* NULL: free */
    const struct pl_content *content;
    uint32_t particles;
    uint64_t used; /* number of the last case that began in them */
};

struct juror {
    struct pl_child *host;
    struct pl_mutex *mutex; /* guards what is sent: progress comes from several threads */
    struct pl_library *library;
    struct pl_juror_case charge;
    struct opened opened[OPENED_MAX];
    uint64_t cases;
    struct pl_analysis *analysis; /* NULL: no case, or it was refused */
    const struct pl_content *content;
    /* The session itself beside its analysis, played as entries are heard: the debrief needs it,
     * and playing it at the end would make who waits there wait longer. NULL before the first
     * entry. */
    struct pl_room *room;
    struct pl_desk desk;
    struct pl_buf text; /* the report */
};

/* ---- Messages ------------------------------------------------------------------------------- */

static void tell(struct juror *juror, enum pl_juror_kind kind, pl_slice data)
{
    pl_mutex_lock(juror->mutex);
    /* When the host is gone the next receive says so. */
    (void)pl_child_send(juror->host, kind, data);
    pl_mutex_unlock(juror->mutex);
}

static void tell_progress(void *context, uint32_t done, uint32_t total)
{
    const struct pl_juror_progress progress = {.done = done, .total = total};
    tell(context, PL_JUROR_PROGRESS, (pl_slice){(const char *)&progress, sizeof progress});
}

/* ---- Worlds --------------------------------------------------------------------------------- */

static void give_back(struct opened *opened)
{
    pl_worlds_close(opened->worlds);
    *opened = (struct opened){0};
}

/* Give worlds back, those first that were not used for longest, until a place is free and memory
 * is below its limit. */
static struct opened *make_room(struct juror *juror)
{
    for (;;) {
        struct opened *oldest = NULL;
        struct opened *empty = NULL;
        for (uint32_t i = 0; i < OPENED_MAX; i++) {
            struct opened *opened = &juror->opened[i];
            if (opened->worlds == NULL) {
                empty = opened;
            } else if (oldest == NULL || opened->used < oldest->used) {
                oldest = opened;
            }
        }
        bool within = pl_pages_resident() <= juror->charge.memory_max;
        if (empty != NULL && (within || oldest == NULL)) {
            return empty;
        }
        PL_CHECK(oldest != NULL);
        give_back(oldest);
    }
}

static struct pl_worlds *find_worlds(struct juror *juror, pl_error *err)
{
    const struct pl_worlds_def def = {.content = juror->content,
                                      .directory = pl_library_directory(juror->library),
                                      .particles = juror->charge.particles,
                                      .told = tell_progress,
                                      .told_context = juror};
    for (uint32_t i = 0; i < OPENED_MAX; i++) {
        struct opened *opened = &juror->opened[i];
        if (opened->worlds != NULL && opened->content == def.content &&
            opened->particles == def.particles) {
            opened->used = juror->cases;
            return opened->worlds;
        }
    }
    struct opened *opened = make_room(juror);
    if (pl_worlds_open(&opened->worlds, &def, err) != PL_OK) {
        return NULL;
    }
    opened->content = def.content;
    opened->particles = def.particles;
    opened->used = juror->cases;
    return opened->worlds;
}

/* ---- A case --------------------------------------------------------------------------------- */

static void forget_case(struct juror *juror)
{
    pl_analysis_end(juror->analysis);
    juror->analysis = NULL;
    pl_room_close(juror->room);
    juror->room = NULL;
}

static uint32_t clock_of(const struct pl_store_session *header)
{
    return strcmp(header->clock, "live") == 0 ? PL_CLOCK_LIVE : PL_CLOCK_TURN;
}

static pl_status find_content(struct juror *juror, pl_error *err)
{
    const struct pl_store_session *header = &juror->charge.header;
    pl_status status = PL_OK;
    if (juror->library == NULL) {
        status = pl_library_open(&juror->library, juror->charge.content, err);
    }
    juror->content = status == PL_OK ? pl_library_get(juror->library, header->scenario, err) : NULL;
    if (juror->content == NULL) {
        return err->status;
    }
    if (header->pack_hash[0] != '\0' && strcmp(header->pack_hash, juror->content->hash) != 0) {
        return pl_fail(err,
                       PL_CONFLICT,
                       NULL,
                       "The session was played with other content: the files of `%s` or of its "
                       "world have changed since.",
                       header->scenario);
    }
    return PL_OK;
}

static pl_status begin(struct juror *juror, pl_slice data, pl_error *err)
{
    forget_case(juror);
    PL_CHECK(data.size == sizeof juror->charge);
    memcpy(&juror->charge, data.data, sizeof juror->charge);
    juror->cases++;
    pl_status status = find_content(juror, err);
    struct pl_worlds *worlds = status == PL_OK ? find_worlds(juror, err) : NULL;
    if (worlds == NULL) {
        return err->status;
    }
    const struct pl_analysis_def def = {.content = juror->content,
                                        .directory = pl_library_directory(juror->library),
                                        .seed = (uint64_t)juror->charge.header.seed,
                                        .clock = clock_of(&juror->charge.header),
                                        .particles = juror->charge.particles,
                                        .worlds = worlds};
    return pl_analysis_begin(&juror->analysis, &def, err);
}

static pl_status open_room(struct juror *juror, pl_error *err)
{
    const struct pl_store_session *header = &juror->charge.header;
    const struct pl_room_def def = {.content = juror->content,
                                    .directory = juror->charge.data,
                                    .seed = (uint64_t)header->seed,
                                    .clock = clock_of(header),
                                    .speed = 1.0};
    return pl_room_open(&juror->room, &def, err);
}

/* Play a command in the session beside the analysis. */
static pl_status play(
    struct juror *juror, int64_t now_ns, pl_slice command, struct pl_room_step *step, pl_error *err)
{
    const pl_slice no_key = {NULL, 0};
    pl_status status = juror->room == NULL ? open_room(juror, err) : PL_OK;
    if (status != PL_OK) {
        return status;
    }
    int64_t present_ns = pl_session_now(juror->room->session);
    return pl_room_apply(juror->room,
                         now_ns > present_ns ? now_ns : present_ns,
                         command,
                         no_key,
                         &juror->desk,
                         step,
                         err);
}

static pl_status hear(struct juror *juror, pl_slice data, pl_error *err)
{
    struct pl_juror_entry entry;
    struct pl_analysis_progress progress;
    PL_CHECK(data.size >= sizeof entry && juror->analysis != NULL);
    memcpy(&entry, data.data, sizeof entry);
    pl_slice command = {data.data + sizeof entry, data.size - sizeof entry};
    const char *answer = entry.answer[0] != '\0' ? entry.answer : NULL;
    if (!pl_analysis_put(juror->analysis, entry.seq, entry.before_ns, command, answer)) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for an analysis.");
    }
    struct pl_room_step step;
    pl_status status = play(juror, entry.before_ns, command, &step, err);
    while (status == PL_OK && !pl_analysis_wait(juror->analysis, WAIT_MS, &progress)) {
    }
    return status;
}

/* ---- The end -------------------------------------------------------------------------------- */

/* Append `,"debrief":{...}` to the analysis. */
static pl_status add_debrief(struct juror *juror, pl_error *err)
{
    struct pl_room_step step;
    pl_status status = play(juror, 0, pl_slice_of("{\"do\":\"debrief\"}"), &step, err);
    if (status == PL_OK && step.outcome.status != PL_OK) {
        status = pl_fail(err, PL_CONFLICT, NULL, "The session has no debrief.");
    }
    if (status != PL_OK) {
        return status;
    }
    const struct pl_buf *answer = &juror->desk.answer;
    const char *mark = strstr(answer->data, OBSERVATION_MARK);
    PL_CHECK(mark != NULL);
    const char *from = mark + sizeof OBSERVATION_MARK - 1;
    size_t size = answer->size - (size_t)(from - answer->data);
    PL_CHECK(size > sizeof EVENTS_END - 1 && juror->text.size > 0);
    juror->text.size--; /* the closing brace */
    pl_buf_puts(&juror->text, ",\"debrief\":");
    pl_buf_put(&juror->text, from, size - (sizeof EVENTS_END - 1));
    pl_buf_puts(&juror->text, "}");
    return PL_OK;
}

static pl_status finish(struct juror *juror, pl_error *err)
{
    PL_CHECK(juror->analysis != NULL);
    const struct pl_report *report = pl_analysis_report(juror->analysis, err);
    if (report == NULL) {
        return err->status;
    }
    pl_buf_clear(&juror->text);
    pl_report_json(report, &juror->text);
    pl_status status = add_debrief(juror, err);
    if (status == PL_OK && juror->text.overflow) {
        status = pl_fail(err, PL_LIMIT, NULL, "The analysis is too long.");
    }
    return status;
}

/* ---- All of it ------------------------------------------------------------------------------ */

static void obey(struct juror *juror, const struct pl_child_message *message)
{
    pl_error err = {0};
    pl_status status = PL_OK;
    pl_slice reply = {NULL, 0};
    enum pl_juror_kind kind = PL_JUROR_TAKEN;
    if (message->kind == PL_JUROR_BEGIN) {
        status = begin(juror, message->data, &err);
    } else if (message->kind == PL_JUROR_ENTRY) {
        status = hear(juror, message->data, &err);
    } else {
        PL_CHECK(message->kind == PL_JUROR_FINISH);
        status = finish(juror, &err);
        reply = (pl_slice){juror->text.data, juror->text.size};
        kind = PL_JUROR_REPORT;
    }
    if (status == PL_OK) {
        tell(juror, kind, reply);
    } else {
        tell(juror, PL_JUROR_REFUSED, pl_slice_of(err.message));
    }
    if (status != PL_OK || kind == PL_JUROR_REPORT) {
        forget_case(juror);
    }
}

static void free_juror(struct juror *juror)
{
    forget_case(juror);
    for (uint32_t i = 0; i < OPENED_MAX; i++) {
        give_back(&juror->opened[i]);
    }
    pl_library_close(juror->library);
    pl_mutex_free(juror->mutex);
    pl_desk_free(&juror->desk);
    free(juror->text.data);
    free(juror);
}

void pl_juror_run(struct pl_child *host)
{
    PL_CHECK(host != NULL);
    struct juror *juror = calloc(1, sizeof *juror);
    char *memory = malloc(REPORT_SIZE);
    struct pl_child_message message;
    pl_error err = {0};
    PL_CHECK(juror != NULL && memory != NULL); /* a juror that can't begin just ends */
    juror->host = host;
    juror->mutex = pl_mutex_new();
    PL_CHECK(juror->mutex != NULL && pl_desk_init(&juror->desk, &err) == PL_OK);
    pl_buf_init(&juror->text, memory, REPORT_SIZE);
    while (pl_child_receive(host, PL_CHILD_FOREVER, &message) == PL_CHILD_MESSAGE) {
        obey(juror, &message);
    }
    free_juror(juror);
}
