// SPDX-License-Identifier: Apache-2.0
//
// Invariants:
//   1. log_belief of a stream sums to 1 over causes and other, before and after each call.
//   2. Weights of a cause sum to 1; their effective size is at least max(12, K/4), or K when less,
//      where K counts the particles that stand for it; the others weigh nothing.
//   3. A cause without particles (frozen) keeps its probability.
#include "judge/belief.h"

#include "base/check.h"
#include "base/fmath.h"
#include "judge/belief_math.h"
#include "judge/cross.h"
#include "judge/likelihood.h"
#include "judge/past.h"
#include "stats/density.h"
#include "stats/linear.h"

#include <math.h>
#include <string.h>

enum { GAMMA_STEPS = 24, SURPRISES_MAX = 2 };

static const double pattern_mismatch = 1.2; /* nats that a bit read differently costs a particle */
static const double surprise_tail = 1e-3;
static const double unstable_bits = 0.5;

/** One stream. */
struct stream {
    double log_belief[PL_CAUSES_MAX + 1]; /* the last one in use is "other" */
    double gamma[PL_CAUSES_MAX];
};

struct pl_belief {
    struct pl_belief_def def;
    uint32_t surprises;
    uint32_t reserved;
    uint32_t worlds[PL_CAUSES_MAX]; /* particles that stand for a cause, the first so many */
    struct stream stream[PL_BELIEF_STREAM_COUNT];
    double data[]; /* explained[2][rows], weight[2][rows], then the cross-check, then the looks so
                      far */
};

/** Working memory of an update. */
struct scratch {
    struct pl_likelihood likelihood;
    double cross_log[PL_CAUSES_MAX];
    double cross[];
};

struct pl_belief_def pl_belief_def_default(void)
{
    return (struct pl_belief_def){.other = 0.05,
                                  .eta = 1.0,
                                  .kappa = 10.0,
                                  .misread = 0.02,
                                  .process = 0.5,
                                  .discrepancy = 0.1};
}

static size_t rows_of(const struct pl_belief_def *def)
{
    return (size_t)def->cause_count * def->particles;
}

/* What follows the cross-check stands aligned. */
static size_t cross_room(const struct pl_belief_def *def)
{
    return (pl_cross_size(def->cause_count, def->particles) + 7) / 8 * 8;
}

size_t pl_belief_size(const struct pl_belief_def *def)
{
    size_t size = sizeof(struct pl_belief) +
                  2 * PL_BELIEF_STREAM_COUNT * rows_of(def) * sizeof(double) + cross_room(def) +
                  pl_past_size(def->cause_count, def->particles);
    return (size + 15) / 16 * 16;
}

size_t pl_belief_scratch_size(const struct pl_belief_def *def)
{
    (void)def;
    return sizeof(struct scratch) + pl_cross_scratch_size();
}

static double *explained_of(struct pl_belief *belief, uint32_t stream)
{
    return belief->data + stream * rows_of(&belief->def);
}

static double *weight_of(struct pl_belief *belief, uint32_t stream)
{
    return belief->data + (PL_BELIEF_STREAM_COUNT + stream) * rows_of(&belief->def);
}

static struct pl_cross *cross_of(struct pl_belief *belief)
{
    return (struct pl_cross *)(void *)(belief->data +
                                       2 * PL_BELIEF_STREAM_COUNT * rows_of(&belief->def));
}

static const struct pl_past *past_of(const struct pl_belief *belief)
{
    const char *at =
        (const char *)(belief->data + 2 * PL_BELIEF_STREAM_COUNT * rows_of(&belief->def));
    return (const struct pl_past *)(const void *)(at + cross_room(&belief->def));
}

static struct pl_past *own_past(struct pl_belief *belief)
{
    char *at = (char *)(belief->data + 2 * PL_BELIEF_STREAM_COUNT * rows_of(&belief->def));
    return (struct pl_past *)(void *)(at + cross_room(&belief->def));
}

