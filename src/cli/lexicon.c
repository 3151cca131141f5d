// SPDX-License-Identifier: Apache-2.0
#include "cli/lexicon.h"

#include "base/check.h"
#include "observe/observe.h"
#include "session/say.h"
#include "text/suggest.h"

#include <ctype.h>
#include <string.h>

struct list {
    const char **words;
    uint32_t count;
};

static void add(struct list *list, const char *word)
{
    if (word[0] == '\0' || list->count == PL_LEXICON_WORDS_MAX) {
        return;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        if (strcmp(list->words[i], word) == 0) {
            return;
        }
    }
    list->words[list->count++] = word;
}

static void add_all(struct list *list, const char *const *words)
{
    for (; *words != NULL; words++) {
        add(list, *words);
    }
}

static void add_world(struct list *list, const struct pl_world *world, uint32_t kinds)
{
    for (uint32_t i = 0; (kinds & PL_WORDS_SERVICE) && i < world->service_count; i++) {
        add(list, world->services[i].name);
    }
    for (uint32_t i = 0; (kinds & PL_WORDS_DATABASE) && i < world->database_count; i++) {
        add(list, world->databases[i].name);
    }
    for (uint32_t i = 0; (kinds & PL_WORDS_OTHER) && i < world->cache_count; i++) {
        add(list, world->caches[i].name);
    }
    for (uint32_t i = 0; (kinds & PL_WORDS_OTHER) && i < world->topic_count; i++) {
        add(list, world->topics[i].name);
    }
    for (uint32_t i = 0; (kinds & PL_WORDS_OTHER) && i < world->streams.stream_count; i++) {
        add(list, world->streams.streams[i].name);
    }
    for (uint32_t i = 0; (kinds & PL_WORDS_OTHER) && i < world->streams.volume_count; i++) {
        add(list, world->streams.volumes[i].name);
    }
    for (uint32_t i = 0; (kinds & PL_WORDS_FLAG) && i < world->flag_count; i++) {
        add(list, world->flags[i].name);
    }
    for (uint32_t i = 0; (kinds & PL_WORDS_VENDOR) && i < world->vendor_count; i++) {
        add(list, world->vendors[i].name);
    }
    for (uint32_t i = 0; (kinds & PL_WORDS_STATEMENT) && i < world->statement_count; i++) {
        add(list, world->statements[i].name);
    }
    for (uint32_t i = 0; (kinds & PL_WORDS_ROUTE) && i < world->route_count; i++) {
        add(list, world->routes[i].name);
    }
}

static void add_scenario(struct list *list, const struct pl_setting *setting, uint32_t kinds)
{
    for (uint32_t i = 0; (kinds & PL_WORDS_PERSON) && i < setting->person_count; i++) {
        add(list, setting->people[i].id);
    }
    for (uint32_t i = 0; (kinds & PL_WORDS_PAGE) && i < setting->page_count; i++) {
        add(list, setting->pages[i].name);
    }
    for (uint32_t i = 0; (kinds & PL_WORDS_ACTION) && i < setting->action_count; i++) {
        add(list, setting->actions[i].name);
    }
}

uint32_t pl_lexicon_words(const struct pl_lexicon *lexicon, uint32_t kinds, const char **words)
{
    PL_CHECK(lexicon != NULL);
    PL_CHECK(words != NULL);
    static const char *const sources[] = {"edge", "events", NULL};
    static const char *const splits[] = {
        "route", "pod", "code", "dependency", "outcome", "partition", NULL};
    struct list list = {words, 0};
    if (kinds & PL_WORDS_VERB) {
        add_all(&list, lexicon->verbs);
    }
    add_world(&list, lexicon->world, kinds);
    add_scenario(&list, &lexicon->scenario->setting, kinds);
    if (kinds & PL_WORDS_PANEL) {
        add_all(&list, pl_observe_panel_names());
    }
    if (kinds & PL_WORDS_VIEW) {
        add_all(&list, pl_observe_db_views());
    }
    if (kinds & PL_WORDS_STATUS) {
        add_all(&list, pl_say_statuses());
    }
    if (kinds & PL_WORDS_SOURCE) {
        add_all(&list, sources);
    }
    if (kinds & PL_WORDS_BY) {
        add_all(&list, splits);
    }
    return list.count;
}

static int lower(char c)
{
    return tolower((unsigned char)c);
}

bool pl_lexicon_starts(const char *word, const char *start)
{
    PL_CHECK(word != NULL);
    PL_CHECK(start != NULL);
    for (; *start != '\0'; word++, start++) {
        if (lower(*word) != lower(*start)) {
            return false;
        }
    }
    return true;
}

/* `lat` means `latency` although there is `latency-mean`: whoever wants more, types more. */
static bool
is_start_of_all(const char **words, uint32_t count, const char *typed, const char *shortest)
{
    for (uint32_t i = 0; i < count; i++) {
        if (pl_lexicon_starts(words[i], typed) && !pl_lexicon_starts(words[i], shortest)) {
            return false;
        }
    }
    return true;
}

enum pl_match pl_lexicon_find(const struct pl_lexicon *lexicon,
                              uint32_t kinds,
                              const char *typed,
                              const char **word)
{
    PL_CHECK(typed != NULL);
    PL_CHECK(word != NULL);
    const char *words[PL_LEXICON_WORDS_MAX];
    uint32_t count = pl_lexicon_words(lexicon, kinds, words);
    uint32_t starts = 0;
    const char *shortest = NULL;
    *word = NULL;
    for (uint32_t i = 0; i < count; i++) {
        if (pl_lexicon_starts(words[i], typed)) {
            if (strlen(words[i]) == strlen(typed)) {
                *word = words[i];
                return PL_MATCH_EXACT;
            }
            shortest = starts == 0 || strlen(words[i]) < strlen(shortest) ? words[i] : shortest;
            starts++;
        }
    }
    if (starts > 0 && typed[0] != '\0') {
        bool command = (kinds & (PL_WORDS_VERB | PL_WORDS_ACTION)) != 0;
        *word = shortest;
        return (starts == 1 || (!command && is_start_of_all(words, count, typed, shortest)))
                   ? PL_MATCH_START
                   : PL_MATCH_MANY;
    }
    *word = pl_suggest_name(pl_slice_of(typed), words, count);
    return *word != NULL ? PL_MATCH_NEAR : PL_MATCH_NONE;
}
