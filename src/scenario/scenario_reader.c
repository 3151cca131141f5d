// SPDX-License-Identifier: Apache-2.0
//
// Causes come before the setting, because answers and messages name them; the actions that help or
// harm come last, because the setting defines them.
#include "scenario/scenario_reader.h"

#include "scenario/action.h"
#include "scenario/fault.h"
#include "scenario/world_names.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { CALL_WORDS_MAX = PL_ACTION_ARGS_MAX + 1, CALL_TEXT_MAX = 200 };

void pl_scenario_read_head(struct pl_reader *reader, struct pl_scenario *scenario)
{
    uint32_t root = reader->yaml->root;
    struct pl_scenario *s = scenario;
    /* The setting at the end belongs to the world's reader. */
    memset(s, 0, offsetof(struct pl_scenario, setting));
    if (pl_scenario_table.fill != NULL) {
        pl_scenario_table.fill(s);
    }
    memcpy(s->severity, "SEV-2", sizeof "SEV-2");
    (void)pl_fields_read(reader, &pl_scenario_table, root, s);
}

/* ---- Causes and red herrings ---------------------------------------------------------------- */

/* Changes as written out, then those of the faults that are used. */
static struct pl_span_of read_changes(struct pl_setting_reader *reader, uint32_t map)
{
    struct pl_reader *base = &reader->reader;
    struct pl_span_of out =
        pl_setting_changes(reader, pl_reader_get(base, map, "changes"), PL_TIME_OPENING, NULL);
    out.count += pl_fault_expand(reader, pl_reader_get(base, map, "faults")).count;
    return out;
}

/* A cause is a fault of the library, or says which one it is like. */
static void check_cause(struct pl_reader *base, uint32_t map, struct pl_cause *cause)
{
    uint32_t faults = pl_reader_get(base, map, "faults");
    if (faults == 0 && pl_reader_get(base, map, "changes") == 0) {
        pl_reader_error(
            base, map, "This cause has no `changes` and no `faults`; nothing goes wrong.");
    }
    if (cause->fault[0] != '\0') {
        return;
    }
    uint32_t first = faults != 0 ? pl_reader_first(base, faults) : 0;
    uint32_t use = first != 0 ? pl_reader_get(base, first, "use") : 0;
    if (use == 0) {
        pl_reader_error(base, map, "This cause names no `fault` and uses none of the library.");
        return;
    }
    pl_slice name = pl_reader_at(base, use)->text;
    if (name.size > 0 && name.size < sizeof cause->fault) {
        memcpy(cause->fault, name.data, name.size);
        cause->fault[name.size] = '\0';
    }
}

static void read_cause(struct pl_setting_reader *reader, struct pl_scenario *scenario, uint32_t at)
{
    struct pl_reader *base = &reader->reader;
    if (scenario->cause_count == PL_CAUSES_MAX) {
        pl_reader_key_error(base, at, "At most %d causes are allowed.", PL_CAUSES_MAX);
        return;
    }
    struct pl_cause *cause = &scenario->causes[scenario->cause_count];
    pl_fields_default(&pl_cause_table, cause);
    pl_slice name = pl_reader_at(base, at)->key;
    if (!pl_reader_copy_name(base, name, at, "cause", cause->name, PL_NAME_MAX) ||
        !pl_reader_is_map(base, at, "cause")) {
        return;
    }
    (void)pl_fields_read(base, &pl_cause_table, at, cause);
    check_cause(base, at, cause);
    struct pl_span_of changes = read_changes(reader, at);
    struct pl_span_of feed =
        pl_setting_feed(reader, pl_reader_get(base, at, "feed"), PL_TIME_OPENING);
    cause->change0 = changes.first;
    cause->change_count = changes.count;
    cause->feed0 = feed.first;
    cause->feed_count = feed.count;
    scenario->cause_count++;
}

static void
read_red_herring(struct pl_setting_reader *reader, struct pl_scenario *scenario, uint32_t at)
{
    struct pl_reader *base = &reader->reader;
    if (scenario->red_herring_count == PL_RED_HERRINGS_MAX) {
        pl_reader_key_error(base, at, "At most %d red herrings are allowed.", PL_RED_HERRINGS_MAX);
        return;
    }
    struct pl_red_herring *herring = &scenario->red_herrings[scenario->red_herring_count];
    pl_fields_default(&pl_red_herring_table, herring);
    pl_slice name = pl_reader_at(base, at)->key;
    if (!pl_reader_copy_name(base, name, at, "red herring", herring->name, PL_NAME_MAX) ||
        !pl_reader_is_map(base, at, "red herring")) {
        return;
    }
    (void)pl_fields_read(base, &pl_red_herring_table, at, herring);
    struct pl_span_of changes = read_changes(reader, at);
    struct pl_span_of feed =
        pl_setting_feed(reader, pl_reader_get(base, at, "feed"), PL_TIME_OPENING);
    herring->change0 = changes.first;
    herring->change_count = changes.count;
    herring->feed0 = feed.first;
    herring->feed_count = feed.count;
    scenario->red_herring_count++;
}

