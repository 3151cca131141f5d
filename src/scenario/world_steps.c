// SPDX-License-Identifier: Apache-2.0
//
// Routes to programs: nested steps become a flat list with jumps.
//
//   hold: {pool: db, steps: [A, B]}           ACQUIRE A B RELEASE
//   when: {flag: f, steps: [A, B]}            SKIP(f) -> end, A, B
//   get: {cache: c, miss: [A, B]}             GET(hit -> end), A, B
//   parallel: [A, B]                          PARALLEL(2), A, B
//   a block with when, share or label         SKIP(condition) -> end, the block
//
// Blocks are kept on a stack of fixed depth: the input never drives recursion.
#include "scenario/world_steps.h"

#include "base/check.h"
#include "scenario/law_text.h"
#include "text/quantity.h"

#include <string.h>

enum { BLOCKS_MAX = 10 };

enum block_kind { BLOCK_ROUTE, BLOCK_HOLD, BLOCK_WHEN, BLOCK_GET, BLOCK_PARALLEL };

/** A list of steps being compiled. */
struct block {
    uint32_t kind; /* enum block_kind */
    uint32_t next; /* node of the next step, 0: done */
    uint32_t own;  /* step that opened it (position in the world), PL_NONE for the route */
    uint32_t skip; /* SKIP in front of it, or PL_NONE */
};

/** A route being compiled. */
struct compiler {
    struct pl_world_reader *reader;
    struct pl_route *route;
    uint32_t route_index;
    uint32_t depth;
    uint32_t held; /* pool held, or PL_NONE */
    bool full;     /* PL_STEPS_MAX was reported */
    struct block blocks[BLOCKS_MAX];
};

/** What a step says beside its operator. */
struct step_form {
    struct pl_step step;  /* modifiers */
    uint32_t node;        /* map of the step */
    uint32_t operator_at; /* node of the operator's value */
    uint32_t row;         /* row of the operator in pl_step_table */
};

/* Rows of pl_step_table that are operators, in its order. */
enum operator_row {
    STEP_CPU,
    STEP_SLEEP,
    STEP_CALL,
    STEP_QUERY,
    STEP_HOLD,
    STEP_LOCK,
    STEP_GET,
    STEP_PUT,
    STEP_PUBLISH,
    STEP_AWAIT,
    STEP_PARALLEL,
    STEP_INTEND,
    STEP_PERFORM,
    STEP_WHEN,
    STEP_WRITE,
    STEP_OPERATOR_COUNT
};

static struct pl_reader *base_of(const struct compiler *compiler)
{
    return &compiler->reader->reader;
}

/* Append a step; PL_NONE when the world has no room. */
static uint32_t emit(struct compiler *compiler, const struct pl_step *step, uint32_t node)
{
    struct pl_world *world = compiler->reader->world;
    if (world->step_count == PL_STEPS_MAX) {
        if (!compiler->full) {
            pl_reader_error(base_of(compiler),
                            node,
                            "The routes of this world have more than %d steps; at most %d are "
                            "allowed.",
                            PL_STEPS_MAX,
                            PL_STEPS_MAX);
        }
        compiler->full = true;
        return PL_NONE;
    }
    uint32_t index = world->step_count++;
    world->steps[index] = *step;
    world->steps[index].route = compiler->route_index;
    compiler->route->step_count++;
    return index;
}

static bool
push(struct compiler *compiler, uint32_t kind, uint32_t list, uint32_t own, uint32_t skip)
{
    struct pl_reader *base = base_of(compiler);
    if (!pl_reader_is_list(base, list, "steps")) {
        return false;
    }
    if (compiler->depth == BLOCKS_MAX) {
        pl_reader_error(
            base, list, "Steps are nested deeper than the %d that are allowed.", BLOCKS_MAX);
        return false;
    }
    compiler->blocks[compiler->depth++] =
        (struct block){.kind = kind, .next = pl_reader_first(base, list), .own = own, .skip = skip};
    return true;
}

