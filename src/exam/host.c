// SPDX-License-Identifier: Apache-2.0
#include "exam/host.h"

#include "base/check.h"
#include "exam/host_judge.h"
#include "exam/host_open.h"
#include "exam/host_play.h"
#include "exam/host_review.h"
#include "exam/host_shown.h"
#include "exam/host_types.h"
#include "exam/host_view.h"
#include "os/beside.h"
#include "os/directory.h"
#include "os/now.h"
#include "os/spool.h"
#include "os/threads.h"
#include "store/ndjson.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    QUICK_THREADS = 4,
    PARTICLES = 16,
    UNWATCHED_TICKS = 15, /* a live session that nobody watches comes to its present this often */
    REST_TICKS = 10,      /* idle sessions are looked for this often */
    SESSIONS = 100,       /* of one owner in memory */
    TURNS = 50            /* parts of a second at which sessions have their ticks, in turn */
};

#define DISK_SHARE 0.05 /* what stays free for the sessions in play */

#define AFTER_MAX (INT64_MAX - 1)
#define TICK_NS   (INT64_C(1000) * 1000 * 1000)
#define STEP_NS   (INT64_C(2) * 1000 * 1000)
#define IDLE_NS   (INT64_C(600) * 1000 * 1000 * 1000)

/* ---- Ticker --------------------------------------------------------------------------------- */

/* Post what a session's lane should do at this tick. A tick that is still waiting has been due
 * since its own moment. */
static void tick_slot(struct pl_slot *slot, uint64_t tick, int64_t now_ns)
{
    bool watched = atomic_load(&slot->watching) > 0;
    if (slot->live_running && (watched || tick % UNWATCHED_TICKS == 0)) {
        bool posted = atomic_exchange(&slot->ticking, true);
        if (!posted) {
            atomic_store(&slot->due_ns, now_ns);
        }
        if (!posted && !pl_lane_post(slot->lane, PL_HOST_TICKS, pl_host_play_tick, slot, NULL)) {
            atomic_store(&slot->ticking, false);
        }
    }
    bool idle = slot->resident && !slot->live_running && !watched &&
                now_ns - atomic_load(&slot->used_ns) > IDLE_NS;
    if (idle && tick % REST_TICKS == 0) {
        (void)pl_lane_post(slot->lane, PL_HOST_SPARE, pl_host_open_rest, slot, NULL);
    }
}

/* The one item of the ticker's thread: it lasts until the host ends. Sessions have their second in
 * turns, so that a thousand of them do not come at once and make commands wait. */
static void tick_on(void *context, void *item)
{
    (void)item;
    struct pl_host *host = context;
    int64_t next_ns = pl_now_monotonic_ns();
    for (uint64_t turn = 0; !atomic_load(&host->ending); turn++) {
        next_ns += TICK_NS / TURNS;
        pl_now_sleep_until(next_ns);
        pl_mutex_lock(host->mutex);
        for (uint64_t i = turn % TURNS; i < host->slot_count; i += TURNS) {
            tick_slot(host->slots[i], turn / TURNS, next_ns);
        }
        pl_mutex_unlock(host->mutex);
    }
}

/* ---- Open ----------------------------------------------------------------------------------- */

/* A session of the log becomes a slot. Sessions come newest first. */
static pl_status list_session(void *context, const struct pl_store_session *session, pl_error *err)
{
    struct pl_host *host = context;
    struct pl_slot *slot = pl_host_open_slot(host);
    if (slot == NULL || !pl_host_open_list(slot)) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for all sessions.");
    }
    slot->header = *session;
    bool tagged = pl_tag_load(&slot->tag, host->data, session->id);
    if (!tagged) {
        /* Played in the terminal of the same user. */
        snprintf(slot->tag.owner, sizeof slot->tag.owner, "local");
    }
    slot->tag.done = slot->tag.done || session->state == PL_STORE_SESSION_CLOSED;
    return PL_OK;
}

