// SPDX-License-Identifier: Apache-2.0
//
// Two passes over the bank. The first counts, per key and cause, how often it was shown, and its
// mean and variance. The candidates with the largest ratio of variance between to within causes go
// into a table in the second pass, and are chosen one by one by what each adds to
// log det (within + between) / det within, given those already chosen (Wilks' lambda, forward).
//
// The differences between causes that the noise of their means alone would show are taken off
// before anything is compared: among two hundred features of forty particles some differ by chance.
#include "judge/evidence.h"

#include "base/check.h"
#include "base/fmath.h"
#include "stats/linear.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum {
    KEYS_MAX = 512,
    TABLE_SIZE = 2048, /* power of two */
    CANDIDATES_MAX = 20,
    BIT_CANDIDATES_MAX = 12
};

static const double gain_min = 0.03;     /* nats that a feature must add */
static const double bit_gain_min = 0.03; /* bits that a present-or-not must add */
static const double discrepancy = 0.1;   /* of the sd between causes: the model is not the world */
static const double present_min = 2.5;   /* effective particles that a mean needs */

/** What the first pass knows of a key in a cause. */
struct tally {
    double weight; /* sum of weights of the particles that show it */
    double square; /* sum of squared weights */
    double sum;
    double sum_square;
};

struct key_entry {
    uint64_t key;
    uint32_t kind;
    uint32_t shown;
    double sd;    /* sum over particles */
    double shift; /* first value seen: keeps sums of squares exact enough */
    struct tally tally[PL_CAUSES_MAX];
};

/** Everything that building needs; lies in front of the result. */
struct work {
    struct key_entry keys[KEYS_MAX];
    uint16_t table[TABLE_SIZE]; /* 1 + index of the key */
    uint32_t key_count;
    double share[PL_CAUSES_MAX]; /* how much a cause counts when features are chosen, sum 1 */
    double count[PL_CAUSES_MAX]; /* particles that stand for a cause */
    uint32_t candidate[CANDIDATES_MAX]; /* index of key */
    uint32_t candidates;
    double ratio[CANDIDATES_MAX];
    double mean[PL_CAUSES_MAX][CANDIDATES_MAX];
    double centre[CANDIDATES_MAX];
    double trust[CANDIDATES_MAX];
    double within[CANDIDATES_MAX * CANDIDATES_MAX];
    double total[CANDIDATES_MAX * CANDIDATES_MAX];
    uint32_t bit[BIT_CANDIDATES_MAX];
    uint32_t bits;
    double value[]; /* [row][candidate] */
};

static size_t row_count(uint32_t causes, uint32_t particles)
{
    return (size_t)causes * particles;
}

static size_t work_size(uint32_t causes, uint32_t particles)
{
    size_t rows = row_count(causes, particles);
    return sizeof(struct work) + rows * CANDIDATES_MAX * sizeof(double) + rows * sizeof(uint32_t);
}

static size_t up16(size_t size)
{
    return (size + 15) / 16 * 16;
}

size_t pl_evidence_size(uint32_t cause_count, uint32_t particles)
{
    size_t rows = row_count(cause_count, particles);
    return up16(sizeof(struct pl_evidence)) + up16(rows * PL_EVIDENCE_DIMS_MAX * sizeof(float)) +
           up16(rows) + work_size(cause_count, particles);
}

static bool is_live(const struct pl_evidence_def *def, uint32_t cause)
{
    return (def->live >> cause & 1) != 0;
}

static double weight_of(const struct pl_evidence_def *def, uint32_t cause, uint32_t k)
{
    return def->weight != NULL ? def->weight[(size_t)cause * def->particles + k]
                               : 1.0 / (double)def->particles;
}

/** Particles that stand for a cause: those that weigh something. */
static double count_of(const struct pl_evidence_def *def, uint32_t cause)
{
    uint32_t count = 0;
    for (uint32_t k = 0; k < def->particles; k++) {
        count += weight_of(def, cause, k) > 0.0 ? 1 : 0;
    }
    return (double)count;
}

