// SPDX-License-Identifier: Apache-2.0
//
// Changes and feed entries of content files.
#include "scenario/setting_changes.h"

#include "base/check.h"
#include "scenario/change_def.h"
#include "text/quantity.h"
#include "text/suggest.h"

#include <stdio.h>
#include <string.h>

bool pl_setting_value(struct pl_reader *reader, uint32_t node, double *value)
{
    pl_slice text = pl_reader_at(reader, node)->text;
    uint32_t word = pl_field_choice("no|yes|false|true|off|on", text);
    int64_t ns = 0;
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
    pl_reader_error(reader,
                    node,
                    "`%.*s` is no value; a number, 80%%, 30s, 220/s, yes or no is expected.",
                    pl_reader_shown(text),
                    text.data);
    return false;
}

double pl_setting_time(struct pl_setting_reader *reader,
                       uint32_t map,
                       enum pl_time_mode mode,
                       double fallback,
                       bool *from_start)
{
    struct pl_reader *base = &reader->reader;
    uint32_t node = pl_reader_get(base, map, "at");
    *from_start = false;
    if (node == 0 || !pl_reader_is_scalar(base, node, "at")) {
        return fallback;
    }
    pl_slice text = pl_reader_at(base, node)->text;
    pl_error err = {0};
    if (mode == PL_TIME_OPENING && pl_slice_equal(text, pl_slice_of("start"))) {
        *from_start = true;
        return 0.0;
    }
    bool clock = memchr(text.data, ':', text.size) != NULL;
    if (clock && mode != PL_TIME_ACTION) {
        int32_t seconds = 0;
        if (pl_quantity_clock(text, NULL, &seconds, &err) == PL_OK) {
            return mode == PL_TIME_CLOCK ? (double)seconds
                                         : (double)seconds - reader->opens_clock_s;
        }
    } else if (mode != PL_TIME_CLOCK) {
        int64_t ns = 0;
        if (pl_quantity_offset(text, NULL, &ns, &err) == PL_OK) {
            if (mode != PL_TIME_ACTION || ns >= 0) {
                return (double)ns * 1e-9;
            }
            (void)pl_fail(&err, PL_BAD_INPUT, NULL, "An action has no effect before it is done.");
        }
    } else {
        (void)pl_fail(&err,
                      PL_BAD_INPUT,
                      NULL,
                      "%.*s is no time of day; one such as \"11:15\" is expected.",
                      pl_reader_shown(text),
                      text.data);
    }
    pl_reader_error(base, node, "`at`: %s", err.message);
    return fallback;
}

/* ---- Paths ---------------------------------------------------------------------------------- */

static void unknown_path(struct pl_setting_reader *reader, const char *path, uint32_t node)
{
    const struct pl_world *world = reader->world;
    struct pl_suggest suggest;
    pl_suggest_begin(&suggest, pl_slice_of(path));
    for (uint32_t i = 1; i <= world->param_count; i++) {
        pl_suggest_offer(&suggest, pl_slice_of(world->params[i].path));
    }
    pl_slice best = pl_suggest_best(&suggest);
    if (best.data != NULL) {
        pl_reader_error(&reader->reader,
                        node,
                        "The world has no param `%.90s` (did you mean `%.*s`?).",
                        path,
                        (int)best.size,
                        best.data);
        return;
    }
    pl_reader_error(&reader->reader,
                    node,
                    "The world has no param `%.90s`; `plumb pack schema params` lists them.",
                    path);
}

/* An option of an argument as an entity that the template can be checked with. */
static void check_template(struct pl_setting_reader *reader,
                           const char *path,
                           const struct pl_action *action,
                           uint32_t node)
{
    struct pl_template_value values[PL_ACTION_ARGS_MAX];
    uint32_t rounds = 1;
    for (uint32_t i = 0; i < action->arg_count; i++) {
        char braced[PL_NAME_MAX + 3];
        (void)snprintf(braced, sizeof braced, "{%s}", action->args[i].name);
        if (strstr(path, braced) != NULL && action->args[i].option_count > rounds) {
            rounds = action->args[i].option_count;
        }
    }
    for (uint32_t round = 0; round < rounds; round++) {
        for (uint32_t i = 0; i < action->arg_count; i++) {
            const struct pl_arg *arg = &action->args[i];
            uint32_t option = arg->option_count > 0 ? round % arg->option_count : 0;
            values[i].name = arg->name;
            values[i].text = arg->option_count > 0 ? arg->options[option] : "1";
        }
        char filled[PL_LABEL_MAX * 3];
        if (!pl_template_fill(path, values, action->arg_count, true, filled, sizeof filled)) {
            pl_reader_error(&reader->reader,
                            node,
                            "`%.90s` has a brace that names no argument of this action.",
                            path);
            return;
        }
        if (reader->world->sealed != 0 && pl_world_param(reader->world, filled) == 0) {
            unknown_path(reader, filled, node);
            return;
        }
    }
}

