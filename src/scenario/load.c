// SPDX-License-Identifier: Apache-2.0
//
// The two documents of a scenario are in memory at once, each in its half of the scratch: the world
// must know when the scenario opens before it is sealed.
#include "scenario/load.h"

#include "base/check.h"
#include "scenario/change_def.h"
#include "scenario/fault.h"
#include "scenario/scenario_reader.h"
#include "scenario/setting_reader.h"
#include "scenario/world_reader.h"

#include <stdio.h>
#include <string.h>

/* Two documents, and behind them what the fault library needs. */
enum { HALF = 12 * 1 << 20 };
_Static_assert((size_t)2 * HALF + PL_FAULT_SCRATCH <= (size_t)PL_LOAD_SCRATCH, "all parts fit");

/* Errors in the order of the file: readers go by reference, people by line. */
static void sort_errors(struct pl_errors *errors, uint32_t first)
{
    uint32_t count = errors->count < PL_ERRORS_MAX ? errors->count : PL_ERRORS_MAX;
    for (uint32_t i = first + 1; i < count; i++) {
        pl_error moving = errors->items[i];
        uint32_t at = i;
        while (at > first) {
            const pl_pos *before = &errors->items[at - 1].pos;
            bool later = before->line > moving.pos.line ||
                         (before->line == moving.pos.line && before->column > moving.pos.column);
            if (!later) {
                break;
            }
            errors->items[at] = errors->items[at - 1];
            at--;
        }
        errors->items[at] = moving;
    }
}

static pl_status
load_yaml(struct pl_yaml *yaml, const struct pl_file *file, void *memory, struct pl_errors *errors)
{
    PL_CHECK(pl_yaml_memory_max() <= HALF);
    return pl_yaml_load(yaml, file->text, file->path, memory, HALF, errors);
}

/* Read a world; start_clock_s below 0 keeps the file's own. */
static pl_status read_world(const struct pl_yaml *yaml,
                            struct pl_world *world,
                            struct pl_setting *setting,
                            double start_clock_s,
                            struct pl_errors *errors)
{
    uint32_t first = errors->count < PL_ERRORS_MAX ? errors->count : PL_ERRORS_MAX;
    struct pl_world_reader reader = {.reader = {.yaml = yaml, .errors = errors}, .world = world};
    uint32_t before = errors->count;
    pl_world_read(&reader);
    if (start_clock_s >= 0.0) {
        world->start_clock_s = start_clock_s;
    }
    if (errors->count == before) {
        pl_error err = {0};
        if (pl_world_seal(world, &err) != PL_OK) {
            pl_pos pos = pl_yaml_pos(yaml, yaml->root);
            pl_errors_add(errors, err.status, &pos, "%s", err.message);
        }
    }
    pl_setting_init(setting);
    struct pl_setting_reader surroundings = {
        .reader = reader.reader, .world = world, .setting = setting};
    uint32_t node = pl_yaml_find(yaml, yaml->root, "setting");
    if (node != 0) {
        pl_setting_read(&surroundings, node);
    }
    sort_errors(errors, first);
    return errors->count == before ? PL_OK : PL_BAD_INPUT;
}

pl_status pl_world_load(const struct pl_file *file,
                        struct pl_world *world,
                        struct pl_setting *setting,
                        void *scratch,
                        struct pl_errors *errors)
{
    PL_CHECK(file != NULL && world != NULL && setting != NULL && scratch != NULL);
    struct pl_yaml yaml;
    pl_status status = load_yaml(&yaml, file, scratch, errors);
    if (status != PL_OK) {
        return status;
    }
    return read_world(&yaml, world, setting, -1.0, errors);
}

static bool copy_world_name(struct pl_reader *reader, char *name)
{
    uint32_t node = pl_reader_get(reader, reader->yaml->root, "world");
    if (node == 0 || !pl_reader_is_scalar(reader, node, "world")) {
        return false;
    }
    return pl_reader_copy_name(
        reader, pl_reader_at(reader, node)->text, node, "world", name, PL_NAME_MAX);
}

