// SPDX-License-Identifier: Apache-2.0
//
// The definition of an incident: what surrounds a world, what went wrong, and what can be done.
//
// Three structs, from wide to narrow:
//   pl_setting   what a world file says beyond the model: teams, people, alert rules, log noise,
//                the feed's background, runbook pages, cron, actions, costs of looks
//   pl_scenario  one incident in that setting: opening, causes with priors, red herrings
//   pl_opening   one form of it: the cause drawn by a seed, its timeline, its feed
//
// All are plain data in memory of the caller; strings are terminated and stand inside. Lists are
// (first, count) pairs into the flat arrays of pl_setting.
//
// Times of feed entries, changes and answers are seconds relative to the opening (negative:
// before it), unless said otherwise. Values of change definitions are fleet numbers, as written;
// the changes of an opening and of an action are those of the slice (change_def.h divides).
#ifndef PL_SCENARIO_SCENARIO_H
#define PL_SCENARIO_SCENARIO_H

#include "base/error.h"
#include "model/model.h"
#include "model/world.h"
#include "observe/observe_types.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PL_LONG_MAX = 1200, /* bytes of a paragraph with its terminator */
    PL_PAGE_MAX = 6144, /* bytes of a runbook page with its terminator */
    PL_PAGES_MAX = 16,
    PL_TEAMS_MAX = 12,
    PL_PEOPLE_MAX = 12,
    PL_ANSWERS_MAX = 128, /* over all people */
    PL_ALERT_RULES_MAX = 32,
    PL_NOISES_MAX = 48,     /* log lines that mean nothing */
    PL_HOLES_MAX = 16,      /* things that no dashboard shows */
    PL_GAPS_MAX = 16,       /* times without good scrapes */
    PL_INDICATORS_MAX = 16, /* business numbers */
    PL_ANNOUNCEMENTS_MAX = 32,
    PL_FEEDS_MAX = 96,        /* feed entries over everything */
    PL_CHANGE_DEFS_MAX = 256, /* changes over causes, red herrings, actions, cron */
    PL_ACTIONS_MAX = 48,
    PL_ACTION_ARGS_MAX = 3,
    PL_ARG_OPTIONS_MAX =
        48, /* values that an argument of an action can take, when it is a choice */
    PL_LOOKS_MAX = 24,
    PL_CAUSES_MAX = 16,
    PL_RED_HERRINGS_MAX = 16,
    PL_CALLS_MAX = 160, /* remedies and tempting moves over all causes */
    PL_CLAIM_WORDS_MAX = 240,
    PL_TIMELINE_MAX = 192 /* changes of one opening */
};

/** How the value of a change is made. */
enum pl_change_op {
    PL_CHANGE_TO,      /* value */
    PL_CHANGE_ADD,     /* what it was, plus value */
    PL_CHANGE_TIMES,   /* what it was, times value */
    PL_CHANGE_PREVIOUS /* the release before the present one */
};

/** A change as content writes it. */
struct pl_change_def {
    char path[PL_LABEL_MAX * 2]; /* `service.{service}.pods`; braces name an argument */
    uint32_t op;                 /* enum pl_change_op */
    uint32_t value_arg;          /* argument whose value is used, or PL_NONE: `value` */
    uint32_t gated;              /* 1: holds only while gate_path has gate_value */
    uint32_t from_start;         /* 1: at simulated time 0 */
    double value;                /* fleet number */
    double at_s; /* relative to the opening; of an action: to the moment it takes effect */
    double ramp_s;
    double for_s;    /* 0: stays; else goes back to what it was after this time */
    double vary;     /* 0..1: value of a form = value * (1 + vary * severity), severity in -1..1 */
    double jitter_s; /* moment of a form = at_s + jitter_s * onset, onset in -1..1 */
    char gate_path[PL_LABEL_MAX * 2];
    double gate_value;
};

/** A line of the change feed. */
struct pl_feed_entry {
    double at_s;              /* relative to the opening */
    char kind[16];            /* deploy, flag, cron, migration, infra, config, vendor, action */
    char target[PL_NAME_MAX]; /* storefront-api, fraud-inline-v2 */
    char text[PL_LABEL_MAX * 2];
    char by[PL_NAME_MAX];
    uint32_t hidden; /* 1: a console edit, told in the debrief only */
    uint32_t reserved;
    double jitter_s; /* as of a change; it moves with the changes of the same cause */
};

/** A team and how it is reached. */
struct pl_team {
    char name[PL_NAME_MAX];
    char owns[PL_LABEL_MAX];
    char lead[PL_NAME_MAX]; /* person id, may be empty */
};

