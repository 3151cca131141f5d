// SPDX-License-Identifier: Apache-2.0
//
// Estimates with their errors, and the rows of the report.
//
// An anchor is measured in stages of independent runs. A pilot of 24 runs says how much has to be
// simulated for the stated precision; then 40 fresh seeds do that, once more when it was still too
// little. Only the last stage counts, and never the pilot: to stop where the error looks small
// favours runs whose error looks small.
//
// An anchor may name what is known about its input: the arrival rate and the processor time that is
// asked for. What a run had more or less of both than the long run has explains a part of what it
// measured; the estimate is the value of a linear fit at the known means (control variates,
// Lavenberg and Welch 1981), its error that of the fit.
#ifndef PL_REPORT_ANCHOR_H
#define PL_REPORT_ANCHOR_H

#include "model/model.h"

#include <stddef.h>
#include <stdio.h>

/** Offset of a member of a sample. */
#define PL_SAMPLE(name) offsetof(struct pl_sample, name)
/** Standard errors that the acceptance rule allows, shares of the truth. */
#define PL_PRECISION     0.0025
#define PL_PRECISION_P99 0.005

enum {
    PL_ANCHOR_SEEDS = 24, /* of a pilot, and of properties */
    PL_ANCHOR_RUNS = 40,  /* of a later stage */
    PL_ANCHOR_ROUNDS_MAX = 2,
    PL_ANCHOR_ROWS_MAX = 160,
    PL_ANCHOR_CONTROLS = 2,
    PL_ANCHOR_QUANTITIES_MAX = 4,
    PL_ANCHOR_ROUTES_MAX = 4
};

/** What one run measures after its warm-up. Times in the anchor's unit, shares 0..1. */
struct pl_sample {
    double wait;                            /* resource 0: mean time in the queue */
    double sojourn;                         /* resource 0: queue and service */
    double wait_all;                        /* resource 0: time in the queue per request offered */
    double rate;                            /* offered requests per unit of time */
    double busy;                            /* resource 1, a processor: cores in use */
    double refused;                         /* resource 0: share of arrivals */
    double throughput;                      /* answers per unit of time to users */
    double slow;                            /* share of users' requests above the objective */
    double failed;                          /* share of users' requests */
    double left;                            /* share of users' requests */
    double route[PL_ANCHOR_ROUTES_MAX];     /* mean server time of completed requests */
    double route_p99[PL_ANCHOR_ROUTES_MAX]; /* interpolated inside the bucket */
    double hits;                            /* cache 0: share of reads */
    double attempts;                        /* edge 0: attempts per request to route 0 */
};

/** One number of an anchor. */
struct pl_quantity {
    const char *name;    /* "mean sojourn" */
    const char *formula; /* of the truth */
    size_t field;        /* offset in struct pl_sample */
    double truth;
    double precision; /* standard error allowed, share of the truth */
};

/** An anchor: a world, how to run it, and what to look at. */
struct pl_anchor {
    const char *name;       /* "M/M/1 FIFO" */
    const char *parameters; /* "rho 0.9" */
    const struct pl_world *world;
    const struct pl_setting *settings; /* changes at time 0, ended by a NULL path; may be NULL */
    uint32_t quantity_count;
    uint32_t recorded; /* 1: needs the record (routes, cache, attempts) */
    double unit_s;     /* seconds of one unit of time in the closed form */
    double pilot;      /* units of a pilot run */
    double cpu_s_max;  /* bound on the second stage */
    double rate;       /* known offered requests per unit, 0: no control variate */
    double busy;       /* known cores in use, 0: no control variate */
    double tolerance;  /* error of the formula itself, share of the truth; 0: it is exact */
    struct pl_quantity quantities[PL_ANCHOR_QUANTITIES_MAX];
};

/** A change that a run begins with. */
struct pl_setting {
    const char *path;
    double value;
};

struct pl_report;

/** How a row was judged. */
enum pl_verdict {
    PL_VERDICT_PASS,      /* within 4 standard errors, and these are small enough */
    PL_VERDICT_IMPRECISE, /* within 4 standard errors, which are larger than stated */
    PL_VERDICT_MISS,
    PL_VERDICT_HOLDS, /* a property without a number */
    PL_VERDICT_FAILS,
    PL_VERDICT_ABSENT /* the model cannot express it */
};

/** A row of the table. */
struct pl_row {
    char anchor[64];
    char parameters[96];
    char formula[200];
    double truth;
    double estimate;
    double standard_error;
    double precision;
    double tolerance;
    uint64_t requests;
    double cpu_s;
    uint32_t verdict; /* enum pl_verdict */
    uint32_t numeric; /* 0: truth and estimate are not shown */
};

/** A group of anchors: one section of the page. */
struct pl_group {
    const char *name;  /* of the command line and of the marks in the page */
    const char *title; /* heading */
    void (*run)(struct pl_report *report);
};

/** The report being made. */
struct pl_report {
    const char *folder; /* for section and plots, borrowed; NULL: neither, and no progress */
    double effort;      /* factor on the processor time allowed, normally 1 */
    uint32_t row_count;
    uint32_t validated; /* runs that ended with pl_model_validate */
    uint64_t requests;
    struct pl_row rows[PL_ANCHOR_ROWS_MAX];
};

/** Processor seconds of this process so far. */
double pl_anchor_cpu_s(void);

/**
 * Run a state to `until_s` and validate it; aborts when frames overflowed.
 *
 * Every run of the report ends here, so Little's law is checked to the nanosecond in all of them.
 */
void pl_anchor_finish(struct pl_report *report,
                      const struct pl_world *world,
                      struct pl_state *state,
                      struct pl_record *record,
                      double until_s);

/** Measure all quantities of an anchor and add their rows. The index of the first row. */
uint32_t pl_anchor_measure(struct pl_report *report, const struct pl_anchor *anchor);

/**
 * An anchor of a world in units of PL_UNIT_S with one quantity to be filled in.
 *
 * @param world  sealed, owned by the anchor until pl_anchor_measure_once
 */
struct pl_anchor
pl_anchor_of(const char *name, const char *parameters, const struct pl_world *world);

/** Measure an anchor and free its world. The index of the first row. */
uint32_t pl_anchor_measure_once(struct pl_report *report, struct pl_anchor *anchor);

/** Add a row that the caller filled. */
struct pl_row *pl_anchor_row(struct pl_report *report, const struct pl_row *row);

/** Add a row for what the model cannot express. */
void pl_anchor_absent(struct pl_report *report, const char *anchor, const char *why);

/** Judge an estimate by the acceptance rule. */
enum pl_verdict pl_anchor_judge(const struct pl_row *row);

#endif
