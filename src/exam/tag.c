// SPDX-License-Identifier: Apache-2.0
#include "exam/tag.h"

#include "base/check.h"
#include "os/directory.h"
#include "os/file.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_TEXT_MAX = 2048 };

static void put_path(char path[PL_FILE_PATH_MAX], const char *data, const char *id)
{
    int size = snprintf(path, PL_FILE_PATH_MAX, "%s/sessions/%s.json", data, id);
    PL_CHECK(size > 0 && size < PL_FILE_PATH_MAX);
}

static void read_text(const json_t *json, const char *key, char *text, size_t size)
{
    const char *value = json_string_value(json_object_get(json, key));
    snprintf(text, size, "%s", value != NULL ? value : "");
}

static void read_tag(const json_t *json, struct pl_tag *tag)
{
    double speed = json_number_value(json_object_get(json, "speed"));
    read_text(json, "owner", tag->owner, sizeof tag->owner);
    read_text(json, "from", tag->from, sizeof tag->from);
    tag->from_s = json_number_value(json_object_get(json, "from_s"));
    tag->speed = speed >= 1.0 && speed <= 10.0 ? speed : 1.0;
    tag->running = !json_is_false(json_object_get(json, "running"));
    tag->sample = json_is_true(json_object_get(json, "sample"));
    tag->done = json_is_true(json_object_get(json, "done"));
    tag->judged = json_is_true(json_object_get(json, "judged"));
    tag->done_s = json_number_value(json_object_get(json, "done_s"));
    tag->damage = json_number_value(json_object_get(json, "damage"));
    tag->score = json_number_value(json_object_get(json, "score"));
}

bool pl_tag_load(struct pl_tag *tag, const char *data, const char *id)
{
    PL_CHECK(tag != NULL && data != NULL && id != NULL);
    char path[PL_FILE_PATH_MAX];
    pl_slice text = {NULL, 0};
    json_t *json = NULL;
    memset(tag, 0, sizeof *tag);
    tag->speed = 1.0;
    tag->running = true;
    put_path(path, data, id);
    if (pl_file_load(path, TAG_TEXT_MAX, &text, NULL) != PL_OK) {
        return false;
    }
    bool good = pl_json_in_load(text, TAG_TEXT_MAX, path, &json, NULL) == PL_OK;
    if (good) {
        read_tag(json, tag);
    }
    json_decref(json);
    union {
        const char *view;
        char *memory;
    } bytes = {.view = text.data};
    free(bytes.memory);
    return good;
}

pl_status pl_tag_save(const struct pl_tag *tag, const char *data, const char *id, pl_error *err)
{
    PL_CHECK(tag != NULL && data != NULL && id != NULL);
    char path[PL_FILE_PATH_MAX];
    char memory[TAG_TEXT_MAX];
    struct pl_buf text;
    struct pl_json_out json;
    snprintf(path, sizeof path, "%s/sessions", data);
    pl_status status = pl_directory_make(path, err);
    if (status != PL_OK) {
        return status;
    }
    pl_buf_init(&text, memory, sizeof memory);
    pl_json_out_begin(&json, &text);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "owner", tag->owner);
    pl_json_out_member_string(&json, "from", tag->from);
    pl_json_out_member_number(&json, "from_s", tag->from_s);
    pl_json_out_member_number(&json, "speed", tag->speed);
    pl_json_out_member_bool(&json, "running", tag->running);
    pl_json_out_member_bool(&json, "sample", tag->sample);
    pl_json_out_member_bool(&json, "done", tag->done);
    pl_json_out_member_bool(&json, "judged", tag->judged);
    pl_json_out_member_number(&json, "done_s", tag->done_s);
    pl_json_out_member_number(&json, "damage", tag->damage);
    pl_json_out_member_number(&json, "score", tag->score);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    PL_CHECK(!text.overflow);
    put_path(path, data, id);
    return pl_file_save(path, (pl_slice){memory, text.size}, err);
}
