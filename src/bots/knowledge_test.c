// SPDX-License-Identifier: Apache-2.0
#include "bots/knowledge.h"

#include "support/lessons.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_knowledge back;
static char memory[PL_KNOWLEDGE_SIZE_MAX];

static struct pl_buf written(const struct pl_knowledge *knowledge)
{
    struct pl_buf out;
    pl_buf_init(&out, memory, sizeof memory);
    pl_knowledge_write(knowledge, &out);
    assert_false(out.overflow);
    return out;
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    pl_error err = {0};
    struct pl_knowledge *lesson = test_lesson();
    lesson->looks[1].levels[0][0][0] = 0;
    lesson->looks[1].levels[0][1][0] = PL_LEVEL_MAX;
    for (uint32_t i = 0; i < TEST_FORMS; i++) {
        lesson->looks[2].levels[1][i][0] = (uint8_t)(48 + i); /* around the gaps of the alphabet */
    }
    lesson->unseen = 1;
    snprintf(lesson->service, sizeof lesson->service, "api");
    test_lesson_question(&lesson->looks[3], "ada", 120.5);
    struct pl_buf out = written(lesson);
    pl_slice text = {out.data, out.size};
    assert_int_equal(pl_knowledge_read(text, "bots.json", &back, &err), PL_OK);
    assert_memory_equal(&back, lesson, sizeof back);
}

static void damage_is_told_with_its_part(void **state)
{
    (void)state;
    static const struct {
        const char *find;
        const char *put;
        const char *message;
    } cases[] = {
        {"\"bots\"", "\"bits\"", "not what"},
        {"\"format\":1", "\"format\":9", "another format"},
        {"\"scenario\"", "\"scenery\"", "header"},
        {"\"prior\":0.5", "\"prior\":\"x\"", "causes"},
        {"abcabc", "abzabc", "forms"},
        {"\"left\":[0,", "\"left\":[-1,", "remedies"},
        {"\"cost_s\":30,", "\"cost_s\":-3,", "looks"},
        {"\"delay_s\":120", "\"delay_s\":\"x\"", "looks"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_error err = {0};
        struct pl_knowledge *lesson = test_lesson();
        test_lesson_question(&lesson->looks[3], "ada", 120.0);
        struct pl_buf out = written(lesson);
        char *at = strstr(out.data, cases[i].find);
        assert_non_null(at);
        size_t tail = strlen(at + strlen(cases[i].find));
        memmove(at + strlen(cases[i].put), at + strlen(cases[i].find), tail + 1);
        memcpy(at, cases[i].put, strlen(cases[i].put));
        pl_slice text = {out.data, strlen(out.data)};
        assert_int_not_equal(pl_knowledge_read(text, "bots.json", &back, &err), PL_OK);
        if (strstr(err.message, cases[i].message) == NULL) {
            fail_msg("%s: %s", cases[i].find, err.message);
        }
        assert_string_equal(err.pos.path, "bots.json");
    }
}

/* A file that is cut anywhere is refused. */
static void a_cut_file_is_refused(void **state)
{
    (void)state;
    struct pl_buf out = written(test_lesson());
    for (size_t size = 0; size + 2 < out.size; size += 97) {
        pl_error err = {0};
        pl_slice text = {out.data, size};
        assert_int_not_equal(pl_knowledge_read(text, "x", &back, &err), PL_OK);
    }
}

static void levels_stay_between_their_ends(void **state)
{
    (void)state;
    struct pl_known_trait trait = {.key = 1, .low = -2.0, .high = 4.0};
    assert_int_equal(pl_knowledge_level(&trait, -99.0), 1);
    assert_int_equal(pl_knowledge_level(&trait, -2.0), 1);
    assert_int_equal(pl_knowledge_level(&trait, 4.0), PL_LEVEL_MAX);
    assert_int_equal(pl_knowledge_level(&trait, 1e9), PL_LEVEL_MAX);
    trait.high = trait.low;
    assert_in_range(pl_knowledge_level(&trait, 1.0), 1, PL_LEVEL_MAX);
}

static void the_nearest_moment_stands_for_a_time(void **state)
{
    (void)state;
    assert_int_equal(pl_knowledge_time(0.0), 0);
    for (uint32_t i = 0; i < PL_KNOWN_TIMES; i++) {
        assert_int_equal(pl_knowledge_time(pl_known_times_s[i]), i);
    }
    assert_int_equal(pl_knowledge_time(1e6), PL_KNOWN_TIMES - 1);
    assert_int_equal(pl_knowledge_cause(test_lesson(), "index"), TEST_INDEX);
    assert_int_equal(pl_knowledge_cause(test_lesson(), "x"), PL_KNOWN_CAUSES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(damage_is_told_with_its_part),
        cmocka_unit_test(a_cut_file_is_refused),
        cmocka_unit_test(levels_stay_between_their_ends),
        cmocka_unit_test(the_nearest_moment_stands_for_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
