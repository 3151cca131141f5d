// SPDX-License-Identifier: Apache-2.0
#include "bots/reading.h"

#include "base/check.h"
#include "base/fmath.h"
#include "base/hash.h"

#include <math.h>
#include <string.h>

/* Amounts smaller than this look like nothing. */
#define AMOUNT_FLOOR 1e-3

enum {
    POINTS_MAX = 512,
    NOW_POINTS = 8,    /* two minutes of scrapes */
    FIRST_POINTS = 16, /* the first four minutes shown */
    PARTS_MAX = 8,
    COLUMNS_MAX = 24
};

/* Tags that keep the numbers of one series or cell apart. */
enum { TAG_NOW = 1, TAG_RISE, TAG_UNREST, TAG_CELL, TAG_WORD, TAG_ROWS, TAG_PATTERN, TAG_TEXT };

static uint64_t key_of(const char *text, uint64_t seed)
{
    return pl_hash_bytes(text, strlen(text), seed).low;
}

static double amount(double x)
{
    return x >= 0.0 ? pl_log(AMOUNT_FLOOR + x)
                    : 2.0 * pl_log(AMOUNT_FLOOR) - pl_log(AMOUNT_FLOOR - x);
}

/* Slot of a key, taken when it is new; NULL when the table is full. */
static struct pl_reading_item *slot_of(struct pl_reading *reading, uint64_t key)
{
    key = key == 0 ? 1 : key;
    for (uint64_t i = key;; i++) {
        struct pl_reading_item *slot = &reading->slots[i % PL_READING_SLOTS];
        if (slot->key == key) {
            return slot;
        }
        if (slot->key == 0) {
            if (reading->count == PL_READING_MAX) {
                return NULL;
            }
            reading->count++;
            slot->key = key;
            return slot;
        }
    }
}

static void add_value(struct pl_reading *reading, uint64_t key, double value)
{
    struct pl_reading_item *slot = slot_of(reading, key);
    if (slot != NULL && isfinite(value)) {
        slot->value += value;
        slot->count++;
    }
}

static void add_count(struct pl_reading *reading, uint64_t key, double count)
{
    struct pl_reading_item *slot = slot_of(reading, key);
    if (slot != NULL) {
        slot->counts = 1;
        slot->value += count;
        slot->count++;
    }
}

/* ---- Panels --------------------------------------------------------------------------------- */

static double mean_of(const double *points, uint32_t first, uint32_t end)
{
    double sum = 0.0;
    for (uint32_t i = first; i < end; i++) {
        sum += points[i];
    }
    return end > first ? sum / (double)(end - first) : 0.0;
}

static double unrest_of(const double *points, uint32_t first, uint32_t end)
{
    double mean = mean_of(points, first, end);
    double sum = 0.0;
    for (uint32_t i = first; i < end; i++) {
        sum += (points[i] - mean) * (points[i] - mean);
    }
    return end > first ? sqrt(sum / (double)(end - first)) : 0.0;
}

static void take_series(const json_t *series, uint64_t seed, struct pl_reading *reading)
{
    double points[POINTS_MAX];
    uint32_t count = 0;
    const char *name = json_string_value(json_object_get(series, "name"));
    const json_t *list = json_object_get(series, "points");
    for (size_t i = 0; i < json_array_size(list) && count < POINTS_MAX; i++) {
        const json_t *point = json_array_get(list, i);
        if (json_is_number(point)) {
            points[count++] = json_number_value(point);
        }
    }
    if (name == NULL || count == 0) {
        return;
    }
    uint64_t key = key_of(name, seed);
    uint32_t now0 = count > NOW_POINTS ? count - NOW_POINTS : 0;
    uint32_t late0 = count > 3 * NOW_POINTS ? count - 3 * NOW_POINTS : 0;
    double now = amount(mean_of(points, now0, count));
    double first = amount(mean_of(points, 0, count < FIRST_POINTS ? count : FIRST_POINTS));
    add_value(reading, key + TAG_NOW, now);
    add_value(reading, key + TAG_RISE, now - first);
    add_value(reading, key + TAG_UNREST, amount(unrest_of(points, late0, count)));
}

static void take_panel(const json_t *panel, uint64_t seed, struct pl_reading *reading)
{
    const json_t *list = json_object_get(panel, "series");
    for (size_t i = 0; i < json_array_size(list); i++) {
        take_series(json_array_get(list, i), seed, reading);
    }
    add_count(reading, seed + TAG_ROWS, (double)json_array_size(list));
}

/* ---- Tables --------------------------------------------------------------------------------- */

/* `00:01:30.5` as seconds; false for other texts. */
static bool read_duration(const char *text, double *seconds)
{
    double parts[3] = {0.0, 0.0, 0.0};
    double scale = 0.0;
    uint32_t part = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == ':' && part < 2 && at > text) {
            part++;
        } else if (*at == '.' && part == 2 && scale <= 0.0) {
            scale = 0.1;
        } else if (*at >= '0' && *at <= '9' && scale > 0.0) {
            parts[2] += scale * (double)(*at - '0');
            scale *= 0.1;
        } else if (*at >= '0' && *at <= '9') {
            parts[part] = parts[part] * 10.0 + (double)(*at - '0');
        } else {
            return false;
        }
    }
    *seconds = parts[0] * 3600.0 + parts[1] * 60.0 + parts[2];
    return part == 2;
}

