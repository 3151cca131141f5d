// SPDX-License-Identifier: Apache-2.0
#include "judge/feature_panel.h"

#include "base/fmath.h"
#include "judge/fold.h"

#include <math.h>
#include <string.h>

static const double of_axis = 0.025; /* position judged against the axis */
static const double of_value = 0.05;
static const double of_window = 0.02;
static const double separated = 0.15; /* ratio of two separated lengths */

/** Read points; the largest one widens the axis. */
static void read_points(struct pl_feature_writer *writer,
                        struct pl_scan *scan,
                        struct pl_curve_points *points,
                        double *largest)
{
    struct pl_feature_scratch *scratch = writer->scratch;
    points->value = scratch->points;
    points->slot = scratch->slots;
    points->sorted = scratch->sorted;
    if (!pl_scan_enter(scan, PL_SCAN_ARRAY)) {
        pl_scan_skip(scan);
        return;
    }
    while (pl_scan_item(scan)) {
        bool number = pl_scan_peek(scan) == PL_SCAN_NUMBER;
        bool fits = points->slots < PL_FEATURE_POINTS_MAX;
        if (number && fits) {
            double value = pl_scan_number(scan);
            *largest = value > *largest ? value : *largest;
            points->value[points->count] = value;
            points->slot[points->count++] = points->slots;
        } else {
            pl_scan_skip(scan);
        }
        points->slots += fits ? 1 : 0;
    }
}

static void merge(struct pl_feature_group *group, const struct pl_curve *curve)
{
    // Sums here, means when it is written; flags by majority.
    struct pl_curve *sum = &group->curve;
    sum->level += curve->level;
    sum->baseline += curve->baseline;
    sum->peak += curve->peak;
    sum->slope += curve->slope;
    sum->spread += curve->spread;
    sum->calm += curve->calm;
    sum->step += curve->step;
    sum->missing += curve->missing;
    sum->window_min = curve->window_min;
    sum->onset_min += curve->has_onset ? curve->onset_min : 0.0;
    sum->has_level = sum->has_level || curve->has_level;
    sum->has_baseline = sum->has_baseline || curve->has_baseline;
    group->onsets += curve->has_onset ? 1 : 0;
    group->top = group->count == 0 || curve->level > group->top ? curve->level : group->top;
    group->total += curve->level;
    group->count++;
}

static struct pl_curve mean_curve(const struct pl_feature_group *group)
{
    struct pl_curve curve = group->curve;
    double count = (double)group->count;
    curve.level /= count;
    curve.baseline /= count;
    curve.peak /= count;
    curve.slope /= count;
    curve.spread /= count;
    curve.calm /= count;
    curve.step /= count;
    curve.missing /= count;
    curve.has_onset = 2 * group->onsets > group->count;
    curve.onset_min = group->onsets > 0 ? curve.onset_min / (double)group->onsets : 0.0;
    return curve;
}

static void add_present(struct pl_feature_writer *writer,
                        const struct pl_feature_group *group,
                        enum pl_feature_about about)
{
    struct pl_feature_item item = {.kind = PL_FEATURE_PRESENT, .about = about, .value = 1.0};
    pl_feature_writer_add(writer, group, &item);
}

static void add_level(struct pl_feature_writer *writer,
                      const struct pl_feature_group *group,
                      enum pl_feature_about about,
                      double value,
                      double sd)
{
    struct pl_feature_item item = {
        .kind = PL_FEATURE_LEVEL, .about = about, .value = value, .sd = sd};
    pl_feature_writer_add(writer, group, &item);
}

/** How far off a reader is at this height of the axis, on the scale. */
static double reading_error(enum pl_scale scale, double value, double largest)
{
    double error = of_axis * largest;
    error = error > of_value * value ? error : of_value * value;
    return pl_scale_error(scale, value, error);
}

static double share_bend(double share)
{
    share = share > 0.0 ? (share < 1.0 ? share : 1.0) : 0.0;
    return pl_log((share + 0.02) / (1.02 - share));
}

/** What needs both ends of the window. */
static void write_motion(struct pl_feature_writer *writer,
                         const struct pl_feature_group *group,
                         const struct pl_curve *curve,
                         enum pl_scale scale,
                         double largest)
{
    double ground = pl_scale_bend(scale, curve->baseline);
    double ground_error = reading_error(scale, curve->baseline, largest);
    double level_error = reading_error(scale, curve->level, largest);
    double peak_error = reading_error(scale, curve->peak, largest);
    add_present(writer, group, PL_ABOUT_WHOLE);
    add_level(writer,
              group,
              PL_ABOUT_RISE,
              pl_scale_bend(scale, curve->level) - ground,
              sqrt(level_error * level_error + ground_error * ground_error));
    add_level(writer,
              group,
              PL_ABOUT_PEAK,
              pl_scale_bend(scale, curve->peak) - ground,
              sqrt(peak_error * peak_error + ground_error * ground_error));
    double unit = pl_scale_error(scale, curve->level, 1.0);
    double ratio = pl_log((curve->spread * unit + 0.05) / (curve->calm * unit + 0.05));
    add_level(writer, group, PL_ABOUT_SPREAD, ratio, separated);
}

