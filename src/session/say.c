// SPDX-License-Identifier: Apache-2.0
#include "session/say.h"

#include "base/check.h"
#include "session/command.h"
#include "session/look.h"
#include "session/notice.h"

#include <stdio.h>
#include <string.h>

enum { MESSAGE_MAX = 600 };

static const char *const statuses[] = {
    "investigating", "identified", "monitoring", "resolved", NULL};
static const char *const fields[] = {"title",
                                     "summary",
                                     "impact",
                                     "root_causes",
                                     "trigger",
                                     "resolution",
                                     "detection",
                                     "action_items",
                                     "went_well",
                                     "went_wrong",
                                     "got_lucky",
                                     "timeline",
                                     "supporting_information",
                                     NULL};

_Static_assert(sizeof fields / sizeof fields[0] == PL_POSTMORTEM_FIELDS + 1, "one text per field");

const char *const *pl_say_statuses(void)
{
    return statuses;
}

const char *const *pl_say_postmortem_fields(void)
{
    return fields;
}

static pl_status copy_text(const json_t *object, const char *key, char *target, pl_error *err)
{
    const char *text = "";
    pl_status status = pl_command_text(object, key, PL_CLAIM_TEXT_MAX - 1, &text, err);
    snprintf(target, PL_CLAIM_TEXT_MAX, "%s", text);
    return status;
}

static pl_status read_claim(const json_t *object, struct pl_claim *claim, pl_error *err)
{
    static const char *const known[] = {"component", "mechanism", "detail", "trigger", "p", NULL};
    memset(claim, 0, sizeof *claim);
    if (!json_is_object(object)) {
        return pl_fail(err, PL_BAD_INPUT, NULL, "Each of `claims` must be an object.");
    }
    pl_status status = pl_command_members(object, known, err);
    claim->p = -1.0;
    status = status == PL_OK ? copy_text(object, "component", claim->component, err) : status;
    status = status == PL_OK ? copy_text(object, "mechanism", claim->mechanism, err) : status;
    status = status == PL_OK ? copy_text(object, "detail", claim->detail, err) : status;
    status = status == PL_OK ? copy_text(object, "trigger", claim->trigger, err) : status;
    status = status == PL_OK ? pl_command_number(object, "p", 0.0, 1.0, &claim->p, err) : status;
    if (status == PL_OK && claim->component[0] == '\0') {
        return pl_fail(err, PL_BAD_INPUT, NULL, "A claim needs a `component`, such as a service.");
    }
    if (status == PL_OK && claim->p < 0.0) {
        return pl_fail(err, PL_BAD_INPUT, NULL, "A claim needs `p`, its probability from 0 to 1.");
    }
    return status;
}

static void put_claim(struct pl_json_out *json, const struct pl_claim *claim)
{
    pl_json_out_object_begin(json);
    pl_json_out_member_number(json, "p", claim->p);
    pl_json_out_member_string(json, "component", claim->component);
    pl_json_out_member_string(json, "mechanism", claim->mechanism);
    pl_json_out_member_string(json, "detail", claim->detail);
    pl_json_out_member_string(json, "trigger", claim->trigger);
    pl_json_out_object_end(json);
}

static void put_belief(struct pl_buf *out, const struct pl_stated_belief *belief)
{
    struct pl_json_out json;
    double rest = 1.0;
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "type", "belief");
    pl_json_out_key(&json, "claims");
    pl_json_out_array_begin(&json);
    for (uint32_t i = 0; i < belief->claim_count; i++) {
        put_claim(&json, &belief->claims[i]);
        rest -= belief->claims[i].p;
    }
    pl_json_out_array_end(&json);
    pl_json_out_member_number(&json, "something_else", rest > 1e-9 ? rest : 0.0);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

