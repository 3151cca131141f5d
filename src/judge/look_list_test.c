// SPDX-License-Identifier: Apache-2.0
#include "judge/look_list.h"

#include "judge/particle.h"
#include "session/session.h"
#include "support/judged.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Each look of the list can be taken at the opening, costs time, and stands there once. */
static void every_look_of_the_list_answers(void **unused)
{
    (void)unused;
    struct test_judged *judged = test_judged_open(1, 0.0);
    struct pl_particle_def def = {judged->world, judged->scenario};
    void *scratch = aligned_alloc(64, pl_particle_scratch_size(&def));
    void *memory = aligned_alloc(64, pl_particle_size(&def));
    size_t size = pl_look_list_size(judged->world, judged->scenario);
    void *list_memory = malloc(size);
    char *out_memory = malloc(PL_OBSERVATION_SIZE_MAX);
    assert_true(scratch != NULL && memory != NULL && list_memory != NULL && out_memory != NULL);
    struct pl_look_list *list =
        pl_look_list_init(judged->world, judged->scenario, list_memory, size);
    struct pl_particle *particle = NULL;
    pl_error err = {0};
    assert_int_equal(pl_particle_start(&def, 3, 0, memory, scratch, &particle, &err), PL_OK);
    pl_particle_run(particle, judged->opening->opens_ns, scratch);
    uint32_t count = pl_look_list_count(list);
    assert_true(count >= 30 && count < PL_LOOK_LIST_MAX);
    static char typed[PL_LOOK_LIST_MAX][200];
    for (uint32_t i = 0; i < count; i++) {
        const struct pl_look_call *call = pl_look_list_call(list, i);
        struct pl_buf out;
        struct pl_buf text;
        pl_buf_init(&text, typed[i], sizeof typed[i]);
        pl_look_format(call, &text);
        pl_buf_init(&out, out_memory, PL_OBSERVATION_SIZE_MAX);
        if (pl_particle_look(particle, call, scratch, &out, &err) != PL_OK) {
            fail_msg("%s: %s", typed[i], err.message);
        }
        assert_true(out.size > 2 && call->cost_ns > 0);
        for (uint32_t j = 0; j < i; j++) {
            assert_string_not_equal(typed[i], typed[j]);
        }
    }
    free(out_memory);
    free(list_memory);
    free(memory);
    free(scratch);
    test_judged_close(judged);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_look_of_the_list_answers)};
    test_judged_content = argc > 1 ? argv[1] : test_judged_content;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
