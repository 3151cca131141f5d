// SPDX-License-Identifier: Apache-2.0
//
// What if: from a moment of a session that is over, the future that was played and another one,
// with the same seed.
#ifndef PL_EXAM_HOST_WHATIF_H
#define PL_EXAM_HOST_WHATIF_H

#include "exam/host_types.h"

/** Answer with both futures, from a heavy thread. */
void pl_host_whatif_answer(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk);

#endif