static pl_status list_sessions(struct pl_host *host, pl_error *err)
{
    struct pl_store *store = NULL;
    pl_status status = pl_store_open(&store, host->data, err);
    if (status == PL_OK) {
        status = pl_store_list(store, list_session, host, err);
    }
    pl_store_close(store);
    for (uint32_t i = 0; i < host->slot_count / 2; i++) {
        struct pl_slot *other = host->slots[i];
        host->slots[i] = host->slots[host->slot_count - 1 - i];
        host->slots[host->slot_count - 1 - i] = other;
    }
    return status;
}

static pl_status start_threads(struct pl_host *host, pl_error *err)
{
    struct pl_crew_rank ranks[PL_HOST_RANKS] = {
        [PL_HOST_QUICK] = {.threads = QUICK_THREADS},
        [PL_HOST_TICKS] = {.threads = pl_threads_processors() > 8 ? 8 : pl_threads_processors(),
                           .nice = 1,
                           .yields = true},
        [PL_HOST_SPARE] = {.threads = 1, .nice = 10, .yields = true},
        [PL_HOST_HEAVY] = {.threads = pl_threads_processors() > 8 ? 8 : pl_threads_processors(),
                           .nice = 5},
    };
    pl_status status = pl_crew_start(&host->crew, ranks, PL_HOST_RANKS, err);
    if (status != PL_OK) {
        return status;
    }
    host->desk_count = pl_crew_threads(host->crew);
    host->desks = calloc(host->desk_count, sizeof host->desks[0]);
    host->desk_lane = pl_lane_open(host->crew);
    if (host->desks == NULL || host->desk_lane == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory to start.");
    }
    for (uint32_t i = 0; i < host->desk_count && status == PL_OK; i++) {
        status = pl_desk_init(&host->desks[i], err);
    }
    return status;
}

/* Transcripts are written beside all else: nothing of a session waits for their file system. */
static pl_status start_spooler(struct pl_host *host, pl_error *err)
{
    const struct pl_beside_work work = {.take = pl_spool_write};
    return pl_beside_start(&host->spooler, &work, err);
}

static pl_status start_ticker(struct pl_host *host, pl_error *err)
{
    struct pl_beside_work work = {.context = host, .take = tick_on};
    pl_status status = pl_beside_start(&host->ticker, &work, err);
    if (status == PL_OK && !pl_beside_put(host->ticker, host)) {
        status = pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory to start.");
    }
    return status;
}

pl_status pl_host_open(struct pl_host **host_out, const struct pl_host_def *def, pl_error *err)
{
    PL_CHECK(host_out != NULL && def != NULL && def->data != NULL);
    *host_out = NULL;
    struct pl_host *host = calloc(1, sizeof *host);
    if (host == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory to start.");
    }
    snprintf(host->data, sizeof host->data, "%s", def->data);
    host->particles = def->particles > 0 ? def->particles : PARTICLES;
    host->disk_share = def->disk_share > 0.0 ? def->disk_share : DISK_SHARE;
    host->session_max = def->session_max > 0 ? def->session_max : SESSIONS;
    host->mutex = pl_mutex_new();
    host->forms = pl_forms_new();
    pl_status status = host->mutex != NULL && host->forms != NULL
                           ? pl_directory_make(host->data, err)
                           : pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
    status = status == PL_OK ? pl_library_open(&host->library, def->content, err) : status;
    status = status == PL_OK ? pl_store_writer_open(&host->writer, host->data, err) : status;
    if (status == PL_OK) {
        pl_store_writer_watch(host->writer, def->measured, def->measured_context);
        pl_store_writer_guard(host->writer, def->fatal, def->fatal_context);
    }
    status = status == PL_OK ? start_spooler(host, err) : status;
    status = status == PL_OK ? start_threads(host, err) : status;
    status = status == PL_OK ? list_sessions(host, err) : status;
    status = status == PL_OK ? start_ticker(host, err) : status;
    if (status == PL_OK && def->judges) {
        status = pl_host_judge_start(host, err);
    }
    if (status != PL_OK) {
        pl_host_close(host);
        return status;
    }
    *host_out = host;
    return PL_OK;
}

/* ---- Ask ------------------------------------------------------------------------------------ */

