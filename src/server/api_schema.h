// SPDX-License-Identifier: Apache-2.0
//
// JSON Schemas of what the API of sessions takes and gives; OpenAPI is made of them.
#ifndef PL_SERVER_API_SCHEMA_H
#define PL_SERVER_API_SCHEMA_H

#include "server/route.h"

/** All schemas; `count` is set to their number. */
const struct pl_schema *pl_api_schemas(uint32_t *count);

#endif
