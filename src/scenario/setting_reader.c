// SPDX-License-Identifier: Apache-2.0
//
// What surrounds a world: teams, people, alerts, noise, messages, costs of looks.
// Actions are read by setting_actions.c, changes and the feed by setting_changes.c.
#include "scenario/setting_reader.h"

#include "base/check.h"
#include "observe/promql_parse.h"
#include "scenario/setting_actions.h"
#include "scenario/world_names.h"
#include "text/quantity.h"
#include "text/suggest.h"

#include <string.h>

static const struct pl_look default_looks[] = {
    {"panel", 30.0},
    {"query", 45.0},
    {"metrics", 15.0},
    {"logs", 45.0},
    {"traces", 45.0},
    {"trace", 30.0},
    {"changes", 30.0},
    {"db", 60.0},
    {"alerts", 15.0},
    {"topology", 20.0},
    {"runbook", 60.0},
    {"ask", 30.0},
    {"status", 10.0},
    {"pods", 20.0},
    {"edges", 30.0},
    {"flags", 20.0},
    {"people", 10.0},
};

void pl_setting_init(struct pl_setting *setting)
{
    memset(setting, 0, sizeof *setting);
    memcpy(setting->date, "2026-11-21", sizeof "2026-11-21");
    memcpy(setting->region, "eu1", sizeof "eu1");
    memcpy(setting->environment, "prod", sizeof "prod");
    setting->look_count = (uint32_t)(sizeof default_looks / sizeof default_looks[0]);
    PL_CHECK(setting->look_count <= PL_LOOKS_MAX);
    memcpy(setting->looks, default_looks, sizeof default_looks);
}

/** A map or list of the setting that fills an array. */
struct collection {
    const char *key;
    const struct pl_key_table *table;
    void *array;
    uint32_t *count;
    uint32_t max;
    bool named; /* entries of a map whose key is the name at the start of the struct */
    void (*finish)(struct pl_setting_reader *reader, uint32_t node, void *target);
};

/* Element with this name, so that a scenario can extend what the world says; NULL: new. */
static char *known_element(const struct collection *collection, pl_slice name)
{
    for (uint32_t i = 0; i < *collection->count; i++) {
        char *element = (char *)collection->array + (size_t)i * collection->table->size;
        if (pl_slice_equal(pl_slice_of(element), name)) {
            return element;
        }
    }
    return NULL;
}

static void
read_element(struct pl_setting_reader *reader, const struct collection *collection, uint32_t at)
{
    struct pl_reader *base = &reader->reader;
    pl_slice key = pl_reader_at(base, at)->key;
    char *element = collection->named ? known_element(collection, key) : NULL;
    bool fresh = element == NULL;
    if (fresh) {
        if (*collection->count == collection->max) {
            pl_reader_error(base,
                            at,
                            "There are more entries in `%s` than the %u that are allowed.",
                            collection->key,
                            collection->max);
            return;
        }
        element = (char *)collection->array + (size_t)*collection->count * collection->table->size;
        pl_fields_default(collection->table, element);
        if (collection->named &&
            !pl_reader_copy_name(base, key, at, collection->table->name, element, PL_NAME_MAX)) {
            return;
        }
    }
    if (!pl_reader_is_map(base, at, collection->table->name)) {
        return;
    }
    (void)pl_fields_read(base, collection->table, at, element);
    if (fresh) {
        (*collection->count)++;
    }
    if (collection->finish != NULL) {
        collection->finish(reader, at, element);
    }
}

static void read_collection(struct pl_setting_reader *reader,
                            uint32_t root,
                            const struct collection *collection)
{
    struct pl_reader *base = &reader->reader;
    uint32_t node = pl_reader_get(base, root, collection->key);
    if (node == 0 || !(collection->named ? pl_reader_is_map(base, node, collection->key)
                                         : pl_reader_is_list(base, node, collection->key))) {
        return;
    }
    for (uint32_t at = pl_reader_first(base, node); at != 0; at = pl_reader_next(base, at)) {
        read_element(reader, collection, at);
    }
}

