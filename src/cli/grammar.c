// SPDX-License-Identifier: Apache-2.0
//
// A line is split into words, each verb reads its own words, and every word that stands for a name
// goes through the lexicon, which completes it, corrects it or refuses it. When something was
// corrected the line is not obeyed but offered.
#include "cli/grammar.h"

#include "base/check.h"
#include "cli/guide.h"
#include "text/excerpt.h"
#include "text/json_out.h"
#include "text/quantity.h"
#include "text/suggest.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct words {
    uint32_t count;
    char *items[PL_WORDS_MAX];
    bool quoted[PL_WORDS_MAX];
    const char *starts[PL_WORDS_MAX]; /* place in the line */
    char memory[PL_LINE_MAX + PL_WORDS_MAX];
};

/* A line being read. */
struct reader {
    const struct pl_lexicon *lexicon;
    struct words words;
    uint32_t at; /* next word */
    bool corrected;
    bool failed;
    struct pl_parsed *parsed;
    struct pl_json_out json;
};

static void fail(struct reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void fail(struct reader *reader, const char *format, ...)
{
    if (!reader->failed) {
        va_list args;
        va_start(args, format);
        vsnprintf(reader->parsed->message, sizeof reader->parsed->message, format, args);
        va_end(args);
        reader->failed = true;
    }
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

/* Split at spaces; quotes at the start of a word hold it together up to the same quote. */
static bool split(struct words *words, const char *line)
{
    char *out = words->memory;
    words->count = 0;
    while (*line != '\0') {
        line += strspn(line, " \t");
        if (*line == '\0') {
            return true;
        }
        if (words->count == PL_WORDS_MAX) {
            return false;
        }
        bool quoted = is_quote(*line) && strchr(line + 1, *line) != NULL;
        size_t size = quoted ? strcspn(line + 1, *line == '"' ? "\"" : "'") : strcspn(line, " \t");
        words->starts[words->count] = line;
        words->quoted[words->count] = quoted;
        words->items[words->count++] = out;
        memcpy(out, line + (quoted ? 1 : 0), size);
        out[size] = '\0';
        out += size + 1;
        line += size + (quoted ? 2 : 0);
    }
    return true;
}

static bool has_more(const struct reader *reader)
{
    return reader->at < reader->words.count;
}

static const char *peek(const struct reader *reader)
{
    return has_more(reader) ? reader->words.items[reader->at] : "";
}

static bool next_is(struct reader *reader, const char *word)
{
    if (has_more(reader) && !reader->words.quoted[reader->at] && strcmp(peek(reader), word) == 0) {
        reader->at++;
        return true;
    }
    return false;
}

static void member(struct reader *reader, const char *key, const char *text)
{
    pl_json_out_member_string(&reader->json, key, text);
}

/* True and taken when the next word is a duration such as 30m. */
static bool take_duration(struct reader *reader, char *text, size_t size)
{
    int64_t ns = 0;
    pl_error err = {0};
    const char *word = peek(reader);
    size_t length = strlen(word);
    /* A bare number is no duration here: it may be a share or a count. */
    if (length < 2 || !isdigit((unsigned char)word[0]) ||
        isdigit((unsigned char)word[length - 1]) ||
        pl_quantity_duration(pl_slice_of(word), NULL, &ns, &err) != PL_OK) {
        return false;
    }
    snprintf(text, size, "%s", word);
    reader->at++;
    return true;
}

static const char *kind_name(uint32_t kinds)
{
    static const struct {
        uint32_t kinds;
        const char *name;
    } names[] = {
        {PL_WORDS_TARGET | PL_WORDS_PANEL, "service or panel"},
        {PL_WORDS_DATABASE | PL_WORDS_VIEW, "database or view"},
        {PL_WORDS_SERVICE | PL_WORDS_DATABASE | PL_WORDS_SOURCE, "source of logs"},
        {PL_WORDS_SERVICE, "service"},
        {PL_WORDS_DATABASE, "database"},
        {PL_WORDS_PANEL, "panel"},
        {PL_WORDS_TARGET, "service"},
        {PL_WORDS_VIEW, "view"},
        {PL_WORDS_PERSON, "person"},
        {PL_WORDS_PAGE, "page"},
        {PL_WORDS_STATUS, "status"},
        {PL_WORDS_BY, "split"},
        {PL_WORDS_VERB | PL_WORDS_ACTION, "command"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].kinds == kinds) {
            return names[i].name;
        }
    }
    return "word";
}

static void fail_many(struct reader *reader, uint32_t kinds, const char *typed)
{
    const char *words[PL_LEXICON_WORDS_MAX];
    uint32_t count = pl_lexicon_words(reader->lexicon, kinds, words);
    char memory[200];
    struct pl_buf list;
    pl_buf_init(&list, memory, sizeof memory);
    for (uint32_t i = 0; i < count; i++) {
        if (pl_lexicon_starts(words[i], typed)) {
            pl_buf_printf(&list, "%s%s", list.size > 0 ? ", " : "", words[i]);
        }
    }
    fail(reader, "`%s` could be %s.", pl_excerpt_of(pl_slice_of(typed)).text, memory);
}

/* Nothing is like the word: say so, with all words that fit where these are few. */
static void fail_unknown(struct reader *reader, uint32_t kinds, const char *typed)
{
    const char *words[PL_LEXICON_WORDS_MAX];
    uint32_t count = pl_lexicon_words(reader->lexicon, kinds, words);
    char memory[220];
    struct pl_buf list;
    pl_buf_init(&list, memory, sizeof memory);
    for (uint32_t i = 0; i < count; i++) {
        pl_buf_printf(&list, "%s%s", i > 0 ? ", " : "; there are ", words[i]);
    }
    fail(reader,
         "Unknown %s `%s`%s.",
         kind_name(kinds),
         pl_excerpt_of(pl_slice_of(typed)).text,
         list.overflow ? "" : memory);
}

/*
 * Read the next word as a name of some kind and replace it by the whole name. A likely misspelling
 * marks the line as corrected; anything else that does not fit fails.
 */
static const char *take_name(struct reader *reader, uint32_t kinds)
{
    const char *word = NULL;
    const char *typed = peek(reader);
    enum pl_match match = pl_lexicon_find(reader->lexicon, kinds, typed, &word);
    if (match == PL_MATCH_NONE) {
        fail_unknown(reader, kinds, typed);
        return "";
    }
    if (match == PL_MATCH_MANY) {
        fail_many(reader, kinds, typed);
        return "";
    }
    if (match == PL_MATCH_NEAR && !reader->corrected) {
        snprintf(reader->parsed->message,
                 sizeof reader->parsed->message,
                 "Unknown %s `%s`.",
                 kind_name(kinds),
                 pl_excerpt_of(pl_slice_of(typed)).text);
        reader->corrected = true;
    }
    /* The lexicon's texts live as long as the world: the words may point at them. */
    union {
        const char *borrowed;
        char *item;
    } name = {.borrowed = word};
    reader->words.items[reader->at++] = name.item;
    return word;
}

/* True when the next word is or starts a name of this kind, without correcting it. */
static bool looks_like(const struct reader *reader, uint32_t kinds)
{
    const char *word = NULL;
    enum pl_match match = pl_lexicon_find(reader->lexicon, kinds, peek(reader), &word);
    return match == PL_MATCH_EXACT || match == PL_MATCH_START;
}

/* The rest of the line as it was typed, without the quotes around it when they enclose all. */
static void take_rest(struct reader *reader, char *text, size_t size)
{
    text[0] = '\0';
    if (!has_more(reader)) {
        return;
    }
    if (reader->at + 1 == reader->words.count) {
        snprintf(text, size, "%s", peek(reader));
    } else {
        snprintf(text, size, "%s", reader->words.starts[reader->at]);
    }
    reader->at = reader->words.count;
}

static void begin(struct reader *reader, const char *verb, const char *what)
{
    pl_json_out_begin(&reader->json, &reader->parsed->json);
    pl_json_out_object_begin(&reader->json);
    member(reader, "do", verb);
    if (what != NULL) {
        member(reader, "what", what);
    }
}

static void refuse_rest(struct reader *reader)
{
    if (has_more(reader)) {
        fail(reader,
             "`%s` is one word too many; `help %s` shows the form.",
             pl_excerpt_of(pl_slice_of(peek(reader))).text,
             reader->words.items[0]);
    }
}

/* A panel; of a known service any word will do, since the service knows best what it has. */
static const char *take_panel(struct reader *reader, bool of_service)
{
    const char *word = NULL;
    enum pl_match match = pl_lexicon_find(reader->lexicon, PL_WORDS_PANEL, peek(reader), &word);
    if (of_service && match == PL_MATCH_NONE) {
        return reader->words.items[reader->at++];
    }
    return take_name(reader, PL_WORDS_PANEL);
}

static void read_panel(struct reader *reader)
{
    char window[32] = "";
    const char *service = "";
    const char *panel = "";
    const char *by = "";
    begin(reader, "look", "panel");
    while (has_more(reader) && !reader->failed) {
        if (next_is(reader, "by")) {
            by = has_more(reader) ? take_name(reader, PL_WORDS_BY) : "";
        } else if (take_duration(reader, window, sizeof window)) {
            continue;
        } else if (service[0] == '\0' && panel[0] == '\0' && looks_like(reader, PL_WORDS_TARGET)) {
            service = take_name(reader, PL_WORDS_TARGET);
        } else if (panel[0] == '\0' && (service[0] != '\0' || looks_like(reader, PL_WORDS_PANEL))) {
            panel = take_panel(reader, service[0] != '\0');
        } else if (service[0] == '\0') {
            service = take_name(reader, PL_WORDS_TARGET | PL_WORDS_PANEL);
        } else if (by[0] == '\0' && looks_like(reader, PL_WORDS_BY)) {
            by = take_name(reader, PL_WORDS_BY); /* `by` itself may be left out */
        } else {
            refuse_rest(reader);
        }
    }
    if (service[0] == '\0' && panel[0] == '\0') {
        fail(reader, "`panel` needs a service, a panel or both, as `panel latency`.");
    }
    if (service[0] != '\0') {
        member(reader, "service", service);
    }
    if (panel[0] != '\0') {
        member(reader, "panel", panel);
    }
    if (by[0] != '\0') {
        member(reader, "by", by);
    }
    if (window[0] != '\0') {
        member(reader, "window", window);
    }
}

static bool take_level(struct reader *reader, const char **level)
{
    static const char *const levels[] = {"error", "errors", "warn", "warning", "info", NULL};
    static const char *const means[] = {"error", "error", "warn", "warn", "info"};
    for (size_t i = 0; levels[i] != NULL; i++) {
        if (next_is(reader, levels[i])) {
            *level = means[i];
            return true;
        }
    }
    return false;
}

/* `limit N` for logs and traces. */
static bool take_limit(struct reader *reader, int64_t *limit)
{
    if (!next_is(reader, "limit")) {
        return false;
    }
    char *end = NULL;
    *limit = strtol(peek(reader), &end, 10);
    if (*end != '\0' || *limit < 1 || *limit > 200) {
        fail(reader, "`limit` is followed by a number from 1 to 200.");
    }
    reader->at += has_more(reader) ? 1 : 0;
    return true;
}

static void read_logs(struct reader *reader)
{
    char window[32] = "";
    char filter[512] = "";
    const char *level = "";
    int64_t limit = 12;
    struct pl_buf words;
    begin(reader, "look", "logs");
    pl_buf_init(&words, filter, sizeof filter);
    if (!has_more(reader)) {
        fail(reader, "`logs` needs a service, a database, `edge` or `events`.");
        return;
    }
    member(reader,
           "service",
           take_name(reader, PL_WORDS_SERVICE | PL_WORDS_DATABASE | PL_WORDS_SOURCE));
    while (has_more(reader) && !reader->failed) {
        if (take_duration(reader, window, sizeof window) || take_limit(reader, &limit)) {
            continue;
        }
        if (level[0] == '\0' && words.size == 0 && take_level(reader, &level)) {
            continue;
        }
        pl_buf_printf(&words, "%s%s", words.size > 0 ? " " : "", peek(reader));
        reader->at++;
    }
    if (filter[0] != '\0') {
        member(reader, "filter", filter);
    }
    if (level[0] != '\0') {
        member(reader, "level", level);
    }
    if (window[0] != '\0') {
        member(reader, "window", window);
    }
    pl_json_out_member_integer(&reader->json, "limit", limit);
}

static void read_traces(struct reader *reader)
{
    char window[32] = "";
    char over[32] = "";
    int64_t limit = 12;
    int64_t min_ns = 0;
    pl_error err = {0};
    begin(reader, "look", "traces");
    bool service = false;
    bool errors = false;
    while (has_more(reader) && !reader->failed) {
        if (next_is(reader, "over")) {
            if (!take_duration(reader, over, sizeof over)) {
                fail(reader, "`over` is followed by a duration such as 500ms.");
            }
        } else if (next_is(reader, "errors") || next_is(reader, "error")) {
            errors = true;
        } else if (take_duration(reader, window, sizeof window) || take_limit(reader, &limit)) {
            continue;
        } else if (!service) {
            member(reader, "service", take_name(reader, PL_WORDS_SERVICE));
            service = true;
        } else {
            member(reader, "route", peek(reader));
            reader->at = reader->words.count;
        }
    }
    if (window[0] != '\0') {
        member(reader, "window", window);
    }
    if (over[0] != '\0' && pl_quantity_duration(pl_slice_of(over), NULL, &min_ns, &err) == PL_OK) {
        pl_json_out_member_number(&reader->json, "min_ms", (double)min_ns / 1e6);
    }
    if (errors) {
        pl_json_out_member_bool(&reader->json, "errors", true);
    }
    pl_json_out_member_integer(&reader->json, "limit", limit);
}

static void read_db(struct reader *reader)
{
    char window[32] = "";
    const char *db = "";
    const char *view = "";
    begin(reader, "look", "db");
    while (has_more(reader) && !reader->failed) {
        if (take_duration(reader, window, sizeof window)) {
            continue;
        }
        if (db[0] == '\0' && view[0] == '\0' && looks_like(reader, PL_WORDS_DATABASE)) {
            db = take_name(reader, PL_WORDS_DATABASE);
        } else if (view[0] == '\0') {
            view = take_name(reader,
                             db[0] != '\0' ? PL_WORDS_VIEW : PL_WORDS_DATABASE | PL_WORDS_VIEW);
        } else {
            member(reader, "name", peek(reader));
            reader->at = reader->words.count;
        }
    }
    if (db[0] == '\0' && reader->lexicon->world->database_count > 0) {
        db = reader->lexicon->world->databases[0].name;
    }
    member(reader, "db", db);
    if (view[0] != '\0') {
        member(reader, "view", view);
    }
    if (window[0] != '\0') {
        member(reader, "window", window);
    }
}

/* `query EXPR [over WINDOW]`; the expression is taken as it was typed. */
static void read_query(struct reader *reader)
{
    char expr[PL_LINE_MAX];
    begin(reader, "look", "query");
    take_rest(reader, expr, sizeof expr);
    char *over = strstr(expr, " over ");
    if (over != NULL && strchr(over + 6, ' ') == NULL && isdigit((unsigned char)over[6])) {
        *over = '\0';
        member(reader, "window", over + 6);
    }
    member(reader, "expr", expr);
}

/* A look with at most one name of some kinds behind it. */
static void read_named(struct reader *reader, const char *what, const char *key, uint32_t kinds)
{
    begin(reader, "look", what);
    if (has_more(reader)) {
        member(reader, key, kinds != PL_WORDS_NONE ? take_name(reader, kinds) : peek(reader));
        reader->at += kinds != PL_WORDS_NONE ? 0 : 1;
    }
    refuse_rest(reader);
}

static void read_window(struct reader *reader, const char *what)
{
    char window[32] = "";
    begin(reader, "look", what);
    if (has_more(reader) && !take_duration(reader, window, sizeof window)) {
        fail(reader, "`%s` may be followed by a duration such as 2h.", what);
    }
    refuse_rest(reader);
    if (window[0] != '\0') {
        member(reader, "window", window);
    }
}

static void read_words_to(struct reader *reader, const char *verb)
{
    char text[PL_LINE_MAX];
    bool ask = strcmp(verb, "ask") == 0;
    begin(reader, ask ? "look" : "say", verb);
    if (!has_more(reader)) {
        fail(reader, "`%s` needs a person and your words.", verb);
        return;
    }
    if (ask || looks_like(reader, PL_WORDS_PERSON)) {
        member(reader, ask ? "person" : "to", take_name(reader, PL_WORDS_PERSON));
    } else {
        member(reader, "to", peek(reader));
        reader->at++;
    }
    take_rest(reader, text, sizeof text);
    if (text[0] == '\0') {
        fail(reader, "`%s` needs your words after the name.", verb);
    }
    member(reader, ask ? "question" : "text", text);
}

static void read_update(struct reader *reader)
{
    char text[PL_LINE_MAX];
    begin(reader, "say", "update");
    if (!has_more(reader)) {
        fail(reader,
             "`update` needs a status (investigating, identified, monitoring, resolved) and a "
             "text.");
        return;
    }
    member(reader, "status", take_name(reader, PL_WORDS_STATUS));
    take_rest(reader, text, sizeof text);
    if (text[0] == '\0') {
        fail(reader, "`update` needs a text for customers after the status.");
    }
    member(reader, "text", text);
}

/* 60, 60% and 0.6 all mean 60 %. */
static bool read_percent(const char *word, double *p)
{
    char *end = NULL;
    double value = strtod(word, &end);
    if (end == word || (*end != '\0' && strcmp(end, "%") != 0) || !(value >= 0.0) ||
        value > 100.0) {
        return false;
    }
    *p = *end == '\0' && value < 1.0 ? value : value / 100.0;
    return true;
}

static void append(char *text, size_t size, const char *word)
{
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s", used > 0 ? " " : "", word);
}

/* One claim: COMPONENT MECHANISM ["detail"] [because TRIGGER] PERCENT, up to `;`. */
static void read_claim(struct reader *reader)
{
    char component[128] = "";
    char mechanism[128] = "";
    char detail[128] = "";
    char trigger[128] = "";
    bool because = false;
    double p = -1.0;
    while (has_more(reader) && p < 0.0) {
        const char *word = peek(reader);
        bool quoted = reader->words.quoted[reader->at];
        reader->at++;
        bool last = !has_more(reader) || strcmp(peek(reader), ";") == 0;
        if (!quoted && last && read_percent(word, &p)) {
            break;
        }
        if (!quoted && strcmp(word, "because") == 0) {
            because = true;
        } else if (because) {
            append(trigger, sizeof trigger, word);
        } else if (component[0] == '\0') {
            append(component, sizeof component, word);
        } else if (mechanism[0] == '\0' && !quoted) {
            append(mechanism, sizeof mechanism, word);
        } else {
            append(detail, sizeof detail, word);
        }
    }
    if (p < 0.0) {
        fail(reader,
             "A claim ends with its probability, such as 60: `help believe` shows the form.");
        return;
    }
    (void)next_is(reader, ";");
    pl_json_out_object_begin(&reader->json);
    member(reader, "component", component);
    member(reader, "mechanism", mechanism);
    member(reader, "detail", detail);
    member(reader, "trigger", trigger);
    pl_json_out_member_number(&reader->json, "p", p);
    pl_json_out_object_end(&reader->json);
}

static void read_believe(struct reader *reader)
{
    begin(reader, "say", "believe");
    if (!has_more(reader)) {
        return;
    }
    pl_json_out_key(&reader->json, "claims");
    pl_json_out_array_begin(&reader->json);
    while (has_more(reader) && !reader->failed) {
        read_claim(reader);
    }
    pl_json_out_array_end(&reader->json);
}

static void read_postmortem(struct reader *reader)
{
    char text[PL_LINE_MAX];
    begin(reader, "say", "postmortem");
    const char *field = peek(reader);
    reader->at++;
    take_rest(reader, text, sizeof text);
    pl_json_out_key(&reader->json, "fields");
    pl_json_out_object_begin(&reader->json);
    member(reader, field, text);
    pl_json_out_object_end(&reader->json);
}

static void read_wait(struct reader *reader)
{
    char duration[32] = "5m";
    bool given = has_more(reader);
    begin(reader, "wait", NULL);
    if (given && !take_duration(reader, duration, sizeof duration)) {
        fail(reader, "`wait` may be followed by a duration such as 2m.");
    }
    member(reader, "for", duration);
    if (!given) {
        pl_json_out_member_bool(&reader->json, "wake", true);
    }
    refuse_rest(reader);
}

/* An argument that is a choice is completed and corrected like every name. */
static const char *
action_argument(struct reader *reader, const struct pl_arg *arg, char *memory, size_t size)
{
    const char *typed = peek(reader);
    if (arg->kind == PL_ARG_SHARE) {
        char *end = NULL;
        double value = strtod(typed, &end);
        bool bare = end != typed && *end == '\0' && value > 1.0;
        snprintf(memory, size, "%s%s", typed, bare ? "%" : "");
        return memory;
    }
    if (arg->kind != PL_ARG_CHOICE) {
        snprintf(memory, size, "%s", typed);
        return memory;
    }
    const char *found = NULL;
    uint32_t starts = 0;
    const char *names[PL_ARG_OPTIONS_MAX];
    for (uint32_t i = 0; i < arg->option_count; i++) {
        names[i] = arg->options[i];
        if (pl_lexicon_starts(names[i], typed)) {
            bool exact = strlen(names[i]) == strlen(typed);
            starts = exact ? 1 : starts + 1;
            found = names[i];
            if (exact) {
                return found;
            }
        }
    }
    if (starts == 1) {
        return found;
    }
    found = pl_suggest_name(pl_slice_of(typed), names, arg->option_count);
    if (found != NULL && starts == 0) {
        snprintf(reader->parsed->message,
                 sizeof reader->parsed->message,
                 "Unknown %s `%s`.",
                 arg->name,
                 pl_excerpt_of(pl_slice_of(typed)).text);
        reader->corrected = true;
        return found;
    }
    snprintf(memory, size, "%s", typed);
    return memory;
}

static void read_action(struct reader *reader, const char *name)
{
    const struct pl_setting *setting = &reader->lexicon->scenario->setting;
    const struct pl_action *action = NULL;
    for (uint32_t i = 0; i < setting->action_count; i++) {
        action = strcmp(setting->actions[i].name, name) == 0 ? &setting->actions[i] : action;
    }
    PL_CHECK(action != NULL);
    static const struct pl_arg any = {.kind = PL_ARG_NUMBER};
    begin(reader, "act", NULL);
    member(reader, "action", name);
    pl_json_out_key(&reader->json, "args");
    pl_json_out_array_begin(&reader->json);
    for (uint32_t i = 0; has_more(reader); i++) {
        char memory[128];
        if (i > 0 && next_is(reader, "to") && !has_more(reader)) {
            break; /* `flag x to 40` reads well, and says as much as `flag x 40` */
        }
        const struct pl_arg *arg = i < action->arg_count ? &action->args[i] : &any;
        const char *value = action_argument(reader, arg, memory, sizeof memory);
        pl_json_out_string(&reader->json, value);
        if (arg->kind == PL_ARG_CHOICE && value != memory) {
            union {
                const char *borrowed;
                char *item;
            } kept = {.borrowed = value};
            reader->words.items[reader->at] = kept.item;
        }
        reader->at++;
    }
    pl_json_out_array_end(&reader->json);
    reader->parsed->act = true;
}

static void read_plain(struct reader *reader, const char *verb)
{
    begin(reader, verb, NULL);
    refuse_rest(reader);
}

static bool read_look(struct reader *reader, const char *verb)
{
    static const struct {
        const char *verb;
        const char *key;
        uint32_t kinds;
    } named[] = {{"metrics", "filter", PL_WORDS_NONE},
                 {"trace", "id", PL_WORDS_NONE},
                 {"runbook", "page", PL_WORDS_PAGE},
                 {"pods", "service", PL_WORDS_SERVICE},
                 {"edges", "service", PL_WORDS_SERVICE},
                 {"alerts", "", PL_WORDS_NONE},
                 {"topology", "", PL_WORDS_NONE},
                 {"flags", "", PL_WORDS_NONE},
                 {"people", "", PL_WORDS_NONE},
                 {"status", "", PL_WORDS_NONE}};
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (strcmp(named[i].verb, verb) != 0) {
            continue;
        }
        if (named[i].key[0] == '\0') {
            begin(reader, "look", verb);
            refuse_rest(reader);
        } else {
            read_named(reader, verb, named[i].key, named[i].kinds);
        }
        return true;
    }
    static const struct {
        const char *verb;
        void (*read)(struct reader *reader);
    } readers[] = {{"panel", read_panel},
                   {"logs", read_logs},
                   {"traces", read_traces},
                   {"db", read_db},
                   {"query", read_query},
                   {"update", read_update},
                   {"wait", read_wait},
                   {"believe", read_believe},
                   {"postmortem", read_postmortem}};
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        if (strcmp(readers[i].verb, verb) == 0) {
            readers[i].read(reader);
            return true;
        }
    }
    return false;
}

