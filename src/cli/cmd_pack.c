// SPDX-License-Identifier: Apache-2.0
//
// `plumb pack`: content for authors. new, list, lint, test, calibrate, schema; faults and kpis
// stand in cmd_pack_parts.c. As JSON `test` prints a line with the trials of causes and a line with
// the gates.
#include "base/check.h"
#include "cli/commands.h"
#include "cli/pack_calibrate.h"
#include "cli/pack_gates.h"
#include "cli/pack_new.h"
#include "cli/pack_trial.h"
#include "cli/view_gates.h"
#include "cli/world_file.h"
#include "cli/world_size.h"
#include "exam/constants_file.h"
#include "exam/content.h"
#include "exam/knowledge_file.h"
#include "judge/bank.h"
#include "judge/judge.h"
#include "model/model.h"
#include "model/parts.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/now.h"
#include "scenario/action.h"
#include "scenario/describe.h"
#include "scenario/setting_fields.h"
#include "scenario/world_fields.h"
#include "text/json_out.h"
#include "text/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 256, OUT_MAX = 1 << 20, SIZES_MAX = 8192 };

static char *out_memory(void)
{
    char *memory = malloc(OUT_MAX);
    if (memory == NULL) {
        fputs("plumb: There is not enough memory.\n", stderr);
    }
    return memory;
}

/* ---- list ----------------------------------------------------------------------------------- */

static void list_json(struct pl_json_out *out, const struct pl_scenario *scenario, const char *hash)
{
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "name", scenario->name);
    pl_json_out_member_string(out, "title", scenario->title);
    pl_json_out_member_string(out, "summary", scenario->summary);
    pl_json_out_member_string(out, "severity", scenario->severity);
    pl_json_out_member_integer(out, "difficulty", scenario->difficulty);
    pl_json_out_member_integer(out, "causes", scenario->cause_count);
    pl_json_out_member_string(out, "content_hash", hash);
    pl_json_out_object_end(out);
}

static int list_names(const char *directory, char **names, uint32_t count, bool json)
{
    char *memory = out_memory();
    if (memory == NULL) {
        return PL_EXIT_ENVIRONMENT;
    }
    struct pl_buf buf;
    struct pl_json_out out;
    int code = PL_EXIT_OK;
    pl_buf_init(&buf, memory, OUT_MAX);
    pl_json_out_begin(&out, &buf);
    pl_json_out_array_begin(&out);
    for (uint32_t i = 0; i < count; i++) {
        struct pl_content content;
        struct pl_errors errors = {0};
        if (pl_content_load(directory, names[i], &content, &errors) != PL_OK) {
            code = pl_content_report(&errors);
            continue;
        }
        const struct pl_scenario *scenario = content.scenario;
        if (json) {
            list_json(&out, scenario, content.hash);
        } else {
            printf("%s\n  %s (%s, difficulty %u of 5, %u causes)\n  %s\n",
                   scenario->name,
                   scenario->title,
                   scenario->severity,
                   scenario->difficulty,
                   scenario->cause_count,
                   scenario->summary);
        }
        pl_content_free(&content);
    }
    pl_json_out_array_end(&out);
    pl_json_out_end(&out);
    if (json) {
        puts(memory);
    }
    free(memory);
    return code;
}

static int pack_list(const char *directory, const struct pl_args *args)
{
    char *names[LIST_MAX];
    uint32_t count = 0;
    pl_error err = {0};
    if (pl_content_names(directory, names, LIST_MAX, &count, &err) != PL_OK) {
        return pl_command_error(&err);
    }
    int code = list_names(directory, names, count, pl_args_has(args, "--json"));
    for (uint32_t i = 0; i < count; i++) {
        free(names[i]);
    }
    return code;
}

/* ---- lint ----------------------------------------------------------------------------------- */

/* Size of the state; false when it is too large for a shipped world. */
static bool print_size(const struct pl_world *world, bool all)
{
    char memory[SIZES_MAX];
    struct pl_buf out;
    bool fits = pl_world_size_fits(world);
    pl_buf_init(&out, memory, sizeof memory);
    if (!fits) {
        pl_world_size_complaint(world, &out);
    } else {
        pl_world_size_line(world, &out);
        if (all) {
            pl_world_size_list(world, &out);
        }
    }
    PL_CHECK(!out.overflow);
    fputs(memory, stdout);
    return fits;
}