struct pl_belief *pl_belief_init(const struct pl_belief_def *def, void *memory, size_t size)
{
    PL_CHECK(def->cause_count >= 1 && def->cause_count <= PL_CAUSES_MAX);
    PL_CHECK(def->particles >= 2 && def->particles <= PL_PARTICLES_MAX);
    PL_CHECK(def->class_count >= 1 && def->class_count <= def->cause_count);
    PL_CHECK(def->other >= 0.0 && def->other < 1.0 && def->eta > 0.0);
    PL_CHECK(size >= pl_belief_size(def));
    struct pl_belief *belief = memory;
    memset(belief, 0, sizeof *belief + 2 * PL_BELIEF_STREAM_COUNT * rows_of(def) * sizeof(double));
    belief->def = *def;
    double total = 0.0;
    for (uint32_t h = 0; h < def->cause_count; h++) {
        belief->worlds[h] = def->particles;
        PL_CHECK(def->prior[h] >= 0.0 && def->class_of[h] < def->class_count);
        total += def->prior[h];
    }
    PL_CHECK(total > 0.0);
    for (uint32_t s = 0; s < PL_BELIEF_STREAM_COUNT; s++) {
        for (uint32_t h = 0; h < def->cause_count; h++) {
            belief->stream[s].log_belief[h] =
                pl_belief_log_of((1.0 - def->other) * def->prior[h] / total);
            belief->stream[s].gamma[h] = 1.0;
        }
        belief->stream[s].log_belief[def->cause_count] = pl_belief_log_of(def->other);
        for (size_t row = 0; row < rows_of(def); row++) {
            weight_of(belief, s)[row] = 1.0 / (double)def->particles;
        }
    }
    (void)pl_cross_init(def->cause_count, def->particles, cross_of(belief));
    (void)pl_past_init(def->cause_count, def->particles, own_past(belief));
    return belief;
}

/* Weights of the first `count` particles sum to 1 again; where all are 0 they become even. */
static void normalise(double *weight, uint32_t count)
{
    double sum = 0.0;
    for (uint32_t k = 0; k < count; k++) {
        sum += weight[k];
    }
    for (uint32_t k = 0; k < count; k++) {
        weight[k] = sum > 0.0 ? weight[k] / sum : 1.0 / (double)count;
    }
}

void pl_belief_keep(struct pl_belief *belief, uint32_t cause, uint32_t worlds)
{
    PL_CHECK(belief != NULL && cause < belief->def.cause_count && worlds >= 2);
    uint32_t before = belief->worlds[cause];
    if (worlds >= before) {
        return;
    }
    belief->worlds[cause] = worlds;
    for (uint32_t s = 0; s < PL_BELIEF_STREAM_COUNT; s++) {
        double *weight = weight_of(belief, s) + (size_t)cause * belief->def.particles;
        memset(weight + worlds, 0, (before - worlds) * sizeof *weight);
        normalise(weight, worlds);
    }
    pl_cross_keep(cross_of(belief), cause, worlds);
}

uint32_t pl_belief_worlds(const struct pl_belief *belief, uint32_t cause)
{
    PL_CHECK(belief != NULL && cause < belief->def.cause_count);
    return belief->worlds[cause];
}

struct pl_belief *
pl_belief_thin(const struct pl_belief *belief, uint32_t worlds, void *memory, size_t size)
{
    PL_CHECK(belief != NULL && worlds >= 2 && worlds <= belief->def.particles);
    struct pl_belief_def def = belief->def;
    def.particles = worlds;
    struct pl_belief *thin = pl_belief_init(&def, memory, size);
    memcpy(thin->stream, belief->stream, sizeof thin->stream);
    pl_past_thin(past_of(belief), own_past(thin));
    for (uint32_t s = 0; s < PL_BELIEF_STREAM_COUNT; s++) {
        const double *from = pl_belief_weights(belief, s);
        double *to = weight_of(thin, s);
        for (uint32_t h = 0; h < def.cause_count; h++) {
            uint32_t count = belief->worlds[h] < worlds ? belief->worlds[h] : worlds;
            double *own = to + (size_t)h * worlds;
            thin->worlds[h] = count;
            memset(own, 0, worlds * sizeof *own);
            memcpy(own, from + (size_t)h * belief->def.particles, count * sizeof *own);
            normalise(own, count);
        }
    }
    return thin;
}

const struct pl_belief_def *pl_belief_definition(const struct pl_belief *belief)
{
    return &belief->def;
}

const double *pl_belief_weights(const struct pl_belief *belief, uint32_t stream)
{
    PL_CHECK(stream < PL_BELIEF_STREAM_COUNT);
    return belief->data + (PL_BELIEF_STREAM_COUNT + stream) * rows_of(&belief->def);
}

