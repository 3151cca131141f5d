// SPDX-License-Identifier: Apache-2.0
//
// Tables refer to each other in circles (a step may hold steps), so they are collected in a list
// first and each is described once.
#include "scenario/describe.h"

#include "base/check.h"
#include "scenario/change_def.h"
#include "scenario/fault_fields.h"
#include "scenario/knob.h"
#include "scenario/kpi.h"
#include "scenario/setting_fields.h"
#include "scenario/world_fields.h"
#include "text/json_out.h"
#include "text/quantity.h"

#include <stdio.h>
#include <string.h>

enum { TABLES_MAX = 64, DEFAULTS_SIZE = 8192 };

/** Tables in the order of their first mention. */
struct table_list {
    const struct pl_key_table *tables[TABLES_MAX];
    uint32_t count;
};

static void add_table(struct table_list *list, const struct pl_key_table *table)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->tables[i] == table) {
            return;
        }
    }
    PL_CHECK(list->count < TABLES_MAX);
    list->tables[list->count++] = table;
}

static void collect(struct table_list *list, const struct pl_key_table *root)
{
    uint32_t next = list->count;
    add_table(list, root);
    for (; next < list->count; next++) {
        const struct pl_key_table *table = list->tables[next];
        for (uint32_t i = 0; i < table->field_count; i++) {
            if (table->fields[i].sub != NULL) {
                add_table(list, table->fields[i].sub);
            }
        }
    }
}

static void field_range(const struct pl_field *field, double *low, double *high)
{
    *low = field->low;
    *high = field->high;
    if (field->scope != PL_SCOPE_NONE) {
        pl_knob_range range = pl_field_knob(field->scope, field->knob);
        *low = range.low;
        *high = range.high;
    }
    if (field->kind == PL_FIELD_SHARE && !(*high > *low)) {
        *high = 1.0;
    }
}

/* ---- JSON Schema ---------------------------------------------------------------------------- */

static void put_ref(struct pl_json_out *out, const struct pl_key_table *table)
{
    char ref[PL_LABEL_MAX];
    (void)snprintf(ref, sizeof ref, "#/$defs/%s", table->name);
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "$ref", ref);
    pl_json_out_object_end(out);
}

static void put_types(struct pl_json_out *out, const char *a, const char *b)
{
    pl_json_out_key(out, "type");
    pl_json_out_array_begin(out);
    pl_json_out_string(out, a);
    pl_json_out_string(out, b);
    pl_json_out_array_end(out);
}

static void put_choices(struct pl_json_out *out, const char *words)
{
    pl_json_out_key(out, "enum");
    pl_json_out_array_begin(out);
    for (const char *at = words; at != NULL;) {
        const char *end = strchr(at, '|');
        pl_slice word = {.data = at, .size = end != NULL ? (size_t)(end - at) : strlen(at)};
        pl_json_out_slice(out, word);
        at = end != NULL ? end + 1 : NULL;
    }
    pl_json_out_array_end(out);
}

static const char *pattern_of(uint32_t kind)
{
    switch ((enum pl_field_kind)kind) {
    case PL_FIELD_NAME:
        return "^[A-Za-z0-9_-]+$";
    case PL_FIELD_DURATION:
        return "^(0|([0-9.]+(d|h|m|s|ms|us|ns))+)$";
    case PL_FIELD_OFFSET:
        return "^[-+]?(0|([0-9.]+(d|h|m|s|ms|us|ns))+)$";
    case PL_FIELD_RATE:
        return "^[0-9.]+[kM]?/(s|m|h|d)$";
    case PL_FIELD_MEGABYTES:
        return "^[0-9.]+([KMGT]i?)?B$";
    case PL_FIELD_CLOCK:
        return "^[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$";
    case PL_FIELD_TEXT:
    case PL_FIELD_BOOL:
    case PL_FIELD_COUNT:
    case PL_FIELD_NUMBER:
    case PL_FIELD_SHARE:
    case PL_FIELD_LAW:
    case PL_FIELD_CHOICE:
    case PL_FIELD_GROUP:
    case PL_FIELD_OBJECT:
    case PL_FIELD_MAP:
    case PL_FIELD_LIST:
    case PL_FIELD_OTHER:
        break;
    }
    return NULL;
}

