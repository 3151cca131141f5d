// SPDX-License-Identifier: Apache-2.0
//
// Consumer groups.
//
//   idle --(max_records there, or linger over)--> batch in flight --ok--> committed --> idle
//                                                       | error: the same records after `retry`
//                                                       | poll_interval over: the member is thrown
//                                                         out, its batches count for nothing
//   member joins, leaves, is thrown out --> rebalance: nobody polls; then partitions are given out
//
// Invariants:
//  (1) a lane has at most one batch that can commit; a batch whose lane has forgotten it goes on,
//      and what it puts out is a duplicate;
//  (2) partition p belongs to member floor(p * members / partitions) in the order of pods; members
//      beyond the number of partitions have nothing to do;
//  (3) `inflight` of a member counts all its batches, also forgotten ones: it joins again when the
//      last of them has ended.
#include "model/group.h"

#include "model/broker.h"
#include "model/frame.h"
#include "model/service.h"
#include "model/volume.h"

static const int64_t tick_ns = 5 * PL_NS_PER_S;
static const int64_t again_ns = PL_NS_PER_S / 2; /* between looks at batches that are waited for */
static const double cold_wait_s = 0.001;         /* shorter reads are not worth an event */

static const struct pl_group_def *def_of(const struct pl_ctx *ctx, uint32_t group)
{
    return &ctx->world->streams.groups[group];
}

static uint32_t partitions_of(const struct pl_ctx *ctx, uint32_t group)
{
    return ctx->world->streams.streams[def_of(ctx, group)->stream].partitions;
}

static uint32_t service_of(const struct pl_ctx *ctx, uint32_t group)
{
    return ctx->world->routes[def_of(ctx, group)->route].service;
}

static double knob(const struct pl_ctx *ctx, uint32_t group, enum pl_group_knob knob)
{
    return pl_ctx_param(ctx, def_of(ctx, group)->param0 + (uint32_t)knob);
}

static struct pl_lane *lane_of(const struct pl_ctx *ctx, uint32_t group, uint32_t partition)
{
    return &ctx->lanes[def_of(ctx, group)->lane0 + partition];
}

static struct pl_member *member_of(const struct pl_ctx *ctx, uint32_t group, uint32_t pod)
{
    uint32_t first = ctx->world->pod0[service_of(ctx, group)];
    return &ctx->members[def_of(ctx, group)->member0 + pod - first];
}

/* Group that a lane belongs to. */
static uint32_t group_of(const struct pl_ctx *ctx, uint32_t lane)
{
    uint32_t group = 0;
    while (group + 1 < ctx->world->streams.group_count && lane >= def_of(ctx, group + 1)->lane0) {
        group++;
    }
    return group;
}

uint32_t pl_group_stream(const struct pl_ctx *ctx, uint32_t lane)
{
    return def_of(ctx, group_of(ctx, lane))->stream;
}

static uint32_t slot0(const struct pl_ctx *ctx)
{
    return ctx->state->slot_deadline + ctx->world->edge_count + ctx->world->source_count;
}

static uint32_t lane_slot(const struct pl_ctx *ctx, uint32_t group, uint32_t partition)
{
    return slot0(ctx) + def_of(ctx, group)->lane0 + partition;
}

static uint32_t group_slot(const struct pl_ctx *ctx, uint32_t group, uint32_t kind)
{
    return slot0(ctx) + ctx->world->streams.lane_count + 2 * group + kind;
}

uint32_t pl_group_slots(const struct pl_world *world)
{
    return world->streams.lane_count + 2 * world->streams.group_count;
}

/* ---- Batches --------------------------------------------------------------------------------- */

void pl_group_arrive(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    struct pl_pod *pod = &ctx->pods[f->pod];
    f->serve_ns = ctx->now;
    if (ctx->record != NULL) {
        ctx->record->routes[f->route].offered++;
    }
    if (pod->phase != PL_POD_READY && pod->phase != PL_POD_DRAINING) {
        pl_service_refuse(ctx, frame, PL_CODE_UNAVAILABLE);
        return;
    }
    pl_service_count_in(ctx, f);
    if (pl_service_has_worker(ctx, pod)) {
        pl_service_begin(ctx, pod, frame);
    } else {
        pl_service_queue_up(ctx, frame);
    }
}

