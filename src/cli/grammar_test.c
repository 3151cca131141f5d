// SPDX-License-Identifier: Apache-2.0
#include "cli/grammar.h"

#include "support/shop.h"
#include "text/json_in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_parsed parsed;

static const char *parse(const char *line)
{
    struct pl_lexicon lexicon = test_shop();
    pl_grammar_parse(&lexicon, line, &parsed);
    return parsed.json_memory;
}

/* The prompt's grammar and the session protocol, side by side. */
static const struct {
    const char *line;
    const char *json;
} commands[] = {
    {"panel checkout-api latency by route 1h",
     "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"checkout-api\",\"panel\":\"latency\","
     "\"by\":\"route\",\"window\":\"1h\"}"},
    {"panel check lat", /* shortened */
     "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"checkout-api\",\"panel\":\"latency\"}"},
    {"panel checkout-api latency pod", /* without `by` */
     "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"checkout-api\",\"panel\":\"latency\","
     "\"by\":\"pod\"}"},
    {"panel checkout-api zzyzx 1h", /* the service says what it has */
     "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"checkout-api\",\"panel\":\"zzyzx\","
     "\"window\":\"1h\"}"},
    {"panel orders-db", "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"orders-db\"}"},
    {"changes 2h", "{\"do\":\"look\",\"what\":\"changes\",\"window\":\"2h\"}"},
    {"changes", "{\"do\":\"look\",\"what\":\"changes\"}"},
    {"db orders-db activity",
     "{\"do\":\"look\",\"what\":\"db\",\"db\":\"orders-db\",\"view\":\"activity\"}"},
    {"db locks", "{\"do\":\"look\",\"what\":\"db\",\"db\":\"orders-db\",\"view\":\"locks\"}"},
    {"db plan get-order",
     "{\"do\":\"look\",\"what\":\"db\",\"name\":\"get-order\",\"db\":\"orders-db\","
     "\"view\":\"plan\"}"},
    {"logs checkout-api error",
     "{\"do\":\"look\",\"what\":\"logs\",\"service\":\"checkout-api\",\"level\":\"error\","
     "\"limit\":12}"},
    {"logs events", "{\"do\":\"look\",\"what\":\"logs\",\"service\":\"events\",\"limit\":12}"},
    {"logs orders-db \"still waiting\" 1h limit 40",
     "{\"do\":\"look\",\"what\":\"logs\",\"service\":\"orders-db\",\"filter\":\"still "
     "waiting\",\"window\":\"1h\",\"limit\":40}"},
    {"traces checkout-api over 2s",
     "{\"do\":\"look\",\"what\":\"traces\",\"service\":\"checkout-api\",\"min_ms\":2000,"
     "\"limit\":12}"},
    {"traces errors checkout-api errors",
     "{\"do\":\"look\",\"what\":\"traces\",\"service\":\"checkout-api\",\"errors\":true,"
     "\"limit\":12}"},
    {"trace 4bf92f", "{\"do\":\"look\",\"what\":\"trace\",\"id\":\"4bf92f\"}"},
    {"query sum by (route) (rate(x{le=\"0.5\"}[5m])) over 2h",
     "{\"do\":\"look\",\"what\":\"query\",\"window\":\"2h\",\"expr\":\"sum by (route) "
     "(rate(x{le=\\\"0.5\\\"}[5m]))\"}"},
    {"ask tomasz what is the database busy with?",
     "{\"do\":\"look\",\"what\":\"ask\",\"person\":\"tomasz\",\"question\":\"what is the "
     "database busy with?\"}"},
    {"believe checkout-api pool \"connections held too long\" because flag fraud-inline-v2 60",
     "{\"do\":\"say\",\"what\":\"believe\",\"claims\":[{\"component\":\"checkout-api\","
     "\"mechanism\":\"pool\",\"detail\":\"connections held too long\",\"trigger\":\"flag "
     "fraud-inline-v2\",\"p\":0.6}]}"},
    {"believe orders-db plan 30% ; payment vendor slow 0.2",
     "{\"do\":\"say\",\"what\":\"believe\",\"claims\":[{\"component\":\"orders-db\","
     "\"mechanism\":\"plan\",\"detail\":\"\",\"trigger\":\"\",\"p\":0.3},{\"component\":"
     "\"payment\",\"mechanism\":\"vendor\",\"detail\":\"slow\",\"trigger\":\"\",\"p\":0.2}]}"},
    {"believe", "{\"do\":\"say\",\"what\":\"believe\"}"},
    {"update monitoring \"Checkout answers again.\"",
     "{\"do\":\"say\",\"what\":\"update\",\"status\":\"monitoring\",\"text\":\"Checkout "
     "answers "
     "again.\"}"},
    {"message ines your flag is back at 40 %",
     "{\"do\":\"say\",\"what\":\"message\",\"to\":\"ines\",\"text\":\"your flag is back at 40 "
     "%\"}"},
    {"postmortem summary \"It was slow.\"",
     "{\"do\":\"say\",\"what\":\"postmortem\",\"fields\":{\"summary\":\"It was slow.\"}}"},
    {"wait 2m", "{\"do\":\"wait\",\"for\":\"2m\"}"},
    {"wait", "{\"do\":\"wait\",\"for\":\"5m\",\"wake\":true}"},
    {"status", "{\"do\":\"look\",\"what\":\"status\"}"},
    {"runbook latency", "{\"do\":\"look\",\"what\":\"runbook\",\"page\":\"latency\"}"},
    {"flag fraud-inline-v2 40",
     "{\"do\":\"act\",\"action\":\"flag\",\"args\":[\"fraud-inline-v2\",\"40%\"]}"},
    {"flag fraud-inline-v2 to 40%",
     "{\"do\":\"act\",\"action\":\"flag\",\"args\":[\"fraud-inline-v2\",\"40%\"]}"},
    {"flag fraud 40%",
     "{\"do\":\"act\",\"action\":\"flag\",\"args\":[\"fraud-inline-v2\",\"40%\"]}"},
    {"scale checkout-api 20",
     "{\"do\":\"act\",\"action\":\"scale\",\"args\":[\"checkout-api\",\"20\"]}"},
    {"close", "{\"do\":\"close\"}"},
};