/** What a person says about a topic. */
struct pl_answer {
    char topic[PL_NAME_MAX];
    char words[PL_CLAIM_WORDS_MAX]; /* words of a question that mean it; pool* is a prefix */
    char text[PL_LONG_MAX];
    uint32_t person;
    uint32_t cause_mask; /* bit per cause for which this answer is given; all bits: always */
    uint32_t wrong;      /* 1: the person believes it, and it is wrong; for the debrief */
    uint32_t reserved;
    double delay_s; /* until the answer arrives */
};

/** A teammate. */
struct pl_person {
    char id[PL_NAME_MAX]; /* tomasz */
    char name[PL_NAME_MAX];
    char role[PL_LABEL_MAX];
    char team[PL_NAME_MAX];
    char unknown[PL_TEXT_MAX]; /* said when no topic fits */
    char away[PL_TEXT_MAX];    /* said for the person while not available */
    double delay_s;            /* usual time to answer */
    double from_clock_s;       /* available from this time of day */
    double to_clock_s;         /* until this one; from == to means always */
};

/** An alert rule in Prometheus form. */
struct pl_alert_def {
    char name[PL_NAME_MAX]; /* HttpLatencyP99High */
    char expr[PL_TEXT_MAX]; /* PromQL subset of observe/, one series per alert instance */
    char severity[16];      /* critical, warning, info */
    char team[PL_NAME_MAX];
    char service[PL_NAME_MAX]; /* label; may be empty when the expression carries it */
    char summary[PL_LABEL_MAX * 2];
    char description[PL_TEXT_MAX]; /* {value} is replaced */
    char runbook[PL_NAME_MAX];     /* page name, may be empty */
    char unit[8];                  /* of the value: s, %, or empty */
    double threshold;
    double for_s;
    uint32_t compare; /* enum pl_observe_compare */
    uint32_t pages;   /* 1: wakes the player */
};

/** A log line that appears in every healthy hour. Braces are filled by observe/. */
struct pl_noise {
    char service[PL_NAME_MAX];
    char severity[16]; /* ERROR, WARN, INFO */
    char body[PL_TEXT_MAX];
    double per_minute; /* over the fleet */
};

/** Something that the dashboards do not show. */
struct pl_hole {
    char what[PL_LABEL_MAX];  /* metric or panel name */
    char target[PL_NAME_MAX]; /* service, database or empty: everywhere */
    char text[PL_TEXT_MAX];   /* what the panel says instead */
    uint32_t kind;            /* enum pl_observe_hole_kind */
    uint32_t reserved;
};

/** A time in which a target's scrapes are lost or frozen. */
struct pl_gap {
    char target[PL_NAME_MAX]; /* `*` is every target */
    uint32_t kind;            /* enum pl_observe_gap_kind */
    uint32_t reserved;
    double from_s; /* relative to the opening */
    double until_s;
};

/** A number of the business. */
struct pl_indicator {
    char name[PL_NAME_MAX];
    char title[PL_LABEL_MAX];
    char expr[PL_TEXT_MAX];
    char unit[8];
};

/** A message that nobody asked for. */
struct pl_announcement {
    char channel[PL_NAME_MAX]; /* #incident, support, e-mail */
    char from[PL_NAME_MAX];    /* person id, or the name of a bot */
    char text[PL_LONG_MAX];
    uint32_t cause_mask; /* bit per cause for which it comes; all bits: always */
    uint32_t reserved;
    double at_s; /* relative to the opening */
};

/** A page of the runbook, Markdown. */
struct pl_page {
    char name[PL_NAME_MAX];
    char title[PL_LABEL_MAX];
    char text[PL_PAGE_MAX];
};

/** Published cost of a look in simulated time. */
struct pl_look {
    char name[PL_NAME_MAX]; /* panel, logs, db, ask, ... */
    double cost_s;
};

/** Kind of an argument of an action. */
enum pl_arg_kind {
    PL_ARG_COUNT,   /* whole number, for the fleet */
    PL_ARG_NUMBER,  /* any number */
    PL_ARG_SHARE,   /* 0..1, also written as 40% */
    PL_ARG_SECONDS, /* duration */
    PL_ARG_CHOICE   /* one of `options` */
};

/** An argument of an action. */
struct pl_arg {
    char name[PL_NAME_MAX];
    char doc[PL_LABEL_MAX];
    uint32_t kind; /* enum pl_arg_kind */
    uint32_t option_count;
    double low;
    double high;
    char options[PL_ARG_OPTIONS_MAX]
                [PL_LABEL_MAX];               /* CHOICE: as typed, e.g. checkout-api/orders-db */
    double option_values[PL_ARG_OPTIONS_MAX]; /* value when the choice stands for one, else 0 */
};

