// SPDX-License-Identifier: Apache-2.0
//
// Validation of the judge: bots of known skill play, the judge analyses them, and the figures of
// the specification's acceptance list are computed from what it said.
//
//   stand.c    a scenario with all that is needed to play and to judge in it
//   hold.c     bank worlds held out as truths: ledger and calibration of beliefs, without a session
//   figures.c  the acceptance figures from the rows of all sessions
//   sturdy.c   the same sessions judged with other banks, constants and encodings
//   page.c     docs/validation/REPORT.md and its JSON
//
// Damage stands as a share of D_noop of the form in all figures unless it says otherwise.
#ifndef PL_TESTS_VALIDATION_PROOF_H
#define PL_TESTS_VALIDATION_PROOF_H

#include "base/error.h"
#include "bots/knowledge.h"
#include "bots/roster.h"
#include "exam/bot_play.h"
#include "exam/content.h"
#include "judge/constants.h"
#include "judge/judge.h"
#include "judge/rating.h"
#include "judge/temper.h"
#include "judge/trunk.h"
#include "stats/calibration.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_PROOF_BOTS_MAX = 64,
    PL_PROOF_ROWS_MAX = 8192,
    PL_PROOF_CHOICES_MAX = 32768,
    PL_PROOF_LOOKS_MAX = 65536,
    PL_PROOF_FIGURES_MAX = 64,
    PL_PROOF_TEXT_MAX = 400
};

/** How much is spent. */
struct pl_proof_effort {
    uint32_t particles;      /* worlds per cause of a judge, K */
    uint32_t forms;          /* at most so many forms per bot, from `seed0` on */
    uint32_t fresh;          /* forms that no judge sees, for the true worth of a policy */
    uint32_t held_particles; /* worlds per cause of the bank whose worlds are held out */
    uint32_t held_sessions;  /* sessions in belief alone */
    uint32_t repeats;        /* sessions that are judged in other ways too */
    uint64_t seed0;          /* first form */
    double cpu_s;            /* stop playing when that much processor time is used up */
    const char *bots;        /* names with commas, NULL: all */
    bool shipped; /* constants and lessons that are missing are not made: it takes long */
    void (*after_form)(void *context); /* called after each form that is whole, or NULL */
    void *context;
};

/** Another way to judge the same session. Zeroed: as usual. */
struct pl_proof_way {
    const char *name;
    double eta_shift;   /* added to the learning rate */
    double responder;   /* factor of T_R, 0: 1 */
    uint32_t particles; /* K, 0: that of the effort */
    uint32_t replicate; /* bank */
    uint32_t prior;     /* enum pl_proof_prior */
    bool encoded;       /* commands written another way: order of keys, spaces */
    uint8_t reserved[3];
};

/** Priors of a way. */
enum pl_proof_prior { PL_PROOF_PRIOR_GIVEN, PL_PROOF_PRIOR_UNIFORM, PL_PROOF_PRIOR_SQUARED };

/** What a judged session gave. Shares are of the scenario's D_noop. */
struct pl_proof_row {
    uint32_t bot; /* of the roster */
    uint32_t form;
    uint64_t seed;
    uint32_t cause;
    uint32_t acts;        /* labelled acts */
    uint32_t unsupported; /* of them: lucky or error */
    uint32_t labels[5];   /* of acts, by enum pl_move_label */
    double damage;        /* share */
    double adjusted;      /* share */
    double luck;          /* share */
    double luck_se;
    double decision;      /* points, NaN: not given */
    double efficiency;    /* likewise */
    double calibration;   /* likewise */
    double communication; /* likewise */
    double score;
    double score_se;
    double truth_bits;   /* sum over looks, full stream */
    double expected_mix; /* the same as expected */
    double expected_loo;
    double bits_variance; /* of the difference, by the expectation's own error */
    double wrong_belief;  /* audit: regret of acts that their belief explains, share */
    double against_own;   /* the rest */
    double search_s;      /* seconds per bit that make V equal V_inv at the first act, NaN: none */
    double accuracy;      /* mean feedback of moves, NaN: none */
    double cpu_s;
    uint64_t digest; /* of the report's bytes without its processor time */
};

