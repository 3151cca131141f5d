// SPDX-License-Identifier: Apache-2.0
//
// Small helpers for what a player sees: rounded numbers, clock labels, tables and matrices as JSON.
#ifndef PL_OBSERVE_DISPLAY_H
#define PL_OBSERVE_DISPLAY_H

#include "model/world.h"
#include "text/json_out.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_CLOCK_TEXT_MAX = 16,  /* bytes of "11:43:30" with room */
    PL_MOMENT_TEXT_MAX = 40, /* bytes of a date with time */
    PL_DISPLAY_DIGITS = 5    /* significant digits of a number on a panel */
};

/** Round to a number of significant decimal digits, 1..15; not finite values stay. */
double pl_display_round(double value, uint32_t digits);

/** Write a number rounded for display, or null when it is NaN or infinite. */
void pl_display_number(struct pl_json_out *json, double value);

/** Write a member with a rounded number or null. */
void pl_display_member(struct pl_json_out *json, const char *key, double value);

/** Write the time of day of a simulated moment: "11:43:30". `text` has PL_CLOCK_TEXT_MAX bytes. */
void pl_display_clock(const struct pl_world *world, int64_t t_ns, char *text);

/** Parts of a simulated moment on the calendar. */
struct pl_moment {
    int32_t year;
    uint32_t month; /* 1..12 */
    uint32_t day;   /* 1..31 */
    uint32_t hour;
    uint32_t minute;
    uint32_t second;
    uint32_t millisecond;
};

/**
 * Place a simulated moment on the calendar.
 *
 * @param world  gives the time of day of simulated time 0
 * @param date   day of simulated time 0, "2026-11-21"; anything else counts as that day
 * @param t_ns   may be negative
 */
struct pl_moment pl_display_moment(const struct pl_world *world, const char *date, int64_t t_ns);

/** Write "2026-11-21T11:42:07.113Z"; `text` has PL_MOMENT_TEXT_MAX bytes. */
void pl_display_rfc3339(const struct pl_moment *moment, char *text);

/** Write an age as Kubernetes does: 42s, 17m, 5h2m, 3d4h. */
void pl_display_age(int64_t ns, char *text, uint32_t size);

/** Write an interval as PostgreSQL does: 00:03:11.2. */
void pl_display_interval(int64_t ns, char *text, uint32_t size);

/** Begin a table: {"type":"table","title":...,"columns":[...],"rows":[ . Names and units pair up.
 */
void pl_display_table_begin(struct pl_json_out *json,
                            const char *title,
                            const char *const *names,
                            const char *const *units,
                            uint32_t count);

/** End the rows; the object stays open for more members. */
void pl_display_rows_end(struct pl_json_out *json);

/** Write a whole text observation. */
void pl_display_text(struct pl_json_out *json, const char *title, const char *text);

/** True when `text` holds `part`, ASCII case ignored; an empty part is in everything. */
bool pl_display_contains(const char *text, const char *part);

#endif