/* Entries of a map of the root; 0 when it is not there. */
static uint32_t first_of(struct pl_reader *base, const char *key)
{
    uint32_t map = pl_reader_get(base, base->yaml->root, key);
    return map != 0 && pl_reader_is_map(base, map, key) ? pl_reader_first(base, map) : 0;
}

/* Answers of the world name no cause; those of a change before the run starts never happen. */
static void check_times(struct pl_setting_reader *reader, const struct pl_scenario *scenario)
{
    const struct pl_setting *setting = &scenario->setting;
    for (uint32_t i = 0; i < scenario->cause_count; i++) {
        const struct pl_cause *cause = &scenario->causes[i];
        for (uint32_t j = 0; j < cause->change_count; j++) {
            const struct pl_change_def *def = &setting->changes[cause->change0 + j];
            if (def->from_start == 0 && def->at_s - def->jitter_s < -scenario->warmup_s) {
                uint32_t map = pl_reader_get(&reader->reader, reader->reader.yaml->root, "causes");
                pl_reader_key_error(&reader->reader,
                                    pl_reader_get(&reader->reader, map, cause->name),
                                    "A change of `%s` comes before the warm-up of %.10g s begins; "
                                    "`at: start` is the earliest.",
                                    cause->name,
                                    scenario->warmup_s);
                break;
            }
        }
    }
}

/* ---- Calls ---------------------------------------------------------------------------------- */

/* Split an action as typed into words; false when there are too many. */
static bool split_call(char *text, const char **words, uint32_t *count)
{
    *count = 0;
    char *at = text;
    while (*at != '\0') {
        while (*at == ' ') {
            *at++ = '\0';
        }
        if (*at == '\0') {
            break;
        }
        if (*count == CALL_WORDS_MAX) {
            return false;
        }
        words[(*count)++] = at;
        while (*at != '\0' && *at != ' ') {
            at++;
        }
    }
    return *count > 0;
}

static void read_call(struct pl_setting_reader *reader, struct pl_scenario *scenario, uint32_t node)
{
    struct pl_reader *base = &reader->reader;
    if (!pl_reader_is_scalar(base, node, "helps")) {
        return;
    }
    if (scenario->setting.call_count == PL_CALLS_MAX) {
        pl_reader_error(base, node, "At most %d expected actions are allowed.", PL_CALLS_MAX);
        return;
    }
    pl_slice typed = pl_reader_at(base, node)->text;
    char text[CALL_TEXT_MAX];
    const char *words[CALL_WORDS_MAX];
    uint32_t count = 0;
    if (typed.size >= sizeof text) {
        pl_reader_error(base, node, "This action is longer than any could be.");
        return;
    }
    memcpy(text, typed.data, typed.size);
    text[typed.size] = '\0';
    if (!split_call(text, words, &count)) {
        pl_reader_error(base, node, "This action has too many words, or none.");
        return;
    }
    struct pl_arg_text args[PL_ACTION_ARGS_MAX] = {{"", ""}};
    for (uint32_t i = 1; i < count; i++) {
        args[i - 1] = (struct pl_arg_text){.name = "", .value = words[i]};
    }
    pl_error err = {0};
    struct pl_call *call = &scenario->setting.calls[scenario->setting.call_count];
    if (pl_action_bind(scenario, words[0], args, count - 1, call, &err) != PL_OK) {
        pl_reader_error(base, node, "%s", err.message);
        return;
    }
    struct pl_change changes[PL_ACTION_CHANGES_MAX];
    uint32_t change_count = 0;
    if (reader->world->sealed != 0 &&
        pl_action_changes(reader->world, scenario, NULL, call, changes, &change_count, &err) !=
            PL_OK) {
        pl_reader_error(base, node, "%s", err.message);
        return;
    }
    scenario->setting.call_count++;
}

