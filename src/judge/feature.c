// SPDX-License-Identifier: Apache-2.0
//
// From an answer down to its parts. Members come in the order in which they are displayed: a
// panel's unit before its series, a table's columns before its rows.
#include "judge/feature.h"

#include "base/fmath.h"
#include "base/random.h"
#include "judge/feature_panel.h"
#include "judge/feature_table.h"
#include "judge/feature_trace.h"
#include "judge/feature_writer.h"
#include "judge/fold.h"

#include <string.h>

enum { TEXT_LINES_MAX = 24, TEXT_NUMBERS_MAX = 4, EVENTS_MAX = 16 };

static void set_title(struct pl_feature_writer *writer, pl_slice title)
{
    char *text = writer->scratch->title;
    size_t size = pl_fold(title, text, sizeof writer->scratch->title);
    writer->prefix = pl_fold_key(writer->prefix, text, size);
}

/** One line: whether it was there, and its numbers. */
static void read_line(struct pl_feature_writer *writer, pl_slice line)
{
    struct pl_feature_group *group = pl_feature_writer_group(writer, line);
    if (group == NULL || group->count > 0) {
        return; // the second time a line says nothing new
    }
    group->count = 1;
    struct pl_feature_item shown = {
        .kind = PL_FEATURE_PRESENT, .about = PL_ABOUT_SHOWN, .value = 1.0};
    pl_feature_writer_add(writer, group, &shown);
    size_t at = 0;
    double value = 0.0;
    for (uint32_t i = 0; i < TEXT_NUMBERS_MAX && pl_fold_number(line, &at, &value); i++) {
        struct pl_feature_item number = {
            .kind = PL_FEATURE_LEVEL,
            .about = PL_ABOUT_LEVEL,
            .of = i + 1,
            .value = pl_scale_bend(PL_SCALE_PLAIN, value),
            .sd = pl_scale_error(PL_SCALE_PLAIN, value, 0.01 * value),
        };
        pl_feature_writer_add(writer, group, &number);
    }
}

/** Lines of a text; a line ends at an escaped newline. */
static void read_text(struct pl_feature_writer *writer, pl_slice text)
{
    size_t begin = 0;
    uint32_t lines = 0;
    for (size_t at = 0; at <= text.size && lines < TEXT_LINES_MAX; at++) {
        bool end = at == text.size;
        bool newline = at + 1 < text.size && text.data[at] == '\\' && text.data[at + 1] == 'n';
        if (!end && !newline) {
            at += !end && text.data[at] == '\\' ? 1 : 0;
            continue;
        }
        if (at > begin) {
            read_line(writer, (pl_slice){.data = text.data + begin, .size = at - begin});
            lines++;
        }
        begin = at + 2;
        at++;
    }
}

static void read_text_value(struct pl_feature_writer *writer, struct pl_scan *scan)
{
    if (pl_scan_peek(scan) == PL_SCAN_STRING) {
        read_text(writer, pl_scan_string(scan));
    } else {
        pl_scan_skip(scan);
    }
}

static void read_notes(struct pl_feature_writer *writer, struct pl_scan *scan)
{
    if (!pl_scan_enter(scan, PL_SCAN_ARRAY)) {
        pl_scan_skip(scan);
        return;
    }
    while (pl_scan_item(scan)) {
        read_text_value(writer, scan);
    }
}

static void read_pattern(struct pl_feature_writer *writer, struct pl_scan *scan)
{
    pl_slice text = {"", 0};
    pl_slice key;
    double count = 0.0;
    if (!pl_scan_enter(scan, PL_SCAN_OBJECT)) {
        pl_scan_skip(scan);
        return;
    }
    while (pl_scan_member(scan, &key)) {
        enum pl_scan_kind kind = pl_scan_peek(scan);
        if (kind == PL_SCAN_STRING && pl_scan_is(key, "text")) {
            text = pl_scan_string(scan);
        } else if (kind == PL_SCAN_NUMBER && pl_scan_is(key, "count")) {
            count = pl_scan_number(scan);
        } else {
            pl_scan_skip(scan);
        }
    }
    struct pl_feature_group *group = pl_feature_writer_group(writer, text);
    if (group == NULL) {
        writer->set->dropped++;
        return;
    }
    group->total += count > 0.0 ? count : 0.0;
}

