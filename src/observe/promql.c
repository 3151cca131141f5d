// SPDX-License-Identifier: Apache-2.0
#include "observe/promql.h"

#include "base/check.h"
#include "observe/promql_binary.h"
#include "observe/promql_machine.h"
#include "observe/promql_rate.h"
#include "observe/series_read.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define LOOKBACK_NS (INT64_C(300) * 1000000000)

enum { BUCKETS_MAX = 32, TOP_MAX = 64 };

static const double nothing = (double)NAN;

static size_t round16(size_t size)
{
    return (size + 15) & ~(size_t)15;
}

size_t pl_promql_work_size(uint32_t sample_max)
{
    return round16(PL_PROMQL_ROWS_MAX * sizeof(struct pl_labels)) +
           round16(PL_PROMQL_POINTS_MAX * sizeof(double)) +
           round16((size_t)sample_max * sizeof(double)) +
           round16(PL_PROMQL_SLOTS * sizeof(uint32_t)) +
           round16(PL_PROMQL_ROWS_MAX * sizeof(uint32_t));
}

void pl_promql_work_init(struct pl_promql_work *work, void *memory, uint32_t sample_max)
{
    PL_CHECK(((uintptr_t)memory & 15) == 0);
    unsigned char *next = memory;
    work->labels = (struct pl_labels *)(void *)next;
    next += round16(PL_PROMQL_ROWS_MAX * sizeof(struct pl_labels));
    work->points = (double *)(void *)next;
    next += round16(PL_PROMQL_POINTS_MAX * sizeof(double));
    work->column = (double *)(void *)next;
    next += round16((size_t)sample_max * sizeof(double));
    work->slots = (uint32_t *)(void *)next;
    next += round16(PL_PROMQL_SLOTS * sizeof(uint32_t));
    work->group = (uint32_t *)(void *)next;
    work->sample_max = sample_max;
    work->reserved = 0;
}
/* ---- Selecting ---- */

struct selection {
    struct pl_machine *machine;
    const struct pl_selector *selector;
    uint32_t function; /* PL_FN_COUNT: instant */
    uint32_t is_full;
};

static bool matches(const struct pl_series *series,
                    const struct pl_matcher *matcher,
                    const struct pl_labels *labels)
{
    pl_slice word = pl_slice_of(pl_intern_word(series->intern, labels->value[matcher->key]));
    switch ((enum pl_match_op)matcher->op) {
    case PL_MATCH_EQUAL:
        return pl_slice_equal(word, pl_slice_of(matcher->value));
    case PL_MATCH_NOT_EQUAL:
        return !pl_slice_equal(word, pl_slice_of(matcher->value));
    case PL_MATCH_PATTERN:
        return pl_pattern_match(&matcher->pattern, word);
    case PL_MATCH_NOT_PATTERN:
        return !pl_pattern_match(&matcher->pattern, word);
    }
    return false;
}

/* Samples back from a step that a selector may look at, at least 1. */
static uint32_t window_samples(const struct pl_series *series, int64_t range_ns)
{
    int64_t samples = (range_ns + series->interval_ns - 1) / series->interval_ns;
    return samples < 1 ? 1 : (samples < UINT32_MAX / 2 ? (uint32_t)samples : UINT32_MAX / 2);
}

/* Value at a sample for an instant selector: the newest within the lookback. */
static double instant_value(const double *column, uint32_t index, uint32_t window)
{
    for (uint32_t back = 0; back < window && back <= index; back++) {
        if (!isnan(column[index - back])) {
            return column[index - back];
        }
    }
    return nothing;
}