/* Copy and check a path; PL_NONE-like 0 when it cannot be resolved now. */
static uint32_t read_path(struct pl_setting_reader *reader,
                          pl_slice text,
                          uint32_t node,
                          const struct pl_action *action,
                          char *out)
{
    if (text.size >= (size_t)PL_LABEL_MAX * 2) {
        pl_reader_error(&reader->reader, node, "This path is longer than any param's.");
        return 0;
    }
    memcpy(out, text.data, text.size);
    out[text.size] = '\0';
    if (strchr(out, '{') != NULL) {
        if (action == NULL) {
            pl_reader_error(&reader->reader, node, "Braces mean something in actions only.");
        } else {
            check_template(reader, out, action, node);
        }
        return 0;
    }
    if (reader->world->sealed == 0) {
        return 0;
    }
    uint32_t param = pl_world_param(reader->world, out);
    if (param == 0) {
        unknown_path(reader, out, node);
    }
    return param;
}

/* ---- Changes -------------------------------------------------------------------------------- */

/* `{to}`: index of the argument, PL_NONE when the value is no brace. */
static uint32_t value_argument(struct pl_setting_reader *reader,
                               uint32_t node,
                               const struct pl_action *action,
                               bool *is_brace)
{
    pl_slice text = pl_reader_at(&reader->reader, node)->text;
    *is_brace = text.size > 2 && text.data[0] == '{' && text.data[text.size - 1] == '}';
    for (uint32_t i = 0; *is_brace && action != NULL && i < action->arg_count; i++) {
        pl_slice name = {.data = text.data + 1, .size = text.size - 2};
        if (pl_slice_equal(pl_slice_of(action->args[i].name), name)) {
            return i;
        }
    }
    return PL_NONE;
}

static void read_new_value(struct pl_setting_reader *reader,
                           uint32_t map,
                           const struct pl_action *action,
                           struct pl_change_def *def)
{
    static const char *const keys[] = {"to", "add", "times"};
    struct pl_reader *base = &reader->reader;
    uint32_t node = 0;
    uint32_t given = 0;
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t at = pl_reader_get(base, map, keys[i]);
        if (at != 0) {
            node = at;
            given++;
            def->op = PL_CHANGE_TO + i;
        }
    }
    if (given != 1) {
        pl_reader_error(
            base, map, "This change has %u of `to`, `add` and `times`; one is expected.", given);
        return;
    }
    if (!pl_reader_is_scalar(base, node, "to")) {
        return;
    }
    bool is_brace = false;
    def->value_arg = value_argument(reader, node, action, &is_brace);
    if (is_brace) {
        if (def->value_arg == PL_NONE) {
            pl_reader_error(base, node, "This brace names no argument of an action.");
        }
        return;
    }
    if (def->op == PL_CHANGE_TO && pl_reader_text_is(base, node, "previous")) {
        def->op = PL_CHANGE_PREVIOUS;
        return;
    }
    (void)pl_setting_value(base, node, &def->value);
}

/* A form draws within `vary` and `jitter`: only what belongs to forms has them. */
static void check_draws(struct pl_setting_reader *reader,
                        uint32_t map,
                        enum pl_time_mode mode,
                        const struct pl_change_def *def)
{
    struct pl_reader *base = &reader->reader;
    bool varies = def->vary > 0.0;
    bool moves = def->jitter_s > 0.0;
    if ((varies || moves) && mode != PL_TIME_OPENING) {
        pl_reader_error(base,
                        pl_reader_get(base, map, varies ? "vary" : "jitter"),
                        "`%s` is drawn for each form; it belongs to changes of causes and red "
                        "herrings.",
                        varies ? "vary" : "jitter");
    } else if (varies && def->op == PL_CHANGE_PREVIOUS) {
        pl_reader_error(base, pl_reader_get(base, map, "vary"), "`previous` has no size to vary.");
    } else if (moves && def->from_start != 0) {
        pl_reader_error(base,
                        pl_reader_get(base, map, "jitter"),
                        "What holds from the start has no moment that could move.");
    }
}

/* What can be said about a literal value before the run. */
static void check_value(struct pl_setting_reader *reader,
                        uint32_t map,
                        uint32_t param,
                        const struct pl_change_def *def)
{
    uint32_t node = pl_reader_get(&reader->reader, map, "to");
    if (param == 0 || node == 0 || def->op != PL_CHANGE_TO || def->value_arg != PL_NONE) {
        return;
    }
    const struct pl_world *world = reader->world;
    double value = pl_slice_value(world, param, def->value);
    double back = pl_slice_fleet(world, param, value);
    if (back > def->value + 1e-6 || back < def->value - 1e-6) {
        pl_reader_error(&reader->reader,
                        node,
                        "%.10g is not divided by the slice 1/%u; a multiple of %u is expected.",
                        def->value,
                        world->slice_of,
                        world->slice_of);
    }
    const struct pl_param_def *range = &world->params[param];
    for (int32_t side = -1; side <= 1; side++) {
        double drawn = def->value * (1.0 + def->vary * (double)side);
        double slice = pl_slice_value(world, param, drawn);
        if (slice < range->low || slice > range->high) {
            pl_reader_error(&reader->reader,
                            node,
                            "`%s` would be %.10g; %.10g to %.10g is allowed.",
                            range->path,
                            drawn,
                            pl_slice_fleet(world, param, range->low),
                            pl_slice_fleet(world, param, range->high));
            return;
        }
    }
}