static void read_verb(struct reader *reader, const char *verb)
{
    struct pl_parsed *parsed = reader->parsed;
    parsed->kind = PL_PARSED_COMMAND;
    if (strcmp(verb, "help") == 0) {
        parsed->kind = PL_PARSED_HELP;
        snprintf(parsed->text, sizeof parsed->text, "%s", peek(reader));
    } else if (strcmp(verb, "quit") == 0) {
        parsed->kind = PL_PARSED_QUIT;
    } else if (strcmp(verb, "postmortem") == 0 && !has_more(reader)) {
        parsed->kind = PL_PARSED_GUIDED;
    } else if (strcmp(verb, "changes") == 0) {
        read_window(reader, verb);
    } else if (strcmp(verb, "ask") == 0 || strcmp(verb, "message") == 0) {
        read_words_to(reader, verb);
    } else if (strcmp(verb, "actions") == 0 || strcmp(verb, "close") == 0 ||
               strcmp(verb, "debrief") == 0) {
        read_plain(reader, verb);
    } else if (!read_look(reader, verb)) {
        read_action(reader, verb);
    }
}

/* The line again, with names completed and corrected. */
static void join_words(const struct words *words, char *text, size_t size)
{
    struct pl_buf buf;
    pl_buf_init(&buf, text, size);
    for (uint32_t i = 0; i < words->count; i++) {
        const char *quote = words->quoted[i] ? "\"" : "";
        pl_buf_printf(&buf, "%s%s%s%s", i > 0 ? " " : "", quote, words->items[i], quote);
    }
}

