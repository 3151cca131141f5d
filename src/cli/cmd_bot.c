// SPDX-License-Identifier: Apache-2.0
//
// `plumb bot`: policies of known skill that play, to test a judgement with.
#include "base/check.h"
#include "base/hash.h"
#include "bots/roster.h"
#include "cli/bot_learn.h"
#include "cli/commands.h"
#include "exam/bot_play.h"
#include "exam/content.h"
#include "exam/episode.h"
#include "exam/knowledge_file.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/now.h"
#include "os/threads.h"
#include "store/ndjson.h"
#include "text/json_out.h"
#include "text/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMS = 14, TRIALS = 2, BOTS_MAX = 64, SEEDS_MAX = 100000 };

/* Everything that a call of the command needs. */
struct work {
    struct pl_args args;
    char directory[PL_FILE_PATH_MAX];
    struct pl_content content;
    struct pl_knowledge *knowledge; /* NULL: nothing was learned */
    const struct pl_bot_def *bots[BOTS_MAX];
    uint32_t bot_count;
    uint64_t seed0;
    uint64_t seed_count;
    const char *out;
    bool many; /* --seeds: one file per session in the folder `out` */
    char created_at[PL_STORE_TEXT_SIZE];
    struct pl_bot_desk *desks; /* one per worker */
    pl_error *errors;          /* one per worker */
    struct pl_bot_result *results;
    uint32_t workers;
};

/* ---- List ----------------------------------------------------------------------------------- */

static int list(bool json)
{
    static char memory[32768];
    struct pl_buf buf;
    struct pl_json_out out;
    pl_buf_init(&buf, memory, sizeof memory);
    pl_json_out_begin(&out, &buf);
    pl_json_out_array_begin(&out);
    for (uint32_t i = 0; i < pl_roster_count(); i++) {
        const struct pl_bot_def *bot = pl_roster_at(i);
        if (!json) {
            printf("%-4s %-21s %-7s %s\n", bot->label, bot->name, bot->tier, bot->summary);
        }
        pl_json_out_object_begin(&out);
        pl_json_out_member_string(&out, "name", bot->name);
        pl_json_out_member_string(&out, "label", bot->label);
        pl_json_out_member_string(&out, "tier", bot->tier);
        pl_json_out_member_string(&out, "summary", bot->summary);
        if (bot->twin != NULL) {
            pl_json_out_member_string(&out, "twin", bot->twin);
        }
        if (bot->noise > 0.0) {
            pl_json_out_member_number(&out, "s", bot->noise);
        }
        pl_json_out_object_end(&out);
    }
    pl_json_out_array_end(&out);
    pl_json_out_end(&out);
    PL_CHECK(!buf.overflow);
    if (json) {
        puts(memory);
    }
    return PL_EXIT_OK;
}

/* ---- Learn ---------------------------------------------------------------------------------- */

static pl_status save(const struct pl_knowledge *knowledge, const char *path, pl_error *err)
{
    char *memory = malloc(PL_KNOWLEDGE_SIZE_MAX);
    struct pl_buf out;
    if (memory == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
    }
    pl_buf_init(&out, memory, PL_KNOWLEDGE_SIZE_MAX);
    pl_knowledge_write(knowledge, &out);
    pl_slice text = {out.data, out.size};
    pl_status status = out.overflow ? pl_fail(err,
                                              PL_LIMIT,
                                              NULL,
                                              "The knowledge is larger than %d bytes.",
                                              PL_KNOWLEDGE_SIZE_MAX)
                                    : pl_file_save(path, text, err);
    free(memory);
    return status;
}

static int learn(struct work *work)
{
    char path[PL_FILE_PATH_MAX];
    pl_error err = {0};
    struct pl_bot_lesson *lesson = calloc(1, sizeof *lesson);
    PL_CHECK(lesson != NULL);
    uint32_t forms = PL_KNOWN_FORMS_MAX / work->content.scenario->cause_count;
    struct pl_bot_learn_plan plan = {.content = &work->content,
                                     .forms = forms < FORMS ? forms : FORMS,
                                     .trials = TRIALS,
                                     .seed = pl_hash_name("what bots learn from"),
                                     .workers = work->workers};
    pl_status status = pl_bot_learn(&plan, lesson, &err);
    struct pl_knowledge *knowledge = &lesson->knowledge;
    if (status == PL_OK) {
        snprintf(knowledge->pack_hash, sizeof knowledge->pack_hash, "%s", work->content.hash);
        pl_episode_put_engine(knowledge->engine, sizeof knowledge->engine);
        status = pl_knowledge_file_path(work->directory, work->content.scenario->name, path, &err);
    }
    if (status == PL_OK) {
        status = save(knowledge, work->out != NULL ? work->out : path, &err);
    }
    if (status == PL_OK) {
        printf("Learned from %u of %u forms: %u looks, %u moves that change something; %.0f s of "
               "processor time.\n",
               lesson->accepted,
               lesson->tried,
               knowledge->look_count,
               knowledge->remedy_count,
               (double)pl_now_cpu_ns() / 1e9);
    }
    free(lesson);
    return status == PL_OK ? PL_EXIT_OK : pl_command_error(&err);
}

