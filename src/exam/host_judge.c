// SPDX-License-Identifier: Apache-2.0
#include "exam/host_judge.h"

#include "base/check.h"
#include "exam/host.h"
#include "exam/host_review.h"
#include "exam/juror.h"
#include "exam/logbook.h"
#include "judge/judge.h"
#include "os/beside.h"
#include "os/now.h"
#include "os/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)PL_HOST_PARTICLES_MIN == (int)PL_JUDGE_PARTICLES_MIN &&
                   (int)PL_HOST_PARTICLES_MAX == (int)PL_JUDGE_PARTICLES_MAX,
               "a host takes what its judge takes");

enum {
    NICE = 19,
    LISTEN_MS = 100,     /* between two looks at whether the work is wanted still */
    MEMORY_SHARE = 4,    /* opened worlds may take this part of the machine */
    UNWANTED_ROUNDS = 5, /* a juror that is not wanted may still end its step in this time */
    TRIES = 2            /* a case that ended the juror is tried once more */
};

#define PAUSE_NS (INT64_C(100) * 1000 * 1000)
#define FOLLOW_NS                                                                              \
    (INT64_C(300) * 1000 * 1000 * 1000)             /* a session left alone is not followed on \
                                                     */
#define IDLE_NS (INT64_C(900) * 1000 * 1000 * 1000) /* then opened worlds are given back */

/* The thread. */
struct bailiff {
    struct pl_host *host;
    struct pl_child *juror; /* NULL: none runs */
    struct pl_slot *slot;   /* whose case the juror has begun; NULL: none */
    int64_t heard_seq;      /* last entry that it has heard */
    int64_t worked_ns;      /* monotonic clock after the last work */
    struct pl_juror_case *charge;
    struct pl_buf entry; /* an entry on its way */
};

/* What an order came to. */
enum outcome { DONE, REFUSED, LOST, UNWANTED };

static void end_juror(struct bailiff *bailiff)
{
    pl_child_end(bailiff->juror);
    bailiff->juror = NULL;
    bailiff->slot = NULL;
}

/* ---- Choice --------------------------------------------------------------------------------- */

enum rank { NO_RANK, SAMPLE, FOLLOWED, ENDED };

/* Called with the host's mutex held. */
static enum rank rank_of(const struct bailiff *bailiff, const struct pl_slot *slot, int64_t now_ns)
{
    const struct pl_review_state *review = &slot->review;
    if (review->phase == PL_REVIEW_WAITS || pl_host_review_works(review->phase)) {
        return slot->tag.sample && !review->asked ? SAMPLE : ENDED;
    }
    bool played = !slot->tag.done && !slot->tag.sample && slot->resident && !review->deaf &&
                  slot->header.state == PL_STORE_SESSION_OPEN &&
                  now_ns - atomic_load(&slot->used_ns) < FOLLOW_NS;
    bool news = slot == bailiff->slot || atomic_load(&slot->kept_seq) > 0;
    return played && news ? FOLLOWED : NO_RANK;
}

/* True when `slot` goes before `other` of the same rank. */
static bool precedes(const struct bailiff *bailiff,
                     const struct pl_slot *slot,
                     const struct pl_slot *other,
                     enum rank rank)
{
    if (slot == bailiff->slot || other == bailiff->slot) {
        return slot == bailiff->slot; /* what was begun is gone on with */
    }
    return rank == FOLLOWED ? atomic_load(&slot->used_ns) > atomic_load(&other->used_ns)
                            : slot->review.ticket < other->review.ticket;
}

static struct pl_slot *choose(const struct bailiff *bailiff, enum rank *rank)
{
    struct pl_host *host = bailiff->host;
    struct pl_slot *best = NULL;
    int64_t now_ns = pl_now_monotonic_ns();
    *rank = NO_RANK;
    pl_mutex_lock(host->mutex);
    for (uint32_t i = 0; i < host->slot_count; i++) {
        struct pl_slot *slot = host->slots[i];
        enum rank own = rank_of(bailiff, slot, now_ns);
        if (own > *rank || (own == *rank && own != NO_RANK && precedes(bailiff, slot, best, own))) {
            best = slot;
            *rank = own;
        }
    }
    pl_mutex_unlock(host->mutex);
    return best;
}

/* True while somebody wants what the juror does. */
static bool is_wanted(const struct bailiff *bailiff, enum rank rank)
{
    struct pl_host *host = bailiff->host;
    if (atomic_load(&host->ending)) {
        return false;
    }
    pl_mutex_lock(host->mutex);
    bool wanted = rank == FOLLOWED || pl_host_review_works(bailiff->slot->review.phase);
    pl_mutex_unlock(host->mutex);
    return wanted;
}

/* ---- Orders --------------------------------------------------------------------------------- */

