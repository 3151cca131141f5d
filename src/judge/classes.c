// SPDX-License-Identifier: Apache-2.0
#include "judge/classes.h"

#include "base/check.h"

#include <string.h>

static uint32_t best_of(const struct pl_node *node, uint32_t cause, uint32_t option_count)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < option_count; i++) {
        const struct pl_cell *cell = &node->cells[cause][i];
        if (cell->count > 0 && cell->mean < node->cells[cause][best].mean) {
            best = i;
        }
    }
    return best;
}

static double worse(const struct pl_classes *classes, uint32_t a, uint32_t b)
{
    double one = classes->cross_regret[a][b];
    double other = classes->cross_regret[b][a];
    return one > other ? one : other;
}

/* Largest pairwise regret between two groups. */
static double linkage(const struct pl_classes *classes, uint32_t causes, uint32_t a, uint32_t b)
{
    double most = 0.0;
    for (uint32_t i = 0; i < causes; i++) {
        for (uint32_t k = 0; k < causes; k++) {
            if (classes->class_of[i] == a && classes->class_of[k] == b) {
                double regret = worse(classes, i, k);
                most = regret > most ? regret : most;
            }
        }
    }
    return most;
}

/* Join the two closest groups if they may be joined. */
static uint32_t join(struct pl_classes *classes, uint32_t causes, double limit)
{
    uint32_t first = 0;
    uint32_t second = 0;
    double least = limit;
    for (uint32_t a = 0; a < classes->count; a++) {
        for (uint32_t b = a + 1; b < classes->count; b++) {
            double distance = linkage(classes, causes, a, b);
            if (distance < least) {
                least = distance;
                first = a;
                second = b;
            }
        }
    }
    if (second == 0) {
        return 0;
    }
    for (uint32_t i = 0; i < causes; i++) {
        uint32_t *own = &classes->class_of[i];
        *own = *own == second ? first : *own > second ? *own - 1 : *own;
    }
    classes->count--;
    return 1;
}

void pl_classes_find(const struct pl_node *node,
                     uint32_t cause_count,
                     uint32_t option_count,
                     double limit,
                     struct pl_classes *classes)
{
    PL_CHECK(node != NULL && classes != NULL);
    PL_CHECK(cause_count >= 1 && cause_count <= PL_CAUSES_MAX);
    PL_CHECK(option_count >= 1 && option_count <= PL_OPTIONS_MAX);
    memset(classes, 0, sizeof *classes);
    classes->count = cause_count;
    for (uint32_t i = 0; i < cause_count; i++) {
        classes->class_of[i] = i;
        classes->best_option[i] = best_of(node, i, option_count);
    }
    for (uint32_t i = 0; i < cause_count; i++) {
        for (uint32_t k = 0; k < cause_count; k++) {
            classes->cross_regret[i][k] = node->cells[i][classes->best_option[k]].mean -
                                          node->cells[i][classes->best_option[i]].mean;
        }
    }
    while (join(classes, cause_count, limit) != 0) {
    }
}
