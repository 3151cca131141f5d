// SPDX-License-Identifier: Apache-2.0
#include "bots/distil.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CAUSES = 3, PER_CAUSE = 8, FORMS = CAUSES * PER_CAUSE };

enum { TELLING = 11, COPY = 12, NOISE = 13, PRESENT = 14 };

static struct pl_knowledge knowledge;
static struct pl_distil_room room;
static struct pl_learn_form *forms[FORMS];

static void add(struct pl_learn_form *form, uint64_t key, double value)
{
    form->items[form->item_count++] = (struct pl_learn_item){key, value};
}

/* One look; a number that tells, the same again in other units, noise, and one that only the
 * third cause shows. */
static int set_up(void **state)
{
    (void)state;
    memset(&knowledge, 0, sizeof knowledge);
    knowledge.cause_count = CAUSES;
    knowledge.look_count = 1;
    for (uint32_t i = 0; i < FORMS; i++) {
        struct pl_learn_form *form = calloc(1, sizeof *form);
        assert_non_null(form);
        form->cause = i % CAUSES;
        form->accepted = 1;
        for (uint32_t t = 0; t < PL_KNOWN_TIMES; t++) {
            double wobble = 0.1 * (double)(i / CAUSES % 4);
            double telling = form->cause == 1 ? 5.0 : 1.0;
            form->first[t][0] = form->item_count;
            add(form, TELLING, telling + wobble);
            add(form, COPY, 10.0 * (telling + wobble));
            add(form, NOISE, (double)(i * 7919 % 97));
            if (form->cause == 2) {
                add(form, PRESENT, 0.7);
            }
            form->count[t][0] = form->item_count - form->first[t][0];
        }
        forms[i] = form;
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < FORMS; i++) {
        free(forms[i]);
    }
    return 0;
}

static void what_tells_is_kept_and_copies_and_noise_are_not(void **state)
{
    (void)state;
    pl_distil((const struct pl_learn_form *const *)forms, FORMS, &room, &knowledge);
    const struct pl_known_look *look = &knowledge.looks[0];
    bool telling = false;
    bool present = false;
    uint32_t copies = 0;
    assert_int_equal(knowledge.form_count, FORMS);
    for (uint32_t k = 0; k < look->trait_count; k++) {
        copies += look->traits[k].key == TELLING || look->traits[k].key == COPY ? 1 : 0;
        telling = telling || look->traits[k].key == TELLING || look->traits[k].key == COPY;
        present = present || look->traits[k].key == PRESENT;
        assert_int_not_equal(look->traits[k].key, NOISE);
    }
    assert_true(telling && present);
    assert_int_equal(copies, 1);
}

static void levels_follow_values_and_absence_is_zero(void **state)
{
    (void)state;
    pl_distil((const struct pl_learn_form *const *)forms, FORMS, &room, &knowledge);
    const struct pl_known_look *look = &knowledge.looks[0];
    for (uint32_t k = 0; k < look->trait_count; k++) {
        for (uint32_t i = 0; i < FORMS; i++) {
            uint8_t level = look->levels[0][i][k];
            if (look->traits[k].key == PRESENT) {
                assert_int_equal(level > 0, i % CAUSES == 2);
            } else {
                assert_true(i % CAUSES == 1 ? level > 60 : level < 30);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            what_tells_is_kept_and_copies_and_noise_are_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            levels_follow_values_and_absence_is_zero, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