/* Wait for the answer to an order. An unwanted juror is ended when it does not stop by itself. */
static enum outcome listen(struct bailiff *bailiff,
                           enum rank rank,
                           enum pl_review_phase phase,
                           struct pl_child_message *reply)
{
    uint32_t unwanted = 0;
    for (;;) {
        enum pl_child_heard heard = pl_child_receive(bailiff->juror, LISTEN_MS, reply);
        bool wanted = is_wanted(bailiff, rank);
        unwanted += wanted ? 0 : 1;
        if (atomic_load(&bailiff->host->ending) || unwanted > UNWANTED_ROUNDS) {
            end_juror(bailiff);
            return UNWANTED;
        }
        if (heard == PL_CHILD_GONE) {
            end_juror(bailiff);
            return LOST;
        }
        if (heard == PL_CHILD_MESSAGE && reply->kind != PL_JUROR_PROGRESS) {
            bailiff->worked_ns = pl_now_monotonic_ns();
            return reply->kind == PL_JUROR_REFUSED ? REFUSED : wanted ? DONE : UNWANTED;
        }
        if (heard == PL_CHILD_MESSAGE && rank != FOLLOWED && wanted) {
            struct pl_juror_progress progress;
            PL_CHECK(reply->data.size == sizeof progress);
            memcpy(&progress, reply->data.data, sizeof progress);
            pl_host_review_set(bailiff->slot, phase, progress.done, progress.total);
        }
    }
}

static enum outcome order(struct bailiff *bailiff,
                          enum rank rank,
                          uint32_t kind,
                          pl_slice data,
                          struct pl_child_message *reply)
{
    static const enum pl_review_phase phases[] = {
        [PL_JUROR_BEGIN] = PL_REVIEW_OPENS,
        [PL_JUROR_ENTRY] = PL_REVIEW_HEARS,
        [PL_JUROR_FINISH] = PL_REVIEW_COMPARES,
    };
    if (!pl_child_send(bailiff->juror, kind, data)) {
        end_juror(bailiff);
        return LOST;
    }
    return listen(bailiff, rank, phases[kind], reply);
}

static enum outcome begin(struct bailiff *bailiff,
                          const struct pl_logbook *logbook,
                          enum rank rank,
                          struct pl_child_message *reply)
{
    struct pl_host *host = bailiff->host;
    struct pl_juror_case *charge = bailiff->charge;
    memset(charge, 0, sizeof *charge);
    snprintf(charge->content, sizeof charge->content, "%s", pl_library_directory(host->library));
    snprintf(charge->data, sizeof charge->data, "%s", host->data);
    charge->header = logbook->header;
    charge->particles = host->particles;
    charge->memory_max = pl_pages_machine() / MEMORY_SHARE;
    bailiff->heard_seq = 0;
    return order(
        bailiff, rank, PL_JUROR_BEGIN, (pl_slice){(const char *)charge, sizeof *charge}, reply);
}

static enum outcome hear(struct bailiff *bailiff,
                         const struct pl_logbook_entry *entry,
                         enum rank rank,
                         struct pl_child_message *reply)
{
    struct pl_juror_entry head = {.seq = entry->seq, .before_ns = entry->before_ns};
    snprintf(head.answer, sizeof head.answer, "%s", entry->answer);
    pl_buf_clear(&bailiff->entry);
    pl_buf_put(&bailiff->entry, (const char *)&head, sizeof head);
    pl_buf_puts(&bailiff->entry, entry->command);
    PL_CHECK(!bailiff->entry.overflow);
    enum outcome outcome = order(
        bailiff, rank, PL_JUROR_ENTRY, (pl_slice){bailiff->entry.data, bailiff->entry.size}, reply);
    if (outcome == DONE) {
        bailiff->heard_seq = entry->seq;
    }
    return outcome;
}

/* ---- A session ------------------------------------------------------------------------------ */

/* Hand over what the juror has not heard. A played session makes way for one that has ended. */
static enum outcome hand_over(struct bailiff *bailiff,
                              const struct pl_logbook *logbook,
                              enum rank rank,
                              struct pl_child_message *reply)
{
    enum outcome outcome = DONE;
    for (uint32_t i = 0; i < logbook->count && outcome == DONE; i++) {
        enum rank first = rank;
        if (logbook->entries[i].seq <= bailiff->heard_seq) {
            continue;
        }
        if (rank == ENDED || rank == SAMPLE) {
            pl_host_review_set(bailiff->slot, PL_REVIEW_HEARS, i, logbook->count);
        } else if (choose(bailiff, &first) != bailiff->slot) {
            return DONE;
        }
        outcome = hear(bailiff, &logbook->entries[i], rank, reply);
    }
    return outcome;
}

/* The juror has heard all of an incident that is over. */
static enum outcome finish(struct bailiff *bailiff, enum rank rank, struct pl_child_message *reply)
{
    struct pl_slot *slot = bailiff->slot;
    pl_host_review_set(slot, PL_REVIEW_COMPARES, 0, 1);
    enum outcome outcome = order(bailiff, rank, PL_JUROR_FINISH, (pl_slice){NULL, 0}, reply);
    if (outcome == DONE) {
        bailiff->slot = NULL;
        pl_host_review_keep(slot, reply->data);
    }
    return outcome;
}

