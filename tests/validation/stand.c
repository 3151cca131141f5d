// SPDX-License-Identifier: Apache-2.0
#include "validation/proof.h"

#include "base/check.h"
#include "base/hash.h"
#include "base/random.h"
#include "cli/bot_learn.h"
#include "cli/pack_calibrate.h"
#include "exam/constants_file.h"
#include "exam/knowledge_file.h"
#include "judge/audit.h"
#include "judge/claims.h"
#include "judge/course.h"
#include "judge/judge_types.h"
#include "judge/score.h"
#include "os/now.h"
#include "os/pages.h"
#include "session/truth.h"
#include "text/json_in.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEXT_SIZE = 1 << 21,
    LEARN_FORMS = 14,
    CALIBRATE_WORLDS = 8,
    CALIBRATE_SEEDS = 4,
    CALIBRATE_FORMS = 16,
    CALIBRATE_NODES = 6,
    SEARCH_RUNS = 64,
    FRESH_PER_FORM = 2 /* played beside each form that is judged */
};

static void *room(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    PL_CHECK(memory != NULL);
    return memory;
}

/* ---- Open ----------------------------------------------------------------------------------- */

/* Scenarios of the tests ship no lessons; they are quickly learned. */
static pl_status learn(struct pl_proof_stand *stand, bool shipped, pl_error *err)
{
    pl_status status =
        pl_knowledge_file_load(stand->directory, &stand->content, &stand->knowledge, err);
    if (status != PL_OK || stand->knowledge != NULL) {
        return status;
    }
    if (shipped) {
        return pl_fail(err, PL_NOT_FOUND, NULL, "The bots have learned nothing of it yet.");
    }
    struct pl_bot_lesson *lesson = room(1, sizeof *lesson);
    struct pl_bot_learn_plan plan = {.content = &stand->content,
                                     .forms = LEARN_FORMS,
                                     .trials = 2,
                                     .seed = pl_hash_name("what bots learn from"),
                                     .workers = 1};
    status = pl_bot_learn(&plan, lesson, err);
    if (status == PL_OK) {
        stand->knowledge = room(1, sizeof *stand->knowledge);
        *stand->knowledge = lesson->knowledge;
    }
    free(lesson);
    return status;
}

static pl_status find_constants(struct pl_proof_stand *stand, bool shipped, pl_error *err)
{
    pl_error missing = {0};
    stand->constants = pl_constants_file_load(stand->directory, &stand->content, &missing);
    stand->constants_kept = stand->constants != NULL;
    if (stand->constants != NULL) {
        return PL_OK;
    }
    if (shipped) {
        return pl_fail(err, PL_NOT_FOUND, NULL, "%s", missing.message);
    }
    stand->constants = room(1, sizeof *stand->constants);
    struct pl_calibrate_plan plan = {
        .content = &stand->content,
        .knowledge = stand->knowledge,
        .particles = CALIBRATE_WORLDS,
        .seeds = CALIBRATE_SEEDS,
        .forms = CALIBRATE_FORMS,
        .workers = 1,
        .step_s = stand->content.scenario->horizon_s / CALIBRATE_NODES + 1.0};
    return pl_calibrate_run(&plan, NULL, stand->constants, err);
}

/* Position in the roster of the bot whose name begins a list, PL_NONE: there is none. */
static uint32_t first_named(const char *names)
{
    size_t size = strcspn(names, ",");
    for (uint32_t i = 0; i < pl_roster_count(); i++) {
        const char *name = pl_roster_at(i)->name;
        if (strlen(name) == size && strncmp(name, names, size) == 0) {
            return i;
        }
    }
    return PL_NONE;
}

/* In the order of the list: who stands first plays, when there is no time for all. */
static pl_status choose_bots(struct pl_proof_stand *stand, const char *names, pl_error *err)
{
    if (names == NULL) {
        while (stand->bot_count < pl_roster_count() && stand->bot_count < PL_PROOF_BOTS_MAX) {
            stand->bots[stand->bot_count] = stand->bot_count;
            stand->bot_count++;
        }
        return PL_OK;
    }
    while (*names != '\0' && stand->bot_count < PL_PROOF_BOTS_MAX) {
        size_t size = strcspn(names, ",");
        uint32_t bot = first_named(names);
        if (bot == PL_NONE) {
            return pl_fail(err, PL_BAD_INPUT, NULL, "There is no bot `%.*s`.", (int)size, names);
        }
        stand->bots[stand->bot_count++] = bot;
        names += names[size] == ',' ? size + 1 : size;
    }
    return PL_OK;
}

