// SPDX-License-Identifier: Apache-2.0
//
// Databases: statements, replicas, failover. What it does is told at the top of database.c.
#ifndef PL_MODEL_DATABASE_H
#define PL_MODEL_DATABASE_H

#include "model/state.h"

/** Prepare a database at time 0. */
void pl_database_start(struct pl_ctx *ctx, uint32_t database);

/** True when the server accepts one more connection. */
bool pl_database_accepts(const struct pl_ctx *ctx, uint32_t database);

/** Run the statement of the frame's present step on its connection. */
void pl_database_query(struct pl_ctx *ctx, uint32_t frame);

/** A station fired: database * (1 + PL_REPLICAS_MAX) is a primary, its replicas stand behind. */
void pl_database_fire(struct pl_ctx *ctx, uint32_t station);

/** The part of a statement outside the processor is over. */
void pl_database_disk_done(struct pl_ctx *ctx, uint32_t frame);

/** The end of a failover. */
void pl_database_up(struct pl_ctx *ctx, uint32_t database);

/** Take a frame that is being killed out of the database's processors. */
void pl_database_abort(struct pl_ctx *ctx, uint32_t frame);

/** Poll a replica for a recent write. */
void pl_database_await(struct pl_ctx *ctx, uint32_t frame);

/** Bring the replicas' positions up to now. */
void pl_database_apply(struct pl_ctx *ctx, uint32_t database);

/** Seconds that a replica is behind, as of the last pl_database_apply. */
double pl_database_lag_s(const struct pl_ctx *ctx, uint32_t database, uint32_t replica);

/** Recompute foreign load after a param or job changed. */
void pl_database_load(struct pl_ctx *ctx, uint32_t database);

/** A param of the database changed. */
void pl_database_changed(struct pl_ctx *ctx, uint32_t database, enum pl_database_knob changed);

#endif
