// SPDX-License-Identifier: Apache-2.0
//
// What a reader takes from a curve: where it is, how far it came, how it moves, since when.
#ifndef PL_JUDGE_CURVE_H
#define PL_JUDGE_CURVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Numbers of one curve in its own unit, means over curves once several were added. */
struct pl_curve {
    double level;     /* mean of the last 5 minutes */
    double baseline;  /* mean of the first third of the window */
    double peak;      /* 95th percentile of the window */
    double slope;     /* of the last third, per 10 minutes, least squares */
    double spread;    /* mean absolute deviation in the last third */
    double calm;      /* the same in the first third */
    double onset_min; /* change point, minutes before the end of the window */
    double step;      /* share of the variance that the change point explains, 0..1 */
    double window_min;
    double missing; /* share of points that are gaps, 0..1 */
    bool has_level; /* there are points in the last 5 minutes */
    bool has_baseline;
    bool has_onset; /* the change point is plain to see */
};

/** Memory of the points while they are measured. */
struct pl_curve_points {
    double *value;  /* value[count]; gaps are left out */
    uint32_t *slot; /* slot[count]: place of the point in the window, rising */
    uint32_t count; /* points that are not gaps */
    uint32_t slots; /* points with gaps */
    double step_s;  /* distance of two slots, above 0 */
    double *sorted; /* room for count numbers */
};

/** Scales on which differences mean the same anywhere. */
enum pl_scale {
    PL_SCALE_PLAIN, /* numbers without a unit: log(x + .5) */
    PL_SCALE_TIME,  /* seconds: log(x + 1 ms) */
    PL_SCALE_RATIO, /* 0..1: logit with .002 on both sides */
    PL_SCALE_RATE,  /* per second: log(x + .05) */
    PL_SCALE_BYTES, /* log(x + 1 MB) */
    PL_SCALE_MINUTE /* moments, in minutes, not bent */
};

/**
 * Measure a curve.
 *
 * @param points  at least one slot; `sorted` is used
 * @param curve   filled
 */
void pl_curve_measure(const struct pl_curve_points *points, struct pl_curve *curve);

/** Scale for a unit as displays print it: `s`, `ratio`, `/s`, `By`, else plain. */
enum pl_scale pl_scale_of_unit(const char *unit, size_t size);

/** A number on its scale; below 0 counts as 0 except for moments. */
double pl_scale_bend(enum pl_scale scale, double value);

/** How much the scale turns an error of `error` at `value` into, to first order. */
double pl_scale_error(enum pl_scale scale, double value, double error);

/**
 * Words for a curve: shape, size and moment in one code for pl_curve_words.
 *
 * @param scale  of the curve's unit
 * @param curve  measured
 */
uint32_t pl_curve_code(enum pl_scale scale, const struct pl_curve *curve);

/**
 * The words, such as `large step up in the last 15 min`.
 *
 * @param code  from pl_curve_code; anything else reads `unknown`
 * @param text  filled, always terminated
 * @param size  bytes of text, at least 1
 */
void pl_curve_words(uint32_t code, char *text, size_t size);

#endif
