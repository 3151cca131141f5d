// SPDX-License-Identifier: Apache-2.0
#include "exam/content.h"

#include "base/check.h"
#include "os/directory.h"
#include "os/file.h"
#include "text/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 256 };

/* The fault library, all owned. */
struct faults {
    uint32_t count;
    struct pl_file files[PL_FAULT_FILES_MAX];
    char *paths[PL_FAULT_FILES_MAX];
};

/* Files that belong to one scenario, all owned. */
struct files {
    char scenario_path[PL_FILE_PATH_MAX];
    char world_path[PL_FILE_PATH_MAX];
    struct pl_file scenario;
    struct pl_file world;
    uint32_t page_count;
    struct pl_file pages[PL_PAGES_MAX];
    char *page_paths[PL_PAGES_MAX];
    struct faults faults;
};

static bool join(char *path, const char *format, const char *a, const char *b)
{
    struct pl_buf buf;
    pl_buf_init(&buf, path, PL_FILE_PATH_MAX);
    for (; *format != '\0'; format++) {
        if (*format == '1') {
            pl_buf_puts(&buf, a);
        } else if (*format == '2') {
            pl_buf_puts(&buf, b);
        } else {
            pl_buf_put(&buf, format, 1);
        }
    }
    return !buf.overflow;
}

static bool holds_content(const char *directory)
{
    char path[PL_FILE_PATH_MAX];
    return join(path, "1/2", directory, "worlds") && pl_file_exists(path);
}

pl_status pl_content_directory(const char *option, char *path, pl_error *err)
{
    PL_CHECK(path != NULL);
    const char *environment = getenv("PLUMB_CONTENT");
    const char *given = option != NULL ? option : environment;
    if (given != NULL && given[0] != '\0') {
        if (!join(path, "1", given, "") || !holds_content(path)) {
            return pl_fail(err,
                           PL_NOT_FOUND,
                           NULL,
                           "`%.200s` holds no content: it has no folder `worlds`.",
                           given);
        }
        return PL_OK;
    }
    static const char *const places[] = {PL_CONTENT_DIR, PL_CONTENT_INSTALLED, NULL};
    for (size_t i = 0; places[i] != NULL; i++) {
        if (join(path, "1", places[i], "") && holds_content(path)) {
            return PL_OK;
        }
    }
    return pl_fail(err,
                   PL_NOT_FOUND,
                   NULL,
                   "No content was found in %s or %s; --content names its directory.",
                   PL_CONTENT_DIR,
                   PL_CONTENT_INSTALLED);
}

static void fail_list(struct pl_errors *errors, const pl_error *err)
{
    pl_errors_add(errors, err->status, &err->pos, "%s", err->message);
}

static pl_status load_file(const char *path, struct pl_file *file, struct pl_errors *errors)
{
    pl_error err = {0};
    pl_status status = pl_file_load(path, PL_CONTENT_MAX, &file->text, &err);
    file->path = path;
    if (status != PL_OK) {
        fail_list(errors, &err);
    }
    return status;
}

struct page_visit {
    struct files *files;
    const char *directory;
};

static pl_status add_page(void *context, const char *name, pl_error *err)
{
    struct page_visit *visit = context;
    struct files *files = visit->files;
    if (files->page_count == PL_PAGES_MAX) {
        return pl_fail(err, PL_LIMIT, NULL, "A runbook has at most %d pages.", PL_PAGES_MAX);
    }
    char path[PL_FILE_PATH_MAX];
    if (!join(path, "1/2", visit->directory, name)) {
        return pl_fail(err, PL_LIMIT, NULL, "The path of page `%.60s` is too long.", name);
    }
    struct pl_file *page = &files->pages[files->page_count];
    pl_status status = pl_file_load(path, PL_CONTENT_MAX, &page->text, err);
    if (status != PL_OK) {
        return status;
    }
    char *kept = strdup(path);
    if (kept == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
    }
    page->path = kept;
    files->page_paths[files->page_count++] = kept;
    return PL_OK;
}

