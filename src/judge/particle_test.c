// SPDX-License-Identifier: Apache-2.0
#include "judge/particle.h"

#include "session/act.h"
#include "session/session_types.h"
#include "support/judged.h"
#include "support/sessions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const looks[] = {
    "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"till-api\",\"panel\":\"latency\"}",
    "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"till-api\",\"panel\":\"pool\"}",
    "{\"do\":\"look\",\"what\":\"logs\",\"service\":\"till-api\"}",
    "{\"do\":\"look\",\"what\":\"traces\",\"service\":\"till-api\"}",
    "{\"do\":\"look\",\"what\":\"db\",\"db\":\"books-db\",\"view\":\"activity\"}",
    "{\"do\":\"look\",\"what\":\"changes\"}",
    "{\"do\":\"look\",\"what\":\"alerts\"}",
    "{\"do\":\"look\",\"what\":\"topology\"}",
    "{\"do\":\"look\",\"what\":\"pods\",\"service\":\"till-api\"}",
};

/* Memory of particles; every block starts with other bytes, for nothing may depend on them. */
static void *block(size_t size)
{
    static unsigned char fill = 0x5a;
    void *memory = aligned_alloc(64, (size + 63) / 64 * 64);
    assert_non_null(memory);
    memset(memory, fill, size);
    fill = (unsigned char)(fill ^ 0xff);
    return memory;
}

static void read_look(const struct pl_scenario *scenario,
                      const char *text,
                      json_t **command,
                      struct pl_look_call *call)
{
    pl_error err = {0};
    assert_int_equal(pl_json_in_load(pl_slice_of(text), PL_COMMAND_SIZE_MAX, NULL, command, &err),
                     PL_OK);
    assert_int_equal(pl_look_read(scenario, *command, call, &err), PL_OK);
}

static char *out_memory(struct pl_buf *out)
{
    char *memory = malloc(PL_OBSERVATION_SIZE_MAX);
    assert_non_null(memory);
    pl_buf_init(out, memory, PL_OBSERVATION_SIZE_MAX);
    return memory;
}

/* All looks of the list show the same bytes in both. */
static void assert_same_looks(struct pl_particle *a, struct pl_particle *b, void *scratch)
{
    struct pl_buf shown[2];
    char *memory[2] = {out_memory(&shown[0]), out_memory(&shown[1])};
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
        json_t *command = NULL;
        struct pl_look_call call;
        pl_error err = {0};
        read_look(a->scenario, looks[i], &command, &call);
        pl_buf_clear(&shown[0]);
        pl_buf_clear(&shown[1]);
        assert_int_equal(pl_particle_look(a, &call, scratch, &shown[0], &err), PL_OK);
        assert_int_equal(pl_particle_look(b, &call, scratch, &shown[1], &err), PL_OK);
        assert_string_equal(shown[0].data, shown[1].data);
        json_decref(command);
    }
    free(memory[0]);
    free(memory[1]);
}

/*
 * The session's own seed and cause, which a bank never has, given to a particle: whatever is looked
 * at, after the same acts at the same moments, is the same to the byte.
 */
static void a_particle_shows_what_its_session_shows(void **unused)
{
    (void)unused;
    static const char *const moves[] = {
        "{\"do\":\"wait\",\"for\":\"90s\"}",
        "{\"do\":\"act\",\"action\":\"flag\",\"args\":[\"inline-check\",0.25],\"confirm\":true}",
        "{\"do\":\"wait\",\"for\":\"200s\"}",
        "{\"do\":\"act\",\"action\":\"flag\",\"args\":[\"inline-check\",0.75],\"confirm\":true}",
        "{\"do\":\"wait\",\"for\":\"7s\"}",
    };
    struct test_session *s = test_session_open(5, PL_CLOCK_TURN);
    struct pl_session *session = s->session;
    struct pl_particle_def def = {s->world, s->scenario};
    void *scratch = block(pl_particle_scratch_size(&def));
    struct pl_particle *particle = NULL;
    struct pl_buf out;
    char *memory = out_memory(&out);
    pl_error err = {0};
    assert_int_equal(pl_particle_start(&def,
                                       session->opening.seed,
                                       session->opening.cause,
                                       block(pl_particle_size(&def)),
                                       scratch,
                                       &particle,
                                       &err),
                     PL_OK);
    for (size_t m = 0; m < sizeof moves / sizeof moves[0]; m++) {
        json_t *command = NULL;
        struct pl_call act;
        bool sure = false;
        pl_particle_run(particle, pl_session_now(session), scratch);
        assert_int_equal(
            pl_json_in_load(pl_slice_of(moves[m]), PL_COMMAND_SIZE_MAX, NULL, &command, &err),
            PL_OK);
        if (strstr(moves[m], "\"act\"") != NULL) {
            assert_int_equal(pl_act_read(def.scenario, command, &act, &sure, &err), PL_OK);
            pl_particle_act(particle, &act);
            assert_int_equal(particle->refused, 0);
        }
        json_decref(command);
        (void)test_session_apply(s, moves[m]);
        assert_string_equal(test_session_error(s), "");
        pl_particle_run(particle, pl_session_now(session), scratch);
        for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
            struct pl_look_call call;
            struct pl_scene scene = {session->observe, session->state, session->record};
            struct pl_buf expected;
            char *expected_memory = out_memory(&expected);
            read_look(def.scenario, looks[i], &command, &call);
            pl_buf_clear(&out);
            assert_int_equal(pl_look_at(def.scenario, &scene, &call, &expected, &err), PL_OK);
            assert_int_equal(pl_particle_look(particle, &call, scratch, &out, &err), PL_OK);
            assert_string_equal(out.data, expected.data);
            json_decref(command);
            free(expected_memory);
        }
    }
    free(memory);
    free(particle);
    free(scratch);
    test_session_close(s);
}

