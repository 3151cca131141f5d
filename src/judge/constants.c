// SPDX-License-Identifier: Apache-2.0
#include "judge/constants.h"

#include "base/check.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { CELL_NUMBERS = 6, OPTION_TEXT = 160 };

void pl_constants_init(struct pl_constants *constants)
{
    PL_CHECK(constants != NULL);
    memset(constants, 0, sizeof *constants);
    constants->eta = 1.0;
    constants->responder_s = 720.0;
    constants->search_floor_s = 60.0;
    constants->search_s_per_bit = 150.0;
    constants->trunk.nodes = constants->nodes;
}

static void option_text(const struct pl_scenario *scenario,
                        const struct pl_option *option,
                        char text[OPTION_TEXT])
{
    struct pl_buf buf;
    pl_buf_init(&buf, text, OPTION_TEXT);
    pl_option_format(scenario, option, &buf);
}

/* ---- Writing -------------------------------------------------------------------------------- */

static void put_numbers(struct pl_json_out *json, const char *key, const double *values, uint32_t n)
{
    pl_json_out_key(json, key);
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < n; i++) {
        pl_json_out_number(json, values[i]);
    }
    pl_json_out_array_end(json);
}

/* Damage is counted in requests: a fraction of one says nothing and would make the file longer. */
static double whole(double damage)
{
    double rest = damage < 0.0 ? -damage : damage;
    double rounded = (double)(int64_t)(rest + 0.5);
    return damage < 0.0 ? -rounded : rounded;
}

static void put_cell(struct pl_json_out *json, const struct pl_cell *cell)
{
    pl_json_out_array_begin(json);
    pl_json_out_number(json, whole(cell->mean));
    pl_json_out_number(json, whole(cell->se));
    pl_json_out_number(json, whole(cell->se_noop));
    pl_json_out_number(json, whole(cell->half[0]));
    pl_json_out_number(json, whole(cell->half[1]));
    pl_json_out_integer(json, cell->count);
    pl_json_out_array_end(json);
}

static void put_node(struct pl_json_out *json,
                     const struct pl_constants *constants,
                     int64_t opens_ns,
                     const struct pl_node *node)
{
    pl_buf_puts(json->buf, "\n");
    pl_json_out_object_begin(json);
    pl_json_out_member_number(json, "t_s", (double)(node->t_ns - opens_ns) / 1e9);
    pl_json_out_key(json, "passed");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < constants->cause_count; i++) {
        pl_json_out_number(json, whole(node->passed[i]));
    }
    pl_json_out_array_end(json);
    pl_json_out_key(json, "cells");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < constants->cause_count; i++) {
        pl_json_out_array_begin(json);
        for (uint32_t a = 0; a < constants->trunk.options.count; a++) {
            put_cell(json, &node->cells[i][a]);
        }
        pl_json_out_array_end(json);
    }
    pl_json_out_array_end(json);
    pl_json_out_object_end(json);
}

static void put_names(struct pl_json_out *json,
                      const struct pl_scenario *scenario,
                      const struct pl_constants *constants)
{
    char text[OPTION_TEXT];
    pl_json_out_key(json, "causes");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < constants->cause_count; i++) {
        pl_json_out_string(json, scenario->causes[i].name);
    }
    pl_json_out_array_end(json);
    pl_json_out_key(json, "options");
    pl_json_out_array_begin(json);
    for (uint32_t a = 0; a < constants->trunk.options.count; a++) {
        option_text(scenario, &constants->trunk.options.items[a], text);
        pl_json_out_string(json, text);
    }
    pl_json_out_array_end(json);
    pl_json_out_key(json, "class_of");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < constants->cause_count; i++) {
        pl_json_out_integer(json, constants->class_of[i]);
    }
    pl_json_out_array_end(json);
}

