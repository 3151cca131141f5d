// SPDX-License-Identifier: Apache-2.0
//
// Label names that metrics of this product carry, and sets of label values.
//
// A set is dense: one 16-bit word number (intern.h) per known label name, 0 means absent. Sets are
// compared, masked and copied as values.
#ifndef PL_OBSERVE_LABELS_H
#define PL_OBSERVE_LABELS_H

#include "base/buf.h"
#include "observe/intern.h"

#include <stdbool.h>
#include <stdint.h>

/** One line per label: constant, name. The order is the order of display. */
#define PL_LABEL_KEYS(X)                               \
    X(PL_KEY_NAME, "__name__")                         \
    X(PL_KEY_SERVICE, "service")                       \
    X(PL_KEY_POD, "pod")                               \
    X(PL_KEY_METHOD, "http_request_method")            \
    X(PL_KEY_ROUTE, "http_route")                      \
    X(PL_KEY_CODE, "http_response_status_code")        \
    X(PL_KEY_ERROR_TYPE, "error_type")                 \
    X(PL_KEY_SERVER_ADDRESS, "server_address")         \
    X(PL_KEY_POOL, "db_client_connection_pool_name")   \
    X(PL_KEY_POOL_STATE, "db_client_connection_state") \
    X(PL_KEY_QUERY_SUMMARY, "db_query_summary")        \
    X(PL_KEY_DATNAME, "datname")                       \
    X(PL_KEY_INSTANCE, "instance")                     \
    X(PL_KEY_ROLE, "role")                             \
    X(PL_KEY_STATE, "state")                           \
    X(PL_KEY_MODE, "mode")                             \
    X(PL_KEY_QUERYID, "queryid")                       \
    X(PL_KEY_QUERY, "query")                           \
    X(PL_KEY_CONSUMER_GROUP, "consumergroup")          \
    X(PL_KEY_TOPIC, "topic")                           \
    X(PL_KEY_PARTITION, "partition")                   \
    X(PL_KEY_DEPLOYMENT, "deployment")                 \
    X(PL_KEY_HPA, "horizontalpodautoscaler")           \
    X(PL_KEY_CONTAINER, "container")                   \
    X(PL_KEY_PHASE, "phase")                           \
    X(PL_KEY_MEMORY_TYPE, "jvm_memory_type")           \
    X(PL_KEY_GC_NAME, "jvm_gc_name")                   \
    X(PL_KEY_FLAG, "feature_flag_key")                 \
    X(PL_KEY_AUDIENCE, "audience")                     \
    X(PL_KEY_OUTCOME, "outcome")                       \
    X(PL_KEY_VERSION, "service_version")               \
    X(PL_KEY_JOB, "job")                               \
    X(PL_KEY_QUANTILE, "quantile")                     \
    X(PL_KEY_LE, "le")

#define PL_KEY_ENUM(constant, name) constant,
/** Index of a label name in a set. */
enum pl_label_key { PL_LABEL_KEYS(PL_KEY_ENUM) PL_KEY_COUNT };
#undef PL_KEY_ENUM

/** A set of labels: word numbers by key. */
struct pl_labels {
    uint16_t value[PL_KEY_COUNT];
};

/** Name of a label key, 0..PL_KEY_COUNT-1. */
const char *pl_label_name(uint32_t key);

/** Key with this name, or PL_KEY_COUNT when there is none. */
uint32_t pl_label_find(pl_slice name);

/** Bit of a key in a mask of keys. */
static inline uint64_t pl_label_bit(uint32_t key)
{
    return UINT64_C(1) << key;
}

/** Mask of the keys that are present. */
uint64_t pl_labels_mask(const struct pl_labels *labels);

/** Keep the keys of `mask`, drop the others. */
void pl_labels_keep(struct pl_labels *labels, uint64_t mask);

/** True when both have the same keys with the same values. */
bool pl_labels_equal(const struct pl_labels *a, const struct pl_labels *b);

/** Hash of a set, for tables. */
uint64_t pl_labels_hash(const struct pl_labels *labels);

/** Append `{http_route="/orders", le="0.5"}` without the name; "{}" when there is none. */
void pl_labels_put(const struct pl_intern *intern,
                   const struct pl_labels *labels,
                   struct pl_buf *out);

#endif
