// SPDX-License-Identifier: Apache-2.0
#include "observe/promql_binary.h"

#include "base/check.h"
#include "base/fmath.h"
#include "observe/promql_grammar.h"

#include <math.h>
#include <string.h>

static const double nothing = (double)NAN;

static bool compare(uint32_t binary, double a, double b)
{
    switch (binary) {
    case PL_BIN_GT:
        return a > b;
    case PL_BIN_LT:
        return a < b;
    case PL_BIN_GE:
        return a >= b;
    case PL_BIN_LE:
        return a <= b;
    case PL_BIN_EQ:
        return a >= b && a <= b;
    default:
        return a < b || a > b;
    }
}

static double power(double a, double b)
{
    if (a > 0.0) {
        return pl_pow(a, b);
    }
    if (b >= 0.0 && b <= 0.0) {
        return 1.0;
    }
    return a >= 0.0 && b > 0.0 ? 0.0 : nothing;
}

/* `shown` is what a comparison without bool lets through. */
static double apply_binary(const struct pl_promql_code *code, double a, double b, double shown)
{
    if (isnan(a) || isnan(b)) {
        return nothing;
    }
    double result = nothing;
    switch (code->detail) {
    case PL_BIN_ADD:
        result = a + b;
        break;
    case PL_BIN_SUB:
        result = a - b;
        break;
    case PL_BIN_MUL:
        result = a * b;
        break;
    case PL_BIN_DIV:
        result = b < 0.0 || b > 0.0 ? a / b : nothing;
        break;
    case PL_BIN_MOD:
        result = b < 0.0 || b > 0.0 ? fmod(a, b) : nothing;
        break;
    case PL_BIN_POW:
        result = power(a, b);
        break;
    default:
        if (code->as_bool != 0) {
            return compare(code->detail, a, b) ? 1.0 : 0.0;
        }
        return compare(code->detail, a, b) ? shown : nothing;
    }
    return isfinite(result) ? result : nothing;
}

/* One side is a number: the rows of the other side are changed in place. */
static void binary_with_scalar(struct pl_machine *machine, const struct pl_promql_code *code)
{
    uint32_t at = machine->depth - 2;
    bool left_is_scalar = code->left == PL_TYPE_SCALAR;
    bool both = left_is_scalar && code->right == PL_TYPE_SCALAR;
    struct pl_machine_value scalar = machine->stack[left_is_scalar ? at : at + 1];
    struct pl_machine_value vector = machine->stack[left_is_scalar ? at + 1 : at];
    for (uint32_t row = vector.first; row < vector.first + vector.count; row++) {
        double *points = pl_machine_points(machine, row);
        const double *number = pl_machine_points(machine, scalar.first);
        for (uint32_t step = 0; step < machine->grid->count; step++) {
            double a = left_is_scalar ? number[step] : points[step];
            double b = left_is_scalar ? points[step] : number[step];
            points[step] = apply_binary(code, a, b, points[step]);
        }
    }
    machine->rows = vector.first + vector.count;
    if (both) {
        /* A number keeps its row even when it has no value, as 1/0. */
        pl_machine_copy(machine, scalar.first, vector.first);
        machine->rows = scalar.first + 1;
        machine->depth = at + 1;
        return;
    }
    pl_machine_replace(machine, at, vector.first);
}

static pl_status ambiguous(const struct pl_machine *machine,
                           const struct pl_promql_code *code,
                           const struct pl_labels *labels)
{
    char text[PL_ERROR_MESSAGE_MAX / 2];
    struct pl_buf out;
    pl_buf_init(&out, text, sizeof(text));
    pl_labels_put(machine->series->intern, labels, &out);
    pl_pos pos = {0, code->column, ""};
    return pl_fail(machine->err,
                   PL_BAD_INPUT,
                   &pos,
                   "Column %u: several series of one side of `%s` have the labels %s; aggregate "
                   "them first, or name more labels.",
                   (unsigned)code->column,
                   pl_grammar_binary(code->detail)->text,
                   text);
}

/*
 * Index the rows of an entry by their key: fresh rows hold the keys, group[key row] the row.
 * Duplicates are an error for arithmetic and harmless for set operators.
 */
static pl_status index_rows(struct pl_machine *machine,
                            const struct pl_promql_code *code,
                            const struct pl_machine_value *value,
                            bool unique)
{
    pl_machine_clear(machine);
    for (uint32_t row = value->first; row < value->first + value->count; row++) {
        struct pl_labels labels = pl_machine_key(machine, code, row, ~UINT64_C(0));
        uint32_t *slot = pl_machine_slot(machine, &labels);
        if (*slot != 0) {
            if (unique) {
                return ambiguous(machine, code, &labels);
            }
            continue;
        }
        uint32_t key = 0;
        if (!pl_machine_row(machine, &key)) {
            return pl_machine_too_many(machine);
        }
        machine->work->labels[key] = labels;
        machine->work->group[key] = row;
        *slot = key + 1;
    }
    return PL_OK;
}

