// SPDX-License-Identifier: Apache-2.0
#include "judge/trunk.h"

#include "support/trials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_SIZE = 1 << 18 };

static char *written(struct test_judge *judge)
{
    char *text = malloc(TEXT_SIZE);
    assert_non_null(text);
    struct pl_buf out;
    test_judge_play(judge);
    pl_buf_init(&out, text, TEXT_SIZE);
    pl_report_json(test_judge_finish(judge), &out);
    assert_false(out.overflow);
    return text;
}

/* Three sessions after another in one trunk, the third like the first: what one of them did must
 * not show in another, and each has the report that it has alone. */
static void a_session_in_a_trunk_is_judged_as_it_is_alone(void **state)
{
    (void)state;
    struct pl_trunk *trunk = NULL;
    pl_error err = {0};
    struct test_judge *alone = test_judge_open(3, NULL);
    struct test_judge *other = test_judge_open(5, NULL);
    struct pl_judge_def def = test_judge_def(alone, 0);
    size_t size = (pl_trunk_size(&def) + 63) / 64 * 64;
    void *memory = aligned_alloc(64, size);
    assert_non_null(memory);
    assert_int_equal(pl_trunk_open(&def, memory, size, &trunk, &err), PL_OK);
    char *first = written(alone);
    char *second = written(other);
    assert_string_not_equal(first, second);
    for (uint64_t i = 0; i < 3; i++) {
        struct test_judge *shared = test_judge_open_in(alone, trunk, i == 1 ? 5 : 3);
        char *text = written(shared);
        assert_string_equal(text, i == 1 ? second : first);
        free(text);
        test_judge_close(shared);
    }
    assert_int_equal(trunk->surveyed, 1);
    assert_int_equal(trunk->sweep.known, 1);
    free(first);
    free(second);
    free(memory);
    test_judge_close(other);
    test_judge_close(alone);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judge_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_in_a_trunk_is_judged_as_it_is_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
