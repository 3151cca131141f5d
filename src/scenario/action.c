// SPDX-License-Identifier: Apache-2.0
#include "scenario/action.h"

#include "base/check.h"
#include "scenario/change_def.h"
#include "text/json_out.h"
#include "text/quantity.h"
#include "text/suggest.h"

#include <math.h>
#include <string.h>

enum { VALUE_TEXT_MAX = PL_LABEL_MAX };

uint32_t pl_action_find(const struct pl_scenario *scenario, const char *name)
{
    for (uint32_t i = 0; i < scenario->setting.action_count; i++) {
        if (strcmp(scenario->setting.actions[i].name, name) == 0) {
            return i;
        }
    }
    return PL_NONE;
}

/* ---- Binding -------------------------------------------------------------------------------- */

static pl_status unknown_action(const struct pl_scenario *scenario, const char *name, pl_error *err)
{
    struct pl_suggest suggest;
    pl_suggest_begin(&suggest, pl_slice_of(name));
    for (uint32_t i = 0; i < scenario->setting.action_count; i++) {
        pl_suggest_offer(&suggest, pl_slice_of(scenario->setting.actions[i].name));
    }
    pl_slice best = pl_suggest_best(&suggest);
    if (best.data != NULL) {
        return pl_fail(err,
                       PL_NOT_FOUND,
                       NULL,
                       "There is no action `%.60s` (did you mean `%.*s`?).",
                       name,
                       (int)best.size,
                       best.data);
    }
    return pl_fail(
        err, PL_NOT_FOUND, NULL, "There is no action `%.60s`; `actions` lists them all.", name);
}

static pl_status bind_choice(
    const struct pl_arg *arg, const char *text, struct pl_call *call, uint32_t i, pl_error *err)
{
    struct pl_suggest suggest;
    pl_suggest_begin(&suggest, pl_slice_of(text));
    for (uint32_t option = 0; option < arg->option_count; option++) {
        if (strcmp(arg->options[option], text) == 0) {
            call->options[i] = option;
            call->values[i] = arg->option_values[option];
            return PL_OK;
        }
        pl_suggest_offer(&suggest, pl_slice_of(arg->options[option]));
    }
    pl_slice best = pl_suggest_best(&suggest);
    if (best.data != NULL) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "`%s` cannot be `%.60s` (did you mean `%.*s`?).",
                       arg->name,
                       text,
                       (int)best.size,
                       best.data);
    }
    char list[160];
    struct pl_buf buf;
    pl_buf_init(&buf, list, sizeof list);
    for (uint32_t option = 0; option < arg->option_count && buf.size < 100; option++) {
        pl_buf_printf(&buf, "%s%s", option == 0 ? "" : ", ", arg->options[option]);
    }
    return pl_fail(err,
                   PL_BAD_INPUT,
                   NULL,
                   "`%s` cannot be `%.60s`; one of %s is expected.",
                   arg->name,
                   text,
                   list);
}

static bool parse_number(const struct pl_arg *arg, const char *text, double *value)
{
    pl_slice slice = pl_slice_of(text);
    int64_t whole = 0;
    switch ((enum pl_arg_kind)arg->kind) {
    case PL_ARG_COUNT:
        if (pl_quantity_count(slice, NULL, &whole, NULL) != PL_OK) {
            return false;
        }
        *value = (double)whole;
        return true;
    case PL_ARG_NUMBER:
        return pl_quantity_number(slice, NULL, value, NULL) == PL_OK;
    case PL_ARG_SHARE:
        return pl_quantity_percent(slice, NULL, value, NULL) == PL_OK ||
               pl_quantity_number(slice, NULL, value, NULL) == PL_OK;
    case PL_ARG_SECONDS:
        if (pl_quantity_duration(slice, NULL, &whole, NULL) == PL_OK) {
            *value = (double)whole * 1e-9;
            return true;
        }
        return pl_quantity_number(slice, NULL, value, NULL) == PL_OK;
    case PL_ARG_CHOICE:
        break;
    }
    PL_CHECK(false);
    return false;
}

