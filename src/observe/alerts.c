// SPDX-License-Identifier: Apache-2.0
#include "observe/alerts.h"

#include "base/check.h"
#include "observe/display.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LABEL_TEXT_MAX = 64 };

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

void pl_alerts_init(struct pl_alerts *alerts,
                    const struct pl_observe_def *def,
                    struct pl_promql *program)
{
    PL_CHECK(alerts != NULL && def != NULL && program != NULL);
    PL_CHECK(def->rule_count <= PL_OBSERVE_RULES_MAX);
    memset(alerts, 0, sizeof(*alerts));
    alerts->rules = def->rules;
    alerts->rule_count = def->rule_count;
    alerts->cluster = def->cluster != NULL && def->cluster[0] != '\0' ? def->cluster : "eu1";
    for (uint32_t i = 0; i < def->rule_count; i++) {
        pl_error err = {0};
        alerts->broken[i] = pl_promql_parse(program, def->rules[i].expr, &err) == PL_OK ? 0 : 1;
    }
}

void pl_alerts_rebind(struct pl_alerts *alerts, const struct pl_observe_def *def)
{
    PL_CHECK(alerts != NULL && def != NULL);
    PL_CHECK(alerts->rule_count == def->rule_count);
    alerts->rules = def->rules;
    alerts->cluster = def->cluster;
}

bool pl_alerts_page_by(const struct pl_alerts *alerts, const char *rule, int64_t by_ns)
{
    PL_CHECK(alerts != NULL && rule != NULL);
    for (uint32_t i = 0; i < alerts->alert_count; i++) {
        const struct pl_alert *alert = &alerts->alerts[i];
        const struct pl_observe_rule *def = &alerts->rules[alert->rule];
        if (strcmp(def->name, rule) != 0) {
            continue;
        }
        int64_t fires_ns = alert->state == PL_ALERT_FIRING
                               ? alert->fired_ns
                               : alert->active_ns + (int64_t)(def->for_s * 1e9);
        bool alive = alert->state == PL_ALERT_FIRING || alert->state == PL_ALERT_PENDING;
        if (alive && fires_ns + PL_ALERT_GROUP_WAIT_NS <= by_ns) {
            return true;
        }
    }
    return false;
}

int64_t pl_alerts_next(const struct pl_alerts *alerts)
{
    int64_t next_ns = alerts->rule_count > 0 ? alerts->next_ns : INT64_MAX;
    for (uint32_t i = 0; i < alerts->rule_count; i++) {
        if (alerts->group_ns[i] > 0 && alerts->group_ns[i] < next_ns) {
            next_ns = alerts->group_ns[i];
        }
    }
    return next_ns;
}

const char *pl_alerts_service(const struct pl_alerts *alerts,
                              const struct pl_series *series,
                              const struct pl_alert *alert)
{
    const char *own = or_empty(alerts->rules[alert->rule].service);
    if (own[0] != '\0') {
        return own;
    }
    static const uint32_t keys[] = {PL_KEY_SERVICE, PL_KEY_DATNAME, PL_KEY_TOPIC, PL_KEY_INSTANCE};
    for (uint32_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (alert->labels.value[keys[i]] != 0) {
            return pl_intern_word(series->intern, alert->labels.value[keys[i]]);
        }
    }
    return "";
}

/* ---- Texts ---- */

void pl_alerts_subject(const struct pl_alerts *alerts,
                       uint32_t rule,
                       uint32_t count,
                       const char *service,
                       struct pl_buf *out)
{
    const struct pl_observe_rule *def = &alerts->rules[rule];
    const char *environment = or_empty(def->environment);
    if (count > 0) {
        pl_buf_printf(out, "[FIRING:%u]", (unsigned)count);
    } else {
        pl_buf_puts(out, "[RESOLVED]");
    }
    pl_buf_printf(out, " %s %s", def->name, alerts->cluster);
    if (service[0] != '\0') {
        pl_buf_printf(out, " %s", service);
    }
    pl_buf_printf(out,
                  " (%s %s%s%s)",
                  environment[0] != '\0' ? environment : "prod",
                  or_empty(def->severity),
                  or_empty(def->team)[0] != '\0' ? " " : "",
                  or_empty(def->team));
}

static void put_value(const struct pl_observe_rule *rule, double value, struct pl_buf *out)
{
    const char *unit = or_empty(rule->unit);
    if (!isfinite(value)) {
        pl_buf_puts(out, "NaN");
    } else if (strcmp(unit, "%") == 0 || strcmp(unit, "ratio") == 0) {
        pl_json_out_put_number(out, pl_display_round(value * 100.0, 2));
        pl_buf_puts(out, " %");
    } else if (strcmp(unit, "s") == 0 && value < 1.0) {
        pl_json_out_put_number(out, pl_display_round(value * 1000.0, 2));
        pl_buf_puts(out, " ms");
    } else {
        bool seconds = strcmp(unit, "s") == 0;
        pl_json_out_put_number(out, pl_display_round(value, seconds ? 2 : 4));
        if (unit[0] != '\0' && strcmp(unit, "n") != 0) {
            pl_buf_printf(out, " %s", unit);
        }
    }
}

