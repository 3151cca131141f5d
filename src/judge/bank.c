// SPDX-License-Identifier: Apache-2.0
//
// Memory: struct pl_bank | workers | drawing trunks | particles [cause][k].
#include "judge/bank.h"

#include "base/check.h"
#include "base/hash.h"
#include "base/random.h"
#include "session/session.h"

#include <string.h>

enum {
    DRAWS_MAX = 8, /* forms drawn for one particle until its page comes */
    OUT_SIZE = PL_OBSERVATION_SIZE_MAX + 64 * 1024,
    JUDGE_STREAM = 0x6a756467 /* child of the scenario's name that seeds banks */
};

/** What a worker needs while it has a task. */
struct worker {
    struct pl_feature_scratch features;
    char out[OUT_SIZE];
};

/** How the drawing of one particle went. */
struct drawing {
    uint32_t drawn;
    uint32_t accepted;
    uint32_t status; /* pl_status */
    uint32_t reserved;
};

struct pl_bank {
    struct pl_bank_def def;
    struct pl_particle_def particle_def;
    size_t size;
    size_t particle_size;
    size_t scratch_size;
    char *workers; /* in the caller's memory, as the next three */
    char *scratch; /* of the instruments, one per worker */
    char *trunks;  /* one particle per worker, while forms are drawn */
    char *particles;
    uint32_t cause_count;
    uint32_t worker_count;
    int64_t now_ns;
    int64_t opens_ns;
    uint32_t worlds[PL_CAUSES_MAX]; /* the first so many are advanced */
    uint32_t there[PL_CAUSES_MAX];  /* the first so many were drawn or copied */
    uint32_t drawn[PL_CAUSES_MAX];
    uint32_t accepted[PL_CAUSES_MAX];
    struct drawing drawings[PL_BANK_PARTICLES_MAX][PL_CAUSES_MAX];
    uint32_t statuses[PL_CAUSES_MAX * PL_BANK_PARTICLES_MAX]; /* of the look being done */
    const struct pl_bank *source; /* whose particles stand for those not in `own`, or NULL */
    uint8_t own[PL_CAUSES_MAX * PL_BANK_PARTICLES_MAX];
};

static size_t round64(size_t size)
{
    return (size + 63) & ~(size_t)63;
}

size_t pl_bank_size(const struct pl_bank_def *def)
{
    PL_CHECK(def != NULL && def->world != NULL && def->scenario != NULL);
    PL_CHECK(def->particles >= 1 && def->particles <= PL_BANK_PARTICLES_MAX);
    struct pl_particle_def particle = {def->world, def->scenario};
    size_t workers = pl_parallel_workers(&def->parallel);
    size_t count = (size_t)def->scenario->cause_count * def->particles;
    return round64(sizeof(struct pl_bank)) + workers * round64(sizeof(struct worker)) +
           workers * pl_particle_scratch_size(&particle) +
           (workers + count) * pl_particle_size(&particle);
}

/* Divide the memory that the bank lies in. */
static void lay_out(struct pl_bank *bank)
{
    bank->worker_count = pl_parallel_workers(&bank->def.parallel);
    char *at = (char *)bank + round64(sizeof *bank);
    bank->workers = at;
    at += bank->worker_count * round64(sizeof(struct worker));
    bank->scratch = at;
    at += bank->worker_count * bank->scratch_size;
    bank->trunks = at;
    at += bank->worker_count * bank->particle_size;
    bank->particles = at;
}

/* Where a particle of this bank stands, or will stand when it has changed. */
static struct pl_particle *place_of(const struct pl_bank *bank, uint32_t index)
{
    return (struct pl_particle *)(void *)(bank->particles + index * bank->particle_size);
}

static struct pl_particle *particle_at(const struct pl_bank *bank, uint32_t index)
{
    bool borrowed = bank->source != NULL && bank->own[index] == 0;
    return place_of(borrowed ? bank->source : bank, index);
}

static void *scratch_of(const struct pl_bank *bank, uint32_t worker)
{
    return bank->scratch + worker * bank->scratch_size;
}

/* A particle that may be changed. */
static struct pl_particle *own_particle(struct pl_bank *bank, uint32_t index, uint32_t worker)
{
    if (bank->source == NULL || bank->own[index] != 0) {
        return place_of(bank, index);
    }
    bank->own[index] = 1;
    return pl_particle_fork(
        place_of(bank->source, index), place_of(bank, index), scratch_of(bank, worker));
}