/* Fill a row from the column of samples base..; `index` is relative to base. */
static void fill_row(const struct selection *selection,
                     const struct pl_series_ref *ref,
                     double *points,
                     uint32_t base)
{
    const struct pl_machine *machine = selection->machine;
    const struct pl_series *series = machine->series;
    const struct pl_selector *selector = selection->selector;
    uint32_t offset =
        (uint32_t)((selector->offset_ns + series->interval_ns / 2) / series->interval_ns);
    bool instant = selection->function == PL_FN_COUNT;
    uint32_t window = window_samples(series, instant ? LOOKBACK_NS : selector->range_ns);
    uint32_t last = UINT32_MAX;
    if (ref->instance != PL_NONE && instant) {
        last = series->fleet->instances[ref->instance].last; /* a pod that is gone is gone */
    }
    for (uint32_t step = 0; step < machine->grid->count; step++) {
        uint32_t sample = machine->grid->first + step * machine->grid->stride;
        if (sample < offset + base || sample - offset > last) {
            continue;
        }
        uint32_t index = sample - offset - base;
        if (instant) {
            points[step] = instant_value(machine->work->column, index, window);
            continue;
        }
        uint32_t from = index + 1 > window ? index + 1 - window : 0;
        struct pl_range range = {
            machine->work->column + from,
            index + 1 - from,
            (double)series->interval_ns * 1e-9,
            (double)selector->range_ns * 1e-9,
        };
        points[step] = pl_range_apply(selection->function, &range);
    }
}

static bool
select_one(void *context, const struct pl_labels *labels, const struct pl_series_ref *ref)
{
    struct selection *selection = context;
    struct pl_machine *machine = selection->machine;
    const struct pl_selector *selector = selection->selector;
    for (uint32_t i = 0; i < selector->matcher_count; i++) {
        if (!matches(machine->series, &selector->matchers[i], labels)) {
            return true;
        }
    }
    const struct pl_promql_grid *grid = machine->grid;
    uint32_t newest = grid->first + (grid->count - 1) * grid->stride;
    int64_t reach_ns = selection->function == PL_FN_COUNT ? LOOKBACK_NS : selector->range_ns;
    int64_t back_ns = selector->offset_ns + machine->series->interval_ns;
    uint32_t back = window_samples(machine->series, reach_ns);
    uint32_t offset = window_samples(machine->series, back_ns);
    uint32_t reach = back < UINT32_MAX - offset ? back + offset : UINT32_MAX;
    uint32_t base = grid->first > reach ? grid->first - reach : 0;
    uint32_t row = 0;
    if (!pl_machine_row(machine, &row)) {
        selection->is_full = 1;
        return false;
    }
    pl_series_read(machine->series, ref, base, newest - base + 1, machine->work->column);
    machine->work->labels[row] = *labels;
    fill_row(selection, ref, pl_machine_points(machine, row), base);
    if (pl_machine_is_empty(machine, row)) {
        machine->rows -= 1;
    }
    return true;
}

/*
 * True when the rates that `code` computes are only summed up over pods: then the twins of a
 * simulated pod need not be told apart, which saves most of the work and changes nothing but
 * single lost scrapes.
 */
static bool sums_over_pods(const struct pl_machine *machine, uint32_t selector, uint32_t function)
{
    const struct pl_promql_code *next = machine->code + 1;
    const struct pl_selector *from = &machine->program->selectors[selector];
    bool is_sum = (function == PL_FN_RATE || function == PL_FN_INCREASE) &&
                  machine->code + 1 < machine->program->code + machine->program->code_count &&
                  next->op == PL_PROMQL_AGGREGATE && next->detail == PL_AGG_SUM &&
                  next->exclude == 0 && (next->mask & pl_label_bit(PL_KEY_POD)) == 0;
    for (uint32_t i = 0; i < from->matcher_count; i++) {
        is_sum = is_sum && from->matchers[i].key != PL_KEY_POD;
    }
    uint32_t type = pl_family_def(from->name.family)->type;
    return is_sum && type != PL_METRIC_GAUGE && from->name.family != PL_M_RESTARTS;
}

