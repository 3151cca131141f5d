// SPDX-License-Identifier: Apache-2.0
#include "bots/knowledge.h"

#include "base/check.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { KEY_DIGITS = 16 };

/* Characters of the levels: printable, not escaped in JSON, and spelling no word. */
static const char alphabet[] = "#$%&'()*+,-./0123456789:;<=>?@ABCDEGIJKLMNOPQRSUVWYZ"
                               "[]^_`abcdefghijklmnopqrstuvwxyz{|}~";

const double pl_known_times_s[PL_KNOWN_TIMES] = {120.0, 480.0, 1080.0};

uint32_t pl_knowledge_time(double t_s)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < PL_KNOWN_TIMES; i++) {
        if (fabs(t_s - pl_known_times_s[i]) < fabs(t_s - pl_known_times_s[best])) {
            best = i;
        }
    }
    return best;
}

uint8_t pl_knowledge_level(const struct pl_known_trait *trait, double value)
{
    PL_CHECK(trait != NULL);
    double span = trait->high - trait->low;
    double part = span > 0.0 ? (value - trait->low) / span : 0.5;
    part = part > 0.0 ? part : 0.0;
    part = part < 1.0 ? part : 1.0;
    return (uint8_t)(1.0 + floor(part * (double)(PL_LEVEL_MAX - 1) + 0.5));
}

uint32_t pl_knowledge_cause(const struct pl_knowledge *knowledge, const char *name)
{
    PL_CHECK(knowledge != NULL && name != NULL);
    for (uint32_t i = 0; i < knowledge->cause_count; i++) {
        if (strcmp(knowledge->causes[i].name, name) == 0) {
            return i;
        }
    }
    return PL_KNOWN_CAUSES_MAX;
}

/* ---- Writing -------------------------------------------------------------------------------- */

static char char_of(uint8_t level)
{
    PL_CHECK(level <= PL_LEVEL_MAX);
    return alphabet[level];
}

/* Level behind a character, or 255. */
static uint8_t level_of(char c)
{
    const char *at = c != '\0' ? strchr(alphabet, c) : NULL;
    return at != NULL && at - alphabet <= PL_LEVEL_MAX ? (uint8_t)(at - alphabet) : 255;
}

static double short_number(double x)
{
    return round(x * 1e4) / 1e4;
}

static void put_key(struct pl_json_out *json, uint64_t key)
{
    char text[KEY_DIGITS + 1];
    snprintf(text, sizeof text, "%016llx", (unsigned long long)key);
    pl_json_out_string(json, text);
}

static void put_causes(struct pl_json_out *json, const struct pl_knowledge *knowledge)
{
    pl_json_out_key(json, "causes");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < knowledge->cause_count; i++) {
        const struct pl_known_cause *cause = &knowledge->causes[i];
        pl_json_out_object_begin(json);
        pl_json_out_member_string(json, "name", cause->name);
        pl_json_out_member_string(json, "component", cause->component);
        pl_json_out_member_string(json, "mechanism", cause->mechanism);
        pl_json_out_member_string(json, "trigger", cause->trigger);
        pl_json_out_member_number(json, "prior", short_number(cause->prior));
        pl_json_out_member_number(json, "rate", short_number(cause->rate));
        pl_json_out_object_end(json);
    }
    pl_json_out_array_end(json);
}

static void put_remedies(struct pl_json_out *json, const struct pl_knowledge *knowledge)
{
    pl_json_out_key(json, "remedies");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < knowledge->remedy_count; i++) {
        const struct pl_known_remedy *remedy = &knowledge->remedies[i];
        pl_json_out_object_begin(json);
        pl_json_out_member_string(json, "text", remedy->text);
        pl_json_out_member_string(json, "command", remedy->command);
        pl_json_out_member_number(json, "lead_s", short_number(remedy->lead_s));
        pl_json_out_key(json, "left");
        pl_json_out_array_begin(json);
        for (uint32_t c = 0; c < knowledge->cause_count; c++) {
            pl_json_out_number(json, short_number(remedy->left[c]));
        }
        pl_json_out_array_end(json);
        pl_json_out_object_end(json);
    }
    pl_json_out_array_end(json);
}

