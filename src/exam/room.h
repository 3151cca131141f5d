// SPDX-License-Identifier: Apache-2.0
//
// One session in memory while it is played through a server: the session, its transcript, its
// clock. One thread at a time; nothing here waits for a disk's flush or for another session.
//
//   pl_room_apply   a new command; its entry still has to be written to the log
//   pl_room_repeat  an entry of a log: after a restart, and for the past of another session
#ifndef PL_EXAM_ROOM_H
#define PL_EXAM_ROOM_H

#include "exam/content.h"
#include "exam/forms.h"
#include "exam/pace.h"
#include "exam/refusals.h"
#include "exam/transcript.h"
#include "session/session.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_ROOM_SEEN_MAX = 128 /* different panels that a session remembers as seen */ };

/** Memory for one command at a time, owned; one per thread. */
struct pl_desk {
    struct pl_buf answer; /* of the last command */
    struct pl_buf entry;  /* body of its entry */
    struct pl_buf out;    /* for whatever is put together */
    void *scratch;        /* lent to the session that is worked on */
    size_t scratch_size;
};

/** A panel that was looked at. */
struct pl_seen {
    uint64_t panel;  /* hash of service, panel, by and window */
    int64_t seen_ns; /* last logged look */
};

/** A session. */
struct pl_room {
    const struct pl_content *content; /* borrowed */
    struct pl_session *session;
    struct pl_transcript *transcript;
    struct pl_pace pace; /* live clock */
    uint32_t clock;      /* enum pl_clock */
    uint32_t seen_count;
    struct pl_seen seen[PL_ROOM_SEEN_MAX];
    struct pl_refusals refusals; /* answers that no entry has */
    struct pl_forms *forms;      /* borrowed, NULL: it shares no opening */
    struct pl_form_seat seat;
};

/** What a room is opened with. */
struct pl_room_def {
    const struct pl_content *content; /* borrowed for the life of the room */
    struct pl_forms *forms;           /* the same; NULL: the opening is shared with nobody */
    const char *directory;            /* for its transcript */
    struct pl_beside *writer; /* of transcripts; NULL: putting an entry waits for the disk */
    uint64_t seed;
    uint32_t clock; /* enum pl_clock */
    double speed;   /* live clock */
};

/** What became of a command. */
struct pl_room_step {
    struct pl_outcome outcome;
    int64_t seq; /* of its entry; 0: none */
};

/** Take memory for commands. PL_OK or PL_NO_MEMORY. */
pl_status pl_desk_init(struct pl_desk *desk, pl_error *err) __attribute__((warn_unused_result));

/** Give it back; a zeroed desk is allowed. */
void pl_desk_free(struct pl_desk *desk);

/**
 * Open a session at its opening; the warm-up takes a good part of a second, unless another session
 * of the form is in play. Its clock stands.
 *
 * @param room  filled with an owned handle for pl_room_close
 * @param def   copied
 * @param err   sentence
 * @return PL_OK, PL_NO_MEMORY, PL_IO or why the form cannot be opened
 */
pl_status pl_room_open(struct pl_room **room, const struct pl_room_def *def, pl_error *err)
    __attribute__((warn_unused_result));

/** Simulated present by the session's own clock: live ones follow `real_ns`, the monotonic clock.
 */
int64_t pl_room_present(const struct pl_room *room, int64_t real_ns);

/**
 * Lend a desk's scratch to the room's session. Whoever uses the session does this first, in each
 * task: the desk of the last one may be at work elsewhere.
 */
void pl_room_lend(struct pl_room *room, struct pl_desk *desk);

/**
 * Apply a command.
 *
 * @param room     changed
 * @param now_ns   simulated present, see pl_room_present
 * @param command  JSON, anything may stand there
 * @param key      by which the client names it: letters, digits, `-`, `_` and `.`; or empty
 * @param desk     its answer and, for a kept command, its entry are filled
 * @param step     filled
 * @param err      why the transcript cannot be kept
 * @return PL_OK, PL_IO or PL_NO_MEMORY: then the room is of no use any more
 */
pl_status pl_room_apply(struct pl_room *room,
                        int64_t now_ns,
                        pl_slice command,
                        pl_slice key,
                        struct pl_desk *desk,
                        struct pl_room_step *step,
                        pl_error *err) __attribute__((warn_unused_result));

/**
 * Apply an entry of a log again and compare.
 *
 * @param room   changed
 * @param entry  the next one of its log
 * @param keep   with its key: the entry is the room's own; without: another session's
 * @param desk   filled as by pl_room_apply
 * @param step   filled; entries of copies (`fork`) leave seq 0
 * @param err    sentence
 * @return PL_OK, PL_CORRUPT when the answer differs, PL_IO or PL_NO_MEMORY
 */
pl_status pl_room_repeat(struct pl_room *room,
                         const struct pl_store_entry *entry,
                         bool keep,
                         struct pl_desk *desk,
                         struct pl_room_step *step,
                         pl_error *err) __attribute__((warn_unused_result));

/** Hash of what makes a panel the same panel. */
uint64_t pl_room_panel(const char *service, const char *panel, const char *by, const char *window);

/** Last logged look at a panel; -1: it was never looked at. */
int64_t pl_room_seen(const struct pl_room *room, uint64_t panel);

/** True for a key that a client may use. */
bool pl_room_is_key(pl_slice key);

/** Give everything back. NULL is allowed. */
void pl_room_close(struct pl_room *room);

#endif