/* `2/4` of `shard 2/4`: from 1, as people count. */
static void
read_shard(struct compiler *compiler, uint32_t node, pl_slice text, struct pl_step *step)
{
    const char *slash = memchr(text.data, '/', text.size);
    int64_t part = 0;
    int64_t count = 0;
    size_t first = slash != NULL ? (size_t)(slash - text.data) : 0;
    bool good = slash != NULL &&
                pl_quantity_count((pl_slice){text.data, first}, NULL, &part, NULL) == PL_OK &&
                pl_quantity_count(
                    (pl_slice){slash + 1, text.size - first - 1}, NULL, &count, NULL) == PL_OK;
    if (!good || part < 1 || part > count || count > PL_SHARDS_MAX) {
        pl_reader_error(base_of(compiler),
                        node,
                        "`%.*s` is no shard; one such as 2/4 is expected, at most %d in all.",
                        pl_reader_shown(text),
                        text.data,
                        PL_SHARDS_MAX);
        return;
    }
    step->shards = (uint32_t)count;
    step->shard = (uint32_t)part - 1;
}

/* `flag NAME`, `not flag NAME` or `shard 2/4`. */
static void read_condition(struct compiler *compiler, uint32_t node, struct pl_step *step)
{
    struct pl_reader *base = base_of(compiler);
    pl_slice text = pl_reader_at(base, node)->text;
    static const char negated[] = "not flag ";
    static const char plain[] = "flag ";
    static const char shard[] = "shard ";
    size_t skip = 0;
    if (text.size > sizeof shard - 1 && memcmp(text.data, shard, sizeof shard - 1) == 0) {
        skip = sizeof shard - 1;
        read_shard(compiler, node, (pl_slice){text.data + skip, text.size - skip}, step);
        return;
    }
    if (text.size > sizeof negated - 1 && memcmp(text.data, negated, sizeof negated - 1) == 0) {
        skip = sizeof negated - 1;
        step->flag_else = 1;
    } else if (text.size > sizeof plain - 1 && memcmp(text.data, plain, sizeof plain - 1) == 0) {
        skip = sizeof plain - 1;
    } else {
        pl_reader_error(base,
                        node,
                        "`when` is %.*s; `flag NAME`, `not flag NAME` or `shard 1/4` is expected.",
                        pl_reader_shown(text),
                        text.data);
        return;
    }
    struct pl_names flags = pl_names_flags(compiler->reader->world);
    pl_slice name = {.data = text.data + skip, .size = text.size - skip};
    step->flag = pl_names_resolve(base, &flags, name, node);
}

/* Index of the entity that a scalar names, or PL_NONE after a report. */
static uint32_t
reference(struct compiler *compiler, uint32_t node, const char *key, struct pl_names names)
{
    struct pl_reader *base = base_of(compiler);
    if (!pl_reader_is_scalar(base, node, key)) {
        return PL_NONE;
    }
    return pl_names_resolve(base, &names, pl_reader_at(base, node)->text, node);
}

static uint32_t pool_of(struct compiler *compiler, uint32_t database, uint32_t node)
{
    const struct pl_world *world = compiler->reader->world;
    for (uint32_t i = 0; i < world->pool_count; i++) {
        if (world->pools[i].service == compiler->route->service &&
            world->pools[i].database == database) {
            return i;
        }
    }
    pl_reader_error(base_of(compiler),
                    node,
                    "The service `%s` has no pool to `%s`; add it under `pools`.",
                    world->services[compiler->route->service].name,
                    world->databases[database].name);
    return PL_NONE;
}

/* ---- Operators ------------------------------------------------------------------------------ */

static void compile_law(struct compiler *compiler, struct step_form *form)
{
    form->step.op = form->row == STEP_CPU ? PL_OP_CPU : PL_OP_SLEEP;
    if (pl_field_law(base_of(compiler), form->operator_at, &form->step.law)) {
        (void)emit(compiler, &form->step, form->node);
    }
}

