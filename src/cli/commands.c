// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"

#include "base/check.h"
#include "cli/completion.h"
#include "cli/manual.h"
#include "exam/juror.h"
#include "exam/knowledge_file.h"
#include "os/child.h"
#include "text/suggest.h"

#include <stdio.h>
#include <string.h>

enum { COMMANDS_MAX = 32, HELP_SIZE = 16384 };

static const struct pl_option_def help_options[] = {
    {"--man", NULL, "print the man page plumb(1)"},
    {"--markdown", NULL, "print the page of the reference"},
    {"--completion", "bash|zsh|fish", "print what a shell completes"},
    {NULL, NULL, NULL},
};

static const struct pl_option_def simulate_options[] = {
    {"--for", "TIME", "how long to measure, such as 10m (default 10m)"},
    {"--warmup", "TIME", "run first and leave out, such as 1m (default 1m)"},
    {"--seed", "N", "seed of all random draws (default 1)"},
    {"--change", "FILE", "YAML list of changes timed from the end of the warm-up"},
    {"--json", NULL, "print one JSON object"},
    {NULL, NULL, NULL},
};

static const struct pl_option_def pack_options[] = {
    {"--content", "DIR", "directory of content"},
    {"--seeds", "N", "test: forms (5); calibrate: futures (4); kpis: 2 runs"},
    {"--minutes", "N", "test: after the opening; kpis: measured (120)"},
    {"--cause", "NAME", "test: only this cause"},
    {"--causes-only", NULL, "test: without the gates"},
    {"--world", "NAME", "new scenario: the world that it plays in"},
    {"--sizes", NULL, "lint: parts of the state; without PATH: all worlds"},
    {"--gates", NULL, "test: only the gates Q1 to Q10"},
    {"--quick", NULL, "test: rough gates"},
    {"--looks", NULL, "test: gates, and what each look tells apart"},
    {"--k", "N", "worlds per cause (calibrate, gates: 16; quick: 8)"},
    {"--step", "SECONDS", "calibrate: between two moments (default 240)"},
    {"--forms", "N", "calibrate: forms of the reference planner (24)"},
    {"--json", NULL, "print JSON"},
    {"--markdown", NULL, "test, faults, kpis: print tables in Markdown"},
    {NULL, NULL, NULL},
};

static const struct pl_option_def bench_options[] = {
    {"--json", NULL, "print a JSON list"},
    {"--runs", "N", "runs of each benchmark, 1 to 200 (default 7)"},
    {"--seconds", "S", "5 runs or more, until S seconds are spent"},
    {"--quick", NULL, "short runs with rough figures"},
    {"--list", NULL, "say what there is and run nothing"},
    {"--content", "DIR", "directory of worlds and scenarios ($PLUMB_CONTENT)"},
    {NULL, NULL, NULL},
};

#define CONTENT_OPTION                                                           \
    {                                                                            \
        "--content", "DIR", "directory of worlds and scenarios ($PLUMB_CONTENT)" \
    }
#define DATA_OPTION                                                    \
    {                                                                  \
        "--data", "DIR", "directory of the evidence log ($PLUMB_DATA)" \
    }

static const struct pl_option_def play_options[] = {
    {"--seed", "N", "play this form again; drawn when not given"},
    {"--clock", "turn|live", "turn: looking costs time; live: time runs"},
    {"--speed", "1..10", "seconds of the live clock per second"},
    {"--resume", NULL, "go on with SESSION, or with the newest open one"},
    {"--script", "FILE", "read lines from a file instead of the terminal"},
    {"--analysis", "N|off", "worlds per cause (default 16; off with --script)"},
    {"--ascii", NULL, "7-bit characters only"},
    CONTENT_OPTION,
    DATA_OPTION,
    {NULL, NULL, NULL},
};

