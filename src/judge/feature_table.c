// SPDX-License-Identifier: Apache-2.0
//
// A row has no name of its own: the words of its cells, folded, are what it is found by. Rows that
// read the same are one group (`active | Lock:transactionid`), with a count and means.
#include "judge/feature_table.h"

#include "base/fmath.h"
#include "judge/fold.h"

#include <string.h>

enum { WORDS_OF_CELL = 80, SHARE_ROWS_MIN = 4 };

static const double printed = 0.01; /* numbers are read to a percent */

static bool contains(pl_slice text, const char *word)
{
    size_t size = strlen(word);
    for (size_t i = 0; i + size <= text.size; i++) {
        if (memcmp(text.data + i, word, size) == 0) {
            return true;
        }
    }
    return false;
}

static enum pl_scale scale_of_column(pl_slice name, pl_slice unit)
{
    static const char *const durations[] = {
        "age", "AGE", "oldest", "wait", "duration", "lag", "after"};
    enum pl_scale scale = pl_scale_of_unit(unit.data, unit.size);
    for (uint32_t i = 0; scale == PL_SCALE_PLAIN && i < sizeof durations / sizeof *durations; i++) {
        scale = contains(name, durations[i]) ? PL_SCALE_TIME : scale;
    }
    return scale;
}

static void read_column(struct pl_feature_writer *writer, struct pl_scan *scan)
{
    pl_slice name = {"", 0};
    pl_slice unit = {"", 0};
    pl_slice key;
    if (!pl_scan_enter(scan, PL_SCAN_OBJECT)) {
        pl_scan_skip(scan);
        return;
    }
    while (pl_scan_member(scan, &key)) {
        bool text = pl_scan_peek(scan) == PL_SCAN_STRING;
        if (text && pl_scan_is(key, "name")) {
            name = pl_scan_string(scan);
        } else if (text && pl_scan_is(key, "unit")) {
            unit = pl_scan_string(scan);
        } else {
            pl_scan_skip(scan);
        }
    }
    struct pl_feature_scratch *scratch = writer->scratch;
    if (scratch->column_count == PL_FEATURE_COLUMNS_MAX) {
        return;
    }
    struct pl_feature_column *column = &scratch->columns[scratch->column_count++];
    memset(column, 0, sizeof *column);
    column->key = pl_fold_key(1, name.data, name.size);
    column->scale = scale_of_column(name, unit);
    column->skip = contains(name, "pid") ? 1 : 0;
    size_t size = name.size < sizeof column->name - 1 ? name.size : sizeof column->name - 1;
    memcpy(column->name, name.data, size);
}

void pl_feature_table_columns(struct pl_feature_writer *writer, struct pl_scan *scan)
{
    writer->scratch->column_count = 0;
    if (!pl_scan_enter(scan, PL_SCAN_ARRAY)) {
        pl_scan_skip(scan);
        return;
    }
    while (pl_scan_item(scan)) {
        read_column(writer, scan);
    }
}

/** A row being read. */
struct row {
    char words[PL_FEATURE_FOLD_MAX];
    size_t size;
    double cell[PL_FEATURE_CELLS_MAX];
    bool filled[PL_FEATURE_CELLS_MAX];
};

static void fill(struct row *row, uint32_t index, double value)
{
    row->cell[index] = value;
    row->filled[index] = true;
}

/** `hh:mm`, `hh:mm:ss.f` as seconds, `54m` too; false for anything else. */
static bool read_moment(pl_slice text, double *seconds)
{
    static const struct {
        char unit;
        double seconds;
    } units[] = {{'s', 1.0}, {'m', 60.0}, {'h', 3600.0}, {'d', 86400.0}};
    double part[3] = {0.0, 0.0, 0.0};
    uint32_t parts = 0;
    size_t at = 0;
    while (at < text.size && parts < 3 && text.data[at] >= '0' && text.data[at] <= '9') {
        if (!pl_fold_number(text, &at, &part[parts++]) || at == text.size) {
            break;
        }
        if (text.data[at] != ':') {
            break;
        }
        at++;
    }
    if (parts >= 2 && at == text.size) {
        *seconds = part[0] * 3600.0 + part[1] * 60.0 + part[2];
        return true;
    }
    for (uint32_t i = 0; parts == 1 && at + 1 == text.size && i < 4; i++) {
        if (text.data[at] == units[i].unit) {
            *seconds = part[0] * units[i].seconds;
            return true;
        }
    }
    return false;
}

static void count_word(struct pl_feature_column *column, pl_slice text)
{
    uint64_t word = pl_fold_key(2, text.data, text.size);
    column->rows++;
    for (uint32_t i = 0; i < column->words; i++) {
        if (column->word[i] == word) {
            column->seen[i]++;
            return;
        }
    }
    if (column->words < PL_FEATURE_WORDS_MAX) {
        column->word[column->words] = word;
        column->seen[column->words++] = 1;
    }
}

static void
read_text_cell(struct pl_feature_column *column, uint32_t index, pl_slice text, struct row *row)
{
    double value = 0.0;
    if (read_moment(text, &value)) {
        bool clock = column->scale == PL_SCALE_PLAIN || column->scale == PL_SCALE_MINUTE;
        column->scale = clock ? PL_SCALE_MINUTE : column->scale;
        fill(row, index, clock ? value / 60.0 : value);
        return;
    }
    count_word(column, text);
    if (row->size + 2 < sizeof row->words) {
        size_t room = sizeof row->words - row->size - 1;
        room = room < WORDS_OF_CELL ? room : WORDS_OF_CELL;
        row->words[row->size++] = '|';
        size_t size = pl_fold(text, row->words + row->size, room);
        // An id is one random token: it says nothing, and no number stands in it.
        bool id = size == 1 && row->words[row->size] == '*';
        row->size += size;
        size_t at = 0;
        if (!id && pl_fold_number(text, &at, &value)) {
            fill(row, PL_FEATURE_COLUMNS_MAX + index, value);
        }
    }
}