static void write_group(struct pl_feature_writer *writer,
                        const struct pl_feature_group *group,
                        const struct pl_feature_axis *axis,
                        double largest)
{
    struct pl_curve curve = mean_curve(group);
    enum pl_scale scale = axis->scale;
    add_present(writer, group, PL_ABOUT_SHOWN);
    struct pl_feature_item words = {.kind = PL_FEATURE_WORD,
                                    .about = PL_ABOUT_WORDS,
                                    .value = (double)pl_curve_code(scale, &curve)};
    pl_feature_writer_add(writer, group, &words);
    if (curve.has_level) {
        double slope = curve.slope * pl_scale_error(scale, curve.level, 1.0);
        slope = slope > 5.0 ? 5.0 : (slope < -5.0 ? -5.0 : slope);
        add_present(writer, group, PL_ABOUT_NOW);
        add_level(writer,
                  group,
                  PL_ABOUT_LEVEL,
                  pl_scale_bend(scale, curve.level),
                  reading_error(scale, curve.level, largest));
        add_level(writer, group, PL_ABOUT_SLOPE, slope, 0.02 + 0.1 * fabs(slope));
    }
    if (curve.has_level && curve.has_baseline) {
        write_motion(writer, group, &curve, scale, largest);
    }
    if (curve.has_onset) {
        add_present(writer, group, PL_ABOUT_ONSET);
        add_level(
            writer, group, PL_ABOUT_ONSET_TIME, curve.onset_min, of_window * curve.window_min);
    }
    if (group->count > 1) {
        struct pl_feature_item count = {.kind = PL_FEATURE_COUNT,
                                        .about = PL_ABOUT_COUNT,
                                        .value = pl_log(1.0 + (double)group->count),
                                        .sd = 0.01};
        pl_feature_writer_add(writer, group, &count);
        double share = group->total > 0.0 ? group->top / group->total : 0.0;
        add_level(writer, group, PL_ABOUT_SHARE, share_bend(share), separated);
    }
}

/** Read one series; false when it has no points or no place. */
static bool read_series(struct pl_feature_writer *writer,
                        struct pl_scan *scan,
                        const struct pl_feature_axis *axis,
                        double *largest)
{
    struct pl_curve_points points = {.step_s = axis->step_s};
    pl_slice name = {"", 0};
    pl_slice key;
    if (!pl_scan_enter(scan, PL_SCAN_OBJECT)) {
        pl_scan_skip(scan);
        return false;
    }
    while (pl_scan_member(scan, &key)) {
        if (pl_scan_is(key, "name") && pl_scan_peek(scan) == PL_SCAN_STRING) {
            name = pl_scan_string(scan);
        } else if (pl_scan_is(key, "points")) {
            points.count = 0;
            points.slots = 0;
            read_points(writer, scan, &points, largest);
        } else {
            pl_scan_skip(scan);
        }
    }
    if (points.count == 0) {
        return false;
    }
    struct pl_curve curve;
    pl_curve_measure(&points, &curve);
    struct pl_feature_group *group = pl_feature_writer_group(writer, name);
    if (group == NULL) {
        writer->set->dropped++;
        return false;
    }
    merge(group, &curve);
    return true;
}

void pl_feature_panel_series(struct pl_feature_writer *writer,
                             struct pl_scan *scan,
                             const struct pl_feature_axis *axis)
{
    double largest = 0.0;
    if (!pl_scan_enter(scan, PL_SCAN_ARRAY)) {
        pl_scan_skip(scan);
        return;
    }
    while (pl_scan_item(scan)) {
        (void)read_series(writer, scan, axis, &largest);
    }
    double total = 0.0;
    double top = 0.0;
    const struct pl_feature_scratch *scratch = writer->scratch;
    for (uint32_t i = 0; i < scratch->group_count; i++) {
        write_group(writer, &scratch->groups[i], axis, largest);
        total += scratch->groups[i].total;
        top = scratch->groups[i].total > top ? scratch->groups[i].total : top;
    }
    if (scratch->group_count > 1 && total > 0.0) {
        add_level(writer, NULL, PL_ABOUT_SHARE, share_bend(top / total), separated);
    }
}
