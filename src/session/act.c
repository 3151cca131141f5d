// SPDX-License-Identifier: Apache-2.0
#include "session/act.h"

#include "base/check.h"
#include "session/command.h"
#include "session/notice.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER_SIZE = 40 };

/* Arguments as texts: numbers are written down, so that `0.4` and `"40%"` take the same road. */
struct arguments {
    uint32_t count;
    struct pl_arg_text texts[PL_ACTION_ARGS_MAX];
    char numbers[PL_ACTION_ARGS_MAX][NUMBER_SIZE];
};

static pl_status
add_argument(struct arguments *args, const char *name, const json_t *value, pl_error *err)
{
    if (args->count == PL_ACTION_ARGS_MAX) {
        return pl_fail(
            err, PL_LIMIT, NULL, "An action has at most %d arguments.", PL_ACTION_ARGS_MAX);
    }
    struct pl_arg_text *text = &args->texts[args->count];
    char *number = args->numbers[args->count];
    text->name = name;
    if (json_is_string(value)) {
        text->value = json_string_value(value);
    } else if (json_is_number(value)) {
        struct pl_buf buf;
        pl_buf_init(&buf, number, NUMBER_SIZE);
        pl_json_out_put_number(&buf, json_number_value(value));
        text->value = number;
    } else if (json_is_boolean(value)) {
        text->value = json_is_true(value) ? "on" : "off";
    } else {
        return pl_fail(
            err, PL_BAD_INPUT, NULL, "Argument `%.40s` must be a text or a number.", name);
    }
    args->count++;
    return PL_OK;
}

static pl_status read_arguments(const json_t *given, struct arguments *args, pl_error *err)
{
    pl_status status = PL_OK;
    args->count = 0;
    if (given == NULL) {
        return PL_OK;
    }
    if (json_is_array(given)) {
        for (size_t i = 0; i < json_array_size(given) && status == PL_OK; i++) {
            status = add_argument(args, "", json_array_get(given, i), err);
        }
        return status;
    }
    if (!json_is_object(given)) {
        return pl_fail(err, PL_BAD_INPUT, NULL, "`args` must be an object or a list.");
    }
    /* The iterator of jansson takes a tree that may be changed; it is only read here. */
    union {
        const json_t *borrowed;
        json_t *tree;
    } access = {.borrowed = given};
    for (void *at = json_object_iter(access.tree); at != NULL && status == PL_OK;
         at = json_object_iter_next(access.tree, at)) {
        status = add_argument(args, json_object_iter_key(at), json_object_iter_value(at), err);
    }
    return status;
}

static void put_effects(struct pl_json_out *json, const struct pl_preview *preview)
{
    pl_json_out_key(json, "effects");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < preview->effect_count; i++) {
        const struct pl_effect *effect = &preview->effects[i];
        pl_json_out_object_begin(json);
        pl_json_out_member_string(json, "what", effect->what);
        pl_json_out_member_string(json, "unit", effect->unit);
        pl_json_out_member_number(json, "before", effect->before);
        pl_json_out_member_number(json, "after", effect->after);
        pl_json_out_member_number(json, "after_s", effect->at_s);
        pl_json_out_object_end(json);
    }
    pl_json_out_array_end(json);
}

static void put_preview(const struct pl_session *session,
                        const struct pl_action *action,
                        const struct pl_preview *preview,
                        int64_t effect_ns,
                        struct pl_buf *out)
{
    struct pl_json_out json;
    bool done = effect_ns >= 0;
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "type", done ? "act" : "preview");
    pl_json_out_member_string(&json, "title", preview->text);
    pl_json_out_member_string(&json, "takes", preview->takes);
    pl_json_out_member_number(&json, "lead_s", action->lead_s);
    pl_json_out_member_string(&json, "touches", preview->touches);
    pl_json_out_member_string(&json, "risk", preview->risk);
    pl_json_out_member_string(&json, "connections", preview->connections);
    pl_json_out_member_bool(&json, "reversible", preview->reversible != 0);
    put_effects(&json, preview);
    if (done) {
        char clock[16];
        pl_session_clock(session, effect_ns, clock, sizeof clock);
        pl_json_out_member_string(&json, "effective", clock);
    }
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

static uint32_t uses(const struct pl_session *session, uint32_t action)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < session->act_count; i++) {
        count += session->acts[i].call.action == action ? 1 : 0;
    }
    return count;
}

pl_status pl_act_do(const struct pl_act_place *place,
                    const struct pl_call *call,
                    const struct pl_feed_entry *feed,
                    int64_t *effect_ns,
                    pl_error *err)
{
    PL_CHECK(place != NULL && call != NULL && feed != NULL);
    PL_CHECK(effect_ns != NULL);
    const struct pl_action *action = &place->scenario->setting.actions[call->action];
    struct pl_change changes[PL_ACTION_CHANGES_MAX];
    uint32_t count = 0;
    pl_status status =
        pl_action_changes(place->world, place->scenario, place->state, call, changes, &count, err);
    for (uint32_t i = 0; i < count && status == PL_OK; i++) {
        status = pl_model_change(place->world, place->state, &changes[i], err);
    }
    if (status != PL_OK) {
        return status;
    }
    *effect_ns = pl_model_now(place->state) + pl_clock_ns(action->lead_s);
    if (feed->kind[0] != '\0') {
        const struct pl_observe_change entry = {.t_ns = *effect_ns,
                                                .kind = feed->kind,
                                                .target = feed->target,
                                                .text = feed->text,
                                                .by = "you",
                                                .visible = 1};
        (void)pl_observe_feed_add(place->observe, &entry); /* a full feed is no reason to fail */
    }
    return PL_OK;
}