/** Index of a key, made when it is new; KEYS_MAX when there is no place. */
static uint32_t key_index(struct work *work, const struct pl_feature *feature)
{
    uint32_t at = (uint32_t)feature->key & (TABLE_SIZE - 1);
    while (work->table[at] != 0) {
        uint32_t index = work->table[at] - 1U;
        if (work->keys[index].key == feature->key) {
            return index;
        }
        at = (at + 1) & (TABLE_SIZE - 1);
    }
    if (work->key_count == KEYS_MAX) {
        return KEYS_MAX;
    }
    struct key_entry *entry = &work->keys[work->key_count];
    memset(entry, 0, sizeof *entry);
    entry->key = feature->key;
    entry->kind = feature->kind;
    entry->shift = (double)feature->value;
    work->table[at] = (uint16_t)(++work->key_count);
    return work->key_count - 1;
}

/** Count one number of a particle of `cause`. */
static void tally_feature(struct key_entry *entry,
                          const struct pl_feature *feature,
                          uint32_t cause,
                          double weight)
{
    struct tally *tally = &entry->tally[cause];
    double value = (double)feature->value - entry->shift;
    entry->shown++;
    entry->sd += (double)feature->sd;
    tally->weight += weight;
    tally->square += weight * weight;
    tally->sum += weight * value;
    tally->sum_square += weight * value * value;
}

/** Count all numbers of one particle of `cause`; a key without a place is left out. */
static void
tally_set(struct work *work, const struct pl_feature_set *set, uint32_t cause, double weight)
{
    for (uint32_t i = 0; i < set->count; i++) {
        uint32_t index = key_index(work, &set->items[i]);
        if (index != KEYS_MAX) {
            tally_feature(&work->keys[index], &set->items[i], cause, weight);
        }
    }
}

static void
tally_sets(struct work *work, const struct pl_evidence_def *def, const struct pl_feature_set *sets)
{
    for (uint32_t h = 0; h < def->cause_count; h++) {
        for (uint32_t k = 0; is_live(def, h) && k < def->particles; k++) {
            tally_set(work, &sets[(size_t)h * def->particles + k], h, weight_of(def, h, k));
        }
    }
}

static void set_shares(struct work *work, const struct pl_evidence_def *def)
{
    double total = 0.0;
    for (uint32_t h = 0; h < def->cause_count; h++) {
        double belief = def->belief != NULL ? def->belief[h] : 1.0;
        work->share[h] = is_live(def, h) ? sqrt(belief > 1e-4 ? belief : 1e-4) : 0.0;
        work->count[h] = count_of(def, h);
        total += work->share[h];
    }
    for (uint32_t h = 0; total > 0.0 && h < def->cause_count; h++) {
        work->share[h] /= total;
    }
}

static bool has_mean(const struct tally *tally)
{
    return tally->weight > 0.0 && tally->weight * tally->weight > present_min * tally->square;
}

static double tally_variance(const struct tally *tally)
{
    double mean = tally->sum / tally->weight;
    double part = 1.0 - tally->square / (tally->weight * tally->weight);
    double variance = tally->sum_square / tally->weight - mean * mean;
    return variance > 0.0 && part > 0.0 ? variance / part : 0.0;
}

/** How far the causes differ in a key. */
struct spread {
    double centre;
    double between; /* without what noise alone would give */
    double within;
    double trust;
    double ratio;
};