pl_status pl_proof_open(struct pl_proof_stand *stand,
                        const char *directory,
                        const char *name,
                        const struct pl_proof_effort *effort,
                        pl_error *err)
{
    PL_CHECK(stand != NULL && directory != NULL);
    static struct pl_errors errors;
    memset(stand, 0, sizeof *stand);
    stand->directory = directory;
    pl_status status = pl_content_load(directory, name, &stand->content, &errors);
    if (status != PL_OK) {
        return pl_fail(err, status, NULL, "%s", errors.items[0].message);
    }
    status = choose_bots(stand, effort->bots, err);
    if (status != PL_OK) {
        return status;
    }
    stand->rows = room(PL_PROOF_ROWS_MAX, sizeof *stand->rows);
    stand->looks = room(PL_PROOF_LOOKS_MAX, sizeof *stand->looks);
    stand->choices = room(PL_PROOF_CHOICES_MAX, sizeof *stand->choices);
    stand->choice_bots = room(PL_PROOF_CHOICES_MAX, sizeof *stand->choice_bots);
    stand->report = room(1, sizeof *stand->report);
    stand->text = room(1, TEXT_SIZE);
    stand->way_scenario = room(1, sizeof *stand->way_scenario);
    stand->way_constants = room(1, sizeof *stand->way_constants);
    status = learn(stand, effort->shipped, err);
    if (status == PL_OK) {
        status = find_constants(stand, effort->shipped, err);
    }
    if (status == PL_OK) {
        status = pl_bot_desk_init(&stand->desk, &stand->content, err);
    }
    return status;
}

void pl_proof_close(struct pl_proof_stand *stand)
{
    pl_bot_desk_free(&stand->desk);
    pl_content_free(&stand->content);
    pl_pages_release(stand->judge_memory, stand->judge_size);
    pl_pages_release(stand->trunk_memory, stand->trunk_size);
    free(stand->way_scenario);
    free(stand->way_constants);
    free(stand->knowledge);
    free(stand->constants);
    free(stand->rows);
    free(stand->looks);
    free(stand->choices);
    free(stand->choice_bots);
    free(stand->report);
    free(stand->text);
    memset(stand, 0, sizeof *stand);
}

/* ---- Play ----------------------------------------------------------------------------------- */

pl_status
pl_proof_play(struct pl_proof_stand *stand, uint32_t bot, uint64_t seed, bool stay, pl_error *err)
{
    PL_CHECK(stand != NULL && bot < stand->bot_count);
    struct pl_bot_plan plan = {.content = &stand->content,
                               .knowledge = stand->knowledge,
                               .bot = pl_roster_at(stand->bots[bot]),
                               .seed = seed,
                               .created_at = "",
                               .stay = stay};
    pl_status status = pl_bot_play(&plan, &stand->desk, &stand->result, err);
    stand->play_cpu_s += stand->result.cpu_s;
    return status;
}

/* ---- Judge ---------------------------------------------------------------------------------- */

/* Hand one line of the export to the judge. */
static pl_status
feed(struct pl_judge *judge, pl_slice line, const struct pl_proof_way *way, pl_error *err)
{
    json_t *entry = NULL;
    pl_status status = pl_json_in_load(line, PL_JSON_IN_TEXT_MAX, NULL, &entry, err);
    if (status != PL_OK) {
        return status;
    }
    const json_t *body = json_object_get(entry, "body");
    size_t style = way->encoded ? JSON_SORT_KEYS | JSON_INDENT(2) : JSON_COMPACT;
    char *command = json_dumps(json_object_get(body, "command"), style);
    PL_CHECK(command != NULL);
    struct pl_judge_entry fed = {.seq = json_integer_value(json_object_get(entry, "seq")),
                                 .before_ns =
                                     json_integer_value(json_object_get(body, "before_ns")),
                                 .command = pl_slice_of(command),
                                 .answer = json_string_value(json_object_get(body, "answer"))};
    status = pl_judge_feed(judge, &fed, err);
    free(command);
    json_decref(entry);
    return status;
}

