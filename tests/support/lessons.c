// SPDX-License-Identifier: Apache-2.0
#include "support/lessons.h"

#include "base/buf.h"
#include "base/fmath.h"
#include "bots/reading.h"
#include "text/json_in.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LOW = 15, MIDDLE = 45, HIGH = 75, ANSWER_SIZE = 8192 };

static struct pl_knowledge knowledge;

/* Key of the level of the series `x`: its numbers are told apart by their values. */
static uint64_t level_key(void)
{
    static struct pl_reading reading;
    json_t *json = NULL;
    const char *answer = test_lesson_panel(0.0, 5.0);
    assert_int_equal(pl_json_in_load(pl_slice_of(answer), 1 << 16, NULL, &json, NULL), PL_OK);
    pl_reading_take(json_object_get(json, "observation"), &reading);
    json_decref(json);
    for (uint32_t i = 0; i < PL_READING_SLOTS; i++) {
        if (reading.slots[i].key != 0 && fabs(reading.slots[i].value - pl_log(5.001)) < 1e-9) {
            return reading.slots[i].key;
        }
    }
    fail_msg("the panel has no level");
    return 0;
}

static void fill_look(uint32_t index, const char *panel, double cost_s, const uint8_t *levels)
{
    struct pl_known_look *look = &knowledge.looks[index];
    snprintf(look->command,
             sizeof look->command,
             "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"api\",\"panel\":\"%s\"}",
             panel);
    look->cost_s = cost_s;
    look->checklist = 1;
    if (levels == NULL) {
        return;
    }
    look->trait_count = 1;
    look->traits[0] = (struct pl_known_trait){.key = level_key(), .low = 0.0, .high = 9.0};
    for (uint32_t t = 0; t < PL_KNOWN_TIMES; t++) {
        for (uint32_t i = 0; i < TEST_FORMS; i++) {
            look->levels[t][i][0] = (uint8_t)(levels[knowledge.form_causes[i]] + i / 3);
        }
    }
}

static void fill_remedy(
    uint32_t index, const char *action, const char *target, const char *value, const double *left)
{
    struct pl_known_remedy *remedy = &knowledge.remedies[index];
    snprintf(remedy->text, sizeof remedy->text, "%s %s %s", action, target, value);
    snprintf(remedy->command,
             sizeof remedy->command,
             "{\"do\":\"act\",\"action\":\"%s\",\"args\":[\"%s\",\"%s\"],\"confirm\":true}",
             action,
             target,
             value);
    remedy->lead_s = 30.0;
    memcpy(remedy->left, left, TEST_CAUSES * sizeof *left);
}

struct pl_knowledge *test_lesson(void)
{
    static const char *const names[] = {"pool", "vendor", "index"};
    static const double priors[] = {0.5, 0.3, 0.2};
    memset(&knowledge, 0, sizeof knowledge);
    snprintf(knowledge.scenario, sizeof knowledge.scenario, "lesson");
    snprintf(knowledge.pack_hash, sizeof knowledge.pack_hash, "0123");
    snprintf(knowledge.engine, sizeof knowledge.engine, "plumb");
    knowledge.updates_first_s = 600.0;
    knowledge.updates_every_s = 1200.0;
    knowledge.cause_count = TEST_CAUSES;
    knowledge.look_count = TEST_LOOKS;
    knowledge.remedy_count = 4;
    knowledge.form_count = TEST_FORMS;
    for (uint32_t c = 0; c < TEST_CAUSES; c++) {
        struct pl_known_cause *cause = &knowledge.causes[c];
        snprintf(cause->name, sizeof cause->name, "%s", names[c]);
        snprintf(cause->component, sizeof cause->component, "%s-part", names[c]);
        snprintf(cause->mechanism, sizeof cause->mechanism, "%s broken", names[c]);
        snprintf(cause->trigger, sizeof cause->trigger, "%s change", names[c]);
        cause->prior = priors[c];
        cause->rate = 1.0;
    }
    for (uint32_t i = 0; i < TEST_FORMS; i++) {
        knowledge.form_causes[i] = (uint8_t)(i % TEST_CAUSES);
    }
    fill_look(TEST_LOOK_IDLE, "idle", 30.0, NULL);
    fill_look(TEST_LOOK_FIRST, "first", 30.0, (const uint8_t[]){HIGH, LOW, LOW});
    fill_look(TEST_LOOK_SECOND, "second", 30.0, (const uint8_t[]){MIDDLE, HIGH, LOW});
    fill_look(TEST_LOOK_DEAR, "dear", 300.0, (const uint8_t[]){LOW, MIDDLE, HIGH});
    fill_remedy(0, "flag", "slow-path", "0%", (const double[]){0.0, 1.0, 1.0});
    fill_remedy(1, "timeout", "api/vendor", "200ms", (const double[]){1.0, 0.0, 1.0});
    fill_remedy(2, "create-index", "db/list", "", (const double[]){1.0, 1.0, 0.1});
    fill_remedy(3, "failover", "db", "", (const double[]){2.0, 2.0, 0.45});
    return &knowledge;
}