/** Something the player can do. */
struct pl_action {
    char name[PL_NAME_MAX];
    char title[PL_LABEL_MAX]; /* one line for the list */
    char takes[PL_LABEL_MAX]; /* for the preview, may hold {argument} */
    char touches[PL_LABEL_MAX * 2];
    char risk[PL_TEXT_MAX]; /* what an engineer would be told before doing it */
    char feed_kind[16];     /* kind of the feed entry, empty: leaves none */
    char feed_text[PL_LABEL_MAX * 2];
    uint32_t reversible; /* 1: yes */
    uint32_t uses_max;   /* 0: no limit */
    uint32_t arg_count;
    uint32_t change0;
    uint32_t change_count;
    uint32_t blind; /* 1: the preview shows no values */
    double lead_s;  /* from the decision to the first effect */
    struct pl_arg args[PL_ACTION_ARGS_MAX];
};

/** An action with its arguments. */
struct pl_call {
    uint32_t action;
    uint32_t arg_count;
    uint32_t options[PL_ACTION_ARGS_MAX]; /* CHOICE: index in options */
    double values[PL_ACTION_ARGS_MAX];    /* others, as typed (fleet numbers) */
};

/** What surrounds a world. */
struct pl_setting {
    char date[16];        /* 2026-11-21 */
    char region[16];      /* eu1 */
    char environment[16]; /* prod */
    uint32_t team_count;
    uint32_t person_count;
    uint32_t answer_count;
    uint32_t alert_count;
    uint32_t noise_count;
    uint32_t hole_count;
    uint32_t gap_count;
    uint32_t indicator_count;
    uint32_t announcement_count;
    uint32_t feed_count;
    uint32_t change_count;
    uint32_t page_count;
    uint32_t action_count;
    uint32_t look_count;
    uint32_t cron0; /* changes of the world's schedule; at_s is a time of day */
    uint32_t cron_count;
    uint32_t background0; /* feed entries of the world; at_s is a time of day */
    uint32_t background_count;
    uint32_t call_count;
    struct pl_team teams[PL_TEAMS_MAX];
    struct pl_person people[PL_PEOPLE_MAX];
    struct pl_answer answers[PL_ANSWERS_MAX];
    struct pl_alert_def alerts[PL_ALERT_RULES_MAX];
    struct pl_noise noises[PL_NOISES_MAX];
    struct pl_hole holes[PL_HOLES_MAX];
    struct pl_gap gaps[PL_GAPS_MAX];
    struct pl_indicator indicators[PL_INDICATORS_MAX];
    struct pl_announcement announcements[PL_ANNOUNCEMENTS_MAX];
    struct pl_feed_entry feed[PL_FEEDS_MAX];
    struct pl_change_def changes[PL_CHANGE_DEFS_MAX];
    struct pl_page pages[PL_PAGES_MAX];
    struct pl_action actions[PL_ACTIONS_MAX];
    struct pl_look looks[PL_LOOKS_MAX];
    struct pl_call calls[PL_CALLS_MAX];
};

/** One of the things that may have gone wrong. */
struct pl_cause {
    char name[PL_NAME_MAX];
    char title[PL_LABEL_MAX];            /* for the debrief */
    char fault[PL_NAME_MAX];             /* mechanism of the library: pool.long_hold */
    char text[PL_LONG_MAX];              /* what happened, for the debrief */
    char tell[PL_TEXT_MAX];              /* the evidence that separates it */
    char components[PL_CLAIM_WORDS_MAX]; /* words of a claim that name the place, space separated */
    char mechanisms[PL_CLAIM_WORDS_MAX]; /* ... the mechanism */
    char triggers[PL_CLAIM_WORDS_MAX];   /* ... the trigger */
    double prior;                        /* weight, > 0 */
    uint32_t change0;
    uint32_t change_count;
    uint32_t feed0;
    uint32_t feed_count;
    uint32_t helps0; /* calls that mitigate */
    uint32_t helps_count;
    uint32_t harms0; /* tempting calls that make it worse */
    uint32_t harms_count;
};

/** Something that looks guilty and is not. */
struct pl_red_herring {
    char name[PL_NAME_MAX];
    char text[PL_LONG_MAX]; /* why it is harmless, for the debrief */
    uint32_t change0;
    uint32_t change_count;
    uint32_t feed0;
    uint32_t feed_count;
};