static const struct pl_option_def demo_options[] = {
    {"--listen", "ADDR:PORT", "where (default 127.0.0.1:7586, or a free port)"},
    {"--no-browser", NULL, "only print the address"},
    {"--data", "DIR", "keep the sessions there; without samples"},
    {"--sessions", "N", "sessions in play at once (default 100)"},
    {"--streams", "N", "event streams of one session (default 3)"},
    {"--k", "N", "worlds per cause of an analysis (default 16)"},
    CONTENT_OPTION,
    {NULL, NULL, NULL},
};

static const struct pl_option_def gym_options[] = {
    {"--seed", "N", "play this form; drawn when not given"},
    {"--no-log", NULL, "keep no evidence log"},
    CONTENT_OPTION,
    DATA_OPTION,
    {NULL, NULL, NULL},
};

static const struct pl_option_def bot_options[] = {
    {"--list", NULL, "list all bots"},
    {"--seed", "N", "play this form; drawn when not given"},
    {"--seeds", "A..B", "play these forms, with `--out DIR`"},
    {"--clock", "turn", "the only clock that bots know"},
    {"--cause", "NAME", "the first form from the seed on with this cause"},
    {"--out", "PATH", "file of the export; many: folder; learn: its file"},
    {"--stay", NULL, "do not close: go on to the end"},
    {"--jobs", "N", "sessions at once (default: all processors)"},
    {"--json", NULL, "print one line of JSON per session"},
    CONTENT_OPTION,
    DATA_OPTION,
    {NULL, NULL, NULL},
};

static const struct pl_option_def judge_options[] = {
    {"--k", "N", "worlds per cause, 4 to 128 (default 48)"},
    {"--until", "SEQ", "judge the entries up to this one only"},
    {"--bank", "N", "use another bank of worlds (default 0)"},
    {"--fresh", NULL, "judge again though an analysis is kept"},
    {"--json", NULL, "print the report as JSON"},
    CONTENT_OPTION,
    DATA_OPTION,
    {NULL, NULL, NULL},
};

static const struct pl_option_def replay_options[] = {
    {"--json", NULL, "print the result as JSON"},
    CONTENT_OPTION,
    DATA_OPTION,
    {NULL, NULL, NULL},
};

static const struct pl_option_def sessions_options[] = {
    {"--json", NULL, "print the list as JSON"},
    DATA_OPTION,
    {NULL, NULL, NULL},
};

static const struct pl_option_def store_options[] = {
    DATA_OPTION,
    {NULL, NULL, NULL},
};

static const struct pl_option_def serve_options[] = {
    {"--listen", "ADDRESS:PORT", "where to listen (default 127.0.0.1:7586)"},
    {"--base-url", "URL", "what browsers show, such as https://plumb.example"},
    {"--insecure-lan", NULL, "sign in by plain http from other machines too"},
    {"--proxy", "ADDRESS", "believe X-Forwarded-For of the proxy at ADDRESS"},
    {"--require-mfa", NULL, "nobody plays before turning on codes by time"},
    {"--sessions", "N", "sessions of one user in play at once (default 100)"},
    {"--streams", "N", "event streams of one user on one session (default 3)"},
    {"--k", "N", "worlds per cause of an analysis (default 16)"},
    CONTENT_OPTION,
    DATA_OPTION,
    {NULL, NULL, NULL},
};

static const struct pl_option_def doctor_options[] = {
    {"--listen", "ADDRESS:PORT", "where a server is to listen"},
    {"--json", NULL, "print the checks as JSON"},
    DATA_OPTION,
    {NULL, NULL, NULL},
};

static const struct pl_option_def audit_options[] = {
    {"--after", "N", "only events after this one"},
    {"--refused", NULL, "only what was refused"},
    {"--json", NULL, "print the events as they are kept, one per line"},
    DATA_OPTION,
    {NULL, NULL, NULL},
};

