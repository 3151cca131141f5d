// SPDX-License-Identifier: Apache-2.0
#include "scenario/fault_fields.h"

#include "base/error.h"
#include "scenario/reader.h"
#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void every_table_is_sound(void **unused)
{
    (void)unused;
    pl_test_check_table(&pl_fault_table);
    pl_test_check_table(&pl_fault_parameter_table);
    pl_test_check_table(&pl_fault_use_table);
}

/* The enum counts along the words; a new word in the middle must move it. */
static void kinds_stand_where_their_words_do(void **unused)
{
    (void)unused;
    static const struct {
        const char *word;
        uint32_t kind;
    } kinds[] = {
        {"service", PL_FAULT_SERVICE},
        {"flag", PL_FAULT_FLAG},
        {"effect", PL_FAULT_EFFECT},
        {"share", PL_FAULT_SHARE},
        {"release", PL_FAULT_RELEASE},
        {"param", PL_FAULT_PARAM},
        {"value", PL_FAULT_VALUE},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        assert_int_equal(pl_field_choice(PL_FAULT_KIND_WORDS, pl_slice_of(kinds[i].word)),
                         kinds[i].kind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_is_sound),
        cmocka_unit_test(kinds_stand_where_their_words_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