/* All lines after the header. */
static pl_status feed_all(struct pl_proof_stand *stand,
                          struct pl_judge *judge,
                          const struct pl_proof_way *way,
                          pl_error *err)
{
    const char *at = stand->desk.text;
    const char *end = at + stand->desk.text_size;
    pl_status status = PL_OK;
    for (uint32_t line = 0; at < end && status == PL_OK; line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        PL_CHECK(stop != NULL);
        if (line > 0) {
            status = feed(judge, (pl_slice){at, (size_t)(stop - at)}, way, err);
        }
        at = stop + 1;
    }
    return status;
}

/* Number of a figure, NaN when it is not given. */
static double given(struct pl_figure figure)
{
    return figure.given ? figure.value : (double)NAN;
}

/* What the moves add up to. */
static void read_moves(const struct pl_report *report, struct pl_proof_row *row)
{
    double accuracy = 0.0;
    uint32_t moves = 0;
    for (uint32_t i = 0; i < report->move_count; i++) {
        const struct pl_report_move *move = &report->moves[i];
        if (move->regret.given && move->value.given) {
            double best = fmax(move->value.value - move->regret.value, 0.0);
            accuracy += pl_score_accuracy(
                best, best + move->regret.value, report->damage_noop.value + 1e-12);
            moves++;
        }
        if (strcmp(move->kind, "act") != 0 || move->label == PL_LABEL_NONE) {
            continue;
        }
        row->acts++;
        row->labels[move->label]++;
        bool bare = move->label == PL_LABEL_LUCKY || move->label == PL_LABEL_ERROR;
        row->unsupported += bare ? 1 : 0;
    }
    row->accuracy = moves > 0 ? accuracy / moves : (double)NAN;
}

/* Bits of all looks: what they did and what they were expected to do. */
static void read_bits(const struct pl_judge *judge, struct pl_proof_row *row)
{
    for (uint32_t i = 0; i < judge->epoch_count; i++) {
        const struct pl_epoch *epoch = &judge->epochs[i];
        if (epoch->kind == PL_EPOCH_LOOK && epoch->draws != PL_NONE) {
            row->truth_bits += epoch->truth_bits;
            row->expected_mix += epoch->expected_full.mix;
            row->expected_loo += epoch->expected_full.loo;
            row->bits_variance += epoch->expected_full.se * epoch->expected_full.se;
        }
    }
}

/* Stated belief at a moment over causes; false when nothing was stated. */
static bool stated_at(const struct pl_judge *judge, const struct pl_epoch *epoch, double *causes)
{
    const struct pl_stated_belief *said = NULL;
    for (uint32_t i = 0; i < judge->session->belief_count; i++) {
        const struct pl_stated_belief *one = &judge->session->beliefs[i];
        said = one->t_ns <= epoch->t_ns ? one : said;
    }
    if (said == NULL) {
        return false;
    }
    struct pl_claim_said claims[PL_CLAIMS_MAX];
    struct pl_stated stated;
    for (uint32_t i = 0; i < said->claim_count; i++) {
        claims[i] = (struct pl_claim_said){.component = said->claims[i].component,
                                           .mechanism = said->claims[i].mechanism,
                                           .trigger = said->claims[i].trigger,
                                           .p = said->claims[i].p};
    }
    pl_claims_map(judge->def.scenario, judge->classes.class_of, claims, said->claim_count, &stated);
    pl_claims_spread(&stated,
                     judge->classes.class_of,
                     epoch->belief[PL_BELIEF_PERCEIVED].cause,
                     judge->belief_def.cause_count,
                     causes);
    return true;
}

