// SPDX-License-Identifier: Apache-2.0
//
// A bot plays a session, and the session becomes the text of an export (store/ndjson.h).
//
// Nothing of the machine is read but what the caller gives, and nothing is shared between desks, so
// that sessions can be played on threads.
#ifndef PL_EXAM_BOT_PLAY_H
#define PL_EXAM_BOT_PLAY_H

#include "base/buf.h"
#include "base/error.h"
#include "bots/bot.h"
#include "exam/content.h"
#include "session/session.h"

#include <stdbool.h>
#include <stdint.h>

/** What is played. */
struct pl_bot_plan {
    const struct pl_content *content;
    const struct pl_knowledge *knowledge; /* NULL: nothing was learned */
    const struct pl_bot_def *bot;
    uint64_t seed;          /* of the form; the bot's own draws are its children */
    const char *created_at; /* for the header */
    bool stay;              /* the bot's close becomes a wait for the end of the time */
};

/** What became of it, from the debrief. */
struct pl_bot_result {
    char cause[PL_NAME_MAX];
    uint32_t looks;
    uint32_t acts;
    uint32_t entries;
    double closed_s;    /* since the opening */
    double mitigated_s; /* since the page; negative: never */
    double damage;      /* of the month's budget after the page */
    double damage_noop; /* the same without any act */
    double cpu_s;       /* of this thread */
    bool still_hurting;
};

/** Memory for one session at a time, owned. Zeroed before use. */
struct pl_bot_desk {
    void *session;
    size_t session_size;
    void *bot;
    struct pl_buf answer;
    struct pl_buf entry;
    struct pl_buf command;
    char *text; /* the export of the last session */
    size_t text_size;
    size_t text_room;
};

/** Take memory for sessions of a content. */
pl_status pl_bot_desk_init(struct pl_bot_desk *desk,
                           const struct pl_content *content,
                           pl_error *err) __attribute__((warn_unused_result));

/** Give it back; a zeroed desk is allowed. */
void pl_bot_desk_free(struct pl_bot_desk *desk);

/**
 * Play.
 *
 * @param plan    what
 * @param desk    memory; its text is the export afterwards
 * @param result  filled
 * @param err     sentence
 * @return PL_OK or why the form cannot be opened or written down
 */
pl_status pl_bot_play(const struct pl_bot_plan *plan,
                      struct pl_bot_desk *desk,
                      struct pl_bot_result *result,
                      pl_error *err) __attribute__((warn_unused_result));

/**
 * First seed from `seed` on whose form has a cause.
 *
 * @param content  scenario
 * @param cause    index
 * @param seed     changed
 * @param desk     memory
 * @param err      sentence
 * @return PL_OK, PL_NOT_FOUND after many forms, or why forms cannot be opened
 */
pl_status pl_bot_seed_of_cause(const struct pl_content *content,
                               uint32_t cause,
                               uint64_t *seed,
                               struct pl_bot_desk *desk,
                               pl_error *err) __attribute__((warn_unused_result));

#endif
