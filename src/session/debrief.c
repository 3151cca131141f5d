// SPDX-License-Identifier: Apache-2.0
#include "session/debrief.h"

#include "base/check.h"
#include "session/say.h"
#include "session/truth.h"

#include <stdio.h>
#include <string.h>

#define MINUTE_NS (60 * PL_NS_PER_S)

static uint32_t minute_of(int64_t t_ns)
{
    return t_ns > 0 ? (uint32_t)(t_ns / MINUTE_NS) : 0;
}

/* Positions count whole minutes, and a course's last minute may be broken off. */
static uint32_t minute_after(int64_t t_ns)
{
    return t_ns > 0 ? (uint32_t)((t_ns + MINUTE_NS - 1) / MINUTE_NS) : 0;
}

static void
put_clock(const struct pl_session *session, struct pl_json_out *json, const char *key, int64_t t_ns)
{
    char clock[16];
    if (t_ns < 0) {
        pl_json_out_key(json, key);
        pl_json_out_null(json);
        return;
    }
    pl_session_clock(session, t_ns, clock, sizeof clock);
    pl_json_out_member_string(json, key, clock);
}

/* Seconds from `from_ns` to `t_ns`, null when it did not happen. */
static void put_after(struct pl_json_out *json, const char *key, int64_t t_ns, int64_t from_ns)
{
    pl_json_out_key(json, key);
    if (t_ns < 0) {
        pl_json_out_null(json);
    } else {
        pl_json_out_number(json, pl_seconds(t_ns - from_ns));
    }
}

static void put_cause(const struct pl_session *session, struct pl_json_out *json)
{
    const struct pl_scenario *scenario = session->def.scenario;
    const struct pl_cause *cause = &scenario->causes[session->opening.cause];
    pl_json_out_key(json, "cause");
    pl_json_out_object_begin(json);
    pl_json_out_member_string(json, "name", cause->name);
    pl_json_out_member_string(json, "title", cause->title);
    pl_json_out_member_string(json, "fault", cause->fault);
    pl_json_out_member_string(json, "text", cause->text);
    pl_json_out_member_string(json, "tell", cause->tell);
    pl_json_out_key(json, "helps");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < cause->helps_count; i++) {
        char memory[160];
        struct pl_buf text;
        pl_buf_init(&text, memory, sizeof memory);
        pl_action_format(scenario, &scenario->setting.calls[cause->helps0 + i], &text);
        pl_json_out_string(json, memory);
    }
    pl_json_out_array_end(json);
    pl_json_out_object_end(json);
}

/* True when `word` is one of the words of a list that are separated by spaces. */
static bool has_word(const char *list, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = list; size > 0 && *at != '\0'; at += strcspn(at, " "), at += *at == ' ') {
        if (strcspn(at, " ") == size && memcmp(at, word, size) == 0) {
            return true;
        }
    }
    return false;
}

/* The cause names red herrings of its own among its triggers, not only targets of the feed. */
static bool names_herrings(const struct pl_scenario *scenario, const struct pl_cause *cause)
{
    for (uint32_t i = 0; i < scenario->red_herring_count; i++) {
        if (has_word(cause->triggers, scenario->red_herrings[i].name)) {
            return true;
        }
    }
    return false;
}

/* In a form whose cause it is, what is a red herring elsewhere is none. */
static bool is_guilty(const struct pl_session *session, const struct pl_red_herring *herring)
{
    const struct pl_scenario *scenario = session->def.scenario;
    const struct pl_cause *cause = &scenario->causes[session->opening.cause];
    if (names_herrings(scenario, cause)) {
        return has_word(cause->triggers, herring->name);
    }
    for (uint32_t i = 0; i < herring->feed_count; i++) {
        if (has_word(cause->triggers, scenario->setting.feed[herring->feed0 + i].target)) {
            return true;
        }
    }
    return false;
}

/* The red herring that an entry of the feed comes from, NULL when it comes from none. */
static const struct pl_red_herring *herring_of(const struct pl_scenario *scenario,
                                               const struct pl_feed_entry *entry)
{
    for (uint32_t i = 0; i < scenario->red_herring_count; i++) {
        const struct pl_red_herring *herring = &scenario->red_herrings[i];
        for (uint32_t k = 0; k < herring->feed_count; k++) {
            const struct pl_feed_entry *each = &scenario->setting.feed[herring->feed0 + k];
            if (strcmp(each->target, entry->target) == 0 && strcmp(each->text, entry->text) == 0) {
                return herring;
            }
        }
    }
    return NULL;
}