/** One incident. About 1 MB; allocate once. */
struct pl_scenario {
    char name[PL_NAME_MAX];
    char title[PL_LABEL_MAX];
    char family[PL_NAME_MAX];
    char summary[PL_TEXT_MAX]; /* for the list of scenarios; gives nothing away */
    char trains[PL_TEXT_MAX];  /* what it trains, separated by commas; may be empty */
    char briefing[PL_LONG_MAX];
    char page_alert[PL_NAME_MAX];   /* HttpLatencyP99High; empty: somebody tells, no alert fires */
    char page_from[PL_NAME_MAX];    /* without an alert: who tells, a person's id or another name */
    char page_channel[PL_NAME_MAX]; /* without an alert: where, such as #support */
    char page_service[PL_NAME_MAX]; /* checkout-api */
    char page_severity[16];
    char page_team[PL_NAME_MAX];
    char page_text[PL_TEXT_MAX]; /* the same for every cause */
    char severity[16];           /* SEV-2 */
    uint32_t difficulty;         /* 1..5 */
    uint32_t cause_count;
    uint32_t red_herring_count;
    uint32_t reserved;
    double opens_clock_s;   /* time of day of the opening */
    double warmup_s;        /* simulated before the opening; simulated time 0 is opening - warmup */
    double horizon_s;       /* simulated after it, at most */
    double updates_every_s; /* a status update is due this often */
    double updates_first_s; /* the first one */
    double test_act_s;      /* `plumb pack test` acts this long after the opening */
    struct pl_cause causes[PL_CAUSES_MAX];
    struct pl_red_herring red_herrings[PL_RED_HERRINGS_MAX];
    struct pl_setting setting;
};

/** One form: the cause is drawn, everything has its time. */
struct pl_opening {
    uint64_t seed;
    uint32_t cause;
    uint32_t change_count;
    uint32_t feed_count;
    uint32_t reserved;
    int64_t opens_ns;                          /* simulated time of the opening */
    int64_t ends_ns;                           /* simulated time of the horizon */
    struct pl_change changes[PL_TIMELINE_MAX]; /* ascending in time */
    struct pl_feed_entry feed[PL_FEEDS_MAX];   /* ascending in time; at_s relative to the opening */
};

/**
 * Draw the cause of a form and build its timeline and feed.
 *
 * The cause depends on the seed and the priors alone. How severe it is and when it begins are one
 * draw each, uniform in -1..1, for all changes and feed entries of the cause: what belongs together
 * stays in step. Each red herring has its own two draws. The page and the briefing are the same for
 * all causes; whatever differs is in `changes`, `feed` and the answers of people.
 *
 * @param world     sealed, the scenario's
 * @param scenario  loaded
 * @param seed      of the session
 * @param cause     index to force one (tests, forks), or PL_NONE to draw
 * @param opening   filled
 * @param err       sentence
 * @return PL_OK or PL_LIMIT
 */
pl_status pl_scenario_open(const struct pl_world *world,
                           const struct pl_scenario *scenario,
                           uint64_t seed,
                           uint32_t cause,
                           struct pl_opening *opening,
                           pl_error *err) __attribute__((warn_unused_result));

/**
 * The part of a form that all causes share: the world's schedule and feed, and red herrings. The
 * timeline of any cause with the same seed holds these changes, equal to the bit, and its own.
 *
 * @param opening  filled; its cause is PL_NONE
 * @return PL_OK or PL_LIMIT
 */
pl_status pl_scenario_open_common(const struct pl_world *world,
                                  const struct pl_scenario *scenario,
                                  uint64_t seed,
                                  struct pl_opening *opening,
                                  pl_error *err) __attribute__((warn_unused_result));

/** Cost of a look in simulated seconds; the cost of `panel` when the look is not listed. */
double pl_scenario_look_cost(const struct pl_scenario *scenario, const char *look);

/** Which parts of a free claim fit a cause. */
struct pl_claim_match {
    uint32_t component; /* 1: fits */
    uint32_t mechanism;
    uint32_t trigger;
};

/**
 * Compare a claim with a cause by words, case ignored. Empty parts do not fit.
 *
 * @param cause      the cause
 * @param component  `checkout-api`
 * @param mechanism  mechanism and detail: `pool connections held too long`
 * @param trigger    `flag fraud-inline-v2`
 */
struct pl_claim_match pl_cause_match(const struct pl_cause *cause,
                                     const char *component,
                                     const char *mechanism,
                                     const char *trigger);

#endif
