// SPDX-License-Identifier: Apache-2.0
#include "judge/curve.h"

#include "base/buf.h"
#include "base/check.h"
#include "base/fmath.h"

#include <math.h>
#include <string.h>

enum { LAST_S = 300, SLOPE_S = 600, ONSET_MIN_POINTS = 8 };

/** Points first..last-1 of the list. */
struct range {
    uint32_t first;
    uint32_t last;
};

static double mean_of(const double *value, struct range range)
{
    double sum = 0.0;
    for (uint32_t i = range.first; i < range.last; i++) {
        sum += value[i];
    }
    return range.last > range.first ? sum / (double)(range.last - range.first) : 0.0;
}

static double deviation_of(const double *value, struct range range)
{
    double mean = mean_of(value, range);
    double sum = 0.0;
    for (uint32_t i = range.first; i < range.last; i++) {
        sum += fabs(value[i] - mean);
    }
    return range.last > range.first ? sum / (double)(range.last - range.first) : 0.0;
}

/** First point at or behind a slot. */
static uint32_t point_at(const struct pl_curve_points *points, uint32_t slot)
{
    uint32_t low = 0;
    uint32_t high = points->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (points->slot[middle] < slot) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/** The rank-th smallest by quickselect; the order of `value` changes. */
static double select_rank(double *value, uint32_t count, uint32_t rank)
{
    uint32_t low = 0;
    uint32_t high = count - 1;
    while (low < high) {
        double pivot = value[low + (high - low) / 2];
        uint32_t left = low;
        uint32_t right = high;
        for (;;) {
            while (value[left] < pivot) {
                left++;
            }
            while (value[right] > pivot) {
                right--;
            }
            if (left >= right) {
                break;
            }
            double swap = value[left];
            value[left++] = value[right];
            value[right--] = swap;
        }
        if (rank <= right) {
            high = right;
        } else {
            low = right + 1;
        }
    }
    return value[low];
}

static double slope_of(const struct pl_curve_points *points, struct range range)
{
    uint32_t count = range.last - range.first;
    if (count < 3) {
        return 0.0;
    }
    double mean = mean_of(points->value, range);
    double mean_slot = 0.0;
    for (uint32_t i = range.first; i < range.last; i++) {
        mean_slot += (double)points->slot[i];
    }
    mean_slot /= (double)count;
    double covariance = 0.0;
    double variance = 0.0;
    for (uint32_t i = range.first; i < range.last; i++) {
        double distance = (double)points->slot[i] - mean_slot;
        covariance += distance * (points->value[i] - mean);
        variance += distance * distance;
    }
    return variance > 0.0 ? covariance / variance * ((double)SLOPE_S / points->step_s) : 0.0;
}

/** Two levels with one step between them, by least squares over all places of the step. */
static void find_onset(const struct pl_curve_points *points, struct pl_curve *curve)
{
    uint32_t count = points->count;
    if (count < ONSET_MIN_POINTS) {
        return;
    }
    double mean = mean_of(points->value, (struct range){0, count});
    double total = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        total += (points->value[i] - mean) * (points->value[i] - mean);
    }
    double best = 0.0;
    double sum = 0.0;
    uint32_t best_at = 0;
    for (uint32_t i = 1; i < count; i++) {
        sum += points->value[i - 1] - mean;
        double explained = sum * sum * (double)count / ((double)i * (double)(count - i));
        if (i >= 2 && i + 2 <= count && explained > best) {
            best = explained;
            best_at = i;
        }
    }
    if (total <= 0.0 || best_at == 0) {
        return;
    }
    double before = mean_of(points->value, (struct range){0, best_at});
    double after = mean_of(points->value, (struct range){best_at, count});
    double size = fabs(after - before);
    curve->step = best / total;
    curve->has_onset = curve->step > 0.35 && size > 0.15 * fabs(before);
    curve->onset_min = (double)(points->slots - points->slot[best_at]) * points->step_s / 60.0;
}

void pl_curve_measure(const struct pl_curve_points *points, struct pl_curve *curve)
{
    PL_CHECK(points->slots >= 1 && points->count <= points->slots && points->step_s > 0.0);
    *curve = (struct pl_curve){0};
    uint32_t count = points->count;
    uint32_t third = points->slots / 3 > 0 ? points->slots / 3 : 1;
    double last_slots = (double)LAST_S / points->step_s;
    uint32_t last = last_slots >= (double)points->slots ? points->slots : (uint32_t)last_slots;
    last = last > 0 ? last : 1;
    struct range first_third = {0, point_at(points, third)};
    struct range last_third = {point_at(points, points->slots - third), count};
    struct range ending = {point_at(points, points->slots - last), count};
    curve->window_min = (double)points->slots * points->step_s / 60.0;
    curve->missing = 1.0 - (double)count / (double)points->slots;
    curve->has_level = ending.last > ending.first;
    curve->has_baseline = first_third.last > first_third.first;
    curve->level = mean_of(points->value, ending);
    curve->baseline = mean_of(points->value, first_third);
    curve->slope = slope_of(points, last_third);
    curve->spread = deviation_of(points->value, last_third);
    curve->calm = deviation_of(points->value, first_third);
    if (count > 0) {
        memcpy(points->sorted, points->value, count * sizeof points->value[0]);
        curve->peak = select_rank(points->sorted, count, (count - 1) * 95 / 100);
    }
    find_onset(points, curve);
}