static struct worker *worker_at(const struct pl_bank *bank, uint32_t worker)
{
    return (struct worker *)(void *)(bank->workers + worker * round64(sizeof(struct worker)));
}

/* ---- Drawing -------------------------------------------------------------------------------- */

/** One form in the hands of a worker: the causes that want it, and when each leaves the trunk. */
struct form {
    uint64_t seed;
    struct pl_particle *trunk;
    int64_t parting_ns[PL_CAUSES_MAX];
};

/* The cause that leaves the trunk next, PL_NONE when none is left. */
static uint32_t next_to_part(const struct form *form, uint32_t wanted, uint32_t cause_count)
{
    uint32_t next = PL_NONE;
    for (uint32_t h = 0; h < cause_count; h++) {
        bool wants = (wanted >> h & 1U) != 0;
        if (wants && (next == PL_NONE || form->parting_ns[h] < form->parting_ns[next])) {
            next = h;
        }
    }
    return next;
}

/* Put one form of a cause in its place: from the trunk, or from the start of the run. */
static pl_status part(const struct pl_bank *bank,
                      const struct form *form,
                      uint32_t cause,
                      uint32_t k,
                      uint32_t worker)
{
    pl_error err = {0};
    void *scratch = scratch_of(bank, worker);
    struct pl_particle *place = particle_at(bank, cause * bank->def.particles + k);
    struct pl_particle *particle = NULL;
    pl_status status =
        form->parting_ns[cause] < 0
            ? pl_particle_start(
                  &bank->particle_def, form->seed, cause, place, scratch, &particle, &err)
            : pl_particle_branch(form->trunk, cause, place, scratch, &particle, &err);
    if (status == PL_OK) {
        pl_particle_run(particle, bank->opens_ns, scratch);
    }
    return status;
}

/* Run one form under all causes that want it; returns the causes whose page came. */
static uint32_t
draw_form(struct pl_bank *bank, uint64_t seed, uint32_t wanted, uint32_t k, uint32_t worker)
{
    void *scratch = scratch_of(bank, worker);
    struct form form = {.seed = seed};
    struct drawing *drawings = bank->drawings[k];
    pl_error err = {0};
    uint32_t paged = 0;
    pl_status status = pl_particle_start(&bank->particle_def,
                                         seed,
                                         PL_NONE,
                                         bank->trunks + worker * bank->particle_size,
                                         scratch,
                                         &form.trunk,
                                         &err);
    for (uint32_t h = 0; h < bank->cause_count && status == PL_OK; h++) {
        status = pl_particle_parting(&bank->particle_def, seed, h, &form.parting_ns[h], &err);
    }
    for (uint32_t left = wanted; left != 0;) {
        uint32_t h = next_to_part(&form, left, bank->cause_count);
        left &= ~(UINT32_C(1) << h);
        if (status == PL_OK && form.parting_ns[h] > pl_model_now(form.trunk->state)) {
            pl_particle_run(form.trunk, form.parting_ns[h], scratch);
        }
        pl_status one = status == PL_OK ? part(bank, &form, h, k, worker) : status;
        drawings[h].status = one != PL_OK ? (uint32_t)one : drawings[h].status;
        drawings[h].drawn++;
        if (one != PL_OK) {
            paged |= UINT32_C(1) << h; /* an error ends the drawing; it is told below */
        } else if (pl_particle_pages(particle_at(bank, h * bank->def.particles + k))) {
            drawings[h].accepted++;
            paged |= UINT32_C(1) << h;
        }
    }
    return paged;
}

/* Draw particle k of all causes. */
static void draw_slot(void *argument, uint32_t k, uint32_t worker)
{
    struct pl_bank *bank = argument;
    uint32_t wanted = (UINT32_C(1) << bank->cause_count) - 1;
    uint64_t base = pl_random_child(pl_hash_name(bank->def.scenario->name), JUDGE_STREAM);
    uint64_t own = pl_random_child(pl_random_child(base, bank->def.replicate), k);
    for (uint64_t draw = 0; draw < DRAWS_MAX && wanted != 0; draw++) {
        wanted &= ~draw_form(bank, pl_random_child(own, draw), wanted, k, worker);
    }
    for (uint32_t h = 0; h < bank->cause_count; h++) {
        if (bank->drawings[k][h].status == PL_OK) {
            pl_particle_open(particle_at(bank, h * bank->def.particles + k));
        }
    }
}

