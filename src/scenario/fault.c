// SPDX-License-Identifier: Apache-2.0
//
// A use is expanded in the nodes of the fault's own document: values take the place of `${names}`,
// and the reader of changes does the rest, as if an author had written them out.
#include "scenario/fault.h"

#include "base/check.h"
#include "scenario/fault_text.h"
#include "scenario/fault_value.h"
#include "text/suggest.h"

#include <stdio.h>
#include <string.h>

enum {
    ARENA_SIZE = 64 * 1024, /* bytes of texts with their values */
    NODES_MAX = 256,        /* texts of one change */
    MOMENT_NAMES = 4        /* names that a use brings along: at, vary, ramp, for */
};

/** What reading a fault needs, in memory of the caller. */
struct work {
    struct pl_errors errors;
    struct pl_yaml yaml;
    char arena[ARENA_SIZE];
    _Alignas(16) char document[];
};

_Static_assert(PL_FAULT_PARAMETERS_MAX + MOMENT_NAMES <= PL_FAULT_BINDINGS_MAX, "all are bound");

static const char *const moment_names[MOMENT_NAMES] = {"at", "vary", "ramp", "for"};

/* Name of a library's file: the file's, without folder and `.yaml`. */
static pl_slice file_name(const struct pl_file *file)
{
    const char *slash = strrchr(file->path, '/');
    const char *start = slash != NULL ? slash + 1 : file->path;
    size_t size = strlen(start);
    bool yaml = size > 5 && strcmp(start + size - 5, ".yaml") == 0;
    return (pl_slice){start, yaml ? size - 5 : size};
}

/* ---- Texts of changes ----------------------------------------------------------------------- */

/* All nodes below a change; a change holds values and at most one map inside. */
static uint32_t collect(const struct pl_yaml *yaml, uint32_t change, uint32_t *nodes)
{
    uint32_t count = 0;
    for (uint32_t at = pl_yaml_at(yaml, change)->first_child; at != 0;
         at = pl_yaml_at(yaml, at)->next) {
        uint32_t below = pl_yaml_at(yaml, at)->first_child;
        for (uint32_t i = below; i != 0 && count < NODES_MAX; i = pl_yaml_at(yaml, i)->next) {
            nodes[count++] = i;
        }
        if (below == 0 && count < NODES_MAX) {
            nodes[count++] = at;
        }
    }
    return count;
}

/* Every name of a text is bound; the ones that are get marked. */
static void check_names(struct pl_reader *reader,
                        uint32_t node,
                        pl_slice text,
                        struct pl_fault_bindings *bindings)
{
    size_t from = 0;
    size_t open = 0;
    pl_slice name = {NULL, 0};
    while (pl_fault_next(text, &from, &name, &open)) {
        uint32_t at = pl_fault_bound(bindings, name);
        if (at != PL_NONE) {
            bindings->items[at].used = true;
            continue;
        }
        struct pl_suggest suggest;
        pl_suggest_begin(&suggest, name);
        for (uint32_t i = 0; i < bindings->count; i++) {
            pl_suggest_offer(&suggest, bindings->items[i].name);
        }
        pl_slice best = pl_suggest_best(&suggest);
        pl_reader_error(reader,
                        node,
                        "`${%.*s}` names no parameter of this fault%s%.*s%s.",
                        pl_reader_shown(name),
                        name.data,
                        best.data != NULL ? " (did you mean `" : "",
                        (int)best.size,
                        best.data != NULL ? best.data : "",
                        best.data != NULL ? "`?)" : "");
    }
}

/* ---- Reading a fault ------------------------------------------------------------------------ */

static void read_parameter(struct pl_reader *reader, uint32_t at, struct pl_fault *fault)
{
    if (fault->parameter_count == PL_FAULT_PARAMETERS_MAX) {
        pl_reader_key_error(
            reader, at, "A fault has at most %d parameters.", PL_FAULT_PARAMETERS_MAX);
        return;
    }
    struct pl_fault_parameter *parameter = &fault->parameters[fault->parameter_count];
    pl_fields_default(&pl_fault_parameter_table, parameter);
    pl_slice name = pl_reader_at(reader, at)->key;
    if (!pl_reader_copy_name(reader, name, at, "parameter", parameter->name, PL_NAME_MAX) ||
        !pl_reader_is_map(reader, at, "parameter")) {
        return;
    }
    uint32_t before = reader->errors->count;
    (void)pl_fields_read(reader, &pl_fault_parameter_table, at, parameter);
    fault->parameter_count++;
    for (uint32_t i = 0; i < MOMENT_NAMES; i++) {
        if (strcmp(parameter->name, moment_names[i]) == 0) {
            pl_reader_key_error(reader,
                                at,
                                "`%s` is given by the use itself; no parameter can be named so.",
                                parameter->name);
        }
    }
    static const char *const keys[] = {"from", "to", "default"};
    for (uint32_t i = 0; i < 3 && reader->errors->count == before; i++) {
        uint32_t node = pl_reader_get(reader, at, keys[i]);
        pl_error err = {0};
        if (node != 0 &&
            pl_fault_check(parameter, pl_reader_at(reader, node)->text, &err) != PL_OK) {
            pl_reader_error(reader, node, "`%s`: %s", keys[i], err.message);
        }
    }
}

