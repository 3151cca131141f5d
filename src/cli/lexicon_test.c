// SPDX-License-Identifier: Apache-2.0
#include "cli/lexicon.h"

#include "support/shop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void words_are_completed_or_corrected(void **state)
{
    (void)state;
    struct pl_lexicon lexicon = test_shop();
    const char *word = NULL;
    assert_int_equal(pl_lexicon_find(&lexicon, PL_WORDS_SERVICE, "checkout-api", &word),
                     PL_MATCH_EXACT);
    assert_int_equal(pl_lexicon_find(&lexicon, PL_WORDS_SERVICE, "CHECK", &word), PL_MATCH_START);
    assert_string_equal(word, "checkout-api");
    assert_int_equal(pl_lexicon_find(&lexicon, PL_WORDS_SERVICE, "chekout-api", &word),
                     PL_MATCH_NEAR);
    assert_string_equal(word, "checkout-api");
    assert_int_equal(pl_lexicon_find(&lexicon, PL_WORDS_SERVICE, "zebra", &word), PL_MATCH_NONE);
    assert_null(word);
    assert_int_equal(pl_lexicon_find(&lexicon, PL_WORDS_VERB, "p", &word), PL_MATCH_MANY);
}

static void kinds_are_kept_apart(void **state)
{
    (void)state;
    struct pl_lexicon lexicon = test_shop();
    const char *words[PL_LEXICON_WORDS_MAX];
    assert_int_equal(pl_lexicon_words(&lexicon, PL_WORDS_SERVICE, words), 2);
    assert_int_equal(pl_lexicon_words(&lexicon, PL_WORDS_SERVICE | PL_WORDS_DATABASE, words), 3);
    assert_int_equal(pl_lexicon_words(&lexicon, PL_WORDS_STATUS, words), 4);
    assert_int_equal(pl_lexicon_words(&lexicon, PL_WORDS_NONE, words), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_completed_or_corrected),
        cmocka_unit_test(kinds_are_kept_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