const double *pl_belief_log(const struct pl_belief *belief, uint32_t stream)
{
    PL_CHECK(stream < PL_BELIEF_STREAM_COUNT);
    return belief->stream[stream].log_belief;
}

uint32_t pl_belief_surprises(const struct pl_belief *belief)
{
    return belief->surprises;
}

double
pl_belief_fresh(const struct pl_belief *belief, const struct pl_evidence *evidence, uint32_t stream)
{
    return pl_past_fresh(past_of(belief), evidence, pl_belief_weights(belief, stream));
}

void pl_belief_read(const struct pl_belief *belief, uint32_t stream, struct pl_belief_view *view)
{
    pl_belief_view_of(&belief->def, pl_belief_log(belief, stream), view);
}

struct pl_evidence_def
pl_belief_evidence_def(const struct pl_belief *belief, uint32_t live, double *belief_of_cause)
{
    for (uint32_t h = 0; h < belief->def.cause_count; h++) {
        belief_of_cause[h] = pl_exp(belief->stream[PL_BELIEF_FULL].log_belief[h]);
    }
    return (struct pl_evidence_def){
        .cause_count = belief->def.cause_count,
        .particles = belief->def.particles,
        .live = live,
        .belief = belief_of_cause,
        .weight = pl_belief_weights(belief, PL_BELIEF_FULL),
    };
}

/** How badly each particle of a cause explains the reading: half a squared distance under B. */
static void explain(const struct pl_belief_def *def,
                    const struct pl_evidence *evidence,
                    const struct pl_likelihood *likelihood,
                    uint32_t cause,
                    const struct pl_reading *reading,
                    double fresh,
                    double *explained)
{
    enum { D = PL_EVIDENCE_DIMS_MAX };
    uint32_t dims = evidence->dims;
    uint32_t kept[D];
    double factor[D * D];
    uint32_t n = 0;
    for (uint32_t i = 0; i < dims; i++) {
        if (isfinite(reading->value[i])) {
            kept[n++] = i;
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j < n; j++) {
            double spread = likelihood->part[cause].spread[kept[i] * dims + kept[j]];
            factor[i * n + j] = 2.0 * def->process * spread;
        }
        factor[i * n + i] += likelihood->extra[kept[i]] + 1e-9;
    }
    bool numbers = n > 0 && pl_cholesky(factor, n);
    for (uint32_t k = 0; k < evidence->particles; k++) {
        size_t row = (size_t)cause * evidence->particles + k;
        double distance[D];
        double square = 0.0;
        for (uint32_t i = 0; i < n; i++) {
            double value = (double)evidence->value[row * dims + kept[i]];
            distance[i] = isfinite(value) ? reading->value[kept[i]] - value : 0.0;
        }
        if (numbers) {
            pl_cholesky_forward(factor, n, distance);
        }
        for (uint32_t i = 0; numbers && i < n; i++) {
            square += distance[i] * distance[i];
        }
        uint32_t differs = evidence->pattern[row] ^ reading->pattern;
        double bits = (double)((differs & 1) + (differs >> 1 & 1) + (differs >> 2 & 1));
        explained[row] -= fresh * (0.5 * square + pattern_mismatch * bits);
    }
}

static double weigh(const double *explained, uint32_t count, double gamma, double *weight)
{
    double best = explained[0];
    double total = 0.0;
    for (uint32_t k = 1; k < count; k++) {
        best = explained[k] > best ? explained[k] : best;
    }
    for (uint32_t k = 0; k < count; k++) {
        weight[k] = pl_exp(gamma * (explained[k] - best));
        total += weight[k];
    }
    for (uint32_t k = 0; k < count; k++) {
        weight[k] /= total;
    }
    return pl_effective_size(weight, count);
}

/** The largest gamma up to 1 that leaves enough effective particles. */
static double choose_weights(const double *explained, uint32_t count, double *weight)
{
    double least = (double)count / 4.0 > 12.0 ? (double)count / 4.0 : 12.0;
    least = least < 0.9 * (double)count ? least : 0.9 * (double)count;
    if (weigh(explained, count, 1.0, weight) >= least) {
        return 1.0;
    }
    double low = 0.0;
    double high = 1.0;
    for (uint32_t step = 0; step < GAMMA_STEPS; step++) {
        double middle = 0.5 * (low + high);
        if (weigh(explained, count, middle, weight) >= least) {
            low = middle;
        } else {
            high = middle;
        }
    }
    (void)weigh(explained, count, low, weight);
    return low;
}