static void put_field(const struct pl_alerts *alerts,
                      const struct pl_series *series,
                      const struct pl_alert *alert,
                      pl_slice name,
                      struct pl_buf *out)
{
    const struct pl_observe_rule *rule = &alerts->rules[alert->rule];
    if (pl_slice_equal(name, pl_slice_of("value"))) {
        put_value(rule, alert->value, out);
        return;
    }
    if (pl_slice_equal(name, pl_slice_of("service"))) {
        pl_buf_puts(out, pl_alerts_service(alerts, series, alert));
        return;
    }
    uint32_t key = pl_label_find(name);
    if (key < PL_KEY_COUNT && alert->labels.value[key] != 0) {
        pl_buf_puts(out, pl_intern_word(series->intern, alert->labels.value[key]));
        return;
    }
    pl_buf_printf(out, "{%.*s}", (int)name.size, name.data);
}

void pl_alerts_fill(const struct pl_alerts *alerts,
                    const struct pl_series *series,
                    const struct pl_alert *alert,
                    const char *text,
                    struct pl_buf *out)
{
    const char *at = or_empty(text);
    while (*at != '\0') {
        const char *open = strchr(at, '{');
        const char *close = open != NULL ? strchr(open, '}') : NULL;
        if (close == NULL) {
            pl_buf_puts(out, at);
            return;
        }
        pl_buf_put(out, at, (size_t)(open - at));
        bool twice = open[1] == '{' && close[1] == '}';
        const char *name = open + (twice ? 2 : 1);
        put_field(alerts, series, alert, (pl_slice){name, (size_t)(close - name)}, out);
        at = close + (twice ? 2 : 1);
    }
}

/* ---- Evaluation ---- */

static bool holds(const struct pl_observe_rule *rule, double value)
{
    switch ((enum pl_observe_compare)rule->compare) {
    case PL_COMPARE_NONE:
        return true;
    case PL_COMPARE_ABOVE:
        return value > rule->threshold;
    case PL_COMPARE_BELOW:
        return value < rule->threshold;
    case PL_COMPARE_AT_LEAST:
        return value >= rule->threshold;
    case PL_COMPARE_AT_MOST:
        return value <= rule->threshold;
    }
    return false;
}

/* The alert of a rule with these labels; made when missing, NULL when there is no room. */
static struct pl_alert *
alert_of(struct pl_alerts *alerts, uint32_t rule, const struct pl_labels *labels)
{
    struct pl_alert *spare = NULL;
    for (uint32_t i = 0; i < alerts->alert_count; i++) {
        struct pl_alert *alert = &alerts->alerts[i];
        if (alert->rule == rule && pl_labels_equal(&alert->labels, labels)) {
            return alert;
        }
        spare = alert->state == PL_ALERT_INACTIVE ? alert : spare;
    }
    if (alerts->alert_count < PL_OBSERVE_ALERTS_MAX) {
        spare = &alerts->alerts[alerts->alert_count];
        alerts->alert_count += 1;
    }
    if (spare != NULL) {
        memset(spare, 0, sizeof(*spare));
        spare->rule = rule;
        spare->labels = *labels;
    }
    return spare;
}

static void
note_true(struct pl_alerts *alerts, struct pl_alert *alert, double value, int64_t now_ns)
{
    alert->value = value;
    if (alert->state == PL_ALERT_INACTIVE || alert->state == PL_ALERT_RESOLVED) {
        alert->state = PL_ALERT_PENDING;
        alert->active_ns = now_ns;
        alert->notified = 0;
    }
    int64_t for_ns = (int64_t)(alerts->rules[alert->rule].for_s * 1e9);
    if (alert->state == PL_ALERT_PENDING && now_ns - alert->active_ns >= for_ns) {
        alert->state = PL_ALERT_FIRING;
        alert->fired_ns = now_ns;
        if (alerts->group_ns[alert->rule] == 0) {
            alerts->group_ns[alert->rule] = now_ns + PL_ALERT_GROUP_WAIT_NS;
        }
    }
}

static void note_false(struct pl_alerts *alerts, struct pl_alert *alert, int64_t now_ns)
{
    if (alert->state == PL_ALERT_PENDING) {
        alert->state = alert->fired_ns > 0 ? PL_ALERT_RESOLVED : PL_ALERT_INACTIVE;
    } else if (alert->state == PL_ALERT_FIRING) {
        alert->state = PL_ALERT_RESOLVED;
        alert->ended_ns = now_ns;
        if (alerts->group_open[alert->rule] != 0 && alerts->group_ns[alert->rule] == 0) {
            alerts->group_ns[alert->rule] = now_ns + PL_ALERT_GROUP_WAIT_NS;
        }
    }
}