/* V_inv of the first act by the search sets the seconds per bit at which the cheap V equals it. */
static double fitted_search(const struct pl_judge *judge, const struct pl_epoch *epoch)
{
    uint32_t causes = judge->belief_def.cause_count;
    size_t size = (size_t)PL_SEARCH_LOOK_LIST_MAX * causes * PL_SEARCH_DRAWS * causes;
    const struct pl_kept_search *kept = &judge->searches[epoch->search];
    const struct pl_predictive predictive = {.look_count = kept->look_count,
                                             .cause_count = causes,
                                             .draw_count = PL_SEARCH_DRAWS,
                                             .eta = 1.0,
                                             .cost_s = kept->cost_s,
                                             .log_density =
                                                 judge->search_density + epoch->search * size};
    struct pl_value_model model = pl_course_model(judge, epoch->segment);
    const double *belief = epoch->belief[PL_BELIEF_PERCEIVED].cause;
    if (pl_value_entropy(&model, belief) < 0.5) {
        return (double)NAN; /* nothing to find out: any number of seconds per bit fits */
    }
    struct pl_search search;
    pl_search_run(&model, &predictive, belief, epoch->t_ns, SEARCH_RUNS, 1, &search);
    pl_search_fit(&model, belief, epoch->t_ns, search.cost.value);
    return model.search_s_per_bit;
}

/* The choice among options at a moment, for the rating. */
static void keep_choice(struct pl_proof_stand *stand,
                        const struct pl_judge *judge,
                        const struct pl_epoch *epoch,
                        uint32_t bot,
                        uint32_t incident)
{
    struct pl_value_model model = pl_course_model(judge, epoch->segment);
    const double *belief = epoch->belief[PL_BELIEF_PERCEIVED].cause;
    double d_noop = judge->constants->d_noop;
    uint32_t chosen = 0;
    if (epoch->kind == PL_EPOCH_ACT) {
        chosen = pl_option_set_find(&model.segment->options, &epoch->call);
    }
    if (chosen == PL_NONE || stand->choice_count == PL_PROOF_CHOICES_MAX ||
        incident >= PL_RATING_INCIDENTS_MAX || model.segment->options.count < 2) {
        return;
    }
    struct pl_rating_choice *choice = &stand->choices[stand->choice_count];
    memset(choice, 0, sizeof *choice);
    choice->incident = incident;
    choice->count = model.segment->options.count;
    choice->chosen = chosen;
    double least = 0.0;
    for (uint32_t a = 0; a < choice->count; a++) {
        choice->regrets[a] = pl_value_option(&model, belief, epoch->t_ns, a).value;
        least = a == 0 || choice->regrets[a] < least ? choice->regrets[a] : least;
    }
    if (!pl_score_stake(choice->regrets, choice->count, d_noop)) {
        return; /* nothing hangs on it */
    }
    for (uint32_t a = 0; a < choice->count; a++) {
        choice->regrets[a] = (choice->regrets[a] - least) / d_noop;
    }
    stand->choice_bots[stand->choice_count++] = bot;
}

/* Acts: whose fault a regret is, and how long finding out would have taken. */
static void
read_act(const struct pl_judge *judge, const struct pl_epoch *epoch, struct pl_proof_row *row)
{
    double stated[PL_CAUSES_MAX];
    struct pl_value_model model = pl_course_model(judge, epoch->segment);
    uint32_t option = pl_option_set_find(&model.segment->options, &epoch->call);
    if (option != PL_NONE && stated_at(judge, epoch, stated)) {
        struct pl_audit_split split = pl_audit_split(
            &model, epoch->belief[PL_BELIEF_PERCEIVED].cause, stated, epoch->t_ns, option);
        row->wrong_belief += split.wrong_belief / judge->constants->d_noop;
        row->against_own += split.against_own / judge->constants->d_noop;
    }
    if (epoch->search != PL_NONE && isnan(row->search_s)) {
        row->search_s = fitted_search(judge, epoch);
    }
}

static void
read_report(const struct pl_judge *judge, const struct pl_report *report, struct pl_proof_row *row)
{
    double unit = judge->constants->d_noop;
    unit = report->requests_per_budget > 0.0 ? unit / report->requests_per_budget : unit;
    row->cause = judge->cause;
    row->damage = report->damage.value / unit;
    row->adjusted = report->damage_adjusted.value / unit;
    row->luck = report->luck.value / unit;
    row->luck_se = fmax(report->luck.se, 0.0) / unit;
    row->decision = given(report->profile.decision);
    row->efficiency = given(report->profile.efficiency);
    row->calibration = given(report->profile.calibration);
    row->communication = given(report->profile.communication);
    row->score = given(report->score);
    row->score_se = report->score.se;
    row->search_s = (double)NAN;
}