void test_lesson_question(struct pl_known_look *look, const char *person, double delay_s)
{
    memset(look->command, 0, sizeof look->command);
    snprintf(look->command,
             sizeof look->command,
             "{\"do\":\"look\",\"what\":\"ask\",\"person\":\"%s\",\"topic\":\"x\"}",
             person);
    snprintf(look->person, sizeof look->person, "%s", person);
    look->delay_s = delay_s;
}

double test_lesson_value(const struct pl_known_trait *trait, uint8_t level)
{
    double part = (double)(level - 1) / (double)(PL_LEVEL_MAX - 1);
    return pl_exp(trait->low + part * (trait->high - trait->low)) - 1e-3;
}

const char *test_lesson_opening(void)
{
    return "{\"t_s\":0,\"clock\":\"11:42:00\",\"cost_s\":0,\"done\":false,\"kind\":\"open\","
           "\"observation\":{\"type\":\"opening\",\"ends_s\":2400},\"events\":[{\"t_s\":0,"
           "\"kind\":\"page\",\"from\":\"alertmanager\",\"title\":\"[FIRING:1] ApiSlow eu1 api "
           "(prod critical shop)\",\"text\":\"p99\"}]}";
}

const char *test_lesson_panel(double t_s, double value)
{
    static char text[ANSWER_SIZE];
    struct pl_buf out;
    pl_buf_init(&out, text, sizeof text);
    pl_buf_printf(&out,
                  "{\"t_s\":%g,\"done\":false,\"kind\":\"look\",\"observation\":{\"type\":"
                  "\"panel\",\"title\":\"x\",\"objective\":1,\"series\":[{\"name\":\"x\","
                  "\"points\":[",
                  t_s);
    for (int i = 0; i < 40; i++) {
        pl_buf_printf(&out, "%s%.17g", i > 0 ? "," : "", value);
    }
    pl_buf_puts(&out, "]}]},\"events\":[]}");
    assert_false(out.overflow);
    return text;
}

const char *test_lesson_heard(double t_s, const char *person, const char *text)
{
    static char answer[ANSWER_SIZE];
    snprintf(
        answer,
        sizeof answer,
        "{\"t_s\":%g,\"done\":false,\"kind\":\"wait\",\"observation\":{},\"events\":[{\"t_s\":%g,"
        "\"kind\":\"answer\",\"from\":\"%s\",\"title\":\"x\",\"text\":\"%s\"}]}",
        t_s,
        t_s,
        person,
        text);
    return answer;
}

const char *test_lesson_answer(double t_s, const char *kind)
{
    static char text[ANSWER_SIZE];
    snprintf(text,
             sizeof text,
             "{\"t_s\":%g,\"done\":false,\"kind\":\"%s\",\"observation\":{\"type\":\"%s\"},"
             "\"events\":[]}",
             t_s,
             kind,
             kind);
    return text;
}

struct pl_bot *test_lesson_bot(const char *name, uint32_t cause)
{
    static void *memory;
    if (memory == NULL) {
        memory = aligned_alloc(64, (pl_bot_size() + 63) / 64 * 64);
    }
    assert_non_null(memory);
    struct pl_bot_setup setup = {
        .def = pl_roster_find(name), .knowledge = test_lesson(), .seed = 1, .cause = cause};
    assert_non_null(setup.def);
    return pl_bot_init(&setup, memory);
}

const char *test_lesson_next(struct pl_bot *bot, const char *answer)
{
    static char text[PL_BOT_COMMAND_MAX];
    struct pl_buf command;
    pl_buf_init(&command, text, sizeof text);
    if (!pl_bot_next(bot, pl_slice_of(answer), &command)) {
        return "";
    }
    assert_false(command.overflow);
    return text;
}
