// SPDX-License-Identifier: Apache-2.0
#include "fidelity/report/svg.h"

#include "base/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 680, HEIGHT = 400, LEFT = 72, RIGHT = 20, TOP = 44, BOTTOM = 56 };

static const char *colours[PL_PLOT_SERIES_MAX] = {
    "#1b4f72", "#d35400", "#1e8449", "#7d3c98", "#b7950b", "#c0392b", "#17a589", "#515a5a"};

void pl_plot_begin(struct pl_plot *plot,
                   const char *title,
                   const char *x_label,
                   const char *y_label)
{
    memset(plot, 0, sizeof *plot);
    plot->title = title;
    plot->x_label = x_label;
    plot->y_label = y_label;
}

void pl_plot_range(struct pl_plot *plot, double x0, double x1, double y0, double y1)
{
    PL_CHECK(x1 > x0 && y1 > y0);
    plot->x0 = x0;
    plot->x1 = x1;
    plot->y0 = y0;
    plot->y1 = y1;
}

void pl_plot_name(struct pl_plot *plot, uint32_t series, const char *name)
{
    PL_CHECK(series < PL_PLOT_SERIES_MAX);
    plot->names[series] = name;
}

static void add(struct pl_plot *plot, struct pl_mark mark)
{
    PL_CHECK(plot->mark_count < PL_PLOT_MARKS_MAX && mark.series < PL_PLOT_SERIES_MAX);
    plot->marks[plot->mark_count++] = mark;
}

void pl_plot_curve(struct pl_plot *plot, uint32_t series, double x, double y)
{
    add(plot, (struct pl_mark){PL_MARK_LINE, series, x, y, 0.0});
}

void pl_plot_point(struct pl_plot *plot, uint32_t series, double x, double y, double error)
{
    add(plot, (struct pl_mark){PL_MARK_POINT, series, x, y, error});
}

void pl_plot_bar(struct pl_plot *plot, double x0, double x1, double y)
{
    add(plot, (struct pl_mark){PL_MARK_BAR, 0, x0, y, x1});
}

static double px(const struct pl_plot *plot, double x)
{
    return LEFT + (x - plot->x0) / (plot->x1 - plot->x0) * (WIDTH - LEFT - RIGHT);
}

static double py(const struct pl_plot *plot, double y)
{
    double kept = fmin(fmax(y, plot->y0), plot->y1);
    return HEIGHT - BOTTOM - (kept - plot->y0) / (plot->y1 - plot->y0) * (HEIGHT - TOP - BOTTOM);
}

/* A step of 1, 2 or 5 times a power of ten that gives four to nine marks. */
static double tick_step(double span)
{
    double step = pow(10.0, floor(log10(span / 4.0)));
    if (span / step > 20.0) {
        return 5.0 * step;
    }
    return span / step > 8.0 ? 2.0 * step : step;
}

static void write_axes(const struct pl_plot *plot, FILE *out)
{
    double step = tick_step(plot->x1 - plot->x0);
    int last = (int)floor(plot->x1 / step + 1e-9);
    for (int i = (int)ceil(plot->x0 / step - 1e-9); i <= last; i++) {
        double x = (double)i * step;
        fprintf(out,
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.4g</text>\n",
                px(plot, x),
                HEIGHT - BOTTOM + 18,
                x);
    }
    step = tick_step(plot->y1 - plot->y0);
    last = (int)floor(plot->y1 / step + 1e-9);
    for (int i = (int)ceil(plot->y0 / step - 1e-9); i <= last; i++) {
        double y = (double)i * step;
        fprintf(out,
                "<path d=\"M%d %.1fH%d\" stroke=\"#dddddd\"/>"
                "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.4g</text>\n",
                LEFT,
                py(plot, y),
                WIDTH - RIGHT,
                LEFT - 8,
                py(plot, y) + 4.0,
                y);
    }
    fprintf(out,
            "<path d=\"M%d %dV%dH%d\" stroke=\"#333333\" fill=\"none\"/>\n",
            LEFT,
            TOP,
            HEIGHT - BOTTOM,
            WIDTH - RIGHT);
    fprintf(out,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n"
            "<text transform=\"translate(18 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n"
            "<text x=\"%d\" y=\"26\" font-size=\"16\" font-weight=\"bold\">%s</text>\n",
            (LEFT + WIDTH - RIGHT) / 2,
            HEIGHT - 14,
            plot->x_label,
            (TOP + HEIGHT - BOTTOM) / 2,
            plot->y_label,
            LEFT,
            plot->title);
}

