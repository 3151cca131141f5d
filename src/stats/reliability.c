// SPDX-License-Identifier: Apache-2.0
#include "stats/reliability.h"

#include "base/check.h"
#include "stats/density.h"

#include <math.h>

/** Sums of squares of a two-way table. */
struct squares {
    double person;
    double item;
    double total;
};

static struct squares squares_of(const double *score, uint32_t persons, uint32_t items)
{
    struct squares squares = {0};
    double mean = 0.0;
    double count = (double)persons * (double)items;
    for (uint64_t i = 0; i < (uint64_t)persons * items; i++) {
        mean += score[i] / count;
    }
    for (uint32_t p = 0; p < persons; p++) {
        double sum = 0.0;
        for (uint32_t i = 0; i < items; i++) {
            double distance = score[(uint64_t)p * items + i] - mean;
            sum += distance;
            squares.total += distance * distance;
        }
        squares.person += sum * sum / (double)items;
    }
    for (uint32_t i = 0; i < items; i++) {
        double sum = 0.0;
        for (uint32_t p = 0; p < persons; p++) {
            sum += score[(uint64_t)p * items + i] - mean;
        }
        squares.item += sum * sum / (double)persons;
    }
    return squares;
}

struct pl_components pl_components_of(const double *score, uint32_t persons, uint32_t items)
{
    PL_CHECK(persons >= 2 && items >= 2);
    struct squares squares = squares_of(score, persons, items);
    double n = (double)persons;
    double k = (double)items;
    struct pl_components components;
    components.mean_square_person = squares.person / (n - 1.0);
    components.mean_square_item = squares.item / (k - 1.0);
    components.mean_square_rest =
        (squares.total - squares.person - squares.item) / ((n - 1.0) * (k - 1.0));
    components.rest = components.mean_square_rest;
    components.person = (components.mean_square_person - components.rest) / k;
    components.item = (components.mean_square_item - components.rest) / n;
    return components;
}

double pl_generalisability(const struct pl_components *components, uint32_t items)
{
    PL_CHECK(items >= 1);
    double error = components->rest / (double)items;
    double total = components->person + error;
    return total > 0.0 && components->person > 0.0 ? components->person / total : 0.0;
}

