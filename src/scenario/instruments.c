// SPDX-License-Identifier: Apache-2.0
#include "scenario/instruments.h"

#include "base/check.h"
#include "sim/clock.h"

#include <string.h>

/* Simulated time of a moment relative to the opening; may lie before the start of the run. */
static int64_t moment(const struct pl_opening *opening, double at_s)
{
    return opening->opens_ns + (int64_t)(at_s * 1e9);
}

/* True when what stands under a mask of causes is part of this form. */
static bool belongs(const struct pl_opening *opening, uint32_t mask)
{
    return opening->cause == PL_NONE ? mask == UINT32_MAX : (mask >> opening->cause & 1U) != 0;
}

static const char *text_or_none(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

static void fill_rules(const struct pl_setting *setting, struct pl_instruments *out)
{
    for (uint32_t i = 0; i < setting->alert_count; i++) {
        const struct pl_alert_def *alert = &setting->alerts[i];
        out->rules[i] = (struct pl_observe_rule){
            .name = alert->name,
            .expr = alert->expr,
            .severity = alert->severity,
            .team = alert->team,
            .service = text_or_none(alert->service),
            .environment = setting->environment,
            .summary = alert->summary,
            .description = text_or_none(alert->description),
            .runbook = text_or_none(alert->runbook),
            .unit = text_or_none(alert->unit),
            .compare = alert->compare,
            .pages = alert->pages,
            .threshold = alert->threshold,
            .for_s = alert->for_s,
        };
    }
    out->def.rules = out->rules;
    out->def.rule_count = setting->alert_count;
}

static void fill_feed(const struct pl_opening *opening, struct pl_instruments *out)
{
    for (uint32_t i = 0; i < opening->feed_count; i++) {
        const struct pl_feed_entry *entry = &opening->feed[i];
        out->feed[i] = (struct pl_observe_change){
            .t_ns = moment(opening, entry->at_s),
            .kind = entry->kind,
            .target = entry->target,
            .text = entry->text,
            .by = text_or_none(entry->by),
            .visible = entry->hidden != 0 ? 0 : 1,
        };
    }
    out->def.feed = out->feed;
    out->def.feed_count = opening->feed_count;
}

static void fill_people(const struct pl_scenario *scenario,
                        const struct pl_opening *opening,
                        struct pl_instruments *out)
{
    const struct pl_setting *setting = &scenario->setting;
    for (uint32_t i = 0; i < setting->person_count; i++) {
        const struct pl_person *person = &setting->people[i];
        bool always = !(person->to_clock_s > person->from_clock_s);
        double opens_s = scenario->opens_clock_s;
        out->people[i] = (struct pl_observe_person){
            .id = person->id,
            .name = person->name,
            .role = person->role,
            .away = text_or_none(person->away),
            .unsure = text_or_none(person->unknown),
            .delay_s = person->delay_s,
            .from_ns = always ? 0 : moment(opening, person->from_clock_s - opens_s),
            .until_ns = always ? 0 : moment(opening, person->to_clock_s - opens_s),
        };
        /* 0 means "always" there: who left before the run began must not seem to be there. */
        if (!always && out->people[i].until_ns == 0) {
            out->people[i].until_ns = 1;
        }
    }
    out->def.people = out->people;
    out->def.person_count = setting->person_count;
    uint32_t count = 0;
    for (uint32_t i = 0; i < setting->answer_count; i++) {
        const struct pl_answer *answer = &setting->answers[i];
        if (!belongs(opening, answer->cause_mask)) {
            continue;
        }
        out->answers[count++] = (struct pl_observe_answer){
            .person = answer->person,
            .wrong = answer->wrong,
            .topic = answer->topic,
            .keywords = answer->words,
            .text = answer->text,
            .delay_s = answer->delay_s,
        };
    }
    out->def.answers = out->answers;
    out->def.answer_count = count;
}

static uint32_t find_person(const struct pl_setting *setting, const char *id)
{
    for (uint32_t i = 0; i < setting->person_count; i++) {
        if (strcmp(setting->people[i].id, id) == 0) {
            return i;
        }
    }
    return PL_NONE;
}

static void fill_messages(const struct pl_setting *setting,
                          const struct pl_opening *opening,
                          struct pl_instruments *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < setting->announcement_count; i++) {
        const struct pl_announcement *message = &setting->announcements[i];
        if (!belongs(opening, message->cause_mask)) {
            continue;
        }
        out->announcements[count++] = (struct pl_observe_announcement){
            .t_ns = moment(opening, message->at_s),
            .person = find_person(setting, message->from),
            .channel = message->channel,
            .from = message->from,
            .text = message->text,
        };
    }
    out->def.announcements = out->announcements;
    out->def.announcement_count = count;
}

static void fill_dashboards(const struct pl_setting *setting,
                            const struct pl_opening *opening,
                            struct pl_instruments *out)
{
    for (uint32_t i = 0; i < setting->gap_count; i++) {
        const struct pl_gap *gap = &setting->gaps[i];
        out->gaps[i] = (struct pl_observe_gap){
            .target = gap->target,
            .kind = gap->kind,
            .from_ns = moment(opening, gap->from_s),
            .until_ns = moment(opening, gap->until_s),
        };
    }
    for (uint32_t i = 0; i < setting->hole_count; i++) {
        const struct pl_hole *hole = &setting->holes[i];
        out->holes[i] = (struct pl_observe_hole){
            .what = hole->what,
            .target = text_or_none(hole->target),
            .text = hole->text,
            .kind = hole->kind,
        };
    }
    for (uint32_t i = 0; i < setting->indicator_count; i++) {
        const struct pl_indicator *indicator = &setting->indicators[i];
        out->indicators[i] = (struct pl_observe_indicator){
            .name = indicator->name,
            .title = indicator->title,
            .expr = indicator->expr,
            .unit = text_or_none(indicator->unit),
        };
    }
    for (uint32_t i = 0; i < setting->noise_count; i++) {
        const struct pl_noise *noise = &setting->noises[i];
        out->noises[i] = (struct pl_observe_noise){
            .service = noise->service,
            .severity = noise->severity,
            .body = noise->body,
            .per_minute = noise->per_minute,
        };
    }
    out->def.gaps = out->gaps;
    out->def.gap_count = setting->gap_count;
    out->def.holes = out->holes;
    out->def.hole_count = setting->hole_count;
    out->def.indicators = out->indicators;
    out->def.indicator_count = setting->indicator_count;
    out->def.noises = out->noises;
    out->def.noise_count = setting->noise_count;
}

void pl_instruments_fill(const struct pl_scenario *scenario,
                         const struct pl_opening *opening,
                         struct pl_instruments *out)
{
    PL_CHECK(scenario != NULL && opening != NULL && out != NULL);
    PL_CHECK(opening->cause == PL_NONE || opening->cause < scenario->cause_count);
    memset(out, 0, sizeof *out);
    out->def.seed = opening->seed;
    out->def.history_ns = opening->ends_ns + 60 * PL_NS_PER_S;
    out->def.date = scenario->setting.date;
    out->def.cluster = scenario->setting.region;
    fill_rules(&scenario->setting, out);
    fill_feed(opening, out);
    fill_people(scenario, opening, out);
    fill_messages(&scenario->setting, opening, out);
    fill_dashboards(&scenario->setting, opening, out);
}