static void put_scalars(struct pl_json_out *json, const struct pl_constants *constants)
{
    put_numbers(json, "acceptance", constants->acceptance, constants->cause_count);
    put_numbers(json, "hurt_rate", constants->hurt_rate, constants->cause_count);
    pl_json_out_member_number(json, "quiet_rate", constants->quiet_rate);
    pl_json_out_member_number(json, "eta", constants->eta);
    pl_json_out_member_number(json, "d_noop", constants->d_noop);
    pl_json_out_key(json, "d_ref");
    pl_json_out_object_begin(json);
    pl_json_out_member_number(json, "value", constants->d_ref.value);
    pl_json_out_member_number(json, "se", constants->d_ref.se);
    pl_json_out_object_end(json);
    pl_json_out_member_number(json, "responder_s", constants->responder_s);
    if (constants->incident_sd > 0.0) {
        pl_json_out_member_number(json, "incident_sd", constants->incident_sd);
    }
    pl_json_out_key(json, "search");
    pl_json_out_object_begin(json);
    pl_json_out_member_number(json, "floor_s", constants->search_floor_s);
    pl_json_out_member_number(json, "s_per_bit", constants->search_s_per_bit);
    pl_json_out_object_end(json);
}

void pl_constants_write(const struct pl_scenario *scenario,
                        int64_t opens_ns,
                        const struct pl_constants *constants,
                        struct pl_buf *out)
{
    struct pl_json_out json;
    PL_CHECK(scenario != NULL && constants != NULL);
    PL_CHECK(constants->cause_count == scenario->cause_count);
    PL_CHECK(constants->trunk.node_count <= PL_TRUNK_NODES_MAX);
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_integer(&json, "version", PL_CONSTANTS_VERSION);
    pl_json_out_member_string(&json, "engine", constants->engine);
    pl_json_out_member_string(&json, "pack", constants->pack);
    pl_json_out_member_string(&json, "command", constants->command);
    put_names(&json, scenario, constants);
    put_scalars(&json, constants);
    pl_json_out_key(&json, "nodes");
    pl_json_out_array_begin(&json);
    for (uint32_t n = 0; n < constants->trunk.node_count; n++) {
        put_node(&json, constants, opens_ns, &constants->nodes[n]);
    }
    pl_json_out_array_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    pl_buf_puts(out, "\n");
}

/* ---- Reading -------------------------------------------------------------------------------- */

/** A file being read. The first mistake stands in err. */
struct reading {
    const struct pl_scenario *scenario;
    const char *path;
    pl_error *err;
};

static pl_pos place(const struct reading *reading)
{
    pl_pos pos = {.line = 0, .column = 0};
    snprintf(pos.path, sizeof pos.path, "%s", reading->path != NULL ? reading->path : "");
    return pos;
}

static pl_status bad(const struct reading *reading, const char *what, const char *expected)
{
    pl_pos pos = place(reading);
    return pl_fail(reading->err,
                   PL_BAD_INPUT,
                   &pos,
                   "`%s` is missing or wrong; %s is expected. `plumb pack calibrate` makes the "
                   "file anew.",
                   what,
                   expected);
}

static pl_status stale(const struct reading *reading, const char *what)
{
    pl_pos pos = place(reading);
    return pl_fail(reading->err,
                   PL_CONFLICT,
                   &pos,
                   "The file was computed for other %s; `plumb pack calibrate` makes it anew.",
                   what);
}

static pl_status
get_number(const struct reading *reading, const json_t *object, const char *key, double *value)
{
    const json_t *member = json_object_get(object, key);
    if (!json_is_number(member)) {
        return bad(reading, key, "a number");
    }
    *value = json_number_value(member);
    return PL_OK;
}

static pl_status get_list(const struct reading *reading,
                          const json_t *object,
                          const char *key,
                          uint32_t count,
                          double *values)
{
    const json_t *list = json_object_get(object, key);
    if (!json_is_array(list) || json_array_size(list) != count) {
        return bad(reading, key, "a list with one number per cause");
    }
    for (uint32_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);
        if (!json_is_number(item)) {
            return bad(reading, key, "a list with one number per cause");
        }
        values[i] = json_number_value(item);
    }
    return PL_OK;
}

/* The texts of a list must be the expected ones, or the file is of other content. */
static bool same_texts(const json_t *list, uint32_t count, const char *const *texts)
{
    if (json_array_size(list) != count) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text == NULL || strcmp(text, texts[i]) != 0) {
            return false;
        }
    }
    return true;
}

