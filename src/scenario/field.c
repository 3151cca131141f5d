// SPDX-License-Identifier: Apache-2.0
//
// Reading values by rows. Every reader reports with the key's name, what was found and what is
// expected, and goes on, so that one pass lists all mistakes.
#include "scenario/field.h"

#include "base/buf.h"
#include "base/check.h"
#include "scenario/knob.h"
#include "scenario/law_text.h"
#include "text/quantity.h"
#include "text/suggest.h"

#include <stdio.h>
#include <string.h>

static void put_number(char *out, size_t size, double value)
{
    (void)snprintf(out, size, "%.10g", value);
}

/* The bounds of a row in the units of the file. */
static void
bounds(const struct pl_reader *reader, const struct pl_field *field, double *low, double *high)
{
    *low = field->low;
    *high = field->high;
    if (field->scope != PL_SCOPE_NONE) {
        pl_knob_range range = pl_field_knob(field->scope, field->knob);
        *low = range.low;
        *high = range.high;
        if (field->sliced != 0) {
            *high *= reader->slice;
        }
    }
    if (field->kind == PL_FIELD_SHARE && *low >= 0.0 && *high <= 0.0) {
        *high = 1.0;
    }
}

static bool
in_range(struct pl_reader *reader, const struct pl_field *field, uint32_t node, double value)
{
    double low = 0.0;
    double high = 0.0;
    bounds(reader, field, &low, &high);
    if (low >= high || (value >= low && value <= high)) {
        return true;
    }
    char low_text[32];
    char high_text[32];
    put_number(low_text, sizeof low_text, low);
    put_number(high_text, sizeof high_text, high);
    const struct pl_yaml_node *at = pl_reader_at(reader, node);
    const char *unit = field->kind == PL_FIELD_DURATION    ? " s"
                       : field->kind == PL_FIELD_RATE      ? "/s"
                       : field->kind == PL_FIELD_MEGABYTES ? " MB"
                                                           : "";
    pl_reader_error(reader,
                    node,
                    "`%s` is %.*s; %s%s to %s%s is allowed.",
                    field->key,
                    pl_reader_shown(at->text),
                    at->text.data,
                    low_text,
                    unit,
                    high_text,
                    unit);
    return false;
}

static bool quantity_error(struct pl_reader *reader,
                           const struct pl_field *field,
                           uint32_t node,
                           const pl_error *err)
{
    pl_reader_error(reader, node, "`%s`: %s", field->key, err->message);
    return false;
}

static bool read_share(pl_slice text, double *value, pl_error *err)
{
    if (text.size > 0 && text.data[text.size - 1] == '%') {
        return pl_quantity_percent(text, NULL, value, err) == PL_OK;
    }
    return pl_quantity_number(text, NULL, value, err) == PL_OK;
}

/* A number of any kind in base units. */
static bool
read_number(struct pl_reader *reader, const struct pl_field *field, uint32_t node, double *value)
{
    pl_slice text = pl_reader_at(reader, node)->text;
    pl_error err = {0};
    int64_t whole = 0;
    int32_t seconds = 0;
    bool good = false;
    switch ((enum pl_field_kind)field->kind) {
    case PL_FIELD_COUNT:
        good = pl_quantity_count(text, NULL, &whole, &err) == PL_OK;
        *value = (double)whole;
        break;
    case PL_FIELD_NUMBER:
        good = pl_quantity_number(text, NULL, value, &err) == PL_OK;
        break;
    case PL_FIELD_DURATION:
        good = pl_quantity_duration(text, NULL, &whole, &err) == PL_OK;
        *value = (double)whole * 1e-9;
        break;
    case PL_FIELD_OFFSET:
        good = pl_quantity_offset(text, NULL, &whole, &err) == PL_OK;
        *value = (double)whole * 1e-9;
        break;
    case PL_FIELD_SHARE:
        good = read_share(text, value, &err);
        break;
    case PL_FIELD_RATE:
        good = pl_quantity_rate(text, NULL, value, &err) == PL_OK;
        break;
    case PL_FIELD_MEGABYTES:
        good = pl_quantity_size(text, NULL, &whole, &err) == PL_OK;
        *value = (double)whole * 1e-6;
        break;
    case PL_FIELD_CLOCK:
        good = pl_quantity_clock(text, NULL, &seconds, &err) == PL_OK;
        *value = (double)seconds;
        break;
    case PL_FIELD_TEXT:
    case PL_FIELD_NAME:
    case PL_FIELD_BOOL:
    case PL_FIELD_LAW:
    case PL_FIELD_CHOICE:
    case PL_FIELD_GROUP:
    case PL_FIELD_OBJECT:
    case PL_FIELD_MAP:
    case PL_FIELD_LIST:
    case PL_FIELD_OTHER:
        PL_CHECK(false);
    }
    if (!good) {
        return quantity_error(reader, field, node, &err);
    }
    return in_range(reader, field, node, *value);
}

