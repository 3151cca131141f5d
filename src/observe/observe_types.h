// SPDX-License-Identifier: Apache-2.0
//
// What a scenario tells the instruments: alert rules, change feed, people, indicators, gaps.
//
// Plain values filled from a scenario and borrowed, with the texts they point to, for the life of
// the instruments. A text may be NULL or empty where it says "or none". Times are simulated
// nanoseconds since the start of a run.
#ifndef PL_OBSERVE_OBSERVE_TYPES_H
#define PL_OBSERVE_OBSERVE_TYPES_H

#include "model/world.h"

#include <stdint.h>

enum {
    PL_EXPR_MAX = 512,                 /* bytes of a query with its terminator */
    PL_OBSERVE_RULES_MAX = 32,         /* alert rules */
    PL_OBSERVE_ALERTS_MAX = 128,       /* label sets that all rules track together */
    PL_OBSERVE_FEED_MAX = 256,         /* entries of the change feed, those of a player included */
    PL_OBSERVE_PEOPLE_MAX = 16,        /* people */
    PL_OBSERVE_ANSWERS_MAX = 192,      /* answers of all people */
    PL_OBSERVE_ANNOUNCEMENTS_MAX = 64, /* unasked messages */
    PL_OBSERVE_QUESTIONS_MAX = 64,     /* questions of one session */
    PL_OBSERVE_INDICATORS_MAX = 16,    /* business numbers */
    PL_OBSERVE_GAPS_MAX = 16,          /* times without good scrapes */
    PL_OBSERVE_HOLES_MAX = 16,         /* things that no dashboard shows */
    PL_OBSERVE_NOISES_MAX = 64,        /* harmless log lines */
    PL_OBSERVE_EVENTS_MAX = 512, /* pages, messages and other things that came by themselves */
    PL_OBSERVE_TITLE_MAX = 240,  /* bytes of an event's title with its terminator */
    PL_OBSERVE_TEXT_MAX = 1400   /* bytes of an event's text with its terminator */
};

/** What happens to scrapes of a target during a gap. */
enum pl_observe_gap_kind {
    PL_OBSERVE_GAP_LOST,  /* no sample: up is 0, series end until the target answers again */
    PL_OBSERVE_GAP_FROZEN /* the exporter answers with the values of its last good moment */
};

/** A time in which a target's scrapes are not what they should be. */
struct pl_observe_gap {
    const char *target; /* service, database, cache or topic; `*` is every target */
    uint32_t kind;      /* enum pl_observe_gap_kind */
    uint32_t reserved;
    int64_t from_ns;
    int64_t until_ns; /* not included */
};

/** In which way something cannot be seen. */
enum pl_observe_hole_kind {
    PL_OBSERVE_HOLE_ABSENT,  /* a metric that nobody exports, or a panel that nobody built */
    PL_OBSERVE_HOLE_STALE,   /* a metric that stopped: its values froze at the start of the run */
    PL_OBSERVE_HOLE_NO_LABEL /* a panel that cannot be split */
};

/** Something that the dashboards of this world do not show. */
struct pl_observe_hole {
    const char *what;   /* metric name or panel name */
    const char *target; /* service, database ..., or none: everywhere */
    const char *text;   /* what the panel says instead */
    uint32_t kind;      /* enum pl_observe_hole_kind */
    uint32_t reserved;
};

/** Comparison of an alert's value with its threshold. */
enum pl_observe_compare {
    PL_COMPARE_NONE, /* the expression compares; whatever it returns fires */
    PL_COMPARE_ABOVE,
    PL_COMPARE_BELOW,
    PL_COMPARE_AT_LEAST,
    PL_COMPARE_AT_MOST
};

/**
 * An alert rule in the Prometheus sense.
 *
 * Summary and description may use {value} (formatted by `unit`), {service} and any other {label}
 * of the series that fires; the form {{value}} works too.
 */
struct pl_observe_rule {
    const char *name;        /* HttpLatencyP99High */
    const char *expr;        /* as in a query look */
    const char *severity;    /* critical, warning or info */
    const char *team;        /* checkout */
    const char *service;     /* group label, or none: the series' service label */
    const char *environment; /* prod */
    const char *summary;     /* p99 {value} for 10m (SLO 1.5 s) */
    const char *description; /* or none */
    const char *runbook;     /* page name of the runbook, or none */
    const char *unit;        /* of the value: s, %, or none */
    uint32_t compare;        /* enum pl_observe_compare */
    uint32_t pages;          /* 1: reaches the player; 0: only seen in the alerts look */
    double threshold;
    double for_s; /* time that the condition must hold */
};

