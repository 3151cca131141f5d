// SPDX-License-Identifier: Apache-2.0
#include "scenario/law_text.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct pl_test_text opened;

static bool law_of(const char *text, pl_law *law)
{
    char document[200] = "law: ";
    strncat(document, text, sizeof document - 8);
    pl_test_open_text(&opened, document);
    return pl_field_law(
        &opened.reader, pl_reader_get(&opened.reader, opened.yaml.root, "law"), law);
}

static void every_form_gives_its_law(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        uint32_t kind;
        double mean_s;
    } cases[] = {
        {"12ms", PL_LAW_CONSTANT, 0.012},
        {"constant 1s", PL_LAW_CONSTANT, 1.0},
        {"exponential mean 2s", PL_LAW_EXPONENTIAL, 2.0},
        {"lognormal mean 12ms p99 40ms", PL_LAW_LOGNORMAL, 0.012},
        {"lognormal mean 10ms scv 0.5", PL_LAW_LOGNORMAL, 0.010},
        {"uniform 10ms 30ms", PL_LAW_UNIFORM, 0.020},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_law law;
        assert_true(law_of(cases[i].text, &law));
        assert_int_equal(law.kind, cases[i].kind);
        assert_true(law.mean_s > 0.999 * cases[i].mean_s && law.mean_s < 1.001 * cases[i].mean_s);
    }
    pl_law law;
    assert_true(law_of("lognormal p50 70ms p99 400ms", &law));
    assert_true(law.mean_s > 0.070 && law.mean_s < 0.120);
}

static void what_is_no_law_is_refused_with_its_place(void **unused)
{
    (void)unused;
    static const char *const wrong[] = {
        "soon",
        "lognormal",
        "lognormal mean 12ms p99 10ms",
        "lognormal mean 12ms p99 900ms",
        "lognormal p50 12ms scv 1",
        "lognormal mean 12ms p98 20ms",
        "exponential 2s",
        "uniform 30ms 10ms",
        "uniform 30ms",
        "constant",
        "1 2 3 4 5 6 7 8 9",
        "lognormal mean 0s p99 1s",
        "lognormal mean 1s scv -1",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        pl_law law;
        assert_false(law_of(wrong[i], &law));
        assert_int_equal(opened.errors.count, 1);
        assert_int_equal(opened.errors.items[0].pos.line, 1);
        assert_int_equal(opened.errors.items[0].pos.column, 6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_gives_its_law),
        cmocka_unit_test(what_is_no_law_is_refused_with_its_place),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    pl_test_close_text(&opened);
    return failed;
}
