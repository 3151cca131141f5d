// SPDX-License-Identifier: Apache-2.0
#include "exam/bot_play.h"

#include "base/check.h"
#include "base/hash.h"
#include "base/random.h"
#include "exam/episode.h"
#include "os/now.h"
#include "store/chain.h"
#include "store/ndjson.h"
#include "text/json_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ALIGNMENT = 64,
    COMMANDS_MAX = 2000, /* a bot that says more has lost its way */
    SEEDS_MAX = 400,     /* forms drawn until one has the cause */
    LINE_FRAME = 1024    /* a line without its body fits in this */
};

static void *aligned(size_t size)
{
    return aligned_alloc(ALIGNMENT, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
}

pl_status
pl_bot_desk_init(struct pl_bot_desk *desk, const struct pl_content *content, pl_error *err)
{
    PL_CHECK(desk != NULL && content != NULL);
    struct pl_session_def def = {
        .world = content->world, .scenario = content->scenario, .cause = PL_NONE};
    desk->session_size = pl_session_size(&def);
    desk->session = aligned(desk->session_size);
    desk->bot = aligned(pl_bot_size());
    desk->answer.data = malloc(PL_ANSWER_SIZE_MAX);
    desk->entry.data = malloc(PL_ENTRY_SIZE_MAX);
    desk->command.data = malloc(PL_BOT_COMMAND_MAX);
    if (desk->session == NULL || desk->bot == NULL || desk->answer.data == NULL ||
        desk->entry.data == NULL || desk->command.data == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a bot.");
    }
    pl_buf_init(&desk->answer, desk->answer.data, PL_ANSWER_SIZE_MAX);
    pl_buf_init(&desk->entry, desk->entry.data, PL_ENTRY_SIZE_MAX);
    pl_buf_init(&desk->command, desk->command.data, PL_BOT_COMMAND_MAX);
    return PL_OK;
}

void pl_bot_desk_free(struct pl_bot_desk *desk)
{
    PL_CHECK(desk != NULL);
    free(desk->session);
    free(desk->bot);
    free(desk->answer.data);
    free(desk->entry.data);
    free(desk->command.data);
    free(desk->text);
    memset(desk, 0, sizeof *desk);
}

/* ---- Export --------------------------------------------------------------------------------- */

static pl_status reserve(struct pl_bot_desk *desk, size_t size, pl_error *err)
{
    if (desk->text_size + size <= desk->text_room) {
        return PL_OK;
    }
    size_t room = (desk->text_size + size) * 2;
    char *text = realloc(desk->text, room);
    if (text == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the session.");
    }
    desk->text = text;
    desk->text_room = room;
    return PL_OK;
}

/* Add an entry's line to the text. */
static pl_status write_entry(struct pl_bot_desk *desk,
                             struct pl_chain *chain,
                             const struct pl_outcome *outcome,
                             pl_error *err)
{
    struct pl_store_entry entry = {.t_ns = outcome->after_ns,
                                   .kind = pl_slice_of(outcome->kind),
                                   .body = {desk->entry.data, desk->entry.size}};
    size_t size = desk->entry.size + LINE_FRAME;
    struct pl_buf line;
    pl_status status = reserve(desk, size, err);
    if (status != PL_OK) {
        return status;
    }
    pl_chain_next(chain, &entry);
    status = pl_chain_step(chain, &entry, NULL, err);
    if (status == PL_OK) {
        pl_buf_init(&line, desk->text + desk->text_size, size);
        pl_store_put_entry(&line, &entry);
        pl_buf_puts(&line, "\n");
        PL_CHECK(!line.overflow);
        desk->text_size += line.size;
    }
    return status;
}

/* The header knows the last hash, so it comes last and goes first. */
static pl_status write_header(struct pl_bot_desk *desk,
                              const struct pl_chain *chain,
                              struct pl_store_session *session,
                              pl_error *err)
{
    char memory[2 * LINE_FRAME];
    char head[PL_CHAIN_TEXT_SIZE];
    struct pl_buf line;
    session->entry_count = chain->seq;
    session->state = PL_STORE_SESSION_CLOSED;
    pl_chain_format(chain->head, head);
    pl_buf_init(&line, memory, sizeof memory);
    pl_store_put_header(&line, session, head);
    pl_buf_puts(&line, "\n");
    PL_CHECK(!line.overflow);
    pl_status status = reserve(desk, line.size, err);
    if (status == PL_OK) {
        memmove(desk->text + line.size, desk->text, desk->text_size);
        memcpy(desk->text, memory, line.size);
        desk->text_size += line.size;
    }
    return status;
}

static void fill_session(const struct pl_bot_plan *plan, struct pl_store_session *session)
{
    char words[512];
    char hash[PL_HASH_TEXT_SIZE];
    memset(session, 0, sizeof *session);
    snprintf(words,
             sizeof words,
             "%s %s %s %llu %d",
             plan->bot->name,
             plan->content->scenario->name,
             plan->content->hash,
             (unsigned long long)plan->seed,
             plan->stay ? 1 : 0);
    pl_hash_format(pl_hash_bytes(words, strlen(words), 0), hash);
    snprintf(session->id, sizeof session->id, "%.16s", hash);
    snprintf(session->scenario, sizeof session->scenario, "%s", plan->content->scenario->name);
    snprintf(session->pack_hash, sizeof session->pack_hash, "%s", plan->content->hash);
    pl_episode_put_engine(session->engine, sizeof session->engine);
    snprintf(session->clock, sizeof session->clock, "turn");
    snprintf(session->created_at, sizeof session->created_at, "%s", plan->created_at);
    session->seed = (int64_t)plan->seed;
}

/* ---- Play ----------------------------------------------------------------------------------- */

static double number_or(const json_t *object, const char *key, double otherwise)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : otherwise;
}

