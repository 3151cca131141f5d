// SPDX-License-Identifier: Apache-2.0
#include "store/worn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { DEMANDED = 3000, LONG_ENOUGH = 8 };

static void what_is_tried_first_is_refused(void **state)
{
    (void)state;
    static const char *const worn[] = {
        "password",     "Password1",   "P@ssw0rd",      "p@$$w0rd1",    "PASSWORD123!",
        "passw0rd2024", "12345678",    "123456789",     "1234567890",   "87654321",
        "11111111",     "00000000",    "12121212",      "123123123",    "abcabcabc",
        "qwertyui",     "qwertyuiop",  "qwerty123",     "1q2w3e4r",     "1qaz2wsx",
        "zaq12wsx",     "q1w2e3r4t5",  "asdfghjkl",     "poiuytrewq",   "iloveyou",
        "iloveyou2",    "sunshine1",   "princess!",     "monkey123",    "dragon2023",
        "football1",    "letmein123",  "welcome2025!",  "admin123",     "administrator",
        "changeme",     "changeme1!",  "trustno1",      "michael1987",  "jennifer",
        "1monkey1",     "007james007", "lovemonkey",    "monkeymonkey", "24121987",
        "19871224",     "12241987",    "abcdefgh",      "abcd1234",     "a1b2c3d4",
        "aaaaaaaa1",    "summer2026",  "Winter2025!",   "november2026", "plumbline",
        "plumb1234",    "starwars",    "superman!!",    "1234qwer",     "qwer1234",
        "aa123456",     "adminadmin",  "corvette",      "liverpool99",  "azertyuiop",
        "11223344",     "12341234",    "administr4t0r",
    };
    for (size_t i = 0; i < sizeof worn / sizeof worn[0]; i++) {
        if (!pl_worn_is(worn[i])) {
            fail_msg("%s is not refused", worn[i]);
        }
    }
}

static void what_takes_thought_is_taken(void **state)
{
    (void)state;
    static const char *const good[] = {
        "four random words",
        "correct horse battery staple",
        "gR7#kq2Lw9",
        "tea kettle on tuesday",
        "xkqzvtrw",
        "blorptangle",
        "93847561",
        "1000 miles to go",
        "Zwetschgendatschi",
        "aaaaaaab",
        "my dog eats shoes!",
        "quietly-orbiting-teapots",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (pl_worn_is(good[i])) {
            fail_msg("%s is refused", good[i]);
        }
    }
}

/* Goal: more different passwords are refused than lists of the 3,000 most common have. */
static void more_are_refused_than_are_demanded(void **state)
{
    (void)state;
    static const char *const ends[] = {"",
                                       "1",
                                       "12",
                                       "123",
                                       "1234",
                                       "12345",
                                       "!",
                                       "01",
                                       "007",
                                       "69",
                                       "99",
                                       "2024",
                                       "2025",
                                       "2026"};
    uint32_t refused = 0;
    for (size_t i = 0; pl_worn_word(i).size > 0; i++) {
        for (size_t k = 0; k < sizeof ends / sizeof ends[0]; k++) {
            char text[64];
            pl_slice word = pl_worn_word(i);
            snprintf(text, sizeof text, "%.*s%s", (int)word.size, word.data, ends[k]);
            if (strlen(text) >= LONG_ENOUGH) {
                assert_true(pl_worn_is(text));
                refused++;
            }
        }
    }
    assert_true(refused > DEMANDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_tried_first_is_refused),
        cmocka_unit_test(what_takes_thought_is_taken),
        cmocka_unit_test(more_are_refused_than_are_demanded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