static bool print_world(const struct pl_world *world, bool sizes)
{
    printf("world %s: %u services, %u routes, %u steps, %u params, %u pods of at most %u, slice "
           "1/%u\n",
           world->name,
           world->service_count,
           world->route_count,
           world->step_count,
           world->param_count,
           pl_model_pod_count(world),
           (uint32_t)PL_PODS_MAX,
           world->slice_of);
    return print_size(world, sizes);
}

/* A scenario's file or folder, or the name of a scenario; all else is a world's file. */
static bool is_scenario(const char *directory, const char *path)
{
    size_t size = strlen(path);
    static const char file[] = "scenario.yaml";
    size_t tail = sizeof file - 1;
    if (size >= tail && strcmp(path + size - tail, file) == 0) {
        return true;
    }
    char inside[PL_FILE_PATH_MAX];
    struct pl_buf buf;
    pl_buf_init(&buf, inside, sizeof inside);
    pl_buf_printf(&buf, "%s/%s", path, file);
    if (pl_file_exists(inside)) {
        return true;
    }
    pl_buf_clear(&buf);
    pl_buf_printf(&buf, "%s/scenarios/%s/%s", directory, path, file);
    return !pl_file_exists(path) && pl_file_exists(inside);
}

static int lint_scenario(const char *directory, const char *path, bool sizes)
{
    struct pl_content content;
    struct pl_errors errors = {0};
    if (pl_content_load(directory, path, &content, &errors) != PL_OK) {
        return pl_content_report(&errors);
    }
    const struct pl_scenario *scenario = content.scenario;
    printf("scenario %s: %u causes, %u red herrings, %u actions, %u people, %u alert rules, %u "
           "runbook pages; no mistake found\n",
           scenario->name,
           scenario->cause_count,
           scenario->red_herring_count,
           scenario->setting.action_count,
           scenario->setting.person_count,
           scenario->setting.alert_count,
           scenario->setting.page_count);
    int code = print_world(content.world, sizes) ? PL_EXIT_OK : PL_EXIT_FAILED;
    pl_content_free(&content);
    return code;
}

static int lint_world(const char *path, bool sizes)
{
    struct pl_world_file file;
    struct pl_errors errors = {0};
    int code = PL_EXIT_OK;
    if (pl_world_file_load(path, &file, &errors) != PL_OK) {
        code = pl_content_report(&errors);
    } else {
        bool fits = print_world(file.world, sizes);
        printf("  %s\n", fits ? "no mistake found" : "no other mistake found");
        code = fits ? PL_EXIT_OK : PL_EXIT_FAILED;
    }
    pl_world_file_free(&file);
    return code;
}

/** Listing of all worlds below one folder. */
struct sizes {
    char folder[PL_FILE_PATH_MAX];
    int code;
};

static pl_status print_world_size(void *context, const char *name, pl_error *err)
{
    struct sizes *sizes = context;
    char path[PL_FILE_PATH_MAX];
    struct pl_buf buf;
    struct pl_world_file file;
    struct pl_errors errors = {0};
    (void)err;
    pl_buf_init(&buf, path, sizeof path);
    pl_buf_printf(&buf, "%s/%s", sizes->folder, name);
    if (pl_world_file_load(path, &file, &errors) != PL_OK) {
        sizes->code = pl_content_report(&errors);
    } else {
        struct pl_model_part parts[PL_MODEL_PARTS_MAX];
        bool fits = pl_world_size_fits(file.world);
        (void)pl_model_parts(file.world, parts);
        printf("%6zu KiB  %-24s %s %.0f KiB%s\n",
               pl_model_size(file.world) / 1024,
               file.world->name,
               parts[0].name,
               (double)parts[0].size / 1024.0,
               fits ? "" : "; TOO LARGE, at most 1024 KiB");
        sizes->code = fits ? sizes->code : PL_EXIT_FAILED;
    }
    pl_world_file_free(&file);
    return PL_OK;
}

/* Every world of the content, with its largest part. */
static int lint_sizes(const char *directory)
{
    static const char *const folders[] = {"worlds", "worlds/examples"};
    struct sizes sizes = {.code = PL_EXIT_OK};
    for (uint32_t i = 0; i < 2; i++) {
        pl_error err = {0};
        struct pl_buf buf;
        pl_buf_init(&buf, sizes.folder, sizeof sizes.folder);
        pl_buf_printf(&buf, "%s/%s", directory, folders[i]);
        pl_status status = pl_directory_list(sizes.folder, ".yaml", print_world_size, &sizes, &err);
        if (status != PL_OK && !(i > 0 && status == PL_NOT_FOUND)) {
            return pl_command_error(&err);
        }
    }
    return sizes.code;
}

