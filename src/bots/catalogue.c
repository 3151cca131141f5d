// SPDX-License-Identifier: Apache-2.0
#include "bots/catalogue.h"

#include "base/buf.h"
#include "base/check.h"
#include "scenario/action.h"
#include "text/json_out.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { OTHER_SERVICES_MAX = 1 };

/* A look at a target: members of the command beside `what` and the target. */
struct pattern {
    const char *what;
    const char *key; /* member that holds the panel or view */
    const char *value;
    const char *by;
    uint32_t checklist;
};

static const struct pattern of_paged_service[] = {
    {"panel", "panel", "latency", "route", 1},
    {"panel", "panel", "saturation", "", 1},
    {"panel", "panel", "pool", "", 1},
    {"panel", "panel", "deps", "dependency", 1},
    {"logs", "", "", "", 1},
    {"panel", "panel", "errors", "code", 0},
    {"panel", "panel", "pool", "route", 0},
    {"panel", "panel", "pool-wait", "", 0},
    {"panel", "panel", "queries", "", 0},
    {"panel", "panel", "cpu", "", 0},
    {"panel", "panel", "throttling", "", 1},
    {"panel", "panel", "memory", "", 0},
    {"panel", "panel", "gc", "", 0},
    {"panel", "panel", "deps-errors", "dependency", 0},
    {"panel", "panel", "deps-requests", "dependency", 0},
    {"panel", "panel", "retries", "dependency", 0},
    {"panel", "panel", "requests", "route", 0},
    {"panel", "panel", "latency-mean", "route", 0},
    {"traces", "", "", "", 0},
    {"pods", "", "", "", 0},
    {"edges", "", "", "", 0},
};

static const struct pattern of_other_service[] = {
    {"panel", "panel", "latency", "route", 0},
    {"panel", "panel", "requests", "route", 0},
    {"panel", "panel", "errors", "", 0},
    {"panel", "panel", "saturation", "", 0},
    {"panel", "panel", "deps-requests", "dependency", 0},
    {"panel", "panel", "retries", "dependency", 0},
    {"logs", "", "", "", 0},
    {"edges", "", "", "", 0},
};

static const struct pattern of_database[] = {
    {"db", "view", "activity", "", 1},
    {"db", "view", "statements", "", 0},
    {"db", "view", "connections", "", 0},
    {"db", "view", "locks", "", 0},
    {"db", "view", "replication", "", 0},
    {"panel", "panel", "load", "", 0},
    {"panel", "panel", "connections", "", 0},
    {"panel", "panel", "query-time", "", 0},
    {"panel", "panel", "locks", "", 0},
    {"panel", "panel", "lag", "", 0},
    {"panel", "panel", "buffers", "", 0},
    {"logs", "", "", "", 0},
};

struct list {
    const struct pl_scenario *scenario;
    struct pl_known_look *looks;
    uint32_t count;
};

static void
add_look(struct list *list, const char *what, const struct pattern *pattern, const char *target)
{
    if (list->count == PL_KNOWN_LOOKS_MAX) {
        return;
    }
    struct pl_known_look *look = &list->looks[list->count];
    struct pl_buf buf;
    struct pl_json_out json;
    bool is_view = strcmp(what, "db") == 0;
    memset(look, 0, sizeof *look);
    pl_buf_init(&buf, look->command, sizeof look->command);
    pl_json_out_begin(&json, &buf);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "do", "look");
    pl_json_out_member_string(&json, "what", what);
    if (target[0] != '\0') {
        pl_json_out_member_string(&json, is_view ? "db" : "service", target);
    }
    if (pattern != NULL && pattern->key[0] != '\0') {
        pl_json_out_member_string(&json, pattern->key, pattern->value);
    }
    if (pattern != NULL && pattern->by[0] != '\0') {
        pl_json_out_member_string(&json, "by", pattern->by);
    }
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    if (buf.overflow) {
        return; /* a name this long is nobody's habit */
    }
    look->cost_s = pl_scenario_look_cost(list->scenario, what);
    look->checklist = pattern != NULL ? pattern->checklist : 0;
    list->count++;
}

static void
add_patterns(struct list *list, const struct pattern *patterns, size_t count, const char *target)
{
    for (size_t i = 0; i < count; i++) {
        add_look(list, patterns[i].what, &patterns[i], target);
    }
}

