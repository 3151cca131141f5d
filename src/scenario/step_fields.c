// SPDX-License-Identifier: Apache-2.0
//
// Rows of the steps of a route. They describe; steps.c compiles.
#include "scenario/step_fields.h"

#include "model/world.h"
#include "scenario/world_fields.h"

#include <stddef.h>

#define TABLE(rows) .fields = (rows), .field_count = PL_FIELD_COUNT_OF(rows)

static const struct pl_field when_rows[] = {
    {PL_ROW_CODE("flag", PL_FIELD_OTHER, "Flag that decides per user."),
     .words = "name of a flag",
     .required = 1},
    {PL_ROW_CODE("else", PL_FIELD_OTHER, "yes: for users without the flag."), .words = "yes or no"},
    {PL_ROW_CODE("steps", PL_FIELD_LIST, "Steps under the condition."),
     .sub = &pl_step_table,
     .required = 1},
};
const struct pl_key_table pl_when_table = {
    .name = "when block", .doc = "Steps that only some users run.", TABLE(when_rows)};

static const struct pl_field hold_rows[] = {
    {PL_ROW_CODE("pool", PL_FIELD_OTHER, "Pool, by its database."),
     .words = "name of a database",
     .required = 1},
    {PL_ROW_CODE("steps", PL_FIELD_LIST, "Steps that run with the connection."),
     .sub = &pl_step_table,
     .required = 1},
};
const struct pl_key_table pl_hold_table = {
    .name = "hold block", .doc = "Steps inside one transaction.", TABLE(hold_rows)};

static const struct pl_field get_rows[] = {
    {PL_ROW_CODE("cache", PL_FIELD_OTHER, "Cache to read."),
     .words = "name of a cache",
     .required = 1},
    {PL_ROW_CODE("miss", PL_FIELD_LIST, "Steps that run when the key is not there."),
     .sub = &pl_step_table},
};
const struct pl_key_table pl_get_table = {
    .name = "get block", .doc = "A cache read and what a miss costs.", TABLE(get_rows)};

static void fill_step(void *target)
{
    *(struct pl_step *)target = pl_step_default();
}

static const struct pl_field step_rows[] = {
    {PL_ROW_CODE("cpu", PL_FIELD_OTHER, "Work on the pod's processor."), .words = "law"},
    {PL_ROW_CODE("sleep", PL_FIELD_OTHER, "Wait without work."), .words = "law"},
    {PL_ROW_CODE("call", PL_FIELD_OTHER, "Call a vendor or another service."),
     .words = "vendor, service/route, or {to, timeout, retries, ...}",
     .sub = &pl_call_table},
    {PL_ROW_CODE("query", PL_FIELD_OTHER, "Run a statement; takes a connection if none is held."),
     .words = "statement or database/statement"},
    {PL_ROW_CODE("hold", PL_FIELD_OTHER, "Take a connection for the steps inside."),
     .words = "database with `steps` beside it, or {pool, steps}",
     .sub = &pl_hold_table},
    {PL_ROW_CODE("lock", PL_FIELD_OTHER, "Lock a row until the transaction ends."),
     .words = "name of a lock group"},
    {PL_ROW_CODE("get", PL_FIELD_OTHER, "Read a cache."),
     .words = "cache with `miss` beside it, or {cache, miss}",
     .sub = &pl_get_table},
    {PL_ROW_CODE("put", PL_FIELD_OTHER, "Write the key last read to a cache."),
     .words = "name of a cache"},
    {PL_ROW_CODE("publish", PL_FIELD_OTHER, "Append to a topic or a stream."),
     .words = "name of a topic or stream"},
    {PL_ROW_CODE("await-replica", PL_FIELD_OTHER, "Poll a replica until it has the writes."),
     .words = "name of a database"},
    {PL_ROW_CODE("parallel", PL_FIELD_OTHER, "Steps that run at once."), .words = "list of steps"},
    {PL_ROW_CODE("intend",
                 PL_FIELD_OTHER,
                 "Note the user's wish for an effect; a request sent again is answered here."),
     .words = "name of an effect"},
    {PL_ROW_CODE("perform", PL_FIELD_OTHER, "Do an effect without any vendor."),
     .words = "name of an effect"},
    {PL_ROW_CODE("when", PL_FIELD_OTHER, "Condition: a flag, a shard of the requests, or a block."),
     .words = "flag NAME, not flag NAME, shard 1/4, or {flag, else, steps}",
     .sub = &pl_when_table},
    {PL_ROW_CODE("write", PL_FIELD_OTHER, "Move `kb` on a volume, and wait for it."),
     .words = "name of a volume"},
    PL_STEP_MODIFIERS(pl_step, ){
        PL_ROW_CODE("ack", PL_FIELD_OTHER, "publish: wait for the broker."), .words = "law"},
    {PL_ROW_CODE("poll", PL_FIELD_OTHER, "await-replica: time between polls."), .words = "law"},
    {PL_ROW_CODE("effect", PL_FIELD_OTHER, "call: what the vendor does to the customer."),
     .words = "name of an effect"},
    {PL_ROW("kb", PL_FIELD_NUMBER, PL_STORE_F64, pl_step, amount_kb, "write: KB to move."),
     .low = 0,
     .high = 1e6},
    {PL_ROW("per_record",
            PL_FIELD_BOOL,
            PL_STORE_U32,
            pl_step,
            per_record,
            "cpu, sleep, write: the law or amount is that of one record of the batch.")},
    {PL_ROW_CODE("tenant", PL_FIELD_OTHER, "publish: it is an import of this tenant."),
     .words = "name of a tenant"},
    {PL_ROW_CODE("steps", PL_FIELD_OTHER, "hold: what runs inside."), .words = "list of steps"},
    {PL_ROW_CODE("miss", PL_FIELD_OTHER, "get: what runs on a miss."), .words = "list of steps"},
};
const struct pl_key_table pl_step_table = {
    .name = "step",
    .doc = "One operator and its modifiers.",
    TABLE(step_rows),
    .size = sizeof(struct pl_step),
    .fill = fill_step,
};