/* Read the debrief that the desk's answer holds. */
static void read_debrief(struct pl_bot_desk *desk, struct pl_bot_result *result)
{
    json_t *json = NULL;
    pl_slice text = {desk->answer.data, desk->answer.size};
    if (pl_json_in_load(text, PL_JSON_IN_TEXT_MAX, NULL, &json, NULL) != PL_OK) {
        return;
    }
    const json_t *observation = json_object_get(json, "observation");
    const json_t *damage = json_object_get(observation, "damage");
    const char *cause =
        json_string_value(json_object_get(json_object_get(observation, "cause"), "name"));
    snprintf(result->cause, sizeof result->cause, "%s", cause != NULL ? cause : "");
    result->closed_s = number_or(json, "t_s", 0.0);
    result->still_hurting = json_is_true(json_object_get(observation, "still_hurting"));
    result->damage = number_or(damage, "budget_share_after_page", 0.0);
    result->damage_noop = number_or(damage, "budget_share_after_page_without_any_act", 0.0);
    result->mitigated_s = number_or(json_object_get(observation, "times"), "mitigate_s", -1.0);
    json_decref(json);
}

/* With `stay` a bot that closes waits for the end instead. */
static void stay_on(struct pl_bot_desk *desk)
{
    static const char close[] = "{\"do\":\"close\"}";
    if (strcmp(desk->command.data, close) == 0) {
        pl_buf_clear(&desk->command);
        pl_buf_puts(&desk->command, "{\"do\":\"wait\",\"for\":3600}");
    }
}

static pl_status obey(struct pl_session *session,
                      struct pl_bot_desk *desk,
                      struct pl_chain *chain,
                      struct pl_bot_result *result,
                      pl_error *err)
{
    pl_slice command = {desk->command.data, desk->command.size};
    pl_buf_clear(&desk->answer);
    pl_buf_clear(&desk->entry);
    struct pl_outcome outcome = pl_session_apply(session, 0, command, &desk->answer, &desk->entry);
    if (!outcome.kept) {
        return PL_OK;
    }
    result->looks += strcmp(outcome.kind, "look") == 0 ? 1 : 0;
    result->acts += strcmp(outcome.kind, "act") == 0 ? 1 : 0;
    result->entries++;
    return write_entry(desk, chain, &outcome, err);
}

