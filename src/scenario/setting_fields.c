// SPDX-License-Identifier: Apache-2.0
#include "scenario/setting_fields.h"

#include "scenario/fault_fields.h"
#include "scenario/scenario.h"

#include <stddef.h>

#define TABLE(rows) .fields = (rows), .field_count = PL_FIELD_COUNT_OF(rows)
#define F64         PL_STORE_F64
#define U32         PL_STORE_U32
#define STR         PL_STORE_TEXT

#define CLOCK_OR_OFFSET "\"11:15\", -7m or start"

static const struct pl_field team_rows[] = {
    {PL_ROW("owns", PL_FIELD_TEXT, STR, pl_team, owns, "What the team answers for.")},
    {PL_ROW("lead", PL_FIELD_NAME, STR, pl_team, lead, "Id of the person to ask first.")},
};
const struct pl_key_table pl_team_table = {
    .name = "team", .doc = "A team.", TABLE(team_rows), .size = sizeof(struct pl_team)};

static const struct pl_field available_rows[] = {
    {PL_ROW("from", PL_FIELD_CLOCK, F64, pl_person, from_clock_s, "Available from here.")},
    {PL_ROW("to", PL_FIELD_CLOCK, F64, pl_person, to_clock_s, "Until here.")},
};
static const struct pl_key_table available_table = {
    .name = "available", .doc = "Hours of a person.", TABLE(available_rows)};

static const struct pl_field answer_rows[] = {
    {PL_ROW("topic", PL_FIELD_NAME, STR, pl_answer, topic, "Name of the topic."), .required = 1},
    {PL_ROW("words", PL_FIELD_TEXT, STR, pl_answer, words, "Words of a question that mean it.")},
    {PL_ROW("says", PL_FIELD_TEXT, STR, pl_answer, text, "The answer."), .required = 1},
    {PL_ROW("wrong", PL_FIELD_BOOL, U32, pl_answer, wrong, "Believed, and not true.")},
    {PL_ROW("delay", PL_FIELD_DURATION, F64, pl_answer, delay_s, "Until it arrives."),
     .low = 0,
     .high = 7200},
    {PL_ROW_CODE("causes", PL_FIELD_OTHER, "Said only for these causes."),
     .words = "list of causes"},
    {PL_ROW_CODE("not_causes", PL_FIELD_OTHER, "Said for all causes but these."),
     .words = "list of causes"},
};
const struct pl_key_table pl_answer_table = {
    .name = "answer",
    .doc = "What a person says about a topic.",
    TABLE(answer_rows),
    .size = sizeof(struct pl_answer),
};

static const struct pl_field person_rows[] = {
    {PL_ROW("name", PL_FIELD_TEXT, STR, pl_person, name, "Full name.")},
    {PL_ROW(
        "role", PL_FIELD_TEXT, STR, pl_person, role, "Role, team, hours: shown to the player.")},
    {PL_ROW("team", PL_FIELD_NAME, STR, pl_person, team, "Team.")},
    {PL_ROW("delay", PL_FIELD_DURATION, F64, pl_person, delay_s, "Usual time to an answer."),
     .low = 0,
     .high = 7200},
    {PL_ROW_CODE("available", PL_FIELD_GROUP, "Hours; without it always."),
     .sub = &available_table},
    {PL_ROW("away", PL_FIELD_TEXT, STR, pl_person, away, "Said while not available.")},
    {PL_ROW("unknown", PL_FIELD_TEXT, STR, pl_person, unknown, "Said when no topic fits.")},
    {PL_ROW_CODE("answers", PL_FIELD_LIST, "What the person knows or believes."),
     .sub = &pl_answer_table},
};
const struct pl_key_table pl_person_table = {
    .name = "person",
    .doc = "A teammate who can be asked.",
    TABLE(person_rows),
    .size = sizeof(struct pl_person),
};