static bool store_number(struct pl_reader *reader,
                         const struct pl_field *field,
                         uint32_t node,
                         double value,
                         void *target)
{
    double share = value;
    if (field->sliced != 0) {
        share = value / reader->slice;
        double whole = (double)(int64_t)(share + 0.5);
        bool must_be_whole = field->store == PL_STORE_U32;
        if (must_be_whole && (share - whole > 1e-9 || whole - share > 1e-9)) {
            pl_reader_error(reader,
                            node,
                            "`%s` is %.10g, which the slice 1/%.10g does not divide; a multiple of "
                            "%.10g is expected.",
                            field->key,
                            value,
                            reader->slice,
                            reader->slice);
            return false;
        }
    }
    if (target == NULL) {
        return true;
    }
    char *at = (char *)target + field->offset;
    if (field->store == PL_STORE_U32) {
        uint32_t whole = (uint32_t)(share + 0.5);
        memcpy(at, &whole, sizeof whole);
    } else {
        PL_CHECK(field->store == PL_STORE_F64);
        memcpy(at, &share, sizeof share);
    }
    return true;
}

static bool
read_bool(struct pl_reader *reader, const struct pl_field *field, uint32_t node, void *target)
{
    pl_slice text = pl_reader_at(reader, node)->text;
    uint32_t word = pl_field_choice("no|yes|false|true|off|on", text);
    if (word == PL_NONE) {
        pl_reader_error(reader,
                        node,
                        "`%s` is %.*s; yes or no is expected.",
                        field->key,
                        pl_reader_shown(text),
                        text.data);
        return false;
    }
    return store_number(reader, field, node, (double)(word & 1U), target);
}

static bool
read_choice(struct pl_reader *reader, const struct pl_field *field, uint32_t node, void *target)
{
    pl_slice text = pl_reader_at(reader, node)->text;
    uint32_t word = pl_field_choice(field->words, text);
    if (word == PL_NONE) {
        char hint[80];
        pl_reader_hint(field->words, text, hint, sizeof hint);
        char list[160];
        size_t used = 0;
        for (const char *at = field->words; *at != '\0' && used + 3 < sizeof list; at++) {
            list[used++] = *at == '|' ? ',' : *at;
            if (*at == '|') {
                list[used++] = ' ';
            }
        }
        list[used] = '\0';
        pl_reader_error(reader,
                        node,
                        "`%s` is %.*s; one of %s is expected%s.",
                        field->key,
                        pl_reader_shown(text),
                        text.data,
                        list,
                        hint);
        return false;
    }
    if (field->store == PL_STORE_TEXT) {
        if (target != NULL) {
            memcpy((char *)target + field->offset, text.data, text.size);
            ((char *)target)[field->offset + text.size] = '\0';
        }
        return true;
    }
    return store_number(reader, field, node, (double)word, target);
}

static bool
read_text(struct pl_reader *reader, const struct pl_field *field, uint32_t node, void *target)
{
    pl_slice text = pl_reader_at(reader, node)->text;
    if (text.size >= field->size) {
        pl_reader_error(reader,
                        node,
                        "`%s` has %zu bytes; at most %u are allowed.",
                        field->key,
                        text.size,
                        field->size - 1U);
        return false;
    }
    if (target != NULL) {
        memcpy((char *)target + field->offset, text.data, text.size);
        ((char *)target)[field->offset + text.size] = '\0';
    }
    return true;
}

bool pl_field_read(struct pl_reader *reader,
                   const struct pl_field *field,
                   uint32_t node,
                   void *target)
{
    if (!pl_reader_is_scalar(reader, node, field->key)) {
        return false;
    }
    switch ((enum pl_field_kind)field->kind) {
    case PL_FIELD_TEXT:
        return read_text(reader, field, node, target);
    case PL_FIELD_NAME: {
        char name[PL_LABEL_MAX];
        size_t size = field->size < sizeof name ? field->size : sizeof name;
        pl_slice text = pl_reader_at(reader, node)->text;
        return pl_reader_copy_name(reader, text, node, field->key, name, size) &&
               read_text(reader, field, node, target);
    }
    case PL_FIELD_BOOL:
        return read_bool(reader, field, node, target);
    case PL_FIELD_CHOICE:
        return read_choice(reader, field, node, target);
    case PL_FIELD_LAW: {
        pl_law law;
        if (!pl_field_law(reader, node, &law)) {
            return false;
        }
        if (target != NULL) {
            memcpy((char *)target + field->offset, &law, sizeof law);
        }
        return true;
    }
    case PL_FIELD_COUNT:
    case PL_FIELD_NUMBER:
    case PL_FIELD_DURATION:
    case PL_FIELD_OFFSET:
    case PL_FIELD_SHARE:
    case PL_FIELD_RATE:
    case PL_FIELD_MEGABYTES:
    case PL_FIELD_CLOCK: {
        double value = 0.0;
        return read_number(reader, field, node, &value) &&
               store_number(reader, field, node, value, target);
    }
    case PL_FIELD_GROUP:
    case PL_FIELD_OBJECT:
    case PL_FIELD_MAP:
    case PL_FIELD_LIST:
    case PL_FIELD_OTHER:
        break;
    }
    PL_CHECK(false);
    return false;
}