static uint32_t read_lines(struct pl_reader *reader,
                           uint32_t map,
                           const char *key,
                           char lines[PL_FAULT_LINES_MAX][PL_TEXT_MAX])
{
    uint32_t count = 0;
    uint32_t list = pl_reader_get(reader, map, key);
    if (list == 0 || !pl_reader_is_list(reader, list, key)) {
        return 0;
    }
    for (uint32_t at = pl_reader_first(reader, list); at != 0; at = pl_reader_next(reader, at)) {
        if (!pl_reader_is_scalar(reader, at, key)) {
            continue;
        }
        pl_slice text = pl_reader_at(reader, at)->text;
        if (count == PL_FAULT_LINES_MAX || text.size >= PL_TEXT_MAX) {
            pl_reader_error(reader,
                            at,
                            "At most %d lines of %d bytes are allowed.",
                            PL_FAULT_LINES_MAX,
                            PL_TEXT_MAX - 1);
            break;
        }
        memcpy(lines[count], text.data, text.size);
        lines[count++][text.size] = '\0';
    }
    return count;
}

/* Names that changes may use; values come with a use. */
static void bind_names(const struct pl_fault *fault, struct pl_fault_bindings *bindings)
{
    bindings->count = 0;
    for (uint32_t i = 0; i < fault->parameter_count; i++) {
        const struct pl_fault_parameter *parameter = &fault->parameters[i];
        pl_fault_bind(bindings,
                      pl_slice_of(parameter->name),
                      (pl_slice){NULL, 0},
                      pl_fault_is_entity(parameter->kind));
    }
    for (uint32_t i = 0; i < MOMENT_NAMES; i++) {
        pl_fault_bind(bindings, pl_slice_of(moment_names[i]), (pl_slice){NULL, 0}, false);
    }
}

static void check_changes(struct pl_reader *reader,
                          uint32_t list,
                          struct pl_fault *fault,
                          struct pl_fault_bindings *bindings)
{
    uint32_t nodes[NODES_MAX];
    for (uint32_t at = pl_reader_first(reader, list); at != 0; at = pl_reader_next(reader, at)) {
        fault->change_count++;
        if (!pl_reader_is_map(reader, at, "change")) {
            continue;
        }
        uint32_t count = collect(reader->yaml, at, nodes);
        for (uint32_t i = 0; i < count; i++) {
            const struct pl_yaml_node *node = pl_reader_at(reader, nodes[i]);
            check_names(reader, nodes[i], node->text, bindings);
            if (node->key.data != NULL) {
                check_names(reader, nodes[i], node->key, bindings);
            }
        }
    }
    if (fault->change_count == 0) {
        pl_reader_error(reader, list, "A fault without changes does nothing.");
    }
}

/* Read everything but the values; what the changes name is marked in `bindings`. */
static void read_fault(struct pl_reader *reader,
                       pl_slice name,
                       struct pl_fault *fault,
                       struct pl_fault_bindings *bindings)
{
    uint32_t root = reader->yaml->root;
    pl_fields_default(&pl_fault_table, fault);
    if (!pl_reader_is_map(reader, root, "fault file")) {
        return;
    }
    (void)pl_fields_read(reader, &pl_fault_table, root, fault);
    if (fault->name[0] != '\0' && !pl_slice_equal(pl_slice_of(fault->name), name)) {
        pl_reader_error(reader,
                        pl_reader_get(reader, root, "fault"),
                        "This file is named %.*s.yaml; its fault must have the same name.",
                        pl_reader_shown(name),
                        name.data);
    }
    uint32_t parameters = pl_reader_get(reader, root, "parameters");
    if (parameters != 0 && pl_reader_is_map(reader, parameters, "parameters")) {
        for (uint32_t at = pl_reader_first(reader, parameters); at != 0;
             at = pl_reader_next(reader, at)) {
            read_parameter(reader, at, fault);
        }
    }
    fault->tell_count = read_lines(reader, root, "tells", fault->tells);
    fault->tempting_count = read_lines(reader, root, "tempting", fault->tempting);
    bind_names(fault, bindings);
    uint32_t list = pl_reader_get(reader, root, "changes");
    if (list == 0 || !pl_reader_is_list(reader, list, "changes")) {
        return;
    }
    check_changes(reader, list, fault, bindings);
    for (uint32_t i = 0; i < fault->parameter_count; i++) {
        if (!bindings->items[i].used) {
            uint32_t node = pl_reader_get(reader, parameters, fault->parameters[i].name);
            pl_reader_key_error(
                reader, node, "No change names the parameter `%s`.", fault->parameters[i].name);
        }
    }
}