static const struct pl_command_def table[] = {
    {
        .name = "play",
        .operands = "[SCENARIO|SESSION]",
        .summary = "be on call: an incident in this terminal",
        .details =
            "Without a scenario it is every-query-is-slow. You are paged, you look, you act,\n"
            "you close, and the debrief tells what was wrong. Everything is kept at once: a\n"
            "session that was left or killed goes on with --resume where it was.\n",
        .options = play_options,
        .examples = "  plumb play\n"
                    "  plumb play every-query-is-slow --seed 7 --clock live --speed 2\n"
                    "  plumb play --resume\n",
        .run = pl_cmd_play,
        .operands_max = 1,
    },
    {
        .name = "demo",
        .operands = "",
        .summary = "be on call in the browser: nothing to set up, nothing kept",
        .details = "Prints the address and opens a browser where there is one. An incident waits,\n"
                   "whose clock runs once you take the call; two sessions that bots have played\n"
                   "appear as samples. It listens on this machine alone unless\n"
                   "--listen says otherwise; there is no sign-in. Ctrl-C ends it.\n",
        .options = demo_options,
        .examples = "  plumb demo\n"
                    "  plumb demo --no-browser --listen 127.0.0.1:8000\n",
        .run = pl_cmd_demo,
        .operands_max = 0,
    },
    {
        .name = "gym",
        .operands = "SCENARIO",
        .summary = "the same incident for programs: JSON lines in and out",
        .details = "One command per line on standard input, one answer per line on standard\n"
                   "output, the opening first. docs/reference/gym.md has the protocol.\n",
        .options = gym_options,
        .examples =
            "  plumb gym every-query-is-slow --seed 7\n"
            "  echo '{\"do\":\"look\",\"what\":\"alerts\"}' | plumb gym every-query-is-slow\n",
        .run = pl_cmd_gym,
        .operands_max = 1,
    },
    {
        .name = "bot",
        .operands = "NAME|all|learn SCENARIO",
        .summary = "let a policy play: known skill to test a judgement with",
        .details = "NAME    play one form, or all of --seeds; --list shows the bots\n"
                   "all     every bot plays every form of --seeds, each into a file of --out\n"
                   "learn   learn from other forms what the bots know: bots.json\n"
                   "Bots see the answers of `plumb gym` and nothing else. Without --out the\n"
                   "session is kept like any other.\n",
        .options = bot_options,
        .examples = "  plumb bot planner every-query-is-slow --seed 7 --out planner-7.ndjson\n"
                    "  plumb bot all every-query-is-slow --seeds 1..20 --out sessions\n"
                    "  plumb bot learn every-query-is-slow\n",
        .run = pl_cmd_bot,
        .operands_max = 2,
    },
    {
        .name = "judge",
        .operands = "SESSION...",
        .summary = "what looks were worth, what moves cost, and how sure that is",
        .details = "SESSION is an id, or a file that `plumb export` wrote. It takes minutes of\n"
                   "processor time; docs/reference/judge.md tells what the numbers mean. Several\n"
                   "sessions of a scenario share the worlds that they begin in; --json prints a\n"
                   "line for each. Exit code 1 when a session can't be judged: its log is\n"
                   "altered, or the content has changed since.\n",
        .options = judge_options,
        .examples = "  plumb judge 3f9c20aa\n"
                    "  plumb judge session.ndjson --json\n"
                    "  plumb judge bots/*.ndjson --json --k 16\n",
        .run = pl_cmd_judge,
        .operands_max = PL_OPERANDS_MAX,
    },
    {
        .name = "sessions",
        .operands = "",
        .summary = "list the sessions that are kept",
        .details = "",
        .options = sessions_options,
        .examples = "  plumb sessions\n"
                    "  plumb sessions --json\n",
        .run = pl_cmd_sessions,
        .operands_max = 0,
    },
    {
        .name = "replay",
        .operands = "SESSION",
        .summary = "play a kept session again and compare every answer",
        .details = "Exit code 1 when an answer differs or the content has changed.\n",
        .options = replay_options,
        .examples = "  plumb replay 3f9c20aa\n",
        .run = pl_cmd_replay,
        .operands_max = 1,
    },
    {
        .name = "export",
        .operands = "SESSION [FILE]",
        .summary = "write a session as lines of JSON",
        .details = "To standard output when no file is named.\n",
        .options = store_options,
        .examples = "  plumb export 3f9c20aa session.ndjson\n",
        .run = pl_cmd_export,
        .operands_max = 2,
    },
    {
        .name = "import",
        .operands = "FILE",
        .summary = "take in a session that was exported",
        .details = "Its chain of hashes is checked first; a damaged file is refused.\n",
        .options = store_options,
        .examples = "  plumb import session.ndjson\n",
        .run = pl_cmd_import,
        .operands_max = 1,
    },
    {
        .name = "serve",
        .operands = "",
        .summary = "the same in browsers, for several people who sign in",
        .details = "Prints its address, and once a link to make the first account. Sessions are\n"
                   "kept in the data directory and go on after a restart. Behind a reverse proxy\n"
                   "with TLS, --base-url says what browsers show.\n",
        .options = serve_options,
        .examples = "  plumb serve --data /var/lib/plumb\n"
                    "  plumb serve --listen 0.0.0.0:7586 --base-url https://plumb.example\n",
        .run = pl_cmd_serve,
    },
    {
        .name = "doctor",
        .operands = "",
        .summary = "what may be wrong with this machine or the data, and the fix",
        .details =
            "Looks at disk, permissions, sync, clock, evidence log, audit log, descriptors,\n"
            "port and web client. Ends with 1 when something is bad.\n",
        .options = doctor_options,
        .examples = "  plumb doctor\n"
                    "  plumb doctor --data /var/lib/plumb --json\n",
        .run = pl_cmd_doctor,
    },
    {
        .name = "audit",
        .operands = "",
        .summary = "who signed in, was refused, or changed an account",
        .details = "Prints the audit log of `plumb serve`, oldest first, and verifies that each\n"
                   "event follows from the one before it. Keep the hash that it ends with\n"
                   "elsewhere: it shows later whether the end was cut off.\n",
        .options = audit_options,
        .examples = "  plumb audit --data /var/lib/plumb\n"
                    "  plumb audit --data /var/lib/plumb --refused\n",
        .run = pl_cmd_audit,
    },
    {
        .name = "help",
        .operands = "[COMMAND]",
        .summary = "show what plumb does, or all about one command",
        .details = "`source <(plumb help --completion bash)` in ~/.bashrc lets Tab complete.\n",
        .options = help_options,
        .examples = "  plumb help\n"
                    "  plumb help play\n"
                    "  plumb help --man | man -l -\n"
                    "  plumb help --completion fish > ~/.config/fish/completions/plumb.fish\n",
        .run = pl_cmd_help,
        .operands_max = 1,
    },
    {
        .name = "simulate",
        .operands = "WORLD.yaml",
        .summary = "run a world without a player and print what it did",
        .details = "Prints latency of each route and use of each resource, after the warm-up.\n"
                   "The same world, seed and changes give the same state hash on every machine.\n",
        .options = simulate_options,
        .examples = "  plumb simulate content/worlds/examples/mm1.yaml --for 30m\n"
                    "  plumb simulate content/worlds/larkspur.yaml --seed 7 --json\n",
        .run = pl_cmd_simulate,
        .operands_max = 1,
    },
    {
        .name = "bench",
        .operands = "[NAME...]",
        .summary = "measure the engine, and whether its answers are right",
        .details = "Nanoseconds of processor time per request of plain queues and of the shipped\n"
                   "world, forks, rollouts. Queues take turns with loops written by hand for\n"
                   "nothing else; the ratio is what the general engine costs. Every answer is\n"
                   "checked, a wrong one makes the exit code 1. docs/reference/bench.md tells\n"
                   "what each figure means.\n",
        .options = bench_options,
        .examples = "  plumb bench\n"
                    "  plumb bench mm1 tandem --json --seconds 10\n"
                    "  plumb bench --list\n",
        .run = pl_cmd_bench,
        .operands_max = PL_OPERANDS_MAX,
    },
    {
        .name = "pack",
        .operands = "new|list|lint|test|calibrate|faults|kpis|schema [X]",
        .summary = "list, check and test content, for authors",
        .details =
            "new     world NAME, or scenario NAME --world WORLD: a first version to change\n"
            "list    all scenarios\n"
            "lint    all mistakes of a world's or scenario's file; size of the state\n"
            "test    does each cause page, do remedies help, do tempting moves harm?\n"
            "        Then the gates Q1 to Q10: is it worth playing, can it be judged?\n"
            "        Exit code 1 when anything is not as it should be.\n"
            "faults  the fault library: mechanisms that causes can use; NAME: all about one\n"
            "kpis    does a healthy world hold its normal numbers for two hours?\n"
            "schema  world, scenario or fault: JSON Schema for editors; reference: a page\n"
            "        in Markdown; params WORLD.yaml: all tunables of a world\n"
            "calibrate  compute what the judge needs of a scenario: calibration.json\n",
        .options = pack_options,
        .examples = "  plumb pack lint content/worlds/larkspur.yaml\n"
                    "  plumb pack test every-query-is-slow --seeds 5\n",
        .run = pl_cmd_pack,
        .operands_max = 3,
    },
    {.name = NULL},
};