static void put_scalar(struct pl_json_out *out, const struct pl_field *field)
{
    const char *pattern = pattern_of(field->kind);
    if (field->kind == PL_FIELD_CHOICE) {
        put_choices(out, field->words);
    } else if (field->kind == PL_FIELD_BOOL) {
        put_types(out, "boolean", "string");
    } else if (field->kind == PL_FIELD_TEXT) {
        put_types(out, "string", "number");
        pl_json_out_member_integer(out, "maxLength", (int64_t)field->size - 1);
    } else if (pattern != NULL) {
        put_types(out, "string", "number");
        pl_json_out_member_string(out, "pattern", pattern);
    } else {
        put_types(out, "number", "string");
    }
    double low = 0.0;
    double high = 0.0;
    field_range(field, &low, &high);
    if (high > low && (field->kind == PL_FIELD_COUNT || field->kind == PL_FIELD_NUMBER) &&
        field->sliced == 0) {
        pl_json_out_member_number(out, "minimum", low);
        pl_json_out_member_number(out, "maximum", high);
    }
}

static void put_map(struct pl_json_out *out, const struct pl_field *field)
{
    pl_json_out_member_string(out, "type", "object");
    pl_json_out_key(out, "additionalProperties");
    if (field->words == NULL) {
        put_ref(out, field->sub);
        return;
    }
    /* A route may also be the list of its steps. */
    pl_json_out_object_begin(out);
    pl_json_out_key(out, "anyOf");
    pl_json_out_array_begin(out);
    put_ref(out, field->sub);
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "type", "array");
    pl_json_out_object_end(out);
    pl_json_out_array_end(out);
    pl_json_out_object_end(out);
}

static void put_property(struct pl_json_out *out, const struct pl_field *field)
{
    pl_json_out_key(out, field->key);
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "description", field->doc);
    switch ((enum pl_field_kind)field->kind) {
    case PL_FIELD_GROUP:
    case PL_FIELD_OBJECT: {
        char ref[PL_LABEL_MAX];
        (void)snprintf(ref, sizeof ref, "#/$defs/%s", field->sub->name);
        pl_json_out_member_string(out, "$ref", ref);
        break;
    }
    case PL_FIELD_MAP:
        put_map(out, field);
        break;
    case PL_FIELD_LIST:
        pl_json_out_member_string(out, "type", "array");
        pl_json_out_key(out, "items");
        put_ref(out, field->sub);
        break;
    case PL_FIELD_OTHER:
        pl_json_out_member_string(out, "$comment", field->words);
        break;
    case PL_FIELD_TEXT:
    case PL_FIELD_NAME:
    case PL_FIELD_BOOL:
    case PL_FIELD_COUNT:
    case PL_FIELD_NUMBER:
    case PL_FIELD_DURATION:
    case PL_FIELD_OFFSET:
    case PL_FIELD_SHARE:
    case PL_FIELD_RATE:
    case PL_FIELD_MEGABYTES:
    case PL_FIELD_LAW:
    case PL_FIELD_CLOCK:
    case PL_FIELD_CHOICE:
        put_scalar(out, field);
        break;
    }
    pl_json_out_object_end(out);
}

static void put_object(struct pl_json_out *out, const struct pl_key_table *table)
{
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "type", "object");
    pl_json_out_member_string(out, "description", table->doc);
    pl_json_out_member_bool(out, "additionalProperties", false);
    pl_json_out_key(out, "properties");
    pl_json_out_object_begin(out);
    for (uint32_t i = 0; i < table->field_count; i++) {
        put_property(out, &table->fields[i]);
    }
    pl_json_out_object_end(out);
    pl_json_out_key(out, "required");
    pl_json_out_array_begin(out);
    for (uint32_t i = 0; i < table->field_count; i++) {
        if (table->fields[i].required != 0) {
            pl_json_out_string(out, table->fields[i].key);
        }
    }
    pl_json_out_array_end(out);
    pl_json_out_object_end(out);
}

void pl_describe_schema(const struct pl_key_table *root, const char *title, struct pl_buf *out)
{
    struct table_list list = {.count = 0};
    struct pl_json_out json;
    collect(&list, root);
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "$schema", "https://json-schema.org/draft/2020-12/schema");
    pl_json_out_member_string(&json, "title", title);
    char ref[PL_LABEL_MAX];
    (void)snprintf(ref, sizeof ref, "#/$defs/%s", root->name);
    pl_json_out_member_string(&json, "$ref", ref);
    pl_json_out_key(&json, "$defs");
    pl_json_out_object_begin(&json);
    for (uint32_t i = 0; i < list.count; i++) {
        pl_json_out_key(&json, list.tables[i]->name);
        put_object(&json, list.tables[i]);
    }
    pl_json_out_object_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

/* ---- Reference ------------------------------------------------------------------------------ */