/* ---- Play ----------------------------------------------------------------------------------- */

static pl_status unknown_bot(const char *name, pl_error *err)
{
    const char *names[BOTS_MAX + 2];
    uint32_t count = 0;
    for (uint32_t i = 0; i < pl_roster_count() && i < BOTS_MAX; i++) {
        names[count++] = pl_roster_at(i)->name;
    }
    names[count++] = "all";
    names[count++] = "learn";
    const char *near = pl_suggest_name(pl_slice_of(name), names, count);
    return pl_fail(err,
                   PL_NOT_FOUND,
                   NULL,
                   "There is no bot `%.60s`%s%s%s; `plumb bot --list` shows all.",
                   name,
                   near != NULL ? " (did you mean `" : "",
                   near != NULL ? near : "",
                   near != NULL ? "`?)" : "");
}

static pl_status choose_bots(struct work *work, const char *name, pl_error *err)
{
    bool all = strcmp(name, "all") == 0;
    for (uint32_t i = 0; i < pl_roster_count() && work->bot_count < BOTS_MAX; i++) {
        if (all || strcmp(pl_roster_at(i)->name, name) == 0) {
            work->bots[work->bot_count++] = pl_roster_at(i);
        }
    }
    for (uint32_t i = 0; i < work->bot_count; i++) {
        if (work->bots[i]->needs_lesson != 0 && work->knowledge == NULL) {
            return pl_fail(err,
                           PL_NOT_FOUND,
                           NULL,
                           "Bot `%s` has learned nothing about `%s`; `plumb bot learn %s` teaches "
                           "it.",
                           work->bots[i]->name,
                           work->content.scenario->name,
                           work->content.scenario->name);
        }
    }
    return work->bot_count > 0 ? PL_OK : unknown_bot(name, err);
}

/* `A..B` or `A`. */
static bool read_seeds(const char *text, uint64_t *first, uint64_t *count)
{
    static const char digits[] = "0123456789";
    size_t size = strspn(text, digits);
    unsigned long long a = strtoull(text, NULL, 10);
    unsigned long long b = a;
    if (size == 0 || size > 18) {
        return false;
    }
    if (text[size] != '\0') {
        const char *rest = text + size + 2;
        if (strncmp(text + size, "..", 2) != 0 || strspn(rest, digits) != strlen(rest) ||
            rest[0] == '\0' || strlen(rest) > 18) {
            return false;
        }
        b = strtoull(rest, NULL, 10);
    }
    *first = a;
    *count = b - a + 1;
    return b >= a && b - a < SEEDS_MAX;
}

static pl_status seed_of_cause(struct work *work, const char *name, pl_error *err)
{
    const struct pl_scenario *scenario = work->content.scenario;
    const char *names[PL_CAUSES_MAX];
    for (uint32_t i = 0; i < scenario->cause_count; i++) {
        names[i] = scenario->causes[i].name;
        if (strcmp(names[i], name) == 0) {
            return pl_bot_seed_of_cause(&work->content, i, &work->seed0, &work->desks[0], err);
        }
    }
    const char *near = pl_suggest_name(pl_slice_of(name), names, scenario->cause_count);
    return pl_fail(err,
                   PL_NOT_FOUND,
                   NULL,
                   "`%s` has no cause `%.60s`%s%s%s.",
                   scenario->name,
                   name,
                   near != NULL ? " (did you mean `" : "",
                   near != NULL ? near : "",
                   near != NULL ? "`?)" : "");
}

