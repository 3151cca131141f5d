// SPDX-License-Identifier: Apache-2.0
//
// What the judge says about one session, as plain data, and as JSON.
//
// Damage stands as a share of the monthly error budget (1 is the whole month's), information in
// bits over the remedy classes, time in seconds after the opening. A figure carries its standard
// error; an error below 0 means that there is none to give (an exact count), and a figure that does
// not exist for this session is not `given`.
#ifndef PL_JUDGE_REPORT_H
#define PL_JUDGE_REPORT_H

#include "base/buf.h"
#include "scenario/scenario.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_REPORT_MOVES_MAX = 2048,
    PL_REPORT_BELIEFS_MAX = 2304,
    PL_REPORT_CLASSES_MAX = PL_CAUSES_MAX,
    PL_REPORT_NOTES_MAX = 16,
    PL_REPORT_TEXT_MAX = 160,
    PL_REPORT_NOTE_MAX = 320
};

/** A number with its standard error. */
struct pl_figure {
    double value;
    double se;  /* standard error, below 0: exact */
    bool given; /* false: does not exist for this session, written as null */
};

/** What a move was, seen from the evidence of its moment. */
enum pl_move_label {
    PL_LABEL_NONE,    /* nothing hung on it, or it is not judged */
    PL_LABEL_SOUND,   /* good by the evidence, and it turned out well */
    PL_LABEL_UNLUCKY, /* good by the evidence, turned out badly */
    PL_LABEL_LUCKY,   /* not supported by the evidence, turned out well */
    PL_LABEL_ERROR    /* not supported by the evidence, turned out badly */
};

/** One move. */
struct pl_report_move {
    int64_t seq; /* of the entry in the evidence log, from 1 */
    double t_s;  /* moment of the decision */
    char kind[8];
    char text[PL_REPORT_TEXT_MAX];  /* as it would be typed */
    struct pl_figure bits;          /* uncertainty that it removed; below 0: it confused */
    struct pl_figure bits_expected; /* of this look, at the moment of deciding */
    struct pl_figure bits_best;     /* of the look with the best rate at that moment */
    double rate_share;              /* rate of this look over the best rate, 0..1 */
    struct pl_figure value;         /* expected damage to go after it */
    struct pl_figure regret;        /* over the best that could be done, by the evidence */
    struct pl_figure regret_true;   /* the same, by the true cause */
    double saving;                  /* share of the damage to go that the better move saves */
    uint32_t label;                 /* enum pl_move_label */
    char better_look[PL_REPORT_TEXT_MAX];
    char better[PL_REPORT_TEXT_MAX]; /* the better line, empty: none */
};

/** Belief that the evidence shown up to a moment supports. */
struct pl_report_belief {
    double t_s;
    double entropy_bits;
    double classes[PL_REPORT_CLASSES_MAX];
};

/** The profile: what the score is made of, and what stands beside it. */
struct pl_report_profile {
    struct pl_figure decision;      /* S_dec, 0..100 and beyond */
    struct pl_figure efficiency;    /* S_eff, 0..100 */
    struct pl_figure calibration;   /* S_cal, 0..100 */
    struct pl_figure communication; /* S_comm, 0..100 */
    struct pl_figure premature;     /* shares of the damage of doing nothing */
    struct pl_figure dithering;
    struct pl_figure harm;
    struct pl_figure harm_foreseeable;
    struct pl_figure evidence_destroyed_bits;
    struct pl_figure lock_in; /* share of the time of looking */
    struct pl_figure contradiction_lag_s;
    struct pl_figure sufficient_s; /* the evidence was enough */
    struct pl_figure stated_s;     /* the right class was said, with 50 % or more */
    struct pl_figure first_act_s;
    struct pl_figure mitigated_s;
    struct pl_figure resolved_s;
};

/** The analysis of one session. About 2 MB: allocate once. */
struct pl_report {
    char scenario[PL_NAME_MAX];
    uint64_t seed;
    char cause[PL_NAME_MAX];
    char clock[8];
    uint32_t particles; /* K */
    uint32_t class_count;
    char classes[PL_REPORT_CLASSES_MAX][PL_NAME_MAX]; /* named by their first cause */
    uint32_t class_of[PL_CAUSES_MAX];
    uint32_t move_count;
    uint32_t belief_count;
    uint32_t note_count;
    uint32_t reserved;
    struct pl_figure damage;      /* after the opening */
    struct pl_figure damage_noop; /* of the same form, had nobody acted */
    struct pl_figure damage_adjusted;
    struct pl_figure luck;
    struct pl_report_profile profile;
    struct pl_figure score;
    double cpu_s;               /* not part of what must be the same again */
    double requests_per_budget; /* weighted requests of the fleet in a month's budget; 0: none */
    struct pl_report_move moves[PL_REPORT_MOVES_MAX];
    struct pl_report_belief beliefs[PL_REPORT_BELIEFS_MAX];
    char notes[PL_REPORT_NOTES_MAX][PL_REPORT_NOTE_MAX]; /* what could not be judged, and why */
};

/** A figure with an error. */
struct pl_figure pl_figure_of(double value, double se);

/** An exact figure. */
struct pl_figure pl_figure_exact(double value);

/** Add a sentence about what can't be judged; past PL_REPORT_NOTES_MAX it is dropped. */
void pl_report_note(struct pl_report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Word of a label: sound, unlucky, lucky, error, or "" for PL_LABEL_NONE. */
const char *pl_report_label(uint32_t label);

/**
 * Append the report as one JSON object.
 *
 * Fields: scenario, seed, cause, moves[] {seq, t_s, kind, text, bits, bits_expected, bits_best,
 * value, regret, label, se, ...}, (`se` is the error of the regret, of the expected bits where
 * there is no regret; `errors` has all of them), belief[] {t_s, entropy_bits, classes{}}, damage,
 * damage_noop, damage_adjusted {value, se}, luck {value, se}, profile{}, score {value, se},
 * notes[], cpu_s.
 *
 * @param report  finished
 * @param out     appended; about 400 bytes per move and 300 per belief
 */
void pl_report_json(const struct pl_report *report, struct pl_buf *out);

#endif
