// SPDX-License-Identifier: Apache-2.0
#include "observe/people.h"

#include "sim/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct pl_observe_person persons[] = {
    {.id = "ines", .name = "Ines Albrecht", .role = "checkout", .delay_s = 120.0},
    {.id = "tomasz",
     .name = "Tomasz Wrona",
     .role = "DBA",
     .away = "Out of office until 14:00.",
     .unsure = "Not my area.",
     .delay_s = 300.0,
     .from_ns = 0,
     .until_ns = 600 * PL_NS_PER_S},
    {.id = "priya", .name = "Priya", .delay_s = 60.0, .from_ns = 1, .until_ns = 2},
};
static const struct pl_observe_answer answers[] = {
    {.person = 0,
     .topic = "fraud-flag",
     .keywords = "fraud inline flag rollout*",
     .text = "It calls fraud inside the transaction."},
    {.person = 0, .topic = "release", .keywords = "deploy release version", .text = "CSS only."},
    {.person = 1,
     .topic = "pool",
     .keywords = "pool* connection* hikari",
     .text = "64 in all.",
     .delay_s = 30.0},
    {.person = 1,
     .topic = "maintenance",
     .keywords = "maintenance window",
     .text = "Done at five.",
     .from_ns = 100 * PL_NS_PER_S,
     .until_ns = 200 * PL_NS_PER_S},
};
static const struct pl_observe_announcement announcements[] = {
    {.t_ns = -5, .person = PL_NONE, .from = "bot", .text = "before the start"},
    {.t_ns = 50 * PL_NS_PER_S,
     .person = PL_NONE,
     .from = "support",
     .channel = "#incident",
     .text = "Customers call."},
    {.t_ns = 70 * PL_NS_PER_S, .person = 0, .channel = "#incident", .text = "I look at it."},
};
static const struct pl_observe_def def = {.seed = 9,
                                          .people = persons,
                                          .person_count = 3,
                                          .answers = answers,
                                          .answer_count = 4,
                                          .announcements = announcements,
                                          .announcement_count = 3};

static struct pl_people people;
static struct pl_observe_event seen[16];
static uint32_t seen_count;

static void note(void *context, const struct pl_observe_event *event)
{
    (void)context;
    seen[seen_count++] = *event;
}

static void start(void)
{
    pl_people_init(&people, &def);
    seen_count = 0;
}

static void questions_find_their_topic(void **test_state)
{
    (void)test_state;
    start();
    static const struct {
        uint32_t person;
        const char *question;
        uint32_t answer;
    } cases[] = {
        {0, "what does the fraud flag do?", 0},
        {0, "fraud-flag", 0},
        {0, "Who is rolling out that ROLLOUT thing", 0},
        {0, "which version was deployed, and what is in the release?", 1},
        {0, "is the weather nice", PL_NONE},
        {0, "", PL_NONE},
        {1, "how many connections do the pools have", 2},
        {1, "HikariPool?", PL_NONE},
        {1, "Hikari pool?", 2},
        {1, "what about fraud", PL_NONE},
        {1, "was there a maintenance window", PL_NONE}, /* not known yet */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t found = pl_people_match(&people, cases[i].person, cases[i].question, 0);
        if (found != cases[i].answer) {
            fail_msg("`%s` found %u", cases[i].question, found);
        }
    }
    assert_int_equal(
        pl_people_match(&people, 1, "was there a maintenance window", 150 * PL_NS_PER_S), 3);
}

static void people_are_found_by_id_and_name(void **test_state)
{
    (void)test_state;
    start();
    assert_int_equal(pl_people_find(&people, "TOMASZ"), 1);
    assert_int_equal(pl_people_find(&people, "Ines Albrecht"), 0);
    assert_int_equal(pl_people_find(&people, "Ines"), 0);
    assert_int_equal(pl_people_find(&people, "In"), PL_NONE);
    assert_int_equal(pl_people_find(&people, ""), PL_NONE);
    double expected_s = 0.0;
    pl_error err = {0};
    assert_int_equal(pl_people_ask(&people, 0, "tomas", "pool", &expected_s, &err), PL_NOT_FOUND);
    assert_non_null(strstr(err.message, "did you mean `tomasz`?"));
}

