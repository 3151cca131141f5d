// SPDX-License-Identifier: Apache-2.0
//
// `plumb pack faults` and `plumb pack kpis`: what stands beside worlds and scenarios.
#include "cli/commands.h"
#include "cli/pack_kpis.h"
#include "cli/view_kpis.h"
#include "cli/world_file.h"
#include "exam/content.h"
#include "os/directory.h"
#include "os/file.h"
#include "scenario/fault_page.h"
#include "text/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUT_MAX = 1 << 20, KPI_SEEDS = 2 };

static char *out_memory(void)
{
    char *memory = malloc(OUT_MAX);
    if (memory == NULL) {
        fputs("plumb: There is not enough memory.\n", stderr);
    }
    return memory;
}

/** A name that was asked for among names that do not stay. */
struct sought {
    const char *name; /* NULL: all are meant */
    char nearest[PL_NAME_MAX];
    struct pl_suggest suggest;
    uint32_t found;
};

static void sought_begin(struct sought *sought, const char *name)
{
    memset(sought, 0, sizeof *sought);
    sought->name = name;
    pl_suggest_begin(&sought->suggest, pl_slice_of(name != NULL ? name : ""));
}

/* True when this one is meant. */
static bool is_sought(struct sought *sought, const char *name)
{
    if (sought->name == NULL || strcmp(sought->name, name) == 0) {
        sought->found++;
        return true;
    }
    pl_suggest_offer(&sought->suggest, pl_slice_of(name));
    if (sought->suggest.best.data == name) {
        (void)snprintf(sought->nearest, sizeof sought->nearest, "%s", name);
        sought->suggest.best.data = sought->nearest;
    }
    return false;
}

/* Exit code of a search; nothing found is told with the nearest name. */
static int tell_missing(const struct sought *sought, const char *what, const char *where)
{
    if (sought->found > 0 || sought->name == NULL) {
        return PL_EXIT_OK;
    }
    bool near = pl_suggest_best(&sought->suggest).data != NULL;
    fprintf(stderr,
            "plumb: There is no %s `%.60s`%s%s%s; `plumb pack %s` lists all.\n",
            what,
            sought->name,
            near ? " (did you mean `" : "",
            near ? sought->nearest : "",
            near ? "`?)" : "",
            where);
    return PL_EXIT_BAD_INPUT;
}

/* ---- faults --------------------------------------------------------------------------------- */

/** Which faults are shown, and how. */
struct shown {
    struct pl_buf *out;
    struct sought sought;
    bool markdown;
};

static void put_fault(void *context, const struct pl_fault *fault)
{
    struct shown *shown = context;
    if (!is_sought(&shown->sought, fault->name)) {
        return;
    }
    if (shown->markdown) {
        pl_fault_page(fault, shown->out);
    } else if (shown->sought.name != NULL) {
        pl_fault_sheet(fault, shown->out);
    } else {
        pl_fault_lines(fault, shown->out);
    }
}

int pl_cmd_pack_faults(const char *directory, const char *name, bool markdown)
{
    char *memory = out_memory();
    if (memory == NULL) {
        return PL_EXIT_ENVIRONMENT;
    }
    struct pl_buf out;
    struct pl_errors errors = {0};
    struct shown shown = {.out = &out, .markdown = markdown};
    sought_begin(&shown.sought, name);
    pl_buf_init(&out, memory, OUT_MAX);
    if (markdown && name == NULL) {
        pl_fault_page_head(&out);
    }
    pl_status status = pl_content_faults(directory, put_fault, &shown, &errors);
    fputs(memory, stdout);
    free(memory);
    return status == PL_OK ? tell_missing(&shown.sought, "fault", "faults")
                           : pl_content_report(&errors);
}

/* ---- kpis ----------------------------------------------------------------------------------- */

/** What `pack kpis` was asked, and where it stands. */
struct request {
    const char *directory;
    struct sought sought; /* world */
    uint64_t seeds;
    uint64_t minutes; /* 0: as the file says */
    bool json;
    bool markdown;
    int code;
};

