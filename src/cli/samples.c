// SPDX-License-Identifier: Apache-2.0
#include "cli/samples.h"

#include "base/check.h"
#include "bots/roster.h"
#include "exam/bot_play.h"
#include "exam/knowledge_file.h"
#include "exam/library.h"
#include "os/crew.h"
#include "os/now.h"
#include "text/json_out.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { NICE = 15, BODY_SIZE = 256 };

/* Who plays what: a session to find faults in, one to learn from, and one in another world. */
static const struct sample {
    const char *scenario; /* NULL: the first; one that is not there is left out */
    const char *bot;
    const char *otherwise; /* where bots have learned nothing */
    uint64_t seed;
} plans[] = {
    {NULL, "premature-map", "reflex-restarter", 4},
    {NULL, "planner", "rollback-last-change", 7},
    {"one-customer", "greedy-info", "rollback-last-change", 3},
};

struct pl_samples {
    struct pl_host *host;
    struct pl_library *library;
    struct pl_crew *crew;
    char owner[PL_TAG_OWNER_SIZE]; /* who is paged */
    atomic_bool end;
};

static pl_status play(struct pl_samples *samples,
                      const struct sample *sample,
                      const struct pl_content *content,
                      const struct pl_knowledge *knowledge,
                      pl_error *err)
{
    struct pl_bot_desk desk = {0};
    struct pl_bot_result result = {0};
    char moment[PL_STORE_TEXT_SIZE];
    struct pl_buf text;
    pl_buf_init(&text, moment, sizeof moment);
    pl_now_put_utc(&text, pl_now_wall_ns());
    struct pl_bot_plan plan = {.content = content,
                               .knowledge = knowledge,
                               .bot = pl_roster_find(sample->bot),
                               .seed = sample->seed,
                               .created_at = moment};
    PL_CHECK(plan.bot != NULL);
    if (knowledge == NULL && plan.bot->needs_lesson != 0) {
        plan.bot = pl_roster_find(sample->otherwise);
        PL_CHECK(plan.bot != NULL && plan.bot->needs_lesson == 0);
    }
    pl_status status = pl_bot_desk_init(&desk, content, err);
    if (status == PL_OK) {
        status = pl_bot_play(&plan, &desk, &result, err);
    }
    if (status == PL_OK && !atomic_load(&samples->end)) {
        struct pl_tag tag = {.sample = true, .done = true, .done_s = result.closed_s, .speed = 1.0};
        status = pl_host_import(samples->host, (pl_slice){desk.text, desk.text_size}, &tag, err);
    }
    pl_bot_desk_free(&desk);
    return status;
}

static void forget(void *context, const struct pl_reply *reply)
{
    (void)context;
    (void)reply;
}

/* An incident that waits: the clock of a live session runs from the moment its player is there. */
static void page(struct pl_samples *samples, const char *scenario)
{
    char memory[BODY_SIZE];
    struct pl_buf body;
    struct pl_json_out json;
    pl_buf_init(&body, memory, sizeof memory);
    pl_json_out_begin(&json, &body);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "scenario", scenario);
    pl_json_out_member_string(&json, "clock", "live");
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    PL_CHECK(!body.overflow);
    struct pl_ask *ask = pl_ask_new((pl_slice){body.data, body.size});
    if (ask != NULL) {
        ask->verb = PL_ASK_CREATE;
        snprintf(ask->owner, sizeof ask->owner, "%s", samples->owner);
        ask->reply = forget;
        pl_host_ask(samples->host, ask);
    }
}

static void make(struct pl_samples *samples, const struct sample *sample)
{
    struct pl_knowledge *knowledge = NULL;
    pl_error err = {0};
    const char *name = sample->scenario;
    const struct pl_content *content = pl_library_get(
        samples->library, name != NULL ? name : pl_library_name(samples->library, 0), &err);
    if (content != NULL &&
        pl_knowledge_file_load(pl_library_directory(samples->library), content, &knowledge, &err) ==
            PL_OK) {
        (void)!play(samples, sample, content, knowledge, &err);
    }
    free(knowledge);
}

/* Task: all of them. Without samples the server is as good, so failures are not told. */
static void make_all(void *context, void *item, uint32_t worker)
{
    (void)item;
    (void)worker;
    struct pl_samples *samples = context;
    const char *name = pl_library_name(samples->library, 0);
    pl_error err = {0};
    if (pl_library_get(samples->library, name, &err) != NULL) {
        page(samples, name);
    }
    for (size_t i = 0; i < sizeof plans / sizeof plans[0] && !atomic_load(&samples->end); i++) {
        make(samples, &plans[i]);
    }
}

pl_status pl_samples_begin(struct pl_samples **samples_out,
                           struct pl_host *host,
                           const char *content,
                           const char *owner,
                           pl_error *err)
{
    PL_CHECK(samples_out != NULL && host != NULL && owner != NULL);
    *samples_out = NULL;
    const struct pl_crew_rank rank = {.threads = 1, .nice = NICE};
    struct pl_samples *samples = calloc(1, sizeof *samples);
    if (samples == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for samples.");
    }
    samples->host = host;
    snprintf(samples->owner, sizeof samples->owner, "%s", owner);
    pl_status status = pl_library_open(&samples->library, content, err);
    status = status == PL_OK ? pl_crew_start(&samples->crew, &rank, 1, err) : status;
    struct pl_lane *lane = status == PL_OK ? pl_lane_open(samples->crew) : NULL;
    if (status == PL_OK && (lane == NULL || pl_library_count(samples->library) == 0 ||
                            !pl_lane_post(lane, 0, make_all, samples, NULL))) {
        status = pl_fail(err, PL_NO_MEMORY, NULL, "There is nothing to make samples of.");
    }
    if (lane != NULL) {
        pl_lane_close(lane);
    }
    if (status != PL_OK) {
        pl_samples_end(samples);
        return status;
    }
    *samples_out = samples;
    return PL_OK;
}

void pl_samples_end(struct pl_samples *samples)
{
    if (samples == NULL) {
        return;
    }
    atomic_store(&samples->end, true);
    pl_crew_end(samples->crew);
    pl_library_close(samples->library);
    free(samples);
}
