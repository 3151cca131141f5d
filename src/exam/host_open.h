// SPDX-License-Identifier: Apache-2.0
//
// How sessions of the host come into memory and leave it: new ones, ones from the log, idle ones.
// Everything here but pl_host_open_create runs in the lane of the session.
#ifndef PL_EXAM_HOST_OPEN_H
#define PL_EXAM_HOST_OPEN_H

#include "exam/host_types.h"

/** Begin a new session; the ask is answered when it is in the log. Any thread. */
void pl_host_open_create(struct pl_host *host, struct pl_ask *ask);

/** Make a slot that is in no list yet; NULL when there is no memory. */
struct pl_slot *pl_host_open_slot(struct pl_host *host);

/** Put a slot in the list. False when there is no memory. */
bool pl_host_open_list(struct pl_slot *slot);

/**
 * See that a session is in memory.
 *
 * @param slot  session
 * @param ask   kept until it is there, then served
 * @return true when it is there: the ask is still the caller's
 */
bool pl_host_open_ready(struct pl_slot *slot, struct pl_ask *ask);

/** Keep an ask until pl_host_open_drain. */
void pl_host_open_wait(struct pl_slot *slot, struct pl_ask *ask);

/** Serve all asks that wait. */
void pl_host_open_drain(struct pl_slot *slot, struct pl_desk *desk);

/** Take a session out of memory; its log is closed as it is. */
void pl_host_open_drop(struct pl_slot *slot);

/** Task of a slot (the context): replay a session that is closed for ever and keep what was shown,
 * so that nobody has to wait for that. The item is not used. */
void pl_host_open_keep(void *context, void *item, uint32_t worker);

/** Task of a slot (the context): take an idle session out of memory; one that is done is closed for
 * ever. */
void pl_host_open_rest(void *context, void *item, uint32_t worker);

#endif
