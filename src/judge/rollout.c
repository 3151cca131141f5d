// SPDX-License-Identifier: Apache-2.0
#include "judge/rollout.h"

#include "base/check.h"
#include "scenario/action.h"
#include "session/truth.h"

#include <string.h>

#define MINUTE_NS (60 * PL_NS_PER_S)
#define FELT_S    120.0 /* an act is not judged before it has been in effect this long */

/** One rollout while it runs. */
struct run {
    const struct pl_rollout_def *def;
    struct pl_state *state;
    uint32_t cause;
    uint32_t minutes;                /* whole steps done */
    double recent[PL_QUIET_MINUTES]; /* damage per second of the last minutes, by minute % size */
    struct pl_undo undo;             /* of earlier acts and of the option */
    bool in_force;                   /* the right remedy is decided or done */
    int64_t lands_ns;                /* when it takes effect */
    int64_t check_ns;                /* first moment at which the responder looks */
    uint32_t offered_last;           /* requests of the last step */
    double damage_last;              /* damage of the last step */
};

/* ---- Taking back ---------------------------------------------------------------------------- */

static bool undo_has(const struct pl_undo *undo, uint32_t param)
{
    for (uint32_t i = 0; i < undo->count; i++) {
        if (undo->params[i] == param) {
            return true;
        }
    }
    return false;
}

void pl_undo_add(const struct pl_world *world,
                 const struct pl_scenario *scenario,
                 const struct pl_state *state,
                 const struct pl_call *call,
                 struct pl_undo *undo)
{
    PL_CHECK(state != NULL && call != NULL);
    PL_CHECK(undo != NULL);
    struct pl_change changes[PL_ACTION_CHANGES_MAX];
    uint32_t count = 0;
    if (scenario->setting.actions[call->action].reversible == 0 ||
        pl_action_changes(world, scenario, state, call, changes, &count, NULL) != PL_OK) {
        return;
    }
    for (uint32_t i = 0; i < count && undo->count < PL_UNDO_MAX; i++) {
        if (!undo_has(undo, changes[i].param)) {
            undo->params[undo->count] = changes[i].param;
            undo->values[undo->count] = pl_model_param(state, changes[i].param);
            undo->count++;
        }
    }
}

/* ---- Changes -------------------------------------------------------------------------------- */

/* Make a call at the state's present; false when it cannot be done. */
static bool
make(const struct run *run, const struct pl_call *call, struct pl_change *changes, uint32_t *count)
{
    const struct pl_rollout_def *def = run->def;
    pl_status status =
        pl_action_changes(def->world, def->scenario, run->state, call, changes, count, NULL);
    for (uint32_t i = 0; i < *count && status == PL_OK; i++) {
        status = pl_model_change(def->world, run->state, &changes[i], NULL);
    }
    return status == PL_OK;
}

static double lead_of(const struct pl_rollout_def *def, const struct pl_call *call)
{
    return def->scenario->setting.actions[call->action].lead_s;
}

/* The right remedy is decided now; what else had been set goes back when it takes effect. */
static void remedy(struct run *run)
{
    const struct pl_call *call = &run->def->remedies[run->cause];
    struct pl_change changes[PL_ACTION_CHANGES_MAX];
    uint32_t count = 0;
    (void)make(run, call, changes, &count);
    for (uint32_t i = 0; i < run->undo.count; i++) {
        bool remedied = false;
        for (uint32_t k = 0; k < count; k++) {
            remedied = remedied || changes[k].param == run->undo.params[i];
        }
        struct pl_change back = {
            .t_ns = run->lands_ns, .param = run->undo.params[i], .value = run->undo.values[i]};
        if (!remedied) {
            (void)!pl_model_change(run->def->world, run->state, &back, NULL);
        }
    }
}

/* ---- Running -------------------------------------------------------------------------------- */

static uint64_t offered(const struct run *run)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < run->def->world->source_count; i++) {
        count += pl_model_outcome(run->state, i).offered;
    }
    return count;
}

static uint64_t in_flight(const struct run *run)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < run->def->world->source_count; i++) {
        count += pl_model_outcome(run->state, i).in_flight;
    }
    return count;
}

