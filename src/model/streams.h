// SPDX-License-Identifier: Apache-2.0
//
// Definitions of a partitioned broker: streams, the groups that consume them, the tenants whose key
// decides the partition, and volumes whose throughput depends on credits.
//
// A part of the world's definition (world.h includes it); what the model makes of it stands in
// broker.h, group.h and volume.h.
#ifndef PL_MODEL_STREAMS_H
#define PL_MODEL_STREAMS_H

#include "base/error.h"
#include "model/law.h"

#include <stdint.h>

enum {
    PL_STREAM_NAME_MAX = 48,
    PL_STREAMS_MAX = 4,
    PL_GROUPS_MAX = 6,
    PL_TENANTS_MAX = 8,
    PL_VOLUMES_MAX = 4,
    PL_PARTITIONS_MAX = 64, /* of a stream */
    PL_CHUNKS_MAX = 512,    /* pieces of time that a partition remembers */
    PL_STREAM_KEYS_MAX = 4096
};

/* Knobs as in world.h: constant, name in paths, lowest, highest, unit. */
#define PL_STREAM_KNOBS(X)                                \
    X(PL_STREAM_RETENTION, "retention", 10, 1209600, "s") \
    X(PL_STREAM_VIEW, "view", 0, 1209600, "s")            \
    X(PL_STREAM_SKEW, "skew", 0, 86400, "s")

#define PL_GROUP_KNOBS(X)                                       \
    X(PL_GROUP_MAX_RECORDS, "max_records", 1, 60000, "n")       \
    X(PL_GROUP_LINGER, "linger", 0.05, 600, "s")                \
    X(PL_GROUP_POLL_INTERVAL, "poll_interval", 0.1, 86400, "s") \
    X(PL_GROUP_REBALANCE, "rebalance", 0.1, 600, "s")           \
    X(PL_GROUP_STUCK, "stuck", 0, 1, "p")                       \
    X(PL_GROUP_PAUSED, "paused", 0, 1, "bool")                  \
    X(PL_GROUP_FETCH, "fetch", 0, 1000000, "/s")                \
    X(PL_GROUP_POISON, "poison", 0, 64, "n")                    \
    X(PL_GROUP_DELIVERIES, "deliveries", 0, 1000, "n")          \
    X(PL_GROUP_REJECT, "reject", 0, 1, "p")                     \
    X(PL_GROUP_EXPORTER, "exporter", 0, 3, "n")

#define PL_TENANT_KNOBS(X)                                      \
    X(PL_TENANT_WEIGHT, "weight", 0, 1000, "x")                 \
    X(PL_TENANT_IMPORT_LIMIT, "import_limit", 0, 1000000, "/s") \
    X(PL_TENANT_SIDE, "side", 0, 1, "bool")

#define PL_VOLUME_KNOBS(X)                             \
    X(PL_VOLUME_BASELINE, "baseline", 0, 100000, "MB") \
    X(PL_VOLUME_BURST, "burst", 0, 100000, "MB")       \
    X(PL_VOLUME_LOAD, "load", 0, 100000, "MB")         \
    X(PL_VOLUME_CREDITS, "credits", 0, 10000000, "MB")

#define PL_KNOB_ENUM(constant, name, low, high, unit) constant,
/** Knobs of a stream, offsets from its first param. */
enum pl_stream_knob { PL_STREAM_KNOBS(PL_KNOB_ENUM) PL_STREAM_KNOB_COUNT };
/** Knobs of a group, offsets from its first param. */
enum pl_group_knob { PL_GROUP_KNOBS(PL_KNOB_ENUM) PL_GROUP_KNOB_COUNT };
/** Knobs of a tenant, offsets from its first param. */
enum pl_tenant_knob { PL_TENANT_KNOBS(PL_KNOB_ENUM) PL_TENANT_KNOB_COUNT };
/** Knobs of a volume, offsets from its first param. */
enum pl_volume_knob { PL_VOLUME_KNOBS(PL_KNOB_ENUM) PL_VOLUME_KNOB_COUNT };
#undef PL_KNOB_ENUM

/** What the exporter of a group's lag says. */
enum pl_exporter { PL_EXPORTER_LIVE, PL_EXPORTER_FROZEN, PL_EXPORTER_ABSENT, PL_EXPORTER_ZERO };