/* Seconds until the brokers have read the batch: nothing while it is in their memory. */
static double fetch_s(struct pl_ctx *ctx, uint32_t group, int64_t accepted_ns, uint32_t records)
{
    const struct pl_stream *stream = &ctx->world->streams.streams[def_of(ctx, group)->stream];
    if (stream->volume == PL_NONE || pl_clock_s(ctx->now - accepted_ns) < stream->cache_s) {
        return 0.0;
    }
    double mb = (double)records * stream->record_kb * stream->read_cost / 1024.0;
    return pl_volume_move(ctx, stream->volume, mb);
}

static void poll(struct pl_ctx *ctx, uint32_t group, uint32_t partition, uint32_t records)
{
    const struct pl_group_def *def = def_of(ctx, group);
    struct pl_lane *lane = lane_of(ctx, group, partition);
    const struct pl_partition *log = pl_broker_partition(ctx, def->stream, partition);
    uint64_t key = pl_random_child(pl_random_child(ctx->state->seed, PL_DRAW_BATCH),
                                   ((uint64_t)(def->lane0 + partition) << 40) + lane->committed);
    key = pl_random_child(key, lane->failures);
    uint32_t id = pl_frame_new(ctx, key, pl_random_mix(key));
    if (id == 0) {
        lane->retry_ns = ctx->now + pl_clock_ns(def->retry_s);
        pl_ctx_schedule(ctx, lane_slot(ctx, group, partition), lane->retry_ns);
        return;
    }
    struct pl_frame *f = pl_frame_of(ctx, id);
    int64_t first = pl_broker_time_at(ctx, def->stream, log, lane->committed);
    int64_t last = pl_broker_time_at(ctx, def->stream, log, lane->committed + records - 1);
    f->topic = PL_TOPICS_MAX + def->lane0 + partition;
    f->mix = (uint16_t)records;
    f->flags = PL_FRAME_BATCH;
    f->first_ns = first + (last - first) / 2;
    f->pod = lane->owner - 1;
    pl_frame_walk(ctx, f, def->route);
    lane->frame = id;
    lane->records = records;
    lane->from = lane->committed;
    lane->poll_ns = ctx->now;
    member_of(ctx, group, f->pod)->inflight++;
    pl_ctx_schedule(ctx,
                    lane_slot(ctx, group, partition),
                    ctx->now + pl_clock_ns(knob(ctx, group, PL_GROUP_POLL_INTERVAL)));
    double wait = fetch_s(ctx, group, first, records);
    if (wait > cold_wait_s) {
        f->state = PL_FRAME_ARRIVING;
        pl_ctx_timer(ctx, id, pl_clock_ns(wait));
    } else {
        pl_group_arrive(ctx, id);
    }
}

/* May the owner of a lane poll it? */
static bool may_poll(const struct pl_ctx *ctx, uint32_t group, const struct pl_lane *lane)
{
    return lane->frame == 0 && lane->owner != 0 && !ctx->broker->groups[group].rebalancing &&
           knob(ctx, group, PL_GROUP_PAUSED) < 0.5 &&
           ctx->pods[lane->owner - 1].phase == PL_POD_READY &&
           member_of(ctx, group, lane->owner - 1)->state == PL_MEMBER_IN;
}

/* Poll a lane if there is enough, else come back when there will be. */
static void try_lane(struct pl_ctx *ctx, uint32_t group, uint32_t partition)
{
    struct pl_lane *lane = lane_of(ctx, group, partition);
    uint32_t stream = def_of(ctx, group)->stream;
    const struct pl_partition *log = pl_broker_partition(ctx, stream, partition);
    uint32_t slot = lane_slot(ctx, group, partition);
    if (lane->frame != 0) {
        return; /* its slot waits for the end of the poll interval */
    }
    if (!may_poll(ctx, group, lane) || log->end == lane->committed) {
        pl_ctx_cancel(ctx, slot);
        return;
    }
    double most = knob(ctx, group, PL_GROUP_MAX_RECORDS);
    double there = (double)(log->end - lane->committed);
    int64_t from = lane->retry_ns;
    if (there < most) {
        int64_t oldest = pl_broker_time_at(ctx, stream, log, lane->committed);
        oldest = oldest > lane->commit_ns ? oldest : lane->commit_ns;
        oldest += pl_clock_ns(knob(ctx, group, PL_GROUP_LINGER));
        from = oldest > from ? oldest : from;
    }
    if (from > ctx->now) {
        pl_ctx_schedule(ctx, slot, from);
        return;
    }
    poll(ctx, group, partition, (uint32_t)(there < most ? there : most));
}

