// SPDX-License-Identifier: Apache-2.0
#include "cli/guide.h"

#include "base/check.h"
#include "cli/plot.h"
#include "session/look.h"

#include <stdio.h>
#include <string.h>

enum { VERBS_MAX = 40 };

static const struct pl_verb verbs[] = {
    {"panel",
     "panel [SERVICE] [PANEL] [by X] [WINDOW]",
     "A panel of a dashboard: of a service, a database, a cache or a topic. Tab lists the panels.\n"
     "  panel checkout-api latency by route\n"
     "  panel checkout-api pool 1h\n"
     "  panel orders-db saturation",
     PL_WORDS_TARGET | PL_WORDS_PANEL,
     PL_WORDS_PANEL},
    {"query",
     "query EXPR [over WINDOW]",
     "A query in the language of Prometheus (a subset); `metrics` lists the names.\n"
     "  query sum by (http_route) (rate(http_server_request_duration_seconds_count[5m]))\n"
     "  query histogram_quantile(0.99, sum by (le) (rate(x_bucket[5m]))) over 1h",
     PL_WORDS_NONE,
     PL_WORDS_NONE},
    {"metrics",
     "metrics [WORD]",
     "Names of all metrics, or of those that contain a word.\n"
     "  metrics db_client",
     PL_WORDS_NONE,
     PL_WORDS_NONE},
    {"logs",
     "logs SOURCE [error|warn] [WORDS] [WINDOW] [limit N]",
     "Log lines of a service, a database, `edge` or `events` (Kubernetes), newest first.\n"
     "  logs checkout-api error\n"
     "  logs orders-db \"still waiting\" 1h limit 40",
     PL_WORDS_SERVICE | PL_WORDS_DATABASE | PL_WORDS_SOURCE,
     PL_WORDS_NONE},
    {"traces",
     "traces [SERVICE] [ROUTE] [errors] [over 1s] [WINDOW]",
     "Sampled traces, slowest first; `trace ID` shows one.\n"
     "  traces checkout-api over 2s",
     PL_WORDS_SERVICE,
     PL_WORDS_ROUTE},
    {"trace",
     "trace ID",
     "One trace as a waterfall. The id may be shortened. Thick bars are time that no child of the "
     "span explains.\n"
     "  trace 4bf92f35",
     PL_WORDS_NONE,
     PL_WORDS_NONE},
    {"changes",
     "changes [WINDOW]",
     "The change feed: deploys, flags, jobs, vendors. Console edits do not appear there.\n"
     "  changes 2h",
     PL_WORDS_NONE,
     PL_WORDS_NONE},
    {"db",
     "db [DATABASE] VIEW [STATEMENT] [WINDOW]",
     "The console of a database: activity, locks, statements, plan, replication, connections.\n"
     "  db orders-db activity\n"
     "  db plan get-order",
     PL_WORDS_DATABASE | PL_WORDS_VIEW,
     PL_WORDS_VIEW | PL_WORDS_STATEMENT},
    {"alerts", "alerts", "Alerts that are pending or firing.", PL_WORDS_NONE, PL_WORDS_NONE},
    {"topology",
     "topology",
     "Services, what they call, and how that goes.",
     PL_WORDS_NONE,
     PL_WORDS_NONE},
    {"pods", "pods [SERVICE]", "Pods as the cluster shows them.", PL_WORDS_SERVICE, PL_WORDS_NONE},
    {"edges",
     "edges [SERVICE]",
     "Client policies of a service: timeouts, retries, breakers, limits.",
     PL_WORDS_SERVICE,
     PL_WORDS_NONE},
    {"flags", "flags", "Feature flags, their owners and shares.", PL_WORDS_NONE, PL_WORDS_NONE},
    {"runbook",
     "runbook [PAGE]",
     "A page of the runbook, or the list of pages.\n"
     "  runbook latency",
     PL_WORDS_PAGE,
     PL_WORDS_NONE},
    {"people", "people", "Who can be asked, and who is there.", PL_WORDS_NONE, PL_WORDS_NONE},
    {"ask",
     "ask PERSON QUESTION",
     "Ask a teammate. The answer comes later, like any answer, and may be wrong.\n"
     "  ask tomasz what is the database busy with?",
     PL_WORDS_PERSON,
     PL_WORDS_NONE},
    {"believe",
     "believe COMPONENT MECHANISM [\"WORDS\"] [because TRIGGER] PERCENT [; ...]",
     "Say what you think is wrong, and how sure you are. What you leave open is `something else`. "
     "Several claims are separated by a semicolon with spaces. Alone it shows what you said last.\n"
     "  believe checkout-api pool \"held too long\" because flag fraud-inline-v2 60\n"
     "  believe orders-db plan 30 ; payment vendor 20",
     PL_WORDS_TARGET | PL_WORDS_VENDOR,
     PL_WORDS_NONE},
    {"update",
     "update STATUS \"TEXT\"",
     "Post on the status page: investigating, identified, monitoring or resolved. Say what "
     "customers see, how many, and when they hear from you again.\n"
     "  update investigating \"Checkout is slow for most customers since 11:35. Next: 12:00.\"",
     PL_WORDS_STATUS,
     PL_WORDS_NONE},
    {"message",
     "message WHO TEXT",
     "Write to a teammate or a channel.\n"
     "  message ines I am turning your flag back to 40 %",
     PL_WORDS_PERSON,
     PL_WORDS_NONE},
    {"status",
     "status",
     "What stands on the status page, and when the next post is due.",
     PL_WORDS_NONE,
     PL_WORDS_NONE},
    {"postmortem",
     "postmortem [FIELD \"TEXT\"]",
     "Write the postmortem, one field after the other.\n"
     "  postmortem summary \"Checkout was slow for 20 minutes.\"",
     PL_WORDS_NONE,
     PL_WORDS_NONE},
    {"actions",
     "actions",
     "Everything that you can change. Every action shows what it would do and asks first.",
     PL_WORDS_NONE,
     PL_WORDS_NONE},
    {"wait",
     "wait [TIME]",
     "Let time pass. Without a time: until something comes in, five minutes at most.\n"
     "  wait 2m",
     PL_WORDS_NONE,
     PL_WORDS_NONE},
    {"close",
     "close",
     "The incident is over for you: the debrief follows.",
     PL_WORDS_NONE,
     PL_WORDS_NONE},
    {"debrief", "debrief", "Show the debrief again.", PL_WORDS_NONE, PL_WORDS_NONE},
    {"help",
     "help [COMMAND]",
     "This help; `help keys` lists the keys.",
     PL_WORDS_VERB | PL_WORDS_ACTION,
     PL_WORDS_NONE},
    {"quit",
     "quit",
     "Leave. The incident stays open; `plumb play --resume` goes on where you were.",
     PL_WORDS_NONE,
     PL_WORDS_NONE},
    {NULL, NULL, NULL, 0, 0},
};