uint32_t pl_catalogue_looks(const struct pl_world *world,
                            const struct pl_scenario *scenario,
                            struct pl_known_look *looks)
{
    PL_CHECK(world != NULL && scenario != NULL && looks != NULL);
    struct list list = {.scenario = scenario, .looks = looks};
    static const struct pattern changes = {"changes", "window", "2h", "", 1};
    static const struct pattern anywhere = {"logs", "", "", "", 0};
    uint32_t others = 0;
    add_look(&list, "changes", &changes, "");
    add_patterns(&list,
                 of_paged_service,
                 sizeof of_paged_service / sizeof of_paged_service[0],
                 scenario->page_service);
    for (uint32_t i = 0; i < world->database_count; i++) {
        add_patterns(&list,
                     of_database,
                     sizeof of_database / sizeof of_database[0],
                     world->databases[i].name);
    }
    for (uint32_t i = 0; i < world->service_count && others < OTHER_SERVICES_MAX; i++) {
        if (strcmp(world->services[i].name, scenario->page_service) != 0) {
            others++;
            add_patterns(&list,
                         of_other_service,
                         sizeof of_other_service / sizeof of_other_service[0],
                         world->services[i].name);
        }
    }
    add_look(&list, "flags", NULL, "");
    add_look(&list, "topology", NULL, "");
    add_look(&list, "alerts", NULL, "");
    add_look(&list, "logs", &anywhere, "edge");
    add_look(&list, "logs", &anywhere, "events");
    for (uint32_t i = 0; i < world->statement_count; i++) {
        const struct pl_statement *statement = &world->statements[i];
        struct pattern plan = {"db", "view", "plan", "", 0};
        uint32_t before = list.count;
        add_look(&list, "db", &plan, world->databases[statement->database].name);
        if (list.count > before) {
            struct pl_known_look *look = &looks[before];
            snprintf(look->command,
                     sizeof look->command,
                     "{\"do\":\"look\",\"what\":\"db\",\"db\":\"%s\",\"view\":\"plan\",\"name\":"
                     "\"%s\"}",
                     world->databases[statement->database].name,
                     statement->name);
        }
    }
    return list.count;
}

/* ---- Moves ---------------------------------------------------------------------------------- */

/* What engineers set things to when they try something; NULL: the action takes only its target. */
static const struct {
    const char *action;
    const char *value;
} habits[] = {
    {"flag", "0%"},          {"rollback", NULL},   {"scale", "*2.5"},
    {"restart", NULL},       {"pool-size", "16"},  {"recycle", NULL},
    {"timeout", "200ms"},    {"retries", "0"},     {"breaker", "open"},
    {"fallback", "on"},      {"shed", "95%"},      {"cpu-limit", "2"},
    {"heap", "larger"},      {"kill-idle", "60s"}, {"stop-job", NULL},
    {"create-index", NULL},  {"failover", NULL},   {"max-connections", "600"},
    {"replica-reads", "0%"},
};

/* A habit's value, relative ones worked out for their target. */
static void put_value(
    const struct pl_world *world, const char *target, const char *value, char *text, size_t size)
{
    snprintf(text, size, "%s", value);
    if (strcmp(value, "*2.5") != 0) {
        return;
    }
    for (uint32_t i = 0; i < world->service_count; i++) {
        if (strcmp(world->services[i].name, target) == 0) {
            snprintf(text, size, "%.0f", ceil((double)world->services[i].fleet * 2.5));
        }
    }
}

static void put_command(struct pl_catalogue_move *move,
                        const char *action,
                        const struct pl_arg_text *args,
                        uint32_t count)
{
    struct pl_buf buf;
    struct pl_json_out json;
    pl_buf_init(&buf, move->command, sizeof move->command);
    pl_json_out_begin(&json, &buf);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "do", "act");
    pl_json_out_member_string(&json, "action", action);
    pl_json_out_key(&json, "args");
    pl_json_out_array_begin(&json);
    for (uint32_t i = 0; i < count; i++) {
        pl_json_out_string(&json, args[i].value);
    }
    pl_json_out_array_end(&json);
    pl_json_out_member_bool(&json, "confirm", true);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    PL_CHECK(!buf.overflow);
}

static bool make_move(const struct pl_world *world,
                      const struct pl_scenario *scenario,
                      size_t habit,
                      const char *target,
                      struct pl_catalogue_move *move)
{
    char value[32] = "";
    struct pl_arg_text args[2] = {{.name = "", .value = target}, {.name = "", .value = value}};
    uint32_t count = habits[habit].value != NULL ? 2 : 1;
    const char *action = habits[habit].action;
    struct pl_buf text;
    memset(move, 0, sizeof *move);
    if (count == 2) {
        put_value(world, target, habits[habit].value, value, sizeof value);
    }
    if (pl_action_bind(scenario, action, args, count, &move->call, NULL) != PL_OK) {
        return false;
    }
    pl_buf_init(&text, move->text, sizeof move->text);
    pl_action_format(scenario, &move->call, &text);
    put_command(move, action, args, count);
    move->lead_s = scenario->setting.actions[move->call.action].lead_s;
    return true;
}

uint32_t pl_catalogue_moves(const struct pl_world *world,
                            const struct pl_scenario *scenario,
                            struct pl_catalogue_move *moves)
{
    PL_CHECK(world != NULL && scenario != NULL && moves != NULL);
    uint32_t count = 0;
    for (size_t habit = 0; habit < sizeof habits / sizeof habits[0]; habit++) {
        uint32_t index = pl_action_find(scenario, habits[habit].action);
        if (index == PL_NONE || scenario->setting.actions[index].arg_count == 0) {
            continue;
        }
        const struct pl_arg *target = &scenario->setting.actions[index].args[0];
        for (uint32_t i = 0; i < target->option_count && count < PL_CATALOGUE_MOVES_MAX; i++) {
            if (make_move(world, scenario, habit, target->options[i], &moves[count])) {
                count++;
            }
        }
    }
    return count;
}