static void put_levels(struct pl_json_out *json,
                       const struct pl_knowledge *knowledge,
                       const struct pl_known_look *look)
{
    char text[PL_KNOWN_FORMS_MAX + 1];
    pl_json_out_key(json, "levels");
    pl_json_out_array_begin(json);
    for (uint32_t t = 0; t < PL_KNOWN_TIMES; t++) {
        for (uint32_t k = 0; k < look->trait_count; k++) {
            for (uint32_t i = 0; i < knowledge->form_count; i++) {
                text[i] = char_of(look->levels[t][i][k]);
            }
            text[knowledge->form_count] = '\0';
            pl_json_out_string(json, text);
        }
    }
    pl_json_out_array_end(json);
}

static void put_looks(struct pl_json_out *json, const struct pl_knowledge *knowledge)
{
    pl_json_out_key(json, "looks");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < knowledge->look_count; i++) {
        const struct pl_known_look *look = &knowledge->looks[i];
        pl_json_out_object_begin(json);
        pl_json_out_member_string(json, "command", look->command);
        pl_json_out_member_number(json, "cost_s", short_number(look->cost_s));
        if (look->person[0] != '\0') {
            pl_json_out_member_string(json, "person", look->person);
            pl_json_out_member_number(json, "delay_s", short_number(look->delay_s));
        }
        pl_json_out_member_integer(json, "checklist", look->checklist);
        pl_json_out_key(json, "traits");
        pl_json_out_array_begin(json);
        for (uint32_t k = 0; k < look->trait_count; k++) {
            pl_json_out_array_begin(json);
            put_key(json, look->traits[k].key);
            pl_json_out_number(json, short_number(look->traits[k].low));
            pl_json_out_number(json, short_number(look->traits[k].high));
            pl_json_out_array_end(json);
        }
        pl_json_out_array_end(json);
        put_levels(json, knowledge, look);
        pl_json_out_object_end(json);
    }
    pl_json_out_array_end(json);
}

void pl_knowledge_write(const struct pl_knowledge *knowledge, struct pl_buf *out)
{
    PL_CHECK(knowledge != NULL && out != NULL);
    PL_CHECK(knowledge->form_count <= PL_KNOWN_FORMS_MAX);
    struct pl_json_out json;
    char forms[PL_KNOWN_FORMS_MAX + 1];
    for (uint32_t i = 0; i < knowledge->form_count; i++) {
        forms[i] = (char)('a' + knowledge->form_causes[i]);
    }
    forms[knowledge->form_count] = '\0';
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "plumbline", "bots");
    pl_json_out_member_integer(&json, "format", PL_KNOWLEDGE_FORMAT);
    pl_json_out_member_string(&json, "scenario", knowledge->scenario);
    pl_json_out_member_string(&json, "pack_hash", knowledge->pack_hash);
    pl_json_out_member_string(&json, "engine", knowledge->engine);
    pl_json_out_member_number(&json, "updates_first_s", knowledge->updates_first_s);
    pl_json_out_member_number(&json, "updates_every_s", knowledge->updates_every_s);
    if (knowledge->service[0] != '\0') {
        pl_json_out_member_string(&json, "service", knowledge->service);
    }
    if (knowledge->unseen != 0) {
        pl_json_out_member_bool(&json, "unseen", true);
    }
    pl_json_out_member_string(&json, "forms", forms);
    put_causes(&json, knowledge);
    put_remedies(&json, knowledge);
    put_looks(&json, knowledge);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    pl_buf_puts(out, "\n");
}

/* ---- Reading -------------------------------------------------------------------------------- */

static bool copy_text(const json_t *object, const char *key, char *text, size_t size)
{
    const char *value = json_string_value(json_object_get(object, key));
    if (value == NULL || strlen(value) >= size) {
        return false;
    }
    snprintf(text, size, "%s", value);
    return true;
}

static bool copy_number(const json_t *object, const char *key, double *number)
{
    const json_t *value = json_object_get(object, key);
    *number = json_number_value(value);
    return json_is_number(value);
}