static void compile_call(struct compiler *compiler, struct step_form *form)
{
    struct pl_world_reader *reader = compiler->reader;
    struct pl_reader *base = base_of(compiler);
    struct pl_call_form call = {.edge = pl_edge_default(), .step = form->step};
    uint32_t to = form->operator_at;
    uint64_t given = 0;
    if (pl_reader_at(base, to)->kind == PL_YAML_MAP) {
        given = pl_fields_read(base, &pl_call_table, form->operator_at, &call);
        uint32_t when = pl_reader_get(base, form->operator_at, "when");
        if (when != 0 && pl_reader_is_scalar(base, when, "when")) {
            read_condition(compiler, when, &call.step);
        }
        to = pl_reader_get(base, form->operator_at, "to");
        if (to == 0) {
            return;
        }
    }
    if (!pl_reader_is_scalar(base, to, "call")) {
        return;
    }
    struct pl_call_target target;
    if (!pl_world_reader_target(reader, pl_reader_at(base, to)->text, to, &target)) {
        return;
    }
    uint32_t to_service =
        target.route != PL_NONE ? reader->world->routes[target.route].service : PL_NONE;
    uint32_t edge = pl_world_reader_edge(
        reader, compiler->route->service, target.vendor, to_service, form->operator_at);
    if (edge == PL_NONE) {
        return;
    }
    uint64_t mask = (UINT64_C(1) << pl_edge_table.field_count) - 1;
    pl_world_reader_merge(
        reader, edge, &call.edge, (given >> PL_CALL_EDGE_ROW0) & mask, form->operator_at);
    call.step.op = PL_OP_CALL;
    call.step.edge = edge;
    call.step.vendor = target.vendor;
    call.step.target = target.route;
    uint32_t at = pl_reader_get(base, form->node, "effect");
    uint32_t effect =
        at != 0 ? reference(compiler, at, "effect", pl_names_effects(reader->world)) : PL_NONE;
    if (effect != PL_NONE && target.vendor == PL_NONE) {
        pl_reader_error(base, at, "An effect is done by a vendor; this calls a service.");
    }
    uint32_t step = emit(compiler, &call.step, form->node);
    if (step != PL_NONE && effect != PL_NONE) {
        reader->world->step_effect[step] = (uint8_t)(effect + 1);
    }
}

static void compile_effect(struct compiler *compiler, struct step_form *form)
{
    form->step.op = form->row == STEP_INTEND ? PL_OP_INTEND : PL_OP_EFFECT;
    form->step.target = reference(compiler,
                                  form->operator_at,
                                  form->row == STEP_INTEND ? "intend" : "perform",
                                  pl_names_effects(compiler->reader->world));
    if (form->step.target != PL_NONE) {
        (void)emit(compiler, &form->step, form->node);
    }
}

/* `statement` or `database/statement`. */
static uint32_t find_statement(struct compiler *compiler, uint32_t node)
{
    struct pl_reader *base = base_of(compiler);
    const struct pl_world *world = compiler->reader->world;
    pl_slice text = pl_reader_at(base, node)->text;
    const char *slash = memchr(text.data, '/', text.size);
    if (slash != NULL) {
        pl_slice name = {.data = slash + 1, .size = text.size - (size_t)(slash + 1 - text.data)};
        pl_slice owner = {.data = text.data, .size = (size_t)(slash - text.data)};
        struct pl_names databases = pl_names_databases(world);
        uint32_t database = pl_names_resolve(base, &databases, owner, node);
        for (uint32_t i = 0; database != PL_NONE && i < world->statement_count; i++) {
            if (world->statements[i].database == database &&
                pl_slice_equal(pl_slice_of(world->statements[i].name), name)) {
                return i;
            }
        }
        if (database == PL_NONE) {
            return PL_NONE;
        }
        text = name;
    }
    uint32_t found = PL_NONE;
    for (uint32_t i = 0; slash == NULL && i < world->statement_count; i++) {
        if (!pl_slice_equal(pl_slice_of(world->statements[i].name), text)) {
            continue;
        }
        if (found != PL_NONE) {
            pl_reader_error(base,
                            node,
                            "Two databases have a statement `%s`; write it as `database/%s`.",
                            world->statements[i].name,
                            world->statements[i].name);
            return PL_NONE;
        }
        found = i;
    }
    if (found != PL_NONE) {
        return found;
    }
    struct pl_names statements = pl_names_statements(world);
    if (pl_names_find(&statements, text) == PL_NONE) {
        return pl_names_resolve(base, &statements, text, node);
    }
    pl_reader_error(
        base, node, "That database has no statement `%.*s`.", (int)text.size, text.data);
    return PL_NONE;
}

static void compile_query(struct compiler *compiler, struct step_form *form)
{
    struct pl_reader *base = base_of(compiler);
    const struct pl_world *world = compiler->reader->world;
    if (!pl_reader_is_scalar(base, form->operator_at, "query")) {
        return;
    }
    uint32_t statement = find_statement(compiler, form->operator_at);
    if (statement == PL_NONE) {
        return;
    }
    uint32_t database = world->statements[statement].database;
    if (pool_of(compiler, database, form->operator_at) == PL_NONE) {
        return;
    }
    if (compiler->held != PL_NONE && world->pools[compiler->held].database != database) {
        pl_reader_error(base,
                        form->operator_at,
                        "This statement belongs to `%s`, but a connection to `%s` is held here.",
                        world->databases[database].name,
                        world->databases[world->pools[compiler->held].database].name);
        return;
    }
    form->step.op = PL_OP_QUERY;
    form->step.target = statement;
    (void)emit(compiler, &form->step, form->node);
}

