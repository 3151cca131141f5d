// SPDX-License-Identifier: Apache-2.0
#include "exam/forks.h"

#include "text/json_in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char content[512] = "tests/content";
static struct pl_errors errors;
static char answer_text[1 << 16];

static const char *apply(struct pl_forks *forks, struct pl_episode *episode, const char *command)
{
    struct pl_buf *answer = NULL;
    pl_error err = {0};
    assert_int_equal(pl_forks_apply(forks, episode, pl_slice_of(command), &answer, &err), PL_OK);
    assert_true(answer->size < sizeof answer_text);
    memcpy(answer_text, answer->data, answer->size + 1);
    return answer_text;
}

static void start(struct pl_episode *episode)
{
    struct pl_episode_def def = {.content = content, .scenario = "slow-till", .seed = 5};
    errors.count = 0;
    assert_int_equal(pl_episode_start(episode, &def, &errors), PL_OK);
}

#define FLAG_OFF \
    "{\"do\":\"act\",\"action\":\"flag\",\"args\":[\"inline-check\",\"0%\"],\"confirm\":true"
#define WAIT "{\"do\":\"wait\",\"for\":\"8m\""

/* What is done in a copy stays in it; left alone, a copy lives the same future. */
static void a_copy_is_a_world_of_its_own(void **state)
{
    (void)state;
    struct pl_episode episode = {0};
    struct pl_forks *forks = calloc(1, sizeof *forks);
    char alone[1 << 12];
    assert_non_null(forks);
    start(&episode);
    (void)apply(forks, &episode, "{\"do\":\"wait\",\"for\":\"1m\"}");
    assert_non_null(strstr(apply(forks, &episode, "{\"do\":\"fork\"}"), "\"fork\":1"));
    assert_non_null(strstr(apply(forks, &episode, "{\"do\":\"fork\"}"), "\"fork\":2"));
    (void)apply(forks, &episode, FLAG_OFF ",\"fork\":1}");
    (void)apply(forks, &episode, WAIT ",\"fork\":1}");
    snprintf(alone, sizeof alone, "%s", apply(forks, &episode, WAIT ",\"fork\":2}"));
    assert_string_equal(apply(forks, &episode, WAIT "}"), alone);
    assert_non_null(
        strstr(apply(forks, &episode, "{\"do\":\"close\",\"fork\":1}"), "\"still_hurting\":false"));
    assert_non_null(strstr(apply(forks, &episode, "{\"do\":\"close\"}"), "\"still_hurting\":true"));
    pl_forks_end(forks);
    free(forks);
    pl_episode_end(&episode);
}

static void copies_have_a_limit_and_can_be_dropped(void **state)
{
    (void)state;
    struct pl_episode episode = {0};
    struct pl_forks *forks = calloc(1, sizeof *forks);
    assert_non_null(forks);
    start(&episode);
    for (int i = 0; i < PL_FORKS_MAX; i++) {
        assert_null(strstr(apply(forks, &episode, "{\"do\":\"fork\"}"), "\"error\""));
    }
    assert_non_null(strstr(apply(forks, &episode, "{\"do\":\"fork\"}"), "\"limit\""));
    assert_null(strstr(apply(forks, &episode, "{\"do\":\"drop\",\"fork\":3}"), "\"error\""));
    assert_non_null(strstr(apply(forks, &episode, "{\"do\":\"wait\",\"fork\":3}"), "not_found"));
    assert_non_null(strstr(apply(forks, &episode, "{\"do\":\"fork\",\"fork\":1}"), "\"fork\":3"));
    assert_non_null(strstr(apply(forks, &episode, "{\"do\":\"drop\",\"fork\":99}"), "not_found"));
    assert_non_null(strstr(apply(forks, &episode, "{\"do\":\"drop\"}"), "not_found"));
    assert_non_null(
        strstr(apply(forks, &episode, "{\"do\":\"wait\",\"fork\":\"x\"}"), "not_found"));
    pl_forks_end(forks);
    free(forks);
    pl_episode_end(&episode);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_a_world_of_its_own),
        cmocka_unit_test(copies_have_a_limit_and_can_be_dropped),
    };
    if (argc > 1) {
        snprintf(content, sizeof content, "%s/../content", argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