/* ---- test ----------------------------------------------------------------------------------- */

static void json_moments(struct pl_json_out *out, const char *key, const struct pl_moments *moments)
{
    pl_json_out_key(out, key);
    pl_json_out_object_begin(out);
    pl_json_out_member_number(out, "mean", moments->mean);
    pl_json_out_member_number(out, "standard_error", pl_moments_standard_error(moments));
    pl_json_out_member_integer(out, "count", (int64_t)moments->count);
    pl_json_out_object_end(out);
}

static void action_text(const struct pl_scenario *scenario, uint32_t call, char *text, size_t size)
{
    struct pl_buf buf;
    pl_buf_init(&buf, text, size);
    pl_action_format(scenario, &scenario->setting.calls[call], &buf);
}

static void json_trial(struct pl_json_out *out,
                       const struct pl_scenario *scenario,
                       const struct pl_trial *trial)
{
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "cause", scenario->causes[trial->cause].name);
    pl_json_out_member_integer(out, "seeds", trial->seeds);
    pl_json_out_member_integer(out, "fired", trial->fired);
    pl_json_out_member_integer(out, "overflowed", trial->overflowed);
    pl_json_out_member_bool(out, "good", pl_trial_good(trial));
    json_moments(out, "fired_s", &trial->fired_s);
    json_moments(out, "damage_before", &trial->before);
    json_moments(out, "damage", &trial->none);
    pl_json_out_key(out, "actions");
    pl_json_out_array_begin(out);
    for (uint32_t i = 0; i < trial->action_count; i++) {
        const struct pl_trial_action *action = &trial->actions[i];
        char text[PL_LABEL_MAX * 3];
        action_text(scenario, action->call, text, sizeof text);
        pl_json_out_object_begin(out);
        pl_json_out_member_string(out, "action", text);
        pl_json_out_member_string(out, "expected", action->helps != 0 ? "helps" : "harms");
        pl_json_out_member_bool(out, "good", action->good != 0);
        json_moments(out, "damage", &action->damage);
        json_moments(out, "difference", &action->difference);
        pl_json_out_object_end(out);
    }
    pl_json_out_array_end(out);
    pl_json_out_object_end(out);
}

static void print_head(const struct pl_scenario *scenario, uint32_t seeds, double horizon_s)
{
    printf("%s: %u forms per cause, damage in weighted requests of the fleet from the opening to "
           "%.0f min after it;\nactions are done %.0f s after the opening; +- is one standard "
           "error\n\n",
           scenario->name,
           seeds,
           horizon_s / 60.0,
           scenario->test_act_s);
    printf("%-20s %-42s %-6s %18s %19s  %s\n",
           "cause",
           "action",
           "should",
           "damage",
           "against none",
           "verdict");
}

static void print_trial(const struct pl_scenario *scenario, const struct pl_trial *trial)
{
    char text[PL_LABEL_MAX * 3];
    bool opens = trial->fired * 5 >= trial->seeds * 4;
    (void)snprintf(text,
                   sizeof text,
                   "none; pages in %u of %u at %+.0f s",
                   trial->fired,
                   trial->seeds,
                   trial->fired_s.mean);
    printf("%-20s %-42s %-6s %10.0f +- %4.0f %19s  %s\n",
           scenario->causes[trial->cause].name,
           text,
           "page",
           trial->none.mean,
           pl_moments_standard_error(&trial->none),
           "",
           trial->overflowed > 0 ? "OVERFLOW"
           : opens               ? "ok"
                                 : "FAILED");
    for (uint32_t i = 0; i < trial->action_count; i++) {
        const struct pl_trial_action *action = &trial->actions[i];
        double share =
            trial->none.mean > 0.0 ? 100.0 * action->difference.mean / trial->none.mean : 0.0;
        double error =
            trial->none.mean > 0.0
                ? 100.0 * pl_moments_standard_error(&action->difference) / trial->none.mean
                : 0.0;
        action_text(scenario, action->call, text, sizeof text);
        printf("%-20s %-42s %-6s %10.0f +- %4.0f %+9.1f %% +- %4.1f  %s\n",
               "",
               text,
               action->helps != 0 ? "help" : "harm",
               action->damage.mean,
               pl_moments_standard_error(&action->damage),
               share,
               error,
               action->good != 0 ? "ok" : "FAILED");
    }
    fflush(stdout);
}