static void compile_lock(struct compiler *compiler, struct step_form *form)
{
    const struct pl_world *world = compiler->reader->world;
    uint32_t lock = reference(compiler, form->operator_at, "lock", pl_names_locks(world));
    if (lock == PL_NONE) {
        return;
    }
    if (compiler->held == PL_NONE ||
        world->pools[compiler->held].database != world->locks[lock].database) {
        pl_reader_error(base_of(compiler),
                        form->operator_at,
                        "A row lock needs a transaction; `lock` stands inside `hold` of `%s`.",
                        world->databases[world->locks[lock].database].name);
        return;
    }
    form->step.op = PL_OP_LOCK;
    form->step.target = lock;
    (void)emit(compiler, &form->step, form->node);
}

static void compile_put(struct compiler *compiler, struct step_form *form)
{
    form->step.op = PL_OP_PUT;
    form->step.target =
        reference(compiler, form->operator_at, "put", pl_names_caches(compiler->reader->world));
    if (form->step.target != PL_NONE) {
        (void)emit(compiler, &form->step, form->node);
    }
}

/* Law under another key of the step, with a default. */
static pl_law law_beside(struct compiler *compiler,
                         const struct step_form *form,
                         const char *key,
                         double fallback_s)
{
    pl_law law = pl_law_constant(fallback_s);
    uint32_t node = pl_reader_get(base_of(compiler), form->node, key);
    if (node != 0) {
        (void)pl_field_law(base_of(compiler), node, &law);
    }
    return law;
}

static void compile_publish(struct compiler *compiler, struct step_form *form)
{
    struct pl_reader *base = base_of(compiler);
    const struct pl_world *world = compiler->reader->world;
    struct pl_names streams = pl_names_streams(world);
    form->step.op = PL_OP_PUBLISH;
    form->step.law = law_beside(compiler, form, "ack", 0.003);
    uint32_t tenant = pl_reader_get(base, form->node, "tenant");
    if (tenant != 0) {
        form->step.tenant = reference(compiler, tenant, "tenant", pl_names_tenants(world));
    }
    uint32_t stream = PL_NONE;
    if (pl_reader_at(base, form->operator_at)->kind == PL_YAML_SCALAR) {
        stream = pl_names_find(&streams, pl_reader_at(base, form->operator_at)->text);
    }
    form->step.target =
        stream != PL_NONE
            ? PL_TOPICS_MAX + stream
            : reference(compiler, form->operator_at, "publish", pl_names_topics(world));
    if (form->step.target != PL_NONE) {
        (void)emit(compiler, &form->step, form->node);
    }
}

static void compile_write(struct compiler *compiler, struct step_form *form)
{
    form->step.op = PL_OP_WRITE;
    form->step.target =
        reference(compiler, form->operator_at, "write", pl_names_volumes(compiler->reader->world));
    if (form->step.target != PL_NONE) {
        (void)emit(compiler, &form->step, form->node);
    }
}

static void compile_await(struct compiler *compiler, struct step_form *form)
{
    const struct pl_world *world = compiler->reader->world;
    form->step.op = PL_OP_AWAIT;
    form->step.target =
        reference(compiler, form->operator_at, "await-replica", pl_names_databases(world));
    form->step.law = law_beside(compiler, form, "poll", 0.02);
    if (form->step.target == PL_NONE) {
        return;
    }
    if (world->databases[form->step.target].replicas == 0) {
        pl_reader_error(base_of(compiler), form->operator_at, "That database has no replicas.");
        return;
    }
    (void)emit(compiler, &form->step, form->node);
}

/* ---- Blocks --------------------------------------------------------------------------------- */

/* Emit a SKIP in front of a block that has a condition or a label. */
static uint32_t guard(struct compiler *compiler, struct step_form *form)
{
    struct pl_step skip = form->step;
    bool conditional =
        skip.flag != PL_NONE || skip.shards != 0 || skip.share < 1.0 || skip.label[0] != '\0';
    skip.op = PL_OP_SKIP;
    return conditional ? emit(compiler, &skip, form->node) : PL_NONE;
}

