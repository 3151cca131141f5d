// SPDX-License-Identifier: Apache-2.0
//
// State of the broker: partitions as short logs of chunks, lanes of groups, volumes.
//
// A partition does not keep records but chunks: how many records there were in all up to the end of
// a piece of time, and when they were accepted on average. Offsets are counts of records, so what
// waits for a reader is a difference of two offsets, and its age is found by the chunk it lies in.
//
// A *lane* is a partition as one group reads it: its committed offset, its owner, and the batch in
// flight, which is a frame that walks the group's route on the owner's pod.
#ifndef PL_MODEL_BROKER_H
#define PL_MODEL_BROKER_H

#include "model/state.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

/** A piece of time of a partition; both counts are cumulative since the start. */
struct pl_chunk {
    int64_t t_ns;  /* when its records were accepted, on average */
    uint64_t end;  /* offset behind its last record */
    uint64_t live; /* records up to there that are no import */
};

/** A partition of a stream. */
struct pl_partition {
    uint64_t end;   /* offset behind the newest record */
    uint64_t live;  /* of these no import */
    uint64_t begin; /* offset of the oldest record that is kept */
    uint64_t begin_live;
    double rate; /* records per second, smoothed over a minute */
    int64_t rate_ns;
    int64_t piece_ns; /* begin of the newest chunk */
    uint32_t chunk0;  /* first place of its ring */
    uint32_t head;
    uint32_t count;
    uint32_t reserved;
};

/** A partition as a group reads it. */
struct pl_lane {
    uint64_t committed; /* offset */
    uint64_t from;      /* offset of the batch in flight */
    int64_t commit_ns;
    int64_t poll_ns;   /* when the batch in flight was fetched */
    int64_t retry_ns;  /* no batch before this */
    uint32_t records;  /* in flight */
    uint32_t frame;    /* the batch in flight, 0: none */
    uint32_t owner;    /* pod + 1, 0: nobody */
    uint32_t failures; /* of the batch at the committed offset */
};

/** A pod as a member of a group. */
struct pl_member {
    uint32_t state;    /* enum pl_member_state */
    uint32_t inflight; /* batches that its process works on, also those it lost */
};

/** What a running pod is to its group. */
enum pl_member_state { PL_MEMBER_IN, PL_MEMBER_EVICTED, PL_MEMBER_STUCK };

/** A consumer group. */
struct pl_group_state {
    double late;       /* records of users that became visible too late */
    double lost;       /* deleted before they were read, or given to the dead letters */
    double duplicates; /* made visible once more */
    double dead;       /* given to the dead letters, imports included */
    double counted;    /* damage that its source has been told of */
    uint64_t consumed;
    uint64_t rebalances;
    uint64_t evictions;
    int64_t until_ns; /* end of the rebalance */
    int64_t since_ns; /* begin of the rebalance */
    uint32_t members;
    uint32_t rebalancing;
    uint32_t parked; /* the poison record was given to the dead letters */
    uint32_t reserved;
};

/** A volume: one queue, and credits for what is faster than the baseline. */
struct pl_volume_state {
    double credits_mb;
    double moved_mb; /* cumulative, foreign load included */
    double busy_ns;
    int64_t touched_ns;
    int64_t free_ns; /* when it is through with what it has */
};

/** Head of the block; the arrays follow. */
struct pl_broker {
    double dropped[PL_STREAMS_MAX]; /* records that were refused at the door, imports */
    double published[PL_STREAMS_MAX];
    double tokens[PL_TENANTS_MAX];
    int64_t refill_ns[PL_TENANTS_MAX];
    struct pl_group_state groups[PL_GROUPS_MAX];
    struct pl_volume_state volumes[PL_VOLUMES_MAX];
};

#pragma GCC diagnostic pop

/** Bytes of the block for this world, 0 without streams and volumes. */
uint64_t pl_broker_size(const struct pl_world *world);

/** Set the pointers of a context to a block that begins at `block`. */
void pl_broker_context(struct pl_ctx *ctx, void *block);

/** Prepare a zeroed block. */
void pl_broker_start(struct pl_ctx *ctx);

/** Partition of a stream. */
static inline struct pl_partition *
pl_broker_partition(const struct pl_ctx *ctx, uint32_t stream, uint32_t partition)
{
    return &ctx->partitions[stream * PL_PARTITIONS_MAX + partition];
}

/** Records of the batch that a frame stands for; 1 for a plain request. */
static inline uint32_t pl_broker_records(const struct pl_frame *f)
{
    return (f->flags & PL_FRAME_BATCH) ? f->mix : 1;
}

/**
 * Append records to a partition.
 *
 * @param records  in all
 * @param live     of these no import
 * @param t_ns     when they were accepted, on average
 */
void pl_broker_append(struct pl_ctx *ctx,
                      uint32_t stream,
                      uint32_t partition,
                      uint32_t records,
                      uint32_t live,
                      int64_t t_ns);

/** Delete chunks that are too old, or that all groups have read. */
void pl_broker_trim(struct pl_ctx *ctx, uint32_t stream, uint32_t partition);

/** When the record at this offset was accepted; the offset is begin <= offset < end. */
int64_t pl_broker_time_at(const struct pl_ctx *ctx,
                          uint32_t stream,
                          const struct pl_partition *partition,
                          uint64_t offset);

/**
 * Records of users, imports left out, in front of an offset; begin <= offset <= end.
 */
double pl_broker_live_before(const struct pl_ctx *ctx,
                             uint32_t stream,
                             const struct pl_partition *partition,
                             uint64_t offset);

/** Offset of the first record that was accepted after `t_ns`. */
uint64_t pl_broker_offset_after(const struct pl_ctx *ctx,
                                uint32_t stream,
                                const struct pl_partition *partition,
                                int64_t t_ns);

/**
 * The present step of a frame publishes to a stream: choose tenant and partition, append.
 *
 * @param wait_s  filled: time until the broker has it on disk
 * @return PL_CODE_OK; PL_CODE_LIMITED when the tenant's limit refuses it; PL_CODE_ERROR when the
 *         batch holds a record that cannot be processed
 */
enum pl_code pl_broker_publish(struct pl_ctx *ctx, uint32_t frame, double *wait_s);

#endif