static bool is_trigger(const struct pl_session *session, const struct pl_feed_entry *entry)
{
    const struct pl_scenario *scenario = session->def.scenario;
    const struct pl_cause *cause = &scenario->causes[session->opening.cause];
    const struct pl_red_herring *herring = herring_of(scenario, entry);
    return herring != NULL
               ? is_guilty(session, herring) &&
                     (names_herrings(scenario, cause) || has_word(cause->triggers, entry->target))
               : has_word(cause->triggers, entry->target);
}

static void put_red_herrings(const struct pl_session *session, struct pl_json_out *json)
{
    const struct pl_scenario *scenario = session->def.scenario;
    pl_json_out_key(json, "red_herrings");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < scenario->red_herring_count; i++) {
        if (is_guilty(session, &scenario->red_herrings[i])) {
            continue;
        }
        pl_json_out_object_begin(json);
        pl_json_out_member_string(json, "name", scenario->red_herrings[i].name);
        pl_json_out_member_string(json, "text", scenario->red_herrings[i].text);
        pl_json_out_object_end(json);
    }
    pl_json_out_array_end(json);
}

/* Entries of the feed, shown or hidden, that the cause names as its trigger. */
static void put_triggers(const struct pl_session *session, struct pl_json_out *json)
{
    pl_json_out_key(json, "trigger");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < session->opening.feed_count; i++) {
        const struct pl_feed_entry *entry = &session->opening.feed[i];
        int64_t t_ns = session->opening.opens_ns + (int64_t)(entry->at_s * 1e9);
        if (!is_trigger(session, entry) || entry->at_s > 0.0) {
            continue;
        }
        char clock[16];
        pl_session_clock(session, t_ns, clock, sizeof clock);
        pl_json_out_object_begin(json);
        pl_json_out_member_string(json, "clock", clock);
        pl_json_out_member_string(json, "kind", entry->kind);
        pl_json_out_member_string(json, "target", entry->target);
        pl_json_out_member_string(json, "text", entry->text);
        pl_json_out_member_bool(json, "in_the_feed", entry->hidden == 0);
        pl_json_out_object_end(json);
    }
    pl_json_out_array_end(json);
}

static void put_times(const struct pl_session *session,
                      struct pl_json_out *json,
                      const struct pl_truth_times *times)
{
    pl_json_out_key(json, "times");
    pl_json_out_object_begin(json);
    put_clock(session, json, "onset", times->onset_ns);
    put_clock(session, json, "page", times->page_ns);
    put_clock(session, json, "first_act", times->first_act_ns);
    put_clock(session, json, "mitigated", times->mitigated_ns);
    put_clock(session, json, "resolved", times->resolved_ns);
    put_clock(session, json, "closed", session->done_ns);
    put_after(json, "detect_s", times->page_ns, times->onset_ns);
    put_after(json, "first_act_s", times->first_act_ns, times->page_ns);
    put_after(json, "mitigate_s", times->mitigated_ns, times->page_ns);
    put_after(json, "resolve_s", times->resolved_ns, times->page_ns);
    pl_json_out_object_end(json);
}

static void put_course(struct pl_json_out *json,
                       const char *key,
                       const struct pl_truth_course *course,
                       uint32_t first)
{
    pl_json_out_key(json, key);
    pl_json_out_array_begin(json);
    for (uint32_t i = first; i < course->minute_count; i++) {
        pl_json_out_number(json, course->damage[i]);
    }
    pl_json_out_array_end(json);
}

static void put_share(struct pl_json_out *json, const char *key, double damage, double budget)
{
    pl_json_out_key(json, key);
    if (budget > 0.0) {
        pl_json_out_number(json, damage / budget);
    } else {
        pl_json_out_null(json);
    }
}

/* What else than requests this world counts as damage; nothing when it is requests alone. */
static const char *other_damage(const struct pl_world *world)
{
    if (world->effect_count > 0) {
        return "done twice, wrongly or unseen";
    }
    return world->streams.group_count > 0 ? "records late, lost or twice" : NULL;
}

