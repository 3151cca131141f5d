// SPDX-License-Identifier: Apache-2.0
//
// `plumb play`: an incident in the terminal.
//
// Every line becomes a command of the session protocol, every answer is drawn from its JSON: the
// terminal sees nothing that the other faces do not see.
#include "base/check.h"
#include "cli/commands.h"
#include "cli/grammar.h"
#include "cli/guide.h"
#include "cli/play_analysis.h"
#include "cli/plot.h"
#include "cli/prompt.h"
#include "cli/view_answer.h"
#include "exam/episode.h"
#include "judge/judge.h"
#include "os/now.h"
#include "os/process.h"
#include "session/say.h"
#include "sim/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DRAWING_SIZE = 1 << 20,
    PLOT_ROWS = 8,
    ANSWER_LINE = 64,
    ANALYSIS_WORLDS = 16 /* per cause: less memory and time than `plumb judge` takes */
};

#define TICK_NS          (30 * PL_NS_PER_S)
#define DEFAULT_SCENARIO "every-query-is-slow"

struct player {
    struct pl_episode episode;
    struct pl_lexicon lexicon;
    struct pl_view *view;
    struct pl_prompt *prompt;
    struct pl_parsed *parsed;
    char *drawing_memory;
    struct pl_buf drawing;
    double speed;         /* live clock: simulated seconds per second */
    int64_t base_real_ns; /* live clock: both clocks at the start */
    int64_t base_ns;
    int64_t ticked_ns; /* live clock: last entry of the log */
    bool asking;       /* a question waits for its answer: its label stays */
    bool end;          /* the player leaves */
    int code;          /* exit code */
    bool scripted;     /* lines come from a file */
    struct pl_play_analysis analysis;
};

static bool is_live(const struct player *player)
{
    return strcmp(player->episode.header.clock, "live") == 0;
}

/* The session's present by the player's clock. */
static int64_t present(const struct player *player)
{
    int64_t now_ns = pl_session_now(player->episode.session);
    if (!is_live(player)) {
        return now_ns;
    }
    double passed = (double)(pl_now_monotonic_ns() - player->base_real_ns) * player->speed;
    int64_t live_ns = player->base_ns + (int64_t)passed;
    return live_ns > now_ns ? live_ns : now_ns;
}

static void show_drawing(struct player *player)
{
    fwrite(player->drawing.data, 1, player->drawing.size, stdout);
    if (player->drawing.overflow) {
        fputs("  (The rest is too long to be drawn.)\n", stdout);
    }
    pl_buf_clear(&player->drawing);
}

/* The log refused the entry: nothing that depends on it may be shown. */
static void stop(struct player *player, const pl_error *err)
{
    player->code = pl_command_error(err);
    fprintf(stderr,
            "plumb: What you did before is safe; `plumb play --resume %s` goes on from there.\n",
            player->episode.header.id);
    player->end = true;
}

/* Apply a command and parse its answer; NULL when the episode is over. The caller owns the tree. */
static json_t *obey(struct player *player, pl_slice command)
{
    struct pl_outcome outcome;
    pl_error err = {0};
    json_t *answer = NULL;
    pl_status status = pl_episode_apply(&player->episode, present(player), command, &outcome, &err);
    if (status == PL_OK) {
        pl_slice text = {player->episode.answer.data, player->episode.answer.size};
        status = pl_json_in_load(text, PL_JSON_IN_TEXT_MAX, NULL, &answer, &err);
    }
    if (status != PL_OK) {
        stop(player, &err);
        return NULL;
    }
    player->ticked_ns = outcome.kept ? outcome.after_ns : player->ticked_ns;
    pl_play_analysis_put(&player->analysis, command, &outcome);
    return answer;
}