static const char *kind_text(const struct pl_field *field)
{
    static const char *const texts[] = {
        [PL_FIELD_TEXT] = "text",
        [PL_FIELD_NAME] = "name",
        [PL_FIELD_BOOL] = "`yes` or `no`",
        [PL_FIELD_COUNT] = "count, `16` or `10k`",
        [PL_FIELD_NUMBER] = "number",
        [PL_FIELD_DURATION] = "duration, `150ms`",
        [PL_FIELD_OFFSET] = "offset, `-7m`",
        [PL_FIELD_SHARE] = "share, `40%`",
        [PL_FIELD_RATE] = "rate, `220/s`",
        [PL_FIELD_MEGABYTES] = "size, `512MB`",
        [PL_FIELD_LAW] = "[law](#laws)",
        [PL_FIELD_CLOCK] = "time of day, `\"11:42\"`",
    };
    return field->kind < PL_FIELD_CHOICE ? texts[field->kind] : "";
}

/* Name of a table as the anchor that Markdown gives its heading. */
static void put_link(struct pl_buf *out, const struct pl_key_table *table)
{
    pl_buf_printf(out, "[%s](#", table->name);
    for (const char *at = table->name; *at != '\0'; at++) {
        pl_buf_put(out, *at == ' ' ? "-" : at, 1);
    }
    pl_buf_puts(out, ")");
}

static void put_form(struct pl_buf *out, const struct pl_field *field)
{
    switch ((enum pl_field_kind)field->kind) {
    case PL_FIELD_CHOICE:
        for (const char *at = field->words; at != NULL;) {
            const char *end = strchr(at, '|');
            int size = end != NULL ? (int)(end - at) : (int)strlen(at);
            pl_buf_printf(out, "%s`%.*s`", at == field->words ? "" : ", ", size, at);
            at = end != NULL ? end + 1 : NULL;
        }
        break;
    case PL_FIELD_GROUP:
    case PL_FIELD_OBJECT:
        put_link(out, field->sub);
        break;
    case PL_FIELD_MAP:
        pl_buf_puts(out, "map of names to ");
        put_link(out, field->sub);
        break;
    case PL_FIELD_LIST:
        pl_buf_puts(out, "list of ");
        put_link(out, field->sub);
        break;
    case PL_FIELD_OTHER:
        for (const char *at = field->words; *at != '\0'; at++) {
            pl_buf_put(out, at, 1);
            if (at[1] == '|') {
                pl_buf_puts(out, "\\");
            }
        }
        break;
    case PL_FIELD_TEXT:
    case PL_FIELD_NAME:
    case PL_FIELD_BOOL:
    case PL_FIELD_COUNT:
    case PL_FIELD_NUMBER:
    case PL_FIELD_DURATION:
    case PL_FIELD_OFFSET:
    case PL_FIELD_SHARE:
    case PL_FIELD_RATE:
    case PL_FIELD_MEGABYTES:
    case PL_FIELD_LAW:
    case PL_FIELD_CLOCK:
        pl_buf_puts(out, kind_text(field));
        break;
    }
}

static void put_amount(struct pl_buf *out, uint32_t kind, double value)
{
    if (kind == PL_FIELD_DURATION || kind == PL_FIELD_OFFSET) {
        pl_quantity_put_duration(out, (int64_t)(value * 1e9 + 0.5));
    } else if (kind == PL_FIELD_SHARE) {
        pl_buf_printf(out, "%.10g%%", value * 100.0);
    } else {
        pl_buf_printf(out, "%.10g", value);
    }
}

/* Default of a row, read from the struct that the readers start from. */
static void put_default(struct pl_buf *out, const struct pl_field *field, const char *defaults)
{
    if (field->required != 0) {
        pl_buf_puts(out, "required");
        return;
    }
    if (defaults == NULL || field->store == PL_STORE_NONE || field->store == PL_STORE_LAW) {
        return;
    }
    const char *at = defaults + field->offset;
    double value = 0.0;
    uint32_t whole = 0;
    if (field->store == PL_STORE_TEXT) {
        if (at[0] != '\0') {
            pl_buf_printf(out, "`%s`", at);
        }
        return;
    }
    if (field->store == PL_STORE_U32) {
        memcpy(&whole, at, sizeof whole);
        value = (double)whole;
    } else {
        memcpy(&value, at, sizeof value);
    }
    if (field->kind == PL_FIELD_BOOL) {
        pl_buf_puts(out, value > 0.5 ? "`yes`" : "`no`");
    } else if (field->kind == PL_FIELD_CHOICE) {
        const char *word = field->words;
        for (uint32_t i = 0; i < (uint32_t)value; i++) {
            word = strchr(word, '|') + 1;
        }
        pl_buf_printf(out, "`%.*s`", (int)strcspn(word, "|"), word);
    } else {
        put_amount(out, field->kind, value);
    }
}