const struct pl_command_def *pl_command_table(void)
{
    return table;
}

const struct pl_command_def *pl_command_find(const char *name)
{
    PL_CHECK(name != NULL);
    for (const struct pl_command_def *row = table; row->name != NULL; row++) {
        if (strcmp(row->name, name) == 0) {
            return row;
        }
    }
    return NULL;
}

int pl_command_error(const pl_error *err)
{
    PL_CHECK(err != NULL);
    PL_CHECK(err->status != PL_OK);
    char text[PL_ERROR_MESSAGE_MAX + PL_ERROR_PATH_MAX + 32];
    pl_error_format(err, text, sizeof text);
    fprintf(stderr, "plumb: %s\n", text);
    return pl_status_exit_code(err->status);
}

void pl_command_warn_stale(const struct pl_knowledge *knowledge, const struct pl_content *content)
{
    if (pl_knowledge_file_stale(knowledge, content)) {
        fprintf(stderr,
                "plumb: The bots have learned `%s` from other content than this; `plumb bot learn "
                "%s` brings them up to date.\n",
                content->scenario->name,
                content->scenario->name);
    }
}

pl_status pl_command_parse(struct pl_args *args, int argc, char **argv)
{
    PL_CHECK(argc >= 1);
    const struct pl_command_def *command = pl_command_find(argv[0]);
    PL_CHECK(command != NULL);
    pl_error err = {0};
    pl_status status = pl_args_parse(args, command, argc, argv, &err);
    if (status != PL_OK) {
        (void)pl_command_error(&err);
    }
    return status;
}

