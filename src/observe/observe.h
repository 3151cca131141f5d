// SPDX-License-Identifier: Apache-2.0
//
// The instruments of a world: the one face of this layer.
//
// The caller runs the model and lets the instruments see it at the moments they ask for:
//
//     while (pl_model_now(state) < until_ns) {
//         int64_t next_ns = pl_observe_next(observe);
//         pl_model_run(world, state, record, next_ns < until_ns ? next_ns : until_ns);
//         pl_observe_advance(observe, state, record);
//     }
//
// Invariants:
//   1. Instruments never change the model. The same run, definition and calls give the same bytes.
//   2. A look reads what was scraped, sampled or logged. Consoles (db, pods, edges, flags) read the
//      present of the state, as a console does.
//   3. Each look appends exactly one JSON object to `out`, or nothing and returns an error whose
//      sentence is fit for the player. `out` with its overflow flag set means PL_LIMIT.
//
// Shapes: {"type":"panel","title","unit","start_s","step_s","series":[{"name","labels":{},
// "points":[number or null]}]}, {"type":"table","title","columns":[{"name","unit"}],"rows":[[..]]},
// {"type":"logs","title","lines":[{"t","text"}],"matched","shown"}, {"type":"trace",...},
// {"type":"text","title","text"}. Every shape may carry "notes": sentences for the reader.
#ifndef PL_OBSERVE_OBSERVE_H
#define PL_OBSERVE_OBSERVE_H

#include "base/buf.h"
#include "base/error.h"
#include "model/model.h"
#include "model/record.h"
#include "model/world.h"
#include "observe/observe_types.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The instruments; opaque, in memory of the caller, copied by pl_observe_fork only. */
struct pl_observe;

/** What a look sees: the instruments, and the model's present for the consoles. */
struct pl_scene {
    struct pl_observe *observe; /* its scratch memory changes, nothing else does */
    const struct pl_state *state;
    const struct pl_record *record;
};

/**
 * Bytes of memory that pl_observe_init needs. Most of it stays untouched in most runs.
 *
 * @param world  sealed
 * @param def    decides the length of the history
 */
size_t pl_observe_size(const struct pl_world *world, const struct pl_observe_def *def);

/**
 * Set up instruments that have seen nothing yet.
 *
 * @param world   sealed, borrowed for the life of the instruments
 * @param def     borrowed for the life of the instruments, with everything it points to
 * @param memory  pl_observe_size bytes, aligned to 16, owned by the caller
 * @param size    bytes of memory
 * @return the instruments, inside `memory`
 */
struct pl_observe *pl_observe_init(const struct pl_world *world,
                                   const struct pl_observe_def *def,
                                   void *memory,
                                   size_t size);

/*
 * Many instruments that take turns can share what only a look or a rule's evaluation uses: each
 * owns pl_observe_own_size bytes, and borrows scratch whenever it works.
 */

/** Bytes that instruments of their own need when scratch is borrowed. */
size_t pl_observe_own_size(const struct pl_world *world, const struct pl_observe_def *def);

/** Bytes of scratch, for all instruments whose histories are as long as that of `def`. */
size_t pl_observe_scratch_size(const struct pl_world *world, const struct pl_observe_def *def);

/**
 * Set up instruments that borrow their scratch.
 *
 * @param memory   pl_observe_own_size bytes, aligned to 16
 * @param scratch  pl_observe_scratch_size bytes, aligned to 16, until others are lent
 */
struct pl_observe *pl_observe_open(const struct pl_world *world,
                                   const struct pl_observe_def *def,
                                   void *memory,
                                   void *scratch);

/** Lend other scratch; nothing that was in it is needed. */
void pl_observe_lend(struct pl_observe *observe, void *scratch);

/**
 * Copy instruments; both go on apart. The copy may belong to another form of the same scenario
 * with the same seed, as long as both forms were the same up to the present: its rules, gaps and
 * holes must be equal, its feed, answers and messages may differ in what is still to come.
 *
 * @param source   copied
 * @param def      of the copy, borrowed for its life
 * @param memory   pl_observe_own_size bytes, aligned to 16
 * @param scratch  lent, as by pl_observe_lend
 */
