// SPDX-License-Identifier: Apache-2.0
#include "cli/pack_new.h"

#include "base/check.h"
#include "cli/world_file.h"
#include "os/directory.h"
#include "os/file.h"
#include "scenario/describe.h"
#include "scenario/fault_fields.h"
#include "scenario/setting_fields.h"
#include "scenario/world_fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEMA_MAX = 1 << 19, PATH_MAX_BYTES = 1024 };

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

void pl_pack_new_fill(pl_slice text, const char *name, struct pl_buf *out)
{
    static const char mark[] = "NAME";
    size_t size = sizeof mark - 1;
    for (size_t i = 0; i < text.size; i++) {
        bool here = text.size - i >= size && memcmp(text.data + i, mark, size) == 0;
        bool begins = i == 0 || !is_word_byte(text.data[i - 1]);
        bool ends = i + size >= text.size || !is_word_byte(text.data[i + size]);
        if (here && begins && ends) {
            pl_buf_puts(out, name);
            i += size - 1;
        } else {
            pl_buf_put(out, text.data + i, 1);
        }
    }
}

/* ---- The text of a scenario ----------------------------------------------------------------- */

static const struct pl_alert_def *paging_alert(const struct pl_setting *setting)
{
    for (uint32_t i = 0; i < setting->alert_count; i++) {
        if (setting->alerts[i].pages != 0 && setting->alerts[i].service[0] != '\0') {
            return &setting->alerts[i];
        }
    }
    return NULL;
}