/* The list of a block: under `key` in the map form of the operator, else beside it. */
static uint32_t block_list(struct compiler *compiler, const struct step_form *form, const char *key)
{
    struct pl_reader *base = base_of(compiler);
    bool map = pl_reader_at(base, form->operator_at)->kind == PL_YAML_MAP;
    return pl_reader_get(base, map ? form->operator_at : form->node, key);
}

/* The name of a block's entity: under `key` in the map form, else the operator's value. */
static uint32_t block_name(struct compiler *compiler,
                           const struct step_form *form,
                           const struct pl_key_table *table,
                           const char *key)
{
    struct pl_reader *base = base_of(compiler);
    if (pl_reader_at(base, form->operator_at)->kind != PL_YAML_MAP) {
        return form->operator_at;
    }
    (void)pl_fields_read(base, table, form->operator_at, NULL);
    return pl_reader_get(base, form->operator_at, key);
}

static void compile_hold(struct compiler *compiler, struct step_form *form)
{
    struct pl_reader *base = base_of(compiler);
    const struct pl_world *world = compiler->reader->world;
    uint32_t name = block_name(compiler, form, &pl_hold_table, "pool");
    uint32_t list = block_list(compiler, form, "steps");
    if (name == 0) {
        return;
    }
    uint32_t database = reference(compiler, name, "hold", pl_names_databases(world));
    uint32_t pool = database != PL_NONE ? pool_of(compiler, database, name) : PL_NONE;
    if (pool == PL_NONE) {
        return;
    }
    if (compiler->held != PL_NONE) {
        pl_reader_error(base, name, "A connection is held here already; `hold` does not nest.");
        return;
    }
    if (list == 0) {
        pl_reader_error(base, name, "`hold` needs `steps`.");
        return;
    }
    uint32_t skip = guard(compiler, form);
    struct pl_step acquire = pl_step_default();
    acquire.op = PL_OP_ACQUIRE;
    acquire.target = pool;
    uint32_t own = emit(compiler, &acquire, form->node);
    if (own != PL_NONE && push(compiler, BLOCK_HOLD, list, own, skip)) {
        compiler->held = pool;
    }
}

static void compile_get(struct compiler *compiler, struct step_form *form)
{
    uint32_t name = block_name(compiler, form, &pl_get_table, "cache");
    uint32_t list = block_list(compiler, form, "miss");
    if (name == 0) {
        return;
    }
    uint32_t cache = reference(compiler, name, "get", pl_names_caches(compiler->reader->world));
    if (cache == PL_NONE) {
        return;
    }
    uint32_t skip = guard(compiler, form);
    struct pl_step get = pl_step_default();
    get.op = PL_OP_GET;
    get.target = cache;
    uint32_t own = emit(compiler, &get, form->node);
    if (own == PL_NONE) {
        return;
    }
    struct pl_world *world = compiler->reader->world;
    world->steps[own].skip_to = compiler->route->step_count;
    if (skip != PL_NONE) {
        world->steps[skip].skip_to = compiler->route->step_count;
    }
    if (list != 0) {
        (void)push(compiler, BLOCK_GET, list, own, skip);
    }
}

static void compile_when(struct compiler *compiler, struct step_form *form)
{
    struct pl_reader *base = base_of(compiler);
    if (!pl_reader_is_map(base, form->operator_at, "when")) {
        return;
    }
    (void)pl_fields_read(base, &pl_when_table, form->operator_at, NULL);
    uint32_t flag = pl_reader_get(base, form->operator_at, "flag");
    uint32_t otherwise = pl_reader_get(base, form->operator_at, "else");
    uint32_t list = pl_reader_get(base, form->operator_at, "steps");
    if (flag == 0 || list == 0) {
        return;
    }
    form->step.flag = reference(compiler, flag, "flag", pl_names_flags(compiler->reader->world));
    if (otherwise != 0) {
        form->step.flag_else =
            pl_reader_text_is(base, otherwise, "yes") || pl_reader_text_is(base, otherwise, "true")
                ? 1
                : 0;
    }
    form->step.op = PL_OP_SKIP;
    uint32_t own = emit(compiler, &form->step, form->node);
    if (own != PL_NONE) {
        (void)push(compiler, BLOCK_WHEN, list, own, PL_NONE);
    }
}