/* Push the rows of a selector under a function. */
static pl_status select_rows(struct pl_machine *machine, uint32_t selector, uint32_t function)
{
    struct selection selection = {machine, &machine->program->selectors[selector], function, 0};
    struct pl_machine_value value = {machine->rows, 0, selector};
    enum pl_series_grain grain =
        sums_over_pods(machine, selector, function) ? PL_GRAIN_SLICES : PL_GRAIN_PODS;
    pl_series_visit(machine->series, selection.selector->name, grain, select_one, &selection);
    if (selection.is_full != 0) {
        return pl_machine_too_many(machine);
    }
    value.count = machine->rows - value.first;
    machine->stack[machine->depth] = value;
    machine->depth += 1;
    return PL_OK;
}

/* ---- Aggregations ---- */

static double combine(uint32_t aggregation, double so_far, double value)
{
    if (isnan(so_far)) {
        return aggregation == PL_AGG_COUNT ? 1.0 : value;
    }
    switch (aggregation) {
    case PL_AGG_MAX:
        return value > so_far ? value : so_far;
    case PL_AGG_MIN:
        return value < so_far ? value : so_far;
    case PL_AGG_COUNT:
        return so_far + 1.0;
    default:
        return so_far + value;
    }
}

static void accumulate(const struct pl_machine *machine,
                       const struct pl_machine_value *value,
                       uint32_t aggregation)
{
    for (uint32_t row = value->first; row < value->first + value->count; row++) {
        const double *from = pl_machine_points(machine, row);
        double *into = pl_machine_points(machine, machine->work->group[row]);
        for (uint32_t step = 0; step < machine->grid->count; step++) {
            if (!isnan(from[step])) {
                into[step] = combine(aggregation, into[step], from[step]);
            }
        }
    }
}

static pl_status aggregate(struct pl_machine *machine, const struct pl_promql_code *code)
{
    uint32_t at = machine->depth - 1;
    struct pl_machine_value value = machine->stack[at];
    uint32_t first = machine->rows;
    pl_status status = pl_machine_groups(machine, code, &value, 0);
    if (status != PL_OK) {
        return status;
    }
    accumulate(machine, &value, code->detail == PL_AGG_AVG ? PL_AGG_SUM : code->detail);
    if (code->detail == PL_AGG_AVG) {
        /* Count into a second set of rows, then divide. */
        uint32_t groups = machine->rows - first;
        for (uint32_t i = 0; i < groups; i++) {
            uint32_t row = 0;
            if (!pl_machine_row(machine, &row)) {
                return pl_machine_too_many(machine);
            }
        }
        for (uint32_t row = value.first; row < value.first + value.count; row++) {
            machine->work->group[row] += groups;
        }
        accumulate(machine, &value, PL_AGG_COUNT);
        for (uint32_t i = 0; i < groups; i++) {
            double *sum = pl_machine_points(machine, first + i);
            const double *count = pl_machine_points(machine, first + groups + i);
            for (uint32_t step = 0; step < machine->grid->count; step++) {
                sum[step] /= count[step];
            }
        }
        machine->rows -= groups;
    }
    pl_machine_replace(machine, at, first);
    return PL_OK;
}

/* The best rows of a group at one step, best first. */
struct ranking {
    uint32_t rows[TOP_MAX + 1];
    uint32_t count;
    uint32_t wanted;
    bool highest;
};

/* Let a row compete; whoever falls out of the ranking loses its value at this step. */
static void
compete(const struct pl_machine *machine, struct ranking *ranking, uint32_t row, uint32_t step)
{
    double own = pl_machine_points(machine, row)[step];
    uint32_t at = ranking->count;
    while (at > 0) {
        double other = pl_machine_points(machine, ranking->rows[at - 1])[step];
        if (ranking->highest ? own <= other : own >= other) {
            break;
        }
        ranking->rows[at] = ranking->rows[at - 1];
        at--;
    }
    ranking->rows[at] = row;
    ranking->count += 1;
    if (ranking->count > ranking->wanted) {
        ranking->count = ranking->wanted;
        pl_machine_points(machine, ranking->rows[ranking->count])[step] = nothing;
    }
}