/* ---- Causes that something is said for ------------------------------------------------------ */

static uint32_t cause_bits(struct pl_setting_reader *reader, uint32_t list)
{
    struct pl_reader *base = &reader->reader;
    uint32_t bits = 0;
    if (!pl_reader_is_list(base, list, "causes")) {
        return 0;
    }
    if (reader->scenario == NULL) {
        pl_reader_key_error(base, list, "A world knows no causes; this belongs into a scenario.");
        return 0;
    }
    struct pl_names causes = {
        .first = reader->scenario->causes[0].name,
        .stride = sizeof reader->scenario->causes[0],
        .count = reader->scenario->cause_count,
        .what = "cause",
    };
    for (uint32_t at = pl_reader_first(base, list); at != 0; at = pl_reader_next(base, at)) {
        if (!pl_reader_is_scalar(base, at, "causes")) {
            continue;
        }
        uint32_t cause = pl_names_resolve(base, &causes, pl_reader_at(base, at)->text, at);
        if (cause != PL_NONE) {
            bits |= UINT32_C(1) << cause;
        }
    }
    return bits;
}

static uint32_t cause_mask(struct pl_setting_reader *reader, uint32_t map)
{
    uint32_t only = pl_reader_get(&reader->reader, map, "causes");
    uint32_t but = pl_reader_get(&reader->reader, map, "not_causes");
    uint32_t mask = only != 0 ? cause_bits(reader, only) : UINT32_MAX;
    return but != 0 ? mask & ~cause_bits(reader, but) : mask;
}

/* ---- People --------------------------------------------------------------------------------- */

static void read_answers(struct pl_setting_reader *reader, uint32_t list, uint32_t person)
{
    struct pl_reader *base = &reader->reader;
    struct pl_setting *setting = reader->setting;
    if (!pl_reader_is_list(base, list, "answers")) {
        return;
    }
    for (uint32_t at = pl_reader_first(base, list); at != 0; at = pl_reader_next(base, at)) {
        if (setting->answer_count == PL_ANSWERS_MAX) {
            pl_reader_error(base, at, "At most %d answers are allowed in all.", PL_ANSWERS_MAX);
            return;
        }
        struct pl_answer *answer = &setting->answers[setting->answer_count];
        pl_fields_default(&pl_answer_table, answer);
        if (!pl_reader_is_map(base, at, "answer")) {
            continue;
        }
        (void)pl_fields_read(base, &pl_answer_table, at, answer);
        answer->person = person;
        answer->cause_mask = cause_mask(reader, at);
        setting->answer_count++;
    }
}

static void finish_person(struct pl_setting_reader *reader, uint32_t node, void *target)
{
    struct pl_person *person = target;
    if (person->name[0] == '\0') {
        memcpy(person->name, person->id, sizeof person->name);
    }
    uint32_t answers = pl_reader_get(&reader->reader, node, "answers");
    if (answers != 0) {
        read_answers(reader, answers, (uint32_t)(person - reader->setting->people));
    }
}

/* ---- Alerts and others ---------------------------------------------------------------------- */

/* A query that does not compile would be an alert that never fires. */
static void check_query(struct pl_setting_reader *reader, uint32_t map, const char *text)
{
    uint32_t node = pl_reader_get(&reader->reader, map, "expr");
    struct pl_promql program;
    pl_error err = {0};
    if (node != 0 && text[0] != '\0' && pl_promql_parse(&program, text, &err) != PL_OK) {
        pl_reader_error(&reader->reader, node, "`expr`: %s", err.message);
    }
}

static void finish_indicator(struct pl_setting_reader *reader, uint32_t node, void *target)
{
    check_query(reader, node, ((struct pl_indicator *)target)->expr);
}