static void lines_become_commands(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        const char *json = parse(commands[i].line);
        if (parsed.kind != PL_PARSED_COMMAND) {
            fail_msg("%s: %s", commands[i].line, parsed.message);
        }
        assert_string_equal(json, commands[i].json);
        json_t *tree = NULL;
        pl_error err = {0};
        assert_int_equal(pl_json_in_load(pl_slice_of(json), PL_JSON_IN_TEXT_MAX, NULL, &tree, &err),
                         PL_OK);
        json_decref(tree);
    }
}

/* A misspelt line is not obeyed, it is offered corrected and whole. */
static void mistakes_are_offered_corrected(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *corrected;
    } cases[] = {
        {"pannel checkout pool", "panel checkout-api pool"},
        {"panel chekout-api latency", "panel checkout-api latency"},
        {"panel checkout-api latensy by rout", "panel checkout-api latency by route"},
        {"db orders-db activty", "db orders-db activity"},
        {"ask tomas what now", "ask tomasz what now"},
        {"flag fraud-inlin-v2 40", "flag fraud-inline-v2 40"},
        {"scael checkout-api 20", "scale checkout-api 20"},
        {"update resolvd \"all is well\"", "update resolved \"all is well\""},
        {"runbook latncy", "runbook latency"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        (void)parse(cases[i].line);
        if (parsed.kind != PL_PARSED_SUGGEST && parsed.kind != PL_PARSED_COMMAND) {
            fail_msg("%s: %s", cases[i].line, parsed.message);
        }
        if (parsed.kind == PL_PARSED_COMMAND) {
            continue; /* a unique start needs no question */
        }
        assert_string_equal(parsed.text, cases[i].corrected);
        assert_true(strncmp(parsed.message, "Unknown ", 8) == 0);
        /* The corrected line is good. */
        char corrected[PL_LINE_MAX];
        memcpy(corrected, parsed.text, sizeof corrected);
        (void)parse(corrected);
        assert_int_equal(parsed.kind, PL_PARSED_COMMAND);
    }
}

static void the_word_act_before_an_action_says_nothing_more(void **state)
{
    (void)state;
    char plain[PL_LINE_MAX];
    (void)parse("scale checkout-api 20");
    assert_int_equal(parsed.kind, PL_PARSED_COMMAND);
    memcpy(plain, parsed.json_memory, sizeof plain);
    (void)parse("act scale checkout-api 20");
    assert_int_equal(parsed.kind, PL_PARSED_COMMAND);
    assert_string_equal(parsed.json_memory, plain);
    assert_true(parsed.act);
    (void)parse("act scael checkout-api 20");
    assert_string_equal(parsed.text, "scale checkout-api 20");
    (void)parse("act");
    assert_non_null(strstr(parsed.json_memory, "actions"));
}