static void put_cost(struct player *player, const json_t *answer)
{
    char remark[48] = "";
    double cost_s = pl_view_number(answer, "cost_s", 0.0);
    if (cost_s > 0.0 && strcmp(pl_view_string(answer, "kind"), "wait") != 0) {
        if (cost_s >= 60.0 && cost_s / 60.0 - (double)(int)(cost_s / 60.0) < 1e-9) {
            snprintf(remark, sizeof remark, "+%.0f m", cost_s / 60.0);
        } else {
            snprintf(remark, sizeof remark, "+%.0f s", cost_s);
        }
    }
    pl_prompt_remark(player->prompt, remark);
}

static bool was_error(const json_t *answer)
{
    return json_object_get(answer, "error") != NULL;
}

static void show_answer(struct player *player, const json_t *answer)
{
    pl_view_answer(player->view, answer, &player->drawing);
    show_drawing(player);
}

/* Ask a question that is answered with one key and Enter. */
static bool confirmed(struct player *player, const char *question, bool otherwise)
{
    char line[ANSWER_LINE];
    player->asking = true;
    bool answered = pl_prompt_read(player->prompt, question, line, sizeof line);
    player->asking = false;
    if (!answered) {
        return false;
    }
    pl_prompt_remark(player->prompt, "");
    const char *word = line + strspn(line, " \t");
    if (*word == '\0') {
        return otherwise;
    }
    return *word == 'y' || *word == 'Y';
}

/* An act is shown first and done when the player agrees. */
static void act(struct player *player, struct pl_buf *command)
{
    pl_slice preview = {command->data, command->size};
    json_t *answer = obey(player, preview);
    if (answer == NULL) {
        return;
    }
    pl_prompt_remark(player->prompt, "");
    show_answer(player, answer);
    bool refused = was_error(answer);
    json_decref(answer);
    if (refused || !confirmed(player, "  Do it? [y/N] ", false)) {
        return;
    }
    command->size--; /* the closing brace */
    pl_buf_puts(command, ",\"confirm\":true}");
    PL_CHECK(!command->overflow);
    pl_slice sure = {command->data, command->size};
    answer = obey(player, sure);
    if (answer != NULL) {
        show_answer(player, answer);
    }
    json_decref(answer);
}

static void command(struct player *player, struct pl_parsed *parsed)
{
    if (parsed->act) {
        act(player, &parsed->json);
        return;
    }
    pl_slice text = {parsed->json.data, parsed->json.size};
    json_t *answer = obey(player, text);
    if (answer != NULL) {
        put_cost(player, answer);
        show_answer(player, answer);
        json_decref(answer);
    }
}

/* The postmortem, field by field; an empty line leaves a field as it is. */
static void guided_postmortem(struct player *player)
{
    static char line[PL_LINE_MAX];
    static char memory[PL_COMMAND_SIZE_MAX];
    struct pl_buf text;
    struct pl_json_out json;
    pl_buf_init(&text, memory, sizeof memory);
    pl_json_out_begin(&json, &text);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "do", "say");
    pl_json_out_member_string(&json, "what", "postmortem");
    pl_json_out_key(&json, "fields");
    pl_json_out_object_begin(&json);
    pl_prompt_remark(player->prompt, "");
    fputs("  One line per field; Enter alone leaves it.\n", stdout);
    for (const char *const *field = pl_say_postmortem_fields(); *field != NULL; field++) {
        char label[64];
        snprintf(label, sizeof label, "  %s: ", *field);
        player->asking = true;
        bool answered = pl_prompt_read(player->prompt, label, line, 4000);
        player->asking = false;
        if (!answered) {
            break;
        }
        pl_prompt_remark(player->prompt, "");
        if (line[0] != '\0') {
            pl_json_out_member_string(&json, *field, line);
        }
    }
    pl_json_out_object_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    pl_slice command_text = {memory, text.size};
    json_t *answer = obey(player, command_text);
    if (answer != NULL) {
        show_answer(player, answer);
        json_decref(answer);
    }
}

static void show_message(struct player *player, const char *message)
{
    pl_term_wrap(&player->view->term, &player->drawing, PL_STYLE_PLAIN, 2, message);
    show_drawing(player);
}