static bool has_action(const struct pl_setting *setting, const char *name)
{
    for (uint32_t i = 0; i < setting->action_count; i++) {
        if (strcmp(setting->actions[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void put_clock(struct pl_buf *out, double clock_s)
{
    uint32_t minutes = (uint32_t)(clock_s / 60.0) % 1440U;
    pl_buf_printf(out, "\"%02u:%02u\"", minutes / 60U, minutes % 60U);
}

static void put_head(const char *name,
                     const struct pl_world *world,
                     const struct pl_alert_def *alert,
                     struct pl_buf *out)
{
    pl_buf_printf(
        out,
        "# SPDX-License-Identifier: Apache-2.0\n"
        "# yaml-language-server: $schema=../../schema/scenario.json\n"
        "scenario: %s\n"
        "title: A title that gives nothing away\n"
        "world: %s\n"
        "summary: \"One sentence for the list, from the point of view of a user.\"\n"
        "severity: SEV-2\n"
        "difficulty: 2\n"
        "briefing: |\n"
        "  You are on call for %s. Say what it does, what it needs, and what was announced\n"
        "  for today.\n"
        "opens:\n"
        "  at: ",
        name,
        world->name,
        alert->service);
    put_clock(out, world->start_clock_s + 3600.0);
    pl_buf_printf(out,
                  "\n"
                  "  alert: %s\n"
                  "  service: %s\n"
                  "  text: \"a symptom, the same for every cause\"\n"
                  "warmup: 30m\n"
                  "horizon: 30m\n"
                  "test_act: 4m\n"
                  "updates: {first: 10m, every: 20m}\n\n",
                  alert->name,
                  alert->service);
}

/* One cause: title, its use of a fault, and an act that helps when the world has it. */
static void put_cause(struct pl_buf *out,
                      const struct pl_setting *setting,
                      const char *const texts[4],
                      const char *use,
                      const char *act,
                      const char *target)
{
    pl_buf_printf(out,
                  "  %s:\n"
                  "    title: \"%s\"\n"
                  "    prior: 1\n"
                  "    text: \"What happened, for the debrief: trigger, mechanism, effect.\"\n"
                  "    tell: \"The evidence that separates it, as an instrument shows it.\"\n"
                  "    claim: {component: \"%s\", mechanism: \"%s\"}\n"
                  "    faults:\n"
                  "      - %s\n",
                  texts[0],
                  texts[1],
                  texts[2],
                  texts[3],
                  use);
    if (has_action(setting, act)) {
        pl_buf_printf(out, "    helps:\n      - %s %s\n", act, target);
    }
}

/* Name of a statement with its database: main-db/select-items. */
static void statement_name(const struct pl_world *world, char *name, size_t size)
{
    const struct pl_statement *statement = &world->statements[0];
    for (uint32_t i = 0; i < world->statement_count; i++) {
        if (world->statements[i].plan_bad[0] != '\0') {
            statement = &world->statements[i];
            break;
        }
    }
    (void)snprintf(
        name, size, "%s/%s", world->databases[statement->database].name, statement->name);
}

static void put_causes(const struct pl_world *world,
                       const struct pl_setting *setting,
                       const char *service,
                       struct pl_buf *out)
{
    char use[PL_TEXT_MAX];
    char statement[PL_LABEL_MAX * 2];
    statement_name(world, statement, sizeof statement);
    pl_buf_puts(out, "causes:\n");
    (void)snprintf(use,
                   sizeof use,
                   "{use: db.plan, at: -5m, jitter: 20s, vary: 15%%, with: {statement: %s}}",
                   statement);
    static const char *const plan[4] = {
        "lost-plan", "A statement lost its index", "database statement", "plan index scan slow"};
    put_cause(out, setting, plan, use, "create-index", statement);
    (void)snprintf(use,
                   sizeof use,
                   "{use: load.flash_crowd, at: -5m, jitter: 20s, ramp: 30s, vary: 10%%, with: "
                   "{traffic: %s, factor: 4}}",
                   world->sources[0].name);
    static const char *const crowd[4] = {"crowd",
                                         "Many more users than usual arrive",
                                         "traffic users load",
                                         "load crowd overload* spike"};
    put_cause(out, setting, crowd, use, "", "");
    (void)snprintf(use,
                   sizeof use,
                   "{use: deploy.canary_blind, at: -5m, jitter: 20s, vary: 5%%, with: {service: "
                   "%s, cpu: 12}}",
                   service);
    static const char *const release[4] = {"release",
                                           "The morning's release takes far more processor",
                                           "release service",
                                           "cpu processor release bug"};
    put_cause(out, setting, release, use, "rollback", service);
}

pl_status pl_pack_new_scenario_text(const char *name,
                                    const struct pl_world *world,
                                    const struct pl_setting *setting,
                                    struct pl_buf *out,
                                    pl_error *err)
{
    PL_CHECK(name != NULL && world->sealed != 0 && setting != NULL && out != NULL);
    const struct pl_alert_def *alert = paging_alert(setting);
    if (alert == NULL || world->statement_count == 0 || world->source_count == 0) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "An incident needs a world with an alert that pages and names its service, "
                       "a statement, and users; `%s` lacks one of them.",
                       world->name);
    }
    put_head(name, world, alert, out);
    put_causes(world, setting, alert->service, out);
    pl_buf_printf(out,
                  "\nred_herrings:\n"
                  "  deploy:\n"
                  "    text: \"The release is in the feed of every form; in one of them it is "
                  "guilty.\"\n"
                  "    changes:\n"
                  "      - {set: service.%s.release, to: 1, at: -20m}\n"
                  "    feed:\n"
                  "      - {at: -20m, kind: deploy, target: %s, text: \"the morning's release\", "
                  "by: release-train}\n\n"
                  "setting:\n"
                  "  messages:\n"
                  "    - {at: 5m, channel: \"#support\", from: support, text: \"Some users write "
                  "that it hangs.\"}\n",
                  alert->service,
                  alert->service);
    return PL_OK;
}

/* ---- Files ---------------------------------------------------------------------------------- */

static pl_status
make_path(char *path, pl_error *err, const char *format, const char *const parts[2])
{
    struct pl_buf buf;
    pl_buf_init(&buf, path, PATH_MAX_BYTES);
    uint32_t part = 0;
    for (const char *at = format; *at != '\0'; at++) {
        if (*at == '*') {
            pl_buf_puts(&buf, parts[part++]);
        } else {
            pl_buf_put(&buf, at, 1);
        }
    }
    return buf.overflow ? pl_fail(err, PL_LIMIT, NULL, "The path of the new file is too long.")
                        : PL_OK;
}

static pl_status check_name(const char *name, pl_error *err)
{
    size_t size = strlen(name);
    bool good = size > 0 && size < PL_NAME_MAX;
    for (size_t i = 0; good && i < size; i++) {
        good = is_word_byte(name[i]) || name[i] == '-';
    }
    return good ? PL_OK
                : pl_fail(err,
                          PL_BAD_INPUT,
                          NULL,
                          "`%.60s` is no name; 1 to %d letters, digits, - and _ are expected.",
                          name,
                          PL_NAME_MAX - 1);
}

/* Save a text where nothing is yet. */
static pl_status save_new(const char *path, const struct pl_buf *text, pl_error *err)
{
    if (text->overflow) {
        return pl_fail(err, PL_LIMIT, NULL, "The text of %.200s is too long.", path);
    }
    if (pl_file_exists(path)) {
        return pl_fail(err, PL_CONFLICT, NULL, "%.200s is there already.", path);
    }
    return pl_file_save(path, (pl_slice){text->data, text->size}, err);
}

static pl_status save_schema(const char *directory,
                             const struct pl_key_table *table,
                             const char *name,
                             pl_error *err)
{
    char path[PATH_MAX_BYTES];
    char title[PL_NAME_MAX + 16];
    const char *const parts[2] = {directory, name};
    char *memory = malloc(SCHEMA_MAX);
    if (memory == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
    }
    struct pl_buf out;
    pl_buf_init(&out, memory, SCHEMA_MAX);
    (void)snprintf(title, sizeof title, "Plumbline %s", name);
    pl_describe_schema(table, title, &out);
    PL_CHECK(!out.overflow);
    pl_status status = make_path(path, err, "*/schema/*.json", parts);
    if (status == PL_OK) {
        status = pl_file_save(path, (pl_slice){out.data, out.size}, err);
    }
    free(memory);
    return status;
}

/* Schemas belong to this program, so they are written anew each time. */
static pl_status save_schemas(const char *directory, pl_error *err)
{
    char path[PATH_MAX_BYTES];
    const char *const parts[2] = {directory, ""};
    pl_status status = make_path(path, err, "*/schema", parts);
    status = status == PL_OK ? pl_directory_make(path, err) : status;
    status = status == PL_OK ? save_schema(directory, &pl_world_table, "world", err) : status;
    status = status == PL_OK ? save_schema(directory, &pl_scenario_table, "scenario", err) : status;
    return status == PL_OK ? save_schema(directory, &pl_fault_table, "fault", err) : status;
}

pl_status pl_pack_new_world(const char *directory, const char *name, pl_error *err)
{
    PL_CHECK(directory != NULL && name != NULL && err != NULL);
    char path[PATH_MAX_BYTES];
    const char *const from[2] = {directory, ""};
    const char *const to[2] = {directory, name};
    union {
        const char *view;
        char *memory;
    } owned = {NULL};
    char *memory = malloc(PL_PACK_NEW_TEXT_MAX);
    pl_slice text = {NULL, 0};
    pl_status status = memory != NULL ? check_name(name, err)
                                      : pl_fail(err, PL_NO_MEMORY, NULL, "There is no memory.");
    status = status == PL_OK ? make_path(path, err, "*/templates/world.yaml", from) : status;
    if (status == PL_OK) {
        status = pl_file_load(path, PL_PACK_NEW_TEXT_MAX / 2, &text, err);
        owned.view = text.data;
    }
    status = status == PL_OK ? make_path(path, err, "*/worlds/*.yaml", to) : status;
    if (status == PL_OK) {
        struct pl_buf out;
        pl_buf_init(&out, memory, PL_PACK_NEW_TEXT_MAX);
        pl_pack_new_fill(text, name, &out);
        status = save_new(path, &out, err);
    }
    if (status == PL_OK) {
        status = save_schemas(directory, err);
        printf("%s\n", path);
    }
    free(owned.memory);
    free(memory);
    return status;
}

/* A page for every runbook that an alert of the world names. */
static pl_status save_pages(const char *folder, const struct pl_setting *setting, pl_error *err)
{
    char path[PATH_MAX_BYTES];
    const char *const runbook[2] = {folder, ""};
    pl_status status = make_path(path, err, "*/runbook", runbook);
    status = status == PL_OK ? pl_directory_make(path, err) : status;
    for (uint32_t i = 0; i < setting->alert_count && status == PL_OK; i++) {
        const struct pl_alert_def *alert = &setting->alerts[i];
        const char *const parts[2] = {folder, alert->runbook};
        char page[PL_TEXT_MAX * 2];
        struct pl_buf out;
        if (alert->runbook[0] == '\0') {
            continue;
        }
        status = make_path(path, err, "*/runbook/*.md", parts);
        if (status != PL_OK || pl_file_exists(path)) {
            continue;
        }
        pl_buf_init(&out, page, sizeof page);
        pl_buf_printf(&out,
                      "# %s\n\n"
                      "1. Is it one route or all? `panel %s latency by route`.\n"
                      "2. What is full? `panel %s saturation`.\n"
                      "3. What changed? `changes 2h`.\n",
                      alert->runbook,
                      alert->service,
                      alert->service);
        status = save_new(path, &out, err);
        printf("%s\n", path);
    }
    return status;
}

static pl_status save_scenario(const char *directory,
                               const char *name,
                               const struct pl_world_file *file,
                               pl_error *err)
{
    char folder[PATH_MAX_BYTES];
    char path[PATH_MAX_BYTES];
    const char *const parts[2] = {directory, name};
    char *memory = malloc(PL_PACK_NEW_TEXT_MAX);
    if (memory == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
    }
    struct pl_buf out;
    pl_buf_init(&out, memory, PL_PACK_NEW_TEXT_MAX);
    pl_status status = pl_pack_new_scenario_text(name, file->world, file->setting, &out, err);
    status = status == PL_OK ? make_path(folder, err, "*/scenarios/*", parts) : status;
    status = status == PL_OK ? make_path(path, err, "*/scenarios/*/scenario.yaml", parts) : status;
    status = status == PL_OK ? pl_directory_make(folder, err) : status;
    status = status == PL_OK ? save_new(path, &out, err) : status;
    if (status == PL_OK) {
        printf("%s\n", path);
        status = save_pages(folder, file->setting, err);
    }
    free(memory);
    return status == PL_OK ? save_schemas(directory, err) : status;
}

pl_status pl_pack_new_scenario(const char *directory,
                               const char *name,
                               const char *world,
                               struct pl_errors *errors)
{
    PL_CHECK(directory != NULL && name != NULL && world != NULL && errors != NULL);
    char path[PATH_MAX_BYTES];
    pl_error err = {0};
    const char *const parts[2] = {directory, world};
    struct pl_world_file file = {0};
    pl_status status = check_name(name, &err);
    status = status == PL_OK ? make_path(path, &err, "*/worlds/*.yaml", parts) : status;
    if (status == PL_OK) {
        status = pl_world_file_load(path, &file, errors);
    }
    if (status == PL_OK) {
        status = save_scenario(directory, name, &file, &err);
    }
    if (err.status != PL_OK) {
        pl_errors_add(errors, err.status, &err.pos, "%s", err.message);
    }
    pl_world_file_free(&file);
    return status;
}