static void what_cannot_be_meant_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *says;
    } cases[] = {
        {"xyzzyplugh", "Unknown command `xyzzyplugh`."},
        {"fla fraud", "`fla` could be flags, flag."},
        {"logs", "`logs` needs a service"},
        {"ask tomasz", "needs your words"},
        {"update monitoring", "needs a text"},
        {"believe checkout-api pool", "ends with its probability"},
        {"alerts now", "one word too many"},
        {"panel checkout-api latency zzyzx", "one word too many"},
        {"changes 2h now", "one word too many"},
        {"panel", "`panel` needs a service, a panel or both"},
        {"panel 2h by route", "`panel` needs a service, a panel or both"},
        {"db zzyzx activity", "Unknown database or view `zzyzx`; there are "},
        {"ask zzyzx words", "Unknown person `zzyzx`; there are "},
        {"wait long", "duration"},
        {"logs checkout-api limit 0", "from 1 to 200"},
        {"logs checkout-api limit 5x", "from 1 to 200"},
        {"changes yesterday", "duration"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        (void)parse(cases[i].line);
        assert_int_equal(parsed.kind, PL_PARSED_ERROR);
        if (strstr(parsed.message, cases[i].says) == NULL) {
            fail_msg("%s: %s", cases[i].line, parsed.message);
        }
    }
}

static void some_lines_stay_at_the_prompt(void **state)
{
    (void)state;
    (void)parse("   ");
    assert_int_equal(parsed.kind, PL_PARSED_EMPTY);
    (void)parse("help panel");
    assert_int_equal(parsed.kind, PL_PARSED_HELP);
    assert_string_equal(parsed.text, "panel");
    (void)parse("?");
    assert_int_equal(parsed.kind, PL_PARSED_HELP);
    (void)parse("exit");
    assert_int_equal(parsed.kind, PL_PARSED_QUIT);
    (void)parse("postmortem");
    assert_int_equal(parsed.kind, PL_PARSED_GUIDED);
    (void)parse("scale checkout-api 3");
    assert_true(parsed.act);
}

/* A line that begins like a command and goes on with noise, different for each round. */
static void fill_noise(char *line, uint32_t round)
{
    static const char *const starts[] = {
        "believe ", "update mon ", "logs checkout-api ", "query ", "flag ", "panel ", "ask ines "};
    uint32_t x = round * 2654435761u + 12345u;
    size_t size = (x >> 7) % (round % 10 == 0 ? PL_LINE_MAX - 32 : 60);
    size_t at = (size_t)snprintf(line, PL_LINE_MAX, "%s", starts[round % 7]);
    for (; at < size; at++) {
        x = x * 1664525u + 1013904223u;
        line[at] = (char)(unsigned char)(1 + (x >> 24) % 255);
    }
    line[at] = '\0';
}

/* Quotes, control characters and long lines never break the JSON. */
static void any_line_is_survived(void **state)
{
    (void)state;
    static char line[PL_LINE_MAX];
    for (uint32_t round = 0; round < 2000; round++) {
        fill_noise(line, round);
        const char *json = parse(line);
        if (parsed.kind != PL_PARSED_COMMAND) {
            continue;
        }
        json_t *tree = NULL;
        pl_error err = {0};
        if (pl_json_in_load(pl_slice_of(json), PL_JSON_IN_TEXT_MAX, NULL, &tree, &err) != PL_OK) {
            fail_msg("%s: %s", json, err.message);
        }
        json_decref(tree);
    }
}

static void words_complete(void **state)
{
    (void)state;
    struct pl_lexicon lexicon = test_shop();
    const char *words[PL_LEXICON_WORDS_MAX];
    size_t typed = 0;
    assert_int_equal(pl_grammar_complete(&lexicon, "pan", words, &typed), 1);
    assert_string_equal(words[0], "panel");
    assert_int_equal(typed, 3);
    assert_int_equal(pl_grammar_complete(&lexicon, "panel check", words, &typed), 1);
    assert_string_equal(words[0], "checkout-api");
    assert_int_equal(pl_grammar_complete(&lexicon, "flag ", words, &typed), 2);
    assert_int_equal(typed, 0);
    assert_int_equal(pl_grammar_complete(&lexicon, "scale st", words, &typed), 1);
    assert_string_equal(words[0], "storefront-api");
    assert_true(pl_grammar_complete(&lexicon, "panel checkout-api latency by ", words, &typed) > 2);
    assert_int_equal(pl_grammar_complete(&lexicon, "update ", words, &typed), 4);
    assert_int_equal(pl_grammar_complete(&lexicon, "query x", words, &typed), 0);
    assert_true(pl_grammar_complete(&lexicon, "", words, &typed) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_become_commands),
        cmocka_unit_test(mistakes_are_offered_corrected),
        cmocka_unit_test(the_word_act_before_an_action_says_nothing_more),
        cmocka_unit_test(what_cannot_be_meant_is_refused),
        cmocka_unit_test(some_lines_stay_at_the_prompt),
        cmocka_unit_test(any_line_is_survived),
        cmocka_unit_test(words_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
