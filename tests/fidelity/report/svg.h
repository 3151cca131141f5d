// SPDX-License-Identifier: Apache-2.0
//
// Plots as SVG text: lines, points with error bars, bars, a legend. One file per plot, no script,
// no font files; colours that differ in brightness too.
#ifndef PL_REPORT_SVG_H
#define PL_REPORT_SVG_H

#include <stdint.h>

enum { PL_PLOT_SERIES_MAX = 8, PL_PLOT_MARKS_MAX = 2048 };

/** Kinds of marks. */
enum pl_mark_kind { PL_MARK_LINE, PL_MARK_POINT, PL_MARK_BAR };

/** One mark in data coordinates. */
struct pl_mark {
    uint32_t kind; /* enum pl_mark_kind */
    uint32_t series;
    double x;
    double y;
    double extra; /* POINT: standard error; BAR: right edge */
};

/** A plot under construction; texts are borrowed. */
struct pl_plot {
    const char *title;
    const char *x_label;
    const char *y_label;
    const char *names[PL_PLOT_SERIES_MAX];
    double x0;
    double x1;
    double y0;
    double y1;
    uint32_t mark_count;
    uint32_t reserved;
    struct pl_mark marks[PL_PLOT_MARKS_MAX];
};

/** Start an empty plot. */
void pl_plot_begin(struct pl_plot *plot,
                   const char *title,
                   const char *x_label,
                   const char *y_label);

/** Set the axes. */
void pl_plot_range(struct pl_plot *plot, double x0, double x1, double y0, double y1);

/** Name a series for the legend. */
void pl_plot_name(struct pl_plot *plot, uint32_t series, const char *name);

/** Add the next point of a line. */
void pl_plot_curve(struct pl_plot *plot, uint32_t series, double x, double y);

/** Add a point with a bar of 4 standard errors to each side. */
void pl_plot_point(struct pl_plot *plot, uint32_t series, double x, double y, double error);

/** Add a grey bar from x0 to x1. */
void pl_plot_bar(struct pl_plot *plot, double x0, double x1, double y);

/** Write the plot; says so on stderr when it cannot. */
void pl_plot_write(const struct pl_plot *plot, const char *folder, const char *name);

#endif