static uint32_t find_cause(const struct pl_scenario *scenario, const char *name, pl_error *err)
{
    const char *names[PL_CAUSES_MAX];
    for (uint32_t i = 0; i < scenario->cause_count; i++) {
        names[i] = scenario->causes[i].name;
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    const char *near = pl_suggest_name(pl_slice_of(name), names, scenario->cause_count);
    (void)pl_fail(err,
                  PL_NOT_FOUND,
                  NULL,
                  "There is no cause `%.60s`%s%s%s.",
                  name,
                  near != NULL ? " (did you mean `" : "",
                  near != NULL ? near : "",
                  near != NULL ? "`?)" : "");
    return PL_NONE;
}

/** What `pack test` was asked. */
struct test_request {
    uint64_t seeds;
    uint64_t minutes;
    uint64_t worlds; /* per cause, of the gates */
    uint32_t cause;  /* or PL_NONE */
    bool json;
    bool markdown;
    bool quick;
    bool looks;
};

/* ---- gates ---------------------------------------------------------------------------------- */

enum { GATE_WORLDS = 16, GATE_WORLDS_QUICK = 8 };

static void tell_progress(const char *sentence)
{
    fprintf(stderr, "  %s ...\n", sentence);
}

static int print_gates(const struct pl_scenario *scenario,
                       const struct pl_gates *gates,
                       const struct pl_gates_looks *looks,
                       const struct test_request *request)
{
    char *memory = out_memory();
    struct pl_buf buf;
    struct pl_json_out json;
    if (memory == NULL) {
        return PL_EXIT_ENVIRONMENT;
    }
    pl_buf_init(&buf, memory, OUT_MAX);
    if (request->json) {
        pl_json_out_begin(&json, &buf);
        pl_view_gates_json(gates, &json);
        pl_json_out_end(&json);
        pl_buf_puts(&buf, "\n");
    } else if (request->markdown) {
        pl_view_gates_markdown(scenario->name, gates, &buf);
    } else {
        pl_view_gates(gates, &buf);
        pl_buf_printf(&buf, "%.0f s of processor time\n", (double)pl_now_cpu_ns() / 1e9);
    }
    if (looks != NULL && request->json) {
        pl_json_out_begin(&json, &buf);
        pl_view_gates_looks_json(scenario, looks, &json);
        pl_json_out_end(&json);
        pl_buf_puts(&buf, "\n");
    } else if (looks != NULL) {
        pl_view_gates_looks(scenario, looks, &buf);
    }
    PL_CHECK(!buf.overflow);
    fputs(memory, stdout);
    free(memory);
    return pl_view_gates_met(gates) ? PL_EXIT_OK : PL_EXIT_FAILED;
}

static int test_gates(const char *directory,
                      const struct pl_content *content,
                      const struct test_request *request)
{
    pl_error err = {0};
    struct pl_knowledge *knowledge = NULL;
    struct pl_gates gates;
    pl_status status = pl_knowledge_file_load(directory, content, &knowledge, &err);
    pl_command_warn_stale(knowledge, content);
    struct pl_gates_plan plan = {.content = content,
                                 .directory = directory,
                                 .knowledge = knowledge,
                                 .particles = (uint32_t)request->worlds,
                                 .sessions = request->quick ? 160 : 4000,
                                 .forms = request->quick ? 5 : 15};
    struct pl_gates_looks *looks = request->looks ? calloc(1, sizeof *looks) : NULL;
    if (status == PL_OK && request->looks && looks == NULL) {
        status = pl_fail(&err, PL_NO_MEMORY, NULL, "There is not enough memory for the looks.");
    }
    if (status == PL_OK) {
        status = pl_pack_gates_run(&plan, tell_progress, &gates, looks, &err);
    }
    int code = status == PL_OK ? print_gates(content->scenario, &gates, looks, request)
                               : pl_command_error(&err);
    free(looks);
    free(knowledge);
    return code;
}

static int test_causes(const struct pl_content *content, const struct test_request *request)
{
    const struct pl_scenario *scenario = content->scenario;
    char *memory = out_memory();
    if (memory == NULL) {
        return PL_EXIT_ENVIRONMENT;
    }
    struct pl_buf buf;
    struct pl_json_out out;
    pl_buf_init(&buf, memory, OUT_MAX);
    pl_json_out_begin(&out, &buf);
    pl_json_out_array_begin(&out);
    int code = PL_EXIT_OK;
    double horizon_s = (double)request->minutes * 60.0;
    if (!request->json) {
        print_head(scenario, (uint32_t)request->seeds, horizon_s);
    }
    for (uint32_t i = 0; i < scenario->cause_count; i++) {
        if (request->cause != PL_NONE && request->cause != i) {
            continue;
        }
        struct pl_trial_plan plan = {.world = content->world,
                                     .scenario = scenario,
                                     .cause = i,
                                     .seeds = (uint32_t)request->seeds,
                                     .horizon_s = horizon_s};
        struct pl_trial trial;
        pl_error err = {0};
        if (pl_trial_run(&plan, &trial, &err) != PL_OK) {
            code = pl_command_error(&err);
            break;
        }
        if (request->json) {
            json_trial(&out, scenario, &trial);
        } else {
            print_trial(scenario, &trial);
        }
        code = pl_trial_good(&trial) ? code : PL_EXIT_FAILED;
    }
    pl_json_out_array_end(&out);
    pl_json_out_end(&out);
    if (request->json) {
        puts(memory);
    }
    free(memory);
    return code;
}

/* Options that ask for the gates alone, and others that leave them out, contradict each other. */
static pl_status refuse_nothing(const struct pl_args *args, pl_error *err)
{
    static const char *const alone[] = {"--gates", "--looks", "--markdown"};
    static const char *const without[] = {"--cause", "--causes-only"};
    for (size_t i = 0; i < sizeof alone / sizeof alone[0]; i++) {
        for (size_t k = 0; k < sizeof without / sizeof without[0]; k++) {
            if (pl_args_has(args, alone[i]) && pl_args_has(args, without[k])) {
                return pl_fail(err,
                               PL_BAD_INPUT,
                               NULL,
                               "`%s` measures the gates alone and `%s` leaves them out; only one "
                               "of the two can be given.",
                               alone[i],
                               without[k]);
            }
        }
    }
    return PL_OK;
}

static int pack_test(const char *directory, const char *name, const struct pl_args *args)
{
    struct pl_content content;
    struct pl_errors errors = {0};
    if (pl_content_load(directory, name, &content, &errors) != PL_OK) {
        return pl_content_report(&errors);
    }
    pl_error err = {0};
    struct test_request request = {
        .seeds = 5,
        .minutes = (uint64_t)(content.scenario->horizon_s / 60.0),
        .cause = PL_NONE,
        .json = pl_args_has(args, "--json"),
        .markdown = pl_args_has(args, "--markdown"),
        .quick = pl_args_has(args, "--quick"),
        .looks = pl_args_has(args, "--looks"),
    };
    request.worlds = request.quick ? GATE_WORLDS_QUICK : GATE_WORLDS;
    uint64_t longest = request.minutes;
    const char *cause = pl_args_value(args, "--cause");
    if (cause != NULL) {
        request.cause = find_cause(content.scenario, cause, &err);
    }
    int code = PL_EXIT_BAD_INPUT;
    if (err.status != PL_OK || refuse_nothing(args, &err) != PL_OK ||
        pl_args_number(args, "--seeds", 2, 1000, &request.seeds, &err) != PL_OK ||
        pl_args_number(args, "--minutes", 5, longest, &request.minutes, &err) != PL_OK ||
        pl_args_number(args, "--k", 4, PL_JUDGE_PARTICLES_MAX, &request.worlds, &err) != PL_OK) {
        code = pl_command_error(&err);
    } else {
        bool only_gates = pl_args_has(args, "--gates") || request.markdown || request.looks;
        code = only_gates ? PL_EXIT_OK : test_causes(&content, &request);
        bool causes_only = pl_args_has(args, "--causes-only");
        if (cause == NULL && !causes_only && code != PL_EXIT_ENVIRONMENT) {
            int gates = test_gates(directory, &content, &request);
            code = gates > code ? gates : code;
        }
    }
    pl_content_free(&content);
    return code;
}

/* ---- calibrate ------------------------------------------------------------------------------ */

static void print_constants(const struct pl_scenario *scenario,
                            const struct pl_constants *constants,
                            const char *path)
{
    printf("%s: %u causes in %u remedy classes, %u options, %u moments; doing nothing costs %.0f "
           "weighted requests",
           scenario->name,
           constants->cause_count,
           constants->class_count,
           constants->trunk.options.count,
           constants->trunk.node_count,
           constants->d_noop);
    if (constants->d_ref.value > 0.0) {
        printf(", the reference planner %.0f +- %.0f", constants->d_ref.value, constants->d_ref.se);
    }
    printf(".\nWritten to %s; %.0f s of processor time.\n", path, (double)pl_now_cpu_ns() / 1e9);
}

static int pack_calibrate(const char *directory, const char *name, const struct pl_args *args)
{
    struct pl_content content = {0};
    struct pl_errors errors = {0};
    pl_error err = {0};
    char path[PL_FILE_PATH_MAX];
    uint64_t particles = 16;
    uint64_t seeds = 4;
    uint64_t step_s = 240;
    uint64_t forms = 24;
    struct pl_knowledge *knowledge = NULL;
    struct pl_constants *constants = calloc(1, sizeof *constants);
    if (constants == NULL) {
        return PL_EXIT_ENVIRONMENT;
    }
    if (pl_content_load(directory, name, &content, &errors) != PL_OK) {
        free(constants);
        return pl_content_report(&errors);
    }
    pl_status status = pl_args_number(args, "--k", 2, PL_BANK_PARTICLES_MAX, &particles, &err);
    status = status == PL_OK ? pl_args_number(args, "--seeds", 2, 32, &seeds, &err) : status;
    status = status == PL_OK ? pl_args_number(args, "--step", 75, 3600, &step_s, &err) : status;
    status = status == PL_OK ? pl_args_number(args, "--forms", 0, 1000, &forms, &err) : status;
    if (status == PL_OK) {
        status = pl_knowledge_file_load(directory, &content, &knowledge, &err);
        pl_command_warn_stale(knowledge, &content);
    }
    struct pl_calibrate_plan plan = {.content = &content,
                                     .knowledge = knowledge,
                                     .particles = (uint32_t)particles,
                                     .seeds = (uint32_t)seeds,
                                     .forms = (uint32_t)forms,
                                     .step_s = (double)step_s};
    if (status == PL_OK) {
        status = pl_calibrate_run(&plan, tell_progress, constants, &err);
    }
    if (status == PL_OK) {
        status = pl_constants_file_save(directory, &content, constants, path, &err);
    }
    if (status == PL_OK) {
        print_constants(content.scenario, constants, path);
    }
    free(knowledge);
    free(constants);
    pl_content_free(&content);
    return status == PL_OK ? PL_EXIT_OK : pl_command_error(&err);
}

/* ---- schema --------------------------------------------------------------------------------- */

static int print_params(const char *path, struct pl_buf *out)
{
    struct pl_world_file file;
    struct pl_errors errors = {0};
    int code = PL_EXIT_OK;
    if (pl_world_file_load(path, &file, &errors) != PL_OK) {
        code = pl_content_report(&errors);
    } else {
        pl_describe_params(file.world, out);
    }
    pl_world_file_free(&file);
    return code;
}

static int usage(const char *text)
{
    fprintf(stderr, "plumb: %s\n", text);
    return PL_EXIT_BAD_INPUT;
}

static int pack_schema(const char *what, const char *path)
{
    char *memory = out_memory();
    if (memory == NULL) {
        return PL_EXIT_ENVIRONMENT;
    }
    struct pl_buf out;
    int code = PL_EXIT_OK;
    pl_buf_init(&out, memory, OUT_MAX);
    if (what != NULL && strcmp(what, "world") == 0) {
        pl_describe_schema(&pl_world_table, "Plumbline world", &out);
        pl_buf_puts(&out, "\n");
    } else if (what != NULL && strcmp(what, "scenario") == 0) {
        pl_describe_schema(&pl_scenario_table, "Plumbline scenario", &out);
        pl_buf_puts(&out, "\n");
    } else if (what != NULL && strcmp(what, "fault") == 0) {
        pl_describe_schema(&pl_fault_table, "Plumbline fault", &out);
        pl_buf_puts(&out, "\n");
    } else if (what != NULL && strcmp(what, "reference") == 0) {
        pl_describe_reference(&out);
    } else if (what != NULL && strcmp(what, "params") == 0 && path != NULL) {
        code = print_params(path, &out);
    } else {
        code = usage("`plumb pack schema` needs world, scenario, fault, reference, or params "
                     "WORLD.yaml.");
    }
    PL_CHECK(!out.overflow);
    fputs(memory, stdout);
    free(memory);
    return code;
}

/* ---- new ------------------------------------------------------------------------------------ */

static int pack_new(const char *directory, const struct pl_args *args)
{
    const char *kind = args->operand_count > 1 ? args->operands[1] : "";
    const char *name = args->operand_count > 2 ? args->operands[2] : NULL;
    const char *world = pl_args_value(args, "--world");
    pl_error err = {0};
    struct pl_errors errors = {0};
    if (name != NULL && strcmp(kind, "world") == 0) {
        if (pl_pack_new_world(directory, name, &err) != PL_OK) {
            return pl_command_error(&err);
        }
        printf(
            "Next: change it, `plumb pack lint %s/worlds/%s.yaml`, then `plumb pack new scenario "
            "MY-INCIDENT --world %s`.\n",
            directory,
            name,
            name);
        return PL_EXIT_OK;
    }
    if (name == NULL || strcmp(kind, "scenario") != 0 || world == NULL) {
        return usage("`plumb pack new` needs world NAME, or scenario NAME --world WORLD.");
    }
    if (pl_pack_new_scenario(directory, name, world, &errors) != PL_OK) {
        return pl_content_report(&errors);
    }
    printf(
        "Next: `plumb pack lint %s`, `plumb pack test %s --seeds 3 --minutes 15 --causes-only`.\n",
        name,
        name);
    return PL_EXIT_OK;
}

/* ---- The command ---------------------------------------------------------------------------- */

static int unknown_part(const char *what)
{
    static const char *const known[] = {
        "new", "list", "lint", "test", "calibrate", "faults", "kpis", "schema"};
    const char *near = pl_suggest_name(pl_slice_of(what), known, 8);
    fprintf(stderr,
            "plumb: `plumb pack %.40s` does not exist%s%s%s; new, list, lint, test, calibrate, "
            "faults, kpis and schema do.\n",
            what,
            near != NULL ? " (did you mean `" : "",
            near != NULL ? near : "",
            near != NULL ? "`?)" : "");
    return PL_EXIT_BAD_INPUT;
}

int pl_cmd_pack(int argc, char **argv)
{
    struct pl_args args;
    char directory[PL_FILE_PATH_MAX];
    pl_error err = {0};
    if (pl_command_parse(&args, argc, argv) != PL_OK) {
        return PL_EXIT_BAD_INPUT;
    }
    if (args.operand_count == 0) {
        return usage("`plumb pack` needs one of new, list, lint, test, calibrate, faults, kpis, "
                     "schema.");
    }
    const char *what = args.operands[0];
    const char *name = args.operand_count > 1 ? args.operands[1] : NULL;
    if (strcmp(what, "schema") == 0) {
        return pack_schema(name, args.operand_count > 2 ? args.operands[2] : NULL);
    }
    if (pl_content_directory(pl_args_value(&args, "--content"), directory, &err) != PL_OK) {
        return pl_command_error(&err);
    }
    if (strcmp(what, "list") == 0) {
        return pack_list(directory, &args);
    }
    if (strcmp(what, "new") == 0) {
        return pack_new(directory, &args);
    }
    if (strcmp(what, "faults") == 0) {
        return pl_cmd_pack_faults(directory, name, pl_args_has(&args, "--markdown"));
    }
    if (strcmp(what, "kpis") == 0) {
        return pl_cmd_pack_kpis(directory, name, &args);
    }
    if (strcmp(what, "lint") == 0) {
        bool sizes = pl_args_has(&args, "--sizes");
        if (name == NULL) {
            return sizes ? lint_sizes(directory)
                         : usage("`plumb pack lint` needs a world's or a scenario's file.");
        }
        return is_scenario(directory, name) ? lint_scenario(directory, name, sizes)
                                            : lint_world(name, sizes);
    }
    if (strcmp(what, "test") == 0) {
        return name != NULL ? pack_test(directory, name, &args)
                            : usage("`plumb pack test` needs a scenario.");
    }
    if (strcmp(what, "calibrate") == 0) {
        return name != NULL ? pack_calibrate(directory, name, &args)
                            : usage("`plumb pack calibrate` needs a scenario.");
    }
    return unknown_part(what);
}
