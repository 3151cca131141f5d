// SPDX-License-Identifier: Apache-2.0
#include "scenario/fault_value.h"

#include "base/check.h"
#include "model/model.h"
#include "text/quantity.h"
#include "text/suggest.h"

#include <stdio.h>
#include <string.h>

bool pl_fault_is_entity(uint32_t kind)
{
    return kind <= PL_FAULT_EFFECT;
}

static bool parse_any(pl_slice text, double *value)
{
    int64_t ns = 0;
    uint32_t word = pl_field_choice("no|yes|false|true|off|on", text);
    if (word != PL_NONE) {
        *value = (double)(word & 1U);
        return true;
    }
    if (pl_quantity_number(text, NULL, value, NULL) == PL_OK ||
        pl_quantity_percent(text, NULL, value, NULL) == PL_OK ||
        pl_quantity_rate(text, NULL, value, NULL) == PL_OK) {
        return true;
    }
    if (pl_quantity_duration(text, NULL, &ns, NULL) == PL_OK) {
        *value = (double)ns * 1e-9;
        return true;
    }
    return false;
}

bool pl_fault_parse(uint32_t kind, pl_slice text, double *value)
{
    int64_t whole = 0;
    bool good = true;
    *value = 0.0;
    switch (kind) {
    case PL_FAULT_SHARE:
        return pl_quantity_percent(text, NULL, value, NULL) == PL_OK ||
               (pl_quantity_number(text, NULL, value, NULL) == PL_OK && *value >= 0.0 &&
                *value <= 1.0);
    case PL_FAULT_DURATION:
        good = pl_quantity_duration(text, NULL, &whole, NULL) == PL_OK;
        *value = (double)whole * 1e-9;
        return good;
    case PL_FAULT_FACTOR:
    case PL_FAULT_NUMBER:
        return pl_quantity_number(text, NULL, value, NULL) == PL_OK;
    case PL_FAULT_COUNT:
    case PL_FAULT_RELEASE:
        good = pl_quantity_count(text, NULL, &whole, NULL) == PL_OK;
        *value = (double)whole;
        return good;
    case PL_FAULT_RATE:
        return pl_quantity_rate(text, NULL, value, NULL) == PL_OK;
    case PL_FAULT_SWITCH:
        return pl_field_choice("no|yes|false|true|off|on", text) != PL_NONE;
    case PL_FAULT_VALUE:
        return parse_any(text, value);
    default:
        return text.size > 0;
    }
}

const char *pl_fault_form(uint32_t kind)
{
    static const char *const forms[] = {
        [PL_FAULT_SHARE] = "a share such as 40%",
        [PL_FAULT_DURATION] = "a duration such as 150ms",
        [PL_FAULT_FACTOR] = "a factor such as 12",
        [PL_FAULT_NUMBER] = "a number such as 0.5",
        [PL_FAULT_COUNT] = "a whole number",
        [PL_FAULT_RELEASE] = "a whole number of releases",
        [PL_FAULT_RATE] = "a rate such as 220/s",
        [PL_FAULT_SWITCH] = "yes or no",
        [PL_FAULT_PARAM] = "a path such as db.orders-db.load",
        [PL_FAULT_VALUE] = "a number, 80%, 30s, 220/s, yes or no",
    };
    return kind < PL_FAULT_SHARE ? "a name" : forms[kind];
}

pl_status pl_fault_check(const struct pl_fault_parameter *parameter, pl_slice text, pl_error *err)
{
    double value = 0.0;
    double limit = 0.0;
    if (!pl_fault_parse(parameter->kind, text, &value)) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "`%.*s` is not %s.",
                       pl_reader_shown(text),
                       text.data,
                       pl_fault_form(parameter->kind));
    }
    bool low = parameter->low[0] != '\0' &&
               pl_fault_parse(parameter->kind, pl_slice_of(parameter->low), &limit) &&
               value < limit;
    bool high = parameter->high[0] != '\0' &&
                pl_fault_parse(parameter->kind, pl_slice_of(parameter->high), &limit) &&
                value > limit;
    if (low || high) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "%.*s is too %s; %s %s is allowed.",
                       pl_reader_shown(text),
                       text.data,
                       low ? "small" : "large",
                       low ? "at least" : "at most",
                       low ? parameter->low : parameter->high);
    }
    return PL_OK;
}

/* Entity of a param: `pool.back.main-db.size` has `back.main-db`. Flags have no knob. */
static pl_slice entity_of(const char *path, size_t prefix, uint32_t kind)
{
    const char *start = path + prefix;
    const char *end = kind == PL_FAULT_FLAG ? NULL : strrchr(start, '.');
    return (pl_slice){start, end != NULL ? (size_t)(end - start) : strlen(start)};
}

static bool same_name(pl_slice whole, pl_slice text)
{
    if (text.size > whole.size) {
        return false;
    }
    const char *tail = whole.data + whole.size - text.size;
    if (tail > whole.data && tail[-1] != '.') {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (tail[i] != (text.data[i] == '/' ? '.' : text.data[i])) {
            return false;
        }
    }
    return true;
}

pl_status pl_fault_entity(const struct pl_world *world, uint32_t kind, pl_slice text, pl_error *err)
{
    static const char words[] = PL_FAULT_ENTITY_WORDS;
    const char *word = words;
    for (uint32_t i = 0; i < kind; i++) {
        word = strchr(word, '|') + 1;
    }
    size_t size = strcspn(word, "|");
    struct pl_suggest suggest;
    pl_suggest_begin(&suggest, text);
    for (uint32_t i = 1; i <= world->param_count; i++) {
        const char *path = world->params[i].path;
        if (strncmp(path, word, size) != 0 || path[size] != '.') {
            continue;
        }
        pl_slice entity = entity_of(path, size + 1, kind);
        if (same_name(entity, text)) {
            return PL_OK;
        }
        pl_suggest_offer(&suggest, entity);
    }
    pl_slice best = pl_suggest_best(&suggest);
    return pl_fail(err,
                   PL_NOT_FOUND,
                   NULL,
                   "The world has no %.*s `%.*s`%s%.*s%s.",
                   (int)size,
                   word,
                   pl_reader_shown(text),
                   text.data,
                   best.data != NULL ? " (did you mean `" : "",
                   (int)best.size,
                   best.data != NULL ? best.data : "",
                   best.data != NULL ? "`?)" : "");
}
