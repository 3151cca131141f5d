// SPDX-License-Identifier: Apache-2.0
#include "observe/people.h"

#include "base/check.h"
#include "base/random.h"
#include "sim/clock.h"
#include "text/suggest.h"

#include <stdio.h>
#include <string.h>

enum { PURPOSE_DELAY = 0x9e0, WORD_MAX = 48 };

#define AWAY (PL_NONE - 1)

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

void pl_people_init(struct pl_people *people, const struct pl_observe_def *def)
{
    PL_CHECK(people != NULL && def != NULL);
    PL_CHECK(def->person_count <= PL_OBSERVE_PEOPLE_MAX);
    PL_CHECK(def->answer_count <= PL_OBSERVE_ANSWERS_MAX);
    PL_CHECK(def->announcement_count <= PL_OBSERVE_ANNOUNCEMENTS_MAX);
    memset(people, 0, sizeof(*people));
    people->def = def;
    for (uint32_t i = 0; i < def->announcement_count; i++) {
        PL_CHECK(i == 0 || def->announcements[i].t_ns >= def->announcements[i - 1].t_ns);
        people->announced += def->announcements[i].t_ns < 0;
    }
}

void pl_people_rebind(struct pl_people *people, const struct pl_observe_def *def, int64_t now_ns)
{
    PL_CHECK(people != NULL && def != NULL);
    PL_CHECK(people->question_count == 0 || people->def->answer_count == def->answer_count);
    people->def = def;
    people->announced = 0;
    for (uint32_t i = 0; i < def->announcement_count; i++) {
        people->announced += def->announcements[i].t_ns < 0 || def->announcements[i].t_ns <= now_ns;
    }
}

/* ---- Words ---- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_word(char c)
{
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80;
}

/* Take the next word of a text; its letters in lower case. False at the end. */
static bool next_word(const char **text, char *word)
{
    while (**text != '\0' && !is_word(**text) && **text != '*') {
        *text += 1;
    }
    size_t size = 0;
    while (is_word(**text) || **text == '*') {
        if (size + 1 < WORD_MAX) {
            word[size++] = lower(**text);
        }
        *text += 1;
    }
    word[size] = '\0';
    return size > 0;
}

/* True when a word of a question is meant by a keyword. */
static bool word_fits(const char *keyword, const char *word)
{
    size_t size = strlen(keyword);
    if (size > 1 && keyword[size - 1] == '*') {
        return strncmp(keyword, word, size - 1) == 0;
    }
    /* A plural is the same word. */
    size_t length = strlen(word);
    return strcmp(keyword, word) == 0 ||
           (length == size + 1 && word[length - 1] == 's' && strncmp(keyword, word, size) == 0);
}

/* How many keywords of a list stand in a question; longer keywords weigh more. */
static uint32_t score_of(const char *keywords, const char *question)
{
    char keyword[WORD_MAX];
    uint32_t score = 0;
    while (next_word(&keywords, keyword)) {
        const char *rest = question;
        char word[WORD_MAX];
        bool found = false;
        while (!found && next_word(&rest, word)) {
            found = word_fits(keyword, word);
        }
        score += found ? (strlen(keyword) > 5 ? 3U : 2U) : 0U;
    }
    return score;
}

static bool equal_fold(const char *a, const char *b, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (lower(a[i]) != lower(b[i])) {
            return false;
        }
    }
    return true;
}

uint32_t pl_people_find(const struct pl_people *people, const char *name)
{
    size_t size = strlen(name);
    for (uint32_t i = 0; i < people->def->person_count && size > 0; i++) {
        const char *id = or_empty(people->def->people[i].id);
        const char *full = or_empty(people->def->people[i].name);
        size_t first = strcspn(full, " ");
        if ((strlen(id) == size && equal_fold(id, name, size)) ||
            (strlen(full) == size && equal_fold(full, name, size)) ||
            (first == size && equal_fold(full, name, size))) {
            return i;
        }
    }
    return PL_NONE;
}

bool pl_people_available(const struct pl_observe_person *person, int64_t now_ns)
{
    return person->until_ns == 0 || (now_ns >= person->from_ns && now_ns < person->until_ns);
}

