// SPDX-License-Identifier: Apache-2.0
//
// One form of a scenario: the cause is drawn, definitions get their moments.
#include "scenario/scenario.h"

#include "base/check.h"
#include "base/random.h"
#include "scenario/change_def.h"

#include <string.h>

/** Children of the session's seed: the cause, how severe an owner's changes are, when they begin.
 */
enum { CAUSE_STREAM = 0x63617573, SEVERITY_STREAM = 0x73657672, ONSET_STREAM = 0x6f6e7374 };

/** Owners of changes: each has one draw of severity and one of onset. Causes share theirs, so that
 * the same form under another cause differs by the cause alone. */
enum { OWNER_CAUSE = 0, OWNER_RED_HERRING = 1 /* plus its index */ };

/** Definitions being placed on the timeline. */
struct placing {
    const struct pl_world *world;
    const struct pl_scenario *scenario;
    struct pl_opening *opening;
    pl_error *err;
    bool by_clock;   /* at_s is a time of day */
    double severity; /* -1..1, of the owner of the definitions */
    double onset;    /* -1..1 */
};

/* One draw of an owner, uniform in -1..1. */
static double draw_owner(const struct pl_opening *opening, uint64_t stream, uint64_t owner)
{
    return 2.0 * pl_random_unit(pl_random_bits(pl_random_child(opening->seed, stream), owner)) -
           1.0;
}

static void place_for(struct placing *placing, uint64_t owner)
{
    placing->severity = draw_owner(placing->opening, SEVERITY_STREAM, owner);
    placing->onset = draw_owner(placing->opening, ONSET_STREAM, owner);
}

static uint32_t draw_cause(const struct pl_scenario *scenario, uint64_t seed)
{
    double total = 0.0;
    for (uint32_t i = 0; i < scenario->cause_count; i++) {
        total += scenario->causes[i].prior;
    }
    uint64_t bits = pl_random_bits(pl_random_child(seed, CAUSE_STREAM), 0);
    double left = pl_random_unit(bits) * total;
    for (uint32_t i = 0; i < scenario->cause_count; i++) {
        left -= scenario->causes[i].prior;
        if (left < 0.0) {
            return i;
        }
    }
    return scenario->cause_count - 1;
}

/* Time of day relative to the opening: the nearest one, so that 23:50 lies before 00:10. */
static double relative(const struct pl_scenario *scenario, double clock_s)
{
    double at = clock_s - scenario->opens_clock_s;
    if (at > 43200.0) {
        at -= 86400.0;
    } else if (at < -43200.0) {
        at += 86400.0;
    }
    return at;
}

/* Value of a param just before a moment: its base, or what the latest earlier change made it. */
static double value_before(const struct placing *placing, uint32_t param, int64_t t_ns)
{
    double value = placing->world->params[param].base;
    int64_t latest_ns = -1;
    for (uint32_t i = 0; i < placing->opening->change_count; i++) {
        const struct pl_change *change = &placing->opening->changes[i];
        if (change->param == param && change->t_ns <= t_ns && change->t_ns >= latest_ns) {
            latest_ns = change->t_ns;
            value = change->value;
        }
    }
    return value;
}

static pl_status place_change(const struct placing *placing, const struct pl_change_def *def)
{
    struct pl_opening *opening = placing->opening;
    double at_s = placing->by_clock ? relative(placing->scenario, def->at_s) : def->at_s;
    at_s += def->jitter_s * placing->onset;
    double t_s = def->from_start != 0 ? 0.0 : placing->scenario->warmup_s + at_s;
    if (t_s < 0.0) {
        t_s = 0.0; /* of the world's clock: what is over before the run has its effect from 0 on */
    }
    struct pl_change_bound bound = {
        .def = def,
        .param = pl_world_param(placing->world, def->path),
        .gate_param = def->gated != 0 ? pl_world_param(placing->world, def->gate_path) : 0,
        .t_ns = pl_clock_ns(t_s),
        .value = def->value * (1.0 + def->vary * placing->severity),
    };
    if (bound.param == 0) {
        return pl_fail(placing->err, PL_NOT_FOUND, NULL, "There is no param `%s`.", def->path);
    }
    if (opening->change_count + PL_CHANGE_MADE_MAX > PL_TIMELINE_MAX) {
        return pl_fail(placing->err,
                       PL_LIMIT,
                       NULL,
                       "A timeline has at most %d changes.",
                       (int)PL_TIMELINE_MAX);
    }
    bound.before = value_before(placing, bound.param, bound.t_ns);
    uint32_t made = pl_change_make(
        placing->world, &bound, &opening->changes[opening->change_count], placing->err);
    opening->change_count += made;
    return made > 0 ? PL_OK : PL_BAD_INPUT;
}

static pl_status place_changes(const struct placing *placing, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        pl_status status = place_change(placing, &placing->scenario->setting.changes[first + i]);
        if (status != PL_OK) {
            return status;
        }
    }
    return PL_OK;
}

static void place_feed(const struct placing *placing, uint32_t first, uint32_t count)
{
    struct pl_opening *opening = placing->opening;
    for (uint32_t i = 0; i < count && opening->feed_count < PL_FEEDS_MAX; i++) {
        struct pl_feed_entry *entry = &opening->feed[opening->feed_count++];
        *entry = placing->scenario->setting.feed[first + i];
        if (placing->by_clock) {
            entry->at_s = relative(placing->scenario, entry->at_s);
        }
        entry->at_s += entry->jitter_s * placing->onset;
    }
}