const struct pl_verb *pl_guide_verbs(void)
{
    return verbs;
}

const char *const *pl_guide_verb_names(void)
{
    /* In the order of the table above; guide_test compares the two. */
    static const char *const names[] = {
        "panel",   "query",  "metrics",  "logs",    "traces",  "trace",  "changes",
        "db",      "alerts", "topology", "pods",    "edges",   "flags",  "runbook",
        "people",  "ask",    "believe",  "update",  "message", "status", "postmortem",
        "actions", "wait",   "close",    "debrief", "help",    "quit",   NULL};
    return names;
}

static void put_row(const struct pl_term *term,
                    struct pl_buf *out,
                    const char *head,
                    const char *form,
                    const char *what)
{
    pl_buf_puts(out, "  ");
    pl_term_put(term, out, PL_STYLE_STRONG, head);
    uint32_t width = pl_term_width(head);
    pl_term_pad(out, width < 6 ? 6 - width : 0);
    pl_term_put(term, out, PL_STYLE_PLAIN, form);
    width = pl_term_width(form);
    pl_term_pad(out, width < 42 ? 42 - width : 2);
    pl_term_put(term, out, PL_STYLE_FAINT, what);
    pl_buf_puts(out, "\n");
}

static void
put_actions(const struct pl_term *term, const struct pl_scenario *scenario, struct pl_buf *out)
{
    char memory[1024];
    struct pl_buf list;
    pl_buf_init(&list, memory, sizeof memory);
    for (uint32_t i = 0; i < scenario->setting.action_count; i++) {
        pl_buf_printf(&list, "%s%s", i > 0 ? ", " : "", scenario->setting.actions[i].name);
    }
    char wrapped_memory[2048];
    struct pl_buf wrapped;
    pl_buf_init(&wrapped, wrapped_memory, sizeof wrapped_memory);
    pl_term_wrap(term, &wrapped, PL_STYLE_PLAIN, 8, memory);
    pl_buf_puts(out, "  ");
    pl_term_put(term, out, PL_STYLE_STRONG, "act   ");
    pl_buf_puts(out, wrapped_memory + strspn(wrapped_memory, " "));
    put_row(term, out, "", "actions", "all of them; each asks first");
}