#define A(name, kind, store, member, text) PL_ROW(name, kind, store, pl_alert_def, member, text)
static const struct pl_field alert_rows[] = {
    {A("expr", PL_FIELD_TEXT, STR, expr, "Query in the PromQL subset."), .required = 1},
    {PL_ROW_CODE("above", PL_FIELD_OTHER, "Fires above this value."), .words = "number"},
    {PL_ROW_CODE("below", PL_FIELD_OTHER, "Fires below this value."), .words = "number"},
    {A("unit", PL_FIELD_CHOICE, STR, unit, "Unit of the value."), .words = "s|%|ratio|n"},
    {A("for", PL_FIELD_DURATION, F64, for_s, "Time that it must hold."), .low = 0, .high = 86400},
    {A("severity", PL_FIELD_CHOICE, STR, severity, "Severity label."),
     .words = "critical|warning|info",
     .required = 1},
    {A("team", PL_FIELD_NAME, STR, team, "Team label.")},
    {A("service", PL_FIELD_NAME, STR, service, "Service label; else that of the series.")},
    {A("summary", PL_FIELD_TEXT, STR, summary, "One line; {value} and {label} are filled."),
     .required = 1},
    {A("description", PL_FIELD_TEXT, STR, description, "More; filled like the summary.")},
    {A("runbook", PL_FIELD_NAME, STR, runbook, "Page of the runbook.")},
    {A("pages", PL_FIELD_BOOL, U32, pages, "It reaches the player.")},
};
const struct pl_key_table pl_alert_table = {
    .name = "alert rule",
    .doc = "An alert in Prometheus form.",
    TABLE(alert_rows),
    .size = sizeof(struct pl_alert_def),
};

static const struct pl_field noise_rows[] = {
    {PL_ROW("service", PL_FIELD_NAME, STR, pl_noise, service, "Who writes it."), .required = 1},
    {PL_ROW("severity", PL_FIELD_CHOICE, STR, pl_noise, severity, "Severity."),
     .words = "ERROR|WARN|INFO",
     .required = 1},
    {PL_ROW("body", PL_FIELD_TEXT, STR, pl_noise, body, "Line; {n}, {hex}, {ip}, {path}, {id}."),
     .required = 1},
    {PL_ROW("per_minute", PL_FIELD_NUMBER, F64, pl_noise, per_minute, "Lines of the fleet."),
     .low = 0,
     .high = 100000,
     .required = 1},
};
const struct pl_key_table pl_noise_table = {
    .name = "noise",
    .doc = "A log line of every healthy hour.",
    TABLE(noise_rows),
    .size = sizeof(struct pl_noise),
};

static const struct pl_field hole_rows[] = {
    {PL_ROW("what", PL_FIELD_TEXT, STR, pl_hole, what, "Metric or panel."), .required = 1},
    {PL_ROW("target", PL_FIELD_NAME, STR, pl_hole, target, "Service or database; else all.")},
    {PL_ROW("kind", PL_FIELD_CHOICE, U32, pl_hole, kind, "In which way it is not seen."),
     .words = "absent|stale|no-label",
     .required = 1},
    {PL_ROW("text", PL_FIELD_TEXT, STR, pl_hole, text, "What the panel says instead.")},
};
const struct pl_key_table pl_hole_table = {
    .name = "hole",
    .doc = "Something that the dashboards do not show.",
    TABLE(hole_rows),
    .size = sizeof(struct pl_hole),
};

static const struct pl_field gap_rows[] = {
    {PL_ROW_CODE("target", PL_FIELD_OTHER, "Whose scrapes; \"*\" is every target."),
     .words = "name or \"*\"",
     .required = 1},
    {PL_ROW("kind", PL_FIELD_CHOICE, U32, pl_gap, kind, "No samples, or old ones."),
     .words = "lost|frozen"},
    {PL_ROW("from", PL_FIELD_OFFSET, F64, pl_gap, from_s, "Start, from the opening."),
     .required = 1},
    {PL_ROW("until", PL_FIELD_OFFSET, F64, pl_gap, until_s, "End, from the opening."),
     .required = 1},
};
const struct pl_key_table pl_gap_table = {
    .name = "gap",
    .doc = "A time without good scrapes.",
    TABLE(gap_rows),
    .size = sizeof(struct pl_gap),
};

static const struct pl_field indicator_rows[] = {
    {PL_ROW("title", PL_FIELD_TEXT, STR, pl_indicator, title, "Title."), .required = 1},
    {PL_ROW("expr", PL_FIELD_TEXT, STR, pl_indicator, expr, "Query."), .required = 1},
    {PL_ROW("unit", PL_FIELD_TEXT, STR, pl_indicator, unit, "Unit.")},
};
const struct pl_key_table pl_indicator_table = {
    .name = "indicator",
    .doc = "A number of the business.",
    TABLE(indicator_rows),
    .size = sizeof(struct pl_indicator),
};