static pl_status say_believe(struct pl_session *session,
                             const json_t *command,
                             struct pl_buf *out,
                             struct pl_buf *move,
                             pl_error *err)
{
    static const char *const known[] = {"claims", NULL};
    pl_status status = pl_command_members(command, known, err);
    if (status != PL_OK) {
        return status;
    }
    const json_t *claims = json_object_get(command, "claims");
    if (claims == NULL) {
        static const struct pl_stated_belief nothing;
        uint32_t count = session->belief_count;
        put_belief(out, count > 0 ? &session->beliefs[count - 1] : &nothing);
        return PL_OK;
    }
    if (!json_is_array(claims)) {
        return pl_fail(err, PL_BAD_INPUT, NULL, "`claims` must be a list of claims.");
    }
    if (json_array_size(claims) > PL_CLAIMS_MAX || session->belief_count == PL_BELIEFS_MAX) {
        return pl_fail(err,
                       PL_LIMIT,
                       NULL,
                       "At most %d claims at once and %d statements of belief are kept.",
                       PL_CLAIMS_MAX,
                       PL_BELIEFS_MAX);
    }
    struct pl_stated_belief *belief = &session->beliefs[session->belief_count];
    memset(belief, 0, sizeof *belief);
    belief->t_ns = session->now_ns;
    double sum = 0.0;
    for (size_t i = 0; i < json_array_size(claims); i++) {
        struct pl_claim *claim = &belief->claims[i];
        status = read_claim(json_array_get(claims, i), claim, err);
        if (status != PL_OK) {
            return status;
        }
        sum += claim->p;
        pl_buf_printf(
            move, "%s%.0f %% %s", i > 0 ? "; " : "believe ", claim->p * 100.0, claim->component);
        pl_buf_printf(move,
                      "%s%s%s%s",
                      claim->mechanism[0] != '\0' ? " " : "",
                      claim->mechanism,
                      claim->detail[0] != '\0' ? " " : "",
                      claim->detail);
    }
    if (sum > 1.0 + 1e-9) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "The probabilities sum to %.0f %%; at most 100 %% can be given away.",
                       sum * 100.0);
    }
    belief->claim_count = (uint32_t)json_array_size(claims);
    session->belief_count++;
    put_belief(out, belief);
    return PL_OK;
}

static void
put_posted(struct pl_session *session, const struct pl_update *update, struct pl_buf *out)
{
    char clock[16];
    struct pl_json_out json;
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "type", "posted");
    pl_json_out_member_string(&json, "status", statuses[update->status]);
    pl_json_out_member_string(&json, "text", update->text);
    pl_session_clock(session, update->t_ns, clock, sizeof clock);
    pl_json_out_member_string(&json, "posted", clock);
    if (update->status + 1 < sizeof statuses / sizeof statuses[0] - 1) {
        pl_session_clock(session, session->update_due_ns, clock, sizeof clock);
        pl_json_out_member_string(&json, "next_due", clock);
    }
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

static pl_status say_update(struct pl_session *session,
                            const json_t *command,
                            struct pl_buf *out,
                            struct pl_buf *move,
                            pl_error *err)
{
    static const char *const known[] = {"status", "text", NULL};
    const char *word = "";
    const char *text = "";
    uint32_t index = 0;
    pl_status status = pl_command_members(command, known, err);
    status = status == PL_OK ? pl_command_text_needed(command, "status", 32, &word, err) : status;
    status = status == PL_OK ? pl_command_choice("status", word, statuses, &index, err) : status;
    status = status == PL_OK
                 ? pl_command_text_needed(command, "text", PL_UPDATE_TEXT_MAX - 1, &text, err)
                 : status;
    if (status != PL_OK) {
        return status;
    }
    if (session->update_count == PL_UPDATES_MAX) {
        return pl_fail(err, PL_LIMIT, NULL, "At most %d updates are kept.", PL_UPDATES_MAX);
    }
    struct pl_update *update = &session->updates[session->update_count++];
    memset(update, 0, sizeof *update);
    update->t_ns = session->now_ns;
    update->due_ns = session->update_due_ns;
    update->status = index;
    snprintf(update->text, sizeof update->text, "%s", text);
    session->update_due_ns = pl_notice_next_due(session, statuses[index + 1] == NULL);
    pl_buf_printf(move, "update %s \"%s\"", word, text);
    put_posted(session, update, out);
    return PL_OK;
}