static void finish_alert(struct pl_setting_reader *reader, uint32_t node, void *target)
{
    struct pl_reader *base = &reader->reader;
    struct pl_alert_def *alert = target;
    check_query(reader, node, alert->expr);
    uint32_t above = pl_reader_get(base, node, "above");
    uint32_t below = pl_reader_get(base, node, "below");
    if (above != 0 && below != 0) {
        pl_reader_error(base, node, "An alert has `above` or `below`, not both.");
        return;
    }
    uint32_t value = above != 0 ? above : below;
    if (value != 0 && pl_reader_is_scalar(base, value, "above") &&
        pl_setting_value(base, value, &alert->threshold)) {
        alert->compare = above != 0 ? PL_COMPARE_ABOVE : PL_COMPARE_BELOW;
    }
}

static void finish_announcement(struct pl_setting_reader *reader, uint32_t node, void *target)
{
    ((struct pl_announcement *)target)->cause_mask = cause_mask(reader, node);
}

static void finish_gap(struct pl_setting_reader *reader, uint32_t node, void *target)
{
    struct pl_reader *base = &reader->reader;
    struct pl_gap *gap = target;
    uint32_t at = pl_reader_get(base, node, "target");
    if (at != 0 && pl_reader_is_scalar(base, at, "target")) {
        pl_slice text = pl_reader_at(base, at)->text;
        if (pl_slice_equal(text, pl_slice_of("*"))) {
            memcpy(gap->target, "*", 2);
        } else {
            memset(gap->target, 0, sizeof gap->target);
            memcpy(gap->target,
                   text.data,
                   text.size < sizeof gap->target ? text.size : sizeof gap->target - 1);
        }
    }
    if (gap->until_s <= gap->from_s) {
        pl_reader_error(base, node, "This gap ends before it begins.");
    }
}

static void read_looks(struct pl_setting_reader *reader, uint32_t root)
{
    struct pl_reader *base = &reader->reader;
    struct pl_setting *setting = reader->setting;
    uint32_t map = pl_reader_get(base, root, "looks");
    if (map == 0 || !pl_reader_is_map(base, map, "looks")) {
        return;
    }
    struct pl_names looks = {
        .first = setting->looks[0].name,
        .stride = sizeof setting->looks[0],
        .count = setting->look_count,
        .what = "look",
    };
    for (uint32_t at = pl_reader_first(base, map); at != 0; at = pl_reader_next(base, at)) {
        uint32_t look = pl_names_resolve(base, &looks, pl_reader_at(base, at)->key, at);
        int64_t ns = 0;
        pl_error err = {0};
        if (look == PL_NONE || !pl_reader_is_scalar(base, at, "looks")) {
            continue;
        }
        if (pl_quantity_duration(pl_reader_at(base, at)->text, NULL, &ns, &err) != PL_OK) {
            pl_reader_error(base, at, "%s", err.message);
            continue;
        }
        setting->looks[look].cost_s = (double)ns * 1e-9;
    }
}

static void read_actions(struct pl_setting_reader *reader, uint32_t root)
{
    struct pl_reader *base = &reader->reader;
    uint32_t map = pl_reader_get(base, root, "actions");
    if (map == 0 || !pl_reader_is_map(base, map, "actions")) {
        return;
    }
    for (uint32_t at = pl_reader_first(base, map); at != 0; at = pl_reader_next(base, at)) {
        pl_setting_action(reader, at);
    }
}

/* Things of the world's clock: a scenario has red herrings for that. */
static void read_clockwork(struct pl_setting_reader *reader, uint32_t root)
{
    struct pl_reader *base = &reader->reader;
    struct pl_setting *setting = reader->setting;
    uint32_t schedule = pl_reader_get(base, root, "schedule");
    uint32_t feed = pl_reader_get(base, root, "feed");
    if (reader->scenario != NULL) {
        uint32_t at = schedule != 0 ? schedule : feed;
        if (at != 0) {
            pl_reader_key_error(
                base, at, "`schedule` and `feed` belong to a world; a scenario has red_herrings.");
        }
        return;
    }
    struct pl_span_of changes = pl_setting_changes(reader, schedule, PL_TIME_CLOCK, NULL);
    setting->cron0 = changes.first;
    setting->cron_count = changes.count;
    struct pl_span_of entries = pl_setting_feed(reader, feed, PL_TIME_CLOCK);
    setting->background0 = entries.first;
    setting->background_count = entries.count;
}

