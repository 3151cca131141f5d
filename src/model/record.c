// SPDX-License-Identifier: Apache-2.0
//
// The record's memory: the struct, then its cell arrays, then the rings.
#include "model/record.h"

#include "model/state.h"

#include <float.h>
#include <string.h>

const double pl_http_bounds[PL_HTTP_BUCKETS - 1] = {
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0};
const double pl_db_bounds[PL_DB_BUCKETS - 1] = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0};

/* No half of an octave holds two bounds; tests compare with counting. */
const struct pl_bucket_rule pl_http_rule = {
    .bounds =
        {0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, DBL_MAX},
    .below = {0, 0, 0, 0, 0, 1, 1, 2,  2,  2,  3,  3,  4,  5,
              6, 6, 6, 7, 7, 8, 9, 10, 10, 11, 11, 12, 13, 14},
};
const struct pl_bucket_rule pl_db_rule = {
    .bounds = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, DBL_MAX},
    .below = {0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 4, 4, 5, 5, 5, 5, 5, 6, 6, 7, 7, 7, 7, 8, 8, 9},
};

uint32_t pl_code_http(enum pl_code code)
{
    static const uint32_t numbers[PL_CODE_COUNT] = {200, 404, 429, 500, 503, 504};
    PL_CHECK(code < PL_CODE_COUNT);
    return numbers[code];
}

struct sizes {
    size_t server;
    size_t client;
    size_t db;
    size_t pools;
    size_t pool_use;
};

static struct sizes sizes_of(const struct pl_world *world)
{
    size_t pods = world->pod_count;
    return (struct sizes){
        .server = pods * world->route_count * PL_CODE_COUNT * sizeof(struct pl_http_cell),
        .client = pods * world->edge_count * PL_CODE_COUNT * sizeof(struct pl_http_cell),
        .db = pods * world->statement_count * sizeof(struct pl_db_cell),
        .pools = pods * world->pool_count * sizeof(struct pl_pool_counters),
        .pool_use = (size_t)world->pool_count * world->route_count * sizeof(struct pl_db_cell),
    };
}

static size_t cells_size(const struct pl_world *world)
{
    struct sizes s = sizes_of(world);
    return s.server + s.client + s.db + s.pools + s.pool_use;
}

size_t pl_record_size_of(const struct pl_world *world, const struct pl_record_def *def)
{
    PL_CHECK(world != NULL && def != NULL);
    return sizeof(struct pl_record) + cells_size(world) + def->spans * sizeof(struct pl_span) +
           def->logs * sizeof(struct pl_log);
}

static struct pl_record_def usual_def(double trace_share)
{
    return (struct pl_record_def){
        .trace_share = trace_share, .spans = PL_SPANS_MAX, .logs = PL_LOGS_MAX};
}

size_t pl_record_size(const struct pl_world *world)
{
    struct pl_record_def def = usual_def(0.0);
    return pl_record_size_of(world, &def);
}

/* Point the record at its own memory. */
static void lay_out(struct pl_record *record)
{
    struct sizes s = sizes_of(record->world);
    char *at = (char *)record + sizeof(struct pl_record);
    record->server = (void *)at;
    at += s.server;
    record->client = (void *)at;
    at += s.client;
    record->db = (void *)at;
    at += s.db;
    record->pools = (void *)at;
    at += s.pools;
    record->pool_use = (void *)at;
    at += s.pool_use;
    record->spans = (void *)at;
    at += record->span_max * sizeof(struct pl_span);
    record->logs = (void *)at;
}

static bool power_of_two(uint32_t n)
{
    return n > 0 && (n & (n - 1)) == 0;
}

void pl_record_sample(struct pl_record *record, double share)
{
    PL_CHECK(share >= 0.0 && share <= 1.0);
    /* A trace is kept when its unit draw, (bits + 0.5) / 2^52, is below the share. */
    double bits = share * 0x1p52 - 0.5;
    uint64_t whole = bits > 0.0 ? (uint64_t)bits : 0;
    record->trace_share = share;
    record->trace_below = (double)whole < bits ? whole + 1 : whole;
}

struct pl_record *
pl_record_open(const struct pl_world *world, const struct pl_record_def *def, void *memory)
{
    struct pl_record *record = memory;
    PL_CHECK(world->sealed);
    PL_CHECK(power_of_two(def->spans) && power_of_two(def->logs));
    memset(memory, 0, sizeof(struct pl_record) + cells_size(world));
    record->world = world;
    pl_record_sample(record, def->trace_share);
    record->span_max = def->spans;
    record->log_max = def->logs;
    lay_out(record);
    return record;
}

struct pl_record *pl_record_init(const struct pl_world *world, void *memory, double trace_share)
{
    struct pl_record_def def = usual_def(trace_share);
    return pl_record_open(world, &def, memory);
}

static uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

struct pl_record *pl_record_fork(const struct pl_record *source, void *memory)
{
    PL_CHECK(source != NULL && memory != NULL);
    struct pl_record *copy = memory;
    memcpy(copy, source, sizeof(struct pl_record) + cells_size(source->world));
    lay_out(copy);
    memcpy(copy->spans,
           source->spans,
           lesser(source->span_count, source->span_max) * sizeof(struct pl_span));
    memcpy(copy->logs,
           source->logs,
           lesser(source->log_count, source->log_max) * sizeof(struct pl_log));
    return copy;
}

void pl_record_settle(struct pl_record *record)
{
    PL_CHECK(record != NULL);
    lay_out(record);
}

void pl_record_reset(struct pl_record *record)
{
    const struct pl_world *world = record->world;
    struct pl_record kept = *record;
    memset(record->server, 0, cells_size(world));
    memset(record, 0, sizeof *record);
    record->world = kept.world;
    pl_record_sample(record, kept.trace_share);
    record->span_max = kept.span_max;
    record->log_max = kept.log_max;
    lay_out(record);
    record->span_count = kept.span_count;
    record->log_count = kept.log_count;
}

void pl_record_log(struct pl_ctx *ctx, enum pl_log_kind kind, const struct pl_log *event)
{
    struct pl_record *record = ctx->record;
    if (record == NULL) {
        return;
    }
    if (event->service < PL_SERVICES_MAX) {
        record->log_counts[event->service][kind]++;
    }
    struct pl_log *slot = &record->logs[record->log_count & (record->log_max - 1)];
    *slot = *event;
    slot->kind = kind;
    slot->t_ns = ctx->now;
    slot->sequence = record->log_count;
    record->log_count++;
}

void pl_record_event(
    struct pl_ctx *ctx, enum pl_log_kind kind, uint32_t pod, uint32_t a, uint32_t b, int64_t value)
{
    if (ctx->record == NULL) {
        return;
    }
    struct pl_log event = {
        .value = value,
        .service = pod == PL_NONE ? PL_NONE : ctx->pods[pod].service,
        .pod = pod,
        .a = a,
        .b = b,
        .route = PL_NONE,
    };
    pl_record_log(ctx, kind, &event);
}

void pl_record_frame_event(struct pl_ctx *ctx,
                           enum pl_log_kind kind,
                           uint32_t frame,
                           uint32_t a,
                           uint32_t b,
                           int64_t value)
{
    if (ctx->record == NULL) {
        return;
    }
    const struct pl_frame *f = &ctx->frames[frame];
    struct pl_log event = {
        .trace = f->trace,
        .value = value,
        .service = f->pod == PL_NONE ? PL_NONE : ctx->pods[f->pod].service,
        .pod = f->pod,
        .a = a,
        .b = b,
        .route = f->route,
    };
    pl_record_log(ctx, kind, &event);
}