/* `act scale checkout-api 12` is what `scale checkout-api 12` is: answers and logs say `act`. */
static void drop_act(struct words *words)
{
    if (words->count < 2 || strcmp(words->items[0], "act") != 0) {
        return;
    }
    words->count--;
    memmove(words->items, words->items + 1, words->count * sizeof words->items[0]);
    memmove(words->quoted, words->quoted + 1, words->count * sizeof words->quoted[0]);
    memmove(words->starts, words->starts + 1, words->count * sizeof words->starts[0]);
}

void pl_grammar_parse(const struct pl_lexicon *lexicon, const char *line, struct pl_parsed *parsed)
{
    PL_CHECK(lexicon != NULL);
    PL_CHECK(line != NULL && strlen(line) < PL_LINE_MAX);
    PL_CHECK(parsed != NULL);
    struct reader reader = {.lexicon = lexicon, .parsed = parsed};
    parsed->kind = PL_PARSED_EMPTY;
    parsed->act = false;
    parsed->message[0] = '\0';
    parsed->text[0] = '\0';
    pl_buf_init(&parsed->json, parsed->json_memory, sizeof parsed->json_memory);
    if (!split(&reader.words, line)) {
        parsed->kind = PL_PARSED_ERROR;
        snprintf(
            parsed->message, sizeof parsed->message, "A line has at most %d words.", PL_WORDS_MAX);
        return;
    }
    if (reader.words.count == 0) {
        return;
    }
    drop_act(&reader.words);
    const char *verb = peek(&reader);
    if (strcmp(verb, "?") == 0 || strcmp(verb, "exit") == 0) {
        verb = verb[0] == '?' ? "help" : "quit";
        reader.at++;
    } else {
        verb = take_name(&reader, PL_WORDS_VERB | PL_WORDS_ACTION);
    }
    if (!reader.failed) {
        read_verb(&reader, verb);
    }
    if (reader.failed) {
        parsed->kind = PL_PARSED_ERROR;
        return;
    }
    if (parsed->kind == PL_PARSED_COMMAND) {
        pl_json_out_object_end(&reader.json);
        pl_json_out_end(&reader.json);
        if (parsed->json.overflow) {
            parsed->kind = PL_PARSED_ERROR;
            snprintf(parsed->message, sizeof parsed->message, "The line is too long.");
            return;
        }
    }
    if (reader.corrected) {
        parsed->kind = PL_PARSED_SUGGEST;
        join_words(&reader.words, parsed->text, sizeof parsed->text);
    }
}

