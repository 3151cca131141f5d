// SPDX-License-Identifier: Apache-2.0
#include "fidelity/report/truth.h"

#include "base/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double pl_truth_erlang_b(uint32_t c, double a)
{
    double b = 1.0;
    for (uint32_t k = 1; k <= c; k++) {
        b = a * b / ((double)k + a * b);
    }
    return b;
}

double pl_truth_erlang_c(uint32_t c, double a)
{
    double b = pl_truth_erlang_b(c, a);
    return b / (1.0 - a / (double)c * (1.0 - b));
}

double pl_truth_mmc_wait(uint32_t c, double lambda, double s)
{
    return pl_truth_erlang_c(c, lambda * s) / ((double)c / s - lambda);
}

double pl_truth_pk_wait(double rho, double s, double scv)
{
    return rho * s * (1.0 + scv) / (2.0 * (1.0 - rho));
}

double pl_truth_mmcd_abandon(uint32_t c, double lambda, double s, double patience)
{
    double mu = 1.0 / s;
    double drift = (double)c * mu - lambda;
    double j = (1.0 - exp(-drift * patience)) / drift + exp(-drift * patience) / ((double)c * mu);
    /* sum over j < c of (a^j / j!) / (a^(c-1) / (c-1)!), from the top down. */
    double term = 1.0;
    double e = 1.0;
    for (uint32_t k = c - 1; k > 0; k--) {
        term *= (double)k / (lambda * s);
        e += term;
    }
    return (1.0 - drift * j) / (e + lambda * j);
}

struct pl_erlang_a pl_truth_erlang_a(uint32_t c, double lambda, double s, double theta)
{
    double p = 1.0; /* of n present, against that of none */
    double mass = 1.0;
    double waiting = 0.0;
    for (uint32_t n = 1; n <= c || p > 1e-18 * mass; n++) {
        double servers = (double)(n < c ? n : c) / s;
        double queue = n > c ? (double)(n - c) : 0.0;
        p *= lambda / (servers + queue * theta);
        mass += p;
        waiting += p * queue;
    }
    waiting /= mass;
    return (struct pl_erlang_a){waiting * theta / lambda, waiting / lambda};
}

double pl_truth_choices_sojourn(uint32_t choices, double rho)
{
    double d = (double)choices;
    double power = 1.0; /* d^i */
    double sum = 0.0;
    for (uint32_t i = 1; i <= 60; i++) {
        power *= d;
        sum += pow(rho, (power - d) / (d - 1.0));
    }
    return sum;
}

/* Expected keys present and hits of one node when a key stays for `t` after its last use. */
static double
che_node(const double *p, uint32_t keys, uint32_t node, uint32_t nodes, double t, double *hits)
{
    double present = 0.0;
    for (uint32_t i = node; i < keys; i += nodes) {
        double in = 1.0 - exp(-p[i] * t);
        present += in;
        *hits += p[i] * in;
    }
    return present;
}

double pl_truth_che_hits(uint32_t keys, uint32_t nodes, uint32_t capacity, double exponent)
{
    double *p = malloc(keys * sizeof *p);
    double total = 0.0;
    double all = 0.0;
    PL_CHECK(p != NULL && capacity * nodes < keys);
    for (uint32_t i = 0; i < keys; i++) {
        p[i] = pow((double)(i + 1), -exponent);
        total += p[i];
    }
    for (uint32_t i = 0; i < keys; i++) {
        p[i] /= total;
    }
    for (uint32_t node = 0; node < nodes; node++) {
        double low = 0.0;
        double high = 1e12;
        double hits = 0.0;
        for (uint32_t i = 0; i < 100; i++) {
            double middle = 0.5 * (low + high);
            hits = 0.0;
            if (che_node(p, keys, node, nodes, middle, &hits) < (double)capacity) {
                low = middle;
            } else {
                high = middle;
            }
        }
        all += hits;
    }
    free(p);
    return all;
}

double pl_truth_zipf_share(uint32_t keys, uint32_t first, double exponent)
{
    double share = 0.0;
    double total = 0.0;
    for (uint32_t i = 1; i <= keys; i++) {
        total += pow((double)i, -exponent);
        share += i <= first ? pow((double)i, -exponent) : 0.0;
    }
    return share / total;
}

double pl_truth_erlang_arrivals_wait(uint32_t k, double stage_rate, double s)
{
    double mu = 1.0 / s;
    double sigma = 0.5;
    for (uint32_t i = 0; i < 10000; i++) {
        sigma = pow(stage_rate / (stage_rate + mu * (1.0 - sigma)), (double)k);
    }
    return sigma * s / (1.0 - sigma);
}