/* Task: lists. */
static void serve_desk(void *context, void *item, uint32_t worker)
{
    struct pl_host *host = context;
    struct pl_ask *ask = item;
    struct pl_buf *out = &pl_host_desk(host, worker)->out;
    pl_error err = {0};
    pl_status status = PL_OK;
    if (ask->verb == PL_ASK_SCENARIOS) {
        status = pl_host_view_scenarios(host, ask->owner, out, &err);
    } else if (ask->verb == PL_ASK_SESSIONS) {
        pl_host_view_sessions(host, ask->owner, out);
    } else {
        status = pl_host_view_lexicon(host, ask->key, out, &err);
    }
    if (status != PL_OK) {
        pl_ask_error(ask, &err);
    } else {
        pl_ask_reply(ask, PL_REPLY_OK, (pl_slice){out->data, out->size});
    }
    atomic_fetch_sub(&host->asks, 1);
}

/* Task: an ask of a session. */
static void serve_slot(void *context, void *item, uint32_t worker)
{
    struct pl_slot *slot = context;
    pl_host_play_serve(slot, item, pl_host_desk(slot->host, worker));
}

static struct pl_slot *find_slot(struct pl_host *host, const char *id, const char *owner)
{
    struct pl_slot *found = NULL;
    pl_mutex_lock(host->mutex);
    for (uint32_t i = host->slot_count; i > 0 && found == NULL; i--) {
        struct pl_slot *slot = host->slots[i - 1];
        bool own = owner == NULL || slot->tag.sample || strcmp(slot->tag.owner, owner) == 0;
        found = own && strcmp(slot->header.id, id) == 0 ? slot : NULL;
    }
    pl_mutex_unlock(host->mutex);
    return found;
}

/* Refuse at once. */
static void refuse(struct pl_host *host, struct pl_ask *ask, uint32_t code, const char *message)
{
    pl_ask_fail(ask, code, message);
    atomic_fetch_sub(&host->asks, 1);
}

void pl_host_ask(struct pl_host *host, struct pl_ask *ask)
{
    PL_CHECK(host != NULL && ask != NULL);
    PL_CHECK(ask->verb <= PL_ASK_WATCH);
    ask->after = ask->after < AFTER_MAX ? ask->after : AFTER_MAX; /* a client's: + 1 must fit */
    atomic_fetch_add(&host->asks, 1);
    if (atomic_load(&host->ending)) {
        refuse(host, ask, PL_REPLY_BUSY, "The server is ending.");
        return;
    }
    if (!pl_room_is_key(pl_slice_of(ask->key))) {
        refuse(host,
               ask,
               PL_REPLY_BAD_INPUT,
               "A key has at most 64 letters, digits, `-`, `_` and `.`.");
        return;
    }
    if (ask->verb == PL_ASK_CREATE) {
        pl_host_open_create(host, ask);
        return;
    }
    struct pl_lane *lane = host->desk_lane;
    pl_crew_run run = serve_desk;
    void *context = host;
    if (ask->verb > PL_ASK_CREATE) {
        struct pl_slot *slot = find_slot(host, ask->session, ask->owner);
        if (slot == NULL) {
            refuse(host, ask, PL_REPLY_NOT_FOUND, "There is no such session, or it is not yours.");
            return;
        }
        atomic_store(&slot->used_ns, pl_now_monotonic_ns());
        lane = slot->lane;
        run = serve_slot;
        context = slot;
    }
    if (!pl_lane_post(lane, PL_HOST_QUICK, run, context, ask)) {
        refuse(host, ask, PL_REPLY_BUSY, "There is not enough memory for another request.");
    }
}

/* Task: take a watcher out. */
static void unwatch(void *context, void *item, uint32_t worker)
{
    (void)worker;
    struct pl_slot *slot = context;
    struct pl_watcher *watcher = item;
    for (struct pl_watcher **at = &slot->watchers; *at != NULL; at = &(*at)->next) {
        if (*at == watcher) {
            *at = watcher->next;
            atomic_fetch_sub(&slot->watching, 1);
            break;
        }
    }
    watcher->released(watcher->context);
}

void pl_host_unwatch(struct pl_host *host, const char *session, struct pl_watcher *watcher)
{
    PL_CHECK(host != NULL && session != NULL && watcher != NULL);
    struct pl_slot *slot = find_slot(host, session, NULL);
    PL_CHECK(slot != NULL);
    if (atomic_load(&host->ending)) {
        return; /* all are released at the end */
    }
    bool posted = pl_lane_post(slot->lane, PL_HOST_QUICK, unwatch, slot, watcher);
    PL_CHECK(posted);
}