/* Added up in order, whoever drew. */
static pl_status add_drawings(struct pl_bank *bank, pl_error *err)
{
    for (uint32_t k = 0; k < bank->def.particles; k++) {
        for (uint32_t h = 0; h < bank->cause_count; h++) {
            const struct drawing *drawing = &bank->drawings[k][h];
            if (drawing->status != PL_OK) {
                return pl_fail(err,
                               (pl_status)drawing->status,
                               NULL,
                               "A form of `%s` cannot be drawn.",
                               bank->def.scenario->causes[h].name);
            }
            bank->drawn[h] += drawing->drawn;
            bank->accepted[h] += drawing->accepted;
        }
    }
    for (uint32_t h = 0; h < bank->cause_count; h++) {
        bank->there[h] = bank->def.particles;
        bank->worlds[h] = bank->accepted[h] > 0 ? bank->def.particles : 0;
    }
    return PL_OK;
}

pl_status pl_bank_open(const struct pl_bank_def *def,
                       void *memory,
                       size_t size,
                       struct pl_bank **bank_out,
                       pl_error *err)
{
    PL_CHECK(def != NULL && bank_out != NULL);
    PL_CHECK(memory != NULL && ((uintptr_t)memory & 63) == 0 && size >= pl_bank_size(def));
    struct pl_bank *bank = memory;
    memset(bank, 0, sizeof *bank);
    bank->def = *def;
    bank->particle_def = (struct pl_particle_def){def->world, def->scenario};
    bank->size = pl_bank_size(def);
    bank->particle_size = pl_particle_size(&bank->particle_def);
    bank->scratch_size = pl_particle_scratch_size(&bank->particle_def);
    bank->cause_count = def->scenario->cause_count;
    bank->opens_ns = pl_clock_ns(def->scenario->warmup_s);
    bank->now_ns = bank->opens_ns;
    lay_out(bank);
    pl_parallel_run(&bank->def.parallel, def->particles, draw_slot, bank);
    *bank_out = bank;
    return add_drawings(bank, err);
}

double pl_bank_acceptance(const struct pl_bank *bank, uint32_t cause)
{
    PL_CHECK(bank != NULL && cause < bank->cause_count);
    return (double)bank->accepted[cause] / (double)bank->drawn[cause];
}

uint32_t pl_bank_drawn(const struct pl_bank *bank, uint32_t cause)
{
    PL_CHECK(bank != NULL && cause < bank->cause_count);
    return bank->drawn[cause];
}

int64_t pl_bank_now(const struct pl_bank *bank)
{
    PL_CHECK(bank != NULL);
    return bank->now_ns;
}

/* ---- Time and acts -------------------------------------------------------------------------- */

static uint32_t particle_count(const struct pl_bank *bank)
{
    return bank->cause_count * bank->def.particles;
}

/** What tasks over all particles share. */
struct round {
    struct pl_bank *bank;
    int64_t until_ns;
    const struct pl_call *act;
    const struct pl_look_call *look; /* or NULL */
    struct pl_feature_set *sets;
    bool whole;      /* the whole answer: events too, and `ask` asks */
    uint32_t worlds; /* looks: in the first so many particles of each cause */
};

static bool skipped(const struct pl_bank *bank, uint32_t index)
{
    return index % bank->def.particles >= bank->worlds[index / bank->def.particles];
}

static void run_one(void *argument, uint32_t index, uint32_t worker)
{
    const struct round *round = argument;
    if (!skipped(round->bank, index)) {
        pl_particle_run(own_particle(round->bank, index, worker),
                        round->until_ns,
                        scratch_of(round->bank, worker));
    }
}

void pl_bank_advance(struct pl_bank *bank, int64_t t_ns)
{
    PL_CHECK(bank != NULL);
    if (t_ns <= bank->now_ns) {
        return;
    }
    struct round round = {.bank = bank, .until_ns = t_ns};
    pl_parallel_run(&bank->def.parallel, particle_count(bank), run_one, &round);
    bank->now_ns = t_ns;
}