static pl_status bind_number(
    const struct pl_arg *arg, const char *text, struct pl_call *call, uint32_t i, pl_error *err)
{
    static const char *const forms[] = {"a whole number such as 20",
                                        "a number such as 1.5",
                                        "a share such as 40% or 0.4",
                                        "a duration such as 30s"};
    double value = 0.0;
    if (!parse_number(arg, text, &value)) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "`%s` is `%.60s`; %s is expected.",
                       arg->name,
                       text,
                       forms[arg->kind]);
    }
    if (value < arg->low || value > arg->high) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "`%s` is %.10g; %.10g to %.10g is allowed.",
                       arg->name,
                       value,
                       arg->low,
                       arg->high);
    }
    call->options[i] = PL_NONE;
    call->values[i] = value;
    return PL_OK;
}

/* Position of an argument as given: by name, or the next one without a value. */
static uint32_t
place_arg(const struct pl_action *action, const struct pl_arg_text *given, const char *const *texts)
{
    for (uint32_t i = 0; i < action->arg_count; i++) {
        bool named = given->name != NULL && given->name[0] != '\0';
        if (named ? strcmp(action->args[i].name, given->name) == 0 : texts[i] == NULL) {
            return i;
        }
    }
    return PL_NONE;
}

static pl_status
wrong_arg(const struct pl_action *action, const struct pl_arg_text *given, pl_error *err)
{
    char usage[160];
    struct pl_buf buf;
    pl_buf_init(&buf, usage, sizeof usage);
    pl_buf_puts(&buf, action->name);
    for (uint32_t i = 0; i < action->arg_count; i++) {
        pl_buf_printf(&buf, " <%s>", action->args[i].name);
    }
    return pl_fail(err,
                   PL_BAD_INPUT,
                   NULL,
                   "`%s` takes no argument `%.60s`; expected is `%s`.",
                   action->name,
                   given->name != NULL && given->name[0] != '\0' ? given->name : given->value,
                   usage);
}

pl_status pl_action_bind(const struct pl_scenario *scenario,
                         const char *name,
                         const struct pl_arg_text *args,
                         uint32_t count,
                         struct pl_call *call,
                         pl_error *err)
{
    PL_CHECK(name != NULL && call != NULL);
    uint32_t index = pl_action_find(scenario, name);
    if (index == PL_NONE) {
        return unknown_action(scenario, name, err);
    }
    const struct pl_action *action = &scenario->setting.actions[index];
    const char *texts[PL_ACTION_ARGS_MAX] = {NULL};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = place_arg(action, &args[i], texts);
        if (at == PL_NONE) {
            return wrong_arg(action, &args[i], err);
        }
        texts[at] = args[i].value;
    }
    memset(call, 0, sizeof *call);
    call->action = index;
    call->arg_count = action->arg_count;
    for (uint32_t i = 0; i < action->arg_count; i++) {
        const struct pl_arg *arg = &action->args[i];
        if (texts[i] == NULL) {
            return pl_fail(
                err, PL_BAD_INPUT, NULL, "`%s` also needs `%s`.", action->name, arg->name);
        }
        pl_status status = arg->kind == PL_ARG_CHOICE ? bind_choice(arg, texts[i], call, i, err)
                                                      : bind_number(arg, texts[i], call, i, err);
        if (status != PL_OK) {
            return status;
        }
    }
    return PL_OK;
}

/* ---- Text ----------------------------------------------------------------------------------- */

static void value_text(const struct pl_arg *arg, const struct pl_call *call, uint32_t i, char *out)
{
    struct pl_buf buf;
    pl_buf_init(&buf, out, VALUE_TEXT_MAX);
    switch ((enum pl_arg_kind)arg->kind) {
    case PL_ARG_CHOICE:
        pl_buf_puts(&buf, arg->options[call->options[i]]);
        return;
    case PL_ARG_SHARE:
        pl_buf_printf(&buf, "%.10g%%", call->values[i] * 100.0);
        return;
    case PL_ARG_SECONDS:
        pl_quantity_put_duration(&buf, pl_clock_ns(call->values[i]));
        return;
    case PL_ARG_COUNT:
    case PL_ARG_NUMBER:
        pl_json_out_put_number(&buf, call->values[i]);
        return;
    }
}

/** Arguments of a call as text, for templates. */
struct call_text {
    char texts[PL_ACTION_ARGS_MAX][VALUE_TEXT_MAX];
    struct pl_template_value values[PL_ACTION_ARGS_MAX];
};

