// SPDX-License-Identifier: Apache-2.0
//
// Actions of a setting: their arguments become lists of what exists in the world.
#include "scenario/setting_actions.h"

#include "base/check.h"
#include "text/quantity.h"

#include <stdio.h>
#include <string.h>

/* Kinds of PL_ARG_WORDS, in its order. */
enum arg_word {
    WORD_COUNT,
    WORD_NUMBER,
    WORD_SHARE,
    WORD_DURATION,
    WORD_CHOICE,
    WORD_SERVICE,
    WORD_ROUTE,
    WORD_EDGE,
    WORD_POOL,
    WORD_DATABASE,
    WORD_STATEMENT,
    WORD_JOB,
    WORD_VENDOR,
    WORD_CACHE,
    WORD_TOPIC,
    WORD_SOURCE,
    WORD_FLAG,
    WORD_STREAM,
    WORD_GROUP,
    WORD_TENANT,
    WORD_VOLUME
};

/** Options of an argument while they are collected. */
struct options {
    struct pl_setting_reader *reader;
    struct pl_arg *arg;
    uint32_t only; /* list node, 0: all */
    uint32_t node; /* of the argument */
    uint32_t used; /* entries of `only` that were met */
};

static void add_option(struct options *options, const char *text, double value)
{
    struct pl_reader *base = &options->reader->reader;
    struct pl_arg *arg = options->arg;
    if (options->only != 0) {
        bool listed = false;
        for (uint32_t at = pl_reader_first(base, options->only); at != 0;
             at = pl_reader_next(base, at)) {
            listed = listed || pl_reader_text_is(base, at, text);
        }
        if (!listed) {
            return;
        }
        options->used++;
    }
    if (arg->option_count == PL_ARG_OPTIONS_MAX) {
        pl_reader_error(base,
                        options->node,
                        "`%s` can be more than %d things; restrict it with `only`.",
                        arg->name,
                        PL_ARG_OPTIONS_MAX);
        return;
    }
    (void)snprintf(arg->options[arg->option_count], PL_LABEL_MAX, "%s", text);
    arg->option_values[arg->option_count] = value;
    arg->option_count++;
}

static void add_pair(struct options *options, const char *owner, const char *name)
{
    char text[PL_LABEL_MAX + 2];
    (void)snprintf(text, sizeof text, "%s/%s", owner, name);
    add_option(options, text, 0.0);
}

static void add_pairs(struct options *options, enum arg_word word)
{
    const struct pl_world *world = options->reader->world;
    for (uint32_t i = 0; word == WORD_ROUTE && i < world->route_count; i++) {
        add_pair(options, world->services[world->routes[i].service].name, world->routes[i].name);
    }
    for (uint32_t i = 0; word == WORD_EDGE && i < world->edge_count; i++) {
        add_pair(
            options, world->services[world->edges[i].service].name, world->edges[i].target_name);
    }
    for (uint32_t i = 0; word == WORD_POOL && i < world->pool_count; i++) {
        add_pair(options,
                 world->services[world->pools[i].service].name,
                 world->databases[world->pools[i].database].name);
    }
    for (uint32_t i = 0; word == WORD_STATEMENT && i < world->statement_count; i++) {
        add_pair(options,
                 world->databases[world->statements[i].database].name,
                 world->statements[i].name);
    }
}

static void add_names(struct options *options, const char *first, size_t stride, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        add_option(options, first + (size_t)i * stride, 0.0);
    }
}

static void add_streams(struct options *options, enum arg_word word)
{
    const struct pl_streams *all = &options->reader->world->streams;
    if (word == WORD_STREAM) {
        add_names(options, all->streams[0].name, sizeof all->streams[0], all->stream_count);
    } else if (word == WORD_GROUP) {
        add_names(options, all->groups[0].name, sizeof all->groups[0], all->group_count);
    } else if (word == WORD_TENANT) {
        add_names(options, all->tenants[0].name, sizeof all->tenants[0], all->tenant_count);
    } else {
        add_names(options, all->volumes[0].name, sizeof all->volumes[0], all->volume_count);
    }
}

static void add_entities(struct options *options, enum arg_word word)
{
    const struct pl_world *w = options->reader->world;
    switch (word) {
    case WORD_SERVICE:
        add_names(options, w->services[0].name, sizeof w->services[0], w->service_count);
        break;
    case WORD_DATABASE:
        add_names(options, w->databases[0].name, sizeof w->databases[0], w->database_count);
        break;
    case WORD_JOB:
        add_names(options, w->jobs[0].name, sizeof w->jobs[0], w->job_count);
        break;
    case WORD_VENDOR:
        add_names(options, w->vendors[0].name, sizeof w->vendors[0], w->vendor_count);
        break;
    case WORD_CACHE:
        add_names(options, w->caches[0].name, sizeof w->caches[0], w->cache_count);
        break;
    case WORD_TOPIC:
        add_names(options, w->topics[0].name, sizeof w->topics[0], w->topic_count);
        break;
    case WORD_SOURCE:
        add_names(options, w->sources[0].name, sizeof w->sources[0], w->source_count);
        break;
    case WORD_FLAG:
        add_names(options, w->flags[0].name, sizeof w->flags[0], w->flag_count);
        break;
    case WORD_STREAM:
    case WORD_GROUP:
    case WORD_TENANT:
    case WORD_VOLUME:
        add_streams(options, word);
        break;
    case WORD_ROUTE:
    case WORD_EDGE:
    case WORD_POOL:
    case WORD_STATEMENT:
        add_pairs(options, word);
        break;
    case WORD_COUNT:
    case WORD_NUMBER:
    case WORD_SHARE:
    case WORD_DURATION:
    case WORD_CHOICE:
        break;
    }
}

