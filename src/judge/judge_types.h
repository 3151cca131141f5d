// SPDX-License-Identifier: Apache-2.0
//
// The inside of a judge, shared by judge.c, sweep.c, hearing.c, course.c and verdict.c only.
#ifndef PL_JUDGE_JUDGE_TYPES_H
#define PL_JUDGE_JUDGE_TYPES_H

#include "judge/bank.h"
#include "judge/belief.h"
#include "judge/classes.h"
#include "judge/eig.h"
#include "judge/judge.h"
#include "judge/look_list.h"
#include "judge/look_memory.h"
#include "judge/search.h"
#include "judge/segment.h"
#include "judge/value.h"
#include "session/look.h"
#include "session/session_types.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_EPOCHS_MAX = 2304,
    PL_EPOCH_DRAWS = 16,       /* foreseen readings per cause of a look that was done */
    PL_EPOCH_LOOKS_MAX = 512,  /* looks whose foreseen readings are kept */
    PL_SEGMENTS_MAX = 16,      /* stretches between acts; acts past that share the last one */
    PL_SEGMENT_NODES_MAX = 32, /* nodes of one stretch */
    PL_SEARCHES_MAX = 16,      /* acts whose alternatives in looking are kept */
    PL_SEARCH_DRAWS = 8,       /* foreseen readings per cause and look of these */
    PL_SEARCH_LOOK_LIST_MAX = 160
};

/** Kinds of epochs: moments at which something was chosen. */
enum pl_epoch_kind {
    PL_EPOCH_LOOK,
    PL_EPOCH_ACT,
    PL_EPOCH_SAY,
    PL_EPOCH_WAIT, /* also every two idle minutes: waiting is a choice */
    PL_EPOCH_CLOSE,
    PL_EPOCH_NEWS /* something was told by itself: nothing is chosen, but beliefs move */
};

/** What the evidence supported at a moment. */
struct pl_epoch_belief {
    double cause[PL_CAUSES_MAX];
    double remedy[PL_CAUSES_MAX];
    double other;
    double entropy_bits; /* over remedy classes */
};

/** One moment of choice. */
struct pl_epoch {
    int64_t seq;         /* of the entry, 0: an idle moment between entries */
    int64_t t_ns;        /* simulated time of the choice */
    int64_t until_ns;    /* when it had its answer; t_ns for acts and says */
    uint32_t kind;       /* enum pl_epoch_kind */
    uint32_t segment;    /* in force before the choice */
    uint32_t opened;     /* acts: segment that it opened */
    uint32_t draws;      /* looks: position of the foreseen readings, PL_NONE: not kept */
    uint32_t search;     /* acts: position of the kept densities, PL_NONE: not kept */
    uint32_t best;       /* position in the look list of the best rate, PL_NONE: none */
    uint32_t verifies;   /* 1: a look at whether an act worked */
    uint32_t statement;  /* says: number of the stated belief in the session, else PL_NONE */
    uint32_t truth;      /* acts: position of the forks of the true world, PL_NONE: none */
    uint32_t swept;      /* looks and acts: 1: the best look was searched for */
    struct pl_call call; /* acts */
    struct pl_epoch_belief belief[PL_BELIEF_STREAM_COUNT]; /* before the choice */
    double bits;                                           /* looks: fall of the entropy, full */
    double truth_bits;                                     /* looks: for the true class, full */
    struct pl_eig_value expected_full;                     /* looks: for the ledger */
    struct pl_eig_value expected;                          /* looks: perceived */
    struct pl_eig_value best_expected;
    double cost_s;
    double rate_share;
    double best_rate;
    char text[PL_REPORT_TEXT_MAX];
    char about[PL_NAME_MAX]; /* looks: service, database or person; empty: none */
};

/** A stretch between two acts. */
struct pl_stretch {
    struct pl_segment segment;
    struct pl_node nodes[PL_SEGMENT_NODES_MAX];
    double start_damage[PL_CAUSES_MAX]; /* mean over particles when it began */
    int64_t starts_ns;
    int64_t computed_ns; /* last moment that was simulated, -1: none */
    int64_t grid_ns;     /* next moment to simulate, INT64_MAX: none */
    uint32_t inherited;  /* bit per cause whose table is that of the stretch before */
    uint32_t covered;    /* of them: the table reaches beyond this stretch's start */
};

struct pl_profile;

/** Forks of the true world at an act. */
struct pl_true_node {
    struct pl_node node;
    struct pl_option_set options;
};

/** Densities of all looks at an act, for the value of looking first. */
struct pl_kept_search {
    uint32_t look_count;
    double cost_s[PL_SEARCH_LOOK_LIST_MAX];
};

/** A judge. What the pointers name lies behind it in the caller's memory. */
struct pl_judge {
    struct pl_judge_def def;
    struct pl_session *session; /* the true one, played again */
    struct pl_bank *bank;
    struct pl_look_list *looks;
    struct pl_belief *belief;
    struct pl_belief_def belief_def;
    struct pl_rollout_def rollout;
    struct pl_buf answer; /* of the true session */
    struct pl_buf entry;
    struct pl_feature_set *sets; /* sets[cause * particles + k] */
    struct pl_feature_set observed;
    struct pl_feature_scratch feature_scratch;
    struct pl_look_memory *shown_first; /* what looks showed at the opening */
    struct pl_look_memory *shown_later;
    struct pl_look_memory *shown; /* the newer of both, NULL: neither */
    void *evidence_memory;
    size_t evidence_size;
    void *thin_memory; /* of a belief over fewer particles */
    size_t thin_size;
    void *belief_scratch;
    void *eig_scratch;
    float *density; /* of one look, all particles */
    void *node_scratch;
    size_t node_scratch_size;
    float *draws;          /* [look][stream][cause * PL_EPOCH_DRAWS][1 + causes] */
    float *search_density; /* [search][look][cause][draw][cause] */
    struct pl_kept_search searches[PL_SEARCHES_MAX];
    struct pl_true_node truths[PL_SEARCHES_MAX];
    int64_t opens_ns;
    int64_t now_ns;   /* present of the bank and of the true session */
    int64_t acted_ns; /* of the last act, -1: none */
    double damage_at_opening;
    uint32_t cause; /* the true one */
    uint32_t epoch_count;
    uint32_t draw_count;
    uint32_t search_count;
    uint32_t truth_count;
    uint32_t stretch_count;
    uint32_t entry_count;
    uint32_t unstable_count;
    uint32_t closed;
    uint32_t broken; /* 1: an answer differed, nothing after it is judged */
    uint32_t joined; /* acts that share the last stretch */
    uint32_t unkept; /* looks whose foreseen readings were not kept */
    double log_likelihood[PL_EPOCH_LOOKS_MAX][PL_CAUSES_MAX + 1]; /* for fitting eta */
    double fresh[PL_EPOCH_LOOKS_MAX];                             /* likewise */
    uint32_t fitted_count;
    uint32_t worlds[PL_CAUSES_MAX]; /* of the bank, while a node is computed */
    uint32_t shown_acts;            /* stretches when `shown` was filled */
    struct pl_classes classes;
    const struct pl_constants *constants; /* the caller's, or `computed` */
    struct pl_constants computed;
    struct pl_profile *profile; /* working memory of the verdict */
    struct pl_epoch epochs[PL_EPOCHS_MAX];
    struct pl_stretch stretches[PL_SEGMENTS_MAX];
};

#endif
