// SPDX-License-Identifier: Apache-2.0
//
// The ready-made dashboards: which panels there are, and the queries behind them.
//
// A panel is nothing but queries, so a player who types the query sees the same numbers. In a
// query `$t` stands for the name of the service, database, cache, topic, stream or volume, and `$w`
// for the window of rate().
#ifndef PL_OBSERVE_PANEL_TABLE_H
#define PL_OBSERVE_PANEL_TABLE_H

#include <stdint.h>

/** What a panel is about. */
enum pl_panel_of {
    PL_PANEL_OF_SERVICE,
    PL_PANEL_OF_DATABASE,
    PL_PANEL_OF_CACHE,
    PL_PANEL_OF_TOPIC,
    PL_PANEL_OF_STREAM,
    PL_PANEL_OF_VOLUME,
    PL_PANEL_OF_USERS
};

enum { PL_PANEL_EXPRS_MAX = 4 };

/** One line of a panel: a name, or "" to name series by their labels; and a query. */
struct pl_panel_expr {
    const char *name;
    const char *expr;
};

/** A panel. The first one of a name is what is shown without `by`. */
struct pl_panel_def {
    const char *name;  /* latency */
    const char *by;    /* route, pod, code, dependency, ... */
    const char *title; /* metric and statistic, follows the name of the target */
    const char *unit;
    uint32_t of; /* enum pl_panel_of */
    struct pl_panel_expr exprs[PL_PANEL_EXPRS_MAX];
};

/** Number of panels. */
uint32_t pl_panel_count(void);

/** Panel 0..count-1. */
const struct pl_panel_def *pl_panel_at(uint32_t index);

/** Names of all panels, each once, NULL-terminated. */
const char *const *pl_panel_names(void);

#endif
