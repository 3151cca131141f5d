// SPDX-License-Identifier: Apache-2.0
//
// Line plots of time series in characters.
//
// With UTF-8 the lines are braille dots, two by four to a cell, and every series carries its own
// mark at intervals and in the legend; without, the mark itself draws the line. So series can be
// told apart without colour.
#ifndef PL_CLI_PLOT_H
#define PL_CLI_PLOT_H

#include "cli/term.h"

#include <stdint.h>

enum {
    PL_PLOT_POINTS_MAX = 4096, /* points of one series that are looked at */
    PL_PLOT_ROWS_MAX = 24
};

/** One line of a plot. */
struct pl_plot_series {
    const char *name;
    const double *points; /* NaN: no sample */
    uint32_t point_count;
};

/** A plot. */
struct pl_plot {
    const char *unit;      /* as in the observation: "s", "By", "1", "{request}/s" */
    double start_s;        /* time of day of the first point, seconds since midnight */
    double step_s;         /* between points, above 0 */
    double objective;      /* drawn as a dashed line; 0: none */
    uint32_t rows;         /* rows of the drawing, 2..PL_PLOT_ROWS_MAX */
    uint32_t series_count; /* 1..PL_TERM_SERIES */
    struct pl_plot_series series[PL_TERM_SERIES];
};

/**
 * Draw a plot with axes and legend.
 *
 * @param term  face
 * @param plot  data, borrowed
 * @param out   appended
 */
void pl_plot_draw(const struct pl_term *term, const struct pl_plot *plot, struct pl_buf *out);

/**
 * Write a value with its unit for a person: `4.8 s`, `12 ms`, `31 %`, `1.2 GiB`, `220 /s`.
 *
 * @param text   filled
 * @param size   bytes of text, at least 24
 * @param value  NaN is written as `-`
 * @param unit   as in the observation
 */
void pl_plot_format(char *text, size_t size, double value, const char *unit);

/**
 * Mark of a series.
 *
 * @param term    face
 * @param series  0..PL_TERM_SERIES-1
 */
const char *pl_plot_mark(const struct pl_term *term, uint32_t series);

/** `HH:MM` of a time of day in seconds; days wrap. `text` has at least 6 bytes. */
void pl_plot_clock(char *text, size_t size, double seconds);

#endif
