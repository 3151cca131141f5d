// SPDX-License-Identifier: Apache-2.0
//
// Topics: messages wait in a bounded ring until one of the group's consumers takes them; a consumer
// runs a route of its service per message, at most `consumers` at once.
#include "model/topic.h"

#include "model/balancer.h"
#include "model/frame.h"
#include "model/service.h"

static double knob(const struct pl_ctx *ctx, uint32_t topic, enum pl_topic_knob knob)
{
    return pl_ctx_param(ctx, ctx->world->topics[topic].param0 + (uint32_t)knob);
}

void pl_topic_publish(struct pl_ctx *ctx, uint32_t topic, uint64_t key)
{
    const struct pl_topic *def = &ctx->world->topics[topic];
    struct pl_topic_state *state = &ctx->topics[topic];
    state->published++;
    if (pl_ctx_observed(ctx)) {
        ctx->record->topic_published[topic]++;
    }
    if (def->consumer_route == PL_NONE) {
        return;
    }
    if (state->count == def->depth_max) {
        state->dropped++;
        return;
    }
    uint32_t at = (state->head + state->count) % def->depth_max;
    ctx->messages[state->ring0 + at] =
        (struct pl_message){pl_random_child(key, PL_DRAW_TOPIC + topic), ctx->now};
    state->count++;
    pl_meter_wait(&state->meter, ctx->now);
    pl_topic_pump(ctx, topic);
}

void pl_topic_pump(struct pl_ctx *ctx, uint32_t topic)
{
    const struct pl_topic *def = &ctx->world->topics[topic];
    struct pl_topic_state *state = &ctx->topics[topic];
    if (def->consumer_route == PL_NONE || knob(ctx, topic, PL_TOPIC_PAUSED) > 0.5) {
        return;
    }
    if (pl_balancer_pick(ctx, ctx->world->routes[def->consumer_route].service, state->published) ==
        PL_NONE) {
        return; /* no consumer process runs; messages wait */
    }
    while (state->count > 0 && (double)state->working < knob(ctx, topic, PL_TOPIC_CONSUMERS)) {
        struct pl_message message = ctx->messages[state->ring0 + state->head];
        uint32_t id = pl_frame_new(ctx, message.key, pl_random_mix(message.key));
        if (id == 0) {
            return;
        }
        state->head = (state->head + 1) % def->depth_max;
        state->count--;
        state->working++;
        pl_meter_unwait(&state->meter, ctx->now, message.t_ns);
        pl_meter_enter(&state->meter, ctx->now);
        struct pl_frame *f = pl_frame_of(ctx, id);
        f->topic = topic;
        f->flags |= PL_FRAME_ODD;
        pl_frame_walk(ctx, f, def->consumer_route);
        pl_service_arrive(ctx, id);
    }
}

void pl_topic_answer(struct pl_ctx *ctx, uint32_t frame, enum pl_code code)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    uint32_t topic = f->topic;
    struct pl_topic_state *state = &ctx->topics[topic];
    (void)code; /* at most once: what failed is not delivered again */
    PL_CHECK(state->working > 0);
    state->working--;
    pl_meter_leave(&state->meter, ctx->now, f->start_ns);
    if (pl_ctx_observed(ctx)) {
        ctx->record->topic_consumed[topic]++;
    }
    f->topic = PL_NONE;
    if (f->worker_ns != 0) {
        pl_topic_pump(ctx, topic); /* a refused one returns into the loop that sent it */
    }
}