/* Keep the k best rows of each group at each step. */
static void keep_best(const struct pl_machine *machine,
                      const struct pl_machine_value *value,
                      uint32_t group,
                      double k,
                      bool highest)
{
    uint32_t wanted = k >= TOP_MAX ? TOP_MAX : (k >= 1.0 ? (uint32_t)k : 0);
    for (uint32_t step = 0; step < machine->grid->count; step++) {
        struct ranking ranking = {.wanted = wanted, .highest = highest};
        for (uint32_t row = value->first; row < value->first + value->count; row++) {
            if (machine->work->group[row] == group &&
                !isnan(pl_machine_points(machine, row)[step])) {
                compete(machine, &ranking, row, step);
            }
        }
    }
}

static pl_status rank(struct pl_machine *machine, const struct pl_promql_code *code)
{
    uint32_t at = machine->depth - 2;
    struct pl_machine_value value = machine->stack[at + 1];
    uint32_t first = machine->rows;
    pl_status status = pl_machine_groups(machine, code, &value, 0);
    if (status != PL_OK) {
        return status;
    }
    double k = pl_machine_points(machine, machine->stack[at].first)[0];
    for (uint32_t group = first; group < machine->rows; group++) {
        keep_best(machine, &value, group, k, code->detail == PL_AGG_TOPK);
    }
    machine->rows = first;
    pl_machine_replace(machine, at, value.first);
    return PL_OK;
}

/* ---- Quantiles ---- */

double pl_promql_quantile(double q, const double *bounds, const double *counts, uint32_t count)
{
    PL_CHECK(count >= 2);
    double all = counts[count - 1];
    if (isnan(all) || all <= 0.0 || isnan(q)) {
        return nothing;
    }
    double rank_wanted = q * all;
    uint32_t bucket = 0;
    while (bucket < count - 1 && counts[bucket] < rank_wanted) {
        bucket++;
    }
    if (bucket == count - 1) {
        return bounds[count - 2];
    }
    double low = bucket == 0 ? 0.0 : bounds[bucket - 1];
    double below = bucket == 0 ? 0.0 : counts[bucket - 1];
    double inside = counts[bucket] - below;
    return inside <= 0.0 ? low : low + (bounds[bucket] - low) * ((rank_wanted - below) / inside);
}

/* Number of a bucket's bound as written in the label le. */
static double bound_of(const struct pl_machine *machine, uint32_t row)
{
    static const double values[] = {0.005,
                                    0.01,
                                    0.025,
                                    0.05,
                                    0.075,
                                    0.1,
                                    0.25,
                                    0.5,
                                    0.75,
                                    1.0,
                                    2.5,
                                    5.0,
                                    7.5,
                                    10.0,
                                    (double)INFINITY};
    uint16_t word = machine->work->labels[row].value[PL_KEY_LE];
    const struct pl_series_words *words = &machine->series->words;
    for (uint32_t i = 0; i < PL_HTTP_BUCKETS; i++) {
        if (words->http_le[i] == word) {
            return values[i];
        }
    }
    /* The only bound of the database buckets that the others do not have. */
    return words->db_le[0] == word && word != 0 ? 0.001 : nothing;
}

/* Rows of one group in ascending order of their bounds; returns how many. */
static uint32_t sorted_buckets(const struct pl_machine *machine,
                               const struct pl_machine_value *value,
                               uint32_t group,
                               uint32_t *rows,
                               double *bounds)
{
    uint32_t count = 0;
    for (uint32_t row = value->first; row < value->first + value->count; row++) {
        double bound = bound_of(machine, row);
        if (machine->work->group[row] != group || isnan(bound) || count == BUCKETS_MAX) {
            continue;
        }
        uint32_t at = count;
        while (at > 0 && bounds[at - 1] > bound) {
            bounds[at] = bounds[at - 1];
            rows[at] = rows[at - 1];
            at--;
        }
        bounds[at] = bound;
        rows[at] = row;
        count++;
    }
    return count;
}

