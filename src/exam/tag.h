// SPDX-License-Identifier: Apache-2.0
//
// What is kept of a session beside its evidence log: whose it is, how its clock runs, and the main
// figures of its analysis for lists. One small file per session, replaced as a whole.
//
// Nothing that decides an answer or a score stands here.
#ifndef PL_EXAM_TAG_H
#define PL_EXAM_TAG_H

#include "base/error.h"
#include "store/store.h"

#include <stdbool.h>

enum { PL_TAG_OWNER_SIZE = 65 /* bytes of an owner's id with its terminator */ };

/** A session's tag. */
struct pl_tag {
    char owner[PL_TAG_OWNER_SIZE];
    char from[PL_STORE_ID_SIZE]; /* session that it goes on from, "" for none */
    double from_s;               /* and from when */
    double speed;                /* live clock: simulated seconds per second */
    bool running;                /* live clock: not paused by its player */
    bool sample;                 /* made by a bot as an example */
    bool done;                   /* the incident is over */
    bool judged;                 /* damage and score are known */
    double done_s;               /* when it was over */
    double damage;               /* share of the month's error budget */
    double score;                /* 0..100 */
};

/**
 * Read a tag.
 *
 * @param tag   filled; with defaults when there is none
 * @param data  directory of the store
 * @param id    of the session
 * @return true when there is one
 */
bool pl_tag_load(struct pl_tag *tag, const char *data, const char *id);

/** Write a tag; see pl_file_save. The directory `sessions` of the store is made when missing. */
pl_status pl_tag_save(const struct pl_tag *tag, const char *data, const char *id, pl_error *err)
    __attribute__((warn_unused_result));

#endif
