// SPDX-License-Identifier: Apache-2.0
#include "observe/promql_grammar.h"

#include "base/check.h"
#include "text/suggest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct function_def {
    const char *name;
    const char *types; /* one letter per argument: s scalar, v vector, r range; ? means optional */
    const char *usage;
};

static const struct function_def functions[PL_FN_COUNT] = {
    [PL_FN_RATE] = {"rate", "r", "rate(x_total[5m])"},
    [PL_FN_IRATE] = {"irate", "r", "irate(x_total[5m])"},
    [PL_FN_INCREASE] = {"increase", "r", "increase(x_total[5m])"},
    [PL_FN_DELTA] = {"delta", "r", "delta(x[5m])"},
    [PL_FN_AVG_OVER_TIME] = {"avg_over_time", "r", "avg_over_time(x[5m])"},
    [PL_FN_MAX_OVER_TIME] = {"max_over_time", "r", "max_over_time(x[5m])"},
    [PL_FN_MIN_OVER_TIME] = {"min_over_time", "r", "min_over_time(x[5m])"},
    [PL_FN_SUM_OVER_TIME] = {"sum_over_time", "r", "sum_over_time(x[5m])"},
    [PL_FN_COUNT_OVER_TIME] = {"count_over_time", "r", "count_over_time(x[5m])"},
    [PL_FN_LAST_OVER_TIME] = {"last_over_time", "r", "last_over_time(x[5m])"},
    [PL_FN_HISTOGRAM_QUANTILE] = {"histogram_quantile",
                                  "sv",
                                  "histogram_quantile(0.99, sum by (le) (rate(x_bucket[5m])))"},
    [PL_FN_ABSENT] = {"absent", "v", "absent(x)"},
    [PL_FN_ABS] = {"abs", "v", "abs(x)"},
    [PL_FN_CEIL] = {"ceil", "v", "ceil(x)"},
    [PL_FN_FLOOR] = {"floor", "v", "floor(x)"},
    [PL_FN_ROUND] = {"round", "v?s", "round(x, 0.1)"},
    [PL_FN_SQRT] = {"sqrt", "v", "sqrt(x)"},
    [PL_FN_CLAMP_MIN] = {"clamp_min", "vs", "clamp_min(x, 0)"},
    [PL_FN_CLAMP_MAX] = {"clamp_max", "vs", "clamp_max(x, 1)"},
    [PL_FN_SORT] = {"sort", "v", "sort(x)"},
    [PL_FN_SORT_DESC] = {"sort_desc", "v", "sort_desc(x)"},
};

static const char *const aggregations[PL_AGG_COUNT_KINDS] = {
    "sum", "avg", "max", "min", "count", "topk", "bottomk"};

static const struct pl_binary_def binaries[PL_BIN_COUNT] = {
    [PL_BIN_ADD] = {"+", 4, false},
    [PL_BIN_SUB] = {"-", 4, false},
    [PL_BIN_MUL] = {"*", 5, false},
    [PL_BIN_DIV] = {"/", 5, false},
    [PL_BIN_MOD] = {"%", 5, false},
    [PL_BIN_POW] = {"^", 7, true},
    [PL_BIN_GT] = {">", 3, false},
    [PL_BIN_LT] = {"<", 3, false},
    [PL_BIN_GE] = {">=", 3, false},
    [PL_BIN_LE] = {"<=", 3, false},
    [PL_BIN_EQ] = {"==", 3, false},
    [PL_BIN_NE] = {"!=", 3, false},
    [PL_BIN_AND] = {"and", 2, false},
    [PL_BIN_OR] = {"or", 1, false},
    [PL_BIN_UNLESS] = {"unless", 2, false},
};

static const char *const type_names[] = {"a number", "an instant vector", "a range vector"};

/* A check in progress. */
struct checker {
    const struct pl_promql *program;
    struct pl_type_stack *stack;
    struct pl_type_problem *problem;
};

/* Note a violation; always false. */
__attribute__((format(printf, 4, 5))) static bool
fail(struct checker *checker, uint32_t column, pl_status status, const char *format, ...)
{
    checker->problem->column = column;
    checker->problem->status = status;
    va_list args;
    va_start(args, format);
    vsnprintf(checker->problem->text, sizeof(checker->problem->text), format, args);
    va_end(args);
    return false;
}