static void act_one(void *argument, uint32_t index, uint32_t worker)
{
    const struct round *round = argument;
    if (skipped(round->bank, index)) {
        return;
    }
    struct pl_particle *particle = own_particle(round->bank, index, worker);
    uint32_t refused = particle->refused;
    pl_particle_act(particle, round->act);
    round->bank->statuses[index] = particle->refused == refused ? PL_OK : PL_BAD_INPUT;
}

/*
 * PL_OK when any live particle was, or when none lives; else the status of the first. Asked were
 * the first `worlds` of each cause.
 */
static pl_status first_status(const struct pl_bank *bank, uint32_t worlds)
{
    pl_status status = PL_OK;
    for (uint32_t i = particle_count(bank); i-- > 0;) {
        if (skipped(bank, i) || i % bank->def.particles >= worlds) {
            continue;
        }
        if (bank->statuses[i] == PL_OK) {
            return PL_OK;
        }
        status = (pl_status)bank->statuses[i];
    }
    return status;
}

pl_status pl_bank_act(struct pl_bank *bank, const struct pl_call *call, pl_error *err)
{
    PL_CHECK(bank != NULL && call != NULL);
    struct round round = {.bank = bank, .act = call};
    pl_parallel_run(&bank->def.parallel, particle_count(bank), act_one, &round);
    pl_status status = first_status(bank, bank->def.particles);
    return status == PL_OK
               ? PL_OK
               : pl_fail(err, status, NULL, "The act can be done in none of the supposed worlds.");
}

void pl_bank_keep(struct pl_bank *bank, uint32_t cause, uint32_t worlds)
{
    PL_CHECK(bank != NULL && cause < bank->cause_count);
    bank->worlds[cause] = worlds < bank->worlds[cause] ? worlds : bank->worlds[cause];
}

uint32_t pl_bank_worlds(const struct pl_bank *bank, uint32_t cause)
{
    PL_CHECK(bank != NULL && cause < bank->cause_count);
    return bank->worlds[cause];
}

bool pl_bank_live(const struct pl_bank *bank, uint32_t cause)
{
    PL_CHECK(bank != NULL && cause < bank->cause_count);
    return bank->worlds[cause] != 0;
}

/* ---- Looks ---------------------------------------------------------------------------------- */

static pl_status
show(const struct round *round, struct pl_particle *particle, void *scratch, struct pl_buf *out)
{
    pl_error err = {0};
    pl_status status = PL_OK;
    if (!round->whole) {
        return pl_particle_look(particle, round->look, scratch, out, &err);
    }
    pl_buf_puts(out, "{");
    if (round->look != NULL) {
        pl_buf_puts(out, "\"observation\":");
        size_t before = out->size;
        status = pl_particle_look_for_real(particle, round->look, scratch, out, &err);
        if (status != PL_OK) {
            out->size = before;
            pl_buf_puts(out, "null");
        }
        pl_buf_puts(out, ",");
    }
    pl_buf_puts(out, "\"events\":");
    pl_particle_tell(particle, out);
    pl_buf_puts(out, "}");
    return status;
}

/* Task `at` looks in one particle of those that take part. */
static void look_one(void *argument, uint32_t at, uint32_t worker)
{
    const struct round *round = argument;
    struct pl_bank *bank = round->bank;
    uint32_t index = at / round->worlds * bank->def.particles + at % round->worlds;
    struct pl_feature_set *set = &round->sets[at];
    set->count = 0;
    set->dropped = 0;
    if (skipped(bank, index)) {
        return;
    }
    struct worker *own = worker_at(bank, worker);
    struct pl_buf out;
    pl_buf_init(&out, own->out, OUT_SIZE);
    /* A whole answer asks and tells, so it changes the particle; a look does not. */
    struct pl_particle *particle =
        round->whole ? own_particle(bank, index, worker) : particle_at(bank, index);
    pl_status status = show(round, particle, scratch_of(bank, worker), &out);
    bank->statuses[index] = out.overflow ? PL_LIMIT : (uint32_t)status;
    if (!out.overflow && (status == PL_OK || round->whole)) {
        pl_feature_extract((pl_slice){out.data, out.size}, set, &own->features, NULL);
    }
}