void pl_setting_gate(struct pl_setting_reader *reader,
                     uint32_t map,
                     const struct pl_action *action,
                     struct pl_change_def *def)
{
    struct pl_reader *base = &reader->reader;
    uint32_t node = pl_reader_get(base, map, "while");
    if (node == 0 || !pl_reader_is_map(base, node, "while")) {
        return;
    }
    uint32_t entry = pl_reader_first(base, node);
    if (entry == 0 || pl_reader_next(base, entry) != 0) {
        pl_reader_error(base, node, "`while` holds one path and its value.");
        return;
    }
    uint32_t param =
        read_path(reader, pl_reader_at(base, entry)->key, entry, action, def->gate_path);
    if (!pl_reader_is_scalar(base, entry, "while") ||
        !pl_setting_value(base, entry, &def->gate_value)) {
        return;
    }
    def->gated = 1;
    if (param != 0) {
        def->gate_value = pl_slice_value(reader->world, param, def->gate_value);
    }
}

void pl_setting_change(struct pl_setting_reader *reader,
                       uint32_t map,
                       enum pl_time_mode mode,
                       const struct pl_action *action)
{
    struct pl_reader *base = &reader->reader;
    struct pl_setting *setting = reader->setting;
    if (setting->change_count == PL_CHANGE_DEFS_MAX) {
        pl_reader_error(base, map, "At most %d changes are allowed in all.", PL_CHANGE_DEFS_MAX);
        return;
    }
    struct pl_change_def *def = &setting->changes[setting->change_count];
    pl_fields_default(&pl_change_table, def);
    def->value_arg = PL_NONE;
    if (!pl_reader_is_map(base, map, "change")) {
        return;
    }
    (void)pl_fields_read(base, &pl_change_table, map, def);
    uint32_t set = pl_reader_get(base, map, "set");
    uint32_t param = 0;
    if (set != 0 && pl_reader_is_scalar(base, set, "set")) {
        param = read_path(reader, pl_reader_at(base, set)->text, set, action, def->path);
    }
    bool from_start = false;
    def->at_s = pl_setting_time(reader, map, mode, 0.0, &from_start);
    def->from_start = from_start ? 1 : 0;
    read_new_value(reader, map, action, def);
    check_draws(reader, map, mode, def);
    check_value(reader, map, param, def);
    pl_setting_gate(reader, map, action, def);
    setting->change_count++;
}

struct pl_span_of pl_setting_changes(struct pl_setting_reader *reader,
                                     uint32_t node,
                                     enum pl_time_mode mode,
                                     const struct pl_action *action)
{
    struct pl_reader *base = &reader->reader;
    struct pl_span_of out = {.first = reader->setting->change_count, .count = 0};
    if (node == 0 || !pl_reader_is_list(base, node, "changes")) {
        return out;
    }
    for (uint32_t at = pl_reader_first(base, node); at != 0; at = pl_reader_next(base, at)) {
        pl_setting_change(reader, at, mode, action);
    }
    out.count = reader->setting->change_count - out.first;
    return out;
}

struct pl_span_of
pl_setting_feed(struct pl_setting_reader *reader, uint32_t node, enum pl_time_mode mode)
{
    struct pl_reader *base = &reader->reader;
    struct pl_setting *setting = reader->setting;
    struct pl_span_of out = {.first = setting->feed_count, .count = 0};
    if (node == 0 || !pl_reader_is_list(base, node, "feed")) {
        return out;
    }
    for (uint32_t at = pl_reader_first(base, node); at != 0; at = pl_reader_next(base, at)) {
        if (setting->feed_count == PL_FEEDS_MAX) {
            pl_reader_error(base, at, "At most %d feed entries are allowed in all.", PL_FEEDS_MAX);
            break;
        }
        struct pl_feed_entry *entry = &setting->feed[setting->feed_count];
        pl_fields_default(&pl_feed_table, entry);
        if (!pl_reader_is_map(base, at, "feed entry")) {
            continue;
        }
        (void)pl_fields_read(base, &pl_feed_table, at, entry);
        bool from_start = false;
        entry->at_s = pl_setting_time(reader, at, mode, 0.0, &from_start);
        if (from_start) {
            pl_reader_error(base, at, "A feed entry needs a time of day or an offset.");
        }
        if (entry->jitter_s > 0.0 && mode != PL_TIME_OPENING) {
            pl_reader_error(base,
                            pl_reader_get(base, at, "jitter"),
                            "`jitter` is drawn for each form; it belongs to feed entries of causes "
                            "and red herrings.");
        }
        setting->feed_count++;
    }
    out.count = setting->feed_count - out.first;
    return out;
}