struct pl_observe *pl_observe_fork(const struct pl_observe *source,
                                   const struct pl_observe_def *def,
                                   void *memory,
                                   void *scratch);

/**
 * Point instruments whose bytes were copied to another address at their own memory.
 *
 * @param observe  nothing was added to its feed yet (checked)
 * @param def      equal to the one before, borrowed for the life of the instruments
 * @param scratch  lent, as by pl_observe_lend
 */
void pl_observe_settle(struct pl_observe *observe, const struct pl_observe_def *def, void *scratch);

/** The next moment at which the instruments want to see the model; later than the last one seen. */
int64_t pl_observe_next(const struct pl_observe *observe);

/**
 * See the model's present: scrape, evaluate rules, deliver what is due.
 *
 * @param observe  changed
 * @param state    its present is not after pl_observe_next
 * @param record   of the same run
 */
void pl_observe_advance(struct pl_observe *observe,
                        const struct pl_state *state,
                        const struct pl_record *record);

/** Number of events since the start; events are kept in order of time. */
uint32_t pl_observe_event_count(const struct pl_observe *observe);

/** Event 0..count-1, valid until the next advance. */
const struct pl_observe_event *pl_observe_event(const struct pl_observe *observe, uint32_t index);

/** Append one event as a JSON object to `out`: {"t_s","clock","kind","title","text","from",...}. */
void pl_observe_event_json(const struct pl_observe *observe, uint32_t index, struct pl_buf *out);

/**
 * Add an entry to the change feed while the session runs, such as an act of the player. Texts are
 * copied.
 *
 * @return false when the feed is full (PL_OBSERVE_FEED_MAX)
 */
bool pl_observe_feed_add(struct pl_observe *observe, const struct pl_observe_change *entry);

/**
 * Ask a person. The answer arrives later as an event; `out` gets the receipt.
 *
 * @param observe   changed: the question waits
 * @param now_ns    the present
 * @param person    id or name
 * @param question  free text; matched against the keywords of what the person knows
 * @param out       one JSON object: {"type":"text", ...} saying that the question was sent
 * @param err       unknown person (with the nearest), too many questions
 */
pl_status pl_observe_ask(struct pl_observe *observe,
                         int64_t now_ns,
                         const char *person,
                         const char *question,
                         struct pl_buf *out,
                         pl_error *err) __attribute__((warn_unused_result));

/**
 * Append what a person would answer in the end, as pl_observe_event_json writes it. Nothing is
 * asked; not a look, nobody is shown it.
 *
 * @return PL_OK, PL_NOT_FOUND (unknown person) or PL_CONFLICT (nobody would answer)
 */
pl_status pl_observe_foretell(const struct pl_observe *observe,
                              int64_t now_ns,
                              const char *person,
                              const char *question,
                              struct pl_buf *out,
                              pl_error *err) __attribute__((warn_unused_result));

/** Which panel. Empty strings take the default. */
struct pl_panel_look {
    const char *service; /* service, database, cache or topic name; "" with users and kpi */
    const char *panel;   /* latency, requests, errors, saturation, pool, ...: see pl_panel_names */
    const char *by;      /* route, pod, code, dependency; "" is the panel's own */
    int64_t window_ns;   /* 0: 30 min */
};
/** A ready-made panel of a dashboard. */
pl_status pl_observe_look_panel(const struct pl_scene *at,
                                const struct pl_panel_look *look,
                                struct pl_buf *out,
                                pl_error *err) __attribute__((warn_unused_result));

/** Names of all panels, NULL-terminated, for completion and help. */
const char *const *pl_observe_panel_names(void);
/** Views of the database console, NULL-terminated. */
const char *const *pl_observe_db_views(void);

/** A query in the PromQL subset. window_ns 0: 30 min. Errors name the column. */
pl_status pl_observe_look_query(const struct pl_scene *at,
                                const char *expr,
                                int64_t window_ns,
                                struct pl_buf *out,
                                pl_error *err) __attribute__((warn_unused_result));

/** Table of metric names with type, unit and help; `filter` is a substring or "". */
pl_status pl_observe_look_metrics(const struct pl_scene *at,
                                  const char *filter,
                                  struct pl_buf *out,
                                  pl_error *err) __attribute__((warn_unused_result));

