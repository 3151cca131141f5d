// SPDX-License-Identifier: Apache-2.0
//
// Which session is judged when: one thread that waits for one juror (exam/juror.h).
//
//   1. incidents that are over, in the order in which they ended
//   2. the incident that somebody plays, entry by entry as they reach the disk, so that little is
//      left to do at its end
//   3. samples that nobody has asked about
//
// The juror gives way to everything else on the machine. It is ended at once with the host, and
// when the analysis that it works on is not wanted any more.
#ifndef PL_EXAM_HOST_JUDGE_H
#define PL_EXAM_HOST_JUDGE_H

#include "exam/host_types.h"

/** Start the thread; PL_OK, PL_NO_MEMORY or PL_LIMIT. */
pl_status pl_host_judge_start(struct pl_host *host, pl_error *err)
    __attribute__((warn_unused_result));

/** End it and its juror; `ending` of the host is set. Without a thread nothing happens. */
void pl_host_judge_end(struct pl_host *host);

#endif