/** Quantile of F by halving: tails are monotone. */
static double f_quantile(double p, double freedom1, double freedom2)
{
    double low = 0.0;
    double high = 1.0;
    while (pl_f_tail(high, freedom1, freedom2) > 1.0 - p && high < 1e12) {
        high *= 2.0;
    }
    for (int step = 0; step < 100; step++) {
        double middle = 0.5 * (low + high);
        if (pl_f_tail(middle, freedom1, freedom2) > 1.0 - p) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return 0.5 * (low + high);
}

/** ICC from a ratio of mean squares with its F interval. */
static pl_interval icc_of_ratio(double ratio, double k, double freedom1, double freedom2, double p)
{
    double low = ratio / f_quantile(p, freedom1, freedom2);
    double high = ratio * f_quantile(p, freedom2, freedom1);
    return (pl_interval){.estimate = (ratio - 1.0) / (ratio + k - 1.0),
                         .low = (low - 1.0) / (low + k - 1.0),
                         .high = (high - 1.0) / (high + k - 1.0)};
}

pl_interval pl_icc_one_way(const double *score, uint32_t persons, uint32_t items, double confidence)
{
    PL_CHECK(persons >= 2 && items >= 2);
    PL_CHECK(confidence > 0.0 && confidence < 1.0);
    struct squares squares = squares_of(score, persons, items);
    double n = (double)persons;
    double k = (double)items;
    double within = (squares.total - squares.person) / (n * (k - 1.0));
    double ratio = squares.person / (n - 1.0) / (within > 1e-300 ? within : 1e-300);
    return icc_of_ratio(ratio, k, n - 1.0, n * (k - 1.0), 0.5 + 0.5 * confidence);
}

pl_interval pl_icc_two_way(const double *score, uint32_t persons, uint32_t items, double confidence)
{
    PL_CHECK(confidence > 0.0 && confidence < 1.0);
    struct pl_components components = pl_components_of(score, persons, items);
    double n = (double)persons;
    double k = (double)items;
    double rest = components.mean_square_rest > 1e-300 ? components.mean_square_rest : 1e-300;
    double ratio = components.mean_square_person / rest;
    return icc_of_ratio(ratio, k, n - 1.0, (n - 1.0) * (k - 1.0), 0.5 + 0.5 * confidence);
}

/** Mean over what is not fixed; -1 leaves an index free. */
static double mean_at(const double *score, const uint32_t *sizes, const int64_t *fixed)
{
    uint32_t first[3];
    uint32_t last[3];
    double sum = 0.0;
    double count = 1.0;
    for (uint32_t i = 0; i < 3; i++) {
        first[i] = fixed[i] < 0 ? 0 : (uint32_t)fixed[i];
        last[i] = fixed[i] < 0 ? sizes[i] : first[i] + 1;
        count *= (double)(last[i] - first[i]);
    }
    for (uint32_t p = first[0]; p < last[0]; p++) {
        for (uint32_t f = first[1]; f < last[1]; f++) {
            for (uint32_t i = first[2]; i < last[2]; i++) {
                sum += score[((uint64_t)p * sizes[1] + f) * sizes[2] + i];
            }
        }
    }
    return sum / count;
}

/** Sums of squares of persons x (items : families). */
struct nested_squares {
    double person;
    double family;
    double item;
    double person_family;
    double rest;
};

static struct nested_squares nested_squares_of(const double *score, const uint32_t *sizes)
{
    struct nested_squares squares = {0};
    double mean = mean_at(score, sizes, (const int64_t[]){-1, -1, -1});
    double per_person = (double)sizes[1] * (double)sizes[2];
    double per_family = (double)sizes[0] * (double)sizes[2];
    for (uint32_t f = 0; f < sizes[1]; f++) {
        double family = mean_at(score, sizes, (const int64_t[]){-1, f, -1});
        squares.family += per_family * (family - mean) * (family - mean);
        for (uint32_t i = 0; i < sizes[2]; i++) {
            double item = mean_at(score, sizes, (const int64_t[]){-1, f, i});
            squares.item += (double)sizes[0] * (item - family) * (item - family);
        }
    }
    for (uint32_t p = 0; p < sizes[0]; p++) {
        double person = mean_at(score, sizes, (const int64_t[]){p, -1, -1});
        squares.person += per_person * (person - mean) * (person - mean);
        for (uint32_t f = 0; f < sizes[1]; f++) {
            double family = mean_at(score, sizes, (const int64_t[]){-1, f, -1});
            double both = mean_at(score, sizes, (const int64_t[]){p, f, -1});
            double distance = both - person - family + mean;
            squares.person_family += (double)sizes[2] * distance * distance;
            for (uint32_t i = 0; i < sizes[2]; i++) {
                double item = mean_at(score, sizes, (const int64_t[]){-1, f, i});
                double left =
                    score[((uint64_t)p * sizes[1] + f) * sizes[2] + i] - both - item + family;
                squares.rest += left * left;
            }
        }
    }
    return squares;
}

struct pl_nested_components
pl_nested_components_of(const double *score, uint32_t persons, uint32_t families, uint32_t items)
{
    PL_CHECK(persons >= 2 && families >= 2 && items >= 2);
    const uint32_t sizes[3] = {persons, families, items};
    struct nested_squares squares = nested_squares_of(score, sizes);
    double n = (double)persons;
    double f = (double)families;
    double k = (double)items;
    double ms_person = squares.person / (n - 1.0);
    double ms_family = squares.family / (f - 1.0);
    double ms_item = squares.item / (f * (k - 1.0));
    double ms_both = squares.person_family / ((n - 1.0) * (f - 1.0));
    double ms_rest = squares.rest / ((n - 1.0) * f * (k - 1.0));
    struct pl_nested_components components;
    components.rest = ms_rest;
    components.person_family = (ms_both - ms_rest) / k;
    components.item = (ms_item - ms_rest) / n;
    components.family = (ms_family - ms_item - ms_both + ms_rest) / (n * k);
    components.person = (ms_person - ms_both) / (f * k);
    return components;
}

static double positive(double x)
{
    return x > 0.0 ? x : 0.0;
}

double pl_nested_generalisability(const struct pl_nested_components *components,
                                  uint32_t families,
                                  uint32_t items)
{
    PL_CHECK(families >= 1 && items >= 1);
    double f = (double)families;
    double person = positive(components->person);
    double error =
        positive(components->person_family) / f + positive(components->rest) / (f * (double)items);
    return person + error > 0.0 ? person / (person + error) : 0.0;
}

double pl_nested_dependability(const struct pl_nested_components *components,
                               uint32_t families,
                               uint32_t items)
{
    PL_CHECK(families >= 1 && items >= 1);
    double f = (double)families;
    double all = f * (double)items;
    double person = positive(components->person);
    double error = (positive(components->person_family) + positive(components->family)) / f +
                   (positive(components->rest) + positive(components->item)) / all;
    return person + error > 0.0 ? person / (person + error) : 0.0;
}