uint32_t pl_people_match(const struct pl_people *people,
                         uint32_t person,
                         const char *question,
                         int64_t now_ns)
{
    const struct pl_observe_def *def = people->def;
    uint32_t best = PL_NONE;
    uint32_t best_score = 0;
    PL_CHECK(person < def->person_count && question != NULL);
    for (uint32_t i = 0; i < def->answer_count; i++) {
        const struct pl_observe_answer *answer = &def->answers[i];
        bool known =
            now_ns >= answer->from_ns && (answer->until_ns == 0 || now_ns < answer->until_ns);
        if (answer->person != person || !known) {
            continue;
        }
        uint32_t score = score_of(or_empty(answer->topic), question) * 2 +
                         score_of(or_empty(answer->keywords), question);
        if (strcmp(or_empty(answer->topic), question) == 0) {
            score += 1000;
        }
        /* Of equals the later one: a scenario's answers come after those of its world. */
        if (score > 0 && score >= best_score) {
            best_score = score;
            best = i;
        }
    }
    return best;
}

/* ---- Questions ---- */

static pl_status unknown_person(const struct pl_people *people, const char *name, pl_error *err)
{
    struct pl_suggest suggest;
    pl_suggest_begin(&suggest, pl_slice_of(name));
    for (uint32_t i = 0; i < people->def->person_count; i++) {
        pl_suggest_offer(&suggest, pl_slice_of(or_empty(people->def->people[i].id)));
    }
    pl_slice best = pl_suggest_best(&suggest);
    if (best.data != NULL) {
        return pl_fail(err,
                       PL_NOT_FOUND,
                       NULL,
                       "There is nobody called `%.40s` to ask; did you mean `%.*s`?",
                       name,
                       (int)best.size,
                       best.data);
    }
    return pl_fail(err,
                   PL_NOT_FOUND,
                   NULL,
                   "There is nobody called `%.40s` to ask; `people` lists who is there.",
                   name);
}

pl_status pl_people_ask(struct pl_people *people,
                        int64_t now_ns,
                        const char *person,
                        const char *question,
                        double *expected_s,
                        pl_error *err)
{
    PL_CHECK(people != NULL && person != NULL && question != NULL && expected_s != NULL);
    uint32_t who = pl_people_find(people, person);
    if (who == PL_NONE) {
        return unknown_person(people, person, err);
    }
    if (people->question_count == PL_OBSERVE_QUESTIONS_MAX) {
        return pl_fail(err,
                       PL_LIMIT,
                       NULL,
                       "At most %d questions can be asked in a session.",
                       PL_OBSERVE_QUESTIONS_MAX);
    }
    const struct pl_observe_person *def = &people->def->people[who];
    struct pl_question *asked = &people->questions[people->question_count];
    *asked = (struct pl_question){who, PL_NONE, now_ns, INT64_MAX};
    *expected_s = def->delay_s;
    uint64_t key = pl_random_child(people->def->seed, PURPOSE_DELAY);
    double draw = pl_random_unit(pl_random_bits(key, people->question_count));
    double delay_s = def->delay_s;
    if (pl_people_available(def, now_ns)) {
        asked->answer = pl_people_match(people, who, question, now_ns);
        if (asked->answer != PL_NONE && people->def->answers[asked->answer].delay_s > 0.0) {
            delay_s = people->def->answers[asked->answer].delay_s;
        }
        asked->due_ns = now_ns + pl_clock_ns(delay_s * (0.6 + draw));
    } else {
        asked->answer = AWAY;
        /* An automatic reply is quick; nobody at all stays silent. */
        asked->due_ns =
            or_empty(def->away)[0] != '\0' ? now_ns + pl_clock_ns(5.0 + 10.0 * draw) : INT64_MAX;
    }
    people->question_count += 1;
    return PL_OK;
}

/* ---- Delivery ---- */