/** All about one scenario. */
struct pl_proof_stand {
    struct pl_content content;
    struct pl_knowledge *knowledge;
    struct pl_constants *constants; /* owned */
    bool constants_kept;            /* they come from the scenario's calibration.json */
    bool control;                   /* a small scenario of the tests, not shipped content */
    const char *directory;
    struct pl_bot_desk desk;
    struct pl_bot_result result; /* of the session last played */
    void *judge_memory;
    size_t judge_size;
    struct pl_trunk *trunk; /* opened bank that all judges of one way begin in */
    void *trunk_memory;
    size_t trunk_size;
    struct pl_proof_way trunk_way;
    struct pl_scenario *way_scenario;   /* owned; with the priors of the way */
    struct pl_constants *way_constants; /* owned; with the constants of the way */
    struct pl_report *report;
    char *text; /* of a report */
    char *commands;
    struct pl_proof_row *rows;
    uint32_t row_count;
    uint32_t form_count; /* forms that all bots have played */
    uint32_t bots[PL_PROOF_BOTS_MAX];
    uint32_t bot_count;
    double fresh[PL_PROOF_BOTS_MAX]; /* mean damage over fresh forms, by position in `bots` */
    double fresh_se[PL_PROOF_BOTS_MAX];
    struct pl_moments fresh_sums[PL_PROOF_BOTS_MAX];
    uint32_t fresh_count; /* forms that they are over */
    struct pl_ece ece;    /* class beliefs after looks of sessions, full stream */
    struct pl_temper_look *looks;
    uint32_t look_count;
    struct pl_rating_choice *choices;
    uint32_t *choice_bots; /* position in `bots` */
    uint32_t choice_count;
    struct pl_belief_def belief_def; /* of the last judge */
    uint32_t shared_seeds; /* judges one of whose worlds had the session's own seed; must be 0 */
    uint32_t broken;       /* sessions that could not be judged to their end */
    double judge_cpu_s;
    double play_cpu_s;
};

/** Verdict of a figure. */
enum pl_proof_verdict {
    PL_PROOF_MET,
    PL_PROOF_MISSED,
    PL_PROOF_OPEN,    /* the interval holds the target: more sessions would tell */
    PL_PROOF_ABSENT,  /* not measured, and why */
    PL_PROOF_REPORTED /* no target */
};

/** One figure of the report. */
struct pl_proof_figure {
    char id[8];
    char what[PL_PROOF_TEXT_MAX];
    char target[96];
    char note[PL_PROOF_TEXT_MAX]; /* cause, and the next lever, when missed */
    double value;
    double low; /* 95 % interval; low > high: none */
    double high;
    uint32_t count; /* sessions, pairs, or what it says */
    uint32_t verdict;
};

/** A list of figures. */
struct pl_proof_list {
    struct pl_proof_figure items[PL_PROOF_FIGURES_MAX];
    uint32_t count;
};

/* ---- stand.c -------------------------------------------------------------------------------- */

/** Open a scenario; constants and lessons that are missing are made. */
pl_status pl_proof_open(struct pl_proof_stand *stand,
                        const char *directory,
                        const char *name,
                        const struct pl_proof_effort *effort,
                        pl_error *err) __attribute__((warn_unused_result));

/** Give everything back. */
void pl_proof_close(struct pl_proof_stand *stand);