static void put_range(struct pl_buf *out, const struct pl_field *field)
{
    double low = 0.0;
    double high = 0.0;
    field_range(field, &low, &high);
    if (high > low && field->kind < PL_FIELD_CHOICE) {
        put_amount(out, field->kind, low);
        pl_buf_puts(out, " to ");
        put_amount(out, field->kind, high);
        if (field->sliced != 0) {
            pl_buf_puts(out, ", times the slice");
        }
    }
}

static void put_section(struct pl_buf *out, const struct pl_key_table *table, uint32_t level)
{
    static const char hashes[] = "###";
    /* Large structs (the world) have no defaults worth a column. */
    _Alignas(16) char memory[DEFAULTS_SIZE];
    const char *defaults = NULL;
    if (table->size > 0 && table->size <= sizeof memory) {
        pl_fields_default(table, memory);
        defaults = memory;
    }
    pl_buf_printf(out, "\n%.*s %s\n\n%s\n\n", (int)level, hashes, table->name, table->doc);
    pl_buf_puts(out, "| key | value | default | range | meaning |\n|---|---|---|---|---|\n");
    for (uint32_t i = 0; i < table->field_count; i++) {
        const struct pl_field *field = &table->fields[i];
        pl_buf_printf(out, "| `%s` | ", field->key);
        put_form(out, field);
        pl_buf_puts(out, " | ");
        put_default(out, field, defaults);
        pl_buf_puts(out, " | ");
        put_range(out, field);
        pl_buf_printf(out, " | %s%s |\n", field->doc, field->sliced != 0 ? " Of the fleet." : "");
    }
}

void pl_describe_reference(struct pl_buf *out)
{
    struct table_list list = {.count = 0};
    collect(&list, &pl_world_table);
    collect(&list, &pl_scenario_table);
    collect(&list, &pl_fault_table);
    collect(&list, &pl_kpis_table);
    pl_buf_puts(
        out,
        "# Content files\n\n"
        "This page is made by `plumb pack schema reference` from the tables that the readers use. "
        "Do not edit it.\n\n"
        "A world lives in `content/worlds/NAME.yaml`, a scenario in "
        "`content/scenarios/NAME/scenario.yaml` with its runbook pages in `runbook/*.md`, a "
        "[fault of the library](faults.md) in `content/faults/NAME.yaml`, and what a world's "
        "numbers are on a good day in `content/kpis/WORLD.yaml`. "
        "`plumb pack lint` lists all mistakes of a file, `plumb pack test` tries a scenario, and "
        "`plumb pack schema world`, `scenario` and `fault` print JSON Schemas for "
        "editors.\n\n"
        "Numbers are those of the whole fleet. A world with `slice: 1/4` simulates a quarter of "
        "it: pods, traffic, cores and limits of databases, quotas and consumers are divided, "
        "everything per pod stays, and instruments scale back up.\n\n"
        "## laws\n\n"
        "A random duration is written as one of\n\n"
        "| form | meaning |\n|---|---|\n"
        "| `12ms` | always |\n"
        "| `exponential mean 12ms` | exponential |\n"
        "| `lognormal mean 12ms p99 40ms` | lognormal by mean and 99th percentile (1 to 14 times "
        "the mean) |\n"
        "| `lognormal p50 70ms p99 400ms` | lognormal by median and 99th percentile |\n"
        "| `lognormal mean 12ms scv 0.5` | lognormal by mean and squared coefficient of variation "
        "|\n"
        "| `uniform 10ms 20ms` | uniform |\n");
    for (uint32_t i = 0; i < list.count; i++) {
        put_section(out, list.tables[i], 2);
    }
}

void pl_describe_params(const struct pl_world *world, struct pl_buf *out)
{
    PL_CHECK(world->sealed != 0);
    for (uint32_t i = 1; i <= world->param_count; i++) {
        const struct pl_param_def *param = &world->params[i];
        pl_buf_printf(out,
                      "%-60s %12.10g  %.10g to %.10g %s\n",
                      param->path,
                      pl_slice_fleet(world, i, param->base),
                      pl_slice_fleet(world, i, param->low),
                      pl_slice_fleet(world, i, param->high),
                      param->unit);
    }
}