/** Which log lines. */
struct pl_logs_look {
    const char *source; /* service, database, `edge` or `events` (Kubernetes) */
    const char *filter; /* substring, case does not matter; "" is everything */
    const char *level;  /* error, warn, info or "": this severity and above */
    int64_t window_ns;  /* 0: 15 min */
    uint32_t limit;     /* lines returned, 0: 40 */
    uint32_t oldest_first;
};
/** Log lines, newest first unless told otherwise; `matched` counts all of them. */
pl_status pl_observe_look_logs(const struct pl_scene *at,
                               const struct pl_logs_look *look,
                               struct pl_buf *out,
                               pl_error *err) __attribute__((warn_unused_result));

/** Which traces. */
struct pl_traces_look {
    const char *service; /* "" is every service */
    const char *route;   /* name or path; "" is every route */
    double min_ms;       /* shortest duration of the whole trace */
    int64_t window_ns;   /* 0: 15 min */
    uint32_t errors;     /* 1: only traces with an error */
    uint32_t limit;      /* 0: 20 */
};
/** Table of sampled traces, slowest first. */
pl_status pl_observe_look_traces(const struct pl_scene *at,
                                 const struct pl_traces_look *look,
                                 struct pl_buf *out,
                                 pl_error *err) __attribute__((warn_unused_result));

/** The spans of one trace; `id` is hexadecimal and may be shortened while it stays unique. */
pl_status
pl_observe_look_trace(const struct pl_scene *at, const char *id, struct pl_buf *out, pl_error *err)
    __attribute__((warn_unused_result));

/** The change feed of the last window_ns (0: 2 h), newest first. */
pl_status pl_observe_look_changes(const struct pl_scene *at,
                                  int64_t window_ns,
                                  struct pl_buf *out,
                                  pl_error *err) __attribute__((warn_unused_result));

/** Which view of a database console. */
struct pl_db_look {
    const char *database;
    const char *view;  /* activity, sessions, locks, statements, plan, replication, connections */
    const char *name;  /* plan: statement; statements: "" */
    int64_t window_ns; /* statements: difference over this window, 0: 5 min */
};
/** A database console. */
pl_status pl_observe_look_db(const struct pl_scene *at,
                             const struct pl_db_look *look,
                             struct pl_buf *out,
                             pl_error *err) __attribute__((warn_unused_result));

/**
 * True when the page of an alert rule has been sent, or will have been by `by_ns` if its condition
 * lasts. Not a look: it decides whether a drawn form begins with its page.
 *
 * @param observe  advanced up to now
 * @param rule     name of the rule
 * @param by_ns    simulated moment
 */
bool pl_observe_page_by(const struct pl_observe *observe, const char *rule, int64_t by_ns);

/** Alerts that are pending or firing, and those that ended. */
pl_status pl_observe_look_alerts(const struct pl_scene *at, struct pl_buf *out, pl_error *err)
    __attribute__((warn_unused_result));

/** Services and what they call, with present rates, latencies and errors. */
pl_status pl_observe_look_topology(const struct pl_scene *at, struct pl_buf *out, pl_error *err)
    __attribute__((warn_unused_result));

/** Pods of a service as `kubectl get pods` shows them; "" is every service. */
pl_status pl_observe_look_pods(const struct pl_scene *at,
                               const char *service,
                               struct pl_buf *out,
                               pl_error *err) __attribute__((warn_unused_result));

/** Client policies of a service: timeout, retries, budget, breaker, bulkhead, fallback. */
pl_status pl_observe_look_edges(const struct pl_scene *at,
                                const char *service,
                                struct pl_buf *out,
                                pl_error *err) __attribute__((warn_unused_result));

/** Feature flags with owner and share of users. */
pl_status pl_observe_look_flags(const struct pl_scene *at, struct pl_buf *out, pl_error *err)
    __attribute__((warn_unused_result));

/** People who can be asked, with role and availability. */
pl_status pl_observe_look_people(const struct pl_scene *at, struct pl_buf *out, pl_error *err)
    __attribute__((warn_unused_result));

#endif
