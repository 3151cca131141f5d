// SPDX-License-Identifier: Apache-2.0
#include "bots/speech.h"

#include "support/lessons.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char memory[PL_BOT_COMMAND_MAX];
static struct pl_buf out;

static int clean(void **state)
{
    (void)state;
    pl_buf_init(&out, memory, sizeof memory);
    return 0;
}

static void waits_are_whole_and_bounded(void **state)
{
    (void)state;
    pl_speech_wait(&out, 0.2, false);
    assert_string_equal(memory, "{\"do\":\"wait\",\"for\":1}");
    pl_buf_clear(&out);
    pl_speech_wait(&out, 1e9, true);
    assert_string_equal(memory, "{\"do\":\"wait\",\"for\":3600,\"wake\":true}");
}

static void commands_are_those_of_the_protocol(void **state)
{
    (void)state;
    pl_speech_close(&out);
    assert_string_equal(memory, "{\"do\":\"close\"}");
    pl_buf_clear(&out);
    pl_speech_panel(&out, "api", "errors");
    assert_string_equal(
        memory, "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"api\",\"panel\":\"errors\"}");
    pl_buf_clear(&out);
    pl_speech_act(&out, "flag", "f", "0%");
    assert_string_equal(
        memory, "{\"do\":\"act\",\"action\":\"flag\",\"args\":[\"f\",\"0%\"],\"confirm\":true}");
    pl_buf_clear(&out);
    pl_speech_act(&out, "restart", "api", NULL);
    assert_non_null(strstr(memory, "\"args\":[\"api\"]"));
    pl_buf_clear(&out);
    pl_speech_update(&out, "monitoring", "well");
    assert_non_null(strstr(memory, "\"status\":\"monitoring\",\"text\":\"well\""));
}

/* Shares are whole percents that never sum to more than all. */
static void claims_never_sum_to_more_than_one(void **state)
{
    (void)state;
    struct pl_speech_claim claims[3] = {
        {"a", "b", "c", 0.995}, {"d", "e", "f", 0.3}, {"", "", "", 1}};
    pl_speech_believe(&out, claims, 3);
    assert_non_null(strstr(memory, "\"p\":0.99"));
    assert_non_null(strstr(memory, "\"p\":0.01"));
    assert_non_null(strstr(memory, "\"p\":0}"));
}

static void claims_are_the_likeliest_causes(void **state)
{
    (void)state;
    struct pl_speech_claim claims[PL_SPEECH_CLAIMS_MAX];
    const double belief[TEST_CAUSES] = {0.03, 0.27, 0.70};
    assert_int_equal(pl_speech_claims(test_lesson(), belief, claims), 2);
    assert_string_equal(claims[0].component, "index-part");
    assert_string_equal(claims[1].trigger, "vendor change");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(waits_are_whole_and_bounded, clean),
        cmocka_unit_test_setup(commands_are_those_of_the_protocol, clean),
        cmocka_unit_test_setup(claims_never_sum_to_more_than_one, clean),
        cmocka_unit_test_setup(claims_are_the_likeliest_causes, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