/** A volume: a disk behind one queue, faster than its baseline while it has credits. */
struct pl_volume {
    char name[PL_STREAM_NAME_MAX];
    uint32_t param0;
    uint32_t reserved;
    double baseline_mb; /* per second, for ever */
    double burst_mb;    /* per second while credits last */
    double credits_mb;  /* at the start: what may be moved beyond the baseline */
    double credits_max_mb;
    double load_mb; /* per second, of work that is not simulated */
};

/** A stream: a log cut into partitions by key. */
struct pl_stream {
    char name[PL_STREAM_NAME_MAX];
    uint32_t partitions;
    uint32_t chunks; /* pieces of time that a partition remembers */
    uint32_t volume; /* its brokers' disks, or PL_NONE */
    uint32_t side;   /* stream that imports can be redirected to, or PL_NONE */
    uint32_t source; /* whose events they are: late ones are damage to it; PL_NONE: nobody's */
    uint32_t keys;   /* tenants without a name */
    uint32_t param0;
    uint32_t reserved;
    double zipf;        /* exponent of their size */
    double retention_s; /* older records are deleted, read or not */
    double cache_s;     /* records younger than this are read from memory */
    double record_kb;
    double read_cost;  /* disk traffic of a cold read against a write of the same size */
    double batch_mean; /* records of one request of a producer */
    double batch_p99;  /* 0: always the mean */
    pl_law batch;      /* derived */
};

/** A consumer group: one reader per partition, spread over the pods of a service. */
struct pl_group_def {
    char name[PL_STREAM_NAME_MAX];
    uint32_t stream;
    uint32_t route;    /* run per batch, on a pod of its service */
    uint32_t upstream; /* group whose output this one reads, or PL_NONE */
    uint32_t cached;   /* 1: the exporter of its lag keeps the last value while nobody consumes */
    uint32_t param0;
    uint32_t lane0;   /* derived: its first lane */
    uint32_t member0; /* derived: its first member */
    uint32_t reserved;
    double max_records;     /* of a batch */
    double linger_s;        /* a smaller batch waits this long for more */
    double poll_interval_s; /* longest time between two polls */
    double rebalance_s;     /* pause of the whole group while partitions are given out */
    double join_s;          /* more of it for each member */
    double retry_s;         /* before a failed batch is delivered again */
    double deliveries;      /* after as many a record goes to the dead letters; 0: never */
    double fresh_s;         /* objective of the age of what it makes visible, 0: none */
    double worth;           /* damage of a late producer's request, 0: it makes nothing visible */
    double lost_worth;      /* of one that never becomes visible */
    double duplicate_worth; /* of one that becomes visible twice */
};

/** A tenant that is known by name. */
struct pl_tenant {
    char name[PL_STREAM_NAME_MAX];
    uint32_t partition; /* of every stream */
    uint32_t param0;
    double share; /* of the events at weight 1 */
};

/** All of it; empty in a world without streams. */
struct pl_streams {
    uint32_t stream_count;
    uint32_t group_count;
    uint32_t tenant_count;
    uint32_t volume_count;
    uint32_t lane_count;   /* derived */
    uint32_t member_count; /* derived */
    struct pl_stream streams[PL_STREAMS_MAX];
    struct pl_group_def groups[PL_GROUPS_MAX];
    struct pl_tenant tenants[PL_TENANTS_MAX];
    struct pl_volume volumes[PL_VOLUMES_MAX];
    /* derived: share of the nameless tenants' events by partition, cumulative */
    double partition_cdf[PL_STREAMS_MAX][PL_PARTITIONS_MAX];
};

/** Defaults of each entity, for readers and tests. */
struct pl_stream pl_stream_default(void);
struct pl_group_def pl_group_default(void);
struct pl_volume pl_volume_default(void);

struct pl_world;

/**
 * Check the streams of a world and fill what is derived; pl_world_seal calls it.
 *
 * @param world  filled, its services and routes are laid out; changed
 * @param err    first violation as a sentence
 * @return PL_OK or PL_BAD_INPUT
 */
pl_status pl_streams_derive(struct pl_world *world, pl_error *err)
    __attribute__((warn_unused_result));

#endif
