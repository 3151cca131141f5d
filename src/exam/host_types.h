// SPDX-License-Identifier: Apache-2.0
//
// The inside of the host, shared by its modules.
#ifndef PL_EXAM_HOST_TYPES_H
#define PL_EXAM_HOST_TYPES_H

#include "exam/ask.h"
#include "exam/library.h"
#include "exam/room.h"
#include "exam/shown.h"
#include "exam/tag.h"
#include "os/crew.h"
#include "os/file.h"
#include "os/mutex.h"
#include "store/writer.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    PL_HOST_QUICK, /* what somebody waits for */
    PL_HOST_TICKS, /* time of live sessions; when there is too much of it, it waits, not commands */
    PL_HOST_HEAVY,
    PL_HOST_SPARE, /* what nobody waits for yet */
    PL_HOST_RANKS  /* ranks of the crew */
};

/** How far an analysis is. */
enum pl_review_phase {
    PL_REVIEW_NONE,
    PL_REVIEW_WAITS,    /* for others before it */
    PL_REVIEW_OPENS,    /* worlds are opened */
    PL_REVIEW_HEARS,    /* entry by entry */
    PL_REVIEW_COMPARES, /* moves with what else could have been done */
    PL_REVIEW_DONE,
    PL_REVIEW_FAILED
};

/** Progress of an analysis. */
struct pl_review_state {
    uint32_t phase; /* enum pl_review_phase */
    uint32_t done;
    uint32_t total;
    bool asked;                         /* somebody wants to see it */
    bool deaf;                          /* it can't be followed while it is played */
    uint64_t ticket;                    /* who waits longer has the lower one */
    char message[PL_ERROR_MESSAGE_MAX]; /* why it failed */
};

/** One session that the host knows. Lives as long as the host. */
struct pl_slot {
    struct pl_host *host;
    struct pl_lane *lane;
    /* Guarded by the host's mutex. */
    struct pl_store_session header;
    struct pl_tag tag;
    struct pl_review_state review;
    double t_s;
    bool live_running;
    bool resident;
    /* Of the lane's tasks alone. */
    struct pl_room *room;
    struct pl_shown *shown;   /* what is kept of it, instead of a room */
    struct pl_store_log *log; /* NULL: closed for ever, or not opened */
    struct pl_ask *waiting;   /* asks that wait for the room, in order */
    struct pl_ask *waiting_last;
    struct pl_watcher *watchers;
    int64_t durable_seq; /* entries on disk */
    int64_t ticked_ns;   /* live clock: simulated time of the last entry */
    bool opening;
    bool broken; /* a write failed: what is in memory is ahead of the log */
    /* Any thread. */
    atomic_bool ticking;   /* a tick is posted */
    atomic_llong due_ns;   /* monotonic clock at which it was due */
    atomic_uint watching;  /* watchers */
    atomic_llong used_ns;  /* monotonic clock at the last ask */
    atomic_llong kept_seq; /* durable_seq for the judge's thread */
    atomic_uint unwritten; /* writes on their way */
};

/** The host. */
struct pl_host {
    char data[PL_FILE_PATH_MAX];
    struct pl_library *library;
    struct pl_forms *forms;
    struct pl_store_writer *writer;
    struct pl_crew *crew;
    struct pl_lane *desk_lane; /* asks that concern no session */
    struct pl_beside *ticker;
    struct pl_beside *spooler; /* writes transcripts */
    struct pl_beside *judge;   /* the thread of host_judge.h */
    struct bailiff *bailiff;   /* its own */
    struct pl_desk *desks;     /* one per thread of the crew */
    uint32_t desk_count;
    uint32_t particles;
    double disk_share;      /* that has to be free for a new session */
    uint32_t session_max;   /* of one owner in memory */
    struct pl_mutex *mutex; /* guards all below */
    struct pl_slot **slots; /* oldest first */
    uint32_t slot_count;
    uint32_t slot_room;
    uint64_t tickets; /* given to analyses */
    atomic_bool ending;
    atomic_uint asks;   /* unanswered */
    atomic_uint writes; /* on their way */
};

/** A write with what follows it. */
struct pl_host_write {
    struct pl_store_write write;
    struct pl_slot *slot;
    struct pl_ask *ask; /* answered when it is done; NULL: nobody waits */
    int64_t seq;        /* ENTRY */
    char kind[16];
    char body[]; /* of the entry */
};

/** What a thread of the crew works with. */
static inline struct pl_desk *pl_host_desk(struct pl_host *host, uint32_t worker)
{
    return &host->desks[worker];
}

#endif