void pl_group_published(struct pl_ctx *ctx, uint32_t stream, uint32_t partition)
{
    for (uint32_t g = 0; g < ctx->world->streams.group_count; g++) {
        if (def_of(ctx, g)->stream == stream) {
            try_lane(ctx, g, partition);
        }
    }
}

/* Is there a record in front of this lane that cannot be processed? */
static bool is_poisoned(const struct pl_ctx *ctx, uint32_t group, uint32_t partition)
{
    return !ctx->broker->groups[group].parked &&
           (uint32_t)(knob(ctx, group, PL_GROUP_POISON) + 0.5) == partition + 1;
}

bool pl_group_output(
    struct pl_ctx *ctx, uint32_t frame, uint32_t *records, uint32_t *live, uint32_t *partition)
{
    const struct pl_frame *f = pl_frame_of(ctx, frame);
    uint32_t index = f->topic - PL_TOPICS_MAX;
    uint32_t group = group_of(ctx, index);
    const struct pl_lane *lane = &ctx->lanes[index];
    struct pl_group_state *state = &ctx->broker->groups[group];
    uint32_t stream = def_of(ctx, group)->stream;
    *partition = index - def_of(ctx, group)->lane0;
    const struct pl_partition *log = pl_broker_partition(ctx, stream, *partition);
    *records = f->mix;
    *live = f->mix;
    if (lane->frame != frame) {
        state->duplicates += f->mix;
        return true;
    }
    if (is_poisoned(ctx, group, *partition)) {
        return false;
    }
    uint64_t from = lane->from > log->begin ? lane->from : log->begin;
    uint64_t until = lane->from + f->mix > from ? lane->from + f->mix : from;
    double users = pl_broker_live_before(ctx, stream, log, until) -
                   pl_broker_live_before(ctx, stream, log, from);
    double passed = 1.0 - knob(ctx, group, PL_GROUP_REJECT);
    *records = (uint32_t)((double)f->mix * passed + 0.5);
    *live = (uint32_t)(users * passed + 0.5);
    *live = *live < *records ? *live : *records;
    state->dead += (double)(f->mix - *records);
    state->lost += users > (double)*live ? users - (double)*live : 0.0;
    return true;
}

/* ---- Ends of batches ------------------------------------------------------------------------- */

/* Offset before which records are older than the objective allows. */
static uint64_t late_before(const struct pl_ctx *ctx, uint32_t group, uint32_t reader, uint32_t p)
{
    uint32_t stream = def_of(ctx, reader)->stream;
    const struct pl_stream *shown = &ctx->world->streams.streams[def_of(ctx, group)->stream];
    double view = pl_ctx_param(ctx, shown->param0 + PL_STREAM_VIEW);
    double fresh = def_of(ctx, group)->fresh_s - view;
    return pl_broker_offset_after(
        ctx, stream, pl_broker_partition(ctx, stream, p), ctx->now - (int64_t)(fresh * 1e9));
}

/* Records of users in front of `until` that are too old now. */
static double
late_in(const struct pl_ctx *ctx, uint32_t group, uint32_t reader, uint32_t p, uint64_t until)
{
    uint32_t stream = def_of(ctx, reader)->stream;
    const struct pl_partition *log = pl_broker_partition(ctx, stream, p);
    uint64_t from = lane_of(ctx, reader, p)->committed;
    uint64_t before = late_before(ctx, group, reader, p);
    before = before < until ? before : until;
    return before > from ? pl_broker_live_before(ctx, stream, log, before) -
                               pl_broker_live_before(ctx, stream, log, from)
                         : 0.0;
}

double pl_group_overdue(const struct pl_ctx *ctx, uint32_t group)
{
    double late = 0.0;
    uint32_t reader = group;
    for (uint32_t hop = 0; hop < PL_GROUPS_MAX && reader != PL_NONE; hop++) {
        for (uint32_t p = 0; p < partitions_of(ctx, reader); p++) {
            late += late_in(ctx, group, reader, p, UINT64_MAX);
        }
        reader = def_of(ctx, reader)->upstream;
    }
    return late;
}

