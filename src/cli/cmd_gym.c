// SPDX-License-Identifier: Apache-2.0
//
// `plumb gym`: the session protocol as JSON lines.
//
// One command per line in, one object per line out, starting with the opening. A line that is no
// command is answered with an error object and changes nothing.
#include "base/check.h"
#include "cli/commands.h"
#include "exam/episode.h"
#include "exam/forks.h"
#include "text/json_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = PL_COMMAND_SIZE_MAX };

/* A line of standard input. */
struct line {
    char text[LINE_MAX_BYTES + 1];
    size_t size;
    bool too_long;
    bool has_nul;
};

/* Read a line; what is longer than a command is skipped, not stored. */
static bool read_line(struct line *line)
{
    int c = getchar();
    if (c == EOF) {
        return false;
    }
    line->size = 0;
    line->too_long = false;
    line->has_nul = false;
    for (; c != EOF && c != '\n'; c = getchar()) {
        line->has_nul = line->has_nul || c == '\0';
        if (line->size < LINE_MAX_BYTES) {
            line->text[line->size++] = (char)c;
        } else {
            line->too_long = true;
        }
    }
    line->text[line->size] = '\0';
    return true;
}

static bool is_blank(const struct line *line)
{
    return !line->has_nul && !line->too_long && line->text[strspn(line->text, " \t\r")] == '\0';
}

static void put_error(const char *code, const char *message)
{
    char memory[1024];
    struct pl_buf out;
    struct pl_json_out json;
    pl_buf_init(&out, memory, sizeof memory);
    pl_json_out_begin(&json, &out);
    pl_json_out_object_begin(&json);
    pl_json_out_key(&json, "error");
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "code", code);
    pl_json_out_member_string(&json, "message", message);
    pl_json_out_object_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    puts(memory);
}

/* Obey one line; false when the log failed and the episode is over. */
static bool
obey(struct pl_forks *forks, struct pl_episode *episode, const struct line *line, pl_error *err)
{
    if (line->too_long) {
        put_error("limit", "A command has at most 65536 bytes.");
        return true;
    }
    pl_slice command = {line->text, line->size};
    struct pl_buf *answer = NULL;
    if (pl_forks_apply(forks, episode, command, &answer, err) != PL_OK) {
        return false;
    }
    fwrite(answer->data, 1, answer->size, stdout);
    fputc('\n', stdout);
    return true;
}

static int gym(struct pl_episode *episode, struct pl_forks *forks)
{
    static struct line line;
    pl_error err = {0};
    pl_session_opening(episode->session, &episode->answer);
    puts(episode->answer.data);
    fflush(stdout);
    while (read_line(&line)) {
        if (is_blank(&line)) {
            continue;
        }
        if (!obey(forks, episode, &line, &err)) {
            put_error(pl_status_name(err.status), err.message);
            return pl_command_error(&err);
        }
        if (fflush(stdout) != 0) {
            return PL_EXIT_ENVIRONMENT;
        }
    }
    pl_episode_finish(episode);
    return PL_EXIT_OK;
}

int pl_cmd_gym(int argc, char **argv)
{
    static struct pl_errors errors;
    struct pl_args args;
    struct pl_episode episode = {0};
    struct pl_episode_def def = {.clock = PL_CLOCK_TURN, .keep = true};
    pl_error err = {0};
    if (pl_command_parse(&args, argc, argv) != PL_OK) {
        return PL_EXIT_BAD_INPUT;
    }
    def.seed = pl_episode_draw_seed();
    def.content = pl_args_value(&args, "--content");
    def.data = pl_args_value(&args, "--data");
    def.keep = !pl_args_has(&args, "--no-log");
    if (pl_args_number(&args, "--seed", 0, INT64_MAX, &def.seed, &err) != PL_OK) {
        return pl_command_error(&err);
    }
    if (args.operand_count == 0) {
        fputs("plumb: `plumb gym` needs a scenario; `plumb pack list` shows all.\n", stderr);
        return PL_EXIT_BAD_INPUT;
    }
    def.scenario = args.operands[0];
    int code = PL_EXIT_OK;
    if (pl_episode_start(&episode, &def, &errors) != PL_OK) {
        code = pl_content_report(&errors);
    } else {
        struct pl_forks *forks = calloc(1, sizeof *forks);
        PL_CHECK(forks != NULL);
        code = gym(&episode, forks);
        pl_forks_end(forks);
        free(forks);
    }
    pl_episode_end(&episode);
    return code;
}