/* Arithmetic and comparisons: the left rows become the result, each taken by one partner. */
static pl_status binary_vectors(struct pl_machine *machine, const struct pl_promql_code *code)
{
    uint32_t at = machine->depth - 2;
    struct pl_machine_value left = machine->stack[at];
    struct pl_machine_value right = machine->stack[at + 1];
    pl_status status = index_rows(machine, code, &right, true);
    if (status != PL_OK) {
        return status;
    }
    uint32_t keys_end = machine->rows;
    bool compares = code->detail >= PL_BIN_GT && code->detail <= PL_BIN_NE && code->as_bool == 0;
    for (uint32_t row = left.first; row < left.first + left.count; row++) {
        struct pl_labels labels = pl_machine_key(machine, code, row, ~UINT64_C(0));
        uint32_t *slot = pl_machine_slot(machine, &labels);
        double *points = pl_machine_points(machine, row);
        const double *partner = NULL;
        if (*slot != 0 && *slot - 1 < keys_end) {
            uint32_t other = machine->work->group[*slot - 1];
            if (other == UINT32_MAX) {
                return ambiguous(machine, code, &labels);
            }
            partner = pl_machine_points(machine, other);
            machine->work->group[*slot - 1] = UINT32_MAX;
        }
        for (uint32_t step = 0; step < machine->grid->count; step++) {
            double b = partner != NULL ? partner[step] : nothing;
            points[step] = apply_binary(code, points[step], b, points[step]);
        }
        if (!compares) {
            machine->work->labels[row] = labels;
        }
    }
    machine->rows = left.first + left.count;
    pl_machine_replace(machine, at, left.first);
    return PL_OK;
}

/* Mark the steps at which a row of the other side with the same key has a value. */
static void find_partners(const struct pl_machine *machine,
                          const struct pl_promql_code *code,
                          const struct pl_machine_value *side,
                          const struct pl_labels *key,
                          bool *found)
{
    memset(found, 0, machine->grid->count * sizeof(*found));
    for (uint32_t row = side->first; row < side->first + side->count; row++) {
        struct pl_labels own = pl_machine_key(machine, code, row, ~UINT64_C(0));
        if (!pl_labels_equal(&own, key)) {
            continue;
        }
        const double *points = pl_machine_points(machine, row);
        for (uint32_t step = 0; step < machine->grid->count; step++) {
            found[step] = found[step] || !isnan(points[step]);
        }
    }
}

/* A row with the labels of one on the left side fills its gaps, so that labels stay unique. */
static void
merge_twin(const struct pl_machine *machine, const struct pl_machine_value *left, uint32_t row)
{
    for (uint32_t i = left->first; i < left->first + left->count; i++) {
        if (!pl_labels_equal(&machine->work->labels[i], &machine->work->labels[row])) {
            continue;
        }
        double *into = pl_machine_points(machine, i);
        double *from = pl_machine_points(machine, row);
        for (uint32_t step = 0; step < machine->grid->count; step++) {
            into[step] = isnan(into[step]) ? from[step] : into[step];
            from[step] = nothing;
        }
        return;
    }
}

/*
 * and, unless: the values of the left side that have, or lack, a partner.
 * or: the left side, and the values of the right side that lack a partner.
 */
static void binary_set(struct pl_machine *machine, const struct pl_promql_code *code)
{
    uint32_t at = machine->depth - 2;
    bool joins = code->detail == PL_BIN_OR;
    struct pl_machine_value left = machine->stack[at];
    struct pl_machine_value right = machine->stack[at + 1];
    const struct pl_machine_value *kept = joins ? &right : &left;
    const struct pl_machine_value *other = joins ? &left : &right;
    for (uint32_t row = kept->first; row < kept->first + kept->count; row++) {
        bool found[PL_PROMQL_STEPS_MAX];
        struct pl_labels key = pl_machine_key(machine, code, row, ~UINT64_C(0));
        find_partners(machine, code, other, &key, found);
        double *points = pl_machine_points(machine, row);
        for (uint32_t step = 0; step < machine->grid->count; step++) {
            bool stays = found[step] == (code->detail == PL_BIN_AND);
            points[step] = stays ? points[step] : nothing;
        }
    }
    for (uint32_t row = right.first; joins && row < right.first + right.count; row++) {
        merge_twin(machine, &left, row);
    }
    /* The two sides lie side by side already. */
    machine->rows = kept->first + kept->count;
    pl_machine_replace(machine, at, left.first);
}

pl_status pl_machine_binary(struct pl_machine *machine, const struct pl_promql_code *code)
{
    if (code->left == PL_TYPE_SCALAR || code->right == PL_TYPE_SCALAR) {
        bool both = code->left == PL_TYPE_SCALAR && code->right == PL_TYPE_SCALAR;
        struct pl_promql_code as_bool = *code;
        as_bool.as_bool = both && code->detail >= PL_BIN_GT ? 1 : code->as_bool;
        binary_with_scalar(machine, &as_bool);
        return PL_OK;
    }
    if (code->detail >= PL_BIN_AND) {
        binary_set(machine, code);
        return PL_OK;
    }
    return binary_vectors(machine, code);
}