/** Play one session; the text of its export stays on the desk. */
pl_status
pl_proof_play(struct pl_proof_stand *stand, uint32_t bot, uint64_t seed, bool stay, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Judge the session on the desk.
 *
 * @param way   how
 * @param keep  true: choices, likelihoods and calibration are added to the stand
 */
pl_status pl_proof_judge(struct pl_proof_stand *stand,
                         const struct pl_proof_effort *effort,
                         const struct pl_proof_way *way,
                         bool keep,
                         struct pl_proof_row *row,
                         pl_error *err) __attribute__((warn_unused_result));

/** Let all bots play and judge them, form by form, until the effort is used up. */
pl_status pl_proof_run(struct pl_proof_stand *stand,
                       const struct pl_proof_effort *effort,
                       pl_error *err) __attribute__((warn_unused_result));

/** Position of a bot in `bots`, PL_NONE when it does not play. */
uint32_t pl_proof_bot(const struct pl_proof_stand *stand, const char *name);

/** Row of a bot's form, NULL when it is not there. */
const struct pl_proof_row *
pl_proof_row(const struct pl_proof_stand *stand, uint32_t bot, uint32_t form);

/* ---- hold.c --------------------------------------------------------------------------------- */

/** What held-out worlds say about beliefs. */
struct pl_proof_held {
    uint32_t sessions;
    uint32_t looks;
    uint32_t eta_sessions;
    uint32_t unstable;
    struct pl_moments gap;     /* truth bits minus leave-one-out expectation, per session */
    struct pl_moments gap_mix; /* minus the mixture */
    struct pl_moments gap_perceived;
    struct pl_ece ece; /* classes, after the last look */
    struct pl_ece top; /* the leading class */
    struct pl_moments log2_truth;
    double eta;
    double score_eta; /* mean log2 b(truth) with eta, and without */
    double score_one;
    double cpu_s;
};

/** Run sessions in belief alone: looks at a few moments, each world of the bank once the truth. */
pl_status pl_proof_hold(struct pl_proof_stand *stand,
                        const struct pl_proof_effort *effort,
                        struct pl_proof_held *held,
                        pl_error *err) __attribute__((warn_unused_result));

/* ---- sturdy.c ------------------------------------------------------------------------------- */

enum { PL_PROOF_WAYS = 12 };

/** Of the effort: for judging sessions again. */
#define PL_PROOF_AGAIN_SHARE 0.3

/** Sessions judged in several ways. */
struct pl_proof_sturdy {
    uint32_t sessions;
    uint32_t way_count; /* that there was time for; the rest is not in any figure */
    uint32_t banks;     /* of them: other banks */
    struct pl_proof_way ways[PL_PROOF_WAYS];
    double tau[PL_PROOF_WAYS];   /* of S_dec over sessions, against the usual way */
    double flips[PL_PROOF_WAYS]; /* share of acts whose support changes */
    uint32_t acts;
    double bank_sd;   /* of S_dec over banks, one session */
    double score_sd;  /* of the score over banks */
    uint32_t same;    /* judged again, the same bytes */
    uint32_t recoded; /* other encoding, the same bytes */
    uint32_t compared;
};

/** Judge some sessions again in other ways, one way after the other until the effort is used up. */
pl_status pl_proof_try(struct pl_proof_stand *stand,
                       const struct pl_proof_effort *effort,
                       struct pl_proof_sturdy *sturdy,
                       pl_error *err) __attribute__((warn_unused_result));

/* ---- figures.c ------------------------------------------------------------------------------ */

/** Compute all figures of a stand. */
void pl_proof_figures(const struct pl_proof_stand *stand,
                      const struct pl_proof_held *held,
                      const struct pl_proof_sturdy *sturdy,
                      struct pl_proof_list *list);

/** Standard deviation of the score of one player over incidents, in points; 0: not known. */
double pl_proof_incident_sd(const struct pl_proof_stand *stand, uint32_t *count);

/**
 * Seconds of looking per bit at which the cheap value of looking equals the search, median over
 * first acts.
 *
 * @return acts that it was fitted at
 */
uint32_t pl_proof_search_s(const struct pl_proof_stand *stand, double *search_s);

/** Luck of all bots without private knowledge: mean and its error over sessions, in shares. */
struct pl_moments pl_proof_luck(const struct pl_proof_stand *stand);

/** True when a bot is given the cause. */
bool pl_proof_informed(const struct pl_proof_stand *stand, uint32_t bot);

/** Moments of one number over the forms of a bot. */
struct pl_moments pl_proof_over(const struct pl_proof_stand *stand, uint32_t bot, size_t offset);

/* ---- page.c --------------------------------------------------------------------------------- */

/** One scenario's part of the page. */
struct pl_proof_section {
    const struct pl_proof_stand *stand;
    const struct pl_proof_effort *effort;
    const struct pl_proof_held *held;
    const struct pl_proof_sturdy *sturdy;
    const struct pl_proof_list *list;
};

/** Where the figures come from. */
struct pl_proof_origin {
    const char *date;
    const char *commit;
    const char *command;
    const char *mutants; /* file with the table of mutants, NULL: none */
    const char *notes;   /* file with causes and levers, written by hand, NULL: none */
};

/**
 * Write REPORT.md and report.json.
 *
 * @param folder  where
 * @return 0, or 1 when a file cannot be written
 */
int pl_proof_page(const char *folder,
                  const struct pl_proof_origin *origin,
                  const struct pl_proof_section *sections,
                  uint32_t count);

#endif