static struct spread spread_of(const struct work *work, const struct key_entry *entry)
{
    struct spread spread = {0};
    double share = 0.0;
    double shown = 0.0;
    for (uint32_t h = 0; h < PL_CAUSES_MAX; h++) {
        shown += work->share[h] * entry->tally[h].weight;
        if (work->share[h] > 0.0 && has_mean(&entry->tally[h])) {
            share += work->share[h];
            spread.centre += work->share[h] * entry->tally[h].sum / entry->tally[h].weight;
        }
    }
    if (share <= 0.0) {
        return spread;
    }
    spread.centre /= share;
    double noise = 0.0;
    for (uint32_t h = 0; h < PL_CAUSES_MAX; h++) {
        const struct tally *tally = &entry->tally[h];
        if (work->share[h] > 0.0 && has_mean(tally)) {
            double part = work->share[h] / share;
            double distance = tally->sum / tally->weight - spread.centre;
            double variance = tally_variance(tally);
            spread.between += part * distance * distance;
            spread.within += part * variance;
            noise +=
                part * (1.0 - part) * variance * tally->square / (tally->weight * tally->weight);
        }
    }
    double sd = entry->sd / (double)entry->shown;
    double raw = spread.between;
    spread.between = raw > noise ? raw - noise : 0.0;
    spread.trust = raw > 1e-12 ? spread.between / raw : 0.0;
    spread.within += sd * sd + discrepancy * discrepancy * raw + 1e-9;
    spread.ratio = shown * spread.between / spread.within;
    return spread;
}

/** Keep the best, in falling order of ratio. */
static void insert_candidate(struct work *work, uint32_t index, double ratio)
{
    uint32_t at = work->candidates;
    if (at == CANDIDATES_MAX) {
        if (ratio <= work->ratio[at - 1]) {
            return;
        }
        at--;
    } else {
        work->candidates++;
    }
    while (at > 0 && work->ratio[at - 1] < ratio) {
        work->ratio[at] = work->ratio[at - 1];
        work->candidate[at] = work->candidate[at - 1];
        at--;
    }
    work->ratio[at] = ratio;
    work->candidate[at] = index;
}

static void find_candidates(struct work *work)
{
    for (uint32_t i = 0; i < work->key_count; i++) {
        const struct key_entry *entry = &work->keys[i];
        if (entry->kind != PL_FEATURE_LEVEL && entry->kind != PL_FEATURE_COUNT) {
            continue;
        }
        struct spread spread = spread_of(work, entry);
        if (spread.ratio > 0.02) {
            insert_candidate(work, i, spread.ratio);
        }
    }
}

/** Second pass: values of the candidates, NaN where they are not shown. */
static void fill_candidates(struct work *work,
                            const struct pl_evidence_def *def,
                            const struct pl_feature_set *sets)
{
    for (uint32_t h = 0; h < def->cause_count; h++) {
        for (uint32_t k = 0; k < def->particles; k++) {
            size_t row = (size_t)h * def->particles + k;
            for (uint32_t c = 0; c < work->candidates; c++) {
                const struct pl_feature *feature =
                    is_live(def, h)
                        ? pl_feature_find(&sets[row], work->keys[work->candidate[c]].key)
                        : NULL;
                work->value[row * CANDIDATES_MAX + c] =
                    feature != NULL ? (double)feature->value : (double)NAN;
            }
        }
    }
}

static void add_within(struct work *work, const double *row, const double *mean, double weight)
{
    double distance[CANDIDATES_MAX];
    for (uint32_t i = 0; i < work->candidates; i++) {
        distance[i] = isfinite(row[i]) ? row[i] - mean[i] : 0.0;
        for (uint32_t j = 0; j <= i; j++) {
            work->within[i * CANDIDATES_MAX + j] += weight * distance[i] * distance[j];
        }
    }
}