/* Looks for the learning rate, beliefs for calibration, choices for the rating. */
static void
keep_all(struct pl_proof_stand *stand, const struct pl_judge *judge, uint32_t bot, uint32_t session)
{
    uint32_t right = judge->classes.class_of[judge->cause];
    for (uint32_t i = 0; i < judge->fitted_count && stand->look_count < PL_PROOF_LOOKS_MAX; i++) {
        struct pl_temper_look *look = &stand->looks[stand->look_count++];
        memset(look, 0, sizeof *look);
        look->session = session;
        look->truth = judge->cause;
        look->live = (UINT32_C(1) << judge->belief_def.cause_count) - 1;
        look->fresh = judge->fresh[i];
        memcpy(look->log_likelihood, judge->log_likelihood[i], sizeof judge->log_likelihood[i]);
    }
    const struct pl_epoch *last = &judge->epochs[judge->epoch_count - 1];
    for (uint32_t c = 0; c < judge->classes.count; c++) {
        double p = last->belief[PL_BELIEF_FULL].remedy[c];
        pl_ece_add(&stand->ece, p < 1.0 ? p : 1.0, c == right ? 1 : 0);
    }
    for (uint32_t i = 0; i < judge->epoch_count; i++) {
        const struct pl_epoch *epoch = &judge->epochs[i];
        if (epoch->kind == PL_EPOCH_LOOK || epoch->kind == PL_EPOCH_ACT) {
            keep_choice(stand, judge, epoch, bot, session / stand->bot_count);
        }
    }
    stand->belief_def = judge->belief_def;
}

/* A bank that knows a session's seed would recognise its noise. */
static uint32_t knows_seed(const struct pl_judge *judge)
{
    for (uint32_t h = 0; h < judge->belief_def.cause_count; h++) {
        for (uint32_t k = 0; k < judge->belief_def.particles; k++) {
            if (pl_bank_particle(judge->bank, h, k) != NULL &&
                pl_bank_seed(judge->bank, h, k) == judge->def.seed) {
                return 1;
            }
        }
    }
    return 0;
}

/* ---- Ways ----------------------------------------------------------------------------------- */

static struct pl_judge_def def_of(const struct pl_proof_stand *stand,
                                  const struct pl_proof_effort *effort,
                                  const struct pl_proof_way *way)
{
    return (struct pl_judge_def){.world = stand->content.world,
                                 .scenario = stand->way_scenario,
                                 .constants = stand->way_constants,
                                 .clock = PL_CLOCK_TURN,
                                 .particles =
                                     way->particles > 0 ? way->particles : effort->particles,
                                 .replicate = way->replicate,
                                 .trunk = stand->trunk};
}

static void define_way(struct pl_proof_stand *stand, const struct pl_proof_way *way)
{
    struct pl_constants *constants = stand->way_constants;
    struct pl_scenario *scenario = stand->way_scenario;
    *constants = *stand->constants;
    constants->trunk.nodes = constants->nodes;
    constants->eta += way->eta_shift;
    constants->responder_s *= way->responder > 0.0 ? way->responder : 1.0;
    *scenario = *stand->content.scenario;
    for (uint32_t h = 0; h < scenario->cause_count; h++) {
        double p = scenario->causes[h].prior;
        scenario->causes[h].prior = way->prior == PL_PROOF_PRIOR_UNIFORM   ? 1.0
                                    : way->prior == PL_PROOF_PRIOR_SQUARED ? p * p
                                                                           : p;
    }
}

/* The encoding of commands needs no bank of its own. */
static bool same_way(const struct pl_proof_way *a, const struct pl_proof_way *b)
{
    return a->particles == b->particles && a->replicate == b->replicate && a->prior == b->prior &&
           !(a->eta_shift < b->eta_shift) && !(a->eta_shift > b->eta_shift) &&
           !(a->responder < b->responder) && !(a->responder > b->responder);
}