static void update_weights(struct pl_belief *belief,
                           uint32_t stream,
                           const struct pl_evidence *evidence,
                           const struct pl_likelihood *likelihood,
                           const struct pl_reading *reading,
                           double fresh)
{
    for (uint32_t h = 0; h < belief->def.cause_count; h++) {
        if ((evidence->live >> h & 1) == 0) {
            continue;
        }
        double *explained = explained_of(belief, stream);
        explain(&belief->def, evidence, likelihood, h, reading, fresh, explained);
        size_t first = (size_t)h * belief->def.particles;
        belief->stream[stream].gamma[h] =
            choose_weights(explained + first, belief->worlds[h], weight_of(belief, stream) + first);
    }
}

static void read_log_likelihood(const struct pl_likelihood *likelihood,
                                const struct pl_reading *reading,
                                double *log_likelihood)
{
    for (uint32_t h = 0; h <= likelihood->cause_count; h++) {
        log_likelihood[h] = pl_likelihood_log(likelihood, h, reading);
    }
}

/** Perceived stream: with probability 1 - noticed nothing was learned. */
static void mix(struct stream *stream, const double *before, uint32_t count, double noticed)
{
    for (uint32_t h = 0; h <= count; h++) {
        double p = noticed * pl_exp(stream->log_belief[h]) + (1.0 - noticed) * pl_exp(before[h]);
        stream->log_belief[h] = pl_belief_log_of(p);
    }
}

static double kl_bits(const struct pl_belief_def *def,
                      const struct pl_belief_view *before,
                      const struct pl_belief_view *after)
{
    double sum = 0.0;
    for (uint32_t c = 0; c <= def->class_count; c++) {
        double p = c < def->class_count ? after->remedy[c] : after->other;
        double q = c < def->class_count ? before->remedy[c] : before->other;
        sum += p > 0.0 && q > 0.0 ? p * pl_log(p / q) : 0.0;
    }
    return sum * PL_BELIEF_BITS_PER_NAT;
}

/** Compare with the joint density over all looks. */
static bool is_unstable(struct pl_belief *belief, double log_other, struct scratch *scratch)
{
    const struct pl_belief_def *def = &belief->def;
    double log_belief[PL_CAUSES_MAX + 1];
    const struct pl_cross_rule rule = {def->kappa, def->misread, log_other};
    uint32_t filled =
        pl_cross_log_likelihood(cross_of(belief), &rule, scratch->cross, scratch->cross_log);
    if (filled == 0) {
        return false;
    }
    const struct stream *full = &belief->stream[PL_BELIEF_FULL];
    double mass = 0.0;
    double best = PL_BELIEF_LOG_NEVER;
    for (uint32_t h = 0; h <= def->cause_count; h++) {
        log_belief[h] = full->log_belief[h];
        if (h < def->cause_count && (filled >> h & 1) != 0) {
            mass += pl_exp(full->log_belief[h]);
            log_belief[h] = pl_belief_log_of(def->prior[h]) + def->eta * scratch->cross_log[h];
            best = log_belief[h] > best ? log_belief[h] : best;
        }
    }
    double total = 0.0;
    for (uint32_t h = 0; h < def->cause_count; h++) {
        total += (filled >> h & 1) != 0 ? pl_exp(log_belief[h] - best) : 0.0;
    }
    for (uint32_t h = 0; h < def->cause_count; h++) {
        if ((filled >> h & 1) != 0) {
            log_belief[h] += pl_log(mass > 1e-300 ? mass : 1e-300) - best - pl_log(total);
        }
    }
    struct pl_belief_view joint;
    struct pl_belief_view filter;
    pl_belief_view_of(def, log_belief, &joint);
    pl_belief_view_of(def, full->log_belief, &filter);
    return fabs(joint.entropy_bits - filter.entropy_bits) > unstable_bits;
}

