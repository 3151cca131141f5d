// SPDX-License-Identifier: Apache-2.0
#include "scenario/stream_fields.h"

#include "model/world.h"

#include <stddef.h>

#define TABLE(rows)         .fields = (rows), .field_count = PL_FIELD_COUNT_OF(rows)
#define KNOB(scope_, knob_) .scope = (scope_), .knob = (knob_)
#define F64                 PL_STORE_F64
#define U32                 PL_STORE_U32

static void fill_stream(void *target)
{
    *(struct pl_stream *)target = pl_stream_default();
}

#define S(name, kind, store, member, text) PL_ROW(name, kind, store, pl_stream, member, text)
static const struct pl_field stream_rows[] = {
    {S("partitions", PL_FIELD_COUNT, U32, partitions, "Partitions."),
     .low = 1,
     .high = PL_PARTITIONS_MAX},
    {S("batch", PL_FIELD_NUMBER, F64, batch_mean, "Records of one request of a producer, mean."),
     .low = 1,
     .high = 10000},
    {S("batch_p99", PL_FIELD_NUMBER, F64, batch_p99, "99th percentile of them; 0: all alike."),
     .low = 0,
     .high = 60000},
    {S("record_kb", PL_FIELD_NUMBER, F64, record_kb, "Size of a record in KB."),
     .low = 0,
     .high = 10000},
    {S("retention", PL_FIELD_DURATION, F64, retention_s, "Older records are deleted."),
     KNOB(PL_SCOPE_STREAM, PL_STREAM_RETENTION)},
    {S("memory", PL_FIELD_DURATION, F64, cache_s, "Younger records are read without the disk."),
     .low = 0,
     .high = 86400},
    {S("read_cost", PL_FIELD_NUMBER, F64, read_cost, "Disk traffic of a read against a write."),
     .low = 0,
     .high = 100},
    {S("tenants", PL_FIELD_COUNT, U32, keys, "Tenants that have no name; the key is the tenant."),
     .low = 1,
     .high = PL_STREAM_KEYS_MAX},
    {S("zipf", PL_FIELD_NUMBER, F64, zipf, "Exponent of their size."), .low = 0, .high = 3},
    {S("chunks", PL_FIELD_COUNT, U32, chunks, "Pieces of time that a partition remembers."),
     .low = 16,
     .high = PL_CHUNKS_MAX},
    {PL_ROW_CODE("volume", PL_FIELD_OTHER, "Disks of its brokers."), .words = "name of a volume"},
    {PL_ROW_CODE("side", PL_FIELD_OTHER, "Stream that redirected imports go to."),
     .words = "name of a stream"},
    {PL_ROW_CODE("source", PL_FIELD_OTHER, "Whose events they are; what is late harms them."),
     .words = "name of a traffic source"},
};
const struct pl_key_table pl_stream_table = {
    .name = "stream",
    .doc = "A log of the broker, cut into partitions by tenant.",
    TABLE(stream_rows),
    .size = sizeof(struct pl_stream),
    .fill = fill_stream,
};

static void fill_group(void *target)
{
    *(struct pl_group_def *)target = pl_group_default();
}