/** Covariances within and within + between over the candidates. */
static void fill_scatter(struct work *work, const struct pl_evidence_def *def)
{
    uint32_t n = work->candidates;
    memset(work->within, 0, sizeof work->within);
    for (uint32_t c = 0; c < n; c++) {
        const struct key_entry *entry = &work->keys[work->candidate[c]];
        struct spread spread = spread_of(work, entry);
        work->centre[c] = spread.centre + entry->shift;
        work->trust[c] = spread.trust;
        for (uint32_t h = 0; h < def->cause_count; h++) {
            const struct tally *tally = &entry->tally[h];
            work->mean[h][c] = work->share[h] > 0.0 && has_mean(tally)
                                   ? tally->sum / tally->weight + entry->shift
                                   : work->centre[c];
        }
    }
    for (uint32_t h = 0; h < def->cause_count; h++) {
        for (uint32_t k = 0; work->share[h] > 0.0 && k < def->particles; k++) {
            const double *row = work->value + ((size_t)h * def->particles + k) * CANDIDATES_MAX;
            add_within(work, row, work->mean[h], work->share[h] * weight_of(def, h, k));
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct key_entry *entry = &work->keys[work->candidate[i]];
        double sd = entry->sd / (double)entry->shown;
        for (uint32_t j = 0; j <= i; j++) {
            double between = 0.0;
            for (uint32_t h = 0; h < def->cause_count; h++) {
                between += work->share[h] * (work->mean[h][i] - work->centre[i]) *
                           (work->mean[h][j] - work->centre[j]);
            }
            double own = i == j ? sd * sd + discrepancy * discrepancy * between + 1e-9 : 0.0;
            double within = work->within[i * CANDIDATES_MAX + j] + own;
            double total = within + between * sqrt(work->trust[i] * work->trust[j]);
            work->within[i * CANDIDATES_MAX + j] = work->within[j * CANDIDATES_MAX + i] = within;
            work->total[i * CANDIDATES_MAX + j] = work->total[j * CANDIDATES_MAX + i] = total;
        }
    }
}

/** What is left of a covariance once dimension `pivot` is known. */
static void condition_on(double *a, uint32_t n, uint32_t pivot)
{
    double row[CANDIDATES_MAX];
    double own = a[pivot * CANDIDATES_MAX + pivot];
    for (uint32_t i = 0; i < n; i++) {
        row[i] = a[pivot * CANDIDATES_MAX + i];
    }
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j < n; j++) {
            a[i * CANDIDATES_MAX + j] -= row[i] * row[j] / own;
        }
    }
}

static void choose_dims(struct work *work, struct pl_evidence *evidence, uint32_t *chosen)
{
    uint32_t n = work->candidates;
    double first[CANDIDATES_MAX];
    for (uint32_t i = 0; i < n; i++) {
        first[i] = work->within[i * CANDIDATES_MAX + i];
    }
    while (evidence->dims < PL_EVIDENCE_DIMS_MAX) {
        double best = gain_min;
        uint32_t best_at = n;
        for (uint32_t i = 0; i < n; i++) {
            double within = work->within[i * CANDIDATES_MAX + i];
            double total = work->total[i * CANDIDATES_MAX + i];
            // What is nearly a combination of the others is noise of the arithmetic by now.
            if (within <= 1e-3 * first[i] || total <= 0.0) {
                continue;
            }
            double gain = 0.5 * pl_log(total / within);
            if (gain > best) {
                best = gain;
                best_at = i;
            }
        }
        if (best_at == n) {
            return;
        }
        uint32_t dim = evidence->dims++;
        const struct key_entry *entry = &work->keys[work->candidate[best_at]];
        evidence->key[dim] = entry->key;
        evidence->sd[dim] = entry->sd / (double)entry->shown;
        evidence->trust[dim] = work->trust[best_at];
        evidence->gain[dim] = best;
        chosen[dim] = best_at;
        condition_on(work->within, n, best_at);
        condition_on(work->total, n, best_at);
        work->within[best_at * CANDIDATES_MAX + best_at] = 0.0;
    }
}

static double entropy_term(double p)
{
    return p > 0.0 ? -p * pl_log(p) * 1.4426950408889634 : 0.0;
}

/** Bits that a key's presence tells about the cause, without what chance would give. */
static double bit_information(const struct work *work,
                              const struct pl_evidence_def *def,
                              const struct key_entry *entry)
{
    double shown = 0.0;
    double conditional = 0.0;
    double live = 0.0;
    double noise = 0.0;
    for (uint32_t h = 0; h < def->cause_count; h++) {
        if (work->share[h] > 0.0) {
            double count = work->count[h];
            double p = (entry->tally[h].weight * count + 0.5) / (count + 1.0);
            shown += work->share[h] * p;
            conditional += work->share[h] * (entropy_term(p) + entropy_term(1.0 - p));
            noise += 0.72 / count;
            live += 1.0;
        }
    }
    double chance = live > 1.0 ? (live - 1.0) * noise / (live * live) : 0.0;
    return entropy_term(shown) + entropy_term(1.0 - shown) - conditional - chance;
}