/* Run to `until_ns` and add what users suffer on the way. */
static void step(struct run *run, int64_t until_ns, struct pl_rollout *out)
{
    int64_t from_ns = pl_model_now(run->state);
    double before = pl_truth_damage(run->def->world, run->state);
    uint64_t offered_before = offered(run);
    pl_model_run(run->def->world, run->state, NULL, until_ns);
    run->damage_last = pl_truth_damage(run->def->world, run->state) - before;
    run->offered_last = (uint32_t)(offered(run) - offered_before);
    double rate = until_ns > from_ns ? run->damage_last / pl_clock_s(until_ns - from_ns) : 0.0;
    run->recent[run->minutes % PL_QUIET_MINUTES] = rate;
    run->minutes++;
    out->damage += run->damage_last;
    out->peak_rate = rate > out->peak_rate ? rate : out->peak_rate;
}

static double recent_rate(const struct run *run, uint32_t minutes)
{
    uint32_t count = run->minutes < minutes ? run->minutes : minutes;
    double sum = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        sum += run->recent[(run->minutes - 1 - i) % PL_QUIET_MINUTES];
    }
    return count > 0 ? sum / (double)count : 0.0;
}

/* Users have felt nothing for a while, and what keeps it so is in force. */
static bool settled(const struct run *run)
{
    if (!run->in_force || pl_model_now(run->state) < run->lands_ns ||
        run->minutes < PL_QUIET_MINUTES) {
        return false;
    }
    for (uint32_t i = 0; i < PL_QUIET_MINUTES; i++) {
        if (run->recent[i] > run->def->quiet_rate) {
            return false;
        }
    }
    return true;
}

/* The responder looks: users still suffer, so the remedy is on its way. */
static void respond(struct run *run, struct pl_rollout *out)
{
    const struct pl_rollout_def *def = run->def;
    int64_t now_ns = pl_model_now(run->state);
    if (run->in_force || out->remedied_ns >= 0 || def->has_remedy[run->cause] == 0 ||
        now_ns < run->check_ns || !(recent_rate(run, 2) > def->hurt_rate[run->cause])) {
        return;
    }
    out->remedied_ns = now_ns + pl_clock_ns(def->responder_s);
}

static void start(struct run *run, const struct pl_option *option, struct pl_rollout *out)
{
    const struct pl_rollout_def *def = run->def;
    int64_t now_ns = pl_model_now(run->state);
    run->check_ns = now_ns + pl_clock_ns(def->check_s);
    run->lands_ns = now_ns;
    run->in_force = (def->settled >> run->cause & 1) != 0;
    run->undo = def->undo;
    if (option->noop != 0) {
        return;
    }
    struct pl_change changes[PL_ACTION_CHANGES_MAX];
    uint32_t count = 0;
    bool is_remedy =
        def->has_remedy[run->cause] != 0 && pl_call_same(&option->call, &def->remedies[run->cause]);
    if (!is_remedy) {
        pl_undo_add(def->world, def->scenario, run->state, &option->call, &run->undo);
    }
    if (!make(run, &option->call, changes, &count)) {
        out->refused = 1;
        return;
    }
    int64_t effect_ns = now_ns + pl_clock_ns(lead_of(def, &option->call));
    int64_t felt_ns = effect_ns + pl_clock_ns(FELT_S);
    run->check_ns = felt_ns > run->check_ns ? felt_ns : run->check_ns;
    if (is_remedy) {
        run->in_force = true;
        run->lands_ns = effect_ns;
    }
}

/* Next moment at which something has to be decided, a minute at most. */
static int64_t next_stop(const struct run *run, const struct pl_rollout *out, int64_t decide_ns)
{
    int64_t now_ns = pl_model_now(run->state);
    int64_t next_ns = now_ns + MINUTE_NS;
    if (out->remedied_ns >= 0 && !run->in_force && decide_ns > now_ns && decide_ns < next_ns) {
        next_ns = decide_ns;
    }
    return next_ns < run->def->ends_ns ? next_ns : run->def->ends_ns;
}