static pl_status load_pages(struct files *files, const char *folder, struct pl_errors *errors)
{
    char directory[PL_FILE_PATH_MAX];
    pl_error err = {0};
    if (!join(directory, "1/runbook", folder, "") || !pl_file_exists(directory)) {
        return PL_OK;
    }
    struct page_visit visit = {files, directory};
    pl_status status = pl_directory_list(directory, ".md", add_page, &visit, &err);
    if (status != PL_OK) {
        fail_list(errors, &err);
    }
    return status;
}

/* ---- The fault library ---------------------------------------------------------------------- */

struct fault_visit {
    struct faults *faults;
    const char *directory;
};

static pl_status add_fault(void *context, const char *name, pl_error *err)
{
    struct fault_visit *visit = context;
    struct faults *faults = visit->faults;
    char path[PL_FILE_PATH_MAX];
    if (faults->count == PL_FAULT_FILES_MAX || !join(path, "1/faults/2", visit->directory, name)) {
        return pl_fail(err,
                       PL_LIMIT,
                       NULL,
                       "At most %d faults with short names are allowed.",
                       PL_FAULT_FILES_MAX);
    }
    struct pl_file *file = &faults->files[faults->count];
    pl_status status = pl_file_load(path, PL_CONTENT_MAX, &file->text, err);
    if (status != PL_OK) {
        return status;
    }
    char *kept = strdup(path);
    file->path = kept;
    faults->paths[faults->count++] = kept;
    return kept != NULL ? PL_OK : pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
}

static pl_status load_faults(const char *directory, struct faults *faults, struct pl_errors *errors)
{
    char folder[PL_FILE_PATH_MAX];
    pl_error err = {0};
    if (!join(folder, "1/faults", directory, "") || !pl_file_exists(folder)) {
        return PL_OK;
    }
    struct fault_visit visit = {faults, directory};
    pl_status status = pl_directory_list(folder, ".yaml", add_fault, &visit, &err);
    if (status != PL_OK) {
        fail_list(errors, &err);
    }
    return status;
}

/* The slices are borrowed views of memory that pl_file_load gave away. */
static void free_text(pl_slice slice)
{
    union {
        const char *view;
        char *memory;
    } text;
    text.view = slice.data;
    free(text.memory);
}

static void free_faults(struct faults *faults)
{
    for (uint32_t i = 0; i < PL_FAULT_FILES_MAX; i++) {
        free_text(faults->files[i].text);
        free(faults->paths[i]);
    }
}

pl_status pl_content_faults(const char *directory,
                            pl_content_fault_fn visit,
                            void *context,
                            struct pl_errors *errors)
{
    PL_CHECK(directory != NULL && visit != NULL && errors != NULL);
    struct faults *faults = calloc(1, sizeof *faults);
    struct pl_fault *fault = calloc(1, sizeof *fault);
    void *memory = malloc(PL_FAULT_SCRATCH);
    pl_status status = PL_NO_MEMORY;
    if (faults == NULL || fault == NULL || memory == NULL) {
        pl_errors_add(errors, PL_NO_MEMORY, NULL, "There is not enough memory for the faults.");
        goto out;
    }
    status = load_faults(directory, faults, errors);
    for (uint32_t i = 0; i < faults->count; i++) {
        pl_status one = pl_fault_load(&faults->files[i], fault, memory, errors);
        if (one == PL_OK) {
            visit(context, fault);
        }
        status = status == PL_OK ? one : status;
    }
out:
    if (faults != NULL) {
        free_faults(faults);
    }
    free(faults);
    free(fault);
    free(memory);
    return status;
}

/* ---- Files of one scenario ------------------------------------------------------------------ */

static void free_files(struct files *files)
{
    free_text(files->scenario.text);
    free_text(files->world.text);
    for (uint32_t i = 0; i < PL_PAGES_MAX; i++) {
        free_text(files->pages[i].text);
        free(files->page_paths[i]);
    }
    free_faults(&files->faults);
}