pl_status pl_bot_play(const struct pl_bot_plan *plan,
                      struct pl_bot_desk *desk,
                      struct pl_bot_result *result,
                      pl_error *err)
{
    PL_CHECK(plan != NULL && desk != NULL && desk->session != NULL && result != NULL);
    PL_CHECK(plan->seed <= INT64_MAX);
    int64_t start_ns = pl_now_thread_cpu_ns();
    struct pl_session_def def = {.world = plan->content->world,
                                 .scenario = plan->content->scenario,
                                 .seed = plan->seed,
                                 .clock = PL_CLOCK_TURN,
                                 .cause = PL_NONE};
    struct pl_session *session = NULL;
    struct pl_store_session header;
    struct pl_chain chain;
    memset(result, 0, sizeof *result);
    desk->text_size = 0;
    pl_status status = pl_session_open(&def, desk->session, desk->session_size, &session, err);
    if (status != PL_OK) {
        return status;
    }
    fill_session(plan, &header);
    pl_chain_begin(&chain, &header);
    uint64_t key = pl_random_child(plan->seed, pl_hash_name(plan->bot->name));
    struct pl_bot_setup setup = {.def = plan->bot,
                                 .knowledge = plan->knowledge,
                                 .seed = key,
                                 .cause = plan->bot->needs_cause != 0 ? pl_session_cause(session)
                                                                      : PL_NONE};
    struct pl_bot *bot = pl_bot_init(&setup, desk->bot);
    pl_buf_clear(&desk->answer);
    pl_session_opening(session, &desk->answer);
    for (uint32_t i = 0; i < COMMANDS_MAX && status == PL_OK; i++) {
        pl_slice answer = {desk->answer.data, desk->answer.size};
        if (!pl_bot_next(bot, answer, &desk->command)) {
            break;
        }
        if (plan->stay) {
            stay_on(desk);
        }
        status = obey(session, desk, &chain, result, err);
    }
    if (status == PL_OK && !pl_session_done(session)) {
        pl_buf_clear(&desk->command);
        pl_buf_puts(&desk->command, "{\"do\":\"close\"}");
        status = obey(session, desk, &chain, result, err);
    }
    pl_buf_clear(&desk->answer);
    pl_buf_clear(&desk->entry);
    (void)pl_session_apply(
        session, 0, pl_slice_of("{\"do\":\"debrief\"}"), &desk->answer, &desk->entry);
    read_debrief(desk, result);
    status = status == PL_OK ? write_header(desk, &chain, &header, err) : status;
    result->cpu_s = (double)(pl_now_thread_cpu_ns() - start_ns) / 1e9;
    return status;
}

pl_status pl_bot_seed_of_cause(const struct pl_content *content,
                               uint32_t cause,
                               uint64_t *seed,
                               struct pl_bot_desk *desk,
                               pl_error *err)
{
    PL_CHECK(content != NULL && seed != NULL && desk != NULL);
    struct pl_session_def def = {
        .world = content->world, .scenario = content->scenario, .cause = PL_NONE};
    struct pl_session *session = NULL;
    for (uint32_t i = 0; i < SEEDS_MAX; i++, ++*seed) {
        struct pl_opening *opening = desk->session;
        def.seed = *seed;
        /* The first draw is cheap to know; a form that is drawn again tells its cause when open. */
        pl_status status =
            pl_scenario_open(content->world, content->scenario, *seed, PL_NONE, opening, err);
        bool may_be = status == PL_OK && opening->cause == cause;
        if (may_be) {
            status = pl_session_open(&def, desk->session, desk->session_size, &session, err);
        }
        if (status != PL_OK) {
            return status;
        }
        if (may_be && pl_session_cause(session) == cause) {
            return PL_OK;
        }
    }
    return pl_fail(err,
                   PL_NOT_FOUND,
                   NULL,
                   "None of %d forms has the cause `%s`.",
                   SEEDS_MAX,
                   content->scenario->causes[cause].name);
}