/* One session as far as its log goes. */
static enum outcome
work(struct bailiff *bailiff, struct pl_slot *slot, enum rank rank, struct pl_child_message *reply)
{
    struct pl_logbook logbook = {0};
    pl_error err = {0};
    if (bailiff->juror == NULL &&
        pl_child_start(&bailiff->juror, PL_JUROR_ARGUMENT, NICE, &err) != PL_OK) {
        return LOST;
    }
    pl_status status = pl_logbook_load(&logbook, bailiff->host->data, slot->header.id, 0, &err);
    enum outcome outcome = DONE;
    if (status != PL_OK) {
        reply->data = pl_slice_of("The log of the session can't be read.");
        outcome = REFUSED;
    } else if (bailiff->slot != slot) {
        bailiff->slot = slot;
        if (rank != FOLLOWED) {
            pl_host_review_set(slot, PL_REVIEW_OPENS, 0, 1);
        }
        outcome = begin(bailiff, &logbook, rank, reply);
    }
    outcome = outcome == DONE ? hand_over(bailiff, &logbook, rank, reply) : outcome;
    pl_logbook_free(&logbook);
    if (outcome == DONE && rank != FOLLOWED) {
        outcome = finish(bailiff, rank, reply);
    }
    return outcome;
}

static void give_up(struct pl_slot *slot, enum rank rank, const char *message)
{
    struct pl_host *host = slot->host;
    if (rank == FOLLOWED) {
        pl_mutex_lock(host->mutex);
        slot->review.deaf = true;
        pl_mutex_unlock(host->mutex);
    } else {
        pl_host_review_fail(slot, message);
    }
}

static void attend(struct bailiff *bailiff, struct pl_slot *slot, enum rank rank)
{
    struct pl_child_message reply = {0};
    enum outcome outcome = LOST;
    for (uint32_t i = 0; i < TRIES && outcome == LOST; i++) {
        outcome = work(bailiff, slot, rank, &reply);
    }
    if (outcome == REFUSED) {
        char message[PL_ERROR_MESSAGE_MAX];
        snprintf(message, sizeof message, "%.*s", (int)reply.data.size, reply.data.data);
        give_up(slot, rank, message);
    } else if (outcome == LOST) {
        give_up(slot,
                rank,
                "The process that judges has ended twice; the machine may be short of "
                "memory.");
    }
    if (outcome != DONE) {
        bailiff->slot = NULL;
    }
}

/* ---- The thread ----------------------------------------------------------------------------- */

/* True when there is something to do for a session. */
static bool has_news(const struct bailiff *bailiff, const struct pl_slot *slot, enum rank rank)
{
    if (rank == FOLLOWED) {
        return slot != bailiff->slot || atomic_load(&slot->kept_seq) > bailiff->heard_seq;
    }
    return atomic_load(&slot->unwritten) == 0; /* its last entry is on disk */
}

static void attend_on(void *context, void *item)
{
    (void)item;
    struct bailiff *bailiff = context;
    struct pl_host *host = bailiff->host;
    while (!atomic_load(&host->ending)) {
        enum rank rank = NO_RANK;
        struct pl_slot *slot = choose(bailiff, &rank);
        if (slot != NULL && has_news(bailiff, slot, rank)) {
            attend(bailiff, slot, rank);
            continue;
        }
        if (bailiff->juror != NULL && pl_now_monotonic_ns() - bailiff->worked_ns > IDLE_NS) {
            end_juror(bailiff);
        }
        pl_now_sleep_until(pl_now_monotonic_ns() + PAUSE_NS);
    }
    end_juror(bailiff);
}

static void free_bailiff(struct bailiff *bailiff)
{
    if (bailiff != NULL) {
        free(bailiff->charge);
        free(bailiff->entry.data);
        free(bailiff);
    }
}

pl_status pl_host_judge_start(struct pl_host *host, pl_error *err)
{
    PL_CHECK(host != NULL && host->judge == NULL);
    struct bailiff *bailiff = calloc(1, sizeof *bailiff);
    if (bailiff == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory to start.");
    }
    char *memory = malloc(PL_ENTRY_SIZE_MAX);
    bailiff->host = host;
    bailiff->charge = calloc(1, sizeof *bailiff->charge);
    if (memory != NULL) {
        pl_buf_init(&bailiff->entry, memory, PL_ENTRY_SIZE_MAX);
    }
    host->bailiff = bailiff;
    if (memory == NULL || bailiff->charge == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory to start.");
    }
    struct pl_beside_work thread = {.context = bailiff, .take = attend_on};
    pl_status status = pl_beside_start(&host->judge, &thread, err);
    if (status == PL_OK && !pl_beside_put(host->judge, bailiff)) {
        status = pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory to start.");
    }
    return status;
}

void pl_host_judge_end(struct pl_host *host)
{
    PL_CHECK(host != NULL && atomic_load(&host->ending));
    pl_beside_end(host->judge);
    free_bailiff(host->bailiff);
    host->judge = NULL;
    host->bailiff = NULL;
}