/* Stable insertion sorts: equal moments keep the order of the files. */
static void sort_opening(struct pl_opening *opening)
{
    for (uint32_t i = 1; i < opening->change_count; i++) {
        struct pl_change moving = opening->changes[i];
        uint32_t at = i;
        for (; at > 0 && opening->changes[at - 1].t_ns > moving.t_ns; at--) {
            opening->changes[at] = opening->changes[at - 1];
        }
        opening->changes[at] = moving;
    }
    for (uint32_t i = 1; i < opening->feed_count; i++) {
        struct pl_feed_entry moving = opening->feed[i];
        uint32_t at = i;
        for (; at > 0 && opening->feed[at - 1].at_s > moving.at_s; at--) {
            opening->feed[at] = opening->feed[at - 1];
        }
        opening->feed[at] = moving;
    }
}

/* Everything but the cause, in the order of the files. */
static pl_status place_common(struct placing *placing)
{
    const struct pl_scenario *scenario = placing->scenario;
    const struct pl_setting *setting = &scenario->setting;
    placing->by_clock = true;
    pl_status status = place_changes(placing, setting->cron0, setting->cron_count);
    place_feed(placing, setting->background0, setting->background_count);
    placing->by_clock = false;
    for (uint32_t i = 0; i < scenario->red_herring_count && status == PL_OK; i++) {
        const struct pl_red_herring *herring = &scenario->red_herrings[i];
        place_for(placing, OWNER_RED_HERRING + i);
        status = place_changes(placing, herring->change0, herring->change_count);
        place_feed(placing, herring->feed0, herring->feed_count);
    }
    return status;
}

static void begin_opening(const struct pl_scenario *scenario,
                          uint64_t seed,
                          uint32_t cause,
                          struct pl_opening *opening)
{
    memset(opening, 0, sizeof *opening);
    opening->seed = seed;
    opening->cause = cause;
    opening->opens_ns = pl_clock_ns(scenario->warmup_s);
    opening->ends_ns = pl_clock_ns(scenario->warmup_s + scenario->horizon_s);
}

pl_status pl_scenario_open_common(const struct pl_world *world,
                                  const struct pl_scenario *scenario,
                                  uint64_t seed,
                                  struct pl_opening *opening,
                                  pl_error *err)
{
    PL_CHECK(world->sealed != 0);
    begin_opening(scenario, seed, PL_NONE, opening);
    struct placing placing = {.world = world, .scenario = scenario, .opening = opening, .err = err};
    pl_status status = place_common(&placing);
    sort_opening(opening);
    return status;
}

pl_status pl_scenario_open(const struct pl_world *world,
                           const struct pl_scenario *scenario,
                           uint64_t seed,
                           uint32_t cause,
                           struct pl_opening *opening,
                           pl_error *err)
{
    PL_CHECK(world->sealed != 0);
    PL_CHECK(scenario->cause_count > 0);
    PL_CHECK(cause == PL_NONE || cause < scenario->cause_count);
    begin_opening(scenario, seed, cause != PL_NONE ? cause : draw_cause(scenario, seed), opening);
    struct placing placing = {.world = world, .scenario = scenario, .opening = opening, .err = err};
    pl_status status = place_common(&placing);
    if (status != PL_OK) {
        return status;
    }
    const struct pl_cause *drawn = &scenario->causes[opening->cause];
    place_for(&placing, OWNER_CAUSE);
    status = place_changes(&placing, drawn->change0, drawn->change_count);
    place_feed(&placing, drawn->feed0, drawn->feed_count);
    sort_opening(opening);
    return status;
}

double pl_scenario_look_cost(const struct pl_scenario *scenario, const char *look)
{
    double fallback = 30.0;
    for (uint32_t i = 0; i < scenario->setting.look_count; i++) {
        if (strcmp(scenario->setting.looks[i].name, look) == 0) {
            return scenario->setting.looks[i].cost_s;
        }
        if (strcmp(scenario->setting.looks[i].name, "panel") == 0) {
            fallback = scenario->setting.looks[i].cost_s;
        }
    }
    return fallback;
}

/* ---- Claims --------------------------------------------------------------------------------- */

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* True when `word` (a known word; a final * takes any ending) is the text at, up to size. */
static bool word_fits(const char *word, size_t word_size, const char *at, size_t size)
{
    bool prefix = word_size > 0 && word[word_size - 1] == '*';
    size_t need = prefix ? word_size - 1 : word_size;
    if (size < need || (!prefix && size != need)) {
        return false;
    }
    for (size_t i = 0; i < need; i++) {
        if (lower(word[i]) != lower(at[i])) {
            return false;
        }
    }
    return need > 0;
}

/* True when any word of the claim is one of the known words. */
static uint32_t fits(const char *known, const char *claim)
{
    for (const char *at = claim; *at != '\0';) {
        size_t size = 0;
        while (is_word_byte(at[size])) {
            size++;
        }
        for (const char *word = known; size > 0 && *word != '\0';) {
            size_t word_size = strcspn(word, " ");
            if (word_fits(word, word_size, at, size)) {
                return 1;
            }
            word += word_size + (word[word_size] == ' ' ? 1 : 0);
        }
        at += size > 0 ? size : 1;
    }
    return 0;
}

struct pl_claim_match pl_cause_match(const struct pl_cause *cause,
                                     const char *component,
                                     const char *mechanism,
                                     const char *trigger)
{
    return (struct pl_claim_match){
        .component = fits(cause->components, component),
        .mechanism = fits(cause->mechanisms, mechanism),
        .trigger = fits(cause->triggers, trigger),
    };
}