/* Both courses per minute from ten minutes before the onset on, and their sums. */
static void put_damage(const struct pl_session *session,
                       struct pl_json_out *json,
                       const struct pl_truth_times *times,
                       const struct pl_truth_course *course,
                       const struct pl_truth_course *without)
{
    uint32_t onset = minute_of(times->onset_ns);
    uint32_t page = minute_of(times->page_ns);
    uint32_t first = onset > 10 ? onset - 10 : 0;
    uint32_t end = minute_after(session->done_ns);
    double budget = pl_truth_budget(session->def.world);
    double total = pl_truth_sum(course, onset, end);
    double after = pl_truth_sum(course, page, end);
    double idle = pl_truth_sum(without, page, end);
    double normal = onset > 0 ? pl_truth_sum(course, 0, onset) / (double)onset : 0.0;
    pl_json_out_key(json, "damage");
    pl_json_out_object_begin(json);
    pl_json_out_member_number(json, "requests", total);
    pl_json_out_member_number(json, "requests_after_page", after);
    pl_json_out_member_number(json, "requests_after_page_without_any_act", idle);
    pl_json_out_member_number(json, "normal_per_minute", normal);
    const char *other = other_damage(session->def.world);
    if (other != NULL) {
        pl_json_out_member_string(json, "counts_too", other);
    }
    put_share(json, "budget_share", total, budget);
    put_share(json, "budget_share_after_page", after, budget);
    put_share(json, "budget_share_after_page_without_any_act", idle, budget);
    put_clock(session, json, "from", (int64_t)first * MINUTE_NS);
    pl_json_out_member_number(
        json, "from_s", pl_seconds((int64_t)first * MINUTE_NS - session->opening.opens_ns));
    int64_t rest_ns = session->done_ns % MINUTE_NS;
    pl_json_out_member_number(json, "last_minute_s", rest_ns > 0 ? pl_seconds(rest_ns) : 60.0);
    put_course(json, "per_minute", course, first);
    put_course(json, "per_minute_without_any_act", without, first);
    pl_json_out_object_end(json);
}

static double damage_at(const struct pl_truth_course *course, int64_t t_ns)
{
    uint32_t minute = minute_of(t_ns);
    return minute < course->minute_count ? course->damage[minute] : 0.0;
}

static void put_moment(const struct pl_session *session,
                       struct pl_json_out *json,
                       const struct pl_truth_course *course,
                       int64_t t_ns,
                       const char *kind,
                       const char *text)
{
    pl_json_out_object_begin(json);
    pl_json_out_member_number(json, "t_s", pl_seconds(t_ns - session->opening.opens_ns));
    put_clock(session, json, "clock", t_ns);
    pl_json_out_member_string(json, "kind", kind);
    pl_json_out_member_string(json, "text", text);
    pl_json_out_member_number(json, "damage_per_minute", damage_at(course, t_ns));
    pl_json_out_object_end(json);
}

/* Moves of the player, told notices and events of the instruments, merged by time. */
static void put_timeline(const struct pl_session *session,
                         struct pl_json_out *json,
                         const struct pl_truth_course *course)
{
    uint32_t move = 0;
    uint32_t notice = 0;
    uint32_t event = 0;
    uint32_t event_count = pl_observe_event_count(session->observe);
    pl_json_out_key(json, "timeline");
    pl_json_out_array_begin(json);
    while (event < event_count &&
           pl_observe_event(session->observe, event)->t_ns < session->opening.opens_ns) {
        event++;
    }
    for (;;) {
        int64_t move_ns = move < session->move_count ? session->moves[move].t_ns : INT64_MAX;
        int64_t notice_ns =
            notice < session->notice_cursor ? session->notices[notice].t_ns : INT64_MAX;
        int64_t event_ns =
            event < event_count ? pl_observe_event(session->observe, event)->t_ns : INT64_MAX;
        if (move_ns == INT64_MAX && notice_ns == INT64_MAX && event_ns == INT64_MAX) {
            break;
        }
        if (notice_ns <= move_ns && notice_ns <= event_ns) {
            const struct pl_notice *told = &session->notices[notice++];
            put_moment(session, json, course, told->t_ns, told->kind, told->title);
        } else if (event_ns <= move_ns) {
            const struct pl_observe_event *seen = pl_observe_event(session->observe, event++);
            static const char *const kinds[] = {"page", "resolved", "answer", "message"};
            put_moment(session, json, course, seen->t_ns, kinds[seen->kind], seen->title);
        } else {
            const struct pl_move *made = &session->moves[move++];
            put_moment(session, json, course, made->t_ns, made->kind, made->text);
        }
    }
    pl_json_out_array_end(json);
}

