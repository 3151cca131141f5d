// SPDX-License-Identifier: Apache-2.0
#include "bots/distil.h"

#include "base/check.h"

#include <math.h>
#include <string.h>

enum {
    TRAITS_KEPT = 5, /* of a look; more would not fit a small file */
    SHOWN_MIN = 8    /* a number shown less often is an accident */
};

#define LIKE_ABOVE   0.97   /* correlation of two numbers that say the same */
#define WORTH_MIN    0.15   /* variance between causes per variance within */
#define WORTH_MAX    8.0    /* more is not worth more: then causes are told apart */
#define SPREAD_FLOOR 0.02   /* of the range: what a level may be off */
#define ABSENT       (-0.3) /* where `not shown` stands, in ranges below the low end */

static struct pl_distil_key *slot_of(struct pl_distil_room *room, uint64_t key)
{
    for (uint64_t i = key;; i++) {
        struct pl_distil_key *slot = &room->keys[i % PL_DISTIL_KEYS_MAX];
        if (slot->key == key) {
            return slot;
        }
        if (slot->key == 0) {
            if (room->key_count == PL_DISTIL_KEYS_MAX / 2) {
                return NULL;
            }
            room->key_count++;
            slot->key = key;
            return slot;
        }
    }
}

static void add(struct pl_distil_key *slot, double value, uint32_t time, uint32_t cause)
{
    slot->low = slot->shown == 0 || value < slot->low ? value : slot->low;
    slot->high = slot->shown == 0 || value > slot->high ? value : slot->high;
    slot->shown++;
    slot->parts[time][cause]++;
    slot->means[time][cause] += value;
    slot->squares[time][cause] += value * value;
}

/* Put what one form showed of a look at one moment. */
static void collect_time(const struct pl_learn_form *form,
                         uint32_t time,
                         uint32_t look,
                         struct pl_distil_room *room)
{
    const struct pl_learn_item *items = &form->items[form->first[time][look]];
    for (uint32_t k = 0; k < form->count[time][look]; k++) {
        struct pl_distil_key *slot = slot_of(room, items[k].key);
        if (slot != NULL) {
            add(slot, items[k].value, time, form->cause);
        }
    }
}

static void collect(const struct pl_learn_form *const *forms,
                    uint32_t count,
                    uint32_t look,
                    struct pl_distil_room *room)
{
    memset(room->keys, 0, sizeof room->keys);
    room->key_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t t = 0; t < PL_KNOWN_TIMES; t++) {
            collect_time(forms[i], t, look, room);
        }
    }
}

/* Turn sums into means, with `not shown` as a value, and weigh the number at one moment. */
static double
weigh_time(struct pl_distil_key *key, uint32_t time, const uint32_t *forms_of, uint32_t causes)
{
    double range = key->high - key->low > 0.0 ? key->high - key->low : 1.0;
    double absent = key->low + ABSENT * range;
    double within = 0.0;
    double grand = 0.0;
    double between = 0.0;
    uint32_t used = 0;
    for (uint32_t c = 0; c < causes; c++) {
        double n = (double)forms_of[c];
        if (forms_of[c] == 0) {
            continue;
        }
        double missing = n - (double)key->parts[time][c];
        double mean = (key->means[time][c] + missing * absent) / n;
        double square = (key->squares[time][c] + missing * absent * absent) / n;
        within += square > mean * mean ? square - mean * mean : 0.0;
        grand += mean;
        key->means[time][c] = mean;
        used++;
    }
    grand /= used > 0 ? (double)used : 1.0;
    for (uint32_t c = 0; c < causes; c++) {
        double d = forms_of[c] > 0 ? key->means[time][c] - grand : 0.0;
        between += d * d;
    }
    double floor_square = SPREAD_FLOOR * range * SPREAD_FLOOR * range * (double)used;
    return between / (within + floor_square);
}

/* Correlation of the means of two numbers over moments and causes. */
static double
likeness(const struct pl_distil_key *a, const struct pl_distil_key *b, uint32_t causes)
{
    double n = (double)(causes * PL_KNOWN_TIMES);
    double sa = 0.0;
    double sb = 0.0;
    double aa = 0.0;
    double bb = 0.0;
    double ab = 0.0;
    for (uint32_t t = 0; t < PL_KNOWN_TIMES; t++) {
        for (uint32_t c = 0; c < causes; c++) {
            double x = a->means[t][c];
            double y = b->means[t][c];
            sa += x;
            sb += y;
            aa += x * x;
            bb += y * y;
            ab += x * y;
        }
    }
    double va = aa - sa * sa / n;
    double vb = bb - sb * sb / n;
    return va > 0.0 && vb > 0.0 ? (ab - sa * sb / n) / sqrt(va * vb) : 0.0;
}