static bool read_cause(const json_t *json, struct pl_known_cause *cause)
{
    return copy_text(json, "name", cause->name, sizeof cause->name) &&
           copy_text(json, "component", cause->component, sizeof cause->component) &&
           copy_text(json, "mechanism", cause->mechanism, sizeof cause->mechanism) &&
           copy_text(json, "trigger", cause->trigger, sizeof cause->trigger) &&
           copy_number(json, "prior", &cause->prior) && copy_number(json, "rate", &cause->rate) &&
           cause->prior > 0.0 && cause->rate >= 0.0;
}

static bool read_causes(const json_t *list, struct pl_knowledge *knowledge)
{
    size_t count = json_array_size(list);
    if (count == 0 || count > PL_KNOWN_CAUSES_MAX) {
        return false;
    }
    knowledge->cause_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        if (!read_cause(json_array_get(list, i), &knowledge->causes[i])) {
            return false;
        }
    }
    return true;
}

static bool read_remedy(const json_t *json, uint32_t causes, struct pl_known_remedy *remedy)
{
    const json_t *left = json_object_get(json, "left");
    bool good = copy_text(json, "text", remedy->text, sizeof remedy->text) &&
                copy_text(json, "command", remedy->command, sizeof remedy->command) &&
                copy_number(json, "lead_s", &remedy->lead_s) && json_array_size(left) == causes;
    for (uint32_t c = 0; c < causes && good; c++) {
        remedy->left[c] = json_number_value(json_array_get(left, c));
        good = remedy->left[c] >= 0.0;
    }
    return good;
}

static bool read_remedies(const json_t *list, struct pl_knowledge *knowledge)
{
    size_t count = json_array_size(list);
    bool good = count > 0 && count <= PL_KNOWN_REMEDIES_MAX;
    knowledge->remedy_count = good ? (uint32_t)count : 0;
    for (size_t i = 0; i < knowledge->remedy_count && good; i++) {
        good =
            read_remedy(json_array_get(list, i), knowledge->cause_count, &knowledge->remedies[i]);
    }
    return good;
}

static bool read_key(const char *text, uint64_t *key)
{
    static const char digits[] = "0123456789abcdef";
    *key = 0;
    if (text == NULL || strlen(text) != KEY_DIGITS) {
        return false;
    }
    for (; *text != '\0'; text++) {
        const char *digit = strchr(digits, *text);
        if (digit == NULL) {
            return false;
        }
        *key = *key << 4 | (uint64_t)(digit - digits);
    }
    return true;
}

static bool read_traits(const json_t *list, struct pl_known_look *look)
{
    size_t count = json_array_size(list);
    bool good = count <= PL_KNOWN_TRAITS_MAX;
    look->trait_count = good ? (uint32_t)count : 0;
    for (size_t i = 0; i < look->trait_count && good; i++) {
        const json_t *trait = json_array_get(list, i);
        good = read_key(json_string_value(json_array_get(trait, 0)), &look->traits[i].key) &&
               json_is_number(json_array_get(trait, 1)) && json_is_number(json_array_get(trait, 2));
        look->traits[i].low = json_number_value(json_array_get(trait, 1));
        look->traits[i].high = json_number_value(json_array_get(trait, 2));
    }
    return good;
}

static bool read_levels(const json_t *list, uint32_t forms, struct pl_known_look *look)
{
    if (json_array_size(list) != (size_t)PL_KNOWN_TIMES * look->trait_count) {
        return false;
    }
    for (uint32_t row = 0; row < PL_KNOWN_TIMES * look->trait_count; row++) {
        const char *text = json_string_value(json_array_get(list, row));
        if (text == NULL || strlen(text) != forms) {
            return false;
        }
        for (uint32_t i = 0; i < forms; i++) {
            uint8_t level = level_of(text[i]);
            if (level > PL_LEVEL_MAX) {
                return false;
            }
            look->levels[row / look->trait_count][i][row % look->trait_count] = level;
        }
    }
    return true;
}

/* A question has a person and a delay; other looks have neither. */
static bool read_person(const json_t *json, struct pl_known_look *look)
{
    if (json_object_get(json, "person") == NULL) {
        return true;
    }
    return copy_text(json, "person", look->person, sizeof look->person) &&
           copy_number(json, "delay_s", &look->delay_s) && look->delay_s >= 0.0;
}