static void add_choices(struct options *options, uint32_t map)
{
    struct pl_reader *base = &options->reader->reader;
    if (!pl_reader_is_map(base, map, "choices")) {
        return;
    }
    for (uint32_t at = pl_reader_first(base, map); at != 0; at = pl_reader_next(base, at)) {
        double value = 0.0;
        char word[PL_LABEL_MAX];
        if (pl_reader_is_scalar(base, at, "choices") && pl_setting_value(base, at, &value) &&
            pl_reader_copy_name(
                base, pl_reader_at(base, at)->key, at, "choice", word, sizeof word)) {
            add_option(options, word, value);
        }
    }
}

/* Kind of the argument and, for numbers, its limits. */
static void set_kind(struct pl_arg *arg, enum arg_word word)
{
    static const uint32_t kinds[] = {PL_ARG_COUNT, PL_ARG_NUMBER, PL_ARG_SHARE, PL_ARG_SECONDS};
    arg->kind = word < WORD_CHOICE ? kinds[word] : PL_ARG_CHOICE;
    if (arg->low >= arg->high) {
        arg->low = 0.0;
        arg->high = word == WORD_SHARE ? 1.0 : 1e9;
    }
}

static void read_arg(struct pl_setting_reader *reader, uint32_t node, struct pl_action *action)
{
    struct pl_reader *base = &reader->reader;
    if (action->arg_count == PL_ACTION_ARGS_MAX) {
        pl_reader_error(base, node, "An action has at most %d arguments.", PL_ACTION_ARGS_MAX);
        return;
    }
    struct pl_arg *arg = &action->args[action->arg_count];
    pl_fields_default(&pl_arg_table, arg);
    if (!pl_reader_is_map(base, node, "argument")) {
        return;
    }
    (void)pl_fields_read(base, &pl_arg_table, node, arg);
    uint32_t of = pl_reader_get(base, node, "of");
    uint32_t choices = pl_reader_get(base, node, "choices");
    if (of == 0 || !pl_reader_is_scalar(base, of, "of")) {
        return;
    }
    uint32_t word = pl_field_choice(PL_ARG_WORDS, pl_reader_at(base, of)->text);
    if (word == PL_NONE) {
        return; /* check_word has said so */
    }
    set_kind(arg, (enum arg_word)word);
    struct options options = {.reader = reader, .arg = arg, .node = node};
    options.only = pl_reader_get(base, node, "only");
    if (options.only != 0 && !pl_reader_is_list(base, options.only, "only")) {
        options.only = 0;
    }
    if (word == WORD_CHOICE && choices == 0) {
        pl_reader_error(base, node, "A choice needs `choices`.");
    } else if (word == WORD_CHOICE) {
        add_choices(&options, choices);
    } else {
        add_entities(&options, (enum arg_word)word);
    }
    if (options.only != 0 && options.used < pl_reader_at(base, options.only)->child_count) {
        pl_reader_error(base, options.only, "`only` names something that does not exist.");
    }
    action->arg_count++;
}

/* `of` is a row that code reads, so its word is checked here. */
static void check_word(struct pl_setting_reader *reader, uint32_t node)
{
    struct pl_reader *base = &reader->reader;
    uint32_t of = pl_reader_get(base, node, "of");
    if (of == 0 || pl_reader_at(base, of)->kind != PL_YAML_SCALAR) {
        return;
    }
    pl_slice text = pl_reader_at(base, of)->text;
    if (pl_field_choice(PL_ARG_WORDS, text) == PL_NONE) {
        char hint[80];
        pl_reader_hint(PL_ARG_WORDS, text, hint, sizeof hint);
        pl_reader_error(base,
                        of,
                        "`of` is %.*s; count, number, share, duration, choice or a kind of entity "
                        "such as service or pool is expected%s.",
                        pl_reader_shown(text),
                        text.data,
                        hint);
    }
}

/* Where an action goes: a scenario's takes the place of the world's action of that name. */
static struct pl_action *action_place(struct pl_setting *setting, pl_slice name)
{
    uint32_t at = 0;
    while (at < setting->action_count &&
           !pl_slice_equal(name, pl_slice_of(setting->actions[at].name))) {
        at++;
    }
    return at < PL_ACTIONS_MAX ? &setting->actions[at] : NULL;
}

void pl_setting_action(struct pl_setting_reader *reader, uint32_t node)
{
    struct pl_reader *base = &reader->reader;
    struct pl_setting *setting = reader->setting;
    pl_slice name = pl_reader_at(base, node)->key;
    struct pl_action *action = action_place(setting, name);
    if (action == NULL) {
        pl_reader_key_error(base, node, "At most %d actions are allowed.", PL_ACTIONS_MAX);
        return;
    }
    bool is_new = action == &setting->actions[setting->action_count];
    pl_fields_default(&pl_action_table, action);
    if (!pl_reader_copy_name(base, name, node, "action", action->name, PL_NAME_MAX) ||
        !pl_reader_is_map(base, node, "action")) {
        return;
    }
    (void)pl_fields_read(base, &pl_action_table, node, action);
    uint32_t args = pl_reader_get(base, node, "args");
    if (args != 0 && pl_reader_is_list(base, args, "args")) {
        for (uint32_t at = pl_reader_first(base, args); at != 0; at = pl_reader_next(base, at)) {
            check_word(reader, at);
            read_arg(reader, at, action);
        }
    }
    struct pl_span_of changes =
        pl_setting_changes(reader, pl_reader_get(base, node, "changes"), PL_TIME_ACTION, action);
    action->change0 = changes.first;
    action->change_count = changes.count;
    setting->action_count += is_new ? 1 : 0;
}