/* Damage to the users whose events the group makes visible, since the last look. */
static void count_damage(struct pl_ctx *ctx, uint32_t group)
{
    const struct pl_group_def *def = def_of(ctx, group);
    struct pl_group_state *state = &ctx->broker->groups[group];
    uint32_t source = ctx->world->streams.streams[def->stream].source;
    if (!(def->worth > 0.0) || source == PL_NONE) {
        return;
    }
    double lost = state->lost;
    double duplicates = state->duplicates;
    for (uint32_t reader = def->upstream, hop = 0; reader != PL_NONE && hop < PL_GROUPS_MAX;
         reader = def_of(ctx, reader)->upstream, hop++) {
        lost += ctx->broker->groups[reader].lost;
        duplicates += ctx->broker->groups[reader].duplicates;
    }
    double batch = ctx->world->streams.streams[def->stream].batch.mean_s;
    double all = (state->late + pl_group_overdue(ctx, group)) * def->worth +
                 lost * def->lost_worth + duplicates * def->duplicate_worth;
    all /= batch;
    if (all > state->counted) {
        ctx->sources[source].damage += all - state->counted;
        state->counted = all;
    }
}

/* Who reads with a limit may read again when what was read last has been paid for. */
static void hold_to_limit(const struct pl_ctx *ctx, uint32_t group, struct pl_lane *lane)
{
    double fetch = knob(ctx, group, PL_GROUP_FETCH);
    if (fetch > 0.0) {
        double share = fetch / (double)partitions_of(ctx, group);
        lane->retry_ns = lane->poll_ns + pl_clock_ns((double)lane->records / share);
    }
}

static void commit(struct pl_ctx *ctx, uint32_t group, uint32_t partition)
{
    struct pl_lane *lane = lane_of(ctx, group, partition);
    struct pl_group_state *state = &ctx->broker->groups[group];
    uint64_t until = lane->from + lane->records;
    if (until < lane->committed) {
        until = lane->committed; /* retention was faster */
    }
    if (def_of(ctx, group)->worth > 0.0) {
        state->late += late_in(ctx, group, group, partition, until);
    }
    state->consumed += lane->records;
    lane->committed = until;
    lane->commit_ns = ctx->now;
    lane->failures = 0;
    hold_to_limit(ctx, group, lane);
}

/* The batch failed: its records come again. A consumer in an error loop polls nothing else. */
static void redeliver(struct pl_ctx *ctx, uint32_t group, uint32_t partition)
{
    struct pl_lane *lane = lane_of(ctx, group, partition);
    struct pl_group_state *state = &ctx->broker->groups[group];
    double most = knob(ctx, group, PL_GROUP_DELIVERIES);
    bool poisoned = is_poisoned(ctx, group, partition);
    lane->failures++;
    lane->retry_ns = ctx->now + pl_clock_ns(def_of(ctx, group)->retry_s);
    if (lane->owner != 0) {
        pl_record_event(ctx,
                        PL_LOG_BATCH_FAILED,
                        lane->owner - 1,
                        def_of(ctx, group)->stream,
                        partition,
                        (int64_t)lane->committed);
    }
    if (!poisoned) {
        return;
    }
    if (most > 0.0 && (double)lane->failures >= most) {
        lane->committed++;
        lane->failures = 0;
        lane->retry_ns = ctx->now;
        state->parked = 1;
        state->dead += 1.0;
        return;
    }
    for (uint32_t p = 0; p < partitions_of(ctx, group); p++) {
        struct pl_lane *other = lane_of(ctx, group, p);
        if (other->owner == lane->owner && other->retry_ns < lane->retry_ns) {
            other->retry_ns = lane->retry_ns;
        }
    }
}

static void rebalance(struct pl_ctx *ctx, uint32_t group);

