// SPDX-License-Identifier: Apache-2.0
#include "exam/host_shown.h"

#include "base/check.h"
#include "exam/host_play.h"
#include "exam/host_review.h"
#include "exam/host_view.h"

enum { ENTRIES_MAX = 500 /* entries of one answer */, TAIL = 64 /* bytes behind the entries */ };

/* Closed for ever: nothing will be added to what was shown. */
static bool is_closed(const struct pl_slot *slot)
{
    return slot->header.state == PL_STORE_SESSION_CLOSED && slot->tag.done;
}

/* Read what is kept, once. */
static bool is_here(struct pl_slot *slot)
{
    if (slot->shown != NULL) {
        return true;
    }
    if (slot->room != NULL || slot->opening || !is_closed(slot)) {
        return false;
    }
    slot->shown = pl_shown_load(slot->host->data, slot->header.id);
    if (slot->shown != NULL) {
        pl_mutex_lock(slot->host->mutex);
        slot->resident = true;
        slot->t_s = slot->tag.done_s;
        pl_mutex_unlock(slot->host->mutex);
    }
    return slot->shown != NULL;
}

static void finish(struct pl_slot *slot, struct pl_ask *ask, pl_slice json)
{
    pl_ask_reply(ask, PL_REPLY_OK, json);
    atomic_fetch_sub(&slot->host->asks, 1);
}

static void show_entries(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk)
{
    struct pl_buf *out = &desk->out;
    int64_t last = pl_shown_count(slot->shown);
    int64_t seq = ask->after + 1;
    pl_buf_clear(out);
    pl_buf_puts(out, "{\"entries\":[");
    for (uint32_t i = 0; i < ENTRIES_MAX && seq <= last; i++, seq++) {
        pl_slice entry = pl_shown_entry(slot->shown, seq);
        if (out->capacity - out->size < entry.size + TAIL) {
            break;
        }
        pl_buf_puts(out, i > 0 ? "," : "");
        pl_buf_put(out, entry.data, entry.size);
    }
    pl_buf_printf(out, "],\"next\":%lld,\"last\":%lld}", (long long)(seq - 1), (long long)last);
    finish(slot, ask, (pl_slice){out->data, out->size});
}

static void show_stream(struct pl_slot *slot, struct pl_ask *ask)
{
    struct pl_watcher *watcher = ask->watcher;
    int64_t after = ask->after;
    finish(slot, ask, pl_slice_of("{}"));
    struct pl_watcher *others = slot->watchers;
    watcher->next = NULL;
    slot->watchers = watcher; /* alone for a moment: only it is told what it has missed */
    for (int64_t seq = after + 1; after >= 0 && seq <= pl_shown_count(slot->shown); seq++) {
        uint64_t id = (uint64_t)seq;
        pl_host_play_tell(slot, "entry", &id, pl_shown_entry(slot->shown, seq));
    }
    watcher->next = others;
    atomic_fetch_add(&slot->watching, 1);
}

bool pl_host_shown_serve(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk)
{
    PL_CHECK(slot != NULL && ask != NULL && desk != NULL);
    bool possible = ask->verb == PL_ASK_DESCRIBE || ask->verb == PL_ASK_ENTRIES ||
                    ask->verb == PL_ASK_WATCH || ask->verb == PL_ASK_ANALYSIS;
    if (!possible || slot->room != NULL || !is_here(slot)) {
        return false;
    }
    if (ask->verb == PL_ASK_DESCRIBE) {
        finish(slot, ask, pl_shown_description(slot->shown));
    } else if (ask->verb == PL_ASK_ENTRIES) {
        show_entries(slot, ask, desk);
    } else if (ask->verb == PL_ASK_WATCH) {
        show_stream(slot, ask);
    } else {
        pl_host_review_answer(slot, ask, desk);
    }
    return true;
}

void pl_host_shown_keep(struct pl_slot *slot, struct pl_desk *desk)
{
    PL_CHECK(slot != NULL && slot->room != NULL && desk != NULL);
    const char *data = slot->host->data;
    bool over = is_closed(slot) && pl_session_done(slot->room->session);
    if (!over || slot->broken) {
        return;
    }
    pl_room_lend(slot->room, desk);
    pl_host_view_put_session(slot, desk);
    /* Without it the session is replayed whenever somebody asks. */
    (void)!pl_shown_save(data,
                         slot->header.id,
                         (pl_slice){desk->out.data, desk->out.size},
                         slot->room->transcript,
                         NULL);
}

void pl_host_shown_drop(struct pl_slot *slot)
{
    PL_CHECK(slot != NULL);
    pl_shown_free(slot->shown);
    slot->shown = NULL;
}
