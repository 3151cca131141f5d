// SPDX-License-Identifier: Apache-2.0
//
// What a scenario tells the instruments: alert rules, change feed, people, indicators, gaps.
//
// Plain values, filled by the scenario layer and borrowed for the life of the instruments. Texts
// are terminated and cut by their owner. Times are simulated nanoseconds since the start of a run.
#ifndef PL_OBSERVE_OBSERVE_TYPES_H
#define PL_OBSERVE_OBSERVE_TYPES_H

#include "model/world.h"

#include <stdint.h>

enum {
    PL_EXPR_MAX = 512,       /* bytes of a query with its terminator */
    PL_SENTENCE_MAX = 240,   /* bytes of a short text */
    PL_PARAGRAPH_MAX = 1200, /* bytes of a message or an answer */
    PL_ALERT_RULES_MAX = 32,
    PL_ALERT_INSTANCES_MAX = 16, /* label sets that one rule tracks */
    PL_FEED_MAX = 192,           /* entries of the change feed, those of a player included */
    PL_PEOPLE_MAX = 16,
    PL_ANSWERS_MAX = 128,
    PL_ANNOUNCEMENTS_MAX = 64,
    PL_QUESTIONS_MAX = 64, /* questions of one session */
    PL_INDICATORS_MAX = 16,
    PL_GAPS_MAX = 16,
    PL_OBSERVE_EVENTS_MAX = 512 /* pages, messages and other things that came by themselves */
};

/** What happens to scrapes of a target during a gap. */
enum pl_gap_kind {
    PL_GAP_LOST,  /* no sample: up is 0, series end until the target answers again */
    PL_GAP_FROZEN /* the exporter answers with the values of its last good moment */
};

/** A time in which a target's scrapes are not what they should be. */
struct pl_scrape_gap {
    char target[PL_NAME_MAX]; /* service, database, cache or topic; `*` is every target */
    uint32_t kind;            /* enum pl_gap_kind */
    uint32_t reserved;
    int64_t from_ns;
    int64_t until_ns; /* not included */
};

/** Comparison of an alert's value with its threshold. */
enum pl_compare { PL_COMPARE_ABOVE, PL_COMPARE_BELOW, PL_COMPARE_AT_LEAST, PL_COMPARE_AT_MOST };

/**
 * An alert rule in the Prometheus sense.
 *
 * `summary` may use {{value}} (formatted by `unit`), {{service}} and any other {{label}} of the
 * series that fires.
 */
struct pl_alert_rule {
    char name[PL_NAME_MAX];        /* HttpLatencyP99High */
    char expr[PL_EXPR_MAX];        /* left side, as in a query look */
    char severity[16];             /* critical, warning or info */
    char team[PL_NAME_MAX];        /* checkout */
    char service[PL_NAME_MAX];     /* group label; "" takes the series' service label */
    char cluster[16];              /* eu1 */
    char environment[16];          /* prod */
    char summary[PL_SENTENCE_MAX]; /* p99 {{value}} for 10m (SLO 1.5 s) */
    char description[PL_SENTENCE_MAX];
    char runbook[PL_LABEL_MAX]; /* page name of the runbook */
    char unit[8];               /* of the value: s, %, "" (a ratio is shown as % with unit %) */
    uint32_t compare;           /* enum pl_compare */
    uint32_t pages;             /* 1: reaches the player; 0: only seen in the alerts look */
    double threshold;
    double for_s; /* time that the condition must hold */
};

/** An entry of the change feed. */
struct pl_feed_entry {
    int64_t t_ns;             /* may be negative: before the start of the run */
    char kind[16];            /* deploy, flag, config, cron, migration, infra, vendor, scale ... */
    char target[PL_NAME_MAX]; /* storefront-api */
    char text[PL_SENTENCE_MAX]; /* 2026.11.21-3, css only */
    char by[PL_NAME_MAX];       /* release-train */
    uint32_t visible;           /* 0: a console edit, kept for the debrief, never shown in a look */
    uint32_t reserved;
};