/* Check one argument against a letter of a signature. */
static bool type_fits(uint32_t type, char letter)
{
    return type == (letter == 's'   ? (uint32_t)PL_TYPE_SCALAR
                    : letter == 'v' ? (uint32_t)PL_TYPE_VECTOR
                                    : (uint32_t)PL_TYPE_RANGE);
}

static bool wrong_argument(struct checker *checker, uint32_t at, uint32_t type, const char *usage)
{
    const char *hint = type == PL_TYPE_RANGE    ? "; a range such as [5m] belongs inside rate()"
                       : type == PL_TYPE_VECTOR ? "; a selector gets its range as x[5m]"
                                                : "";
    return fail(checker,
                at,
                PL_BAD_INPUT,
                "this is %s, which does not fit here; write it like %s%s.",
                type_names[type],
                usage,
                hint);
}

static bool check_call(struct checker *checker, const struct pl_promql_code *code)
{
    const struct function_def *def = &functions[code->detail];
    uint32_t base = checker->stack->count - code->args;
    uint32_t needed = 0;
    uint32_t allowed = 0;
    bool optional = false;
    for (const char *letter = def->types; *letter != '\0'; letter++) {
        if (*letter == '?') {
            optional = true;
            continue;
        }
        needed += optional ? 0 : 1;
        if (allowed < code->args && !type_fits(checker->stack->types[base + allowed], *letter)) {
            return wrong_argument(checker,
                                  checker->stack->columns[base + allowed],
                                  checker->stack->types[base + allowed],
                                  def->usage);
        }
        allowed++;
    }
    if (code->args < needed || code->args > allowed) {
        return fail(checker,
                    code->column,
                    PL_BAD_INPUT,
                    "%s takes %u argument%s, not %u; write it like %s.",
                    def->name,
                    (unsigned)needed,
                    needed == 1 ? "" : "s",
                    (unsigned)code->args,
                    def->usage);
    }
    return true;
}

static bool check_aggregate(struct checker *checker, const struct pl_promql_code *code)
{
    bool ranks = code->detail == PL_AGG_TOPK || code->detail == PL_AGG_BOTTOMK;
    const char *usage = ranks ? "topk(5, x)" : "sum by (http_route) (rate(x_total[5m]))";
    uint32_t wanted = ranks ? 2 : 1;
    if (code->args != wanted) {
        return fail(checker,
                    code->column,
                    PL_BAD_INPUT,
                    "%s takes %u argument%s, not %u; write it like %s.",
                    aggregations[code->detail],
                    (unsigned)wanted,
                    wanted == 1 ? "" : "s",
                    (unsigned)code->args,
                    usage);
    }
    uint32_t base = checker->stack->count - code->args;
    for (uint32_t i = 0; i < code->args; i++) {
        char letter = ranks && i == 0 ? 's' : 'v';
        if (!type_fits(checker->stack->types[base + i], letter)) {
            return wrong_argument(
                checker, checker->stack->columns[base + i], checker->stack->types[base + i], usage);
        }
    }
    return true;
}

static bool check_binary(struct checker *checker, struct pl_promql_code *code)
{
    PL_CHECK(checker->stack->count >= 2);
    code->left = checker->stack->types[checker->stack->count - 2];
    code->right = checker->stack->types[checker->stack->count - 1];
    const char *name = binaries[code->detail].text;
    if (code->left == PL_TYPE_RANGE || code->right == PL_TYPE_RANGE) {
        return fail(checker,
                    code->column,
                    PL_BAD_INPUT,
                    "`%s` cannot work on a range vector; put rate() or another function around it.",
                    name);
    }
    bool is_set = code->detail >= PL_BIN_AND;
    bool compares = code->detail >= PL_BIN_GT && code->detail <= PL_BIN_NE;
    if (is_set && (code->left != PL_TYPE_VECTOR || code->right != PL_TYPE_VECTOR)) {
        return fail(
            checker, code->column, PL_BAD_INPUT, "`%s` works between two vectors only.", name);
    }
    if (compares && code->left == PL_TYPE_SCALAR && code->right == PL_TYPE_SCALAR &&
        code->as_bool == 0) {
        return fail(checker,
                    code->column,
                    PL_BAD_INPUT,
                    "`%s` between two numbers needs bool, as in `1 %s bool 2`.",
                    name,
                    name);
    }
    return true;
}