pl_status pl_scenario_world_name(const struct pl_file *file,
                                 char *name,
                                 void *scratch,
                                 struct pl_errors *errors)
{
    PL_CHECK(file != NULL && name != NULL && scratch != NULL);
    struct pl_yaml yaml;
    pl_status status = load_yaml(&yaml, file, scratch, errors);
    if (status != PL_OK) {
        return status;
    }
    struct pl_reader reader = {.yaml = &yaml, .errors = errors, .slice = 1.0};
    if (!pl_reader_is_map(&reader, yaml.root, "scenario file")) {
        return PL_BAD_INPUT;
    }
    uint32_t before = errors->count;
    if (!copy_world_name(&reader, name)) {
        if (errors->count == before) {
            pl_reader_error(&reader, yaml.root, "This scenario file names no `world`.");
        }
        return PL_BAD_INPUT;
    }
    return PL_OK;
}

/* ---- Runbook -------------------------------------------------------------------------------- */

/* Name of a page: the file's, without folder and `.md`. */
static void page_name(const char *path, char *name)
{
    const char *slash = strrchr(path, '/');
    const char *start = slash != NULL ? slash + 1 : path;
    size_t size = strlen(start);
    if (size > 3 && strcmp(start + size - 3, ".md") == 0) {
        size -= 3;
    }
    if (size >= PL_NAME_MAX) {
        size = PL_NAME_MAX - 1;
    }
    memcpy(name, start, size);
    name[size] = '\0';
}

/* Title of a page: its first heading, else its name. */
static void page_title(struct pl_page *page)
{
    const char *start = page->text;
    if (start[0] == '#' && start[1] == ' ') {
        start += 2;
        size_t size = strcspn(start, "\n");
        if (size >= sizeof page->title) {
            size = sizeof page->title - 1;
        }
        memcpy(page->title, start, size);
        page->title[size] = '\0';
        return;
    }
    memcpy(page->title, page->name, sizeof page->name);
}

static void
read_page(struct pl_setting *setting, const struct pl_file *file, struct pl_errors *errors)
{
    pl_pos pos = {.line = 1, .column = 1};
    (void)snprintf(pos.path, sizeof pos.path, "%s", file->path);
    if (setting->page_count == PL_PAGES_MAX) {
        pl_errors_add(errors, PL_LIMIT, &pos, "A runbook has at most %d pages.", (int)PL_PAGES_MAX);
        return;
    }
    if (file->text.size >= PL_PAGE_MAX) {
        pl_errors_add(errors,
                      PL_LIMIT,
                      &pos,
                      "This page has %zu bytes; at most %d are allowed.",
                      file->text.size,
                      PL_PAGE_MAX - 1);
        return;
    }
    struct pl_page *page = &setting->pages[setting->page_count++];
    memset(page, 0, sizeof *page);
    page_name(file->path, page->name);
    if (file->text.size > 0) {
        memcpy(page->text, file->text.data, file->text.size);
    }
    page->text[file->text.size] = '\0';
    page_title(page);
}

/* An alert that points to a page needs that page, wherever the alert was defined. */
static void
check_pages(const struct pl_file *file, const struct pl_setting *setting, struct pl_errors *errors)
{
    pl_pos pos = {.line = 1, .column = 1};
    (void)snprintf(pos.path, sizeof pos.path, "%s", file->path);
    struct pl_names pages = {.first = setting->pages[0].name,
                             .stride = sizeof setting->pages[0],
                             .count = setting->page_count,
                             .what = "page"};
    for (uint32_t i = 0; i < setting->alert_count; i++) {
        const struct pl_alert_def *alert = &setting->alerts[i];
        if (alert->runbook[0] != '\0' &&
            pl_names_find(&pages, pl_slice_of(alert->runbook)) == PL_NONE) {
            pl_errors_add(errors,
                          PL_BAD_INPUT,
                          &pos,
                          "The alert rule `%s` names the runbook page `%s`, and there is no file "
                          "runbook/%s.md.",
                          alert->name,
                          alert->runbook,
                          alert->runbook);
        }
    }
}

/* ---- Scenarios ------------------------------------------------------------------------------ */