static void print_overview(void)
{
    fputs("plumb puts you on call in a production system that is misbehaving.\n"
          "\n"
          "Usage: plumb COMMAND [OPTIONS]\n"
          "\n"
          "Commands:\n",
          stdout);
    for (const struct pl_command_def *row = table; row->name != NULL; row++) {
        printf("  %-10s %s\n", row->name, row->summary);
    }
    fputs("\nExamples:\n", stdout);
    for (const struct pl_command_def *row = table; row->name != NULL; row++) {
        const char *end = strchr(row->examples, '\n');
        PL_CHECK(end != NULL);
        printf("%.*s\n", (int)(end - row->examples), row->examples);
    }
    fputs("\n`plumb COMMAND --help` explains one command, `plumb --version` prints the version.\n"
          "Exit codes: 0 done, 1 a check failed, 2 wrong input, 3 the environment refused.\n",
          stdout);
}

static int unknown_command(const char *name)
{
    const char *names[COMMANDS_MAX];
    uint32_t count = 0;
    for (const struct pl_command_def *row = table; row->name != NULL; row++) {
        PL_CHECK(count < COMMANDS_MAX);
        names[count++] = row->name;
    }
    const char *closest = pl_suggest_name(pl_slice_of(name), names, count);
    if (closest != NULL) {
        fprintf(stderr, "plumb: Unknown command `%.60s`. Did you mean `%s`?\n", name, closest);
    } else {
        fprintf(stderr, "plumb: Unknown command `%.60s`. `plumb help` lists them.\n", name);
    }
    return PL_EXIT_BAD_INPUT;
}

