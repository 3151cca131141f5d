// SPDX-License-Identifier: Apache-2.0
#include "scenario/knob.h"

#include "base/check.h"

#define KNOB_ROW(constant, text, lowest, highest, measure) \
    {.name = (text), .unit = (measure), .low = (lowest), .high = (highest)},
static const pl_knob_range service_knobs[] = {PL_SERVICE_KNOBS(KNOB_ROW)};
static const pl_knob_range route_knobs[] = {PL_ROUTE_KNOBS(KNOB_ROW)};
static const pl_knob_range step_knobs[] = {PL_STEP_KNOBS(KNOB_ROW)};
static const pl_knob_range edge_knobs[] = {PL_EDGE_KNOBS(KNOB_ROW)};
static const pl_knob_range pool_knobs[] = {PL_POOL_KNOBS(KNOB_ROW)};
static const pl_knob_range database_knobs[] = {PL_DATABASE_KNOBS(KNOB_ROW)};
static const pl_knob_range statement_knobs[] = {PL_STATEMENT_KNOBS(KNOB_ROW)};
static const pl_knob_range job_knobs[] = {PL_JOB_KNOBS(KNOB_ROW)};
static const pl_knob_range vendor_knobs[] = {PL_VENDOR_KNOBS(KNOB_ROW)};
static const pl_knob_range cache_knobs[] = {PL_CACHE_KNOBS(KNOB_ROW)};
static const pl_knob_range topic_knobs[] = {PL_TOPIC_KNOBS(KNOB_ROW)};
static const pl_knob_range source_knobs[] = {PL_SOURCE_KNOBS(KNOB_ROW)};
static const pl_knob_range flag_knobs[] = {PL_FLAG_KNOBS(KNOB_ROW)};
static const pl_knob_range link_knobs[] = {PL_LINK_KNOBS(KNOB_ROW)};
static const pl_knob_range effect_knobs[] = {PL_EFFECT_KNOBS(KNOB_ROW)};
static const pl_knob_range stream_knobs[] = {PL_STREAM_KNOBS(KNOB_ROW)};
static const pl_knob_range group_knobs[] = {PL_GROUP_KNOBS(KNOB_ROW)};
static const pl_knob_range tenant_knobs[] = {PL_TENANT_KNOBS(KNOB_ROW)};
static const pl_knob_range volume_knobs[] = {PL_VOLUME_KNOBS(KNOB_ROW)};

static const struct {
    const pl_knob_range *knobs;
    uint32_t count;
} scopes[] = {
    [PL_SCOPE_SERVICE] = {service_knobs, PL_SERVICE_KNOB_COUNT},
    [PL_SCOPE_ROUTE] = {route_knobs, PL_ROUTE_KNOB_COUNT},
    [PL_SCOPE_STEP] = {step_knobs, PL_STEP_KNOB_COUNT},
    [PL_SCOPE_EDGE] = {edge_knobs, PL_EDGE_KNOB_COUNT},
    [PL_SCOPE_POOL] = {pool_knobs, PL_POOL_KNOB_COUNT},
    [PL_SCOPE_DATABASE] = {database_knobs, PL_DATABASE_KNOB_COUNT},
    [PL_SCOPE_STATEMENT] = {statement_knobs, PL_STATEMENT_KNOB_COUNT},
    [PL_SCOPE_JOB] = {job_knobs, PL_JOB_KNOB_COUNT},
    [PL_SCOPE_VENDOR] = {vendor_knobs, PL_VENDOR_KNOB_COUNT},
    [PL_SCOPE_CACHE] = {cache_knobs, PL_CACHE_KNOB_COUNT},
    [PL_SCOPE_TOPIC] = {topic_knobs, PL_TOPIC_KNOB_COUNT},
    [PL_SCOPE_SOURCE] = {source_knobs, PL_SOURCE_KNOB_COUNT},
    [PL_SCOPE_FLAG] = {flag_knobs, PL_FLAG_KNOB_COUNT},
    [PL_SCOPE_LINK] = {link_knobs, PL_LINK_KNOB_COUNT},
    [PL_SCOPE_EFFECT] = {effect_knobs, PL_EFFECT_KNOB_COUNT},
    [PL_SCOPE_STREAM] = {stream_knobs, PL_STREAM_KNOB_COUNT},
    [PL_SCOPE_GROUP] = {group_knobs, PL_GROUP_KNOB_COUNT},
    [PL_SCOPE_TENANT] = {tenant_knobs, PL_TENANT_KNOB_COUNT},
    [PL_SCOPE_VOLUME] = {volume_knobs, PL_VOLUME_KNOB_COUNT},
};

pl_knob_range pl_field_knob(uint32_t scope, uint32_t knob)
{
    PL_CHECK(scope > PL_SCOPE_NONE && scope <= PL_SCOPE_VOLUME);
    PL_CHECK(knob < scopes[scope].count);
    return scopes[scope].knobs[knob];
}

bool pl_field_knob_sliced(uint32_t scope, uint32_t knob)
{
    switch (scope) {
    case PL_SCOPE_SERVICE:
        return knob == PL_SERVICE_PODS || knob == PL_SERVICE_AUTOSCALE_MIN ||
               knob == PL_SERVICE_AUTOSCALE_MAX;
    case PL_SCOPE_DATABASE:
        return knob == PL_DATABASE_MAX_CONNECTIONS || knob == PL_DATABASE_LOAD ||
               knob == PL_DATABASE_OTHER_CONNECTIONS || knob == PL_DATABASE_REPLICA_LOAD;
    case PL_SCOPE_JOB:
        return knob == PL_JOB_CONNECTIONS || knob == PL_JOB_LOAD;
    case PL_SCOPE_VENDOR:
        return knob == PL_VENDOR_QUOTA;
    case PL_SCOPE_TOPIC:
        return knob == PL_TOPIC_CONSUMERS;
    default:
        return false;
    }
}