static const struct pl_field announcement_rows[] = {
    {PL_ROW("at", PL_FIELD_OFFSET, F64, pl_announcement, at_s, "From the opening."), .required = 1},
    {PL_ROW("channel", PL_FIELD_TEXT, STR, pl_announcement, channel, "Where."), .required = 1},
    {PL_ROW("from", PL_FIELD_NAME, STR, pl_announcement, from, "Person id, or a bot."),
     .required = 1},
    {PL_ROW("text", PL_FIELD_TEXT, STR, pl_announcement, text, "What."), .required = 1},
    {PL_ROW_CODE("causes", PL_FIELD_OTHER, "Only for these causes."), .words = "list of causes"},
    {PL_ROW_CODE("not_causes", PL_FIELD_OTHER, "For all causes but these."),
     .words = "list of causes"},
};
const struct pl_key_table pl_announcement_table = {
    .name = "message",
    .doc = "A message that nobody asked for.",
    TABLE(announcement_rows),
    .size = sizeof(struct pl_announcement),
};

#define D(name, kind, store, member, text) PL_ROW(name, kind, store, pl_feed_entry, member, text)
static const struct pl_field feed_rows[] = {
    {PL_ROW_CODE("at", PL_FIELD_OTHER, "Time of day, or from the opening."),
     .words = CLOCK_OR_OFFSET,
     .required = 1},
    {D("kind", PL_FIELD_CHOICE, STR, kind, "Kind of change."),
     .words = "deploy|flag|cron|migration|infra|config|vendor|scale|alert",
     .required = 1},
    {D("target", PL_FIELD_NAME, STR, target, "What was changed."), .required = 1},
    {D("text", PL_FIELD_TEXT, STR, text, "What the feed says."), .required = 1},
    {D("by", PL_FIELD_NAME, STR, by, "Who did it.")},
    {D("hidden", PL_FIELD_BOOL, U32, hidden, "A console edit: told in the debrief only.")},
    {D("jitter", PL_FIELD_DURATION, F64, jitter_s, "It moves with the changes: up to this much."),
     .low = 0,
     .high = 3600},
};
const struct pl_key_table pl_feed_table = {
    .name = "feed entry",
    .doc = "A line of the change feed.",
    TABLE(feed_rows),
    .size = sizeof(struct pl_feed_entry),
};

static const struct pl_field change_rows[] = {
    {PL_ROW_CODE("set", PL_FIELD_OTHER, "Path of what changes."),
     .words = "path such as pool.checkout-api.orders-db.size",
     .required = 1},
    {PL_ROW_CODE("to", PL_FIELD_OTHER, "New value, for the fleet."),
     .words = "number, 80%, 30s, 220/s, yes, no, {argument} or previous"},
    {PL_ROW_CODE("add", PL_FIELD_OTHER, "Added to what it is."), .words = "as for `to`"},
    {PL_ROW_CODE("times", PL_FIELD_OTHER, "Factor on what it is."), .words = "as for `to`"},
    {PL_ROW_CODE("at", PL_FIELD_OTHER, "Time of day, or from the opening (action: from effect)."),
     .words = CLOCK_OR_OFFSET},
    {PL_ROW("ramp", PL_FIELD_DURATION, F64, pl_change_def, ramp_s, "Time of a linear change."),
     .low = 0,
     .high = 14400},
    {PL_ROW("for", PL_FIELD_DURATION, F64, pl_change_def, for_s, "Then back to what it was."),
     .low = 0,
     .high = 14400},
    {PL_ROW("vary",
            PL_FIELD_SHARE,
            F64,
            pl_change_def,
            vary,
            "A form's value lies up to this share above or below."),
     .low = 0,
     .high = 0.9},
    {PL_ROW("jitter",
            PL_FIELD_DURATION,
            F64,
            pl_change_def,
            jitter_s,
            "A form's moment lies up to this much before or after."),
     .low = 0,
     .high = 3600},
    {PL_ROW_CODE("while", PL_FIELD_OTHER, "Holds only while this param has this value."),
     .words = "map of one path to a value"},
};
const struct pl_key_table pl_change_table = {
    .name = "change",
    .doc = "A change of one param. Exactly one of `to`, `add` and `times`. `vary` and `jitter` are "
           "drawn by the form's seed, once for all changes and feed entries of a cause or red "
           "herring, so that they stay in step.",
    TABLE(change_rows),
    .size = sizeof(struct pl_change_def),
};

