// SPDX-License-Identifier: Apache-2.0
//
// One YAML document as a tree of nodes with positions.
//
// Read through libyaml's events into memory of the caller; libyaml itself allocates while it reads,
// nothing of it stays. Content needs no more than maps, lists and scalars, so everything that makes
// YAML surprising is refused with its place: anchors, aliases, tags, merge keys, directives,
// several documents, duplicate keys, keys that are not plain words. As far as possible all mistakes
// of a text are listed at once; a mistake of syntax ends the list.
//
//   nodes[0] is nobody, nodes[1] is the root. Children of a map or list are linked by next.
#ifndef PL_TEXT_YAML_H
#define PL_TEXT_YAML_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PL_YAML_TEXT_MAX = 1 << 20,    /* bytes of a text */
    PL_YAML_DEPTH_MAX = 64,        /* maps and lists inside each other */
    PL_YAML_KEYS_MAX = 2048,       /* entries of one map */
    PL_YAML_NODE_COUNT_MAX = 65535 /* nodes of a document */
};

/** What a node is. */
typedef enum { PL_YAML_SCALAR, PL_YAML_MAP, PL_YAML_LIST } pl_yaml_kind;

/** A value with its place. An entry of a map carries its key. */
struct pl_yaml_node {
    pl_yaml_kind kind;
    bool quoted;          /* scalar in quotes or a block: "80%" and 80% differ here only */
    uint32_t line;        /* of the value, from 1 */
    uint32_t column;      /* of the value in characters, from 1 */
    uint32_t key_line;    /* of the key, 0 when the parent is no map */
    uint32_t key_column;  /* of the key */
    uint32_t key_hash;    /* of the key's bytes, for quick comparison */
    pl_slice key;         /* terminated, lives in the caller's memory; data is NULL without key */
    pl_slice text;        /* of a scalar, terminated; empty for maps and lists */
    uint32_t parent;      /* index, 0 for the root */
    uint32_t first_child; /* index, 0 when empty */
    uint32_t last_child;  /* index, 0 when empty */
    uint32_t next;        /* next entry of the same parent, 0 at the end */
    uint32_t child_count; /* entries of a map or list */
};

/** A document. Everything it points to lies in the memory given to pl_yaml_load. */
struct pl_yaml {
    const char *path;           /* borrowed name of the file for positions */
    struct pl_yaml_node *nodes; /* nodes[node_count], index 0 unused */
    uint32_t node_count;        /* with index 0 */
    uint32_t root;              /* index of the root, 1 */
};

/** Bytes of memory that suffice for every text within the limits. */
size_t pl_yaml_memory_max(void);

/** Bytes of memory that suffice for a text of this size; smaller texts need much less. */
size_t pl_yaml_memory_for(size_t text_size);

/**
 * Read one document.
 *
 * @param yaml         filled; valid when PL_OK is returned
 * @param text         UTF-8, up to PL_YAML_TEXT_MAX bytes, borrowed for the call
 * @param path         name of the file for positions, borrowed as long as yaml is used
 * @param memory       aligned as by malloc, borrowed as long as yaml is used
 * @param memory_size  bytes of memory
 * @param errors       mistakes are appended
 * @return PL_OK, PL_BAD_INPUT, PL_LIMIT (a limit or the memory is exceeded) or PL_NO_MEMORY; the
 *         status of the first error that this call appended
 */
pl_status pl_yaml_load(struct pl_yaml *yaml,
                       pl_slice text,
                       const char *path,
                       void *memory,
                       size_t memory_size,
                       struct pl_errors *errors) __attribute__((warn_unused_result));

/**
 * Node of an index.
 *
 * @param yaml   loaded document
 * @param index  1..node_count - 1 (checked)
 */
const struct pl_yaml_node *pl_yaml_at(const struct pl_yaml *yaml, uint32_t index);

/** Index of the entry of map `map` with this key, 0 when it has none or is no map. */
uint32_t pl_yaml_find(const struct pl_yaml *yaml, uint32_t map, const char *key);

/** True for a value that was left empty or written as `null` or `~` without quotes. */
bool pl_yaml_is_null(const struct pl_yaml *yaml, uint32_t index);

/** Place of the value of a node. */
pl_pos pl_yaml_pos(const struct pl_yaml *yaml, uint32_t index);

/** Place of the key of a node, or of its value when it has no key. */
pl_pos pl_yaml_key_pos(const struct pl_yaml *yaml, uint32_t index);

#endif