static void evaluate_rule(struct pl_alerts *alerts,
                          const struct pl_alerts_input *input,
                          uint32_t rule,
                          int64_t now_ns)
{
    const struct pl_observe_rule *def = &alerts->rules[rule];
    struct pl_promql_grid grid = {pl_tracks_count(input->series->tracks) - 1, 1, 1};
    struct pl_promql_result result = {0};
    pl_error err = {0};
    bool seen[PL_OBSERVE_ALERTS_MAX] = {false};
    if (alerts->broken[rule] != 0 || pl_promql_parse(input->program, def->expr, &err) != PL_OK ||
        pl_promql_eval(input->series, input->program, &grid, input->work, &result, &err) != PL_OK) {
        alerts->broken[rule] = 1;
        return;
    }
    for (uint32_t row = 0; row < result.row_count; row++) {
        double value = result.points[row];
        if (isnan(value) || !holds(def, value)) {
            continue;
        }
        struct pl_alert *alert = alert_of(alerts, rule, &result.labels[row]);
        if (alert != NULL) {
            note_true(alerts, alert, value, now_ns);
            seen[alert - alerts->alerts] = true;
        }
    }
    for (uint32_t i = 0; i < alerts->alert_count; i++) {
        if (alerts->alerts[i].rule == rule && !seen[i]) {
            note_false(alerts, &alerts->alerts[i], now_ns);
        }
    }
}

static uint32_t firing_count(const struct pl_alerts *alerts, uint32_t rule)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < alerts->alert_count; i++) {
        count += alerts->alerts[i].rule == rule && alerts->alerts[i].state == PL_ALERT_FIRING;
    }
    return count;
}

/* The alert that stands for its group: the first one that fires, else the last that ended. */
static struct pl_alert *leader_of(struct pl_alerts *alerts, uint32_t rule)
{
    struct pl_alert *leader = NULL;
    for (uint32_t i = 0; i < alerts->alert_count; i++) {
        struct pl_alert *alert = &alerts->alerts[i];
        if (alert->rule != rule || alert->state == PL_ALERT_INACTIVE) {
            continue;
        }
        bool better =
            leader == NULL || (alert->state == PL_ALERT_FIRING && leader->state != PL_ALERT_FIRING);
        leader = better ? alert : leader;
    }
    return leader;
}

/* Send what a group has to say. */
static void send_group(struct pl_alerts *alerts,
                       const struct pl_alerts_input *input,
                       uint32_t rule,
                       int64_t now_ns)
{
    const struct pl_observe_rule *def = &alerts->rules[rule];
    struct pl_alert *leader = leader_of(alerts, rule);
    uint32_t firing = firing_count(alerts, rule);
    alerts->group_ns[rule] = 0;
    if (leader == NULL || def->pages == 0 || (firing == 0 && alerts->group_open[rule] == 0)) {
        return;
    }
    if (firing > 0 && leader->notified != 0) {
        return;
    }
    struct pl_observe_event event = {.t_ns = now_ns, .source = rule};
    event.kind = firing > 0 ? PL_EVENT_PAGE : PL_EVENT_RESOLVED;
    struct pl_buf title;
    struct pl_buf text;
    pl_buf_init(&title, event.title, sizeof(event.title));
    pl_buf_init(&text, event.text, sizeof(event.text));
    pl_alerts_subject(
        alerts, rule, firing, pl_alerts_service(alerts, input->series, leader), &title);
    pl_alerts_fill(alerts, input->series, leader, def->summary, &text);
    if (firing > 0 && or_empty(def->description)[0] != '\0') {
        pl_buf_puts(&text, "\n");
        pl_alerts_fill(alerts, input->series, leader, def->description, &text);
    }
    snprintf(event.from, sizeof(event.from), "alertmanager");
    snprintf(event.severity, sizeof(event.severity), "%s", or_empty(def->severity));
    snprintf(event.runbook, sizeof(event.runbook), "%s", or_empty(def->runbook));
    for (uint32_t i = 0; i < alerts->alert_count; i++) {
        bool own = alerts->alerts[i].rule == rule && alerts->alerts[i].state == PL_ALERT_FIRING;
        alerts->alerts[i].notified = own ? 1 : alerts->alerts[i].notified;
    }
    alerts->group_open[rule] = firing > 0 ? 1 : 0;
    input->sink(input->context, &event);
}

void pl_alerts_advance(struct pl_alerts *alerts,
                       const struct pl_alerts_input *input,
                       int64_t now_ns)
{
    PL_CHECK(alerts != NULL && input != NULL && input->sink != NULL);
    if (now_ns >= alerts->next_ns && alerts->rule_count > 0) {
        for (uint32_t rule = 0;
             rule < alerts->rule_count && pl_tracks_count(input->series->tracks) > 0;
             rule++) {
            evaluate_rule(alerts, input, rule, now_ns);
        }
        alerts->next_ns = now_ns - now_ns % PL_ALERT_EVERY_NS + PL_ALERT_EVERY_NS;
    }
    for (uint32_t rule = 0; rule < alerts->rule_count; rule++) {
        if (alerts->group_ns[rule] > 0 && now_ns >= alerts->group_ns[rule]) {
            send_group(alerts, input, rule, now_ns);
        }
    }
}