static void find_bits(struct work *work, const struct pl_evidence_def *def)
{
    double best[BIT_CANDIDATES_MAX];
    work->bits = 0;
    for (uint32_t i = 0; i < work->key_count; i++) {
        if (work->keys[i].kind != PL_FEATURE_PRESENT) {
            continue;
        }
        double bits = bit_information(work, def, &work->keys[i]);
        uint32_t at = work->bits;
        if (bits < bit_gain_min || (at == BIT_CANDIDATES_MAX && bits <= best[at - 1])) {
            continue;
        }
        if (at == BIT_CANDIDATES_MAX) {
            at--;
        } else {
            work->bits++;
        }
        for (; at > 0 && best[at - 1] < bits; at--) {
            best[at] = best[at - 1];
            work->bit[at] = work->bit[at - 1];
        }
        best[at] = bits;
        work->bit[at] = i;
    }
}

/** Information of joint patterns about the cause; pattern of a row in the low bits of `seen`. */
static double pattern_information(const struct work *work,
                                  const struct pl_evidence_def *def,
                                  const uint32_t *seen,
                                  uint32_t patterns)
{
    double shown[PL_EVIDENCE_PATTERNS_MAX] = {0};
    double conditional = 0.0;
    double live = 0.0;
    double noise = 0.0;
    for (uint32_t h = 0; h < def->cause_count; h++) {
        double count = work->count[h];
        double weight[PL_EVIDENCE_PATTERNS_MAX] = {0};
        for (uint32_t k = 0; work->share[h] > 0.0 && k < def->particles; k++) {
            uint32_t pattern = seen[(size_t)h * def->particles + k];
            weight[pattern & (PL_EVIDENCE_PATTERNS_MAX - 1)] += weight_of(def, h, k);
        }
        noise += work->share[h] > 0.0 ? 0.72 * (double)(patterns - 1) / count : 0.0;
        live += work->share[h] > 0.0 ? 1.0 : 0.0;
        for (uint32_t i = 0; i < patterns; i++) {
            double p = (weight[i] * count + 0.5) / (count + 0.5 * (double)patterns);
            shown[i] += work->share[h] * p;
            conditional += work->share[h] * entropy_term(p);
        }
    }
    double bits = -conditional;
    for (uint32_t i = 0; i < patterns; i++) {
        bits += entropy_term(shown[i]);
    }
    double chance = live > 1.0 ? (live - 1.0) * noise / (live * live) : 0.0;
    return bits - chance;
}

/** Bit of one key over all rows, moved to place `bit` of `seen`. */
static void mark_bit(const struct pl_evidence_def *def,
                     const struct pl_feature_set *sets,
                     uint64_t key,
                     uint32_t bit,
                     uint32_t *seen)
{
    for (uint32_t h = 0; h < def->cause_count; h++) {
        for (uint32_t k = 0; is_live(def, h) && k < def->particles; k++) {
            size_t row = (size_t)h * def->particles + k;
            bool shown = pl_feature_find(&sets[row], key) != NULL;
            seen[row] = (seen[row] & ((1U << bit) - 1U)) | (shown ? 1U << bit : 0U);
        }
    }
}