static void add_count(struct pl_feature_writer *writer,
                      const struct pl_feature_group *group,
                      const char *of_name,
                      double count)
{
    struct pl_feature_item item = {
        .kind = PL_FEATURE_COUNT,
        .about = PL_ABOUT_COUNT,
        .of_name = of_name,
        .value = pl_log(1.0 + (count > 0.0 ? count : 0.0)),
        .sd = 0.01,
    };
    pl_feature_writer_add(writer, group, &item);
}

static void read_patterns(struct pl_feature_writer *writer, struct pl_scan *scan)
{
    if (!pl_scan_enter(scan, PL_SCAN_ARRAY)) {
        pl_scan_skip(scan);
        return;
    }
    while (pl_scan_item(scan)) {
        read_pattern(writer, scan);
    }
    for (uint32_t i = 0; i < writer->scratch->group_count; i++) {
        const struct pl_feature_group *group = &writer->scratch->groups[i];
        struct pl_feature_item shown = {
            .kind = PL_FEATURE_PRESENT, .about = PL_ABOUT_SHOWN, .value = 1.0};
        pl_feature_writer_add(writer, group, &shown);
        add_count(writer, group, NULL, group->total);
    }
}

/** Numbers and texts of any shape; what is not known here is passed over. */
static void read_member(struct pl_feature_writer *writer,
                        struct pl_scan *scan,
                        pl_slice key,
                        struct pl_feature_axis *axis)
{
    enum pl_scan_kind kind = pl_scan_peek(scan);
    if (pl_scan_is(key, "series")) {
        pl_feature_panel_series(writer, scan, axis);
    } else if (pl_scan_is(key, "columns")) {
        pl_feature_table_columns(writer, scan);
    } else if (pl_scan_is(key, "rows")) {
        pl_feature_table_rows(writer, scan);
    } else if (pl_scan_is(key, "spans")) {
        pl_feature_trace_spans(writer, scan);
    } else if (pl_scan_is(key, "patterns")) {
        read_patterns(writer, scan);
    } else if (pl_scan_is(key, "notes")) {
        pl_feature_writer_clear(writer);
        read_notes(writer, scan);
    } else if (kind == PL_SCAN_STRING && pl_scan_is(key, "unit")) {
        pl_slice unit = pl_scan_string(scan);
        axis->scale = pl_scale_of_unit(unit.data, unit.size);
    } else if (kind == PL_SCAN_NUMBER && pl_scan_is(key, "step_s")) {
        double step_s = pl_scan_number(scan);
        axis->step_s = step_s > 0.01 && step_s < 1e6 ? step_s : axis->step_s;
    } else if (kind == PL_SCAN_NUMBER && pl_scan_is(key, "matched")) {
        add_count(writer, NULL, "lines", pl_scan_number(scan));
    } else if (kind == PL_SCAN_STRING && pl_scan_is(key, "text")) {
        read_text(writer, pl_scan_string(scan));
    } else {
        pl_scan_skip(scan);
    }
}

/** One shape without parts in it. */
static void read_part(struct pl_feature_writer *writer, struct pl_scan *scan)
{
    struct pl_feature_axis axis = {.scale = PL_SCALE_PLAIN, .step_s = 15.0};
    uint64_t prefix = writer->prefix;
    pl_slice key;
    pl_feature_writer_clear(writer);
    if (!pl_scan_enter(scan, PL_SCAN_OBJECT)) {
        pl_scan_skip(scan);
        return;
    }
    while (pl_scan_member(scan, &key)) {
        if (pl_scan_is(key, "title") && pl_scan_peek(scan) == PL_SCAN_STRING) {
            set_title(writer, pl_scan_string(scan));
        } else {
            read_member(writer, scan, key, &axis);
        }
    }
    writer->prefix = prefix;
}

static void read_parts(struct pl_feature_writer *writer, struct pl_scan *scan)
{
    uint64_t prefix = writer->prefix;
    uint64_t index = 0;
    if (!pl_scan_enter(scan, PL_SCAN_ARRAY)) {
        pl_scan_skip(scan);
        return;
    }
    while (pl_scan_item(scan)) {
        writer->prefix = pl_random_child(prefix, ++index);
        read_part(writer, scan);
    }
    writer->prefix = prefix;
}