static const struct pl_field arg_rows[] = {
    {PL_ROW("name", PL_FIELD_NAME, STR, pl_arg, name, "Name, for {braces}."), .required = 1},
    {PL_ROW_CODE("of", PL_FIELD_OTHER, "What it is."), .words = PL_ARG_WORDS, .required = 1},
    {PL_ROW("doc", PL_FIELD_TEXT, STR, pl_arg, doc, "One phrase for the player.")},
    {PL_ROW("low", PL_FIELD_NUMBER, F64, pl_arg, low, "Smallest value.")},
    {PL_ROW("high", PL_FIELD_NUMBER, F64, pl_arg, high, "Largest value.")},
    {PL_ROW_CODE("choices", PL_FIELD_OTHER, "Words and the values that they stand for."),
     .words = "map of word to number"},
    {PL_ROW_CODE("only", PL_FIELD_OTHER, "Entities that it may be; else all."),
     .words = "list of names"},
};
const struct pl_key_table pl_arg_table = {
    .name = "argument",
    .doc = "An argument of an action.",
    TABLE(arg_rows),
    .size = sizeof(struct pl_arg),
};

static const struct pl_field action_feed_rows[] = {
    {PL_ROW("kind", PL_FIELD_NAME, STR, pl_action, feed_kind, "Kind of the feed entry.")},
    {PL_ROW("text", PL_FIELD_TEXT, STR, pl_action, feed_text, "Its text, with {arguments}.")},
};
static const struct pl_key_table action_feed_table = {
    .name = "feed", .doc = "Feed entry that an action leaves.", TABLE(action_feed_rows)};

#define C(name, kind, store, member, text) PL_ROW(name, kind, store, pl_action, member, text)
static const struct pl_field action_rows[] = {
    {C("title", PL_FIELD_TEXT, STR, title, "One line for the list."), .required = 1},
    {PL_ROW_CODE("args", PL_FIELD_LIST, "Arguments in the order of typing."), .sub = &pl_arg_table},
    {PL_ROW_CODE("changes", PL_FIELD_LIST, "What it does."),
     .sub = &pl_change_table,
     .required = 1},
    {C("lead", PL_FIELD_DURATION, F64, lead_s, "From the decision to the first effect."),
     .low = 0,
     .high = 7200},
    {C("takes", PL_FIELD_TEXT, STR, takes, "Preview: how long, with {arguments}.")},
    {C("touches", PL_FIELD_TEXT, STR, touches, "Preview: what is touched.")},
    {C("risk", PL_FIELD_TEXT, STR, risk, "Preview: what an engineer would be told.")},
    {C("reversible", PL_FIELD_BOOL, U32, reversible, "Whether it can be undone.")},
    {C("blind", PL_FIELD_BOOL, U32, blind, "The preview shows no values: somebody else does it.")},
    {C("uses", PL_FIELD_COUNT, U32, uses_max, "How often; 0: no limit."), .low = 0, .high = 1000},
    {PL_ROW_CODE("feed", PL_FIELD_GROUP, "Feed entry that it leaves."), .sub = &action_feed_table},
};
static void fill_action(void *target)
{
    ((struct pl_action *)target)->reversible = 1;
}
const struct pl_key_table pl_action_table = {
    .name = "action",
    .doc = "Something the player can do.",
    TABLE(action_rows),
    .size = sizeof(struct pl_action),
    .fill = fill_action,
};