static pl_status quantile(struct pl_machine *machine, const struct pl_promql_code *code)
{
    uint32_t at = machine->depth - 2;
    struct pl_machine_value value = machine->stack[at + 1];
    const double *q = pl_machine_points(machine, machine->stack[at].first);
    uint32_t first = machine->rows;
    struct pl_promql_code without_le = *code;
    without_le.has_mask = 0;
    pl_status status = pl_machine_groups(machine, &without_le, &value, ~pl_label_bit(PL_KEY_LE));
    if (status != PL_OK) {
        return status;
    }
    for (uint32_t group = first; group < machine->rows; group++) {
        uint32_t rows[BUCKETS_MAX];
        double bounds[BUCKETS_MAX];
        double counts[BUCKETS_MAX];
        uint32_t count = sorted_buckets(machine, &value, group, rows, bounds);
        for (uint32_t step = 0; step < machine->grid->count && count >= 2; step++) {
            double highest = 0.0;
            for (uint32_t i = 0; i < count; i++) {
                /* Scrapes are not atomic: a bucket may seem to have less than the one below. */
                double own = pl_machine_points(machine, rows[i])[step];
                highest = own > highest ? own : highest;
                counts[i] = isnan(own) && i == count - 1 ? nothing : highest;
            }
            pl_machine_points(machine, group)[step] =
                pl_promql_quantile(q[step], bounds, counts, count);
        }
    }
    pl_machine_replace(machine, at, first);
    return PL_OK;
}

/* ---- Other functions ---- */

static double apply_simple(uint32_t function, double x, double argument)
{
    switch (function) {
    case PL_FN_ABS:
        return fabs(x);
    case PL_FN_CEIL:
        return ceil(x);
    case PL_FN_FLOOR:
        return floor(x);
    case PL_FN_ROUND:
        return argument > 0.0 ? floor(x / argument + 0.5) * argument : nothing;
    case PL_FN_SQRT:
        return x >= 0.0 ? sqrt(x) : nothing;
    case PL_FN_CLAMP_MIN:
        return x < argument ? argument : x;
    case PL_FN_CLAMP_MAX:
        return x > argument ? argument : x;
    default:
        return x; /* sort: rows keep their order over a window */
    }
}

static pl_status absent(struct pl_machine *machine)
{
    uint32_t at = machine->depth - 1;
    struct pl_machine_value value = machine->stack[at];
    uint32_t row = 0;
    if (!pl_machine_row(machine, &row)) {
        return pl_machine_too_many(machine);
    }
    double *points = pl_machine_points(machine, row);
    for (uint32_t step = 0; step < machine->grid->count; step++) {
        bool found = false;
        for (uint32_t i = value.first; i < value.first + value.count; i++) {
            found = found || !isnan(pl_machine_points(machine, i)[step]);
        }
        points[step] = found ? nothing : 1.0;
    }
    pl_machine_replace(machine, at, row);
    return PL_OK;
}

static pl_status call(struct pl_machine *machine, const struct pl_promql_code *code)
{
    if (code->detail <= PL_FN_LAST_OVER_TIME) {
        machine->depth -= 1;
        return select_rows(machine, machine->stack[machine->depth].selector, code->detail);
    }
    if (code->detail == PL_FN_HISTOGRAM_QUANTILE) {
        return quantile(machine, code);
    }
    if (code->detail == PL_FN_ABSENT) {
        return absent(machine);
    }
    uint32_t at = machine->depth - code->args;
    struct pl_machine_value value = machine->stack[at];
    double argument =
        code->args == 2 ? pl_machine_points(machine, machine->stack[at + 1].first)[0] : 1.0;
    for (uint32_t row = value.first; row < value.first + value.count; row++) {
        double *points = pl_machine_points(machine, row);
        for (uint32_t step = 0; step < machine->grid->count; step++) {
            points[step] = apply_simple(code->detail, points[step], argument);
        }
    }
    machine->rows = value.first + value.count;
    machine->depth = at + 1;
    return PL_OK;
}
/* ---- The machine ---- */