/* What an instruction takes and leaves; false on a violation. */
static bool
effect_of(struct checker *checker, struct pl_promql_code *code, uint32_t *takes, uint32_t *leaves)
{
    struct pl_type_stack *stack = checker->stack;
    *takes = 0;
    *leaves = PL_TYPE_VECTOR;
    switch ((enum pl_promql_op)code->op) {
    case PL_PROMQL_NUMBER:
        *leaves = PL_TYPE_SCALAR;
        return true;
    case PL_PROMQL_SELECT:
        if (checker->program->selectors[code->detail].range_ns > 0) {
            *leaves = PL_TYPE_RANGE;
        }
        return true;
    case PL_PROMQL_NEGATE:
        PL_CHECK(stack->count >= 1);
        *takes = 1;
        *leaves = stack->types[stack->count - 1];
        return *leaves != PL_TYPE_RANGE ||
               wrong_argument(checker, code->column, *leaves, "-rate(x_total[5m])");
    case PL_PROMQL_BINARY:
        *takes = 2;
        if (!check_binary(checker, code)) {
            return false;
        }
        if (code->left == PL_TYPE_SCALAR && code->right == PL_TYPE_SCALAR) {
            *leaves = PL_TYPE_SCALAR;
        }
        return true;
    case PL_PROMQL_CALL:
        *takes = code->args;
        return check_call(checker, code);
    case PL_PROMQL_AGGREGATE:
        *takes = code->args;
        return check_aggregate(checker, code);
    }
    return true;
}

bool pl_grammar_emit(struct pl_promql *program,
                     struct pl_type_stack *stack,
                     struct pl_promql_code *code,
                     struct pl_type_problem *problem)
{
    struct checker checker = {program, stack, problem};
    uint32_t takes = 0;
    uint32_t leaves = 0;
    if (!effect_of(&checker, code, &takes, &leaves)) {
        return false;
    }
    if (program->code_count == PL_PROMQL_CODE_MAX) {
        fail(&checker, code->column, PL_LIMIT, "the query is too long.");
        return false;
    }
    PL_CHECK(stack->count >= takes);
    uint32_t column = code->column;
    if (code->op == PL_PROMQL_BINARY) {
        column = stack->columns[stack->count - takes];
    }
    stack->count -= takes;
    stack->types[stack->count] = (uint8_t)leaves;
    stack->columns[stack->count] = column;
    stack->count += 1;
    program->code[program->code_count] = *code;
    program->code_count += 1;
    return true;
}

bool pl_grammar_finish(struct pl_promql *program,
                       const struct pl_type_stack *stack,
                       struct pl_type_problem *problem)
{
    PL_CHECK(stack->count == 1);
    program->type = stack->types[0];
    struct pl_type_stack copy = *stack;
    struct checker checker = {program, &copy, problem};
    return program->type != PL_TYPE_RANGE ||
           wrong_argument(&checker, stack->columns[0], PL_TYPE_RANGE, "rate(x_total[5m]) or x");
}

const struct pl_binary_def *pl_grammar_binary(uint32_t binary)
{
    PL_CHECK(binary < PL_BIN_COUNT);
    return &binaries[binary];
}

uint32_t pl_grammar_function(pl_slice name)
{
    uint32_t i = 0;
    while (i < PL_FN_COUNT && !pl_slice_equal(name, pl_slice_of(functions[i].name))) {
        i++;
    }
    return i;
}

uint32_t pl_grammar_aggregation(pl_slice name)
{
    uint32_t i = 0;
    while (i < PL_AGG_COUNT_KINDS && !pl_slice_equal(name, pl_slice_of(aggregations[i]))) {
        i++;
    }
    return i;
}

const char *pl_grammar_aggregation_name(uint32_t aggregation)
{
    PL_CHECK(aggregation < PL_AGG_COUNT_KINDS);
    return aggregations[aggregation];
}

const char *pl_grammar_suggest(pl_slice name)
{
    const char *names[PL_FN_COUNT + PL_AGG_COUNT_KINDS];
    for (uint32_t i = 0; i < PL_FN_COUNT; i++) {
        names[i] = functions[i].name;
    }
    for (uint32_t i = 0; i < PL_AGG_COUNT_KINDS; i++) {
        names[PL_FN_COUNT + i] = aggregations[i];
    }
    return pl_suggest_name(name, names, PL_FN_COUNT + PL_AGG_COUNT_KINDS);
}