static struct pl_span_of
read_calls(struct pl_setting_reader *reader, struct pl_scenario *scenario, uint32_t list)
{
    struct pl_span_of out = {.first = scenario->setting.call_count, .count = 0};
    if (list == 0 || !pl_reader_is_list(&reader->reader, list, "actions")) {
        return out;
    }
    for (uint32_t at = pl_reader_first(&reader->reader, list); at != 0;
         at = pl_reader_next(&reader->reader, at)) {
        read_call(reader, scenario, at);
    }
    out.count = scenario->setting.call_count - out.first;
    return out;
}

static void read_expectations(struct pl_setting_reader *reader, struct pl_scenario *scenario)
{
    struct pl_reader *base = &reader->reader;
    for (uint32_t at = first_of(base, "causes"); at != 0; at = pl_reader_next(base, at)) {
        struct pl_cause *cause = NULL;
        for (uint32_t i = 0; i < scenario->cause_count; i++) {
            if (pl_slice_equal(pl_slice_of(scenario->causes[i].name),
                               pl_reader_at(base, at)->key)) {
                cause = &scenario->causes[i];
            }
        }
        if (cause == NULL) {
            continue;
        }
        struct pl_span_of helps = read_calls(reader, scenario, pl_reader_get(base, at, "helps"));
        struct pl_span_of harms = read_calls(reader, scenario, pl_reader_get(base, at, "harms"));
        cause->helps0 = helps.first;
        cause->helps_count = helps.count;
        cause->harms0 = harms.first;
        cause->harms_count = harms.count;
    }
}

/* An incident opens by an alert or by somebody who tells, and a service is named in any case. */
static void check_opening(struct pl_reader *base, uint32_t opens)
{
    uint32_t alert = pl_reader_get(base, opens, "alert");
    uint32_t from = pl_reader_get(base, opens, "from");
    if (alert == 0 && from == 0) {
        pl_reader_key_error(base,
                            opens,
                            "`opens` has neither `alert` nor `from`; an alert rule that pages or "
                            "somebody who tells is expected.");
    } else if (alert != 0 && from != 0) {
        pl_reader_key_error(
            base, from, "`from` means nothing beside `alert`; the alert manager sends the page.");
    }
}

/* The page takes its labels from the rule that fires. */
static void resolve_page(struct pl_setting_reader *reader, struct pl_scenario *scenario)
{
    struct pl_reader *base = &reader->reader;
    uint32_t opens = pl_reader_get(base, base->yaml->root, "opens");
    uint32_t node = opens != 0 ? pl_reader_get(base, opens, "alert") : 0;
    if (opens == 0 || pl_reader_at(base, opens)->kind != PL_YAML_MAP) {
        return;
    }
    check_opening(base, opens);
    uint32_t service = pl_reader_get(base, opens, "service");
    if (service != 0 && pl_reader_at(base, service)->kind == PL_YAML_SCALAR) {
        struct pl_names services = pl_names_services(reader->world);
        (void)pl_names_resolve(base, &services, pl_reader_at(base, service)->text, service);
    }
    if (node == 0 || scenario->page_alert[0] == '\0') {
        memcpy(scenario->page_severity, scenario->severity, sizeof scenario->page_severity);
        return;
    }
    const struct pl_setting *setting = &scenario->setting;
    struct pl_names alerts = {
        .first = setting->alerts[0].name,
        .stride = sizeof setting->alerts[0],
        .count = setting->alert_count,
        .what = "alert rule",
    };
    uint32_t alert = pl_names_resolve(base, &alerts, pl_reader_at(base, node)->text, node);
    if (alert == PL_NONE) {
        return;
    }
    memcpy(
        scenario->page_severity, setting->alerts[alert].severity, sizeof scenario->page_severity);
    memcpy(scenario->page_team, setting->alerts[alert].team, sizeof scenario->page_team);
}

void pl_scenario_read_body(struct pl_setting_reader *reader, struct pl_scenario *scenario)
{
    struct pl_reader *base = &reader->reader;
    for (uint32_t at = first_of(base, "causes"); at != 0; at = pl_reader_next(base, at)) {
        read_cause(reader, scenario, at);
    }
    for (uint32_t at = first_of(base, "red_herrings"); at != 0; at = pl_reader_next(base, at)) {
        read_red_herring(reader, scenario, at);
    }
    reader->scenario = scenario;
    uint32_t setting = pl_reader_get(base, base->yaml->root, "setting");
    if (setting != 0) {
        pl_setting_read(reader, setting);
    }
    check_times(reader, scenario);
    read_expectations(reader, scenario);
    resolve_page(reader, scenario);
}