static void print_kpis(const struct request *request,
                       const struct pl_kpi_plan *plan,
                       const struct pl_kpi_result *result)
{
    char *memory = out_memory();
    struct pl_buf out;
    if (memory == NULL) {
        return;
    }
    pl_buf_init(&out, memory, OUT_MAX);
    if (request->json) {
        struct pl_json_out json;
        pl_json_out_begin(&json, &out);
        pl_view_kpis_json(plan, result, &json);
        pl_json_out_end(&json);
        pl_buf_puts(&out, "\n");
    } else if (request->markdown) {
        pl_view_kpis_markdown(plan, result, &out);
    } else {
        pl_view_kpis(plan, result, &out);
    }
    fputs(memory, stdout);
    fflush(stdout);
    free(memory);
}

static int run_kpis(const struct request *request, const struct pl_kpis *kpis)
{
    char path[PL_FILE_PATH_MAX];
    struct pl_buf buf;
    struct pl_world_file file;
    struct pl_errors errors = {0};
    pl_error err = {0};
    pl_buf_init(&buf, path, sizeof path);
    pl_buf_printf(&buf, "%s/worlds/%s.yaml", request->directory, kpis->world);
    if (pl_world_file_load(path, &file, &errors) != PL_OK) {
        pl_world_file_free(&file);
        return pl_content_report(&errors);
    }
    double asked_s = (double)request->minutes * 60.0;
    struct pl_kpi_plan plan = {
        .kpis = kpis,
        .world = file.world,
        .setting = file.setting,
        .seeds = (uint32_t)request->seeds,
        .for_s = request->minutes > 0 && asked_s < kpis->for_s ? asked_s : kpis->for_s};
    struct pl_kpi_result result;
    int code = PL_EXIT_OK;
    if (pl_pack_kpis_run(&plan, &result, &err) != PL_OK) {
        code = pl_command_error(&err);
    } else {
        print_kpis(request, &plan, &result);
        code = pl_kpis_held(&result, kpis->count) ? PL_EXIT_OK : PL_EXIT_FAILED;
    }
    pl_world_file_free(&file);
    return code;
}

static int load_kpis(const struct request *request, const char *name)
{
    char path[PL_FILE_PATH_MAX];
    struct pl_buf buf;
    pl_error err = {0};
    struct pl_errors errors = {0};
    pl_slice text = {0};
    pl_buf_init(&buf, path, sizeof path);
    pl_buf_printf(&buf, "%s/kpis/%s", request->directory, name);
    if (pl_file_load(path, PL_CONTENT_MAX, &text, &err) != PL_OK) {
        return pl_command_error(&err);
    }
    struct pl_kpis *kpis = calloc(1, sizeof *kpis);
    void *memory = malloc(PL_LOAD_SCRATCH);
    int code = PL_EXIT_ENVIRONMENT;
    if (kpis != NULL && memory != NULL) {
        struct pl_file file = {.path = path, .text = text};
        code = pl_kpis_load(&file, kpis, memory, &errors) == PL_OK ? run_kpis(request, kpis)
                                                                   : pl_content_report(&errors);
    }
    union {
        const char *view;
        char *memory;
    } owned = {.view = text.data};
    free(owned.memory);
    free(kpis);
    free(memory);
    return code;
}

static pl_status visit_kpis(void *context, const char *name, pl_error *err)
{
    struct request *request = context;
    (void)err;
    char world[PL_NAME_MAX];
    (void)snprintf(world, sizeof world, "%.*s", (int)(strlen(name) - strlen(".yaml")), name);
    if (is_sought(&request->sought, world)) {
        int code = load_kpis(request, name);
        request->code = code > request->code ? code : request->code;
    }
    return PL_OK;
}

int pl_cmd_pack_kpis(const char *directory, const char *name, const struct pl_args *args)
{
    char folder[PL_FILE_PATH_MAX];
    struct pl_buf buf;
    pl_error err = {0};
    struct request request = {.directory = directory,
                              .seeds = KPI_SEEDS,
                              .json = pl_args_has(args, "--json"),
                              .markdown = pl_args_has(args, "--markdown")};
    if (pl_args_number(args, "--seeds", 1, 100, &request.seeds, &err) != PL_OK ||
        pl_args_number(args, "--minutes", 5, 180, &request.minutes, &err) != PL_OK) {
        return pl_command_error(&err);
    }
    sought_begin(&request.sought, name);
    pl_buf_init(&buf, folder, sizeof folder);
    pl_buf_printf(&buf, "%s/kpis", directory);
    if (pl_directory_list(folder, ".yaml", visit_kpis, &request, &err) != PL_OK) {
        return pl_command_error(&err);
    }
    int code = tell_missing(&request.sought, "world with normal numbers", "kpis");
    return code > request.code ? code : request.code;
}
