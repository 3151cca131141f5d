// SPDX-License-Identifier: Apache-2.0
//
// References of streams and groups in a world file.
#ifndef PL_SCENARIO_STREAM_READER_H
#define PL_SCENARIO_STREAM_READER_H

#include "scenario/world_names.h"

#include <stdbool.h>
#include <stdint.h>

/**
 * Resolve what a group refers to; streams and services are read.
 *
 * @param node    map of the group
 * @param target  struct pl_group_def, its fields are read
 * @return false when it cannot be kept
 */
bool pl_stream_reader_group(struct pl_world_reader *reader, uint32_t node, void *target);

/** Resolve what streams refer to; volumes, streams and traffic sources are read. */
void pl_stream_reader_streams(struct pl_world_reader *reader, uint32_t root);

#endif