static pl_status reserve(size_t size, void **memory, size_t *held, pl_error *err)
{
    if (size <= *held) {
        return PL_OK;
    }
    pl_pages_release(*memory, *held);
    *memory = NULL;
    *held = 0;
    pl_status status = pl_pages_reserve(size, memory, err);
    *held = status == PL_OK ? size : 0;
    return status;
}

/* Open the bank of a way, unless it is the one that stands open. */
static pl_status go_way(struct pl_proof_stand *stand,
                        const struct pl_proof_effort *effort,
                        const struct pl_proof_way *way,
                        pl_error *err)
{
    if (stand->trunk != NULL && same_way(way, &stand->trunk_way)) {
        return PL_OK;
    }
    bool same_bank = stand->trunk != NULL && way->particles == stand->trunk_way.particles &&
                     way->replicate == stand->trunk_way.replicate;
    define_way(stand, way);
    stand->trunk_way = *way;
    if (same_bank) {
        /* Worlds do not hang on priors and constants; which look is best at the opening does. */
        stand->trunk->sweep.known = 0;
        return PL_OK;
    }
    stand->trunk = NULL;
    struct pl_judge_def def = def_of(stand, effort, way);
    size_t size = pl_trunk_size(&def);
    pl_status status = reserve(size, &stand->trunk_memory, &stand->trunk_size, err);
    return status == PL_OK ? pl_trunk_open(&def, stand->trunk_memory, size, &stand->trunk, err)
                           : status;
}

static uint64_t digest_of(struct pl_proof_stand *stand)
{
    struct pl_buf out;
    double cpu_s = stand->report->cpu_s;
    stand->report->cpu_s = 0.0;
    pl_buf_init(&out, stand->text, TEXT_SIZE);
    pl_report_json(stand->report, &out);
    PL_CHECK(!out.overflow);
    stand->report->cpu_s = cpu_s;
    return pl_hash_bytes(out.data, out.size, 0).low;
}

pl_status pl_proof_judge(struct pl_proof_stand *stand,
                         const struct pl_proof_effort *effort,
                         const struct pl_proof_way *way,
                         bool keep,
                         struct pl_proof_row *row,
                         pl_error *err)
{
    PL_CHECK(stand != NULL && way != NULL && row != NULL);
    int64_t start_ns = pl_now_thread_cpu_ns();
    struct pl_judge *judge = NULL;
    uint32_t bot = row->bot;
    uint32_t form = row->form;
    pl_status status = go_way(stand, effort, way, err);
    struct pl_judge_def def = def_of(stand, effort, way);
    def.seed = row->seed;
    if (status == PL_OK) {
        status = reserve(pl_judge_size(&def), &stand->judge_memory, &stand->judge_size, err);
    }
    if (status == PL_OK) {
        status = pl_judge_open(&def, stand->judge_memory, stand->judge_size, &judge, err);
    }
    if (status == PL_OK && feed_all(stand, judge, way, err) != PL_OK) {
        stand->broken++;
    }
    if (status == PL_OK) {
        pl_judge_finish(judge, stand->report);
        memset(row, 0, sizeof *row);
        *row = (struct pl_proof_row){.bot = bot, .form = form, .seed = def.seed};
        read_report(judge, stand->report, row);
        read_moves(stand->report, row);
        read_bits(judge, row);
        for (uint32_t i = 0; i < judge->epoch_count; i++) {
            if (judge->epochs[i].kind == PL_EPOCH_ACT) {
                read_act(judge, &judge->epochs[i], row);
            }
        }
        stand->shared_seeds += knows_seed(judge);
        if (keep) {
            keep_all(stand, judge, bot, form * stand->bot_count + bot);
        }
        row->digest = digest_of(stand);
    }
    row->cpu_s = (double)(pl_now_thread_cpu_ns() - start_ns) / 1e9;
    stand->judge_cpu_s += row->cpu_s;
    return status;
}

/* ---- Run ------------------------------------------------------------------------------------ */

/* When sessions are judged again in other ways, a part of the effort is left for that. */
static bool spent(const struct pl_proof_stand *stand, const struct pl_proof_effort *effort)
{
    double share = effort->repeats > 0 ? 1.0 - PL_PROOF_AGAIN_SHARE : 1.0;
    return stand->judge_cpu_s + stand->play_cpu_s > share * effort->cpu_s;
}

