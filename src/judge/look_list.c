// SPDX-License-Identifier: Apache-2.0
#include "judge/look_list.h"

#include "base/check.h"
#include "observe/observe.h"
#include "observe/panel_table.h"

#include <string.h>

struct pl_look_list {
    const struct pl_scenario *scenario;
    uint32_t count;
    uint32_t full; /* 1: a look did not fit */
    struct pl_look_call calls[PL_LOOK_LIST_MAX];
};

/* Number of a kind of look by its name. */
static uint32_t kind_of(const char *name)
{
    const char *const *names = pl_look_names();
    uint32_t kind = 0;
    while (names[kind] != NULL && strcmp(names[kind], name) != 0) {
        kind++;
    }
    PL_CHECK(names[kind] != NULL);
    return kind;
}

static void add(struct pl_look_list *list, const char *what, struct pl_look_call call)
{
    if (list->count == PL_LOOK_LIST_MAX) {
        list->full = 1;
        return;
    }
    const char **texts[] = {&call.service,
                            &call.panel,
                            &call.by,
                            &call.name,
                            &call.db,
                            &call.view,
                            &call.filter,
                            &call.level,
                            &call.route,
                            &call.person};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        *texts[i] = *texts[i] != NULL ? *texts[i] : "";
    }
    call.kind = kind_of(what);
    call.cost_ns = pl_clock_ns(pl_scenario_look_cost(list->scenario, what));
    list->calls[list->count++] = call;
}

/* All panels of one target, each name once. */
static void add_panels(struct pl_look_list *list, uint32_t of, const char *target)
{
    for (uint32_t i = 0; i < pl_panel_count(); i++) {
        const struct pl_panel_def *def = pl_panel_at(i);
        bool again = false;
        for (uint32_t j = 0; j < i; j++) {
            again =
                again || (pl_panel_at(j)->of == of && strcmp(pl_panel_at(j)->name, def->name) == 0);
        }
        if (def->of == of && !again) {
            add(list, "panel", (struct pl_look_call){.service = target, .panel = def->name});
        }
    }
}

static void add_dashboards(struct pl_look_list *list, const struct pl_world *world)
{
    for (uint32_t i = 0; i < world->service_count; i++) {
        add_panels(list, PL_PANEL_OF_SERVICE, world->services[i].name);
    }
    for (uint32_t i = 0; i < world->database_count; i++) {
        add_panels(list, PL_PANEL_OF_DATABASE, world->databases[i].name);
    }
    for (uint32_t i = 0; i < world->cache_count; i++) {
        add_panels(list, PL_PANEL_OF_CACHE, world->caches[i].name);
    }
    for (uint32_t i = 0; i < world->topic_count; i++) {
        add_panels(list, PL_PANEL_OF_TOPIC, world->topics[i].name);
    }
    for (uint32_t i = 0; i < world->streams.stream_count; i++) {
        add_panels(list, PL_PANEL_OF_STREAM, world->streams.streams[i].name);
    }
    for (uint32_t i = 0; i < world->streams.volume_count; i++) {
        add_panels(list, PL_PANEL_OF_VOLUME, world->streams.volumes[i].name);
    }
    add_panels(list, PL_PANEL_OF_USERS, "");
}

/* The plan of each statement that runs on one database. */
static void add_plans(struct pl_look_list *list, const struct pl_world *world, uint32_t database)
{
    const char *name = world->databases[database].name;
    for (uint32_t i = 0; i < world->statement_count; i++) {
        const struct pl_look_call call = {
            .db = name, .view = "plan", .name = world->statements[i].name};
        if (world->statements[i].database == database) {
            add(list, "db", call);
        }
    }
}

static void add_databases(struct pl_look_list *list, const struct pl_world *world)
{
    for (uint32_t i = 0; i < world->database_count; i++) {
        const char *name = world->databases[i].name;
        for (const char *const *view = pl_observe_db_views(); *view != NULL; view++) {
            if (strcmp(*view, "plan") == 0) {
                add_plans(list, world, i);
            } else {
                add(list, "db", (struct pl_look_call){.db = name, .view = *view});
            }
        }
        add(list, "logs", (struct pl_look_call){.service = name});
    }
}

static void add_services(struct pl_look_list *list, const struct pl_world *world)
{
    for (uint32_t i = 0; i < world->service_count; i++) {
        const char *name = world->services[i].name;
        add(list, "logs", (struct pl_look_call){.service = name});
        add(list, "logs", (struct pl_look_call){.service = name, .level = "error"});
        add(list, "traces", (struct pl_look_call){.service = name});
        add(list, "pods", (struct pl_look_call){.service = name});
        add(list, "edges", (struct pl_look_call){.service = name});
    }
    add(list, "logs", (struct pl_look_call){.service = "edge"});
    add(list, "logs", (struct pl_look_call){.service = "events"});
}

static void add_people(struct pl_look_list *list, const struct pl_setting *setting)
{
    for (uint32_t i = 0; i < setting->answer_count; i++) {
        const struct pl_answer *answer = &setting->answers[i];
        bool again = false;
        for (uint32_t j = 0; j < i; j++) {
            again = again || (setting->answers[j].person == answer->person &&
                              strcmp(setting->answers[j].topic, answer->topic) == 0);
        }
        if (!again && answer->person < setting->person_count) {
            add(list,
                "ask",
                (struct pl_look_call){.person = setting->people[answer->person].id,
                                      .name = answer->topic});
        }
    }
}

size_t pl_look_list_size(const struct pl_world *world, const struct pl_scenario *scenario)
{
    PL_CHECK(world != NULL && scenario != NULL);
    return sizeof(struct pl_look_list);
}

struct pl_look_list *pl_look_list_init(const struct pl_world *world,
                                       const struct pl_scenario *scenario,
                                       void *memory,
                                       size_t size)
{
    PL_CHECK(memory != NULL && size >= pl_look_list_size(world, scenario));
    struct pl_look_list *list = memory;
    memset(list, 0, sizeof *list);
    list->scenario = scenario;
    add_dashboards(list, world);
    add_databases(list, world);
    add_services(list, world);
    static const char *const plain[] = {"changes", "alerts", "topology", "flags"};
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        add(list, plain[i], (struct pl_look_call){.kind = 0});
    }
    add_people(list, &scenario->setting);
    return list;
}

uint32_t pl_look_list_count(const struct pl_look_list *list)
{
    PL_CHECK(list != NULL);
    return list->count;
}

const struct pl_look_call *pl_look_list_call(const struct pl_look_list *list, uint32_t index)
{
    PL_CHECK(list != NULL && index < list->count);
    return &list->calls[index];
}
