// SPDX-License-Identifier: Apache-2.0
//
// Closed forms and exact numerical solutions that the report compares with. None of them uses the
// engine. Rates are per second, times seconds.
#ifndef PL_REPORT_TRUTH_H
#define PL_REPORT_TRUTH_H

#include <stdint.h>

/** Erlang B: share of arrivals lost by M/G/c/c with offered load a. */
double pl_truth_erlang_b(uint32_t c, double a);

/** Erlang C: probability that an arrival of M/M/c waits, offered load a < c. */
double pl_truth_erlang_c(uint32_t c, double a);

/** Mean wait of M/M/c with arrival rate lambda and mean service s. */
double pl_truth_mmc_wait(uint32_t c, double lambda, double s);

/** Pollaczek-Khinchine: mean wait of M/G/1 with utilisation rho, mean s and scv of service. */
double pl_truth_pk_wait(double rho, double s, double scv);

/**
 * Share of arrivals that give up in M/M/c+D: wait limited to exactly `patience`.
 *
 * @source Baccelli and Hebuterne 1981; Zeltyn and Mandelbaum 2005, Theorem 2.1
 */
double pl_truth_mmcd_abandon(uint32_t c, double lambda, double s, double patience);

/** Abandonment in M/M/c+M. */
struct pl_erlang_a {
    double abandon; /* share of arrivals that give up */
    double wait;    /* mean time in the queue over all arrivals, those that give up included */
};

/**
 * Erlang A: M/M/c with exponential patience of rate theta in the queue, from the chain of the
 * number present.
 */
struct pl_erlang_a pl_truth_erlang_a(uint32_t c, double lambda, double s, double theta);

/**
 * Mean sojourn when each arrival joins the shortest of d queues of exponential servers of rate 1
 * drawn from infinitely many.
 *
 * @param choices  d, 2 or more
 * @param rho      utilisation, below 1
 * @source Mitzenmacher 1996; Vvedenskaya, Dobrushin and Karpelevich 1996
 */
double pl_truth_choices_sojourn(uint32_t choices, double rho);

/**
 * Hit share of a cache of `nodes` nodes that each drop the least recently used key, Zipf keys dealt
 * to the nodes in turn, by Che's approximation.
 *
 * @param capacity  keys per node, fewer than its keys
 * @source Che, Tung and Wang 2002; error shown by Fricker, Robert and Roberts 2012
 */
double pl_truth_che_hits(uint32_t keys, uint32_t nodes, uint32_t capacity, double exponent);

/** Share of the accesses to Zipf keys that go to the `first` most popular ones. */
double pl_truth_zipf_share(uint32_t keys, uint32_t first, double exponent);

/**
 * Mean wait of E_k/M/1 whose arrival stages have rate `stage_rate`; k large is D/M/1.
 *
 * The root of sigma = (stage_rate / (stage_rate + mu (1 - sigma)))^k by iteration (Kleinrock 6.4).
 */
double pl_truth_erlang_arrivals_wait(uint32_t k, double stage_rate, double s);

/** Mean wait of D/M/1: the root of sigma = exp(-mu (1 - sigma) / lambda). */
double pl_truth_dm1_wait(double lambda, double s);

/**
 * Mean sojourn under join-the-shortest-queue with two exponential servers of rate 1 each, from
 * the truncated two-dimensional chain by Gauss-Seidel.
 *
 * @param rho  utilisation of a server, below 0.95
 */
double pl_truth_jsq2_sojourn(double rho);

/**
 * Throughput of a closed network of single exponential servers by exact mean value analysis.
 *
 * @param users    customers, 1 or more
 * @param think_s  mean think time
 * @param service  service[count], mean service per visit, one visit each
 * @param count    1..8
 */
double
pl_truth_mva_throughput(uint32_t users, double think_s, const double *service, uint32_t count);

/** Hit share of a cache with fixed TTL, Zipf keys and Poisson reads at `rate` in all. */
double pl_truth_ttl_hits(uint32_t keys, double exponent, double rate, double ttl_s);

/** Universal scalability fitted to throughputs: capacity(n) = x[n]/x[1]. */
struct pl_usl {
    double contention; /* a */
    double coherence;  /* b */
    double r2;         /* of the throughput curve */
};
/**
 * Least squares on (n / C - 1) = a (n - 1) + b n (n - 1), Gunther 2007.
 *
 * @param n      n[count], the first must be 1
 * @param x      x[count], throughputs
 */
struct pl_usl pl_truth_usl(const double *n, const double *x, uint32_t count);

#endif
