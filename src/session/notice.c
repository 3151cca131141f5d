// SPDX-License-Identifier: Apache-2.0
//
// Notices are kept in the order of their time (an act's effect lies in the future when it is
// added), so that both sources can be merged by one walk.
#include "session/notice.h"

#include "base/check.h"

#include <stdio.h>
#include <string.h>

int64_t pl_notice_next_due(const struct pl_session *session, bool last)
{
    PL_CHECK(session != NULL);
    double every_s = session->def.scenario->updates_every_s;
    if (last || !(every_s > 0.0)) {
        return PL_NOTICE_NEVER;
    }
    return session->now_ns + pl_clock_ns(every_s);
}

int64_t pl_notice_first_due(const struct pl_session *session)
{
    PL_CHECK(session != NULL);
    double first_s = session->def.scenario->updates_first_s;
    if (!(first_s > 0.0)) {
        return PL_NOTICE_NEVER;
    }
    return session->opening.opens_ns + pl_clock_ns(first_s);
}

void pl_notice_add(struct pl_session *session,
                   int64_t t_ns,
                   const char *kind,
                   const char *from,
                   const char *title,
                   const char *text)
{
    PL_CHECK(session != NULL);
    PL_CHECK(t_ns >= session->now_ns);
    if (session->notice_count == PL_NOTICES_MAX) {
        return;
    }
    uint32_t at = session->notice_count++;
    while (at > session->notice_cursor && session->notices[at - 1].t_ns > t_ns) {
        session->notices[at] = session->notices[at - 1];
        at--;
    }
    struct pl_notice *notice = &session->notices[at];
    memset(notice, 0, sizeof *notice);
    notice->t_ns = t_ns;
    snprintf(notice->kind, sizeof notice->kind, "%s", kind);
    snprintf(notice->from, sizeof notice->from, "%s", from);
    snprintf(notice->title, sizeof notice->title, "%s", title);
    snprintf(notice->text, sizeof notice->text, "%s", text);
}

void pl_notice_ask_for_update(struct pl_session *session)
{
    PL_CHECK(session != NULL);
    if (session->now_ns < session->update_due_ns) {
        return;
    }
    static const char *const first = "Customers are writing to us. What is broken, for whom, and "
                                     "when do they hear from us again?";
    static const char *const again =
        "The status page has been silent for too long. Please post where we stand, even if there "
        "is nothing new.";
    bool none_yet = session->update_count == 0 && session->asked_count == 0;
    pl_notice_add(session,
                  session->now_ns,
                  "stakeholder",
                  "customer support",
                  "#incident, customer support",
                  none_yet ? first : again);
    session->asked_count++;
    session->update_due_ns = pl_notice_next_due(session, false);
}

void pl_notice_start(struct pl_session *session)
{
    PL_CHECK(session != NULL);
    session->page_shown = 0;
    session->event_cursor = pl_observe_event_count(session->observe);
    for (uint32_t i = 0; i < session->event_cursor; i++) {
        const struct pl_observe_event *event = pl_observe_event(session->observe, i);
        if (pl_session_opening_page(session->def.scenario, event)) {
            session->page_shown = 1;
        }
    }
}

static const char *event_kind(uint32_t kind)
{
    static const char *const names[] = {"page", "resolved", "answer", "message"};
    PL_CHECK(kind < sizeof names / sizeof names[0]);
    return names[kind];
}

static void begin_event(const struct pl_session *session,
                        struct pl_json_out *json,
                        int64_t t_ns,
                        const char *kind)
{
    char clock[16];
    pl_session_clock(session, t_ns, clock, sizeof clock);
    pl_json_out_object_begin(json);
    pl_json_out_member_number(json, "t_s", pl_seconds(t_ns - session->opening.opens_ns));
    pl_json_out_member_string(json, "clock", clock);
    pl_json_out_member_string(json, "kind", kind);
}

static void tell_event(const struct pl_session *session,
                       struct pl_json_out *json,
                       const struct pl_observe_event *event)
{
    begin_event(session, json, event->t_ns, event_kind(event->kind));
    pl_json_out_member_string(json, "from", event->from);
    pl_json_out_member_string(json, "title", event->title);
    pl_json_out_member_string(json, "text", event->text);
    if (event->severity[0] != '\0') {
        pl_json_out_member_string(json, "severity", event->severity);
    }
    if (event->runbook[0] != '\0') {
        pl_json_out_member_string(json, "runbook", event->runbook);
    }
    pl_json_out_object_end(json);
}