/** True for a kind of event that tells something about the world. */
static bool telling(pl_slice kind)
{
    static const char *const kinds[] = {"page", "resolved", "answer", "message"};
    for (uint32_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (pl_scan_is(kind, kinds[i])) {
            return true;
        }
    }
    return false;
}

static void read_event(struct pl_feature_writer *writer, struct pl_scan *scan)
{
    pl_slice kind = {"", 0};
    pl_slice title = {"", 0};
    pl_slice text = {"", 0};
    pl_slice key;
    if (!pl_scan_enter(scan, PL_SCAN_OBJECT)) {
        pl_scan_skip(scan);
        return;
    }
    while (pl_scan_member(scan, &key)) {
        pl_slice value = {"", 0};
        if (pl_scan_peek(scan) == PL_SCAN_STRING) {
            value = pl_scan_string(scan);
        } else {
            pl_scan_skip(scan);
        }
        kind = pl_scan_is(key, "kind") ? value : kind;
        title = pl_scan_is(key, "title") ? value : title;
        text = pl_scan_is(key, "text") ? value : text;
    }
    if (telling(kind)) {
        uint64_t prefix = writer->prefix;
        set_title(writer, title);
        pl_feature_writer_clear(writer);
        read_line(writer, title);
        read_text(writer, text);
        writer->prefix = prefix;
    }
}

static void read_events(struct pl_feature_writer *writer, struct pl_scan *scan)
{
    if (!pl_scan_enter(scan, PL_SCAN_ARRAY)) {
        pl_scan_skip(scan);
        return;
    }
    for (uint32_t i = 0; pl_scan_item(scan); i++) {
        if (i < EVENTS_MAX) {
            read_event(writer, scan);
        } else {
            pl_scan_skip(scan);
        }
    }
}

/** The value of a member of the outermost object, looked for without reading the rest. */
static bool find_member(pl_slice text, const char *name, struct pl_scan *value)
{
    struct pl_scan scan = pl_scan_of(text);
    pl_slice key;
    if (!pl_scan_enter(&scan, PL_SCAN_OBJECT)) {
        return false;
    }
    while (pl_scan_member(&scan, &key)) {
        if (pl_scan_is(key, name)) {
            *value = scan;
            return true;
        }
        pl_scan_skip(&scan);
    }
    return false;
}

static pl_slice value_of(struct pl_scan value)
{
    const char *begin = value.at;
    pl_scan_skip(&value);
    return (pl_slice){.data = begin, .size = (size_t)(value.at - begin)};
}

/** An observation, with its parts when it has some. The type comes first: nothing is read twice. */
static void read_observation(struct pl_feature_writer *writer, pl_slice shown)
{
    struct pl_scan scan;
    bool parts = find_member(shown, "type", &scan) && pl_scan_peek(&scan) == PL_SCAN_STRING &&
                 pl_scan_is(pl_scan_string(&scan), "parts");
    if (parts && find_member(shown, "parts", &scan)) {
        read_parts(writer, &scan);
        return;
    }
    scan = pl_scan_of(shown);
    read_part(writer, &scan);
}

void pl_feature_extract(pl_slice shown,
                        struct pl_feature_set *set,
                        struct pl_feature_scratch *scratch,
                        const struct pl_feature_names *names)
{
    struct pl_feature_writer writer = {.set = set, .scratch = scratch, .names = names, .prefix = 1};
    struct pl_scan scan;
    set->count = 0;
    set->dropped = 0;
    scratch->title[0] = '\0';
    if (find_member(shown, "type", &scan)) {
        read_observation(&writer, shown);
    } else if (find_member(shown, "observation", &scan)) {
        read_observation(&writer, value_of(scan));
        if (find_member(shown, "events", &scan)) {
            writer.prefix = 2;
            read_events(&writer, &scan);
        }
    } else if (find_member(shown, "events", &scan)) {
        writer.prefix = 2;
        read_events(&writer, &scan);
    } else if (find_member(shown, "text", &scan)) {
        writer.prefix = 2;
        scan = pl_scan_of(shown);
        read_event(&writer, &scan);
    }
    pl_feature_writer_close(&writer);
}

const struct pl_feature *pl_feature_find(const struct pl_feature_set *set, uint64_t key)
{
    uint32_t low = 0;
    uint32_t high = set->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (set->items[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < set->count && set->items[low].key == key ? &set->items[low] : NULL;
}
