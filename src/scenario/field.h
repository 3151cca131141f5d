// SPDX-License-Identifier: Apache-2.0
//
// Tables that describe the keys of content files, and a reader over them.
//
// One row per key serves four purposes: filling a struct, listing every mistake with its place,
// the JSON Schema for editors (schema.h) and the reference page (reference.h). So they cannot
// disagree. What a row cannot say (lists of entities, programs of steps) has a row too, of kind
// MAP, LIST or OTHER; its reading is code, its description is not.
#ifndef PL_SCENARIO_FIELD_H
#define PL_SCENARIO_FIELD_H

#include "base/error.h"
#include "model/world.h"
#include "scenario/reader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What a value looks like. */
enum pl_field_kind {
    PL_FIELD_TEXT,      /* any scalar */
    PL_FIELD_NAME,      /* letters, digits, - _ . */
    PL_FIELD_BOOL,      /* yes, no, true, false, on, off */
    PL_FIELD_COUNT,     /* whole number, 10k allowed */
    PL_FIELD_NUMBER,    /* decimal number */
    PL_FIELD_DURATION,  /* 150ms, 2m30s */
    PL_FIELD_OFFSET,    /* -7m, 30s, or start */
    PL_FIELD_SHARE,     /* 40% or 0.4 */
    PL_FIELD_RATE,      /* 220/s */
    PL_FIELD_MEGABYTES, /* 512MB */
    PL_FIELD_LAW,       /* lognormal mean 12ms p99 40ms */
    PL_FIELD_CLOCK,     /* "11:42" */
    PL_FIELD_CHOICE,    /* one of `words` */
    PL_FIELD_GROUP,     /* map of `sub`, into the same struct */
    PL_FIELD_OBJECT,    /* map of `sub`, read by code */
    PL_FIELD_MAP,       /* names to maps of `sub`, read by code */
    PL_FIELD_LIST,      /* list of maps of `sub`, read by code */
    PL_FIELD_OTHER      /* read by code; `words` says what it looks like */
};

/** Where a value goes. */
enum pl_field_store { PL_STORE_NONE, PL_STORE_F64, PL_STORE_U32, PL_STORE_TEXT, PL_STORE_LAW };

struct pl_key_table;

/** One key. */
struct pl_field {
    const char *key;
    const char *doc;   /* one sentence */
    const char *words; /* CHOICE: words in the order of the enum, '|' between; OTHER: form */
    const struct pl_key_table *sub;
    double low; /* range of numbers, base units; both 0: only the kind limits */
    double high;
    uint32_t kind;  /* enum pl_field_kind */
    uint32_t store; /* enum pl_field_store */
    uint32_t offset;
    uint32_t size;  /* bytes of the member */
    uint32_t scope; /* enum pl_scope: the range is that of `knob`; PL_SCOPE_NONE: low and high */
    uint32_t knob;
    uint32_t required; /* 1: must be given */
    uint32_t sliced;   /* 1: content gives the fleet's value, the struct gets a slice's share */
};

/** The keys of one kind of map. */
struct pl_key_table {
    const char *name; /* in messages: "service" */
    const char *doc;  /* one or two sentences */
    const struct pl_field *fields;
    uint32_t field_count;
    uint32_t size;              /* bytes of the struct, 0: rows are read by code */
    void (*fill)(void *target); /* writes the defaults, NULL: zeros */
};

/** Row that fills a member; further members of the row may follow as designated initialisers. */
#define PL_ROW(name, kind_, store_, type, member, text)               \
    .key = (name), .kind = (kind_), .store = (store_), .doc = (text), \
    .offset = (uint32_t)offsetof(struct type, member),                \
    .size = (uint32_t)sizeof(((struct type *)0)->member)
/** Row that code reads. */
#define PL_ROW_CODE(name, kind_, text) .key = (name), .kind = (kind_), .doc = (text)
#define PL_FIELD_COUNT_OF(fields)      ((uint32_t)(sizeof(fields) / sizeof((fields)[0])))

/**
 * Fill a struct from a map by a table. Keys that the table does not know are reported with what was
 * probably meant, missing required keys at the map.
 *
 * @param reader  shared
 * @param table   rows
 * @param node    map
 * @param target  struct that the rows were made for, NULL: only check
 * @return bit per row (of the first 64) that was given and read well
 */
uint64_t pl_fields_read(struct pl_reader *reader,
                        const struct pl_key_table *table,
                        uint32_t node,
                        void *target);

/** Give a struct the defaults of its table: zeros, then `fill`. */
void pl_fields_default(const struct pl_key_table *table, void *target);

/** Read one value by a row; reports and returns false when it is wrong. */
bool pl_field_read(struct pl_reader *reader,
                   const struct pl_field *field,
                   uint32_t node,
                   void *target);

#endif