static pl_status unknown_scenario(const char *directory, const char *name, struct pl_errors *errors)
{
    char *names[NAMES_MAX];
    uint32_t count = 0;
    pl_error err = {0};
    if (pl_content_names(directory, names, NAMES_MAX, &count, &err) != PL_OK) {
        fail_list(errors, &err);
        return err.status;
    }
    const char *known[NAMES_MAX];
    for (uint32_t i = 0; i < count; i++) {
        known[i] = names[i];
    }
    const char *near = pl_suggest_name(pl_slice_of(name), known, count);
    pl_errors_add(errors,
                  PL_NOT_FOUND,
                  NULL,
                  "There is no scenario `%.80s`%s%s%s; `plumb pack list` shows all.",
                  name,
                  near != NULL ? " (did you mean `" : "",
                  near != NULL ? near : "",
                  near != NULL ? "`?)" : "");
    for (uint32_t i = 0; i < count; i++) {
        free(names[i]);
    }
    return PL_NOT_FOUND;
}

/* A name becomes DIRECTORY/scenarios/NAME; a path stands for itself or for its folder. */
static bool find_folder(const char *directory, const char *name, char *folder)
{
    char file[PL_FILE_PATH_MAX];
    size_t size = strlen(name);
    if (size > 5 && strcmp(name + size - 5, ".yaml") == 0 && pl_file_exists(name)) {
        const char *slash = strrchr(name, '/');
        pl_slice parent = {slash != NULL ? name : ".", slash != NULL ? (size_t)(slash - name) : 1};
        struct pl_buf buf;
        pl_buf_init(&buf, folder, PL_FILE_PATH_MAX);
        pl_buf_put(&buf, parent.data, parent.size);
        return !buf.overflow;
    }
    if (strchr(name, '/') == NULL && join(folder, "1/scenarios/2", directory, name) &&
        join(file, "1/scenario.yaml", folder, "") && pl_file_exists(file)) {
        return true;
    }
    return join(folder, "1", name, "") && join(file, "1/scenario.yaml", folder, "") &&
           pl_file_exists(file);
}

static pl_status load_files(const char *directory,
                            const char *name,
                            struct files *files,
                            void *scratch,
                            struct pl_errors *errors)
{
    char folder[PL_FILE_PATH_MAX];
    char world[PL_NAME_MAX];
    if (!find_folder(directory, name, folder)) {
        return unknown_scenario(directory, name, errors);
    }
    size_t size = strlen(name);
    bool is_file = size > 5 && strcmp(name + size - 5, ".yaml") == 0;
    (void)join(files->scenario_path, is_file ? "2" : "1/scenario.yaml", folder, name);
    pl_status status = load_file(files->scenario_path, &files->scenario, errors);
    if (status != PL_OK) {
        return status;
    }
    status = pl_scenario_world_name(&files->scenario, world, scratch, errors);
    if (status != PL_OK) {
        return status;
    }
    if (!join(files->world_path, "1/worlds/2.yaml", directory, world)) {
        pl_errors_add(errors, PL_LIMIT, NULL, "The path of world `%s` is too long.", world);
        return PL_LIMIT;
    }
    if (!pl_file_exists(files->world_path)) {
        pl_pos pos = {.line = 0};
        struct pl_buf path;
        pl_buf_init(&path, pos.path, sizeof pos.path);
        pl_buf_puts(&path, files->scenario_path);
        pl_errors_add(errors,
                      PL_NOT_FOUND,
                      &pos,
                      "The scenario plays in the world `%s`, and there is no worlds/%s.yaml.",
                      world,
                      world);
        return PL_NOT_FOUND;
    }
    status = load_file(files->world_path, &files->world, errors);
    if (status == PL_OK) {
        status = load_pages(files, folder, errors);
    }
    return status == PL_OK ? load_faults(directory, &files->faults, errors) : status;
}

static pl_hash128 hash_file(const struct pl_file *file, pl_hash128 hash)
{
    const char *slash = strrchr(file->path, '/');
    const char *name = slash != NULL ? slash + 1 : file->path;
    hash = pl_hash_bytes(name, strlen(name), hash.low ^ hash.high);
    return pl_hash_bytes(file->text.data, file->text.size, hash.low ^ hash.high);
}

/* Hash of names and bytes of all files that the scenario is made of, in a fixed order. */
static void hash_files(const struct files *files, uint64_t faults_used, char *text)
{
    pl_hash128 hash = pl_hash_bytes(files->scenario.text.data, files->scenario.text.size, 1);
    hash = pl_hash_bytes(files->world.text.data, files->world.text.size, hash.low ^ hash.high);
    for (uint32_t i = 0; i < files->page_count; i++) {
        hash = hash_file(&files->pages[i], hash);
    }
    for (uint32_t i = 0; i < files->faults.count; i++) {
        if ((faults_used >> i & 1) != 0) {
            hash = hash_file(&files->faults.files[i], hash);
        }
    }
    pl_hash_format(hash, text);
}