/* Leaving a trunk is the same as having been the cause's form from the start; so is a copy. */
static void a_branch_is_its_form_from_the_start(void **unused)
{
    (void)unused;
    struct test_judged *judged = test_judged_open(1, 0.0);
    struct pl_particle_def def = {judged->world, judged->scenario};
    void *scratch = block(pl_particle_scratch_size(&def));
    struct pl_particle *whole = NULL;
    struct pl_particle *trunk = NULL;
    struct pl_particle *branch = NULL;
    int64_t parting_ns = 0;
    int64_t opens_ns = judged->opening->opens_ns;
    pl_error err = {0};
    size_t size = pl_particle_size(&def);
    assert_int_equal(pl_particle_start(&def, 77, 0, block(size), scratch, &whole, &err), PL_OK);
    assert_int_equal(pl_particle_start(&def, 77, PL_NONE, block(size), scratch, &trunk, &err),
                     PL_OK);
    assert_int_equal(pl_particle_parting(&def, 77, 0, &parting_ns, &err), PL_OK);
    /* The flag goes up four minutes before the opening. */
    assert_int_equal(parting_ns, opens_ns - 240 * PL_NS_PER_S - 1);
    pl_particle_run(trunk, parting_ns, scratch);
    assert_int_equal(pl_particle_branch(trunk, 0, block(size), scratch, &branch, &err), PL_OK);
    pl_particle_run(whole, opens_ns, scratch);
    pl_particle_run(branch, opens_ns, scratch);
    assert_true(pl_particle_pages(whole) == pl_particle_pages(branch));
    assert_same_looks(whole, branch, scratch);
    struct pl_particle *copy = pl_particle_fork(branch, block(size), scratch);
    pl_particle_run(whole, opens_ns + 120 * PL_NS_PER_S, scratch);
    pl_particle_run(copy, opens_ns + 120 * PL_NS_PER_S, scratch);
    assert_same_looks(whole, copy, scratch);
    /* The trunk has no cause: users of the shop are well. */
    pl_particle_run(trunk, opens_ns, scratch);
    assert_false(pl_particle_pages(trunk));
    free(copy);
    free(branch);
    free(trunk);
    free(whole);
    free(scratch);
    test_judged_close(judged);
}

/* To wonder what somebody would say asks nobody; to ask brings the same words later. */
static void a_question_is_foretold(void **unused)
{
    (void)unused;
    struct test_judged *judged = test_judged_open(1, 0.0);
    struct pl_particle_def def = {judged->world, judged->scenario};
    void *scratch = block(pl_particle_scratch_size(&def));
    struct pl_particle *particle = NULL;
    struct pl_look_call call;
    struct pl_buf foretold;
    struct pl_buf told;
    char *memory[2] = {out_memory(&foretold), out_memory(&told)};
    json_t *command = NULL;
    pl_error err = {0};
    int64_t opens_ns = judged->opening->opens_ns;
    assert_int_equal(
        pl_particle_start(&def, 3, 0, block(pl_particle_size(&def)), scratch, &particle, &err),
        PL_OK);
    pl_particle_run(particle, opens_ns, scratch);
    pl_particle_open(particle);
    read_look(def.scenario,
              "{\"do\":\"look\",\"what\":\"ask\",\"person\":\"ada\",\"question\":\"flag?\"}",
              &command,
              &call);
    assert_int_equal(pl_particle_look(particle, &call, scratch, &foretold, &err), PL_OK);
    json_t *event = json_loadb(foretold.data, foretold.size, 0, NULL);
    const char *text = json_string_value(json_object_get(event, "text"));
    assert_non_null(text);
    pl_particle_run(particle, opens_ns + 1200 * PL_NS_PER_S, scratch);
    pl_particle_tell(particle, &told);
    assert_null(strstr(told.data, text));
    pl_buf_clear(&told);
    assert_int_equal(pl_particle_look_for_real(particle, &call, scratch, &told, &err), PL_OK);
    pl_particle_run(particle, judged->opening->ends_ns, scratch);
    pl_buf_clear(&told);
    pl_particle_tell(particle, &told);
    assert_non_null(strstr(told.data, text));
    pl_buf_clear(&told);
    pl_particle_tell(particle, &told);
    assert_string_equal(told.data, "[]");
    json_decref(event);
    json_decref(command);
    free(memory[0]);
    free(memory[1]);
    free(particle);
    free(scratch);
    test_judged_close(judged);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_particle_shows_what_its_session_shows),
        cmocka_unit_test(a_branch_is_its_form_from_the_start),
        cmocka_unit_test(a_question_is_foretold),
    };
    test_content = argc > 1 ? argv[1] : test_content;
    test_judged_content = argc > 1 ? argv[1] : test_judged_content;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