static void
call_texts(const struct pl_action *action, const struct pl_call *call, struct call_text *out)
{
    PL_CHECK(call->arg_count == action->arg_count);
    for (uint32_t i = 0; i < action->arg_count; i++) {
        value_text(&action->args[i], call, i, out->texts[i]);
        out->values[i].name = action->args[i].name;
        out->values[i].text = out->texts[i];
    }
}

void pl_action_format(const struct pl_scenario *scenario,
                      const struct pl_call *call,
                      struct pl_buf *out)
{
    const struct pl_action *action = &scenario->setting.actions[call->action];
    struct call_text text;
    call_texts(action, call, &text);
    pl_buf_puts(out, action->name);
    for (uint32_t i = 0; i < action->arg_count; i++) {
        pl_buf_printf(out, " %s", text.texts[i]);
    }
}

/* ---- Changes -------------------------------------------------------------------------------- */

static uint32_t resolve(const struct pl_world *world,
                        const char *path,
                        const struct call_text *text,
                        uint32_t count)
{
    char filled[PL_LABEL_MAX * 3];
    if (!pl_template_fill(path, text->values, count, true, filled, sizeof filled)) {
        return 0;
    }
    return pl_world_param(world, filled);
}

pl_status pl_action_changes(const struct pl_world *world,
                            const struct pl_scenario *scenario,
                            const struct pl_state *state,
                            const struct pl_call *call,
                            struct pl_change *out,
                            uint32_t *count,
                            pl_error *err)
{
    PL_CHECK(call->action < scenario->setting.action_count);
    const struct pl_action *action = &scenario->setting.actions[call->action];
    struct call_text text;
    call_texts(action, call, &text);
    int64_t now_ns = state != NULL ? pl_model_now(state) : 0;
    *count = 0;
    for (uint32_t i = 0; i < action->change_count; i++) {
        const struct pl_change_def *def = &scenario->setting.changes[action->change0 + i];
        struct pl_change_bound bound = {
            .def = def,
            .param = resolve(world, def->path, &text, action->arg_count),
            .gate_param =
                def->gated != 0 ? resolve(world, def->gate_path, &text, action->arg_count) : 0,
            .t_ns = now_ns + pl_clock_ns(action->lead_s + def->at_s),
            .value = def->value_arg != PL_NONE ? call->values[def->value_arg] : def->value,
        };
        if (bound.param == 0) {
            return pl_fail(err, PL_BAD_INPUT, NULL, "`%s` cannot be done here.", action->name);
        }
        if (*count + PL_CHANGE_MADE_MAX > PL_ACTION_CHANGES_MAX) {
            return pl_fail(err, PL_LIMIT, NULL, "`%s` changes too many things.", action->name);
        }
        bound.before =
            state != NULL ? pl_model_param(state, bound.param) : world->params[bound.param].base;
        uint32_t made = pl_change_make(world, &bound, out + *count, err);
        if (made == 0) {
            return PL_BAD_INPUT;
        }
        *count += made;
    }
    return PL_OK;
}

/* ---- Previews ------------------------------------------------------------------------------- */

/* Connections that the pods of a service may open to a database, after a change of pods or size. */
static double connections_wanted(const struct pl_world *world,
                                 const struct pl_state *state,
                                 const struct pl_pool *pool,
                                 const struct pl_change *change)
{
    const struct pl_service *service = &world->services[pool->service];
    uint32_t pods_param = service->param0 + PL_SERVICE_PODS;
    uint32_t size_param = pool->param0 + PL_POOL_SIZE;
    double pods = pl_model_param(state, pods_param);
    double size = pl_model_param(state, size_param);
    if (change != NULL && change->param == pods_param) {
        pods = change->value;
    }
    if (change != NULL && change->param == size_param) {
        size = change->value;
    }
    return pods * size;
}

/* What a change of pods or of a pool's size does to the databases behind it: whole sentences only.
 */
