// SPDX-License-Identifier: Apache-2.0
#include "text/json_in.h"

#include "base/check.h"
#include "text/excerpt.h"

#include <stdbool.h>
#include <string.h>

static pl_pos make_pos(const char *path, uint32_t line, uint32_t column)
{
    pl_pos pos = {line, column, ""};
    if (path != NULL) {
        (void)strncpy(pos.path, path, sizeof pos.path - 1);
    }
    return pos;
}

/* jansson recurses up to 2048 levels on hostile input; this walk finds deep nesting before. Quotes
 * and escapes are followed so that brackets in strings do not count. */
static bool is_too_deep(pl_slice text, uint32_t *line, uint32_t *column)
{
    uint32_t depth = 0;
    bool in_string = false;
    *line = 1;
    *column = 0;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        (*column)++;
        if (c == '\n') {
            (*line)++;
            *column = 0;
        } else if (in_string && c == '\\') {
            i++;
            (*column)++;
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == '[' || c == '{')) {
            depth++;
            if (depth > PL_JSON_IN_DEPTH_MAX) {
                return true;
            }
        } else if (!in_string && (c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return false;
}

static pl_status refuse(const json_error_t *problem, const char *path, pl_error *err)
{
    uint32_t line = problem->line > 0 ? (uint32_t)problem->line : 0;
    uint32_t column = problem->column > 0 ? (uint32_t)problem->column : 1;
    pl_pos pos = make_pos(path, line, column);
    if (json_error_code(problem) == json_error_out_of_memory) {
        return pl_fail(err, PL_NO_MEMORY, &pos, "no memory is left to read JSON");
    }
    /* jansson quotes the text near the mistake, which may be anything. */
    char shown[JSON_ERROR_TEXT_LENGTH + 1];
    struct pl_buf buf;
    pl_buf_init(&buf, shown, sizeof shown);
    pl_excerpt_put(&buf, pl_slice_of(problem->text));
    return pl_fail(err, PL_BAD_INPUT, &pos, "the text is not valid JSON: %s", shown);
}

pl_status
pl_json_in_load(pl_slice text, size_t size_max, const char *path, json_t **json, pl_error *err)
{
    PL_CHECK(json != NULL);
    PL_CHECK(text.data != NULL || text.size == 0);
    PL_CHECK(size_max <= PL_JSON_IN_TEXT_MAX);
    *json = NULL;
    if (text.size > size_max) {
        pl_pos pos = make_pos(path, 0, 0);
        return pl_fail(err,
                       PL_LIMIT,
                       &pos,
                       "the JSON text has %zu bytes; at most %zu are allowed",
                       text.size,
                       size_max);
    }
    uint32_t line;
    uint32_t column;
    if (is_too_deep(text, &line, &column)) {
        pl_pos pos = make_pos(path, line, column);
        return pl_fail(err,
                       PL_LIMIT,
                       &pos,
                       "JSON objects and arrays are nested more than %d levels deep",
                       PL_JSON_IN_DEPTH_MAX);
    }
    json_error_t problem;
    memset(&problem, 0, sizeof problem);
    const char *data = text.size > 0 ? text.data : "";
    *json = json_loadb(data, text.size, JSON_REJECT_DUPLICATES, &problem);
    return *json != NULL ? PL_OK : refuse(&problem, path, err);
}