static pl_status open_fault(const struct pl_file *file, struct work *work, struct pl_errors *errors)
{
    if (file->text.size > PL_FAULT_TEXT_MAX) {
        pl_pos pos = {.line = 1, .column = 1};
        (void)snprintf(pos.path, sizeof pos.path, "%s", file->path);
        pl_errors_add(errors,
                      PL_LIMIT,
                      &pos,
                      "This fault has %zu bytes; at most %d are allowed.",
                      file->text.size,
                      PL_FAULT_TEXT_MAX);
        return PL_LIMIT;
    }
    size_t room = PL_FAULT_SCRATCH - offsetof(struct work, document);
    PL_CHECK(pl_yaml_memory_for(PL_FAULT_TEXT_MAX) <= room);
    return pl_yaml_load(&work->yaml, file->text, file->path, work->document, room, errors);
}

pl_status pl_fault_load(const struct pl_file *file,
                        struct pl_fault *fault,
                        void *memory,
                        struct pl_errors *errors)
{
    PL_CHECK(file != NULL && fault != NULL && memory != NULL && errors != NULL);
    struct work *work = memory;
    struct pl_fault_bindings bindings;
    pl_status status = open_fault(file, work, errors);
    if (status != PL_OK) {
        return status;
    }
    uint32_t before = errors->count;
    struct pl_reader reader = {.yaml = &work->yaml, .errors = errors, .slice = 1.0};
    read_fault(&reader, file_name(file), fault, &bindings);
    return errors->count == before ? PL_OK : PL_BAD_INPUT;
}

/* ---- Use ------------------------------------------------------------------------------------ */

/** A use while it is expanded. */
struct expansion {
    struct pl_setting_reader *reader; /* of the scenario */
    uint32_t node;                    /* the use */
    struct work *work;
    struct pl_fault fault;
    struct pl_fault_use use;
    struct pl_fault_bindings bindings;
    double at_s;
    bool from_start;
};

/* Mistakes in the fault's document are told at the use. */
static void hand_over(struct expansion *expansion)
{
    struct pl_errors *errors = &expansion->work->errors;
    struct pl_reader *base = &expansion->reader->reader;
    uint32_t kept = errors->count < PL_ERRORS_MAX ? errors->count : PL_ERRORS_MAX;
    for (uint32_t i = 0; i < kept; i++) {
        const pl_error *err = &errors->items[i];
        const char *slash = strrchr(err->pos.path, '/');
        pl_reader_error(base,
                        expansion->node,
                        "In the fault faults/%.60s:%u:%u: %s",
                        slash != NULL ? slash + 1 : err->pos.path,
                        err->pos.line,
                        err->pos.column,
                        err->message);
    }
    memset(errors, 0, sizeof *errors);
}

static uint32_t find_fault(struct pl_setting_reader *reader, uint32_t node, pl_slice name)
{
    const struct pl_fault_library *library = reader->library;
    struct pl_suggest suggest;
    pl_suggest_begin(&suggest, name);
    for (uint32_t i = 0; library != NULL && i < library->count; i++) {
        pl_slice known = file_name(&library->files[i]);
        if (pl_slice_equal(known, name)) {
            return i;
        }
        pl_suggest_offer(&suggest, known);
    }
    pl_slice best = pl_suggest_best(&suggest);
    pl_reader_error(&reader->reader,
                    node,
                    "The library has no fault `%.*s`%s%.*s%s; `plumb pack faults` lists them.",
                    pl_reader_shown(name),
                    name.data,
                    best.data != NULL ? " (did you mean `" : "",
                    (int)best.size,
                    best.data != NULL ? best.data : "",
                    best.data != NULL ? "`?)" : "");
    return PL_NONE;
}