pl_status
pl_host_import(struct pl_host *host, pl_slice text, const struct pl_tag *tag, pl_error *err)
{
    PL_CHECK(host != NULL && tag != NULL);
    struct pl_store *store = NULL;
    struct pl_store_session header = {0};
    pl_status status = pl_store_open(&store, host->data, err);
    if (status == PL_OK) {
        status = pl_store_import(store, text, "sample", &header, err);
    }
    pl_store_close(store);
    status = status == PL_OK ? pl_tag_save(tag, host->data, header.id, err) : status;
    if (status != PL_OK) {
        return status;
    }
    struct pl_slot *slot = pl_host_open_slot(host);
    if (slot == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a session.");
    }
    slot->header = header;
    slot->tag = *tag;
    slot->t_s = tag->done_s;
    if (!pl_host_open_list(slot)) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a session.");
    }
    pl_host_review_start(slot);
    (void)pl_lane_post(slot->lane, PL_HOST_SPARE, pl_host_open_keep, slot, NULL);
    return PL_OK;
}

void pl_host_measure(struct pl_host *host, struct pl_host_stats *stats)
{
    PL_CHECK(host != NULL && stats != NULL);
    memset(stats, 0, sizeof *stats);
    pl_store_writer_counts(host->writer, &stats->entries, &stats->groups);
    pl_mutex_lock(host->mutex);
    stats->sessions = host->slot_count;
    for (uint32_t i = 0; i < host->slot_count; i++) {
        const struct pl_slot *slot = host->slots[i];
        stats->resident += slot->resident ? 1 : 0;
        stats->watchers += atomic_load(&slot->watching);
        stats->analyses += pl_host_review_waits(slot->review.phase) ? 1 : 0;
    }
    pl_mutex_unlock(host->mutex);
}

/* ---- Close ---------------------------------------------------------------------------------- */

static void release_watchers(struct pl_slot *slot)
{
    while (slot->watchers != NULL) {
        struct pl_watcher *watcher = slot->watchers;
        slot->watchers = watcher->next;
        watcher->released(watcher->context);
    }
}

/* Wait until nothing is on its way. Asks and writes may cause each other. */
static void drain(struct pl_host *host)
{
    while (atomic_load(&host->asks) > 0 || atomic_load(&host->writes) > 0) {
        pl_now_sleep_until(pl_now_monotonic_ns() + STEP_NS);
    }
}

static void put_to_rest(struct pl_host *host)
{
    for (uint32_t i = 0; i < host->slot_count; i++) {
        struct pl_slot *slot = host->slots[i];
        (void)pl_lane_post(slot->lane, PL_HOST_QUICK, pl_host_open_rest, slot, host);
        while (pl_lane_count(slot->lane) > 0) {
            pl_now_sleep_until(pl_now_monotonic_ns() + STEP_NS);
        }
        release_watchers(slot);
        pl_host_shown_drop(slot);
        pl_lane_close(slot->lane);
    }
}

static void free_host(struct pl_host *host)
{
    if (host->desk_lane != NULL) {
        pl_lane_close(host->desk_lane);
    }
    pl_crew_end(host->crew);
    pl_beside_end(host->spooler);
    for (uint32_t i = 0; i < host->slot_count; i++) {
        free(host->slots[i]);
    }
    free(host->slots);
    for (uint32_t i = 0; host->desks != NULL && i < host->desk_count; i++) {
        pl_desk_free(&host->desks[i]);
    }
    free(host->desks);
    pl_forms_free(host->forms);
    pl_library_close(host->library);
    pl_mutex_free(host->mutex);
    free(host);
}

void pl_host_close(struct pl_host *host)
{
    if (host == NULL) {
        return;
    }
    atomic_store(&host->ending, true);
    pl_host_judge_end(host);
    pl_beside_end(host->ticker);
    if (host->crew != NULL) {
        drain(host);
        put_to_rest(host);
    }
    pl_store_writer_close(host->writer);
    host->writer = NULL;
    free_host(host);
}