static void
read_cell(struct pl_feature_writer *writer, struct pl_scan *scan, uint32_t index, struct row *row)
{
    enum pl_scan_kind kind = pl_scan_peek(scan);
    if (index >= writer->scratch->column_count || writer->scratch->columns[index].skip != 0) {
        pl_scan_skip(scan);
        return;
    }
    if (kind == PL_SCAN_NUMBER) {
        fill(row, index, pl_scan_number(scan));
    } else if (kind == PL_SCAN_STRING) {
        read_text_cell(&writer->scratch->columns[index], index, pl_scan_string(scan), row);
    } else {
        pl_scan_skip(scan);
        if (kind == PL_SCAN_TRUE || kind == PL_SCAN_FALSE) {
            fill(row, index, kind == PL_SCAN_TRUE ? 1.0 : 0.0);
        }
    }
}

static void add_row(struct pl_feature_writer *writer, const struct row *row)
{
    struct pl_feature_group *group = pl_feature_writer_folded(writer, row->words, row->size);
    if (group == NULL) {
        writer->set->dropped++;
        return;
    }
    group->count++;
    for (uint32_t i = 0; i < PL_FEATURE_CELLS_MAX; i++) {
        group->sum[i] += row->filled[i] ? row->cell[i] : 0.0;
        group->filled[i] += row->filled[i] ? 1 : 0;
    }
}

static void write_group(struct pl_feature_writer *writer, const struct pl_feature_group *group)
{
    pl_feature_writer_add(writer,
                          group,
                          &(struct pl_feature_item){
                              .kind = PL_FEATURE_PRESENT, .about = PL_ABOUT_SHOWN, .value = 1.0});
    pl_feature_writer_add(writer,
                          group,
                          &(struct pl_feature_item){.kind = PL_FEATURE_COUNT,
                                                    .about = PL_ABOUT_COUNT,
                                                    .value = pl_log(1.0 + (double)group->count),
                                                    .sd = printed});
    for (uint32_t i = 0; i < PL_FEATURE_CELLS_MAX; i++) {
        if (group->filled[i] == 0) {
            continue;
        }
        uint32_t index = i % PL_FEATURE_COLUMNS_MAX;
        const struct pl_feature_column *column = &writer->scratch->columns[index];
        bool inside = i >= PL_FEATURE_COLUMNS_MAX;
        enum pl_scale scale = inside ? PL_SCALE_PLAIN : (enum pl_scale)column->scale;
        double mean = group->sum[i] / (double)group->filled[i];
        double error = scale == PL_SCALE_MINUTE ? printed : printed * mean;
        pl_feature_writer_add(writer,
                              group,
                              &(struct pl_feature_item){
                                  .kind = PL_FEATURE_LEVEL,
                                  .about = PL_ABOUT_LEVEL,
                                  .of = column->key + (inside ? 1 : 0),
                                  .of_name = column->name,
                                  .value = pl_scale_bend(scale, mean),
                                  .sd = pl_scale_error(scale, mean, error),
                              });
    }
}

/** How much of a column reads the same: one hot row, one failing pod. */
static void write_share(struct pl_feature_writer *writer, const struct pl_feature_column *column)
{
    uint32_t top = 0;
    for (uint32_t i = 0; i < column->words; i++) {
        top = column->seen[i] > top ? column->seen[i] : top;
    }
    if (column->rows < SHARE_ROWS_MIN) {
        return;
    }
    double share = (double)top / (double)column->rows;
    pl_feature_writer_add(writer,
                          NULL,
                          &(struct pl_feature_item){
                              .kind = PL_FEATURE_LEVEL,
                              .about = PL_ABOUT_SHARE,
                              .of = column->key,
                              .of_name = column->name,
                              .value = pl_log((share + 0.02) / (1.02 - share)),
                              .sd = 0.15,
                          });
}

void pl_feature_table_rows(struct pl_feature_writer *writer, struct pl_scan *scan)
{
    uint32_t rows = 0;
    if (!pl_scan_enter(scan, PL_SCAN_ARRAY)) {
        pl_scan_skip(scan);
        return;
    }
    while (pl_scan_item(scan)) {
        struct row row = {.size = 0};
        uint32_t index = 0;
        if (!pl_scan_enter(scan, PL_SCAN_ARRAY)) {
            pl_scan_skip(scan);
            continue;
        }
        while (pl_scan_item(scan)) {
            read_cell(writer, scan, index++, &row);
        }
        add_row(writer, &row);
        rows++;
    }
    pl_feature_writer_add(writer,
                          NULL,
                          &(struct pl_feature_item){.kind = PL_FEATURE_COUNT,
                                                    .about = PL_ABOUT_COUNT,
                                                    .of_name = "rows",
                                                    .value = pl_log(1.0 + (double)rows),
                                                    .sd = printed});
    for (uint32_t i = 0; i < writer->scratch->column_count; i++) {
        write_share(writer, &writer->scratch->columns[i]);
    }
    for (uint32_t i = 0; i < writer->scratch->group_count; i++) {
        write_group(writer, &writer->scratch->groups[i]);
    }
}