/* Value of one entry of `with`. */
static void read_value(struct expansion *expansion, uint32_t node)
{
    struct pl_reader *base = &expansion->reader->reader;
    const struct pl_fault *fault = &expansion->fault;
    pl_slice name = pl_reader_at(base, node)->key;
    uint32_t at = pl_fault_bound(&expansion->bindings, name);
    if (at >= fault->parameter_count) {
        struct pl_suggest suggest;
        pl_suggest_begin(&suggest, name);
        for (uint32_t i = 0; i < fault->parameter_count; i++) {
            pl_suggest_offer(&suggest, pl_slice_of(fault->parameters[i].name));
        }
        pl_slice best = pl_suggest_best(&suggest);
        pl_reader_key_error(base,
                            node,
                            "The fault %s has no parameter `%.*s`%s%.*s%s.",
                            fault->name,
                            pl_reader_shown(name),
                            name.data,
                            best.data != NULL ? " (did you mean `" : "",
                            (int)best.size,
                            best.data != NULL ? best.data : "",
                            best.data != NULL ? "`?)" : "");
        return;
    }
    const struct pl_fault_parameter *parameter = &fault->parameters[at];
    if (!pl_reader_is_scalar(base, node, parameter->name)) {
        return;
    }
    pl_error err = {0};
    pl_slice text = pl_reader_at(base, node)->text;
    pl_status status = pl_fault_check(parameter, text, &err);
    const struct pl_world *world = expansion->reader->world;
    if (status == PL_OK && world->sealed != 0 && pl_fault_is_entity(parameter->kind)) {
        status = pl_fault_entity(world, parameter->kind, text, &err);
    }
    if (status != PL_OK) {
        pl_reader_error(base, node, "`%s`: %s", parameter->name, err.message);
    }
    expansion->bindings.items[at].value = text;
}

static void read_values(struct expansion *expansion)
{
    struct pl_reader *base = &expansion->reader->reader;
    uint32_t with = pl_reader_get(base, expansion->node, "with");
    if (with != 0 && pl_reader_is_map(base, with, "with")) {
        for (uint32_t at = pl_reader_first(base, with); at != 0; at = pl_reader_next(base, at)) {
            read_value(expansion, at);
        }
    }
    for (uint32_t i = 0; i < expansion->fault.parameter_count; i++) {
        const struct pl_fault_parameter *parameter = &expansion->fault.parameters[i];
        pl_slice *value = &expansion->bindings.items[i].value;
        if (value->data == NULL && parameter->initial[0] != '\0') {
            *value = pl_slice_of(parameter->initial);
        } else if (value->data == NULL && parameter->optional == 0) {
            pl_reader_error(base,
                            with != 0 ? with : expansion->node,
                            "The fault %s needs the parameter `%s` (%.120s).",
                            expansion->fault.name,
                            parameter->name,
                            parameter->help);
        }
    }
}

/* What a use says about its moment; sizes of it that no change takes up are a mistake. */
static void read_moment(struct expansion *expansion)
{
    static const char *const unset[MOMENT_NAMES] = {"0s", "0%", "0s", "0s"};
    struct pl_reader *base = &expansion->reader->reader;
    expansion->at_s = pl_setting_time(
        expansion->reader, expansion->node, PL_TIME_OPENING, 0.0, &expansion->from_start);
    if (expansion->from_start && expansion->use.jitter_s > 0.0) {
        pl_reader_error(base,
                        pl_reader_get(base, expansion->node, "jitter"),
                        "What holds from the start has no moment that could move.");
    }
    for (uint32_t i = 0; i < MOMENT_NAMES; i++) {
        uint32_t at = expansion->fault.parameter_count + i;
        uint32_t node = pl_reader_get(base, expansion->node, moment_names[i]);
        /* `at` of a change counts from that of the use, whose own value is added later. */
        bool given = node != 0 && i > 0;
        expansion->bindings.items[at].value =
            given ? pl_reader_at(base, node)->text : pl_slice_of(unset[i]);
        if (given && !expansion->bindings.items[at].used) {
            pl_reader_key_error(base,
                                node,
                                "No change of the fault %s takes up `%s`.",
                                expansion->fault.name,
                                moment_names[i]);
        }
    }
}

