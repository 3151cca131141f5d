// SPDX-License-Identifier: Apache-2.0
//
// The process that judges for a host: one session at a time, entry by entry, while it is played.
//
//   host    BEGIN, ENTRY ..., FINISH          each after the reply to the one before
//   juror   TAKEN, TAKEN ..., REPORT          or REFUSED; PROGRESS any time in between
//
// It has memory of its own, so the host can end it in the middle of anything. Worlds that it has
// opened stay open for later sessions of the same scenario, as long as memory allows. Its report is
// that of `plumb judge` with as many worlds, with the debrief added.
#ifndef PL_EXAM_JUROR_H
#define PL_EXAM_JUROR_H

#include "base/error.h"
#include "os/child.h"
#include "os/file.h"
#include "store/store.h"

#include <stdint.h>

/** Argument by which `plumb` knows that it is to be a juror. */
#define PL_JUROR_ARGUMENT "work"

/** Kinds of messages. */
enum pl_juror_kind {
    PL_JUROR_BEGIN, /* a struct pl_juror_case; what was heard before is forgotten */
    PL_JUROR_ENTRY, /* a struct pl_juror_entry and the command */
    PL_JUROR_FINISH,
    PL_JUROR_PROGRESS, /* a struct pl_juror_progress */
    PL_JUROR_TAKEN,    /* done as told */
    PL_JUROR_REPORT,   /* the analysis with the debrief, JSON */
    PL_JUROR_REFUSED   /* a sentence; only BEGIN can follow */
};

/** What is judged. */
struct pl_juror_case {
    char content[PL_FILE_PATH_MAX]; /* directory */
    char data[PL_FILE_PATH_MAX];    /* directory for what does not fit in memory */
    struct pl_store_session header;
    uint32_t particles; /* worlds per cause */
    uint32_t reserved;
    uint64_t memory_max; /* bytes; above it worlds of other scenarios are given back */
};

/** An entry of its log; the command follows. */
struct pl_juror_entry {
    int64_t seq;
    int64_t before_ns;
    char answer[64]; /* hash as text */
};

/** How far the work on the last order is. */
struct pl_juror_progress {
    uint32_t done;
    uint32_t total;
};

/** Work until the host is gone. */
void pl_juror_run(struct pl_child *host);

#endif