/* Kinds of words that may stand at the cursor. */
static uint32_t
kinds_at(const struct pl_lexicon *lexicon, const struct words *words, uint32_t position)
{
    if (position == 0) {
        return PL_WORDS_VERB | PL_WORDS_ACTION;
    }
    for (const struct pl_verb *verb = pl_guide_verbs(); verb->name != NULL; verb++) {
        if (strcmp(verb->name, words->items[0]) == 0) {
            bool by = strcmp(words->items[position - 1], "by") == 0;
            return by ? (uint32_t)PL_WORDS_BY : position == 1 ? verb->first : verb->later;
        }
    }
    (void)lexicon;
    return PL_WORDS_NONE;
}

static uint32_t complete_action(const struct pl_lexicon *lexicon,
                                const struct words *words,
                                uint32_t position,
                                const char *start,
                                const char **found)
{
    const struct pl_setting *setting = &lexicon->scenario->setting;
    uint32_t count = 0;
    for (uint32_t i = 0; i < setting->action_count; i++) {
        const struct pl_action *action = &setting->actions[i];
        if (strcmp(action->name, words->items[0]) != 0 || position > action->arg_count) {
            continue;
        }
        const struct pl_arg *arg = &action->args[position - 1];
        for (uint32_t k = 0; arg->kind == PL_ARG_CHOICE && k < arg->option_count; k++) {
            if (pl_lexicon_starts(arg->options[k], start) && count < PL_LEXICON_WORDS_MAX) {
                found[count++] = arg->options[k];
            }
        }
    }
    return count;
}

uint32_t pl_grammar_complete(const struct pl_lexicon *lexicon,
                             const char *line,
                             const char **words,
                             size_t *typed)
{
    PL_CHECK(lexicon != NULL && line != NULL);
    PL_CHECK(words != NULL && typed != NULL);
    struct words given;
    *typed = 0;
    if (strlen(line) >= PL_LINE_MAX || !split(&given, line)) {
        return 0;
    }
    size_t size = strlen(line);
    bool fresh = size == 0 || line[size - 1] == ' ' || given.count == 0;
    uint32_t position = fresh ? given.count : given.count - 1;
    const char *start = fresh ? "" : given.items[position];
    *typed = strlen(start);
    uint32_t kinds = kinds_at(lexicon, &given, position);
    if (kinds == PL_WORDS_NONE && position > 0) {
        return complete_action(lexicon, &given, position, start, words);
    }
    const char *all[PL_LEXICON_WORDS_MAX];
    uint32_t count = pl_lexicon_words(lexicon, kinds, all);
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (pl_lexicon_starts(all[i], start)) {
            words[found++] = all[i];
        }
    }
    return found;
}