static void run_line(struct player *player, const char *line)
{
    struct pl_parsed *parsed = player->parsed;
    pl_grammar_parse(&player->lexicon, line, parsed);
    /* Each accepted suggestion corrects all words at once, so one round is enough. */
    if (parsed->kind == PL_PARSED_SUGGEST) {
        char question[PL_LINE_MAX + 400];
        static char corrected[PL_LINE_MAX];
        snprintf(corrected, sizeof corrected, "%s", parsed->text);
        snprintf(question,
                 sizeof question,
                 "  %s Did you mean `%s`? [Y/n] ",
                 parsed->message,
                 corrected);
        pl_prompt_remark(player->prompt, "");
        if (strlen(question) < 150 && !confirmed(player, question, true)) {
            return;
        }
        pl_grammar_parse(&player->lexicon, corrected, parsed);
    }
    switch (parsed->kind) {
    case PL_PARSED_COMMAND:
        command(player, parsed);
        break;
    case PL_PARSED_HELP:
        pl_prompt_remark(player->prompt, "");
        pl_guide_help(&player->view->term, &player->lexicon, parsed->text, &player->drawing);
        show_drawing(player);
        break;
    case PL_PARSED_QUIT:
        pl_prompt_remark(player->prompt, "");
        player->end = true;
        break;
    case PL_PARSED_GUIDED:
        guided_postmortem(player);
        break;
    case PL_PARSED_SUGGEST:
    case PL_PARSED_ERROR:
        pl_prompt_remark(player->prompt, "");
        show_message(player, parsed->message);
        break;
    case PL_PARSED_EMPTY:
        pl_prompt_remark(player->prompt, "");
        break;
    }
}

static void label_of(const struct player *player, char *label, size_t size)
{
    char clock[16];
    const struct pl_session *session = player->episode.session;
    pl_session_clock(session, pl_session_now(session), clock, sizeof clock);
    snprintf(label, size, "%s %.5s> ", player->episode.content.world->name, clock);
}

/* Live clock, while nothing is typed: tell what came in. True when something was printed. */
static bool idle(void *context)
{
    struct player *player = context;
    struct pl_session *session = player->episode.session;
    if (pl_session_done(session)) {
        return false;
    }
    int64_t now_ns = present(player);
    char before[PL_NAME_MAX + 16];
    char after[PL_NAME_MAX + 16];
    label_of(player, before, sizeof before);
    bool news = pl_session_advance(session, now_ns);
    label_of(player, after, sizeof after);
    bool minute = strcmp(before, after) != 0;
    if (minute && !player->asking) {
        pl_prompt_relabel(player->prompt, after);
        fputs("\r\033[K", stdout); /* the editor draws its line anew */
    }
    if (!news && now_ns - player->ticked_ns < TICK_NS && !pl_session_done(session)) {
        return minute && !player->asking;
    }
    json_t *answer = obey(player, pl_slice_of("{\"do\":\"tick\"}"));
    if (answer == NULL) {
        exit(player->code); /* the terminal is put back by libedit's own handler at exit */
    }
    bool printed = json_array_size(json_object_get(answer, "events")) > 0;
    if (printed) {
        fputs("\r\033[K", stdout);
        show_answer(player, answer);
    }
    json_decref(answer);
    return printed || (minute && !player->asking);
}

static void play_on(struct player *player)
{
    static char line[PL_LINE_MAX];
    bool told_end = false;
    while (!player->end) {
        char label[PL_NAME_MAX + 16];
        if (pl_session_done(player->episode.session) && !told_end) {
            told_end = true;
            pl_play_analysis_show(
                &player->analysis, player->view, !player->scripted, &player->drawing);
            show_drawing(player);
            show_message(player,
                         "The incident is over. `postmortem` writes it down, `debrief` shows the "
                         "debrief again, `quit` ends.");
        }
        label_of(player, label, sizeof label);
        if (!pl_prompt_read(player->prompt, label, line, sizeof line)) {
            player->end = true;
            break;
        }
        run_line(player, line);
    }
}

