// SPDX-License-Identifier: Apache-2.0
#include "cli/play_analysis.h"

#include "os/scratch.h"
#include "support/goldens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WORLDS = 4 };

static char content[512] = "tests/content";
static char memory[GOLDEN_DRAWING_SIZE];

static void apply(struct pl_episode *episode, struct pl_play_analysis *play, const char *command)
{
    struct pl_outcome outcome;
    pl_error err = {0};
    pl_slice text = pl_slice_of(command);
    assert_int_equal(pl_episode_apply(episode, 0, text, &outcome, &err), PL_OK);
    pl_play_analysis_put(play, text, &outcome);
}

/* A session that was left and resumed is analysed as a whole. */
static void a_resumed_session_is_analysed_from_its_start(void **state)
{
    (void)state;
    static struct pl_errors errors;
    struct pl_scratch scratch;
    struct pl_play_analysis none = {0};
    struct pl_play_analysis play = {0};
    struct pl_episode first = {0};
    struct pl_episode second = {0};
    struct pl_buf out;
    char id[PL_STORE_ID_SIZE];
    pl_error err = {0};
    assert_int_equal(pl_scratch_make(&scratch, &err), PL_OK);
    struct pl_episode_def def = {.content = content,
                                 .data = scratch.path,
                                 .scenario = "torn-till",
                                 .seed = 5,
                                 .clock = PL_CLOCK_TURN,
                                 .keep = true};
    assert_int_equal(pl_episode_start(&first, &def, &errors), PL_OK);
    assert_int_equal(pl_play_analysis_begin(&none, &first, &def, 0, &err), PL_OK);
    apply(&first, &none, "{\"do\":\"look\",\"what\":\"alerts\"}");
    memcpy(id, first.header.id, sizeof id);
    pl_episode_end(&first);
    assert_int_equal(pl_episode_resume(&second, &def, id, &errors), PL_OK);
    assert_int_equal(pl_play_analysis_begin(&play, &second, &def, WORLDS, &err), PL_OK);
    apply(&second, &play, "{\"do\":\"look\",\"what\":\"pods\",\"service\":\"till-api\"}");
    apply(&second, &play, "{\"do\":\"close\"}");
    struct pl_view *view = golden_view(golden_faces[0]);
    pl_buf_init(&out, memory, sizeof memory);
    pl_play_analysis_show(&play, view, false, &out);
    assert_non_null(strstr(memory, "Analysis"));
    assert_non_null(strstr(memory, "alerts"));
    assert_non_null(strstr(memory, "pods till-api"));
    assert_false(pl_play_analysis_busy(&play)); /* it was shown, so all is taken in */
    assert_false(pl_play_analysis_busy(&none));
    pl_play_analysis_end(&play);
    pl_play_analysis_end(&none);
    pl_buf_clear(&out);
    pl_play_analysis_show(&none, view, false, &out);
    assert_int_equal(out.size, 0);
    pl_episode_end(&second);
    free(view);
    assert_int_equal(pl_scratch_remove(&scratch, &err), PL_OK);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        snprintf(content, sizeof content, "%s/../content", argv[1]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_resumed_session_is_analysed_from_its_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