static pl_status look_all(struct round *round, pl_error *err)
{
    struct pl_bank *bank = round->bank;
    PL_CHECK(round->sets != NULL);
    PL_CHECK(round->look == NULL || pl_look_of_world(round->look));
    PL_CHECK(round->worlds >= 1 && round->worlds <= bank->def.particles);
    pl_parallel_run(&bank->def.parallel, bank->cause_count * round->worlds, look_one, round);
    pl_status status = first_status(bank, round->worlds);
    return status == PL_OK ? PL_OK
                           : pl_fail(err, status, NULL, "Every supposed world refuses this look.");
}

pl_status pl_bank_look(struct pl_bank *bank,
                       const struct pl_look_call *call,
                       struct pl_feature_set *sets,
                       pl_error *err)
{
    PL_CHECK(bank != NULL);
    return pl_bank_look_thin(bank, call, bank->def.particles, sets, err);
}

pl_status pl_bank_look_thin(struct pl_bank *bank,
                            const struct pl_look_call *call,
                            uint32_t worlds,
                            struct pl_feature_set *sets,
                            pl_error *err)
{
    PL_CHECK(bank != NULL && call != NULL);
    struct round round = {.bank = bank, .look = call, .sets = sets, .worlds = worlds};
    return look_all(&round, err);
}

pl_status pl_bank_answer(struct pl_bank *bank,
                         const struct pl_look_call *call,
                         struct pl_feature_set *sets,
                         pl_error *err)
{
    PL_CHECK(bank != NULL);
    struct round round = {
        .bank = bank, .look = call, .sets = sets, .whole = true, .worlds = bank->def.particles};
    return look_all(&round, err);
}

/* ---- Particles ------------------------------------------------------------------------------ */

const struct pl_particle *pl_bank_particle(const struct pl_bank *bank, uint32_t cause, uint32_t k)
{
    PL_CHECK(bank != NULL && cause < bank->cause_count && k < bank->def.particles);
    return k < bank->there[cause] ? particle_at(bank, cause * bank->def.particles + k) : NULL;
}

const struct pl_state *pl_bank_state(const struct pl_bank *bank, uint32_t cause, uint32_t k)
{
    const struct pl_particle *particle = pl_bank_particle(bank, cause, k);
    return particle != NULL ? particle->state : NULL;
}

uint64_t pl_bank_seed(const struct pl_bank *bank, uint32_t cause, uint32_t k)
{
    const struct pl_particle *particle = pl_bank_particle(bank, cause, k);
    PL_CHECK(particle != NULL);
    return particle->opening.seed;
}

/** A bank being copied. */
struct copying {
    const struct pl_bank *source;
    struct pl_bank *copy;
};

static void copy_one(void *argument, uint32_t index, uint32_t worker)
{
    const struct copying *copying = argument;
    if (!skipped(copying->source, index)) {
        (void)pl_particle_fork(particle_at(copying->source, index),
                               particle_at(copying->copy, index),
                               scratch_of(copying->copy, worker));
    }
}

struct pl_bank *pl_bank_fork(const struct pl_bank *bank, void *memory, size_t size)
{
    PL_CHECK(bank != NULL);
    PL_CHECK(memory != NULL && ((uintptr_t)memory & 63) == 0 && size >= bank->size);
    struct pl_bank *copy = memory;
    *copy = *bank;
    copy->source = NULL;
    lay_out(copy);
    for (uint32_t h = 0; h < copy->cause_count; h++) {
        copy->there[h] = copy->worlds[h];
    }
    struct copying copying = {bank, copy};
    pl_parallel_run(&copy->def.parallel, particle_count(copy), copy_one, &copying);
    return copy;
}

struct pl_bank *pl_bank_borrow(const struct pl_bank *bank,
                               const struct pl_parallel *parallel,
                               void *memory,
                               size_t size)
{
    PL_CHECK(bank != NULL && bank->source == NULL && parallel != NULL);
    struct pl_bank *copy = memory;
    struct pl_bank_def def = bank->def;
    def.parallel = *parallel;
    PL_CHECK(memory != NULL && ((uintptr_t)memory & 63) == 0 && size >= pl_bank_size(&def));
    *copy = *bank;
    copy->def = def;
    copy->size = pl_bank_size(&def);
    copy->source = bank;
    memset(copy->own, 0, sizeof copy->own);
    lay_out(copy);
    return copy;
}
