// SPDX-License-Identifier: Apache-2.0
//
// Pods with workers and a processor: their life, rollouts and collector pauses. What it does is
// told at the top of service.c.
#ifndef PL_MODEL_SERVICE_H
#define PL_MODEL_SERVICE_H

#include "model/state.h"

/** Prepare a service's pods at time 0. */
void pl_service_start(struct pl_ctx *ctx, uint32_t service);

/** A request reached the service: choose a pod, admit, queue or begin. */
void pl_service_arrive(struct pl_ctx *ctx, uint32_t frame);

/** A request leaves its pod: worker and route count are given back. */
void pl_service_leave(struct pl_ctx *ctx, uint32_t frame);

/** Processor work of a frame; false when the station is full. */
bool pl_service_compute(struct pl_ctx *ctx, uint32_t frame, double work_ns);

/** A pod's event: kind 0 processor, 1 collector, 2 lifecycle. */
void pl_service_pod_fire(struct pl_ctx *ctx, uint32_t pod, uint32_t kind);

/** A service's event: kind 0 rollout, 1 probes, 2 autoscaler. */
void pl_service_fire(struct pl_ctx *ctx, uint32_t service, uint32_t kind);

/** A param of the service changed. */
void pl_service_changed(struct pl_ctx *ctx, uint32_t service, enum pl_service_knob changed);

/** Stop a process at once: its requests get a reset, its connections close. restart: as in drain.
 */
void pl_service_kill(struct pl_ctx *ctx, uint32_t pod, uint32_t reason, uint32_t restart);

/** Begin to take a pod out of service gracefully; restart 0: for good, 1: same release, 2: the
 * rollout's. */
void pl_service_drain(struct pl_ctx *ctx, uint32_t pod, uint32_t reason, uint32_t restart);

/** Start processes until `wanted` run, or drain the newest. */
void pl_service_scale(struct pl_ctx *ctx, uint32_t service, uint32_t wanted);

/** Pods that run or boot and are not to be replaced. */
uint32_t pl_service_running(const struct pl_ctx *ctx, uint32_t service);

#endif