/* A form that is not whole when the effort is used up is in no figure. */
static pl_status run_form(struct pl_proof_stand *stand,
                          const struct pl_proof_effort *effort,
                          uint32_t form,
                          pl_error *err)
{
    const struct pl_proof_way usual = {.name = "usual"};
    pl_status status = PL_OK;
    for (uint32_t b = 0; b < stand->bot_count && status == PL_OK && !spent(stand, effort); b++) {
        struct pl_proof_row *row = &stand->rows[stand->row_count];
        *row = (struct pl_proof_row){.bot = b, .form = form, .seed = effort->seed0 + form};
        status = pl_proof_play(stand, b, row->seed, false, err);
        if (status == PL_OK) {
            status = pl_proof_judge(stand, effort, &usual, true, row, err);
        }
        stand->row_count += status == PL_OK ? 1 : 0;
    }
    return status;
}

/* Forms that no judge sees, up to `count` of them: what a policy is worth. */
static pl_status play_fresh(struct pl_proof_stand *stand,
                            const struct pl_proof_effort *effort,
                            uint32_t count,
                            pl_error *err)
{
    pl_status status = PL_OK;
    for (; stand->fresh_count < count && status == PL_OK; stand->fresh_count++) {
        uint64_t seed = effort->seed0 + 50000 + stand->fresh_count;
        for (uint32_t b = 0; b < stand->bot_count && status == PL_OK; b++) {
            status = pl_proof_play(stand, b, seed, true, err);
            pl_moments_add(&stand->fresh_sums[b], stand->result.damage);
            stand->fresh[b] = stand->fresh_sums[b].mean;
            stand->fresh_se[b] = pl_moments_standard_error(&stand->fresh_sums[b]);
        }
    }
    return status;
}

pl_status
pl_proof_run(struct pl_proof_stand *stand, const struct pl_proof_effort *effort, pl_error *err)
{
    PL_CHECK(stand != NULL && effort != NULL);
    pl_status status = PL_OK;
    for (uint32_t form = 0; form < effort->forms && status == PL_OK; form++) {
        if (stand->row_count + stand->bot_count > PL_PROOF_ROWS_MAX || spent(stand, effort)) {
            break;
        }
        status = run_form(stand, effort, form, err);
        stand->form_count = stand->row_count / stand->bot_count;
        fprintf(stderr,
                "%s: form %u, %u sessions, %.0f s of processor time\n",
                stand->content.scenario->name,
                form + 1,
                stand->row_count,
                stand->judge_cpu_s + stand->play_cpu_s);
        uint32_t fresh = FRESH_PER_FORM * (form + 1);
        if (status == PL_OK && !spent(stand, effort)) {
            status = play_fresh(stand, effort, fresh < effort->fresh ? fresh : effort->fresh, err);
        }
        if (status == PL_OK && effort->after_form != NULL && stand->form_count == form + 1) {
            effort->after_form(effort->context);
        }
    }
    /* The worth of policies is not left out for want of time: a form of each for every form. */
    uint32_t forms = stand->form_count > 0 ? stand->form_count : 1;
    uint32_t fresh = spent(stand, effort) ? FRESH_PER_FORM * forms : effort->fresh;
    fresh = fresh < effort->fresh ? fresh : effort->fresh;
    return status == PL_OK ? play_fresh(stand, effort, fresh, err) : status;
}

uint32_t pl_proof_bot(const struct pl_proof_stand *stand, const char *name)
{
    for (uint32_t b = 0; b < stand->bot_count; b++) {
        if (strcmp(pl_roster_at(stand->bots[b])->name, name) == 0) {
            return b;
        }
    }
    return PL_NONE;
}

const struct pl_proof_row *
pl_proof_row(const struct pl_proof_stand *stand, uint32_t bot, uint32_t form)
{
    for (uint32_t i = 0; i < stand->row_count; i++) {
        if (stand->rows[i].bot == bot && stand->rows[i].form == form) {
            return &stand->rows[i];
        }
    }
    return NULL;
}