static pl_status read_scenario(const struct files *files,
                               struct pl_content *content,
                               void *scratch,
                               struct pl_errors *errors)
{
    struct pl_scenario_files parts = {
        .scenario = files->scenario,
        .world = files->world,
        .pages = files->pages,
        .faults = files->faults.files,
        .page_count = files->page_count,
        .fault_count = files->faults.count,
    };
    pl_status status = pl_scenario_load(&parts, content->world, content->scenario, scratch, errors);
    hash_files(files, parts.faults_used, content->hash);
    return status;
}

pl_status pl_content_load(const char *directory,
                          const char *name,
                          struct pl_content *content,
                          struct pl_errors *errors)
{
    PL_CHECK(directory != NULL && name != NULL);
    PL_CHECK(content != NULL && errors != NULL);
    memset(content, 0, sizeof *content);
    struct files *files = calloc(1, sizeof *files);
    void *scratch = malloc(PL_LOAD_SCRATCH);
    content->world = calloc(1, sizeof *content->world);
    content->scenario = calloc(1, sizeof *content->scenario);
    pl_status status = PL_NO_MEMORY;
    if (files == NULL || scratch == NULL || content->world == NULL || content->scenario == NULL) {
        pl_errors_add(errors, PL_NO_MEMORY, NULL, "There is not enough memory for the content.");
        goto out;
    }
    status = load_files(directory, name, files, scratch, errors);
    if (status != PL_OK) {
        goto out;
    }
    status = read_scenario(files, content, scratch, errors);
out:
    if (files != NULL) {
        free_files(files);
    }
    free(files);
    free(scratch);
    if (status != PL_OK) {
        pl_content_free(content);
    }
    return status;
}

void pl_content_free(struct pl_content *content)
{
    PL_CHECK(content != NULL);
    free(content->world);
    free(content->scenario);
    memset(content, 0, sizeof *content);
}

struct name_visit {
    const char *folder;
    char **names;
    uint32_t max;
    uint32_t count;
};

static pl_status add_name(void *context, const char *name, pl_error *err)
{
    struct name_visit *visit = context;
    char path[PL_FILE_PATH_MAX];
    if (!join(path, "1/2/scenario.yaml", visit->folder, name) || !pl_file_exists(path)) {
        return PL_OK;
    }
    if (visit->count == visit->max) {
        return PL_OK; /* enough for a list */
    }
    visit->names[visit->count] = strdup(name);
    if (visit->names[visit->count] == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
    }
    visit->count++;
    return PL_OK;
}

pl_status
pl_content_names(const char *directory, char **names, uint32_t max, uint32_t *count, pl_error *err)
{
    PL_CHECK(directory != NULL && names != NULL && count != NULL);
    char folder[PL_FILE_PATH_MAX];
    *count = 0;
    if (!join(folder, "1/scenarios", directory, "")) {
        return pl_fail(err, PL_LIMIT, NULL, "The path of the content is too long.");
    }
    struct name_visit visit = {folder, names, max, 0};
    pl_status status = pl_directory_list(folder, "", add_name, &visit, err);
    *count = visit.count;
    return status;
}

int pl_content_report(const struct pl_errors *errors)
{
    PL_CHECK(errors != NULL && errors->count > 0);
    uint32_t shown = errors->count < PL_ERRORS_MAX ? errors->count : PL_ERRORS_MAX;
    for (uint32_t i = 0; i < shown; i++) {
        char text[PL_ERROR_MESSAGE_MAX + PL_ERROR_PATH_MAX + 32];
        pl_error_format(&errors->items[i], text, sizeof text);
        fprintf(stderr, "plumb: %s\n", text);
    }
    if (errors->count > shown) {
        fprintf(stderr, "plumb: %u more errors are not shown.\n", errors->count - shown);
    }
    return pl_status_exit_code(errors->items[0].status);
}