pl_status pl_scenario_load(struct pl_scenario_files *files,
                           struct pl_world *world,
                           struct pl_scenario *scenario,
                           void *scratch,
                           struct pl_errors *errors)
{
    PL_CHECK(files != NULL && world != NULL && scenario != NULL && scratch != NULL);
    PL_CHECK(files->pages != NULL || files->page_count == 0);
    PL_CHECK(files->faults != NULL || files->fault_count == 0);
    uint32_t before = errors->count;
    struct pl_yaml yaml;
    struct pl_yaml world_yaml;
    pl_status status = load_yaml(&yaml, &files->scenario, scratch, errors);
    if (status != PL_OK) {
        return status;
    }
    status = load_yaml(&world_yaml, &files->world, (char *)scratch + HALF, errors);
    if (status != PL_OK) {
        return status;
    }
    struct pl_errors own = {0};
    struct pl_fault_library library = {.files = files->faults,
                                       .count = files->fault_count,
                                       .memory = (char *)scratch + (size_t)2 * HALF};
    struct pl_setting_reader reader = {.reader = {.yaml = &yaml, .errors = &own, .slice = 1.0},
                                       .world = world,
                                       .setting = &scenario->setting,
                                       .library = &library};
    pl_scenario_read_head(&reader.reader, scenario);
    reader.opens_clock_s = scenario->opens_clock_s;
    double start_s = scenario->opens_clock_s - scenario->warmup_s;
    if (start_s < 0.0) {
        start_s += 86400.0;
    }
    (void)read_world(&world_yaml, world, &scenario->setting, start_s, errors);
    reader.reader.slice = (double)world->slice_of;
    pl_scenario_read_body(&reader, scenario);
    files->faults_used = library.used;
    sort_errors(&own, 0);
    uint32_t kept = own.count < PL_ERRORS_MAX ? own.count : PL_ERRORS_MAX;
    for (uint32_t i = 0; i < kept; i++) {
        pl_errors_add(errors, own.items[i].status, &own.items[i].pos, "%s", own.items[i].message);
    }
    errors->count += own.count - kept;
    for (uint32_t i = 0; i < files->page_count; i++) {
        read_page(&scenario->setting, &files->pages[i], errors);
    }
    check_pages(&files->scenario, &scenario->setting, errors);
    return errors->count == before ? PL_OK : PL_BAD_INPUT;
}

/* ---- Lists of changes ----------------------------------------------------------------------- */

static void make_change(const struct pl_world *world,
                        const struct pl_change_def *def,
                        double zero_s,
                        struct pl_change *out,
                        uint32_t max,
                        uint32_t *count,
                        pl_error *err)
{
    struct pl_change_bound bound = {
        .def = def,
        .param = pl_world_param(world, def->path),
        .gate_param = def->gated != 0 ? pl_world_param(world, def->gate_path) : 0,
        .t_ns = pl_clock_ns(def->from_start != 0 ? 0.0 : zero_s + def->at_s),
        .value = def->value,
    };
    bound.before = world->params[bound.param].base;
    for (uint32_t i = 0; i < *count; i++) {
        if (out[i].param == bound.param && out[i].t_ns <= bound.t_ns) {
            bound.before = out[i].value;
        }
    }
    if (*count + PL_CHANGE_MADE_MAX > max) {
        (void)pl_fail(err, PL_LIMIT, NULL, "At most %u changes are allowed.", max);
        return;
    }
    *count += pl_change_make(world, &bound, out + *count, err);
}

pl_status pl_changes_load(const struct pl_file *file,
                          const struct pl_world *world,
                          double zero_s,
                          struct pl_change *out,
                          uint32_t max,
                          uint32_t *count,
                          void *scratch,
                          struct pl_errors *errors)
{
    PL_CHECK(file != NULL && world->sealed != 0 && out != NULL && count != NULL);
    struct pl_yaml yaml;
    *count = 0;
    pl_status status = load_yaml(&yaml, file, scratch, errors);
    if (status != PL_OK) {
        return status;
    }
    struct pl_setting *setting = (struct pl_setting *)(void *)((char *)scratch + HALF);
    _Static_assert(sizeof *setting <= (size_t)HALF, "the setting fits the other half");
    pl_setting_init(setting);
    uint32_t before = errors->count;
    struct pl_setting_reader reader = {.reader = {.yaml = &yaml, .errors = errors, .slice = 1.0},
                                       .world = world,
                                       .setting = setting};
    (void)pl_setting_changes(&reader, yaml.root, PL_TIME_OPENING, NULL);
    for (uint32_t i = 0; i < setting->change_count && errors->count == before; i++) {
        pl_error err = {0};
        make_change(world, &setting->changes[i], zero_s, out, max, count, &err);
        if (err.status != PL_OK) {
            pl_pos pos = pl_yaml_pos(&yaml, yaml.root);
            pl_errors_add(errors, err.status, &pos, "%s", err.message);
        }
    }
    return errors->count == before ? PL_OK : PL_BAD_INPUT;
}