/** An entry of the change feed. */
struct pl_observe_change {
    int64_t t_ns;       /* may be negative: before the start of the run */
    const char *kind;   /* deploy, flag, config, cron, migration, infra, vendor, scale ... */
    const char *target; /* storefront-api */
    const char *text;   /* 2026.11.21-3, css only */
    const char *by;     /* release-train, or none */
    uint32_t visible;   /* 0: a console edit, kept for the debrief, never shown in a look */
    uint32_t reserved;
};

/** Somebody who can be asked. */
struct pl_observe_person {
    const char *id;     /* tomasz: what the player types */
    const char *name;   /* Tomasz Wrona */
    const char *role;   /* DBA, data team, office hours */
    const char *away;   /* said for the person while not available; none means silence */
    const char *unsure; /* said when no topic matches, or none: a plain default */
    double delay_s;     /* usual time to an answer; the real one is drawn, 0.6..1.6 of it */
    int64_t from_ns;    /* available in [from_ns, until_ns); until_ns 0: always */
    int64_t until_ns;
};

/** What a person says about a topic. */
struct pl_observe_answer {
    uint32_t person;      /* index in people */
    uint32_t wrong;       /* 1: a belief that is not true; for the debrief, never shown */
    const char *topic;    /* fraud-flag: can be asked for by name */
    const char *keywords; /* words separated by spaces; `pool*` matches pools and pooling */
    const char *text;
    double delay_s;  /* 0: the person's own */
    int64_t from_ns; /* the person knows it in [from_ns, until_ns); until_ns 0: for ever */
    int64_t until_ns;
};

/** A message that nobody asked for. */
struct pl_observe_announcement {
    int64_t t_ns;
    uint32_t person; /* index in people, or PL_NONE: a bot or channel */
    uint32_t reserved;
    const char *channel; /* #incident, support, e-mail */
    const char *from;    /* shown when person is PL_NONE */
    const char *text;
};

/** A number of the business or of the users: a series of the panels `kpi` and `users`. */
struct pl_observe_indicator {
    const char *name;  /* orders-per-minute */
    const char *title; /* Orders per minute */
    const char *expr;
    const char *unit; /* or none */
};

/**
 * A log line that means nothing and comes in every healthy hour. The body may use {n} (a number),
 * {hex}, {ip}, {path} and {id}.
 */
struct pl_observe_noise {
    const char *service;
    const char *severity; /* ERROR, WARN or INFO */
    const char *body;
    double per_minute; /* over the fleet */
};

/** Everything that a scenario decides about the instruments. Zeroed means none. */
struct pl_observe_def {
    uint64_t seed;              /* of the instruments' noise; the session's seed */
    int64_t scrape_interval_ns; /* 0: 15 s */
    int64_t history_ns;         /* longest run that has to be remembered; 0: 90 min */
    double scrape_loss;         /* share of single scrapes that get lost; below 0: none, 0: 0.002 */
    const char *date;           /* day of simulated time 0 such as 2026-11-21; none: that day */
    const char *cluster;        /* none: eu1 */
    const struct pl_observe_gap *gaps;
    const struct pl_observe_hole *holes;
    const struct pl_observe_rule *rules;
    const struct pl_observe_change *feed;
    const struct pl_observe_person *people;
    const struct pl_observe_answer *answers;
    const struct pl_observe_announcement *announcements;
    const struct pl_observe_indicator *indicators;
    const struct pl_observe_noise *noises;
    uint32_t gap_count;
    uint32_t hole_count;
    uint32_t rule_count;
    uint32_t feed_count;
    uint32_t person_count;
    uint32_t answer_count;
    uint32_t announcement_count;
    uint32_t indicator_count;
    uint32_t noise_count;
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
    uint32_t kind;                    /* enum pl_observe_event_kind */
    uint32_t source;                  /* rule, question or announcement */
    char title[PL_OBSERVE_TITLE_MAX]; /* page: the subject line; message: who and where */
    char text[PL_OBSERVE_TEXT_MAX];
    char from[PL_NAME_MAX];    /* alertmanager, or the person's id */
    char severity[16];         /* of a page */
    char runbook[PL_NAME_MAX]; /* of a page, or empty */
};

#endif
