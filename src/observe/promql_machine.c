// SPDX-License-Identifier: Apache-2.0
#include "observe/promql_machine.h"

#include "base/check.h"

#include <math.h>
#include <string.h>

static const double nothing = (double)NAN;

double *pl_machine_points(const struct pl_machine *machine, uint32_t row)
{
    return machine->work->points + (size_t)row * machine->grid->count;
}

pl_status pl_machine_too_many(const struct pl_machine *machine)
{
    return pl_fail(machine->err,
                   PL_LIMIT,
                   NULL,
                   "The query touches more than %u series; add label matchers or take a shorter "
                   "window.",
                   (unsigned)machine->row_max);
}

/* Take a row filled with nothing; its labels are empty. */
bool pl_machine_row(struct pl_machine *machine, uint32_t *row)
{
    if (machine->rows == machine->row_max) {
        return false;
    }
    *row = machine->rows;
    machine->rows += 1;
    memset(&machine->work->labels[*row], 0, sizeof(struct pl_labels));
    double *points = pl_machine_points(machine, *row);
    for (uint32_t step = 0; step < machine->grid->count; step++) {
        points[step] = nothing;
    }
    return true;
}

void pl_machine_copy(const struct pl_machine *machine, uint32_t to, uint32_t from)
{
    if (to != from) {
        machine->work->labels[to] = machine->work->labels[from];
        memmove(pl_machine_points(machine, to),
                pl_machine_points(machine, from),
                machine->grid->count * sizeof(double));
    }
}

bool pl_machine_is_empty(const struct pl_machine *machine, uint32_t row)
{
    const double *points = pl_machine_points(machine, row);
    for (uint32_t step = 0; step < machine->grid->count; step++) {
        if (!isnan(points[step])) {
            return false;
        }
    }
    return true;
}

/* Put the rows from `from` on in place of the entry `at`, which becomes the top of the stack. */
void pl_machine_replace(struct pl_machine *machine, uint32_t at, uint32_t from)
{
    struct pl_machine_value *value = &machine->stack[at];
    uint32_t next = value->first;
    for (uint32_t row = from; row < machine->rows; row++) {
        if (!pl_machine_is_empty(machine, row)) {
            pl_machine_copy(machine, next, row);
            next++;
        }
    }
    value->count = next - value->first;
    machine->rows = next;
    machine->depth = at + 1;
}

/* Labels of a row that an operator looks at. */
struct pl_labels pl_machine_key(const struct pl_machine *machine,
                                const struct pl_promql_code *code,
                                uint32_t row,
                                uint64_t mask_without_words)
{
    struct pl_labels labels = machine->work->labels[row];
    uint64_t mask = mask_without_words;
    if (code->has_mask != 0) {
        mask = code->exclude != 0 ? ~code->mask : code->mask;
    }
    pl_labels_keep(&labels, mask);
    return labels;
}

/* Slot of a label set in the table of `count` rows from `first` that stand for groups. */
uint32_t *pl_machine_slot(const struct pl_machine *machine, const struct pl_labels *labels)
{
    uint32_t slot = (uint32_t)(pl_labels_hash(labels) & (PL_PROMQL_SLOTS - 1));
    while (machine->work->slots[slot] != 0 &&
           !pl_labels_equal(&machine->work->labels[machine->work->slots[slot] - 1], labels)) {
        slot = (slot + 1) & (PL_PROMQL_SLOTS - 1);
    }
    return &machine->work->slots[slot];
}

void pl_machine_clear(const struct pl_machine *machine)
{
    memset(machine->work->slots, 0, PL_PROMQL_SLOTS * sizeof(uint32_t));
}

/*
 * Give each row of an entry a group; the groups become new rows with the common labels.
 * group[row] is the group's row.
 */
pl_status pl_machine_groups(struct pl_machine *machine,
                            const struct pl_promql_code *code,
                            const struct pl_machine_value *value,
                            uint64_t mask_without_words)
{
    pl_machine_clear(machine);
    for (uint32_t row = value->first; row < value->first + value->count; row++) {
        struct pl_labels labels = pl_machine_key(machine, code, row, mask_without_words);
        uint32_t *slot = pl_machine_slot(machine, &labels);
        if (*slot == 0) {
            uint32_t group = 0;
            if (!pl_machine_row(machine, &group)) {
                return pl_machine_too_many(machine);
            }
            machine->work->labels[group] = labels;
            *slot = group + 1;
        }
        machine->work->group[row] = *slot - 1;
    }
    return PL_OK;
}
