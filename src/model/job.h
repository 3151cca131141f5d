// SPDX-License-Identifier: Apache-2.0
//
// Background jobs on a database. What it does is told at the top of job.c.
#ifndef PL_MODEL_JOB_H
#define PL_MODEL_JOB_H

#include "model/state.h"

/** A job's event: its next batch begins or ends. */
void pl_job_fire(struct pl_ctx *ctx, uint32_t job);

/** A param of the job changed. */
void pl_job_changed(struct pl_ctx *ctx, uint32_t job, enum pl_job_knob changed);

#endif