static void preview_connections(const struct pl_world *world,
                                const struct pl_state *state,
                                const struct pl_change *change,
                                struct pl_buf *out)
{
    double slice = (double)world->slice_of;
    double told = 0.0;
    for (uint32_t i = 0; i < world->pool_count; i++) {
        const struct pl_pool *pool = &world->pools[i];
        double more = connections_wanted(world, state, pool, change) -
                      connections_wanted(world, state, pool, NULL);
        char memory[PL_LABEL_MAX * 2];
        struct pl_buf line;
        if (fabs(more) < 0.5) {
            continue;
        }
        struct pl_database_view view = pl_model_database(world, state, pool->database);
        const char *name = world->databases[pool->database].name;
        double used = (double)view.connections * slice;
        double limit = (double)view.max_connections * slice;
        pl_buf_init(&line, memory, sizeof memory);
        if (fabs(more - told) < 0.5) {
            pl_buf_printf(&line, " As many for %s (%.0f of %.0f).", name, used, limit);
        } else {
            pl_buf_printf(&line,
                          "%s%s up to %.0f connections %s %s, which has %.0f of %.0f in use.",
                          out->size > 0 ? " " : "",
                          more > 0.0 ? "Opens" : "Closes",
                          fabs(more) * slice,
                          more > 0.0 ? "to" : "from",
                          name,
                          used,
                          limit);
        }
        if (out->size + line.size < out->capacity) {
            pl_buf_puts(out, memory);
        }
        told = more;
    }
}

static void preview_effects(const struct pl_world *world,
                            const struct pl_state *state,
                            const struct pl_change *changes,
                            uint32_t count,
                            struct pl_preview *preview)
{
    struct pl_buf connections;
    pl_buf_init(&connections, preview->connections, sizeof preview->connections);
    for (uint32_t i = 0; i < count; i++) {
        const struct pl_change *change = &changes[i];
        const struct pl_param_def *param = &world->params[change->param];
        struct pl_effect *effect = &preview->effects[i];
        memcpy(effect->what, param->path, sizeof effect->what);
        memcpy(effect->unit, param->unit, sizeof effect->unit);
        effect->before = pl_slice_fleet(world, change->param, pl_model_param(state, change->param));
        for (uint32_t j = 0; j < i; j++) {
            if (changes[j].param == change->param) {
                effect->before = preview->effects[j].after;
            }
        }
        effect->after = pl_slice_fleet(world, change->param, change->value);
        effect->at_s = (double)(change->t_ns - pl_model_now(state)) / 1e9;
        preview_connections(world, state, change, &connections);
    }
    preview->effect_count = count;
}

pl_status pl_action_preview(const struct pl_world *world,
                            const struct pl_scenario *scenario,
                            const struct pl_state *state,
                            const struct pl_call *call,
                            struct pl_preview *preview,
                            pl_error *err)
{
    struct pl_change changes[PL_ACTION_CHANGES_MAX];
    uint32_t count = 0;
    pl_status status = pl_action_changes(world, scenario, state, call, changes, &count, err);
    if (status != PL_OK) {
        return status;
    }
    const struct pl_action *action = &scenario->setting.actions[call->action];
    struct call_text text;
    call_texts(action, call, &text);
    memset(preview, 0, sizeof *preview);
    struct pl_buf typed;
    pl_buf_init(&typed, preview->text, sizeof preview->text);
    pl_action_format(scenario, call, &typed);
    uint32_t args = action->arg_count;
    (void)pl_template_fill(
        action->takes, text.values, args, false, preview->takes, sizeof preview->takes);
    (void)pl_template_fill(
        action->touches, text.values, args, false, preview->touches, sizeof preview->touches);
    (void)pl_template_fill(
        action->risk, text.values, args, false, preview->risk, sizeof preview->risk);
    preview->reversible = action->reversible;
    if (action->blind == 0) {
        preview_effects(world, state, changes, count, preview);
    }
    if (action->feed_kind[0] != '\0') {
        struct pl_feed_entry *feed = &preview->feed;
        memcpy(feed->kind, action->feed_kind, sizeof feed->kind);
        struct pl_buf target;
        pl_buf_init(&target, feed->target, sizeof feed->target);
        pl_buf_puts(&target, args > 0 ? text.texts[0] : action->name);
        (void)pl_template_fill(
            action->feed_text, text.values, args, false, feed->text, sizeof feed->text);
        memcpy(feed->by, "you", sizeof "you");
    }
    return PL_OK;
}