/** Somebody who can be asked. */
struct pl_person {
    char id[PL_NAME_MAX];         /* tomasz: what the player types */
    char name[PL_LABEL_MAX];      /* Tomasz Wrona */
    char role[PL_LABEL_MAX];      /* DBA, data team, office hours */
    char away[PL_SENTENCE_MAX];   /* answer while not available; "" means silence */
    char unsure[PL_SENTENCE_MAX]; /* answer when no topic matches; "" takes a plain default */
    double delay_s;  /* mean time to an answer; the real one is drawn, 0.6..1.6 of it */
    int64_t from_ns; /* available in [from_ns, until_ns) */
    int64_t until_ns;
};

/** What a person says about a topic. */
struct pl_answer {
    uint32_t person;                /* index in people */
    uint32_t wrong;                 /* 1: a belief that is not true; for the debrief, never shown */
    char topic[PL_NAME_MAX];        /* fraud-flag: can be asked for by name */
    char keywords[PL_SENTENCE_MAX]; /* words separated by spaces; `pool*` matches pools, pooling */
    char text[PL_PARAGRAPH_MAX];
    double delay_s;  /* 0: the person's own */
    int64_t from_ns; /* the person knows it in [from_ns, until_ns); until_ns 0: for ever */
    int64_t until_ns;
};

/** A message that nobody asked for. */
struct pl_announcement {
    int64_t t_ns;
    uint32_t person; /* index in people, or PL_NONE: a bot or channel */
    uint32_t reserved;
    char channel[PL_NAME_MAX]; /* #incident, support, status page, e-mail */
    char from[PL_NAME_MAX];    /* shown when person is PL_NONE */
    char text[PL_PARAGRAPH_MAX];
};

/** A number of the business or of the users: a panel of its own in the KPI dashboard. */
struct pl_indicator {
    char name[PL_NAME_MAX];   /* orders-per-minute */
    char title[PL_LABEL_MAX]; /* Orders per minute */
    char expr[PL_EXPR_MAX];
    char unit[8];
};

/** Everything that a scenario decides about the instruments. Zeroed means none. */
struct pl_observe_def {
    uint64_t seed;              /* of the instruments' noise; the session's seed */
    int64_t scrape_interval_ns; /* 0: 15 s */
    int64_t history_ns;         /* longest run that has to be remembered; 0: 90 min */
    double scrape_loss;         /* share of single scrapes that get lost; below 0: none, 0: 0.002 */
    char date[12];              /* day of simulated time 0, 2026-11-21; "" takes that day */
    char cluster[16];           /* eu1 */
    const struct pl_scrape_gap *gaps;
    const struct pl_alert_rule *rules;
    const struct pl_feed_entry *feed;
    const struct pl_person *people;
    const struct pl_answer *answers;
    const struct pl_announcement *announcements;
    const struct pl_indicator *indicators;
    uint32_t gap_count;
    uint32_t rule_count;
    uint32_t feed_count;
    uint32_t person_count;
    uint32_t answer_count;
    uint32_t announcement_count;
    uint32_t indicator_count;
    uint32_t reserved;
};

/** Kinds of things that reach a player without a look. */
enum pl_observe_event_kind {
    PL_EVENT_PAGE,     /* an alert fires */
    PL_EVENT_RESOLVED, /* an alert that had paged is over */
    PL_EVENT_ANSWER,   /* a person answers a question */
    PL_EVENT_MESSAGE   /* somebody says something unasked */
};

/** One such thing. */
struct pl_observe_event {
    int64_t t_ns;
    uint32_t kind;               /* enum pl_observe_event_kind */
    uint32_t source;             /* rule, question or announcement */
    char title[PL_SENTENCE_MAX]; /* page: the subject line; message: who and where */
    char text[PL_PARAGRAPH_MAX];
    char from[PL_NAME_MAX];     /* alertmanager, or the person's id */
    char severity[16];          /* of a page */
    char runbook[PL_LABEL_MAX]; /* of a page */
};

#endif