static pl_status
read_names(const struct reading *reading, const json_t *json, struct pl_constants *constants)
{
    static const char *const no_text = "";
    const struct pl_scenario *scenario = reading->scenario;
    const char *causes[PL_CAUSES_MAX] = {no_text};
    const char *options[PL_OPTIONS_MAX] = {no_text};
    char texts[PL_OPTIONS_MAX][OPTION_TEXT];
    for (uint32_t i = 0; i < scenario->cause_count; i++) {
        causes[i] = scenario->causes[i].name;
    }
    /* The list of fewer options is the beginning of the list of more: any number can be read. */
    size_t count = json_array_size(json_object_get(json, "options"));
    if (count < 1 || count > PL_OPTIONS_MAX) {
        return bad(reading, "options", "a list of 1 to 24 moves");
    }
    pl_option_set_build(scenario,
                        (UINT32_C(1) << scenario->cause_count) - 1,
                        (uint32_t)count,
                        &constants->trunk.options);
    for (uint32_t a = 0; a < constants->trunk.options.count; a++) {
        option_text(scenario, &constants->trunk.options.items[a], texts[a]);
        options[a] = texts[a];
    }
    constants->cause_count = scenario->cause_count;
    if (!same_texts(json_object_get(json, "causes"), scenario->cause_count, causes)) {
        return stale(reading, "causes");
    }
    if (!same_texts(json_object_get(json, "options"), constants->trunk.options.count, options)) {
        return stale(reading, "actions");
    }
    return PL_OK;
}

static pl_status
read_classes(const struct reading *reading, const json_t *json, struct pl_constants *constants)
{
    double classes[PL_CAUSES_MAX] = {0};
    pl_status status = get_list(reading, json, "class_of", constants->cause_count, classes);
    for (uint32_t i = 0; i < constants->cause_count && status == PL_OK; i++) {
        if (!(classes[i] >= 0.0) || classes[i] >= (double)constants->cause_count) {
            return bad(reading, "class_of", "a class per cause, counted from 0");
        }
        constants->class_of[i] = (uint32_t)classes[i];
        constants->class_count = constants->class_of[i] + 1 > constants->class_count
                                     ? constants->class_of[i] + 1
                                     : constants->class_count;
    }
    return status;
}

static pl_status
read_scalars(const struct reading *reading, const json_t *json, struct pl_constants *constants)
{
    uint32_t causes = constants->cause_count;
    const json_t *ref = json_object_get(json, "d_ref");
    const json_t *search = json_object_get(json, "search");
    const struct {
        const json_t *object;
        const char *key;
        double *value;
    } numbers[] = {
        {json, "quiet_rate", &constants->quiet_rate},
        {json, "eta", &constants->eta},
        {json, "d_noop", &constants->d_noop},
        {ref, "value", &constants->d_ref.value},
        {ref, "se", &constants->d_ref.se},
        {json, "responder_s", &constants->responder_s},
        {search, "floor_s", &constants->search_floor_s},
        {search, "s_per_bit", &constants->search_s_per_bit},
    };
    pl_status status = get_list(reading, json, "acceptance", causes, constants->acceptance);
    status = status == PL_OK ? get_list(reading, json, "hurt_rate", causes, constants->hurt_rate)
                             : status;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && status == PL_OK; i++) {
        status = get_number(reading, numbers[i].object, numbers[i].key, numbers[i].value);
    }
    constants->incident_sd = 0.0; /* validation measures it later than the rest */
    if (status == PL_OK && json_object_get(json, "incident_sd") != NULL) {
        status = get_number(reading, json, "incident_sd", &constants->incident_sd);
    }
    return status;
}

static pl_status read_cell(const struct reading *reading, const json_t *json, struct pl_cell *cell)
{
    double numbers[CELL_NUMBERS] = {0};
    bool good = json_array_size(json) == CELL_NUMBERS;
    for (uint32_t i = 0; i < CELL_NUMBERS && good; i++) {
        const json_t *item = json_array_get(json, i);
        good = json_is_number(item);
        numbers[i] = json_number_value(item);
    }
    if (!good || !(numbers[5] >= 0.0) || numbers[5] > PL_NODE_SEEDS_MAX) {
        return bad(reading, "cells", "[mean, se, se_noop, even, odd, count] per option");
    }
    *cell = (struct pl_cell){.mean = numbers[0],
                             .se = numbers[1],
                             .se_noop = numbers[2],
                             .half = {numbers[3], numbers[4]},
                             .count = (uint32_t)numbers[5]};
    return PL_OK;
}