void pl_group_answer(struct pl_ctx *ctx, uint32_t frame, enum pl_code code)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    uint32_t index = f->topic - PL_TOPICS_MAX;
    uint32_t group = group_of(ctx, index);
    uint32_t partition = index - def_of(ctx, group)->lane0;
    struct pl_lane *lane = &ctx->lanes[index];
    struct pl_member *member = member_of(ctx, group, f->pod);
    PL_CHECK(member->inflight > 0);
    member->inflight--;
    f->topic = PL_NONE;
    if (lane->frame == frame) {
        lane->frame = 0;
        if (code == PL_CODE_OK || code == PL_CODE_NOT_FOUND) {
            commit(ctx, group, partition);
        } else {
            redeliver(ctx, group, partition);
        }
        try_lane(ctx, group, partition);
    }
    if (member->state == PL_MEMBER_EVICTED && member->inflight == 0) {
        member->state = PL_MEMBER_IN;
        rebalance(ctx, group);
    }
}

/* ---- Members --------------------------------------------------------------------------------- */

/* Pods whose process takes part, in order. */
static uint32_t find_members(const struct pl_ctx *ctx, uint32_t group, uint32_t *pods)
{
    uint32_t service = service_of(ctx, group);
    uint32_t first = ctx->world->pod0[service];
    uint32_t count = 0;
    for (uint32_t i = first; i < first + ctx->world->services[service].pods_max; i++) {
        if (ctx->pods[i].phase == PL_POD_READY && member_of(ctx, group, i)->state == PL_MEMBER_IN) {
            pods[count++] = i;
        }
    }
    return count;
}

static void rebalance(struct pl_ctx *ctx, uint32_t group)
{
    struct pl_group_state *state = &ctx->broker->groups[group];
    uint32_t pod = ctx->world->pod0[service_of(ctx, group)];
    if (!state->rebalancing) {
        state->rebalancing = 1;
        state->since_ns = ctx->now;
        state->rebalances++;
        pl_record_event(ctx, PL_LOG_REBALANCE, pod, group, state->members, 0);
    }
    uint32_t pods[PL_PODS_MAX];
    double pause = knob(ctx, group, PL_GROUP_REBALANCE) +
                   def_of(ctx, group)->join_s * (double)find_members(ctx, group, pods);
    state->until_ns = ctx->now + pl_clock_ns(pause);
    pl_ctx_schedule(ctx, group_slot(ctx, group, 0), state->until_ns);
}

static void assign(struct pl_ctx *ctx, uint32_t group)
{
    struct pl_group_state *state = &ctx->broker->groups[group];
    uint32_t pods[PL_PODS_MAX];
    uint32_t partitions = partitions_of(ctx, group);
    state->members = find_members(ctx, group, pods);
    state->rebalancing = 0;
    for (uint32_t p = 0; p < partitions; p++) {
        struct pl_lane *lane = lane_of(ctx, group, p);
        uint32_t owner = 0;
        if (state->members > 0) {
            uint32_t place = state->members < partitions
                                 ? (uint32_t)((uint64_t)p * state->members / partitions)
                                 : p;
            owner = pods[place] + 1;
        }
        if (lane->owner != owner) {
            lane->frame = 0; /* what its last owner still does counts for nothing */
            lane->owner = owner;
        }
        if (lane->frame == 0) {
            try_lane(ctx, group, p);
        }
    }
}

/* Batches that may still commit before the partitions are given out. */
static bool waits_for_batches(const struct pl_ctx *ctx, uint32_t group)
{
    const struct pl_group_state *state = &ctx->broker->groups[group];
    double longest = knob(ctx, group, PL_GROUP_POLL_INTERVAL);
    bool waits = false;
    for (uint32_t p = 0; p < partitions_of(ctx, group); p++) {
        const struct pl_lane *lane = lane_of(ctx, group, p);
        waits = waits || (lane->frame != 0 && lane->owner != 0 &&
                          ctx->pods[lane->owner - 1].phase != PL_POD_ABSENT);
    }
    return waits && pl_clock_s(ctx->now - state->since_ns) < longest;
}

/* The member did not poll in time. */
static void evict(struct pl_ctx *ctx, uint32_t group, uint32_t pod)
{
    struct pl_member *member = member_of(ctx, group, pod);
    double limit = knob(ctx, group, PL_GROUP_POLL_INTERVAL);
    member->state = PL_MEMBER_EVICTED;
    ctx->broker->groups[group].evictions++;
    pl_record_event(ctx, PL_LOG_POLL_TIMEOUT, pod, group, 0, pl_clock_ns(limit));
    for (uint32_t p = 0; p < partitions_of(ctx, group); p++) {
        struct pl_lane *lane = lane_of(ctx, group, p);
        if (lane->owner == pod + 1) {
            lane->owner = 0;
            lane->frame = 0;
            pl_ctx_cancel(ctx, lane_slot(ctx, group, p));
        }
    }
    rebalance(ctx, group);
}