static const char *article(const char *name)
{
    return strchr("aeiou", name[0]) != NULL ? "An" : "A";
}

static void unknown_key(struct pl_reader *reader, const struct pl_key_table *table, uint32_t node)
{
    pl_slice key = pl_reader_at(reader, node)->key;
    struct pl_suggest suggest;
    pl_suggest_begin(&suggest, key);
    for (uint32_t i = 0; i < table->field_count; i++) {
        pl_suggest_offer(&suggest, pl_slice_of(table->fields[i].key));
    }
    pl_slice best = pl_suggest_best(&suggest);
    if (best.data != NULL) {
        pl_reader_key_error(reader,
                            node,
                            "%s %s has no key `%.*s` (did you mean `%.*s`?).",
                            article(table->name),
                            table->name,
                            pl_reader_shown(key),
                            key.data,
                            (int)best.size,
                            best.data);
        return;
    }
    char list[200];
    struct pl_buf buf;
    pl_buf_init(&buf, list, sizeof list);
    for (uint32_t i = 0; i < table->field_count; i++) {
        if (buf.size + strlen(table->fields[i].key) + 8 > sizeof list) {
            pl_buf_puts(&buf, " ...");
            break;
        }
        pl_buf_printf(&buf, "%s%s", i == 0 ? "" : ", ", table->fields[i].key);
    }
    pl_reader_key_error(reader,
                        node,
                        "%s %s has no key `%.*s`; it may have %s.",
                        article(table->name),
                        table->name,
                        pl_reader_shown(key),
                        key.data,
                        list);
}

static uint32_t find_row(const struct pl_key_table *table, pl_slice key)
{
    for (uint32_t i = 0; i < table->field_count; i++) {
        if (pl_slice_equal(pl_slice_of(table->fields[i].key), key)) {
            return i;
        }
    }
    return PL_NONE;
}

static void
report_missing(struct pl_reader *reader, const struct pl_key_table *table, uint32_t node)
{
    for (uint32_t i = 0; i < table->field_count; i++) {
        const struct pl_field *field = &table->fields[i];
        if (field->required != 0 && pl_reader_get(reader, node, field->key) == 0) {
            pl_reader_key_error(reader,
                                node,
                                "This %s lacks `%s`, which must be given: %s",
                                table->name,
                                field->key,
                                field->doc);
        }
    }
}

/* One level; groups are returned to the caller's worklist so that input never recurses. */
static uint64_t
read_level(struct pl_reader *reader, const struct pl_key_table *table, uint32_t node, void *target)
{
    uint64_t given = 0;
    for (uint32_t at = pl_reader_first(reader, node); at != 0; at = pl_reader_next(reader, at)) {
        uint32_t row = find_row(table, pl_reader_at(reader, at)->key);
        if (row == PL_NONE) {
            unknown_key(reader, table, at);
            continue;
        }
        const struct pl_field *field = &table->fields[row];
        bool good = true;
        if (field->kind < PL_FIELD_GROUP) {
            good = pl_field_read(reader, field, at, target);
        }
        if (good && row < 64) {
            given |= UINT64_C(1) << row;
        }
    }
    report_missing(reader, table, node);
    return given;
}

void pl_fields_default(const struct pl_key_table *table, void *target)
{
    PL_CHECK(table->size > 0);
    memset(target, 0, table->size);
    if (table->fill != NULL) {
        table->fill(target);
    }
}

uint64_t pl_fields_read(struct pl_reader *reader,
                        const struct pl_key_table *table,
                        uint32_t node,
                        void *target)
{
    if (!pl_reader_is_map(reader, node, table->name)) {
        return 0;
    }
    uint64_t given = read_level(reader, table, node, target);
    /* Groups hold scalars only: one more level, a property of the tables that their test checks. */
    for (uint32_t i = 0; i < table->field_count; i++) {
        const struct pl_field *field = &table->fields[i];
        uint32_t at = field->kind == PL_FIELD_GROUP ? pl_reader_get(reader, node, field->key) : 0;
        if (at != 0 && pl_reader_is_map(reader, at, field->key)) {
            (void)read_level(reader, field->sub, at, target);
        }
    }
    return given;
}