/* The first text of a row that is no time names it. */
static const char *row_name(const json_t *row)
{
    double seconds = 0.0;
    for (size_t i = 0; i < json_array_size(row); i++) {
        const char *text = json_string_value(json_array_get(row, i));
        if (text != NULL && !read_duration(text, &seconds)) {
            return text;
        }
    }
    return "";
}

static void
take_row(const json_t *row, const json_t *columns, uint64_t seed, struct pl_reading *reading)
{
    uint64_t name = key_of(row_name(row), seed);
    for (size_t i = 0; i < json_array_size(row) && i < COLUMNS_MAX; i++) {
        const json_t *cell = json_array_get(row, i);
        const char *title = json_string_value(json_object_get(json_array_get(columns, i), "name"));
        const char *text = json_string_value(cell);
        double seconds = 0.0;
        title = title != NULL ? title : "";
        if (json_is_number(cell)) {
            add_value(reading, key_of(title, name) + TAG_CELL, amount(json_number_value(cell)));
        } else if (text != NULL && read_duration(text, &seconds)) {
            add_value(reading, key_of(title, name) + TAG_CELL, amount(seconds));
        } else if (text != NULL) {
            add_count(reading, key_of(text, key_of(title, seed)) + TAG_WORD, 1.0);
        }
    }
}

static void take_table(const json_t *table, uint64_t seed, struct pl_reading *reading)
{
    const json_t *rows = json_object_get(table, "rows");
    const json_t *columns = json_object_get(table, "columns");
    add_count(reading, seed + TAG_ROWS, (double)json_array_size(rows));
    for (size_t i = 0; i < json_array_size(rows); i++) {
        take_row(json_array_get(rows, i), columns, seed, reading);
    }
}

/* ---- Logs, texts ---------------------------------------------------------------------------- */

static void take_logs(const json_t *logs, uint64_t seed, struct pl_reading *reading)
{
    const json_t *patterns = json_object_get(logs, "patterns");
    add_count(reading, seed + TAG_ROWS, json_number_value(json_object_get(logs, "matched")));
    for (size_t i = 0; i < json_array_size(patterns); i++) {
        const json_t *pattern = json_array_get(patterns, i);
        const char *text = json_string_value(json_object_get(pattern, "text"));
        if (text != NULL) {
            add_count(reading,
                      key_of(text, seed) + TAG_PATTERN,
                      json_number_value(json_object_get(pattern, "count")));
        }
    }
}

static void take_text(const json_t *text, uint64_t seed, struct pl_reading *reading)
{
    const char *content = json_string_value(json_object_get(text, "text"));
    if (content != NULL) {
        add_count(reading, key_of(content, seed) + TAG_TEXT, 1.0);
    }
}

/* One observation that has no parts. */
static void take_single(const json_t *observation, uint64_t seed, struct pl_reading *reading)
{
    const char *type = json_string_value(json_object_get(observation, "type"));
    if (type == NULL) {
        return;
    }
    if (strcmp(type, "panel") == 0) {
        take_panel(observation, seed, reading);
    } else if (strcmp(type, "table") == 0) {
        take_table(observation, seed, reading);
    } else if (strcmp(type, "logs") == 0) {
        take_logs(observation, seed, reading);
    } else if (strcmp(type, "text") == 0) {
        take_text(observation, seed, reading);
    }
}

/* Sums become what is compared: means of amounts, logarithms of counts. */
static void finish(struct pl_reading *reading)
{
    for (uint32_t i = 0; i < PL_READING_SLOTS; i++) {
        struct pl_reading_item *slot = &reading->slots[i];
        if (slot->count > 0) {
            slot->value =
                slot->counts != 0 ? pl_log(1.0 + slot->value) : slot->value / (double)slot->count;
        }
    }
}

void pl_reading_hear(const char *text, struct pl_reading *reading)
{
    PL_CHECK(text != NULL && reading != NULL);
    memset(reading, 0, sizeof *reading);
    add_count(reading, key_of(text, 1) + TAG_TEXT, 1.0);
    finish(reading);
}

void pl_reading_take(const json_t *observation, struct pl_reading *reading)
{
    PL_CHECK(reading != NULL);
    memset(reading, 0, sizeof *reading);
    const json_t *parts = json_object_get(observation, "parts");
    take_single(observation, 1, reading);
    for (size_t i = 0; i < json_array_size(parts) && i < PARTS_MAX; i++) {
        take_single(json_array_get(parts, i), 0x100 * (i + 1), reading);
    }
    finish(reading);
}

const struct pl_reading_item *pl_reading_find(const struct pl_reading *reading, uint64_t key)
{
    PL_CHECK(reading != NULL);
    key = key == 0 ? 1 : key;
    for (uint64_t i = key; reading->slots[i % PL_READING_SLOTS].key != 0; i++) {
        if (reading->slots[i % PL_READING_SLOTS].key == key) {
            return &reading->slots[i % PL_READING_SLOTS];
        }
    }
    return NULL;
}