/* What is left at the end of the run: time at the last rate, or the requests still under way. */
static void finish(struct run *run, int64_t from_ns, struct pl_rollout *out)
{
    int64_t now_ns = pl_model_now(run->state);
    out->last_rate = recent_rate(run, PL_QUIET_MINUTES);
    out->simulated_ns = now_ns - from_ns;
    out->overflowed = pl_model_overflows(run->state) > 0 ? 1 : 0;
    if (now_ns < run->def->ends_ns) {
        out->damage += out->last_rate * pl_clock_s(run->def->ends_ns - now_ns);
    } else if (run->offered_last > 0) {
        out->damage += (double)in_flight(run) * run->damage_last / (double)run->offered_last;
    }
}

void pl_rollout_def_init(const struct pl_world *world,
                         const struct pl_scenario *scenario,
                         int64_t ends_ns,
                         struct pl_rollout_def *def)
{
    PL_CHECK(world != NULL && scenario != NULL);
    PL_CHECK(def != NULL);
    memset(def, 0, sizeof *def);
    def->world = world;
    def->scenario = scenario;
    def->ends_ns = ends_ns;
    def->responder_s = 720.0;
    def->check_s = 300.0;
    for (uint32_t i = 0; i < scenario->cause_count; i++) {
        const struct pl_cause *cause = &scenario->causes[i];
        if (cause->helps_count > 0) {
            def->remedies[i] = scenario->setting.calls[cause->helps0];
            def->has_remedy[i] = 1;
        }
    }
}

bool pl_rollout_is_idle(const struct pl_rollout_def *def,
                        const struct pl_state *source,
                        uint32_t cause,
                        const struct pl_option *option)
{
    PL_CHECK(def != NULL && source != NULL);
    PL_CHECK(option != NULL && cause < def->scenario->cause_count);
    struct pl_change changes[PL_ACTION_CHANGES_MAX];
    uint32_t count = 0;
    if (option->noop != 0) {
        return true;
    }
    bool is_remedy =
        def->has_remedy[cause] != 0 && pl_call_same(&option->call, &def->remedies[cause]);
    /* A long lead puts the responder's check off, which is a difference. */
    if (is_remedy || lead_of(def, &option->call) + FELT_S > def->check_s ||
        pl_action_changes(
            def->world, def->scenario, source, &option->call, changes, &count, NULL) != PL_OK) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!pl_model_change_is_idle(def->world, source, &changes[i])) {
            return false;
        }
    }
    return count > 0;
}

struct pl_rollout pl_rollout_run(const struct pl_rollout_def *def,
                                 const struct pl_state *source,
                                 uint32_t cause,
                                 const struct pl_option *option,
                                 uint64_t future,
                                 void *memory,
                                 size_t size)
{
    PL_CHECK(def != NULL && source != NULL);
    PL_CHECK(cause < def->scenario->cause_count);
    PL_CHECK(option != NULL);
    struct pl_rollout out = {.remedied_ns = -1};
    struct run run = {.def = def, .cause = cause};
    int64_t from_ns = pl_model_now(source);
    int64_t cap_ns = from_ns + PL_ROLLOUT_MINUTES * MINUTE_NS;
    run.state = pl_model_fork(memory, size, source);
    pl_model_reseed(run.state, future);
    start(&run, option, &out);
    int64_t lead_ns =
        def->has_remedy[cause] != 0 ? pl_clock_ns(lead_of(def, &def->remedies[cause])) : 0;
    while (pl_model_now(run.state) < def->ends_ns) {
        int64_t decide_ns = out.remedied_ns - lead_ns;
        if (out.remedied_ns >= 0 && !run.in_force && pl_model_now(run.state) >= decide_ns) {
            run.in_force = true;
            run.lands_ns = pl_model_now(run.state) + lead_ns;
            remedy(&run);
        }
        step(&run, next_stop(&run, &out, decide_ns), &out);
        respond(&run, &out);
        if (def->whole == 0 && (settled(&run) || pl_model_now(run.state) >= cap_ns)) {
            break;
        }
    }
    finish(&run, from_ns, &out);
    return out;
}