int64_t pl_people_next(const struct pl_people *people)
{
    int64_t next_ns = INT64_MAX;
    for (uint32_t i = 0; i < people->question_count; i++) {
        if (people->questions[i].due_ns < next_ns) {
            next_ns = people->questions[i].due_ns;
        }
    }
    if (people->announced < people->def->announcement_count) {
        int64_t t_ns = people->def->announcements[people->announced].t_ns;
        next_ns = t_ns < next_ns ? t_ns : next_ns;
    }
    return next_ns;
}

static void
deliver_answer(struct pl_people *people, uint32_t question, pl_people_sink sink, void *context)
{
    struct pl_question *asked = &people->questions[question];
    const struct pl_observe_person *person = &people->def->people[asked->person];
    struct pl_observe_event event = {
        .t_ns = asked->due_ns, .kind = PL_EVENT_ANSWER, .source = question};
    const char *text = or_empty(person->unsure);
    if (asked->answer == AWAY) {
        text = or_empty(person->away);
    } else if (asked->answer != PL_NONE) {
        text = or_empty(people->def->answers[asked->answer].text);
    } else if (text[0] == '\0') {
        text = "I do not know anything about that, sorry.";
    }
    const char *role = or_empty(person->role);
    snprintf(event.title,
             sizeof(event.title),
             "%s%s%s%s",
             or_empty(person->name)[0] != '\0' ? person->name : or_empty(person->id),
             role[0] != '\0' ? " (" : "",
             role,
             role[0] != '\0' ? ")" : "");
    snprintf(event.text, sizeof(event.text), "%s", text);
    snprintf(event.from, sizeof(event.from), "%s", or_empty(person->id));
    asked->due_ns = INT64_MAX;
    sink(context, &event);
}

static void keep_event(void *context, const struct pl_observe_event *event)
{
    *(struct pl_observe_event *)context = *event;
}

pl_status pl_people_foretell(const struct pl_people *people,
                             int64_t now_ns,
                             const char *person,
                             const char *question,
                             struct pl_observe_event *event,
                             pl_error *err)
{
    PL_CHECK(people != NULL && event != NULL);
    struct pl_people asked = *people;
    double expected_s = 0.0;
    asked.question_count = 0; /* a session that has asked too much may still wonder */
    pl_status status = pl_people_ask(&asked, now_ns, person, question, &expected_s, err);
    if (status != PL_OK) {
        return status;
    }
    if (asked.questions[0].due_ns == INT64_MAX) {
        return pl_fail(err, PL_CONFLICT, NULL, "Nobody would answer.");
    }
    asked.questions[0].due_ns = now_ns;
    deliver_answer(&asked, 0, keep_event, event);
    return PL_OK;
}

static void deliver_announcement(struct pl_people *people, pl_people_sink sink, void *context)
{
    const struct pl_observe_announcement *said = &people->def->announcements[people->announced];
    struct pl_observe_event event = {
        .t_ns = said->t_ns, .kind = PL_EVENT_MESSAGE, .source = people->announced};
    const char *from = or_empty(said->from);
    const char *name = from;
    if (said->person < people->def->person_count) {
        from = or_empty(people->def->people[said->person].id);
        name = or_empty(people->def->people[said->person].name);
    }
    const char *channel = or_empty(said->channel);
    snprintf(event.title,
             sizeof(event.title),
             "%s%s%s",
             name,
             channel[0] != '\0' ? " in " : "",
             channel);
    snprintf(event.text, sizeof(event.text), "%s", or_empty(said->text));
    snprintf(event.from, sizeof(event.from), "%s", from);
    people->announced += 1;
    sink(context, &event);
}

void pl_people_advance(struct pl_people *people, int64_t now_ns, pl_people_sink sink, void *context)
{
    PL_CHECK(people != NULL && sink != NULL);
    while (pl_people_next(people) <= now_ns) {
        int64_t next_ns = pl_people_next(people);
        uint32_t due = PL_NONE;
        for (uint32_t i = 0; i < people->question_count && due == PL_NONE; i++) {
            due = people->questions[i].due_ns == next_ns ? i : PL_NONE;
        }
        if (due != PL_NONE) {
            deliver_answer(people, due, sink, context);
        } else {
            deliver_announcement(people, sink, context);
        }
    }
}
