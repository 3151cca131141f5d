// SPDX-License-Identifier: Apache-2.0
//
// The queue of a pod: order, classes, a full queue, and those whose callers gave up.
//
// Without classes it is a list that grows at the tail; a FIFO queue serves the head, a LIFO queue
// the tail. When the routes of a service differ in priority, the list is ordered by class, the one
// to serve next is always the head, and the one to lose a place is always the tail. A request in
// service is never interrupted (non-preemptive classes). A queue may limit the wait by a law; who
// has waited that long is refused.
#include "model/backlog.h"

#include "model/frame.h"

static uint32_t priority_of(const struct pl_ctx *ctx, uint32_t frame)
{
    return ctx->world->routes[ctx->frames[frame].route].priority;
}

/*
 * Put a frame into the queue behind all of its class and before the classes that come later; of
 * equals a LIFO queue serves the newest first, so there it goes before its own class. The next one
 * to serve is always the head. The two ends are searched in turn: one of them is near.
 */
static void add_by_class(struct pl_ctx *ctx, struct pl_pod *pod, uint32_t frame)
{
    struct pl_list *queue = &pod->queue;
    uint32_t lifo = ctx->world->services[pod->service].queue_lifo;
    /* The frame stands before the first one whose class is `bound` or later. */
    uint32_t bound = priority_of(ctx, frame) + (lifo ? 0 : 1);
    uint32_t from_head = queue->head;
    uint32_t from_tail = queue->tail;
    while (from_tail != 0 && priority_of(ctx, from_tail) >= bound) {
        if (priority_of(ctx, from_head) >= bound) {
            from_tail = ctx->frames[from_head].queue_previous;
            break;
        }
        from_head = ctx->frames[from_head].queue_next;
        from_tail = ctx->frames[from_tail].queue_previous;
    }
    pl_list_insert(ctx, queue, from_tail, frame);
}

void pl_backlog_add(struct pl_ctx *ctx, uint32_t pod_index, uint32_t frame)
{
    struct pl_pod *pod = &ctx->pods[pod_index];
    if (ctx->world->services[pod->service].queue_classes) {
        add_by_class(ctx, pod, frame);
    } else {
        pl_list_append(ctx, &pod->queue, frame);
    }
    const pl_law *wait = &ctx->world->services[pod->service].queue_wait;
    if (wait->mean_s > 0.0) {
        uint64_t bits = pl_random_bits(ctx->frames[frame].key, PL_DRAW_QUEUE);
        pl_ctx_timer(ctx, frame, pl_clock_ns(pl_law_draw(wait, bits)));
    }
}

uint32_t pl_backlog_take(struct pl_ctx *ctx, uint32_t pod_index)
{
    struct pl_pod *pod = &ctx->pods[pod_index];
    const struct pl_service *def = &ctx->world->services[pod->service];
    PL_DCHECK(pod->queue.count > 0);
    uint32_t frame = def->queue_lifo && !def->queue_classes ? pod->queue.tail : pod->queue.head;
    pl_list_remove(ctx, &pod->queue, frame);
    if (def->queue_wait.mean_s > 0.0) {
        pl_ctx_untimer(ctx, frame);
    }
    return frame;
}

void pl_backlog_expired(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    struct pl_pod *pod = &ctx->pods[f->pod];
    pl_list_remove(ctx, &pod->queue, frame);
    pl_sums_unwait(&pod->serving, ctx->now, f->since_ns);
    ctx->services[pod->service].refused++;
    pl_frame_refuse(ctx, frame, PL_CODE_UNAVAILABLE);
}

bool pl_backlog_make_room(struct pl_ctx *ctx, uint32_t pod_index, uint32_t frame)
{
    struct pl_pod *pod = &ctx->pods[pod_index];
    uint32_t last = pod->queue.tail;
    if (!ctx->world->services[pod->service].queue_classes ||
        priority_of(ctx, last) <= priority_of(ctx, frame)) {
        return false;
    }
    pl_list_remove(ctx, &pod->queue, last);
    pl_sums_unwait(&pod->serving, ctx->now, ctx->frames[last].since_ns);
    ctx->services[pod->service].refused++;
    pl_record_frame_event(
        ctx, PL_LOG_QUEUE_FULL, last, ctx->frames[last].route, 0, (int64_t)pod->queue.count);
    pl_frame_refuse(ctx, last, PL_CODE_UNAVAILABLE);
    return true;
}

void pl_backlog_abandoned(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    if (f->state != PL_FRAME_QUEUED) {
        return;
    }
    struct pl_pod *pod = &ctx->pods[f->pod];
    if (!ctx->world->services[pod->service].queue_drop) {
        return;
    }
    pl_list_remove(ctx, &pod->queue, frame);
    pl_sums_unwait(&pod->serving, ctx->now, f->since_ns);
    pl_frame_refuse(ctx, frame, PL_CODE_TIMEOUT);
}