static void compile_parallel(struct compiler *compiler, struct step_form *form)
{
    struct pl_reader *base = base_of(compiler);
    if (pl_reader_at(base, form->operator_at)->kind == PL_YAML_LIST &&
        pl_reader_first(base, form->operator_at) == 0) {
        pl_reader_error(base, form->operator_at, "`parallel` needs at least one step.");
        return;
    }
    uint32_t skip = guard(compiler, form);
    struct pl_step parallel = pl_step_default();
    parallel.op = PL_OP_PARALLEL;
    parallel.optional = form->step.optional;
    uint32_t own = emit(compiler, &parallel, form->node);
    if (own != PL_NONE) {
        (void)push(compiler, BLOCK_PARALLEL, form->operator_at, own, skip);
    }
}

/* The last step of the top block was compiled: emit its end and set its jumps. */
static void close_block(struct compiler *compiler)
{
    struct pl_world *world = compiler->reader->world;
    const struct block *block = &compiler->blocks[--compiler->depth];
    if (block->kind == BLOCK_HOLD) {
        struct pl_step release = pl_step_default();
        release.op = PL_OP_RELEASE;
        release.target = compiler->held;
        (void)emit(compiler, &release, compiler->reader->steps_node[compiler->route_index]);
        compiler->held = PL_NONE;
    }
    uint32_t here = compiler->route->step_count;
    if (block->kind == BLOCK_GET || block->kind == BLOCK_WHEN) {
        world->steps[block->own].skip_to = here;
    }
    if (block->kind == BLOCK_PARALLEL) {
        world->steps[block->own].span = here - (block->own - compiler->route->step0) - 1;
    }
    if (block->skip != PL_NONE) {
        world->steps[block->skip].skip_to = here;
    }
}

/* ---- Steps ---------------------------------------------------------------------------------- */

/* The one operator of a step. `when` is one only when it is a map and no other is there. */
static uint32_t find_operator(struct compiler *compiler, uint32_t node, uint32_t *value)
{
    struct pl_reader *base = base_of(compiler);
    uint32_t found = PL_NONE;
    for (uint32_t i = 0; i < STEP_OPERATOR_COUNT; i++) {
        uint32_t at = pl_reader_get(base, node, pl_step_table.fields[i].key);
        if (at == 0 || (i == STEP_WHEN && pl_reader_at(base, at)->kind != PL_YAML_MAP)) {
            continue;
        }
        if (found != PL_NONE) {
            pl_reader_key_error(base,
                                at,
                                "This step has two operators, `%s` and `%s`; one is expected.",
                                pl_step_table.fields[found].key,
                                pl_step_table.fields[i].key);
            return PL_NONE;
        }
        found = i;
        *value = at;
    }
    if (found == PL_NONE) {
        pl_reader_error(base,
                        node,
                        "This step has no operator; one of cpu, sleep, call, query, hold, lock, "
                        "get, put, publish, await-replica, parallel, intend, perform, when is "
                        "expected.");
    }
    return found;
}

static bool is_block(uint32_t row)
{
    return row == STEP_HOLD || row == STEP_GET || row == STEP_PARALLEL || row == STEP_WHEN;
}

/* Keys that mean nothing beside this operator. */
static void check_modifiers(struct compiler *compiler, const struct step_form *form)
{
    static const struct {
        const char *key;
        uint32_t rows; /* bit per operator that takes it */
    } allowed[] = {
        {"times",
         1U << STEP_CPU | 1U << STEP_SLEEP | 1U << STEP_CALL | 1U << STEP_QUERY | 1U << STEP_PUT |
             1U << STEP_PUBLISH | 1U << STEP_AWAIT},
        {"factor",
         1U << STEP_CPU | 1U << STEP_SLEEP | 1U << STEP_CALL | 1U << STEP_QUERY | 1U << STEP_AWAIT |
             1U << STEP_WRITE | 1U << STEP_PUBLISH},
        {"error", 1U << STEP_CPU | 1U << STEP_SLEEP | 1U << STEP_CALL | 1U << STEP_QUERY},
        {"optional", 1U << STEP_CALL | 1U << STEP_QUERY | 1U << STEP_PARALLEL | 1U << STEP_PUBLISH},
        {"ack", 1U << STEP_PUBLISH},
        {"effect", 1U << STEP_CALL},
        {"tenant", 1U << STEP_PUBLISH},
        {"kb", 1U << STEP_WRITE},
        {"per_record", 1U << STEP_CPU | 1U << STEP_SLEEP | 1U << STEP_WRITE},
        {"poll", 1U << STEP_AWAIT},
        {"steps", 1U << STEP_HOLD},
        {"miss", 1U << STEP_GET},
    };
    struct pl_reader *base = base_of(compiler);
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
        uint32_t at = pl_reader_get(base, form->node, allowed[i].key);
        if (at != 0 && (allowed[i].rows >> form->row & 1U) == 0) {
            pl_reader_key_error(base,
                                at,
                                "`%s` means nothing beside `%s`.",
                                allowed[i].key,
                                pl_step_table.fields[form->row].key);
        }
    }
}