static void show_head(struct player *player, bool resumed)
{
    const struct pl_store_session *header = &player->episode.header;
    const struct pl_term *term = &player->view->term;
    char line[256];
    snprintf(line,
             sizeof line,
             "plumb %s  %s  form %llx (--seed 0x%llx)",
             PL_VERSION,
             header->scenario,
             (unsigned long long)header->seed,
             (unsigned long long)header->seed);
    pl_buf_puts(&player->drawing, "  ");
    pl_term_put(term, &player->drawing, PL_STYLE_STRONG, line);
    pl_buf_puts(&player->drawing, "\n");
    snprintf(line,
             sizeof line,
             "%s",
             is_live(player)
                 ? "Live clock: time runs while you think."
                 : "Turn clock: looking costs time, shown at the right; thinking is free.");
    pl_term_wrap(term, &player->drawing, PL_STYLE_FAINT, 2, line);
    if (resumed) {
        char clock[16];
        const struct pl_session *session = player->episode.session;
        pl_session_clock(session, pl_session_now(session), clock, sizeof clock);
        snprintf(line,
                 sizeof line,
                 "Session %s goes on at %s; %lld entries were replayed.",
                 header->id,
                 clock,
                 (long long)player->episode.applied);
        pl_term_wrap(term, &player->drawing, PL_STYLE_FAINT, 2, line);
    }
}

static void show_opening(struct player *player, bool resumed)
{
    pl_error err = {0};
    json_t *opening = NULL;
    pl_buf_clear(&player->episode.answer);
    pl_session_opening(player->episode.session, &player->episode.answer);
    pl_slice text = {player->episode.answer.data, player->episode.answer.size};
    show_head(player, resumed);
    if (pl_json_in_load(text, PL_JSON_IN_TEXT_MAX, NULL, &opening, &err) == PL_OK) {
        pl_view_opening(player->view, opening, &player->drawing);
    }
    json_decref(opening);
    pl_buf_puts(&player->drawing, "\n");
    show_drawing(player);
}

static pl_status prepare(struct player *player, const struct pl_args *args, pl_error *err)
{
    player->view = calloc(1, sizeof *player->view);
    player->parsed = calloc(1, sizeof *player->parsed);
    player->drawing_memory = malloc(DRAWING_SIZE);
    if (player->view == NULL || player->parsed == NULL || player->drawing_memory == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
    }
    pl_buf_init(&player->drawing, player->drawing_memory, DRAWING_SIZE);
    pl_prompt_detect(&player->view->term, pl_args_has(args, "--ascii"));
    player->view->plot_rows = PLOT_ROWS;
    const struct pl_session *session = player->episode.session;
    const struct pl_scenario *scenario = player->episode.content.scenario;
    player->view->opening_s = scenario->opens_clock_s;
    player->view->origin_s = scenario->opens_clock_s - pl_clock_s(pl_session_opens(session));
    player->lexicon.world = player->episode.content.world;
    player->lexicon.scenario = scenario;
    player->lexicon.verbs = pl_guide_verb_names();
    player->base_real_ns = pl_now_monotonic_ns();
    player->base_ns = pl_session_now(session);
    player->ticked_ns = player->base_ns;
    struct pl_prompt_def def = {.script = pl_args_value(args, "--script"),
                                .term = &player->view->term,
                                .lexicon = &player->lexicon,
                                .idle = is_live(player) ? idle : NULL,
                                .context = player};
    return pl_prompt_open(&player->prompt, &def, err);
}

static void put_back(struct player *player)
{
    pl_prompt_close(player->prompt);
    if (pl_play_analysis_busy(&player->analysis) && fflush(stdout) == 0) {
        /* Nothing in the judge can be interrupted, and nobody should wait a minute to leave. All
         * that was said is on disk. */
        pl_process_leave(player->code);
    }
    pl_play_analysis_end(&player->analysis);
    free(player->view);
    free(player->parsed);
    free(player->drawing_memory);
    pl_episode_end(&player->episode);
    free(player);
}