#define G(name, kind, store, member, text) PL_ROW(name, kind, store, pl_group_def, member, text)
#define GROUP(knob)                        KNOB(PL_SCOPE_GROUP, knob)
static const struct pl_field group_rows[] = {
    {PL_ROW_CODE("stream", PL_FIELD_OTHER, "What it reads."),
     .words = "name of a stream",
     .required = 1},
    {PL_ROW_CODE("consumer", PL_FIELD_OTHER, "Route that is run per batch; its pods are members."),
     .words = "service/route",
     .required = 1},
    {PL_ROW_CODE("upstream", PL_FIELD_OTHER, "Group whose output it reads; it stands before."),
     .words = "name of a group"},
    {G("max_records", PL_FIELD_COUNT, F64, max_records, "Records of a batch at most."),
     GROUP(PL_GROUP_MAX_RECORDS)},
    {G("linger", PL_FIELD_DURATION, F64, linger_s, "How long a smaller batch waits for more."),
     GROUP(PL_GROUP_LINGER)},
    {G("poll_interval", PL_FIELD_DURATION, F64, poll_interval_s, "A slower member is thrown out."),
     GROUP(PL_GROUP_POLL_INTERVAL)},
    {G("rebalance", PL_FIELD_DURATION, F64, rebalance_s, "Pause while partitions are given out."),
     GROUP(PL_GROUP_REBALANCE)},
    {G("join", PL_FIELD_DURATION, F64, join_s, "More of that pause for each member."),
     .low = 0,
     .high = 60},
    {G("retry", PL_FIELD_DURATION, F64, retry_s, "Wait before a failed batch comes again."),
     .low = 0.1,
     .high = 600},
    {G("deliveries", PL_FIELD_COUNT, F64, deliveries, "Then to the dead letters; 0: never."),
     GROUP(PL_GROUP_DELIVERIES)},
    {G("cached_lag", PL_FIELD_BOOL, U32, cached, "Its lag stays as it was while nobody consumes.")},
    {G("fresh", PL_FIELD_DURATION, F64, fresh_s, "Objective: age of an event when it is visible."),
     .low = 0,
     .high = 86400},
    {G("worth", PL_FIELD_NUMBER, F64, worth, "Damage of a late request; 0: nothing is visible."),
     .low = 0,
     .high = 1000},
    {G("lost_worth", PL_FIELD_NUMBER, F64, lost_worth, "Damage of a lost one."),
     .low = 0,
     .high = 1000},
    {G("duplicate_worth", PL_FIELD_NUMBER, F64, duplicate_worth, "Damage of a repeated one."),
     .low = 0,
     .high = 1000},
};
const struct pl_key_table pl_group_table = {
    .name = "group",
    .doc = "A consumer group of a stream.",
    TABLE(group_rows),
    .size = sizeof(struct pl_group_def),
    .fill = fill_group,
};

static const struct pl_field tenant_rows[] = {
    {PL_ROW("share", PL_FIELD_SHARE, F64, pl_tenant, share, "Share of the events."),
     .low = 0,
     .high = 1,
     .required = 1},
    {PL_ROW("partition", PL_FIELD_COUNT, U32, pl_tenant, partition, "Where its key falls."),
     .low = 0,
     .high = PL_PARTITIONS_MAX - 1,
     .required = 1},
};
const struct pl_key_table pl_tenant_table = {
    .name = "tenant",
    .doc = "A tenant with a name of its own.",
    TABLE(tenant_rows),
    .size = sizeof(struct pl_tenant),
};

static void fill_volume(void *target)
{
    *(struct pl_volume *)target = pl_volume_default();
}

#define V(name, kind, member, text) PL_ROW(name, kind, F64, pl_volume, member, text)
static const struct pl_field volume_rows[] = {
    {V("baseline", PL_FIELD_MEGABYTES, baseline_mb, "Per second, for ever."),
     KNOB(PL_SCOPE_VOLUME, PL_VOLUME_BASELINE)},
    {V("burst", PL_FIELD_MEGABYTES, burst_mb, "Per second, while there are credits."),
     KNOB(PL_SCOPE_VOLUME, PL_VOLUME_BURST)},
    {V("credits", PL_FIELD_MEGABYTES, credits_mb, "What it may move beyond the baseline."),
     KNOB(PL_SCOPE_VOLUME, PL_VOLUME_CREDITS)},
    {V("credits_max", PL_FIELD_MEGABYTES, credits_max_mb, "Credits at most."),
     .low = 0,
     .high = 1e7},
    {V("load", PL_FIELD_MEGABYTES, load_mb, "Per second, of work that is not simulated."),
     KNOB(PL_SCOPE_VOLUME, PL_VOLUME_LOAD)},
};
const struct pl_key_table pl_volume_table = {
    .name = "volume",
    .doc = "A disk behind one queue, faster while it has credits.",
    TABLE(volume_rows),
    .size = sizeof(struct pl_volume),
    .fill = fill_volume,
};