/** How far off the reading is under the leading cause. */
static double tail_of(const struct pl_belief *belief,
                      const struct pl_likelihood *likelihood,
                      const struct pl_reading *reading)
{
    const double *log_belief = belief->stream[PL_BELIEF_FULL].log_belief;
    uint32_t leading = 0;
    for (uint32_t h = 1; h < belief->def.cause_count; h++) {
        leading = log_belief[h] > log_belief[leading] ? h : leading;
    }
    if ((likelihood->live >> leading & 1) == 0) {
        return 1.0;
    }
    uint32_t shown = 0;
    double distance = pl_likelihood_distance(likelihood, leading, reading, &shown);
    return shown == 0 ? 1.0
                      : pl_f_tail(distance / (double)shown,
                                  (double)shown,
                                  likelihood->part[leading].freedom);
}

static void update_stream(struct pl_belief *belief,
                          uint32_t stream,
                          const struct pl_evidence *evidence,
                          const struct pl_reading *reading,
                          struct scratch *scratch,
                          struct pl_belief_step *step)
{
    double log_likelihood[PL_CAUSES_MAX + 1];
    struct pl_belief_def rule = belief->def;
    double fresh = pl_belief_fresh(belief, evidence, stream);
    const struct pl_likelihood_def def = {
        .weight = weight_of(belief, stream),
        .kappa = belief->def.kappa,
        .discrepancy = belief->def.discrepancy,
        .perception = stream == PL_BELIEF_PERCEIVED ? 1.0 : 0.0,
    };
    pl_likelihood_fit(&def, evidence, &scratch->likelihood);
    read_log_likelihood(&scratch->likelihood, reading, log_likelihood);
    rule.eta *= fresh;
    pl_belief_apply(&rule,
                    evidence->live,
                    log_likelihood,
                    belief->stream[stream].log_belief,
                    belief->stream[stream].log_belief);
    if (stream == PL_BELIEF_FULL) {
        step->fresh = fresh;
        memcpy(step->log_likelihood, log_likelihood, sizeof step->log_likelihood);
        step->tail = tail_of(belief, &scratch->likelihood, reading);
        pl_cross_add(cross_of(belief), evidence, &scratch->likelihood, reading);
    }
    update_weights(belief, stream, evidence, &scratch->likelihood, reading, fresh);
}

void pl_belief_update(struct pl_belief *belief,
                      const struct pl_evidence *evidence,
                      const struct pl_feature_set *observed,
                      double noticed,
                      void *scratch,
                      struct pl_belief_step *step)
{
    struct scratch *work = scratch;
    struct pl_reading reading;
    PL_CHECK(evidence->cause_count == belief->def.cause_count);
    PL_CHECK(evidence->particles == belief->def.particles);
    PL_CHECK(noticed >= 0.0 && noticed <= 1.0);
    memset(step, 0, sizeof *step);
    pl_evidence_read(evidence, observed, &reading);
    for (uint32_t s = 0; s < PL_BELIEF_STREAM_COUNT; s++) {
        double before[PL_CAUSES_MAX + 1];
        struct stream *stream = &belief->stream[s];
        memcpy(before, stream->log_belief, sizeof before);
        pl_belief_read(belief, s, &step->before[s]);
        update_stream(belief, s, evidence, &reading, work, step);
        if (s == PL_BELIEF_PERCEIVED) {
            mix(stream, before, belief->def.cause_count, noticed);
        }
        pl_belief_read(belief, s, &step->after[s]);
        step->kl_bits[s] = kl_bits(&belief->def, &step->before[s], &step->after[s]);
    }
    pl_past_add(own_past(belief), evidence);
    belief->surprises += step->tail < surprise_tail ? 1 : 0;
    step->alarm = belief->surprises >= SURPRISES_MAX;
    step->unstable = is_unstable(belief, step->log_likelihood[belief->def.cause_count], work);
}

double pl_belief_truth_bits(const struct pl_belief *belief,
                            const struct pl_belief_step *step,
                            uint32_t stream,
                            uint32_t cause)
{
    PL_CHECK(stream < PL_BELIEF_STREAM_COUNT && cause < belief->def.cause_count);
    uint32_t remedy = belief->def.class_of[cause];
    double after = step->after[stream].remedy[remedy];
    double before = step->before[stream].remedy[remedy];
    return after > 0.0 && before > 0.0 ? pl_log(after / before) * PL_BELIEF_BITS_PER_NAT : 0.0;
}