/* Examples name what this world has: `$` stands for the paged service, `%` for a database. */
static void fill_example(const struct pl_lexicon *lexicon, const char *form, struct pl_buf *out)
{
    const struct pl_world *world = lexicon->world;
    for (; *form != '\0'; form++) {
        if (*form == '$') {
            pl_buf_puts(out, lexicon->scenario->page_service);
        } else if (*form == '%') {
            pl_buf_puts(out, world->database_count > 0 ? world->databases[0].name : "DATABASE");
        } else {
            pl_buf_put(out, form, 1);
        }
    }
}

static void
put_overview(const struct pl_term *term, const struct pl_lexicon *lexicon, struct pl_buf *out)
{
    static const char *const rows[][3] = {
        {"look", "panel $ latency by route", "a panel of a dashboard"},
        {"", "query EXPR over 1h, metrics WORD", "PromQL, names of metrics"},
        {"", "logs $ error, logs events", "log lines"},
        {"", "traces $ over 1s, trace ID", "where the time goes"},
        {"", "db % activity", "console of a database"},
        {"", "changes 2h, flags, alerts", "what changed, what fires"},
        {"", "topology, pods SERVICE, edges SERVICE", "what runs, how it calls"},
        {"", "runbook PAGE, people, ask NAME words", "what others know"},
        {"say", "believe $ pool \"words\" 60", "your hypothesis, in percent"},
        {"", "update investigating \"words\", status", "the status page"},
        {"", "message NAME words, postmortem", "to a teammate; at the end"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char memory[160];
        struct pl_buf form;
        pl_buf_init(&form, memory, sizeof memory);
        fill_example(lexicon, rows[i][1], &form);
        put_row(term, out, rows[i][0], memory, rows[i][2]);
    }
    put_actions(term, lexicon->scenario, out);
    put_row(term, out, "time", "wait, wait 2m", "until news comes, or 2 min");
    put_row(term, out, "end", "close", "the debrief follows");
    put_row(term, out, "", "quit", "leave; play --resume goes on");
    pl_term_wrap(term,
                 out,
                 PL_STYLE_FAINT,
                 2,
                 "Looking costs time (at the right). Words may be shortened, Tab completes, "
                 "`help panel` tells more, `help keys` the keys.");
}

static void put_keys(const struct pl_term *term, struct pl_buf *out)
{
    for (const struct pl_key *key = pl_keys_embedded; key->keys != NULL; key++) {
        pl_buf_puts(out, "  ");
        pl_term_put(term, out, PL_STYLE_STRONG, key->keys);
        uint32_t width = pl_term_width(key->keys);
        pl_term_pad(out, width < 16 ? 16 - width : 1);
        pl_term_put(term, out, PL_STYLE_PLAIN, key->does);
        pl_buf_puts(out, "\n");
    }
}

static void put_cost(const struct pl_term *term,
                     const struct pl_scenario *scenario,
                     const char *name,
                     struct pl_buf *out)
{
    for (const char *const *look = pl_look_names(); *look != NULL; look++) {
        if (strcmp(*look, name) == 0) {
            char cost[32];
            char line[64];
            pl_plot_format(cost, sizeof cost, pl_scenario_look_cost(scenario, name), "s");
            snprintf(line, sizeof line, "Costs %s of simulated time.", cost);
            pl_term_wrap(term, out, PL_STYLE_FAINT, 2, line);
        }
    }
}

static void
put_action(const struct pl_term *term, const struct pl_action *action, struct pl_buf *out)
{
    char line[512];
    struct pl_buf usage;
    pl_buf_init(&usage, line, sizeof line);
    pl_buf_puts(&usage, action->name);
    for (uint32_t i = 0; i < action->arg_count; i++) {
        pl_buf_printf(&usage, " %s", action->args[i].name);
    }
    pl_term_wrap(term, out, PL_STYLE_STRONG, 2, line);
    pl_term_wrap(term, out, PL_STYLE_PLAIN, 2, action->title);
    for (uint32_t i = 0; i < action->arg_count; i++) {
        const struct pl_arg *arg = &action->args[i];
        pl_buf_clear(&usage);
        pl_buf_printf(&usage, "%s: %s", arg->name, arg->doc);
        for (uint32_t k = 0; arg->kind == PL_ARG_CHOICE && k < arg->option_count; k++) {
            pl_buf_printf(&usage, "%s%s", k > 0 ? ", " : " (", arg->options[k]);
        }
        pl_buf_puts(&usage, arg->kind == PL_ARG_CHOICE && arg->option_count > 0 ? ")" : "");
        pl_term_wrap(term, out, PL_STYLE_PLAIN, 4, line);
    }
    if (action->risk[0] != '\0') {
        pl_term_wrap(term, out, PL_STYLE_PLAIN, 2, action->risk);
    }
}

void pl_guide_help(const struct pl_term *term,
                   const struct pl_lexicon *lexicon,
                   const char *topic,
                   struct pl_buf *out)
{
    PL_CHECK(term != NULL && lexicon != NULL);
    PL_CHECK(topic != NULL && out != NULL);
    const char *word = NULL;
    if (topic[0] == '\0') {
        put_overview(term, lexicon, out);
        return;
    }
    if (strcmp(topic, "keys") == 0) {
        put_keys(term, out);
        return;
    }
    enum pl_match match = pl_lexicon_find(lexicon, PL_WORDS_VERB | PL_WORDS_ACTION, topic, &word);
    if (match == PL_MATCH_NONE || word == NULL) {
        pl_term_wrap(term, out, PL_STYLE_PLAIN, 2, "There is no such command; `help` shows all.");
        return;
    }
    for (const struct pl_verb *verb = verbs; verb->name != NULL; verb++) {
        if (strcmp(verb->name, word) == 0) {
            pl_term_wrap(term, out, PL_STYLE_STRONG, 2, verb->usage);
            pl_term_wrap(term, out, PL_STYLE_PLAIN, 2, verb->details);
            put_cost(term, lexicon->scenario, verb->name, out);
            return;
        }
    }
    const struct pl_setting *setting = &lexicon->scenario->setting;
    for (uint32_t i = 0; i < setting->action_count; i++) {
        if (strcmp(setting->actions[i].name, word) == 0) {
            put_action(term, &setting->actions[i], out);
        }
    }
}