static pl_status read_node(const struct reading *reading,
                           const json_t *json,
                           int64_t opens_ns,
                           const struct pl_constants *constants,
                           struct pl_node *node)
{
    double t_s = 0.0;
    const json_t *cells = json_object_get(json, "cells");
    pl_status status = get_number(reading, json, "t_s", &t_s);
    status = status == PL_OK
                 ? get_list(reading, json, "passed", constants->cause_count, node->passed)
                 : status;
    if (status == PL_OK && (!(t_s > -86400.0) || t_s > 86400.0)) {
        return bad(reading, "t_s", "seconds after the opening");
    }
    node->t_ns = opens_ns + (int64_t)(t_s * 1e9);
    for (uint32_t i = 0; i < constants->cause_count && status == PL_OK; i++) {
        const json_t *row = json_array_get(cells, i);
        if (json_array_size(row) != constants->trunk.options.count) {
            return bad(reading, "cells", "one list of cells per cause");
        }
        for (uint32_t a = 0; a < constants->trunk.options.count && status == PL_OK; a++) {
            status = read_cell(reading, json_array_get(row, a), &node->cells[i][a]);
        }
    }
    return status;
}

static pl_status read_nodes(const struct reading *reading,
                            const json_t *json,
                            int64_t opens_ns,
                            struct pl_constants *constants)
{
    const json_t *nodes = json_object_get(json, "nodes");
    size_t count = json_array_size(nodes);
    pl_status status = PL_OK;
    if (count < 1 || count > PL_TRUNK_NODES_MAX) {
        return bad(reading, "nodes", "a list of 1 to 32 moments");
    }
    for (uint32_t n = 0; n < count && status == PL_OK; n++) {
        status =
            read_node(reading, json_array_get(nodes, n), opens_ns, constants, &constants->nodes[n]);
        if (status == PL_OK && n > 0 && constants->nodes[n].t_ns <= constants->nodes[n - 1].t_ns) {
            status = bad(reading, "t_s", "moments in ascending order");
        }
    }
    constants->trunk.node_count = (uint32_t)count;
    return status;
}

/* Hashes and version: the file fits this program and this content. */
static pl_status read_head(const struct reading *reading,
                           const json_t *json,
                           const struct pl_constants_file *file,
                           struct pl_constants *constants)
{
    const char *own_engine = json_string_value(json_object_get(json, "engine"));
    const char *own_pack = json_string_value(json_object_get(json, "pack"));
    const char *command = json_string_value(json_object_get(json, "command"));
    if (json_integer_value(json_object_get(json, "version")) != PL_CONSTANTS_VERSION) {
        return stale(reading, "rules");
    }
    if (own_engine == NULL || own_pack == NULL) {
        return bad(reading, "engine", "the hash of the engine, and `pack` that of the content");
    }
    if (file->engine != NULL && strcmp(file->engine, own_engine) != 0) {
        return stale(reading, "engine");
    }
    if (file->pack != NULL && strcmp(file->pack, own_pack) != 0) {
        return stale(reading, "content");
    }
    snprintf(constants->engine, sizeof constants->engine, "%s", own_engine);
    snprintf(constants->pack, sizeof constants->pack, "%s", own_pack);
    snprintf(constants->command, sizeof constants->command, "%s", command != NULL ? command : "");
    return PL_OK;
}

pl_status pl_constants_read(const struct pl_scenario *scenario,
                            int64_t opens_ns,
                            int64_t ends_ns,
                            const struct pl_constants_file *file,
                            struct pl_constants *constants,
                            pl_error *err)
{
    PL_CHECK(scenario != NULL && file != NULL && constants != NULL);
    PL_CHECK(scenario->cause_count <= PL_CAUSES_MAX && opens_ns <= ends_ns);
    const struct reading reading = {.scenario = scenario, .path = file->path, .err = err};
    json_t *json = NULL;
    pl_constants_init(constants);
    pl_status status = pl_json_in_load(file->text, PL_CONSTANTS_TEXT_MAX, file->path, &json, err);
    status = status == PL_OK ? read_head(&reading, json, file, constants) : status;
    status = status == PL_OK ? read_names(&reading, json, constants) : status;
    status = status == PL_OK ? read_classes(&reading, json, constants) : status;
    status = status == PL_OK ? read_scalars(&reading, json, constants) : status;
    status = status == PL_OK ? read_nodes(&reading, json, opens_ns, constants) : status;
    constants->trunk.cause_count = scenario->cause_count;
    constants->trunk.causes = (UINT32_C(1) << scenario->cause_count) - 1;
    constants->trunk.ends_ns = ends_ns;
    json_decref(json);
    return status;
}