static void tell_notice(const struct pl_session *session,
                        struct pl_json_out *json,
                        const struct pl_notice *notice)
{
    begin_event(session, json, notice->t_ns, notice->kind);
    pl_json_out_member_string(json, "from", notice->from);
    pl_json_out_member_string(json, "title", notice->title);
    pl_json_out_member_string(json, "text", notice->text);
    pl_json_out_object_end(json);
}

bool pl_notice_pending(const struct pl_session *session)
{
    PL_CHECK(session != NULL);
    bool notice = session->notice_cursor < session->notice_count &&
                  session->notices[session->notice_cursor].t_ns <= session->now_ns;
    return notice || session->event_cursor < pl_observe_event_count(session->observe);
}

void pl_notice_tell(struct pl_session *session, struct pl_json_out *json)
{
    PL_CHECK(session != NULL);
    uint32_t count = pl_observe_event_count(session->observe);
    pl_json_out_array_begin(json);
    while (pl_notice_pending(session)) {
        const struct pl_notice *notice = &session->notices[session->notice_cursor];
        bool has_notice =
            session->notice_cursor < session->notice_count && notice->t_ns <= session->now_ns;
        const struct pl_observe_event *event =
            session->event_cursor < count
                ? pl_observe_event(session->observe, session->event_cursor)
                : NULL;
        if (event == NULL || (has_notice && notice->t_ns < event->t_ns)) {
            tell_notice(session, json, notice);
            session->notice_cursor++;
            continue;
        }
        session->event_cursor++;
        if (!session->page_shown && pl_session_opening_page(session->def.scenario, event)) {
            session->page_shown = 1;
        } else {
            tell_event(session, json, event);
        }
    }
    pl_json_out_array_end(json);
}

/* No alert fired: somebody tells. */
static void tell_opening(const struct pl_session *session, struct pl_json_out *json)
{
    const struct pl_scenario *scenario = session->def.scenario;
    const char *name = scenario->page_from;
    char title[PL_LABEL_MAX * 3];
    for (uint32_t i = 0; i < scenario->setting.person_count; i++) {
        if (strcmp(scenario->setting.people[i].id, scenario->page_from) == 0) {
            name = scenario->setting.people[i].name;
        }
    }
    snprintf(title,
             sizeof title,
             "%s%s%s",
             name,
             scenario->page_channel[0] != '\0' ? " in " : "",
             scenario->page_channel);
    begin_event(session, json, session->opening.opens_ns, "page");
    pl_json_out_member_string(json, "from", scenario->page_from);
    pl_json_out_member_string(json, "title", title);
    pl_json_out_member_string(json, "text", scenario->page_text);
    pl_json_out_member_string(json, "severity", scenario->page_severity);
    pl_json_out_object_end(json);
}

void pl_notice_page(const struct pl_session *session, struct pl_json_out *json)
{
    PL_CHECK(session != NULL);
    const struct pl_scenario *scenario = session->def.scenario;
    char title[PL_LABEL_MAX * 3];
    if (scenario->page_alert[0] == '\0') {
        tell_opening(session, json);
        return;
    }
    snprintf(title,
             sizeof title,
             "[FIRING:1] %s %s %s (%s %s %s)",
             scenario->page_alert,
             scenario->setting.region,
             scenario->page_service,
             scenario->setting.environment,
             scenario->page_severity,
             scenario->page_team);
    begin_event(session, json, session->opening.opens_ns, "page");
    pl_json_out_member_string(json, "from", "alertmanager");
    pl_json_out_member_string(json, "title", title);
    pl_json_out_member_string(json, "text", scenario->page_text);
    pl_json_out_member_string(json, "severity", scenario->page_severity);
    for (uint32_t i = 0; i < scenario->setting.alert_count; i++) {
        const struct pl_alert_def *alert = &scenario->setting.alerts[i];
        if (strcmp(alert->name, scenario->page_alert) == 0 && alert->runbook[0] != '\0') {
            pl_json_out_member_string(json, "runbook", alert->runbook);
            break;
        }
    }
    pl_json_out_object_end(json);
}