static void answers_arrive_late_and_in_order(void **test_state)
{
    (void)test_state;
    start();
    double expected_s = 0.0;
    pl_error err = {0};
    assert_int_equal(pl_people_ask(&people, 0, "ines", "fraud flag", &expected_s, &err), PL_OK);
    assert_int_equal(pl_people_ask(&people, 0, "tomasz", "pool size", &expected_s, &err), PL_OK);
    assert_int_equal(pl_people_next(&people), people.questions[1].due_ns);
    assert_true(people.questions[1].due_ns >= 18 * PL_NS_PER_S);
    assert_true(people.questions[1].due_ns <= 48 * PL_NS_PER_S);
    pl_people_advance(&people, 10 * PL_NS_PER_S, note, NULL);
    assert_int_equal(seen_count, 0);
    pl_people_advance(&people, 300 * PL_NS_PER_S, note, NULL);
    assert_int_equal(seen_count, 4);
    assert_string_equal(seen[0].text, "64 in all.");
    assert_string_equal(seen[0].from, "tomasz");
    for (uint32_t i = 1; i < seen_count; i++) {
        assert_true(seen[i].t_ns >= seen[i - 1].t_ns);
    }
    assert_string_equal(seen[1].text, "Customers call.");
    assert_string_equal(seen[1].title, "support in #incident");
    assert_string_equal(seen[2].from, "ines");
    assert_true(pl_people_next(&people) == INT64_MAX);
}

static void who_is_away_says_so_or_nothing(void **test_state)
{
    (void)test_state;
    start();
    double expected_s = 0.0;
    pl_error err = {0};
    int64_t late_ns = 700 * PL_NS_PER_S;
    pl_people_advance(&people, late_ns, note, NULL);
    seen_count = 0;
    assert_int_equal(pl_people_ask(&people, late_ns, "tomasz", "pool", &expected_s, &err), PL_OK);
    assert_int_equal(pl_people_ask(&people, late_ns, "priya", "push", &expected_s, &err), PL_OK);
    pl_people_advance(&people, late_ns + 3600 * PL_NS_PER_S, note, NULL);
    assert_int_equal(seen_count, 1);
    assert_string_equal(seen[0].text, "Out of office until 14:00.");
}

static void who_does_not_know_says_so(void **test_state)
{
    (void)test_state;
    start();
    double expected_s = 0.0;
    pl_error err = {0};
    assert_int_equal(pl_people_ask(&people, 0, "tomasz", "marketing?", &expected_s, &err), PL_OK);
    assert_int_equal(pl_people_ask(&people, 0, "ines", "marketing?", &expected_s, &err), PL_OK);
    pl_people_advance(&people, 40 * PL_NS_PER_S, note, NULL);
    seen_count = 0;
    pl_people_advance(&people, 3600 * PL_NS_PER_S, note, NULL);
    bool unsure = false;
    bool plain = false;
    for (uint32_t i = 0; i < seen_count; i++) {
        unsure = unsure || strcmp(seen[i].text, "Not my area.") == 0;
        plain = plain || strstr(seen[i].text, "do not know anything about that") != NULL;
    }
    assert_true(unsure && plain);
}

static void a_session_has_a_limit_of_questions(void **test_state)
{
    (void)test_state;
    start();
    double expected_s = 0.0;
    pl_error err = {0};
    for (int i = 0; i < PL_OBSERVE_QUESTIONS_MAX; i++) {
        assert_int_equal(pl_people_ask(&people, 0, "ines", "flag", &expected_s, &err), PL_OK);
    }
    assert_int_equal(pl_people_ask(&people, 0, "ines", "flag", &expected_s, &err), PL_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_find_their_topic),
        cmocka_unit_test(people_are_found_by_id_and_name),
        cmocka_unit_test(answers_arrive_late_and_in_order),
        cmocka_unit_test(who_is_away_says_so_or_nothing),
        cmocka_unit_test(who_does_not_know_says_so),
        cmocka_unit_test(a_session_has_a_limit_of_questions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