static pl_status choose_seeds(struct work *work, pl_error *err)
{
    const char *seeds = pl_args_value(&work->args, "--seeds");
    const char *cause = pl_args_value(&work->args, "--cause");
    const char *clock = pl_args_value(&work->args, "--clock");
    work->seed0 = pl_episode_draw_seed();
    work->seed_count = 1;
    work->many = seeds != NULL || work->bot_count > 1;
    if (clock != NULL && strcmp(clock, "turn") != 0) {
        return pl_fail(
            err, PL_BAD_INPUT, NULL, "Option `--clock` is `%.40s`; bots know only `turn`.", clock);
    }
    if (seeds != NULL && !read_seeds(seeds, &work->seed0, &work->seed_count)) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "Option `--seeds` is `%.40s`; `A..B` with at most %d seeds is expected.",
                       seeds,
                       SEEDS_MAX);
    }
    if (work->many && work->out == NULL) {
        return pl_fail(err, PL_BAD_INPUT, NULL, "Many sessions need a folder: `--out DIR`.");
    }
    pl_status status = pl_args_number(&work->args, "--seed", 0, INT64_MAX, &work->seed0, err);
    if (status == PL_OK && cause != NULL) {
        status = seed_of_cause(work, cause, err);
    }
    return status;
}

static pl_status
keep(const struct work *work, const struct pl_bot_desk *desk, const char *path, pl_error *err)
{
    pl_slice text = {desk->text, desk->text_size};
    if (path != NULL) {
        return pl_file_save(path, text, err);
    }
    struct pl_store *store = NULL;
    struct pl_store_session session;
    pl_status status = pl_episode_store(pl_args_value(&work->args, "--data"), &store, err);
    if (status == PL_OK) {
        status = pl_store_import(store, text, "the bot's session", &session, err);
    }
    if (status == PL_OK) {
        fprintf(stderr, "Session %s is kept.\n", session.id);
    }
    pl_store_close(store);
    return status;
}

/* Play one session and keep it. */
static void play_task(void *argument, uint32_t index, uint32_t worker)
{
    struct work *work = argument;
    pl_error *err = &work->errors[worker];
    char path[PL_FILE_PATH_MAX];
    struct pl_buf name;
    if (err->status != PL_OK) {
        return;
    }
    struct pl_bot_plan plan = {.content = &work->content,
                               .knowledge = work->knowledge,
                               .bot = work->bots[index % work->bot_count],
                               .seed = work->seed0 + index / work->bot_count,
                               .created_at = work->created_at,
                               .stay = pl_args_has(&work->args, "--stay")};
    pl_buf_init(&name, path, sizeof path);
    pl_buf_puts(&name, work->out != NULL ? work->out : "");
    if (work->many) {
        pl_buf_printf(&name, "/%s-%llu.ndjson", plan.bot->name, (unsigned long long)plan.seed);
    }
    if (name.overflow) {
        (void)!pl_fail(err, PL_LIMIT, NULL, "The path of a session is too long.");
        return;
    }
    if (pl_bot_play(&plan, &work->desks[worker], &work->results[index], err) == PL_OK) {
        (void)!keep(work, &work->desks[worker], work->out != NULL ? path : NULL, err);
    }
}

static void print_json(const struct work *work, uint32_t index)
{
    const struct pl_bot_result *result = &work->results[index];
    char memory[1024];
    struct pl_buf buf;
    struct pl_json_out out;
    pl_buf_init(&buf, memory, sizeof memory);
    pl_json_out_begin(&out, &buf);
    pl_json_out_object_begin(&out);
    pl_json_out_member_string(&out, "bot", work->bots[index % work->bot_count]->name);
    pl_json_out_member_integer(&out, "seed", (int64_t)(work->seed0 + index / work->bot_count));
    pl_json_out_member_string(&out, "cause", result->cause);
    pl_json_out_member_integer(&out, "looks", result->looks);
    pl_json_out_member_integer(&out, "acts", result->acts);
    pl_json_out_member_integer(&out, "entries", result->entries);
    pl_json_out_member_number(&out, "closed_s", result->closed_s);
    pl_json_out_member_number(&out, "mitigated_s", result->mitigated_s);
    pl_json_out_member_number(&out, "damage", result->damage);
    pl_json_out_member_number(&out, "damage_noop", result->damage_noop);
    pl_json_out_member_bool(&out, "still_hurting", result->still_hurting);
    pl_json_out_member_number(&out, "cpu_s", result->cpu_s);
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
    puts(memory);
}