static void write_line(const struct pl_plot *plot, FILE *out, uint32_t series)
{
    const char *sign = "M";
    for (uint32_t i = 0; i < plot->mark_count; i++) {
        const struct pl_mark *m = &plot->marks[i];
        if (m->kind != PL_MARK_LINE || m->series != series) {
            continue;
        }
        if (*sign == 'M') {
            fprintf(out,
                    "<path fill=\"none\" stroke-width=\"1.8\" stroke=\"%s\" d=\"",
                    colours[series]);
        }
        fprintf(out, "%s%.1f %.1f", sign, px(plot, m->x), py(plot, m->y));
        sign = "L";
    }
    if (*sign == 'L') {
        fprintf(out, "\"/>\n");
    }
}

static void write_mark(const struct pl_plot *plot, FILE *out, const struct pl_mark *m)
{
    if (m->kind == PL_MARK_BAR) {
        fprintf(out,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#d5dbdb\"/>\n",
                px(plot, m->x),
                py(plot, m->y),
                px(plot, m->extra) - px(plot, m->x),
                py(plot, plot->y0) - py(plot, m->y));
        return;
    }
    if (m->kind == PL_MARK_POINT) {
        fprintf(out,
                "<path d=\"M%.1f %.1fV%.1f\" stroke=\"%s\"/>"
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>\n",
                px(plot, m->x),
                py(plot, m->y - 4.0 * m->extra),
                py(plot, m->y + 4.0 * m->extra),
                colours[m->series],
                px(plot, m->x),
                py(plot, m->y),
                5.5 - 1.1 * (double)(m->series < 3 ? m->series : 3), /* equal points stay visible */
                colours[m->series]);
    }
}

static void write_legend(const struct pl_plot *plot, FILE *out)
{
    int y = TOP + 14;
    for (uint32_t s = 0; s < PL_PLOT_SERIES_MAX; s++) {
        if (plot->names[s] == NULL) {
            continue;
        }
        fprintf(out,
                "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"4\" fill=\"%s\"/>"
                "<text x=\"%d\" y=\"%d\">%s</text>\n",
                LEFT + 14,
                y - 6,
                colours[s],
                LEFT + 32,
                y,
                plot->names[s]);
        y += 17;
    }
}

void pl_plot_write(const struct pl_plot *plot, const char *folder, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        fprintf(stderr, "report: %s cannot be written.\n", path);
        return;
    }
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
            "viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#222222\">\n"
            "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
            WIDTH,
            HEIGHT,
            WIDTH,
            HEIGHT,
            plot->title);
    for (uint32_t i = 0; i < plot->mark_count; i++) {
        if (plot->marks[i].kind == PL_MARK_BAR) {
            write_mark(plot, out, &plot->marks[i]);
        }
    }
    write_axes(plot, out);
    for (uint32_t s = 0; s < PL_PLOT_SERIES_MAX; s++) {
        write_line(plot, out, s);
    }
    for (uint32_t i = 0; i < plot->mark_count; i++) {
        if (plot->marks[i].kind == PL_MARK_POINT) {
            write_mark(plot, out, &plot->marks[i]);
        }
    }
    write_legend(plot, out);
    fprintf(out, "</svg>\n");
    if (fclose(out) != 0) {
        fprintf(stderr, "report: %s is not complete.\n", path);
    }
}
