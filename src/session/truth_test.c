// SPDX-License-Identifier: Apache-2.0
#include "session/truth.h"

#include "support/sessions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FLAG_OFF \
    "{\"do\":\"act\",\"action\":\"flag\",\"args\":[\"inline-check\",\"0%\"],\"confirm\":true}"
#define WAIT_15M "{\"do\":\"wait\",\"for\":\"15m\"}"

/* The fork without acts takes exactly the course of a session in which nothing is done. */
static void the_course_without_acts_is_that_of_an_idle_session(void **state)
{
    (void)state;
    static struct pl_truth_course without;
    static struct pl_truth_course idle;
    struct test_session *a = test_session_open(5, PL_CLOCK_TURN);
    struct test_session *b = test_session_open(5, PL_CLOCK_TURN);
    (void)test_session_apply(a, FLAG_OFF);
    (void)test_session_apply(a, WAIT_15M);
    (void)test_session_apply(b, WAIT_15M);
    pl_truth_course_without(a->session, pl_session_now(a->session), &without);
    pl_truth_course(b->session, &idle);
    assert_int_equal(without.minute_count, idle.minute_count);
    for (uint32_t i = 0; i < idle.minute_count; i++) {
        assert_true(test_same(without.damage[i], idle.damage[i]));
    }
    test_session_close(a);
    test_session_close(b);
}

static void the_right_act_ends_the_damage(void **state)
{
    (void)state;
    static struct pl_truth_course course;
    struct test_session *s = test_session_open(5, PL_CLOCK_TURN);
    (void)test_session_apply(s, FLAG_OFF);
    (void)test_session_apply(s, WAIT_15M);
    pl_truth_course(s->session, &course);
    struct pl_truth_times times = pl_truth_times(s->session, &course);
    int64_t opens_ns = pl_session_opens(s->session);
    /* The fault came 4 minutes before the opening; users feel it within the next one. */
    assert_true(times.onset_ns >= opens_ns - 240 * PL_NS_PER_S);
    assert_true(times.onset_ns <= opens_ns - 180 * PL_NS_PER_S);
    assert_int_equal(times.first_act_ns, opens_ns);
    assert_int_equal(times.resolved_ns, times.mitigated_ns);
    assert_int_equal(times.hurting, 0);
    assert_true(times.mitigated_ns > opens_ns);
    assert_true(times.mitigated_ns <= opens_ns + 240 * PL_NS_PER_S);
    test_session_close(s);
}

static void without_an_act_nothing_is_resolved(void **state)
{
    (void)state;
    static struct pl_truth_course course;
    struct test_session *s = test_session_open(5, PL_CLOCK_TURN);
    (void)test_session_apply(s, WAIT_15M);
    pl_truth_course(s->session, &course);
    struct pl_truth_times times = pl_truth_times(s->session, &course);
    assert_int_equal(times.first_act_ns, -1);
    assert_int_equal(times.mitigated_ns, -1);
    assert_int_equal(times.resolved_ns, -1);
    assert_int_equal(times.hurting, 1);
    assert_true(pl_truth_sum(&course, 10, 25) > 1000.0);
    /* 0.1 % of 50 million requests a month. */
    double budget = pl_truth_budget(s->world);
    assert_true(budget > 49999.0 && budget < 50001.0);
    test_session_close(s);
}

/* Minutes as they are drawn up here, the page at minute 10. */
static struct pl_truth_times times_of(struct test_session *s, const double *damage, uint32_t count)
{
    static struct pl_truth_course course;
    memset(&course, 0, sizeof course);
    course.minute_count = count;
    memcpy(course.damage, damage, count * sizeof *damage);
    return pl_truth_times(s->session, &course);
}

static void what_is_usual_hurts_nobody(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(5, PL_CLOCK_TURN);
    assert_int_equal(pl_session_opens(s->session), 600 * PL_NS_PER_S);
    double damage[20] = {0, 0, 30, 0, 0, 0, 0, 0, 150, 190, 200, 200, 10, 0, 25, 0, 10, 25, 0, 25};
    struct pl_truth_times times = times_of(s, damage, 20);
    assert_int_equal(times.hurting, 0);
    assert_int_equal(times.onset_ns, 8 * 60 * PL_NS_PER_S);
    assert_int_equal(times.mitigated_ns, 12 * 60 * PL_NS_PER_S);
    assert_int_equal(times.resolved_ns, 12 * 60 * PL_NS_PER_S);
    damage[2] = 0.0;
    times = times_of(s, damage, 20);
    assert_int_equal(times.hurting, 1);
    assert_int_equal(times.resolved_ns, -1);
    test_session_close(s);
}

static void what_is_made_worse_later_does_not_hide_the_onset(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(5, PL_CLOCK_TURN);
    double damage[16] = {0, 0, 0, 0, 0, 0, 0, 90, 150, 190, 200, 5000, 5000, 5000, 5000, 5000};
    struct pl_truth_times times = times_of(s, damage, 16);
    assert_int_equal(times.onset_ns, 7 * 60 * PL_NS_PER_S);
    assert_int_equal(times.hurting, 1);
    test_session_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_course_without_acts_is_that_of_an_idle_session),
        cmocka_unit_test(the_right_act_ends_the_damage),
        cmocka_unit_test(without_an_act_nothing_is_resolved),
        cmocka_unit_test(what_is_usual_hurts_nobody),
        cmocka_unit_test(what_is_made_worse_later_does_not_hide_the_onset),
    };
    test_content = argc > 1 ? argv[1] : test_content;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
