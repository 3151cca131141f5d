// SPDX-License-Identifier: Apache-2.0
#include "support/sessions.h"

#include "scenario/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

const char *test_content = "tests/content";

static pl_slice read_file(const char *name, char *path, size_t path_size)
{
    snprintf(path, path_size, "%s/%s", test_content, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("%s cannot be read", path);
        abort();
    }
    char *data = malloc(PL_CONTENT_MAX);
    assert_non_null(data);
    pl_slice text = {data, fread(data, 1, PL_CONTENT_MAX, file)};
    assert_int_equal(fclose(file), 0);
    return text;
}

static void load(struct test_session *session)
{
    char paths[3][512];
    static struct pl_errors errors;
    void *scratch = malloc(PL_LOAD_SCRATCH);
    assert_non_null(scratch);
    struct pl_file scenario = {
        paths[0], read_file("scenarios/slow-till/scenario.yaml", paths[0], sizeof paths[0])};
    struct pl_file world = {paths[1],
                            read_file("worlds/corner-shop.yaml", paths[1], sizeof paths[1])};
    struct pl_file page = {
        paths[2], read_file("scenarios/slow-till/runbook/latency.md", paths[2], sizeof paths[2])};
    session->world = calloc(1, sizeof *session->world);
    session->scenario = calloc(1, sizeof *session->scenario);
    assert_non_null(session->world);
    assert_non_null(session->scenario);
    struct pl_scenario_files files = {
        .scenario = scenario, .world = world, .pages = &page, .page_count = 1};
    if (pl_scenario_load(&files, session->world, session->scenario, scratch, &errors) != PL_OK) {
        fail_msg("%s", errors.items[0].message);
    }
    free((void *)(uintptr_t)scenario.text.data);
    free((void *)(uintptr_t)world.text.data);
    free((void *)(uintptr_t)page.text.data);
    free(scratch);
}

struct test_session *test_session_open(uint64_t seed, enum pl_clock clock)
{
    pl_error err = {0};
    struct test_session *session = calloc(1, sizeof *session);
    assert_non_null(session);
    load(session);
    struct pl_session_def def = {.world = session->world,
                                 .scenario = session->scenario,
                                 .seed = seed,
                                 .clock = clock,
                                 .cause = PL_NONE};
    size_t size = (pl_session_size(&def) + 15) / 16 * 16;
    session->memory = aligned_alloc(16, size);
    session->answer_memory = malloc(PL_ANSWER_SIZE_MAX);
    session->entry_memory = malloc(PL_ENTRY_SIZE_MAX);
    assert_non_null(session->memory);
    assert_non_null(session->answer_memory);
    assert_non_null(session->entry_memory);
    pl_buf_init(&session->answer, session->answer_memory, PL_ANSWER_SIZE_MAX);
    pl_buf_init(&session->entry, session->entry_memory, PL_ENTRY_SIZE_MAX);
    if (pl_session_open(&def, session->memory, size, &session->session, &err) != PL_OK) {
        fail_msg("%s", err.message);
    }
    return session;
}

const json_t *
test_session_apply_at(struct test_session *session, int64_t now_ns, const char *command)
{
    pl_error err = {0};
    json_decref(session->json);
    session->json = NULL;
    pl_buf_clear(&session->answer);
    pl_buf_clear(&session->entry);
    session->outcome = pl_session_apply(
        session->session, now_ns, pl_slice_of(command), &session->answer, &session->entry);
    pl_slice text = {session->answer.data, session->answer.size};
    if (pl_json_in_load(text, PL_JSON_IN_TEXT_MAX, NULL, &session->json, &err) != PL_OK) {
        fail_msg("answer of %s: %s: %s", command, err.message, session->answer.data);
    }
    return session->json;
}

const json_t *test_session_apply(struct test_session *session, const char *command)
{
    return test_session_apply_at(session, pl_session_now(session->session), command);
}

const char *test_session_error(const struct test_session *session)
{
    const json_t *error = json_object_get(session->json, "error");
    const char *code = json_string_value(json_object_get(error, "code"));
    return code != NULL ? code : "";
}

void test_session_close(struct test_session *session)
{
    json_decref(session->json);
    free(session->world);
    free(session->scenario);
    free(session->memory);
    free(session->answer_memory);
    free(session->entry_memory);
    free(session);
}
