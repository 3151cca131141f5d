// SPDX-License-Identifier: Apache-2.0
//
// Alert rules: evaluated every 30 seconds, pending for their time, then fired through a manager
// that waits 30 seconds to group (group_wait) and says when it is over.
//
//   inactive -> pending (condition holds) -> firing (it held for `for`) -> resolved
//
// An alert that pages reaches the player group_wait after it fires. The end of a group is told when
// its last alert has ended and the next evaluation agrees.
#ifndef PL_OBSERVE_ALERTS_H
#define PL_OBSERVE_ALERTS_H

#include "observe/observe_types.h"
#include "observe/promql.h"
#include "observe/promql_parse.h"
#include "observe/series.h"

#include <stdbool.h>
#include <stdint.h>

#define PL_ALERT_EVERY_NS      (INT64_C(30) * 1000000000)
#define PL_ALERT_GROUP_WAIT_NS (INT64_C(30) * 1000000000)

/** State of one alert. */
enum pl_alert_state { PL_ALERT_INACTIVE, PL_ALERT_PENDING, PL_ALERT_FIRING, PL_ALERT_RESOLVED };

/** One alert: a rule and a label set. */
struct pl_alert {
    uint32_t rule;
    uint32_t state;    /* enum pl_alert_state */
    uint32_t notified; /* 1: its group has been sent since it fired */
    uint32_t reserved;
    int64_t active_ns; /* condition since */
    int64_t fired_ns;
    int64_t ended_ns;
    double value; /* at the last evaluation that held */
    struct pl_labels labels;
};

/** All alerts. */
struct pl_alerts {
    const struct pl_observe_rule *rules; /* borrowed, rules[rule_count] */
    uint32_t rule_count;
    uint32_t alert_count;
    const char *cluster;
    int64_t next_ns;                           /* next evaluation */
    int64_t group_ns[PL_OBSERVE_RULES_MAX];    /* when the rule's group is sent; 0: nothing waits */
    uint32_t group_open[PL_OBSERVE_RULES_MAX]; /* 1: a page was sent and not resolved */
    uint32_t broken[PL_OBSERVE_RULES_MAX];     /* 1: the expression does not compile */
    struct pl_alert alerts[PL_OBSERVE_ALERTS_MAX];
};

/** Called for each page and each end of one. */
typedef void (*pl_alert_sink)(void *context, const struct pl_observe_event *event);

/**
 * Set up.
 *
 * @param alerts   filled
 * @param def      rules are borrowed
 * @param program  scratch: each rule is compiled once to see whether it can be
 */
void pl_alerts_init(struct pl_alerts *alerts,
                    const struct pl_observe_def *def,
                    struct pl_promql *program);

/** Use the rules of another definition, which must be equal. */
void pl_alerts_rebind(struct pl_alerts *alerts, const struct pl_observe_def *def);

/** Next moment at which something may happen. */
int64_t pl_alerts_next(const struct pl_alerts *alerts);

/**
 * True when a rule's page has been sent, or will have been by `by_ns` if its condition lasts.
 *
 * @param alerts  evaluated up to now
 * @param rule    name of the rule
 * @param by_ns   simulated moment
 */
bool pl_alerts_page_by(const struct pl_alerts *alerts, const char *rule, int64_t by_ns);

/** What an evaluation needs. */
struct pl_alerts_input {
    const struct pl_series *series;
    struct pl_promql *program;   /* scratch */
    struct pl_promql_work *work; /* scratch */
    pl_alert_sink sink;
    void *context;
};

/** Evaluate what is due at `now_ns`; events go to the sink. */
void pl_alerts_advance(struct pl_alerts *alerts,
                       const struct pl_alerts_input *input,
                       int64_t now_ns);

/**
 * Write the subject line of a rule's group in the default form of the alert manager:
 * `[FIRING:1] HttpLatencyP99High eu1 checkout-api (prod critical checkout)`.
 *
 * @param count  alerts that fire; 0 writes RESOLVED
 */
void pl_alerts_subject(const struct pl_alerts *alerts,
                       uint32_t rule,
                       uint32_t count,
                       const char *service,
                       struct pl_buf *out);

/** Write a rule's summary or description with {value} and {label} filled in. */
void pl_alerts_fill(const struct pl_alerts *alerts,
                    const struct pl_series *series,
                    const struct pl_alert *alert,
                    const char *text,
                    struct pl_buf *out);

/** Service that an alert is about: of its rule, or of its labels; "" when neither says. */
const char *pl_alerts_service(const struct pl_alerts *alerts,
                              const struct pl_series *series,
                              const struct pl_alert *alert);

#endif