static pl_status confirm(struct pl_session *session,
                         const struct pl_call *call,
                         const struct pl_preview *preview,
                         int64_t *effect_ns,
                         pl_error *err)
{
    const struct pl_action *action = &session->def.scenario->setting.actions[call->action];
    if (session->act_count == PL_ACTS_MAX) {
        return pl_fail(err, PL_LIMIT, NULL, "A session has at most %d acts.", PL_ACTS_MAX);
    }
    if (action->uses_max > 0 && uses(session, call->action) >= action->uses_max) {
        return pl_fail(err,
                       PL_LIMIT,
                       NULL,
                       "`%s` can be done %u times in one incident, and that has been done.",
                       action->name,
                       action->uses_max);
    }
    const struct pl_act_place place = {
        session->def.world, session->def.scenario, session->state, session->observe};
    pl_status status = pl_act_do(&place, call, &preview->feed, effect_ns, err);
    if (status != PL_OK) {
        return status;
    }
    struct pl_act *act = &session->acts[session->act_count++];
    memset(act, 0, sizeof *act);
    act->decided_ns = session->now_ns;
    act->effect_ns = *effect_ns;
    act->call = *call;
    act->feed = preview->feed;
    snprintf(act->text, sizeof act->text, "%s", preview->text);
    pl_notice_add(session, *effect_ns, "effect", "you", act->text, "");
    return PL_OK;
}

pl_status pl_act_read(const struct pl_scenario *scenario,
                      const json_t *command,
                      struct pl_call *call,
                      bool *sure,
                      pl_error *err)
{
    PL_CHECK(scenario != NULL && call != NULL && sure != NULL);
    static const char *const known[] = {"action", "args", "confirm", NULL};
    const char *name = "";
    struct arguments args;
    *sure = false;
    pl_status status = pl_command_members(command, known, err);
    status = status == PL_OK
                 ? pl_command_text_needed(command, "action", PL_NAME_MAX - 1, &name, err)
                 : status;
    status = status == PL_OK ? pl_command_bool(command, "confirm", sure, err) : status;
    status =
        status == PL_OK ? read_arguments(json_object_get(command, "args"), &args, err) : status;
    return status == PL_OK ? pl_action_bind(scenario, name, args.texts, args.count, call, err)
                           : status;
}

pl_status pl_act(struct pl_session *session,
                 const json_t *command,
                 struct pl_buf *out,
                 struct pl_buf *move,
                 bool *confirmed,
                 pl_error *err)
{
    PL_CHECK(session != NULL);
    PL_CHECK(confirmed != NULL);
    const struct pl_scenario *scenario = session->def.scenario;
    bool sure = false;
    struct pl_call call;
    struct pl_preview preview;
    int64_t effect_ns = -1;
    *confirmed = false;
    pl_status status = pl_act_read(scenario, command, &call, &sure, err);
    if (status != PL_OK) {
        return status;
    }
    status = pl_action_preview(session->def.world, scenario, session->state, &call, &preview, err);
    if (status == PL_OK && sure) {
        status = confirm(session, &call, &preview, &effect_ns, err);
        *confirmed = status == PL_OK;
    }
    if (status != PL_OK) {
        return status;
    }
    pl_buf_puts(move, preview.text);
    put_preview(session, &scenario->setting.actions[call.action], &preview, effect_ns, out);
    return PL_OK;
}

static void list_argument(struct pl_json_out *json, const struct pl_arg *arg)
{
    static const char *const kinds[] = {"count", "number", "share", "seconds", "choice"};
    PL_CHECK(arg->kind < sizeof kinds / sizeof kinds[0]);
    pl_json_out_object_begin(json);
    pl_json_out_member_string(json, "name", arg->name);
    pl_json_out_member_string(json, "kind", kinds[arg->kind]);
    pl_json_out_member_string(json, "doc", arg->doc);
    if (arg->kind == PL_ARG_CHOICE) {
        pl_json_out_key(json, "options");
        pl_json_out_array_begin(json);
        for (uint32_t i = 0; i < arg->option_count; i++) {
            pl_json_out_string(json, arg->options[i]);
        }
        pl_json_out_array_end(json);
    } else {
        pl_json_out_member_number(json, "low", arg->low);
        pl_json_out_member_number(json, "high", arg->high);
    }
    pl_json_out_object_end(json);
}

void pl_act_list(const struct pl_session *session, struct pl_buf *out)
{
    PL_CHECK(session != NULL);
    const struct pl_setting *setting = &session->def.scenario->setting;
    struct pl_json_out json;
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "type", "actions");
    pl_json_out_key(&json, "actions");
    pl_json_out_array_begin(&json);
    for (uint32_t i = 0; i < setting->action_count; i++) {
        const struct pl_action *action = &setting->actions[i];
        pl_json_out_object_begin(&json);
        pl_json_out_member_string(&json, "name", action->name);
        pl_json_out_member_string(&json, "title", action->title);
        pl_json_out_member_number(&json, "lead_s", action->lead_s);
        pl_json_out_member_bool(&json, "reversible", action->reversible != 0);
        pl_json_out_key(&json, "args");
        pl_json_out_array_begin(&json);
        for (uint32_t k = 0; k < action->arg_count; k++) {
            list_argument(&json, &action->args[k]);
        }
        pl_json_out_array_end(&json);
        pl_json_out_object_end(&json);
    }
    pl_json_out_array_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}