static const struct pl_field setting_rows[] = {
    {PL_ROW("date", PL_FIELD_TEXT, STR, pl_setting, date, "Day of the incident: 2026-11-21.")},
    {PL_ROW("region", PL_FIELD_NAME, STR, pl_setting, region, "Region label: eu1.")},
    {PL_ROW("environment", PL_FIELD_NAME, STR, pl_setting, environment, "Environment: prod.")},
    {PL_ROW_CODE("teams", PL_FIELD_MAP, "Teams by name."), .sub = &pl_team_table},
    {PL_ROW_CODE("people", PL_FIELD_MAP, "People by id."), .sub = &pl_person_table},
    {PL_ROW_CODE("alerts", PL_FIELD_MAP, "Alert rules by name."), .sub = &pl_alert_table},
    {PL_ROW_CODE("indicators", PL_FIELD_MAP, "Business numbers by name."),
     .sub = &pl_indicator_table},
    {PL_ROW_CODE("noise", PL_FIELD_LIST, "Log lines that mean nothing."), .sub = &pl_noise_table},
    {PL_ROW_CODE("holes", PL_FIELD_LIST, "What no dashboard shows."), .sub = &pl_hole_table},
    {PL_ROW_CODE("gaps", PL_FIELD_LIST, "Times without good scrapes."), .sub = &pl_gap_table},
    {PL_ROW_CODE("messages", PL_FIELD_LIST, "Messages that nobody asked for."),
     .sub = &pl_announcement_table},
    {PL_ROW_CODE("schedule", PL_FIELD_LIST, "What happens every day, by the clock."),
     .sub = &pl_change_table},
    {PL_ROW_CODE("feed", PL_FIELD_LIST, "Background of the change feed, by the clock."),
     .sub = &pl_feed_table},
    {PL_ROW_CODE("looks", PL_FIELD_OTHER, "Cost of each look in simulated time."),
     .words = "map of look to a duration"},
    {PL_ROW_CODE("actions", PL_FIELD_MAP, "What a player can do, by name."),
     .sub = &pl_action_table},
};
const struct pl_key_table pl_setting_table = {
    .name = "setting",
    .doc = "Teams, people, alerts, log noise, the change feed and actions.",
    TABLE(setting_rows),
    .size = sizeof(struct pl_setting),
};

/* ---- The scenario file ---------------------------------------------------------------------- */

#define U(name, store, member, text) PL_ROW(name, PL_FIELD_TEXT, store, pl_cause, member, text)
static const struct pl_field claim_rows[] = {
    {U("component", STR, components, "Words that name the place."), .required = 1},
    {U("mechanism", STR, mechanisms, "Words that name the mechanism."), .required = 1},
    {U("trigger", STR, triggers, "Words that name the trigger.")},
};
static const struct pl_key_table claim_table = {
    .name = "claim", .doc = "Words of a free claim that fit the cause.", TABLE(claim_rows)};

static const struct pl_field cause_rows[] = {
    {U("title", STR, title, "One line for the debrief."), .required = 1},
    {U("fault", STR, fault, "Its mechanism: pool.long_hold; else that of the first use.")},
    {U("text", STR, text, "What happened, for the debrief."), .required = 1},
    {U("tell", STR, tell, "The evidence that separates it from the others.")},
    {PL_ROW("prior", PL_FIELD_NUMBER, F64, pl_cause, prior, "Weight among the causes."),
     .low = 0.001,
     .high = 1000},
    {PL_ROW_CODE("claim", PL_FIELD_GROUP, "Words of a free claim that fit."),
     .sub = &claim_table,
     .required = 1},
    {PL_ROW_CODE("changes", PL_FIELD_LIST, "What goes wrong, and when."), .sub = &pl_change_table},
    {PL_ROW_CODE("faults", PL_FIELD_LIST, "Faults of the library, for their changes."),
     .sub = &pl_fault_use_table},
    {PL_ROW_CODE("feed", PL_FIELD_LIST, "Feed entries that it brings."), .sub = &pl_feed_table},
    {PL_ROW_CODE("helps", PL_FIELD_OTHER, "Actions that mitigate, as typed."),
     .words = "list of actions, e.g. flag fraud-inline-v2 0%"},
    {PL_ROW_CODE("harms", PL_FIELD_OTHER, "Tempting actions that make it worse."),
     .words = "list of actions"},
};
static void fill_cause(void *target)
{
    ((struct pl_cause *)target)->prior = 1.0;
}
const struct pl_key_table pl_cause_table = {
    .name = "cause",
    .doc = "One of the things that may have gone wrong.",
    TABLE(cause_rows),
    .size = sizeof(struct pl_cause),
    .fill = fill_cause,
};

static const struct pl_field herring_rows[] = {
    {PL_ROW("text", PL_FIELD_TEXT, STR, pl_red_herring, text, "Why it is harmless."),
     .required = 1},
    {PL_ROW_CODE("changes", PL_FIELD_LIST, "Changes without effect on users."),
     .sub = &pl_change_table},
    {PL_ROW_CODE("faults", PL_FIELD_LIST, "Faults of the library, for their changes."),
     .sub = &pl_fault_use_table},
    {PL_ROW_CODE("feed", PL_FIELD_LIST, "Feed entries."), .sub = &pl_feed_table},
};
const struct pl_key_table pl_red_herring_table = {
    .name = "red herring",
    .doc = "Something that looks guilty and is not.",
    TABLE(herring_rows),
    .size = sizeof(struct pl_red_herring),
};