static void print_results(const struct work *work)
{
    for (uint32_t i = 0; i < work->bot_count * work->seed_count; i++) {
        const struct pl_bot_result *result = &work->results[i];
        if (pl_args_has(&work->args, "--json")) {
            print_json(work, i);
            continue;
        }
        printf("%-21s seed %-6llu %-20s %2u looks %2u acts, closed after %4.1f min, damage %5.1f "
               "%% of doing nothing%s\n",
               work->bots[i % work->bot_count]->name,
               (unsigned long long)work->seed0 + i / work->bot_count,
               result->cause,
               result->looks,
               result->acts,
               result->closed_s / 60.0,
               result->damage_noop > 0.0 ? 100.0 * result->damage / result->damage_noop : 0.0,
               result->still_hurting ? ", still hurting" : "");
    }
}

static int play(struct work *work)
{
    pl_error err = {0};
    uint32_t count = (uint32_t)(work->bot_count * work->seed_count);
    work->results = calloc(count, sizeof *work->results);
    PL_CHECK(work->results != NULL);
    pl_threads_run(work->workers < count ? work->workers : count, count, play_task, work);
    for (uint32_t i = 0; i < work->workers && err.status == PL_OK; i++) {
        err = work->errors[i];
    }
    if (err.status == PL_OK) {
        print_results(work);
    }
    return err.status == PL_OK ? PL_EXIT_OK : pl_command_error(&err);
}

static pl_status prepare(struct work *work, pl_error *err)
{
    uint64_t workers = pl_threads_processors();
    struct pl_buf created;
    pl_buf_init(&created, work->created_at, sizeof work->created_at);
    pl_now_put_utc(&created, pl_now_wall_ns());
    pl_status status = pl_args_number(&work->args, "--jobs", 1, PL_THREADS_MAX, &workers, err);
    work->workers = (uint32_t)workers;
    work->desks = calloc(work->workers, sizeof *work->desks);
    work->errors = calloc(work->workers, sizeof *work->errors);
    PL_CHECK(work->desks != NULL && work->errors != NULL);
    for (uint32_t i = 0; i < work->workers && status == PL_OK; i++) {
        status = pl_bot_desk_init(&work->desks[i], &work->content, err);
    }
    if (status == PL_OK && strcmp(work->args.operands[0], "learn") != 0) {
        status = pl_knowledge_file_load(work->directory, &work->content, &work->knowledge, err);
        pl_command_warn_stale(work->knowledge, &work->content);
        status = status == PL_OK ? choose_bots(work, work->args.operands[0], err) : status;
        status = status == PL_OK ? choose_seeds(work, err) : status;
        if (status == PL_OK && work->many) {
            status = pl_directory_make(work->out, err);
        }
    }
    return status;
}

static void work_free(struct work *work)
{
    for (uint32_t i = 0; i < work->workers && work->desks != NULL; i++) {
        pl_bot_desk_free(&work->desks[i]);
    }
    free(work->desks);
    free(work->errors);
    free(work->results);
    free(work->knowledge);
    pl_content_free(&work->content);
    free(work);
}

static int run(struct work *work)
{
    static struct pl_errors errors;
    pl_error err = {0};
    if (pl_content_directory(pl_args_value(&work->args, "--content"), work->directory, &err) !=
        PL_OK) {
        return pl_command_error(&err);
    }
    bool known = strcmp(work->args.operands[0], "all") == 0 ||
                 strcmp(work->args.operands[0], "learn") == 0 ||
                 pl_roster_find(work->args.operands[0]) != NULL;
    if (!known) {
        (void)!unknown_bot(work->args.operands[0], &err);
        return pl_command_error(&err);
    }
    if (pl_content_load(work->directory, work->args.operands[1], &work->content, &errors) !=
        PL_OK) {
        return pl_content_report(&errors);
    }
    if (prepare(work, &err) != PL_OK) {
        return pl_command_error(&err);
    }
    return strcmp(work->args.operands[0], "learn") == 0 ? learn(work) : play(work);
}

int pl_cmd_bot(int argc, char **argv)
{
    struct work *work = calloc(1, sizeof *work);
    PL_CHECK(work != NULL);
    int code = PL_EXIT_BAD_INPUT;
    if (pl_command_parse(&work->args, argc, argv) == PL_OK) {
        work->out = pl_args_value(&work->args, "--out");
        if (pl_args_has(&work->args, "--list")) {
            code = list(pl_args_has(&work->args, "--json"));
        } else if (work->args.operand_count < 2) {
            fputs("plumb: `plumb bot` needs a bot and a scenario; `plumb bot --list` shows all "
                  "bots.\n",
                  stderr);
        } else {
            code = run(work);
        }
    }
    work_free(work);
    return code;
}