/* Whoever can be asked answers a message as a question; everybody else reads it. */
static pl_status say_message(struct pl_session *session,
                             const json_t *command,
                             struct pl_buf *out,
                             struct pl_buf *move,
                             pl_error *err)
{
    static const char *const known[] = {"to", "text", NULL};
    const char *to = "";
    const char *text = "";
    pl_status status = pl_command_members(command, known, err);
    status =
        status == PL_OK ? pl_command_text_needed(command, "to", PL_NAME_MAX - 1, &to, err) : status;
    status =
        status == PL_OK ? pl_command_text_needed(command, "text", MESSAGE_MAX, &text, err) : status;
    if (status != PL_OK) {
        return status;
    }
    pl_buf_printf(move, "message %s %s", to, text);
    if (pl_look_person(session->def.scenario, to) != PL_NONE) {
        return pl_observe_ask(session->observe, session->now_ns, to, text, out, err);
    }
    struct pl_json_out json;
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "type", "text");
    pl_json_out_member_string(&json, "title", "Message sent");
    pl_json_out_member_string(&json, "text", text);
    pl_json_out_member_string(&json, "to", to);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    return PL_OK;
}

/* Check all fields before the first is kept. */
static pl_status read_fields(const json_t *given, const char **texts, pl_error *err)
{
    pl_status status = pl_command_members(given, fields, err);
    for (uint32_t i = 0; i < PL_POSTMORTEM_FIELDS && status == PL_OK; i++) {
        texts[i] = NULL;
        if (json_object_get(given, fields[i]) != NULL) {
            status = pl_command_text(given, fields[i], PL_POSTMORTEM_TEXT_MAX - 1, &texts[i], err);
        }
    }
    return status;
}

static pl_status say_postmortem(struct pl_session *session,
                                const json_t *command,
                                struct pl_buf *out,
                                struct pl_buf *move,
                                pl_error *err)
{
    static const char *const known[] = {"fields", NULL};
    const char *texts[PL_POSTMORTEM_FIELDS] = {0};
    const json_t *given = json_object_get(command, "fields");
    pl_status status = pl_command_members(command, known, err);
    if (status == PL_OK && !json_is_object(given)) {
        return pl_fail(err, PL_BAD_INPUT, NULL, "`fields` must be an object of texts.");
    }
    status = status == PL_OK ? read_fields(given, texts, err) : status;
    if (status != PL_OK) {
        return status;
    }
    struct pl_json_out json;
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "type", "postmortem");
    pl_json_out_key(&json, "fields");
    pl_json_out_object_begin(&json);
    for (uint32_t i = 0; i < PL_POSTMORTEM_FIELDS; i++) {
        if (texts[i] != NULL) {
            snprintf(session->postmortem[i], sizeof session->postmortem[i], "%s", texts[i]);
        }
        pl_json_out_member_string(&json, fields[i], session->postmortem[i]);
    }
    pl_json_out_object_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    pl_buf_puts(move, "postmortem");
    return PL_OK;
}

pl_status pl_say(struct pl_session *session,
                 const json_t *command,
                 struct pl_buf *out,
                 struct pl_buf *move,
                 pl_error *err)
{
    PL_CHECK(session != NULL);
    PL_CHECK(command != NULL);
    static const char *const kinds[] = {"believe", "update", "message", "postmortem", NULL};
    const char *what = "";
    uint32_t kind = 0;
    pl_status status = pl_command_text_needed(command, "what", 32, &what, err);
    status = status == PL_OK ? pl_command_choice("kind of say", what, kinds, &kind, err) : status;
    if (status != PL_OK) {
        return status;
    }
    if (kind == 0) {
        return say_believe(session, command, out, move, err);
    }
    if (kind == 1) {
        return say_update(session, command, out, move, err);
    }
    if (kind == 2) {
        return say_message(session, command, out, move, err);
    }
    return say_postmortem(session, command, out, move, err);
}