#define S(name, kind, store, member, text) PL_ROW(name, kind, store, pl_scenario, member, text)
static const struct pl_field opens_rows[] = {
    {S("at", PL_FIELD_CLOCK, F64, opens_clock_s, "Time of day."), .required = 1},
    {S("alert",
       PL_FIELD_NAME,
       STR,
       page_alert,
       "Alert rule that pages; left out when somebody tells before any alert fires.")},
    {S("from", PL_FIELD_NAME, STR, page_from, "Without an alert: who tells, a person's id.")},
    {S("channel", PL_FIELD_TEXT, STR, page_channel, "Without an alert: where it is told.")},
    {S("service", PL_FIELD_NAME, STR, page_service, "Service of the page."), .required = 1},
    {S("text", PL_FIELD_TEXT, STR, page_text, "The page, the same for every cause."),
     .required = 1},
};
static const struct pl_key_table opens_table = {
    .name = "opening", .doc = "How the incident begins.", TABLE(opens_rows)};

static const struct pl_field updates_rows[] = {
    {S("first", PL_FIELD_DURATION, F64, updates_first_s, "First status update is due."),
     .low = 0,
     .high = 7200},
    {S("every", PL_FIELD_DURATION, F64, updates_every_s, "Further ones."), .low = 60, .high = 7200},
};
static const struct pl_key_table updates_table = {
    .name = "updates", .doc = "Cadence of status updates.", TABLE(updates_rows)};

static const struct pl_field scenario_rows[] = {
    {S("scenario", PL_FIELD_NAME, STR, name, "Name, as the folder's."), .required = 1},
    {S("title", PL_FIELD_TEXT, STR, title, "One line."), .required = 1},
    {PL_ROW_CODE("world", PL_FIELD_OTHER, "World that it plays in."),
     .words = "name of a world",
     .required = 1},
    {S("family", PL_FIELD_NAME, STR, family, "Family of scenarios.")},
    {S("summary", PL_FIELD_TEXT, STR, summary, "For the list; gives nothing away."), .required = 1},
    {S("trains", PL_FIELD_TEXT, STR, trains, "What it trains, by commas; never the cause.")},
    {S("briefing", PL_FIELD_TEXT, STR, briefing, "What the player knows when it begins."),
     .required = 1},
    {S("severity", PL_FIELD_CHOICE, STR, severity, "Severity of the incident."),
     .words = "SEV-1|SEV-2|SEV-3|SEV-4|SEV-5"},
    {S("difficulty", PL_FIELD_COUNT, U32, difficulty, "1 to 5."), .low = 1, .high = 5},
    {PL_ROW_CODE("opens", PL_FIELD_GROUP, "How the incident begins."),
     .sub = &opens_table,
     .required = 1},
    {S("warmup", PL_FIELD_DURATION, F64, warmup_s, "Simulated before the opening."),
     .low = 60,
     .high = 10800},
    {S("horizon", PL_FIELD_DURATION, F64, horizon_s, "Simulated after it, at most."),
     .low = 60,
     .high = 10800},
    {S("test_act", PL_FIELD_DURATION, F64, test_act_s, "Pack test acts this long after it."),
     .low = 0,
     .high = 7200},
    {PL_ROW_CODE("updates", PL_FIELD_GROUP, "Cadence of status updates."), .sub = &updates_table},
    {PL_ROW_CODE("causes", PL_FIELD_MAP, "Causes by name."), .sub = &pl_cause_table, .required = 1},
    {PL_ROW_CODE("red_herrings", PL_FIELD_MAP, "Red herrings by name."),
     .sub = &pl_red_herring_table},
    {PL_ROW_CODE("setting",
                 PL_FIELD_OBJECT,
                 "Adds to the world's setting; its actions replace those of the same name."),
     .sub = &pl_setting_table},
};
static void fill_scenario(void *target)
{
    struct pl_scenario *scenario = target;
    scenario->difficulty = 3;
    scenario->warmup_s = 2700.0;
    scenario->horizon_s = 2400.0;
    scenario->test_act_s = 240.0;
    scenario->updates_first_s = 600.0;
    scenario->updates_every_s = 1200.0;
}
const struct pl_key_table pl_scenario_table = {
    .name = "scenario file",
    .doc = "One incident: how it opens, what may have caused it, what only looks guilty.",
    TABLE(scenario_rows),
    .size = sizeof(struct pl_scenario),
    .fill = fill_scenario,
};
