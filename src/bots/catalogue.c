// SPDX-License-Identifier: Apache-2.0
#include "bots/catalogue.h"

#include "base/buf.h"
#include "base/check.h"
#include "observe/panel_table.h"
#include "scenario/action.h"
#include "text/json_out.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

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
    if (list->count == PL_CATALOGUE_LOOKS_MAX) {
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

/* All panels of a kind of target, in every split. */
static void add_panels(struct list *list, uint32_t of, const char *target)
{
    for (uint32_t i = 0; i < pl_panel_count(); i++) {
        const struct pl_panel_def *def = pl_panel_at(i);
        const struct pattern pattern = {"panel", "panel", def->name, def->by, 0};
        if (def->of == of) {
            add_look(list, "panel", &pattern, target);
        }
    }
}

static void add_stores(struct list *list, const struct pl_world *world)
{
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

/* A command with three texts: what is looked at, and two members. */
static void put_three(char *command,
                      const char *what,
                      const char *const *keys,
                      const char *const *values,
                      uint32_t count)
{
    struct pl_buf buf;
    struct pl_json_out json;
    pl_buf_init(&buf, command, PL_KNOWN_TEXT_MAX);
    pl_json_out_begin(&json, &buf);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "do", "look");
    pl_json_out_member_string(&json, "what", what);
    for (uint32_t i = 0; i < count; i++) {
        pl_json_out_member_string(&json, keys[i], values[i]);
    }
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

static void add_plans(struct list *list, const struct pl_world *world)
{
    static const char *const keys[] = {"db", "view", "name"};
    for (uint32_t i = 0; i < world->statement_count; i++) {
        const struct pl_statement *statement = &world->statements[i];
        const char *values[] = {
            world->databases[statement->database].name, "plan", statement->name};
        uint32_t before = list->count;
        add_look(list, "db", NULL, values[0]);
        if (list->count > before) {
            put_three(list->looks[before].command, "db", keys, values, 3);
        }
    }
}

/* True when an earlier topic of the same person is asked for with the same words. */
static bool asked_before(const struct pl_setting *setting, uint32_t index)
{
    const struct pl_answer *answer = &setting->answers[index];
    for (uint32_t i = 0; i < index; i++) {
        if (setting->answers[i].person == answer->person &&
            strcmp(setting->answers[i].words, answer->words) == 0) {
            return true;
        }
    }
    return false;
}

static void add_questions(struct list *list, const struct pl_setting *setting)
{
    static const char *const keys[] = {"person", "topic"};
    for (uint32_t i = 0; i < setting->answer_count; i++) {
        const struct pl_answer *answer = &setting->answers[i];
        uint32_t before = list->count;
        if (answer->person >= setting->person_count || asked_before(setting, i)) {
            continue;
        }
        const char *values[] = {setting->people[answer->person].id, answer->topic};
        add_look(list, "ask", NULL, "");
        if (list->count > before) {
            struct pl_known_look *look = &list->looks[before];
            put_three(look->command, "ask", keys, values, 2);
            snprintf(look->person, sizeof look->person, "%s", values[0]);
            look->delay_s = setting->people[answer->person].delay_s;
        }
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
    for (uint32_t i = 0; i < world->service_count; i++) {
        if (strcmp(world->services[i].name, scenario->page_service) != 0) {
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
    add_stores(&list, world);
    add_questions(&list, &scenario->setting);
    add_plans(&list, world);
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

/* A call under way: what is listed so far, and which action with which arguments comes next. */
struct hand {
    const struct pl_world *world;
    const struct pl_scenario *scenario;
    const struct pl_state *state; /* NULL: present numbers are not known */
    struct pl_catalogue_move *moves;
    uint32_t count;
};

static void add_move(struct hand *hand, uint32_t action, const struct pl_arg_text *args)
{
    const struct pl_action *def = &hand->scenario->setting.actions[action];
    struct pl_buf text;
    if (hand->count == PL_CATALOGUE_MOVES_MAX) {
        return;
    }
    struct pl_catalogue_move *move = &hand->moves[hand->count];
    memset(move, 0, sizeof *move);
    if (pl_action_bind(hand->scenario, def->name, args, def->arg_count, &move->call, NULL) !=
        PL_OK) {
        return;
    }
    pl_buf_init(&text, move->text, sizeof move->text);
    pl_action_format(hand->scenario, &move->call, &text);
    put_command(move, def->name, args, def->arg_count);
    move->lead_s = def->lead_s;
    for (uint32_t i = 0; i < hand->count; i++) {
        if (strcmp(hand->moves[i].text, move->text) == 0) {
            return;
        }
    }
    hand->count++;
}

static void add_habit(struct hand *hand, size_t habit)
{
    char value[32] = "";
    uint32_t action = pl_action_find(hand->scenario, habits[habit].action);
    uint32_t count = habits[habit].value != NULL ? 2 : 1;
    if (action == PL_NONE || hand->scenario->setting.actions[action].arg_count != count) {
        return;
    }
    const struct pl_arg *target = &hand->scenario->setting.actions[action].args[0];
    for (uint32_t i = 0; i < target->option_count; i++) {
        if (count == 2) {
            put_value(hand->world, target->options[i], habits[habit].value, value, sizeof value);
        }
        const struct pl_arg_text args[2] = {{.name = "", .value = target->options[i]},
                                            {.name = "", .value = value}};
        add_move(hand, action, args);
    }
}

/* ---- Every other action --------------------------------------------------------------------- */

/* Values to try for one argument, as they would be typed. */
struct tries {
    uint32_t count;
    char values[PL_ARG_OPTIONS_MAX][PL_LABEL_MAX];
};

static void try_number(const struct pl_arg *arg, double value, struct tries *tries)
{
    static const char *const units[] = {
        [PL_ARG_COUNT] = "", [PL_ARG_NUMBER] = "", [PL_ARG_SHARE] = "%", [PL_ARG_SECONDS] = "s"};
    double scale = arg->kind == PL_ARG_SHARE ? 100.0 : 1.0;
    bool whole = arg->kind == PL_ARG_COUNT || arg->kind == PL_ARG_SHARE;
    if (tries->count == PL_ARG_OPTIONS_MAX || (arg->high > arg->low && value > arg->high) ||
        value < arg->low) {
        return;
    }
    snprintf(tries->values[tries->count++],
             PL_LABEL_MAX,
             "%g%s",
             whole ? ceil(value * scale) : value,
             units[arg->kind]);
}

/* Where a number stands at the beginning of a run, as a preview shows it; negative: not shown. */
static double
present_of(const struct hand *hand, uint32_t action, const char *target, const char *value)
{
    const struct pl_action *def = &hand->scenario->setting.actions[action];
    struct pl_preview preview;
    struct pl_call call;
    const struct pl_arg_text args[2] = {{.name = "", .value = target},
                                        {.name = "", .value = value}};
    if (hand->state == NULL || def->arg_count != 2 ||
        pl_action_bind(hand->scenario, def->name, args, def->arg_count, &call, NULL) != PL_OK) {
        return -1.0;
    }
    pl_status status =
        pl_action_preview(hand->world, hand->scenario, hand->state, &call, &preview, NULL);
    return status == PL_OK && preview.effect_count > 0 ? preview.effects[0].before : -1.0;
}

/* All choices; of a share nothing, half and all; of a number none, a quarter and four times. */
static void
fill_tries(const struct hand *hand, uint32_t action, const char *target, struct tries *tries)
{
    const struct pl_action *def = &hand->scenario->setting.actions[action];
    const struct pl_arg *arg = &def->args[def->arg_count - 1];
    tries->count = 0;
    if (arg->kind == PL_ARG_CHOICE) {
        for (uint32_t i = 0; i < arg->option_count; i++) {
            snprintf(tries->values[tries->count++], PL_LABEL_MAX, "%s", arg->options[i]);
        }
        return;
    }
    if (arg->kind == PL_ARG_SHARE) {
        try_number(arg, 0.0, tries);
        try_number(arg, 0.5, tries);
        try_number(arg, 1.0, tries);
        return;
    }
    try_number(arg, arg->low > 0.0 ? arg->low : 1.0, tries);
    double present = tries->count > 0 ? present_of(hand, action, target, tries->values[0]) : -1.0;
    tries->count = 0;
    try_number(arg, 0.0, tries);
    if (present > 0.0) {
        try_number(arg, present / 4.0, tries);
        try_number(arg, present * 4.0, tries);
    } else {
        try_number(arg, 5.0, tries);
        try_number(arg, 50.0, tries);
    }
}

/* Fine settings of calls, pools and routes are tried where it hurts only. */
static bool is_far(const struct hand *hand, const struct pl_arg *value, const char *target)
{
    const char *service = hand->scenario->page_service;
    size_t size = strlen(service);
    return value->kind != PL_ARG_CHOICE && strchr(target, '/') != NULL &&
           (strncmp(target, service, size) != 0 || target[size] != '/');
}

static bool is_habit(const char *action)
{
    for (size_t i = 0; i < sizeof habits / sizeof habits[0]; i++) {
        if (strcmp(habits[i].action, action) == 0) {
            return true;
        }
    }
    return false;
}

static void add_action(struct hand *hand, uint32_t action)
{
    const struct pl_action *def = &hand->scenario->setting.actions[action];
    struct tries tries;
    if (def->arg_count == 0) {
        add_move(hand, action, NULL);
        return;
    }
    if (def->arg_count == 1) {
        fill_tries(hand, action, "", &tries);
        for (uint32_t i = 0; i < tries.count; i++) {
            const struct pl_arg_text arg = {.name = "", .value = tries.values[i]};
            add_move(hand, action, &arg);
        }
        return;
    }
    for (uint32_t i = 0; i < def->args[0].option_count && def->arg_count == 2; i++) {
        const char *target = def->args[0].options[i];
        if (is_far(hand, &def->args[1], target)) {
            continue;
        }
        fill_tries(hand, action, target, &tries);
        for (uint32_t k = 0; k < tries.count; k++) {
            const struct pl_arg_text args[2] = {{.name = "", .value = target},
                                                {.name = "", .value = tries.values[k]}};
            add_move(hand, action, args);
        }
    }
}

uint32_t pl_catalogue_moves(const struct pl_world *world,
                            const struct pl_scenario *scenario,
                            const struct pl_state *state,
                            struct pl_catalogue_move *moves)
{
    PL_CHECK(world != NULL && scenario != NULL && moves != NULL);
    struct hand hand = {.world = world, .scenario = scenario, .state = state, .moves = moves};
    for (size_t habit = 0; habit < sizeof habits / sizeof habits[0]; habit++) {
        add_habit(&hand, habit);
    }
    /* What a scenario names without an argument is what it offers itself: first of the others. */
    for (uint32_t i = 0; i < scenario->setting.action_count; i++) {
        if (scenario->setting.actions[i].arg_count == 0) {
            add_action(&hand, i);
        }
    }
    for (uint32_t i = 0; i < scenario->setting.action_count; i++) {
        const struct pl_action *action = &scenario->setting.actions[i];
        /* A flag is a share of users: half and all of them are habits, too. */
        if (action->arg_count > 0 &&
            (!is_habit(action->name) || strcmp(action->name, "flag") == 0)) {
            add_action(&hand, i);
        }
    }
    return hand.count;
}