static bool read_looks(const json_t *list, struct pl_knowledge *knowledge)
{
    size_t count = json_array_size(list);
    bool good = count > 0 && count <= PL_KNOWN_LOOKS_MAX;
    knowledge->look_count = good ? (uint32_t)count : 0;
    for (size_t i = 0; i < knowledge->look_count && good; i++) {
        const json_t *json = json_array_get(list, i);
        struct pl_known_look *look = &knowledge->looks[i];
        look->checklist = json_integer_value(json_object_get(json, "checklist")) != 0 ? 1 : 0;
        good = copy_text(json, "command", look->command, sizeof look->command) &&
               copy_number(json, "cost_s", &look->cost_s) && look->cost_s > 0.0 &&
               read_person(json, look) && read_traits(json_object_get(json, "traits"), look) &&
               read_levels(json_object_get(json, "levels"), knowledge->form_count, look);
    }
    return good;
}

static bool read_forms(const json_t *json, struct pl_knowledge *knowledge)
{
    const char *forms = json_string_value(json_object_get(json, "forms"));
    size_t count = forms != NULL ? strlen(forms) : 0;
    if (count == 0 || count > PL_KNOWN_FORMS_MAX) {
        return false;
    }
    knowledge->form_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        if (forms[i] < 'a' || forms[i] >= 'a' + (int)knowledge->cause_count) {
            return false;
        }
        knowledge->form_causes[i] = (uint8_t)(forms[i] - 'a');
    }
    return true;
}

/* Name of the first part that is not as it is written, or NULL. */
static const char *read_parts(const json_t *json, struct pl_knowledge *knowledge)
{
    if (!copy_text(json, "scenario", knowledge->scenario, sizeof knowledge->scenario) ||
        !copy_text(json, "pack_hash", knowledge->pack_hash, sizeof knowledge->pack_hash) ||
        !copy_text(json, "engine", knowledge->engine, sizeof knowledge->engine) ||
        !copy_number(json, "updates_first_s", &knowledge->updates_first_s) ||
        !copy_number(json, "updates_every_s", &knowledge->updates_every_s)) {
        return "header";
    }
    if (json_object_get(json, "service") != NULL &&
        !copy_text(json, "service", knowledge->service, sizeof knowledge->service)) {
        return "header";
    }
    knowledge->unseen = json_is_true(json_object_get(json, "unseen")) ? 1 : 0;
    if (!read_causes(json_object_get(json, "causes"), knowledge)) {
        return "causes";
    }
    if (!read_forms(json, knowledge)) {
        return "forms";
    }
    if (!read_remedies(json_object_get(json, "remedies"), knowledge)) {
        return "remedies";
    }
    return read_looks(json_object_get(json, "looks"), knowledge) ? NULL : "looks";
}

pl_status
pl_knowledge_read(pl_slice text, const char *path, struct pl_knowledge *knowledge, pl_error *err)
{
    PL_CHECK(knowledge != NULL);
    json_t *json = NULL;
    pl_pos pos = {.line = 1};
    struct pl_buf name;
    pl_buf_init(&name, pos.path, sizeof pos.path);
    pl_buf_puts(&name, path);
    memset(knowledge, 0, sizeof *knowledge);
    pl_status status = pl_json_in_load(text, PL_KNOWLEDGE_SIZE_MAX, path, &json, err);
    if (status != PL_OK) {
        return status;
    }
    const char *kind = json_string_value(json_object_get(json, "plumbline"));
    if (kind == NULL || strcmp(kind, "bots") != 0) {
        status = pl_fail(err, PL_BAD_INPUT, &pos, "This is not what `plumb bot learn` writes.");
    } else if (json_integer_value(json_object_get(json, "format")) != PL_KNOWLEDGE_FORMAT) {
        status =
            pl_fail(err,
                    PL_UNSUPPORTED,
                    &pos,
                    "The knowledge is of another format; learn it again with `plumb bot learn`.");
    } else {
        const char *part = read_parts(json, knowledge);
        if (part != NULL) {
            status = pl_fail(
                err,
                PL_BAD_INPUT,
                &pos,
                "The part `%s` of the knowledge is damaged; learn it again with `plumb bot learn`.",
                part);
        }
    }
    json_decref(json);
    return status;
}