static void check_place(struct compiler *compiler, const struct step_form *form)
{
    const struct block *top = &compiler->blocks[compiler->depth - 1];
    if (top->kind == BLOCK_PARALLEL && is_block(form->row)) {
        pl_reader_error(base_of(compiler),
                        form->node,
                        "A branch of `parallel` is one step; put a block into a route of its own "
                        "and call it.");
    }
    if (form->step.label[0] == '\0') {
        return;
    }
    const struct pl_world *world = compiler->reader->world;
    for (uint32_t i = 0; i < compiler->route->step_count; i++) {
        if (strcmp(world->steps[compiler->route->step0 + i].label, form->step.label) == 0) {
            pl_reader_error(base_of(compiler),
                            form->node,
                            "The label `%s` is used twice in this route.",
                            form->step.label);
            return;
        }
    }
}

static void compile_step(struct compiler *compiler, uint32_t node)
{
    static void (*const compile[STEP_OPERATOR_COUNT])(struct compiler *, struct step_form *) = {
        [STEP_CPU] = compile_law,
        [STEP_SLEEP] = compile_law,
        [STEP_CALL] = compile_call,
        [STEP_QUERY] = compile_query,
        [STEP_HOLD] = compile_hold,
        [STEP_LOCK] = compile_lock,
        [STEP_GET] = compile_get,
        [STEP_PUT] = compile_put,
        [STEP_PUBLISH] = compile_publish,
        [STEP_AWAIT] = compile_await,
        [STEP_PARALLEL] = compile_parallel,
        [STEP_INTEND] = compile_effect,
        [STEP_PERFORM] = compile_effect,
        [STEP_WHEN] = compile_when,
        [STEP_WRITE] = compile_write,
    };
    struct pl_reader *base = base_of(compiler);
    struct step_form form = {.step = pl_step_default(), .node = node};
    if (!pl_reader_is_map(base, node, "step")) {
        return;
    }
    (void)pl_fields_read(base, &pl_step_table, node, &form.step);
    form.row = find_operator(compiler, node, &form.operator_at);
    if (form.row == PL_NONE) {
        return;
    }
    uint32_t when = pl_reader_get(base, node, "when");
    if (when != 0 && form.row != STEP_WHEN) {
        if (!pl_reader_is_scalar(base, when, "when")) {
            return;
        }
        read_condition(compiler, when, &form.step);
    }
    check_modifiers(compiler, &form);
    check_place(compiler, &form);
    compile[form.row](compiler, &form);
}

static void compile_route(struct pl_world_reader *reader, uint32_t route)
{
    struct compiler compiler = {
        .reader = reader,
        .route = &reader->world->routes[route],
        .route_index = route,
        .held = PL_NONE,
    };
    compiler.route->step0 = reader->world->step_count;
    uint32_t list = reader->steps_node[route];
    if (list == 0 || !push(&compiler, BLOCK_ROUTE, list, PL_NONE, PL_NONE)) {
        return;
    }
    while (compiler.depth > 0) {
        struct block *top = &compiler.blocks[compiler.depth - 1];
        uint32_t node = top->next;
        if (node == 0) {
            close_block(&compiler);
            continue;
        }
        top->next = pl_reader_next(&reader->reader, node);
        compile_step(&compiler, node);
    }
}

void pl_world_reader_steps(struct pl_world_reader *reader)
{
    PL_CHECK(reader->world->step_count == 0);
    PL_CHECK(strcmp(pl_step_table.fields[STEP_WHEN].key, "when") == 0);
    for (uint32_t i = 0; i < reader->world->route_count; i++) {
        compile_route(reader, i);
    }
}