static pl_status push_number(struct pl_machine *machine, double number)
{
    uint32_t row = 0;
    if (!pl_machine_row(machine, &row)) {
        return pl_machine_too_many(machine);
    }
    for (uint32_t step = 0; step < machine->grid->count; step++) {
        pl_machine_points(machine, row)[step] = number;
    }
    machine->stack[machine->depth] = (struct pl_machine_value){row, 1, 0};
    machine->depth += 1;
    return PL_OK;
}

static void negate(const struct pl_machine *machine)
{
    const struct pl_machine_value *value = &machine->stack[machine->depth - 1];
    for (uint32_t row = value->first; row < value->first + value->count; row++) {
        double *points = pl_machine_points(machine, row);
        for (uint32_t step = 0; step < machine->grid->count; step++) {
            points[step] = -points[step];
        }
    }
}

static pl_status step_once(struct pl_machine *machine, const struct pl_promql_code *code)
{
    switch ((enum pl_promql_op)code->op) {
    case PL_PROMQL_NUMBER:
        return push_number(machine, code->number);
    case PL_PROMQL_SELECT:
        if (machine->program->selectors[code->detail].range_ns > 0) {
            machine->stack[machine->depth] =
                (struct pl_machine_value){machine->rows, 0, code->detail};
            machine->depth += 1;
            return PL_OK;
        }
        return select_rows(machine, code->detail, PL_FN_COUNT);
    case PL_PROMQL_NEGATE:
        negate(machine);
        return PL_OK;
    case PL_PROMQL_BINARY:
        return pl_machine_binary(machine, code);
    case PL_PROMQL_CALL:
        return call(machine, code);
    case PL_PROMQL_AGGREGATE:
        if (code->detail == PL_AGG_TOPK || code->detail == PL_AGG_BOTTOMK) {
            return rank(machine, code);
        }
        return aggregate(machine, code);
    }
    return PL_OK;
}

pl_status pl_promql_eval(const struct pl_series *series,
                         const struct pl_promql *program,
                         const struct pl_promql_grid *grid,
                         struct pl_promql_work *work,
                         struct pl_promql_result *result,
                         pl_error *err)
{
    PL_CHECK(series != NULL && program != NULL && result != NULL);
    PL_CHECK(grid->count >= 1 && grid->count <= PL_PROMQL_STEPS_MAX && grid->stride >= 1);
    PL_CHECK(grid->first + (grid->count - 1) * grid->stride < pl_tracks_count(series->tracks));
    struct pl_machine machine = {
        .series = series, .program = program, .grid = grid, .work = work, .err = err};
    machine.row_max = PL_PROMQL_POINTS_MAX / grid->count;
    machine.row_max = machine.row_max < PL_PROMQL_ROWS_MAX ? machine.row_max : PL_PROMQL_ROWS_MAX;
    for (uint32_t i = 0; i < program->code_count; i++) {
        machine.code = &program->code[i];
        pl_status status = step_once(&machine, machine.code);
        if (status != PL_OK) {
            return status;
        }
    }
    PL_CHECK(machine.depth == 1);
    *result = (struct pl_promql_result){
        .row_count = machine.stack[0].count,
        .steps = grid->count,
        .is_scalar = program->type == PL_TYPE_SCALAR ? 1 : 0,
        .labels = work->labels + machine.stack[0].first,
        .points = work->points + (size_t)machine.stack[0].first * grid->count,
    };
    return PL_OK;
}
