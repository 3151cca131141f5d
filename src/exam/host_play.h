// SPDX-License-Identifier: Apache-2.0
//
// Playing a session of the host: commands, ticks, panels, the clock, and who is told about it.
// Everything here runs in the lane of the session.
#ifndef PL_EXAM_HOST_PLAY_H
#define PL_EXAM_HOST_PLAY_H

#include "exam/host_types.h"

/** Do what is asked of a session; its room is brought back first when it is not there. */
void pl_host_play_serve(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk);

/** Obey a command and answer the ask when its entry is on disk. The room is there. */
void pl_host_play_command(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk);

/** Read a panel that was seen before. */
void pl_host_play_panel(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk);

/** Read several panels that were seen before; those that would enter the log are told as due. */
void pl_host_play_panels(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk);

/** Pause, resume or speed up a live clock. */
void pl_host_play_clock(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk);

/** Tell a watcher what it has missed, and from now on everything. */
void pl_host_play_watch(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk);

/** Entries after a number. */
void pl_host_play_entries(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk);

/** Task of a slot (the context): let a live session come to its present. The item is not used. */
void pl_host_play_tick(void *context, void *item, uint32_t worker);

/** Write the entry that a desk holds to the log; `ask` may be NULL. */
void pl_host_play_keep(struct pl_slot *slot,
                       const struct pl_room_step *step,
                       struct pl_ask *ask,
                       struct pl_desk *desk);

/** Tell all watchers. */
void pl_host_play_tell(struct pl_slot *slot, const char *event, const uint64_t *id, pl_slice json);

/** Bring what lists show up to date: time, state. */
void pl_host_play_note(struct pl_slot *slot);

/** Let a live clock go on that stood because nobody was there. */
void pl_host_play_wake(struct pl_slot *slot);

#endif