/* Put values into all texts of a change; false when it names a parameter without a value. */
static bool fill_change(struct expansion *expansion, uint32_t change, struct pl_buf *arena)
{
    struct pl_yaml *yaml = &expansion->work->yaml;
    uint32_t nodes[NODES_MAX];
    uint32_t count = collect(yaml, change, nodes);
    for (uint32_t i = 0; i < 2 * count; i++) {
        struct pl_yaml_node *node = &yaml->nodes[nodes[i / 2]];
        pl_slice *text = i % 2 == 0 ? &node->text : &node->key;
        size_t from = 0;
        size_t open = 0;
        pl_slice name = {NULL, 0};
        bool any = false;
        while (text->data != NULL && pl_fault_next(*text, &from, &name, &open)) {
            any = true;
            uint32_t at = pl_fault_bound(&expansion->bindings, name);
            if (at == PL_NONE || expansion->bindings.items[at].value.data == NULL) {
                return false;
            }
        }
        if (any) {
            size_t start = arena->size;
            pl_fault_fill(*text, &expansion->bindings, arena);
            size_t size = arena->size - start;
            pl_buf_put(arena, "", 1);
            *text = (pl_slice){arena->data + start, size};
        }
    }
    return !arena->overflow;
}

/* What the use says goes for every change that does not say it itself. */
static void place_change(struct expansion *expansion, struct pl_change_def *def)
{
    if (def->from_start == 0) {
        def->from_start = expansion->from_start && def->at_s <= 0.0 ? 1 : 0;
        def->at_s += expansion->at_s;
        if (def->jitter_s <= 0.0 && def->from_start == 0) {
            def->jitter_s = expansion->use.jitter_s;
        }
    }
    if (def->gated == 0) {
        pl_setting_gate(expansion->reader, expansion->node, NULL, def);
    }
}

static void expand_changes(struct expansion *expansion)
{
    struct pl_setting_reader *reader = expansion->reader;
    struct work *work = expansion->work;
    struct pl_setting_reader inner = *reader;
    inner.reader.yaml = &work->yaml;
    inner.reader.errors = &work->errors;
    struct pl_buf arena;
    pl_buf_init(&arena, work->arena, sizeof work->arena);
    uint32_t list = pl_reader_get(&inner.reader, work->yaml.root, "changes");
    for (uint32_t at = pl_reader_first(&inner.reader, list); at != 0;
         at = pl_reader_next(&inner.reader, at)) {
        if (!fill_change(expansion, at, &arena)) {
            continue;
        }
        uint32_t first = reader->setting->change_count;
        pl_setting_change(&inner, at, PL_TIME_OPENING, NULL);
        if (reader->setting->change_count > first) {
            place_change(expansion, &reader->setting->changes[first]);
        }
    }
    if (arena.overflow) {
        pl_reader_error(&reader->reader, expansion->node, "The values of this use are too long.");
    }
    hand_over(expansion);
}

static void expand_use(struct pl_setting_reader *reader, uint32_t node)
{
    struct pl_reader *base = &reader->reader;
    struct expansion expansion = {.reader = reader, .node = node};
    if (!pl_reader_is_map(base, node, "use of a fault")) {
        return;
    }
    pl_fields_default(&pl_fault_use_table, &expansion.use);
    (void)pl_fields_read(base, &pl_fault_use_table, node, &expansion.use);
    uint32_t use = pl_reader_get(base, node, "use");
    if (use == 0 || !pl_reader_is_scalar(base, use, "use")) {
        return;
    }
    uint32_t file = find_fault(reader, use, pl_reader_at(base, use)->text);
    if (file == PL_NONE) {
        return;
    }
    reader->library->used |= UINT64_C(1) << file;
    expansion.work = reader->library->memory;
    memset(&expansion.work->errors, 0, sizeof expansion.work->errors);
    const struct pl_file *source = &reader->library->files[file];
    if (open_fault(source, expansion.work, &expansion.work->errors) != PL_OK) {
        hand_over(&expansion);
        return;
    }
    struct pl_reader inner = {
        .yaml = &expansion.work->yaml, .errors = &expansion.work->errors, .slice = base->slice};
    read_fault(&inner, file_name(source), &expansion.fault, &expansion.bindings);
    uint32_t before = base->errors->count;
    hand_over(&expansion);
    if (base->errors->count > before) {
        return;
    }
    read_moment(&expansion);
    read_values(&expansion);
    if (base->errors->count == before) {
        expand_changes(&expansion);
    }
}

struct pl_span_of pl_fault_expand(struct pl_setting_reader *reader, uint32_t node)
{
    struct pl_reader *base = &reader->reader;
    struct pl_span_of out = {.first = reader->setting->change_count, .count = 0};
    if (node == 0 || !pl_reader_is_list(base, node, "faults")) {
        return out;
    }
    for (uint32_t at = pl_reader_first(base, node); at != 0; at = pl_reader_next(base, at)) {
        expand_use(reader, at);
    }
    out.count = reader->setting->change_count - out.first;
    return out;
}