/* One claim beside the truth: which of its parts fit the cause. */
static double
put_claim(const struct pl_session *session, struct pl_json_out *json, const struct pl_claim *claim)
{
    const struct pl_cause *cause = &session->def.scenario->causes[session->opening.cause];
    char mechanism[2 * PL_CLAIM_TEXT_MAX];
    snprintf(mechanism, sizeof mechanism, "%s %s", claim->mechanism, claim->detail);
    struct pl_claim_match match =
        pl_cause_match(cause, claim->component, mechanism, claim->trigger);
    pl_json_out_object_begin(json);
    pl_json_out_member_number(json, "p", claim->p);
    pl_json_out_member_string(json, "component", claim->component);
    pl_json_out_member_string(json, "mechanism", claim->mechanism);
    pl_json_out_member_string(json, "detail", claim->detail);
    pl_json_out_member_string(json, "trigger", claim->trigger);
    pl_json_out_member_bool(json, "component_fits", match.component != 0);
    pl_json_out_member_bool(json, "mechanism_fits", match.mechanism != 0);
    pl_json_out_member_bool(json, "trigger_fits", match.trigger != 0);
    pl_json_out_object_end(json);
    return match.component && match.mechanism ? claim->p : 0.0;
}

static void put_beliefs(const struct pl_session *session, struct pl_json_out *json)
{
    pl_json_out_key(json, "beliefs");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < session->belief_count; i++) {
        const struct pl_stated_belief *belief = &session->beliefs[i];
        double on_cause = 0.0;
        pl_json_out_object_begin(json);
        put_clock(session, json, "clock", belief->t_ns);
        pl_json_out_key(json, "claims");
        pl_json_out_array_begin(json);
        for (uint32_t k = 0; k < belief->claim_count; k++) {
            on_cause += put_claim(session, json, &belief->claims[k]);
        }
        pl_json_out_array_end(json);
        pl_json_out_member_number(json, "on_the_cause", on_cause);
        pl_json_out_object_end(json);
    }
    pl_json_out_array_end(json);
}

static void put_updates(const struct pl_session *session, struct pl_json_out *json)
{
    pl_json_out_key(json, "updates");
    pl_json_out_object_begin(json);
    pl_json_out_member_integer(json, "asked_for", session->asked_count);
    pl_json_out_key(json, "posts");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < session->update_count; i++) {
        const struct pl_update *update = &session->updates[i];
        pl_json_out_object_begin(json);
        put_clock(session, json, "clock", update->t_ns);
        pl_json_out_member_string(json, "status", pl_say_statuses()[update->status]);
        pl_json_out_member_string(json, "text", update->text);
        pl_json_out_object_end(json);
    }
    pl_json_out_array_end(json);
    pl_json_out_object_end(json);
}

void pl_debrief(struct pl_session *session, struct pl_buf *out)
{
    PL_CHECK(session != NULL);
    PL_CHECK(session->done_ns >= session->opening.opens_ns);
    struct pl_truth_course course;
    struct pl_truth_course without;
    pl_truth_course(session, &course);
    pl_truth_course_without(session, session->done_ns, &without);
    struct pl_truth_times times = pl_truth_times(session, &course);
    struct pl_json_out json;
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "type", "debrief");
    pl_json_out_member_string(&json, "scenario", session->def.scenario->name);
    pl_json_out_member_string(&json, "title", session->def.scenario->title);
    pl_json_out_member_bool(&json, "closed_by_player", session->closed != 0);
    pl_json_out_member_bool(&json, "still_hurting", times.hurting != 0);
    put_cause(session, &json);
    put_triggers(session, &json);
    put_red_herrings(session, &json);
    put_times(session, &json, &times);
    put_damage(session, &json, &times, &course, &without);
    put_timeline(session, &json, &course);
    put_beliefs(session, &json);
    put_updates(session, &json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}