/* Take the best numbers; returns the sum of their worth, each bounded: one alone is not all. */
static double choose(struct pl_distil_room *room, uint32_t causes, struct pl_known_look *look)
{
    double sum = 0.0;
    while (look->trait_count < TRAITS_KEPT) {
        struct pl_distil_key *best = NULL;
        for (uint32_t i = 0; i < PL_DISTIL_KEYS_MAX; i++) {
            struct pl_distil_key *key = &room->keys[i];
            bool good = key->key != 0 && key->taken == 0 && key->shown >= SHOWN_MIN &&
                        key->value > WORTH_MIN;
            /* Equal worth is settled by the key, so that the order of the slots does not matter. */
            if (good && (best == NULL || key->value > best->value ||
                         (key->value >= best->value && key->key < best->key))) {
                best = key;
            }
        }
        if (best == NULL) {
            return sum;
        }
        sum += best->value < WORTH_MAX ? best->value : WORTH_MAX;
        struct pl_known_trait *trait = &look->traits[look->trait_count++];
        trait->key = best->key;
        trait->low = best->low;
        trait->high = best->high;
        for (uint32_t i = 0; i < PL_DISTIL_KEYS_MAX; i++) {
            struct pl_distil_key *key = &room->keys[i];
            if (key->key != 0 && key->taken == 0 &&
                fabs(likeness(best, key, causes)) > LIKE_ABOVE) {
                key->taken = 1;
            }
        }
        best->taken = 1;
    }
    return sum;
}

/* Levels of the traits that a number belongs to. */
static void
fill_level(const struct pl_learn_item *item, const struct pl_known_look *look, uint8_t *levels)
{
    for (uint32_t k = 0; k < look->trait_count; k++) {
        if (item->key == look->traits[k].key) {
            levels[k] = pl_knowledge_level(&look->traits[k], item->value);
        }
    }
}

static void fill_levels(const struct pl_learn_form *form,
                        uint32_t index,
                        uint32_t look_index,
                        struct pl_known_look *look)
{
    for (uint32_t t = 0; t < PL_KNOWN_TIMES; t++) {
        const struct pl_learn_item *items = &form->items[form->first[t][look_index]];
        for (uint32_t i = 0; i < form->count[t][look_index]; i++) {
            fill_level(&items[i], look, look->levels[t][index]);
        }
    }
}

void pl_distil_begin(const struct pl_learn_form *const *forms,
                     uint32_t count,
                     struct pl_distil_room *room)
{
    PL_CHECK(forms != NULL && room != NULL);
    memset(room->forms_of, 0, sizeof room->forms_of);
    for (uint32_t i = 0; i < count; i++) {
        room->forms_of[forms[i]->cause]++;
    }
}

double pl_distil_look(const struct pl_learn_form *const *forms,
                      uint32_t count,
                      uint32_t causes,
                      uint32_t index,
                      struct pl_distil_room *room,
                      struct pl_known_look *look)
{
    PL_CHECK(forms != NULL && room != NULL && look != NULL);
    PL_CHECK(index < PL_CATALOGUE_LOOKS_MAX && causes <= PL_KNOWN_CAUSES_MAX);
    collect(forms, count, index, room);
    for (uint32_t i = 0; i < PL_DISTIL_KEYS_MAX; i++) {
        struct pl_distil_key *key = &room->keys[i];
        for (uint32_t t = 0; t < PL_KNOWN_TIMES && key->key != 0; t++) {
            key->value += weigh_time(key, t, room->forms_of, causes) / (double)PL_KNOWN_TIMES;
        }
    }
    look->trait_count = 0;
    return choose(room, causes, look);
}

void pl_distil(const struct pl_learn_form *const *forms,
               uint32_t count,
               struct pl_distil_room *room,
               struct pl_knowledge *knowledge)
{
    PL_CHECK(forms != NULL && room != NULL && knowledge != NULL);
    PL_CHECK(count >= 1 && count <= PL_KNOWN_FORMS_MAX);
    pl_distil_begin(forms, count, room);
    knowledge->form_count = count;
    for (uint32_t i = 0; i < count; i++) {
        knowledge->form_causes[i] = (uint8_t)forms[i]->cause;
    }
    for (uint32_t look = 0; look < knowledge->look_count; look++) {
        struct pl_known_look *known = &knowledge->looks[look];
        memset(known->levels, 0, sizeof known->levels);
        (void)pl_distil_look(forms, count, knowledge->cause_count, look, room, known);
        for (uint32_t i = 0; i < count; i++) {
            fill_levels(forms[i], i, look, known);
        }
    }
}
