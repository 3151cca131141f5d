// SPDX-License-Identifier: Apache-2.0
#include "session/command.h"

#include "base/check.h"
#include "sim/clock.h"
#include "text/excerpt.h"
#include "text/quantity.h"
#include "text/suggest.h"

#include <string.h>

enum { NAMES_MAX = 64, LIST_SIZE = 200 };

static const char *const always_known[] = {"do", "what", "fork", NULL};

static uint32_t gather(const char **names, uint32_t count, const char *const *more)
{
    for (; *more != NULL; more++) {
        PL_CHECK(count < NAMES_MAX);
        names[count++] = *more;
    }
    return count;
}

static bool is_one_of(const char *word, const char *const *names, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(word, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

pl_status pl_command_members(const json_t *command, const char *const *known, pl_error *err)
{
    PL_CHECK(command != NULL);
    PL_CHECK(known != NULL);
    const char *names[NAMES_MAX];
    uint32_t count = gather(names, gather(names, 0, always_known), known);
    /* The iterator of jansson takes a tree that may be changed; it is only read here. */
    union {
        const json_t *borrowed;
        json_t *tree;
    } access = {.borrowed = command};
    for (void *at = json_object_iter(access.tree); at != NULL;
         at = json_object_iter_next(access.tree, at)) {
        const char *key = json_object_iter_key(at);
        if (is_one_of(key, names, count)) {
            continue;
        }
        const char *near = pl_suggest_name(pl_slice_of(key), names, count);
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "`%s` is no member of this command%s%s%s.",
                       pl_excerpt_of(pl_slice_of(key)).text,
                       near != NULL ? "; did you mean `" : "",
                       near != NULL ? near : "",
                       near != NULL ? "`" : "");
    }
    return PL_OK;
}

pl_status pl_command_text(
    const json_t *command, const char *key, size_t size_max, const char **text, pl_error *err)
{
    PL_CHECK(key != NULL);
    PL_CHECK(text != NULL);
    *text = "";
    const json_t *value = json_object_get(command, key);
    if (value == NULL) {
        return PL_OK;
    }
    if (!json_is_string(value)) {
        return pl_fail(err, PL_BAD_INPUT, NULL, "`%s` must be a text.", key);
    }
    if (json_string_length(value) > size_max) {
        return pl_fail(err,
                       PL_LIMIT,
                       NULL,
                       "`%s` has %zu bytes; at most %zu are allowed.",
                       key,
                       json_string_length(value),
                       size_max);
    }
    *text = json_string_value(value);
    return PL_OK;
}

pl_status pl_command_text_needed(
    const json_t *command, const char *key, size_t size_max, const char **text, pl_error *err)
{
    pl_status status = pl_command_text(command, key, size_max, text, err);
    if (status != PL_OK) {
        return status;
    }
    if ((*text)[0] == '\0') {
        return pl_fail(err, PL_BAD_INPUT, NULL, "`%s` is missing.", key);
    }
    return PL_OK;
}

pl_status pl_command_number(
    const json_t *command, const char *key, double low, double high, double *value, pl_error *err)
{
    PL_CHECK(key != NULL);
    PL_CHECK(value != NULL);
    const json_t *member = json_object_get(command, key);
    if (member == NULL) {
        return PL_OK;
    }
    if (!json_is_number(member)) {
        return pl_fail(err, PL_BAD_INPUT, NULL, "`%s` must be a number.", key);
    }
    double number = json_number_value(member);
    if (!(number >= low && number <= high)) {
        return pl_fail(
            err, PL_BAD_INPUT, NULL, "`%s` is %g; %g to %g is expected.", key, number, low, high);
    }
    *value = number;
    return PL_OK;
}

pl_status pl_command_bool(const json_t *command, const char *key, bool *value, pl_error *err)
{
    PL_CHECK(key != NULL);
    PL_CHECK(value != NULL);
    const json_t *member = json_object_get(command, key);
    if (member == NULL) {
        return PL_OK;
    }
    if (!json_is_boolean(member)) {
        return pl_fail(err, PL_BAD_INPUT, NULL, "`%s` must be true or false.", key);
    }
    *value = json_is_true(member);
    return PL_OK;
}

pl_status pl_command_duration(const json_t *command, const char *key, int64_t *ns, pl_error *err)
{
    PL_CHECK(key != NULL);
    PL_CHECK(ns != NULL);
    const json_t *member = json_object_get(command, key);
    if (member == NULL) {
        return PL_OK;
    }
    if (json_is_number(member)) {
        double seconds = 0.0;
        pl_status status = pl_command_number(command, key, 0.0, 86400.0, &seconds, err);
        *ns = pl_clock_ns(seconds);
        return status;
    }
    if (!json_is_string(member)) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "`%s` must be a duration such as \"30m\", or a number of seconds.",
                       key);
    }
    pl_slice text = {json_string_value(member), json_string_length(member)};
    return pl_quantity_duration(text, NULL, ns, err);
}

pl_status pl_command_choice(
    const char *what, const char *word, const char *const *words, uint32_t *index, pl_error *err)
{
    PL_CHECK(what != NULL);
    PL_CHECK(words != NULL);
    PL_CHECK(index != NULL);
    char memory[LIST_SIZE];
    struct pl_buf list;
    pl_buf_init(&list, memory, sizeof memory);
    uint32_t count = 0;
    for (; words[count] != NULL; count++) {
        if (strcmp(words[count], word) == 0) {
            *index = count;
            return PL_OK;
        }
        pl_buf_printf(&list, "%s%s", count > 0 ? ", " : "", words[count]);
    }
    const char *near = pl_suggest_name(pl_slice_of(word), words, count);
    pl_excerpt quoted = pl_excerpt_of(pl_slice_of(word));
    if (near != NULL) {
        return pl_fail(err,
                       PL_NOT_FOUND,
                       NULL,
                       "There is no %s `%s`; did you mean `%s`?",
                       what,
                       quoted.text,
                       near);
    }
    return pl_fail(
        err, PL_NOT_FOUND, NULL, "There is no %s `%s`; there are: %s.", what, quoted.text, memory);
}
