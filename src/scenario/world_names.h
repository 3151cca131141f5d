// SPDX-License-Identifier: Apache-2.0
//
// References of a world file: names to indices, and client policies that several places speak of.
#ifndef PL_SCENARIO_WORLD_NAMES_H
#define PL_SCENARIO_WORLD_NAMES_H

#include "model/world.h"
#include "scenario/reader.h"
#include "scenario/world_fields.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A world file being read. */
struct pl_world_reader {
    struct pl_reader reader;
    struct pl_world *world;
    uint32_t steps_node[PL_ROUTES_MAX]; /* list of steps of each route, 0: none */
    uint64_t edge_given[PL_EDGES_MAX];  /* bit per row of pl_edge_table that was said */
};

/** An array of structs whose first member is their name. */
struct pl_names {
    const char *first; /* name of element 0 */
    size_t stride;     /* bytes from one to the next */
    uint32_t count;
    const char *what; /* "vendor" */
};

/** Index of a name, or PL_NONE. */
uint32_t pl_names_find(const struct pl_names *names, pl_slice name);

/** Index of a name; what is not found is reported with what was probably meant. */
uint32_t pl_names_resolve(struct pl_reader *reader,
                          const struct pl_names *names,
                          pl_slice name,
                          uint32_t node);

/** Names of the entities of a world. */
struct pl_names pl_names_services(const struct pl_world *world);
struct pl_names pl_names_databases(const struct pl_world *world);
struct pl_names pl_names_statements(const struct pl_world *world);
struct pl_names pl_names_locks(const struct pl_world *world);
struct pl_names pl_names_vendors(const struct pl_world *world);
struct pl_names pl_names_links(const struct pl_world *world);
struct pl_names pl_names_effects(const struct pl_world *world);
struct pl_names pl_names_caches(const struct pl_world *world);
struct pl_names pl_names_topics(const struct pl_world *world);
struct pl_names pl_names_flags(const struct pl_world *world);
struct pl_names pl_names_jobs(const struct pl_world *world);
struct pl_names pl_names_sources(const struct pl_world *world);
struct pl_names pl_names_streams(const struct pl_world *world);
struct pl_names pl_names_groups(const struct pl_world *world);
struct pl_names pl_names_tenants(const struct pl_world *world);
struct pl_names pl_names_volumes(const struct pl_world *world);

/** Route written as `service/route`, or PL_NONE after a report. */
uint32_t pl_world_reader_route(struct pl_world_reader *reader, pl_slice text, uint32_t node);

/** What a call goes to. */
struct pl_call_target {
    uint32_t vendor; /* or PL_NONE */
    uint32_t route;  /* or PL_NONE */
};

/** Vendor `payment` or route `checkout-api/place-order`; reports and returns false when neither. */
bool pl_world_reader_target(struct pl_world_reader *reader,
                            pl_slice text,
                            uint32_t node,
                            struct pl_call_target *target);

/**
 * Edge of a service to a vendor or service; made when it is new.
 *
 * @return index, or PL_NONE after a report (PL_EDGES_MAX)
 */
uint32_t pl_world_reader_edge(struct pl_world_reader *reader,
                              uint32_t service,
                              uint32_t vendor,
                              uint32_t to_service,
                              uint32_t node);

/**
 * Add what one place says about an edge to what others said; a contradiction is reported.
 *
 * @param edge   index
 * @param said   values
 * @param given  bit per row of pl_edge_table that `said` holds
 * @param node   place
 */
void pl_world_reader_merge(struct pl_world_reader *reader,
                           uint32_t edge,
                           const struct pl_edge *said,
                           uint64_t given,
                           uint32_t node);

#endif