enum pl_scale pl_scale_of_unit(const char *unit, size_t size)
{
    pl_slice slice = {.data = unit, .size = size};
    if (pl_slice_equal(slice, pl_slice_of("s"))) {
        return PL_SCALE_TIME;
    }
    if (pl_slice_equal(slice, pl_slice_of("ratio"))) {
        return PL_SCALE_RATIO;
    }
    if (pl_slice_equal(slice, pl_slice_of("By"))) {
        return PL_SCALE_BYTES;
    }
    return size >= 2 && memcmp(unit + size - 2, "/s", 2) == 0 ? PL_SCALE_RATE : PL_SCALE_PLAIN;
}

static double offset_of(enum pl_scale scale)
{
    switch (scale) {
    case PL_SCALE_TIME:
        return 0.001;
    case PL_SCALE_RATIO:
        return 0.002;
    case PL_SCALE_RATE:
        return 0.05;
    case PL_SCALE_BYTES:
        return 1e6;
    case PL_SCALE_PLAIN:
    case PL_SCALE_MINUTE:
    default:
        return 0.5;
    }
}

double pl_scale_bend(enum pl_scale scale, double value)
{
    if (scale == PL_SCALE_MINUTE) {
        return value;
    }
    double offset = offset_of(scale);
    value = value > 0.0 ? value : 0.0;
    if (scale == PL_SCALE_RATIO) {
        value = value < 1.0 ? value : 1.0;
        return pl_log((value + offset) / (1.0 - value + offset));
    }
    return pl_log(value + offset);
}

double pl_scale_error(enum pl_scale scale, double value, double error)
{
    if (scale == PL_SCALE_MINUTE) {
        return error;
    }
    double offset = offset_of(scale);
    value = value > 0.0 ? value : 0.0;
    if (scale == PL_SCALE_RATIO) {
        value = value < 1.0 ? value : 1.0;
        return error * (1.0 / (value + offset) + 1.0 / (1.0 - value + offset));
    }
    return error / (value + offset);
}

enum shape { FLAT, SPIKE, UNEASY, STEP_UP, STEP_DOWN, RAMP_UP, RAMP_DOWN, SHAPE_COUNT };

static enum shape shape_of(const struct pl_curve *curve, double rise, double high)
{
    if (fabs(rise) < 0.15) {
        if (high > 0.5) {
            return SPIKE;
        }
        return curve->spread > 2.0 * curve->calm && curve->spread > 0.2 * curve->level ? UNEASY
                                                                                       : FLAT;
    }
    bool step = curve->has_onset && curve->step > 0.7;
    if (step) {
        return rise > 0.0 ? STEP_UP : STEP_DOWN;
    }
    return rise > 0.0 ? RAMP_UP : RAMP_DOWN;
}

uint32_t pl_curve_code(enum pl_scale scale, const struct pl_curve *curve)
{
    if (!curve->has_level || !curve->has_baseline) {
        return curve->has_level ? STEP_UP + 2U * SHAPE_COUNT : FLAT;
    }
    double ground = pl_scale_bend(scale, curve->baseline);
    double rise = pl_scale_bend(scale, curve->level) - ground;
    double high = pl_scale_bend(scale, curve->peak) - ground;
    enum shape shape = shape_of(curve, rise, high);
    if (shape == FLAT) {
        return FLAT;
    }
    double extent = fabs(rise) > high ? fabs(rise) : high;
    uint32_t size = extent < 0.5 ? 0 : (extent < 1.2 ? 1 : 2);
    uint32_t when = 0;
    if (curve->has_onset) {
        when = curve->onset_min < 5.0 ? 3 : (curve->onset_min < 15.0 ? 2 : 1);
    }
    return (uint32_t)shape + SHAPE_COUNT * size + SHAPE_COUNT * 3U * when;
}

void pl_curve_words(uint32_t code, char *text, size_t size)
{
    static const char *const shapes[SHAPE_COUNT] = {
        "flat", "spike", "uneasy", "step up", "step down", "ramp up", "ramp down"};
    static const char *const sizes[] = {"small ", "medium ", "large "};
    static const char *const moments[] = {
        "", " more than 15 min ago", " in the last 15 min", " in the last 5 min"};
    struct pl_buf buf;
    pl_buf_init(&buf, text, size);
    uint32_t shape = code % SHAPE_COUNT;
    if (code >= SHAPE_COUNT * 12U) {
        pl_buf_puts(&buf, "unknown");
        return;
    }
    pl_buf_puts(&buf, shape == FLAT ? "" : sizes[code / SHAPE_COUNT % 3]);
    pl_buf_puts(&buf, shapes[shape]);
    pl_buf_puts(&buf, moments[code / SHAPE_COUNT / 3]);
}