static void check_leads(struct pl_setting_reader *reader, uint32_t root)
{
    struct pl_reader *base = &reader->reader;
    const struct pl_setting *setting = reader->setting;
    uint32_t map = pl_reader_get(base, root, "teams");
    struct pl_names people = {
        .first = setting->people[0].id,
        .stride = sizeof setting->people[0],
        .count = setting->person_count,
        .what = "person",
    };
    for (uint32_t at = map == 0 ? 0 : pl_reader_first(base, map); at != 0;
         at = pl_reader_next(base, at)) {
        uint32_t lead = pl_reader_get(base, at, "lead");
        if (lead != 0 && pl_reader_at(base, lead)->kind == PL_YAML_SCALAR) {
            (void)pl_names_resolve(base, &people, pl_reader_at(base, lead)->text, lead);
        }
    }
}

/* Whoever writes noise must exist, else its lines would never be seen. */
static void check_noise(struct pl_setting_reader *reader, uint32_t root)
{
    struct pl_reader *base = &reader->reader;
    uint32_t list = pl_reader_get(base, root, "noise");
    struct pl_names services = pl_names_services(reader->world);
    struct pl_names databases = pl_names_databases(reader->world);
    for (uint32_t at = list == 0 ? 0 : pl_reader_first(base, list); at != 0;
         at = pl_reader_next(base, at)) {
        uint32_t service = pl_reader_get(base, at, "service");
        if (service == 0 || pl_reader_at(base, service)->kind != PL_YAML_SCALAR ||
            pl_reader_text_is(base, service, "edge")) {
            continue;
        }
        pl_slice name = pl_reader_at(base, service)->text;
        if (pl_names_find(&databases, name) == PL_NONE) {
            (void)pl_names_resolve(base, &services, name, service);
        }
    }
}

void pl_setting_read(struct pl_setting_reader *reader, uint32_t node)
{
    struct pl_setting *s = reader->setting;
    if (!pl_reader_is_map(&reader->reader, node, "setting")) {
        return;
    }
    (void)pl_fields_read(&reader->reader, &pl_setting_table, node, s);
    const struct collection collections[] = {
        {"teams", &pl_team_table, s->teams, &s->team_count, PL_TEAMS_MAX, true, NULL},
        {"people",
         &pl_person_table,
         s->people,
         &s->person_count,
         PL_PEOPLE_MAX,
         true,
         finish_person},
        {"alerts",
         &pl_alert_table,
         s->alerts,
         &s->alert_count,
         PL_ALERT_RULES_MAX,
         true,
         finish_alert},
        {"indicators",
         &pl_indicator_table,
         s->indicators,
         &s->indicator_count,
         PL_INDICATORS_MAX,
         true,
         finish_indicator},
        {"noise", &pl_noise_table, s->noises, &s->noise_count, PL_NOISES_MAX, false, NULL},
        {"holes", &pl_hole_table, s->holes, &s->hole_count, PL_HOLES_MAX, false, NULL},
        {"gaps", &pl_gap_table, s->gaps, &s->gap_count, PL_GAPS_MAX, false, finish_gap},
        {"messages",
         &pl_announcement_table,
         s->announcements,
         &s->announcement_count,
         PL_ANNOUNCEMENTS_MAX,
         false,
         finish_announcement},
    };
    for (size_t i = 0; i < sizeof collections / sizeof collections[0]; i++) {
        read_collection(reader, node, &collections[i]);
    }
    check_leads(reader, node);
    check_noise(reader, node);
    read_looks(reader, node);
    read_actions(reader, node);
    read_clockwork(reader, node);
}