/* Read the options into a definition; prints what is wrong. */
static bool read_options(const struct pl_args *args, struct pl_episode_def *def, uint64_t *speed)
{
    pl_error err = {0};
    const char *clock = pl_args_value(args, "--clock");
    *speed = 1;
    def->seed = pl_episode_draw_seed();
    def->content = pl_args_value(args, "--content");
    def->data = pl_args_value(args, "--data");
    def->scenario = args->operand_count > 0 ? args->operands[0] : DEFAULT_SCENARIO;
    def->clock = PL_CLOCK_TURN;
    def->keep = true;
    pl_status status = pl_args_number(args, "--seed", 0, INT64_MAX, &def->seed, &err);
    if (status == PL_OK) {
        status = pl_args_number(args, "--speed", 1, 10, speed, &err);
    }
    if (status == PL_OK && clock != NULL && strcmp(clock, "live") == 0) {
        def->clock = PL_CLOCK_LIVE;
    } else if (status == PL_OK && clock != NULL && strcmp(clock, "turn") != 0) {
        status = pl_fail(&err,
                         PL_BAD_INPUT,
                         NULL,
                         "Option `--clock` is `%.40s`; turn or live is expected.",
                         clock);
    }
    if (status != PL_OK) {
        (void)pl_command_error(&err);
    }
    return status == PL_OK;
}

/* The analysis runs beside the session. Without it the incident can be played all the same. */
static void
begin_analysis(struct player *player, const struct pl_episode_def *def, const struct pl_args *args)
{
    pl_error err = {0};
    const char *value = pl_args_value(args, "--analysis");
    uint64_t particles = player->scripted ? 0 : ANALYSIS_WORLDS;
    if (value != NULL && strcmp(value, "off") == 0) {
        particles = 0;
    } else if (pl_args_number(args,
                              "--analysis",
                              PL_JUDGE_PARTICLES_MIN,
                              PL_JUDGE_PARTICLES_MAX,
                              &particles,
                              &err) != PL_OK) {
        (void)pl_command_error(&err);
        particles = 0;
    }
    if (particles > 0 &&
        pl_play_analysis_begin(
            &player->analysis, &player->episode, def, (uint32_t)particles, &err) != PL_OK) {
        (void)pl_command_error(&err);
    }
}

static int play(struct player *player, const struct pl_args *args)
{
    static struct pl_errors errors;
    struct pl_episode_def def;
    pl_error err = {0};
    uint64_t speed = 1;
    bool resume = pl_args_has(args, "--resume");
    if (!read_options(args, &def, &speed)) {
        return PL_EXIT_BAD_INPUT;
    }
    player->speed = (double)speed;
    player->scripted = pl_args_has(args, "--script");
    pl_status status = resume
                           ? pl_episode_resume(&player->episode,
                                               &def,
                                               args->operand_count > 0 ? args->operands[0] : NULL,
                                               &errors)
                           : pl_episode_start(&player->episode, &def, &errors);
    if (status != PL_OK) {
        return pl_content_report(&errors);
    }
    status = prepare(player, args, &err);
    if (status != PL_OK) {
        return pl_command_error(&err);
    }
    begin_analysis(player, &def, args);
    show_opening(player, resume);
    play_on(player);
    if (player->code == PL_EXIT_OK && !pl_session_done(player->episode.session)) {
        printf("  The incident stays open: `plumb play --resume %s` goes on.\n",
               player->episode.header.id);
    }
    pl_episode_finish(&player->episode);
    return player->code;
}

int pl_cmd_play(int argc, char **argv)
{
    struct pl_args args;
    if (pl_command_parse(&args, argc, argv) != PL_OK) {
        return PL_EXIT_BAD_INPUT;
    }
    struct player *player = calloc(1, sizeof *player);
    if (player == NULL) {
        fputs("plumb: There is not enough memory.\n", stderr);
        return PL_EXIT_ENVIRONMENT;
    }
    int code = play(player, &args);
    put_back(player);
    return code;
}