static void fire_lane(struct pl_ctx *ctx, uint32_t group, uint32_t partition)
{
    const struct pl_lane *lane = lane_of(ctx, group, partition);
    uint32_t slot = lane_slot(ctx, group, partition);
    if (lane->frame == 0) {
        try_lane(ctx, group, partition);
        return;
    }
    int64_t limit = lane->poll_ns + pl_clock_ns(knob(ctx, group, PL_GROUP_POLL_INTERVAL));
    if (limit > ctx->now) {
        pl_ctx_schedule(ctx, slot, limit);
        return;
    }
    pl_ctx_cancel(ctx, slot);
    evict(ctx, group, lane->owner - 1);
}

void pl_group_fire(struct pl_ctx *ctx, uint32_t offset)
{
    uint32_t lanes = ctx->world->streams.lane_count;
    if (offset < lanes) {
        uint32_t group = group_of(ctx, offset);
        fire_lane(ctx, group, offset - def_of(ctx, group)->lane0);
        return;
    }
    uint32_t group = (offset - lanes) / 2;
    uint32_t slot = group_slot(ctx, group, 0);
    if ((offset - lanes) % 2 == 1) {
        pl_ctx_schedule(ctx, group_slot(ctx, group, 1), ctx->now + tick_ns);
        count_damage(ctx, group);
    } else if (waits_for_batches(ctx, group)) {
        pl_ctx_schedule(ctx, slot, ctx->now + again_ns);
    } else {
        pl_ctx_cancel(ctx, slot);
        assign(ctx, group);
    }
}

void pl_group_start(struct pl_ctx *ctx, uint32_t group)
{
    assign(ctx, group);
    pl_ctx_schedule(ctx, group_slot(ctx, group, 1), tick_ns);
}

void pl_group_pod_changed(struct pl_ctx *ctx, uint32_t pod)
{
    for (uint32_t g = 0; g < ctx->world->streams.group_count; g++) {
        if (service_of(ctx, g) != ctx->pods[pod].service) {
            continue;
        }
        struct pl_member *member = member_of(ctx, g, pod);
        if (ctx->pods[pod].phase == PL_POD_READY) {
            member->state = PL_MEMBER_IN; /* another process than before */
        }
        rebalance(ctx, g);
    }
}

/* A share of the running processes leaves the group and does not come back by itself. */
static void get_stuck(struct pl_ctx *ctx, uint32_t group)
{
    double share = knob(ctx, group, PL_GROUP_STUCK);
    uint32_t service = service_of(ctx, group);
    uint32_t first = ctx->world->pod0[service];
    double ready = 0.0;
    for (uint32_t i = first; i < first + ctx->world->services[service].pods_max; i++) {
        if (ctx->pods[i].phase == PL_POD_READY) {
            bool stuck = ready < share * (double)pl_service_running(ctx, service) - 0.5;
            member_of(ctx, group, i)->state = stuck ? PL_MEMBER_STUCK : PL_MEMBER_IN;
            ready += 1.0;
        }
    }
    rebalance(ctx, group);
}

void pl_group_changed(struct pl_ctx *ctx, uint32_t group, enum pl_group_knob changed)
{
    if (changed == PL_GROUP_STUCK) {
        get_stuck(ctx, group);
        return;
    }
    if (changed == PL_GROUP_POISON) {
        ctx->broker->groups[group].parked = 0;
    }
    for (uint32_t p = 0; p < partitions_of(ctx, group); p++) {
        struct pl_lane *lane = lane_of(ctx, group, p);
        if (lane->frame == 0 && changed == PL_GROUP_FETCH && lane->failures == 0) {
            lane->retry_ns = ctx->now; /* the old limit held it until later */
            hold_to_limit(ctx, group, lane);
        }
        if (lane->frame == 0) {
            try_lane(ctx, group, p);
        }
    }
}
