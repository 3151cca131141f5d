// SPDX-License-Identifier: Apache-2.0
#include "scenario/kpi.h"

#include "base/check.h"
#include "observe/promql_parse.h"
#include "scenario/load.h"
#include "scenario/setting_changes.h"
#include "text/yaml.h"

#include <string.h>

#define WARMUP_S   1800.0
#define MEASURED_S 7200.0

#define K(name, kind, store, member, text) PL_ROW(name, kind, store, pl_kpi, member, text)
static const struct pl_field kpi_rows[] = {
    {K("title", PL_FIELD_TEXT, PL_STORE_TEXT, title, "One line about it."), .required = 1},
    {K("query",
       PL_FIELD_TEXT,
       PL_STORE_TEXT,
       query,
       "Query over the scraped metrics, as a player may type it; every series of it has to hold."),
     .required = 1},
    {K("unit", PL_FIELD_TEXT, PL_STORE_TEXT, unit, "s, ratio, /s or none.")},
    {PL_ROW_CODE("from", PL_FIELD_OTHER, "Smallest good value; else 0."), .words = "number"},
    {PL_ROW_CODE("to", PL_FIELD_OTHER, "Largest good value."), .words = "number", .required = 1},
};
const struct pl_key_table pl_kpi_table = {
    .name = "normal number",
    .doc = "A number and the range that it stays in, every minute, while nothing is wrong.",
    .fields = kpi_rows,
    .field_count = PL_FIELD_COUNT_OF(kpi_rows),
    .size = sizeof(struct pl_kpi),
};

#define A(name, kind, store, member, text) PL_ROW(name, kind, store, pl_kpis, member, text)
static const struct pl_field kpis_rows[] = {
    {A("world", PL_FIELD_NAME, PL_STORE_TEXT, world, "World, as the file is named."),
     .required = 1},
    {A("at", PL_FIELD_CLOCK, PL_STORE_F64, at_s, "Time of day at which measuring begins."),
     .required = 1},
    {A("warmup", PL_FIELD_DURATION, PL_STORE_F64, warmup_s, "Simulated before that."),
     .low = 60,
     .high = 10800},
    {A("for", PL_FIELD_DURATION, PL_STORE_F64, for_s, "How long is measured."),
     .low = 300,
     .high = 10800},
    {PL_ROW_CODE("kpis", PL_FIELD_MAP, "Numbers by name."), .sub = &pl_kpi_table, .required = 1},
};

static void fill_kpis(void *target)
{
    struct pl_kpis *kpis = target;
    kpis->warmup_s = WARMUP_S;
    kpis->for_s = MEASURED_S;
}

const struct pl_key_table pl_kpis_table = {
    .name = "file of normal numbers",
    .doc = "What a world's numbers are on a good day, at the busiest time of it.",
    .fields = kpis_rows,
    .field_count = PL_FIELD_COUNT_OF(kpis_rows),
    .size = sizeof(struct pl_kpis),
    .fill = fill_kpis,
};

static void read_limit(struct pl_reader *reader, uint32_t map, const char *key, double *value)
{
    uint32_t node = pl_reader_get(reader, map, key);
    if (node != 0 && pl_reader_is_scalar(reader, node, key)) {
        (void)pl_setting_value(reader, node, value);
    }
}

static void read_kpi(struct pl_reader *reader, uint32_t at, struct pl_kpi *kpi)
{
    struct pl_promql program;
    pl_error err = {0};
    uint32_t before = reader->errors->count;
    pl_fields_default(&pl_kpi_table, kpi);
    pl_slice name = pl_reader_at(reader, at)->key;
    if (!pl_reader_copy_name(reader, name, at, "number", kpi->name, PL_NAME_MAX) ||
        !pl_reader_is_map(reader, at, "number")) {
        return;
    }
    (void)pl_fields_read(reader, &pl_kpi_table, at, kpi);
    read_limit(reader, at, "from", &kpi->low);
    read_limit(reader, at, "to", &kpi->high);
    if (reader->errors->count > before) {
        return;
    }
    if (pl_promql_parse(&program, kpi->query, &err) != PL_OK) {
        pl_reader_error(reader, pl_reader_get(reader, at, "query"), "`query`: %s", err.message);
    }
    if (kpi->low > kpi->high) {
        pl_reader_error(reader,
                        pl_reader_get(reader, at, "from"),
                        "`from` %.10g is above `to` %.10g; no value lies between.",
                        kpi->low,
                        kpi->high);
    }
}

static void read_all(struct pl_reader *reader, const char *path, struct pl_kpis *kpis)
{
    uint32_t root = reader->yaml->root;
    pl_fields_default(&pl_kpis_table, kpis);
    if (!pl_reader_is_map(reader, root, "file of normal numbers")) {
        return;
    }
    (void)pl_fields_read(reader, &pl_kpis_table, root, kpis);
    const char *slash = strrchr(path, '/');
    const char *file = slash != NULL ? slash + 1 : path;
    size_t size = strlen(kpis->world);
    if (size > 0 && (strncmp(file, kpis->world, size) != 0 || strcmp(file + size, ".yaml") != 0)) {
        pl_reader_error(reader,
                        pl_reader_get(reader, root, "world"),
                        "This file is named %.60s; it must be named as its world.",
                        file);
    }
    uint32_t map = pl_reader_get(reader, root, "kpis");
    if (map == 0 || !pl_reader_is_map(reader, map, "kpis")) {
        return;
    }
    for (uint32_t at = pl_reader_first(reader, map); at != 0; at = pl_reader_next(reader, at)) {
        if (kpis->count == PL_KPIS_MAX) {
            pl_reader_key_error(reader, at, "A world has at most %d numbers.", (int)PL_KPIS_MAX);
            return;
        }
        read_kpi(reader, at, &kpis->items[kpis->count++]);
    }
}

pl_status pl_kpis_load(const struct pl_file *file,
                       struct pl_kpis *kpis,
                       void *memory,
                       struct pl_errors *errors)
{
    PL_CHECK(file != NULL && kpis != NULL && memory != NULL && errors != NULL);
    struct pl_yaml yaml;
    pl_status status = pl_yaml_load(&yaml, file->text, file->path, memory, PL_LOAD_SCRATCH, errors);
    if (status != PL_OK) {
        return status;
    }
    uint32_t before = errors->count;
    struct pl_reader reader = {.yaml = &yaml, .errors = errors, .slice = 1.0};
    read_all(&reader, file->path, kpis);
    return errors->count == before ? PL_OK : PL_BAD_INPUT;
}