static void choose_bits(struct work *work,
                        const struct pl_evidence_def *def,
                        const struct pl_feature_set *sets,
                        struct pl_evidence *evidence,
                        uint32_t *seen)
{
    double known = 0.0;
    while (evidence->bits < PL_EVIDENCE_BITS_MAX) {
        double best = known + bit_gain_min;
        uint32_t best_at = work->bits;
        for (uint32_t i = 0; i < work->bits; i++) {
            mark_bit(def, sets, work->keys[work->bit[i]].key, evidence->bits, seen);
            double bits = pattern_information(work, def, seen, 2U << evidence->bits);
            if (bits > best) {
                best = bits;
                best_at = i;
            }
        }
        if (best_at == work->bits) {
            break;
        }
        known = best;
        evidence->bit_key[evidence->bits] = work->keys[work->bit[best_at]].key;
        mark_bit(def, sets, evidence->bit_key[evidence->bits], evidence->bits, seen);
        evidence->bits++;
    }
}

/** Places of everything in the caller's memory. */
struct layout {
    struct pl_evidence *evidence;
    float *value;
    uint8_t *pattern;
    struct work *work;
    uint32_t *seen;
};

static struct layout lay_out(const struct pl_evidence_def *def, void *memory)
{
    size_t rows = row_count(def->cause_count, def->particles);
    char *at = memory;
    struct layout layout = {.evidence = memory};
    at += up16(sizeof(struct pl_evidence));
    layout.value = (float *)(void *)at;
    at += up16(rows * PL_EVIDENCE_DIMS_MAX * sizeof(float));
    layout.pattern = (uint8_t *)at;
    at += up16(rows);
    layout.work = (struct work *)(void *)at;
    layout.seen = (uint32_t *)(void *)(layout.work->value + rows * CANDIDATES_MAX);
    return layout;
}

struct pl_evidence *pl_evidence_build(const struct pl_evidence_def *def,
                                      const struct pl_feature_set *sets,
                                      void *memory,
                                      size_t size)
{
    PL_CHECK(def->cause_count >= 1 && def->cause_count <= PL_CAUSES_MAX);
    PL_CHECK(def->particles >= 2 && def->particles <= PL_PARTICLES_MAX);
    PL_CHECK(size >= pl_evidence_size(def->cause_count, def->particles));
    struct layout at = lay_out(def, memory);
    size_t rows = row_count(def->cause_count, def->particles);
    uint32_t chosen[PL_EVIDENCE_DIMS_MAX];
    memset(at.evidence, 0, sizeof *at.evidence);
    memset(at.work->table, 0, sizeof at.work->table);
    memset(at.seen, 0, rows * sizeof at.seen[0]);
    at.work->key_count = 0;
    at.work->candidates = 0;
    set_shares(at.work, def);
    tally_sets(at.work, def, sets);
    find_candidates(at.work);
    fill_candidates(at.work, def, sets);
    fill_scatter(at.work, def);
    choose_dims(at.work, at.evidence, chosen);
    find_bits(at.work, def);
    choose_bits(at.work, def, sets, at.evidence, at.seen);
    for (size_t row = 0; row < rows; row++) {
        for (uint32_t i = 0; i < at.evidence->dims; i++) {
            at.value[row * at.evidence->dims + i] =
                (float)at.work->value[row * CANDIDATES_MAX + chosen[i]];
        }
        at.pattern[row] = (uint8_t)(at.seen[row] & ((1U << at.evidence->bits) - 1U));
    }
    at.evidence->cause_count = def->cause_count;
    at.evidence->particles = def->particles;
    at.evidence->live = def->live & (uint32_t)((UINT64_C(1) << def->cause_count) - 1);
    at.evidence->features = at.work->key_count;
    at.evidence->value = at.value;
    at.evidence->pattern = at.pattern;
    return at.evidence;
}

void pl_evidence_read(const struct pl_evidence *evidence,
                      const struct pl_feature_set *observed,
                      struct pl_reading *reading)
{
    reading->pattern = 0;
    for (uint32_t i = 0; i < evidence->dims; i++) {
        const struct pl_feature *feature = pl_feature_find(observed, evidence->key[i]);
        reading->value[i] = feature != NULL ? (double)feature->value : (double)NAN;
    }
    for (uint32_t i = 0; i < evidence->bits; i++) {
        bool shown = pl_feature_find(observed, evidence->bit_key[i]) != NULL;
        reading->pattern |= shown ? 1U << i : 0U;
    }
}