static int print_command_help(const struct pl_command_def *command)
{
    static char memory[HELP_SIZE];
    struct pl_buf out;
    pl_buf_init(&out, memory, sizeof memory);
    pl_command_help(command, &out);
    PL_CHECK(!out.overflow);
    fputs(memory, stdout);
    return PL_EXIT_OK;
}

/* A page about all commands, or what a shell completes; -1: neither was wanted. */
static int print_manual(const struct pl_args *args)
{
    static char memory[PL_MANUAL_SIZE];
    struct pl_buf out;
    pl_error err = {0};
    pl_buf_init(&out, memory, sizeof memory);
    const char *shell = pl_args_value(args, "--completion");
    if (shell != NULL) {
        if (pl_completion_write(table, shell, &out, &err) != PL_OK) {
            return pl_command_error(&err);
        }
    } else if (pl_args_has(args, "--man")) {
        pl_manual_man(table, PL_VERSION, &out);
    } else if (pl_args_has(args, "--markdown")) {
        pl_manual_markdown(table, &out);
    } else {
        return -1;
    }
    PL_CHECK(!out.overflow);
    fputs(memory, stdout);
    return PL_EXIT_OK;
}

int pl_cmd_help(int argc, char **argv)
{
    struct pl_args args;
    if (pl_command_parse(&args, argc, argv) != PL_OK) {
        return PL_EXIT_BAD_INPUT;
    }
    int code = print_manual(&args);
    if (code >= 0) {
        return code;
    }
    if (args.operand_count == 0) {
        print_overview();
        return PL_EXIT_OK;
    }
    const struct pl_command_def *command = pl_command_find(args.operands[0]);
    return command != NULL ? print_command_help(command) : unknown_command(args.operands[0]);
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            return false;
        }
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return true;
        }
    }
    return false;
}

/* Output that the disk refused must not look like success. */
static int finish(int code)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("plumb: The output could not be written.\n", stderr);
        return PL_EXIT_ENVIRONMENT;
    }
    return code;
}

/* What a server starts to judge for it. */
static int be_juror(void)
{
    struct pl_child *host = pl_child_self();
    if (host == NULL) {
        fputs("plumb: `plumb work` judges sessions for a server, which starts it by itself.\n",
              stderr);
        return PL_EXIT_BAD_INPUT;
    }
    pl_juror_run(host);
    pl_child_end(host);
    return PL_EXIT_OK;
}

int pl_commands_run(int argc, char **argv)
{
    PL_CHECK(argv != NULL);
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_overview();
        return finish(PL_EXIT_OK);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("plumb %s\n", PL_VERSION);
        return finish(PL_EXIT_OK);
    }
    if (argc == 2 && strcmp(argv[1], PL_JUROR_ARGUMENT) == 0) {
        return be_juror();
    }
    const struct pl_command_def *command = pl_command_find(argv[1]);
    if (command == NULL) {
        return unknown_command(argv[1]);
    }
    if (wants_help(argc - 1, argv + 1)) {
        return finish(print_command_help(command));
    }
    return finish(command->run(argc - 1, argv + 1));
}