double pl_truth_dm1_wait(double lambda, double s)
{
    double sigma = 0.5;
    for (uint32_t i = 0; i < 10000; i++) {
        sigma = exp(-(1.0 - sigma) / (s * lambda));
    }
    return sigma * s / (1.0 - sigma);
}

enum { JSQ_MAX = 100 }; /* at 0.9 the mass beyond is below 1e-8 */

/* Flow into state (i, j) from its neighbours. */
static double jsq_inflow(const double *p, uint32_t i, uint32_t j, double lambda)
{
    const uint32_t n = JSQ_MAX + 1;
    double in = 0.0;
    if (i < JSQ_MAX) {
        in += p[(i + 1) * n + j];
    }
    if (j < JSQ_MAX) {
        in += p[i * n + j + 1];
    }
    if (i > 0 && i - 1 <= j) {
        in += p[(i - 1) * n + j] * (i - 1 == j ? 0.5 : 1.0) * lambda;
    }
    if (j > 0 && j - 1 <= i) {
        in += p[i * n + j - 1] * (j - 1 == i ? 0.5 : 1.0) * lambda;
    }
    return in;
}

double pl_truth_jsq2_sojourn(double rho)
{
    const uint32_t n = JSQ_MAX + 1;
    double lambda = 2.0 * rho;
    double *p = malloc(n * n * sizeof *p);
    double mean = 0.0;
    double before = -1.0;
    PL_CHECK(p != NULL);
    for (uint32_t i = 0; i < n * n; i++) {
        uint32_t both = i / n + i % n;
        p[i] = pow(rho, (double)both);
    }
    for (uint32_t sweep = 0; sweep < 100000 && fabs(mean - before) > 1e-11 * mean; sweep++) {
        double mass = 0.0;
        double jobs = 0.0;
        for (uint32_t i = 0; i < n; i++) {
            for (uint32_t j = 0; j < n; j++) {
                double out = (i > 0 ? 1.0 : 0.0) + (j > 0 ? 1.0 : 0.0) +
                             (i == JSQ_MAX && j == JSQ_MAX ? 0.0 : lambda);
                p[i * n + j] = jsq_inflow(p, i, j, lambda) / out;
                mass += p[i * n + j];
                jobs += p[i * n + j] * (double)(i + j);
            }
        }
        before = mean;
        mean = jobs / mass / lambda;
    }
    free(p);
    return mean;
}

double
pl_truth_mva_throughput(uint32_t users, double think_s, const double *service, uint32_t count)
{
    double queue[8] = {0};
    double x = 0.0;
    PL_CHECK(count <= 8);
    for (uint32_t n = 1; n <= users; n++) {
        double response[8];
        double total = 0.0;
        for (uint32_t k = 0; k < count; k++) {
            response[k] = service[k] * (1.0 + queue[k]);
            total += response[k];
        }
        x = (double)n / (think_s + total);
        for (uint32_t k = 0; k < count; k++) {
            queue[k] = x * response[k];
        }
    }
    return x;
}

double pl_truth_ttl_hits(uint32_t keys, double exponent, double rate, double ttl_s)
{
    double total = 0.0;
    double hits = 0.0;
    for (uint32_t i = 1; i <= keys; i++) {
        total += pow((double)i, -exponent);
    }
    for (uint32_t i = 1; i <= keys; i++) {
        double share = pow((double)i, -exponent) / total;
        double load = rate * share * ttl_s;
        hits += share * load / (1.0 + load);
    }
    return hits;
}

struct pl_usl pl_truth_usl(const double *n, const double *x, uint32_t count)
{
    double uu = 0.0;
    double uv = 0.0;
    double vv = 0.0;
    double uy = 0.0;
    double vy = 0.0;
    double mean = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        double u = n[i] - 1.0;
        double v = n[i] * (n[i] - 1.0);
        double y = n[i] * x[0] / x[i] - 1.0;
        uu += u * u;
        uv += u * v;
        vv += v * v;
        uy += u * y;
        vy += v * y;
        mean += x[i] / (double)count;
    }
    double det = uu * vv - uv * uv;
    struct pl_usl fit = {(uy * vv - vy * uv) / det, (vy * uu - uy * uv) / det, 0.0};
    double rest = 0.0;
    double all = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        double c =
            n[i] / (1.0 + fit.contention * (n[i] - 1.0) + fit.coherence * n[i] * (n[i] - 1.0));
        rest += (x[i] - x[0] * c) * (x[i] - x[0] * c);
        all += (x[i] - mean) * (x[i] - mean);
    }
    fit.r2 = 1.0 - rest / all;
    return fit;
}
