// SPDX-License-Identifier: Apache-2.0
//
// One pass from left to right. The parser is in one of two states: it expects an operand, or what
// may follow one. Waiting operators and open brackets lie on `stack`; finished instructions go to
// the program, and `types` mirrors what the program leaves on the evaluator's stack.
#include "observe/promql_parse.h"

#include "base/check.h"
#include "observe/observe_types.h"
#include "observe/promql_grammar.h"
#include "text/quantity.h"
#include "text/suggest.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 96 };

/* What waits on the stack. */
enum waiting_kind { WAIT_PAREN, WAIT_CALL, WAIT_AGGREGATE, WAIT_BINARY, WAIT_NEGATE };

struct waiting {
    enum waiting_kind kind;
    uint32_t commas;
    struct pl_promql_code code;
};

struct parser {
    struct pl_promql *program;
    pl_error *err;
    pl_slice text;
    size_t at;
    uint32_t depth;
    uint32_t reserved;
    struct pl_type_stack types;
    struct waiting stack[PL_PROMQL_DEPTH_MAX];
};

/* ---- Errors and words ---- */

static pl_status fail_at(const struct parser *parser, size_t at, pl_status status, const char *what)
{
    pl_pos pos = {0, (uint32_t)at + 1, ""};
    return pl_fail(parser->err, status, &pos, "Column %u: %s", (unsigned)at + 1, what);
}

#define FAIL_TEXT(parser, place, status, ...)                \
    do {                                                     \
        char fail_text[PL_ERROR_MESSAGE_MAX];                \
        snprintf(fail_text, sizeof(fail_text), __VA_ARGS__); \
        return fail_at(parser, place, status, fail_text);    \
    } while (0)

static char peek(const struct parser *parser)
{
    return parser->at < parser->text.size ? parser->text.data[parser->at] : '\0';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool starts_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}

static void skip_space(struct parser *parser)
{
    while (is_space(peek(parser))) {
        parser->at++;
    }
}

/* Take a word at the present place; empty when there is none. */
static pl_slice take_word(struct parser *parser)
{
    pl_slice word = {parser->text.data + parser->at, 0};
    if (!starts_word(peek(parser))) {
        return word;
    }
    while (starts_word(peek(parser)) || is_digit(peek(parser))) {
        parser->at++;
        word.size++;
    }
    return word;
}

static bool word_is(pl_slice word, const char *name)
{
    return pl_slice_equal(word, pl_slice_of(name));
}

/* Take a character after optional space. */
static bool take(struct parser *parser, char wanted)
{
    skip_space(parser);
    if (peek(parser) != wanted) {
        return false;
    }
    parser->at++;
    return true;
}

static int shown(pl_slice word)
{
    return word.size < WORD_MAX ? (int)word.size : WORD_MAX;
}

/* Append an instruction to the program. */
static pl_status emit(struct parser *parser, struct pl_promql_code *code)
{
    struct pl_type_problem problem;
    if (pl_grammar_emit(parser->program, &parser->types, code, &problem)) {
        return PL_OK;
    }
    return fail_at(parser, problem.column - 1, problem.status, problem.text);
}

static pl_status push(struct parser *parser, const struct waiting *waiting)
{
    if (parser->depth == PL_PROMQL_DEPTH_MAX) {
        return fail_at(parser, parser->at, PL_LIMIT, "the query is nested too deeply.");
    }
    parser->stack[parser->depth] = *waiting;
    parser->depth += 1;
    return PL_OK;
}

static bool waits_as_operator(const struct waiting *waiting)
{
    return waiting->kind == WAIT_BINARY || waiting->kind == WAIT_NEGATE;
}

/* Emit waiting operators that bind at least as tightly as `precedence`. */
static pl_status reduce(struct parser *parser, uint32_t precedence, bool right)
{
    while (parser->depth > 0 && waits_as_operator(&parser->stack[parser->depth - 1])) {
        struct waiting *top = &parser->stack[parser->depth - 1];
        uint32_t own = top->kind == WAIT_NEGATE ? (uint32_t)PL_PRECEDENCE_NEGATE
                                                : pl_grammar_binary(top->code.detail)->precedence;
        if (own < precedence || (own == precedence && right)) {
            return PL_OK;
        }
        pl_status status = emit(parser, &top->code);
        if (status != PL_OK) {
            return status;
        }
        parser->depth -= 1;
    }
    return PL_OK;
}

/* ---- Selectors ---- */

static pl_status unknown_label(const struct parser *parser, size_t at, pl_slice name)
{
    struct pl_suggest suggest;
    pl_suggest_begin(&suggest, name);
    for (uint32_t key = PL_KEY_NAME + 1; key < PL_KEY_COUNT; key++) {
        pl_suggest_offer(&suggest, pl_slice_of(pl_label_name(key)));
    }
    pl_slice best = pl_suggest_best(&suggest);
    if (best.data != NULL) {
        FAIL_TEXT(parser,
                  at,
                  PL_BAD_INPUT,
                  "no metric has a label `%.*s`; did you mean `%.*s`?",
                  shown(name),
                  name.data,
                  shown(best),
                  best.data);
    }
    FAIL_TEXT(parser,
              at,
              PL_BAD_INPUT,
              "no metric has a label `%.*s`; common ones are service, pod, http_route, "
              "http_response_status_code and server_address.",
              shown(name),
              name.data);
}

/* Key of a label; short forms that people use for the pool metrics are taken too. */
static pl_status
take_label(struct parser *parser, const struct pl_selector *selector, uint32_t *key)
{
    static const struct {
        const char *alias;
        uint32_t key;
    } aliases[] = {{"route", PL_KEY_ROUTE},
                   {"code", PL_KEY_CODE},
                   {"method", PL_KEY_METHOD},
                   {"pool_name", PL_KEY_POOL}};
    skip_space(parser);
    size_t at = parser->at;
    pl_slice name = take_word(parser);
    if (name.size == 0) {
        return fail_at(parser, at, PL_BAD_INPUT, "a label name is expected here.");
    }
    *key = pl_label_find(name);
    for (size_t i = 0; *key == PL_KEY_COUNT && i < sizeof(aliases) / sizeof(aliases[0]); i++) {
        *key = word_is(name, aliases[i].alias) ? aliases[i].key : *key;
    }
    if (selector != NULL && selector->name.family == PL_M_POOL_COUNT && *key == PL_KEY_STATE) {
        *key = PL_KEY_POOL_STATE;
    }
    if (*key == PL_KEY_NAME) {
        return fail_at(parser,
                       at,
                       PL_UNSUPPORTED,
                       "__name__ cannot be matched here; write the metric's name in full.");
    }
    return *key == PL_KEY_COUNT ? unknown_label(parser, at, name) : PL_OK;
}

/* Take a quoted string with \\ \" \' \n escapes. */
static pl_status take_string(struct parser *parser, char *value)
{
    skip_space(parser);
    size_t at = parser->at;
    char quote = peek(parser);
    size_t size = 0;
    if (quote != '"' && quote != '\'' && quote != '`') {
        return fail_at(
            parser, at, PL_BAD_INPUT, "a quoted value is expected here, such as \"/orders\".");
    }
    parser->at++;
    while (peek(parser) != quote) {
        char c = peek(parser);
        if (parser->at >= parser->text.size) {
            return fail_at(parser, at, PL_BAD_INPUT, "this quote is never closed.");
        }
        parser->at++;
        /* In patterns a backslash matters, so only escapes of the string itself are undone. */
        if (c == '\\' && quote != '`' && strchr("\\\"'", peek(parser)) != NULL &&
            parser->at < parser->text.size) {
            c = peek(parser);
            parser->at++;
        }
        if (size + 1 >= PL_PROMQL_VALUE_MAX) {
            return fail_at(parser, at, PL_LIMIT, "this value is too long.");
        }
        value[size++] = c;
    }
    parser->at++;
    value[size] = '\0';
    return PL_OK;
}

static pl_status take_match_op(struct parser *parser, struct pl_matcher *matcher)
{
    skip_space(parser);
    size_t at = parser->at;
    char first = peek(parser);
    parser->at++;
    char second = peek(parser);
    if (first == '=' && second != '~') {
        matcher->op = PL_MATCH_EQUAL;
        return PL_OK;
    }
    if ((first == '=' || first == '!') && (second == '~' || second == '=')) {
        parser->at++;
        matcher->op = first == '='    ? PL_MATCH_PATTERN
                      : second == '~' ? PL_MATCH_NOT_PATTERN
                                      : PL_MATCH_NOT_EQUAL;
        return PL_OK;
    }
    parser->at = at;
    return fail_at(
        parser, at, PL_BAD_INPUT, "after a label comes one of = != =~ !~ and a quoted value.");
}

static pl_status take_matcher(struct parser *parser, struct pl_selector *selector)
{
    if (selector->matcher_count == PL_PROMQL_MATCHERS_MAX) {
        return fail_at(parser, parser->at, PL_LIMIT, "a selector has at most 6 label matchers.");
    }
    struct pl_matcher *matcher = &selector->matchers[selector->matcher_count];
    pl_status status = take_label(parser, selector, &matcher->key);
    status = status == PL_OK ? take_match_op(parser, matcher) : status;
    skip_space(parser);
    size_t at = parser->at;
    status = status == PL_OK ? take_string(parser, matcher->value) : status;
    if (status != PL_OK) {
        return status;
    }
    if (matcher->op == PL_MATCH_PATTERN || matcher->op == PL_MATCH_NOT_PATTERN) {
        const char *wrong = pl_pattern_compile(&matcher->pattern, pl_slice_of(matcher->value));
        if (wrong != NULL) {
            FAIL_TEXT(parser, at, PL_BAD_INPUT, "the pattern \"%.64s\" %s.", matcher->value, wrong);
        }
    }
    selector->matcher_count += 1;
    return PL_OK;
}

static pl_status take_matchers(struct parser *parser, struct pl_selector *selector)
{
    if (!take(parser, '{')) {
        return PL_OK;
    }
    while (!take(parser, '}')) {
        pl_status status = take_matcher(parser, selector);
        if (status != PL_OK) {
            return status;
        }
        skip_space(parser);
        if (peek(parser) != '}' && !take(parser, ',')) {
            return fail_at(
                parser, parser->at, PL_BAD_INPUT, "`,` or `}` is expected after a matcher.");
        }
    }
    return PL_OK;
}

/* Take a duration such as 5m or 1h30m; 1w counts as 7d. */
static pl_status take_duration(struct parser *parser, int64_t *ns)
{
    skip_space(parser);
    size_t at = parser->at;
    while (is_digit(peek(parser)) || (peek(parser) >= 'a' && peek(parser) <= 'z')) {
        parser->at++;
    }
    pl_slice word = {parser->text.data + at, parser->at - at};
    char week[24];
    if (word.size >= 2 && word.size < 8 && word.data[word.size - 1] == 'w') {
        uint32_t weeks = 0;
        for (size_t i = 0; i + 1 < word.size && is_digit(word.data[i]); i++) {
            weeks = weeks * 10 + (uint32_t)(word.data[i] - '0');
        }
        snprintf(week, sizeof(week), "%ud", (unsigned)(weeks * 7));
        word = pl_slice_of(week);
    }
    if (word.size == 0 || pl_quantity_duration(word, NULL, ns, NULL) != PL_OK || *ns <= 0) {
        return fail_at(
            parser, at, PL_BAD_INPUT, "a duration is expected here, such as 30s, 5m or 1h.");
    }
    return PL_OK;
}

static pl_status take_range_and_offset(struct parser *parser, struct pl_selector *selector)
{
    skip_space(parser);
    size_t at = parser->at;
    if (take(parser, '[')) {
        pl_status status = take_duration(parser, &selector->range_ns);
        if (status != PL_OK) {
            return status;
        }
        if (take(parser, ':')) {
            return fail_at(parser, at, PL_UNSUPPORTED, "subqueries are not supported here.");
        }
        if (!take(parser, ']')) {
            return fail_at(parser, parser->at, PL_BAD_INPUT, "`]` is expected after the range.");
        }
    }
    skip_space(parser);
    at = parser->at;
    if (word_is(take_word(parser), "offset")) {
        skip_space(parser);
        if (peek(parser) == '-') {
            return fail_at(parser, parser->at, PL_BAD_INPUT, "an offset looks back only.");
        }
        return take_duration(parser, &selector->offset_ns);
    }
    parser->at = at;
    return PL_OK;
}

static pl_status unknown_metric(const struct parser *parser, size_t at, pl_slice name)
{
    char nearest[WORD_MAX];
    pl_family_suggest(name, nearest, sizeof(nearest));
    if (nearest[0] != '\0') {
        FAIL_TEXT(parser,
                  at,
                  PL_NOT_FOUND,
                  "there is no metric `%.*s`; did you mean `%s`?",
                  shown(name),
                  name.data,
                  nearest);
    }
    FAIL_TEXT(parser,
              at,
              PL_NOT_FOUND,
              "there is no metric or function `%.*s`; `metrics` lists all names.",
              shown(name),
              name.data);
}

static pl_status take_selector(struct parser *parser, size_t at, pl_slice name)
{
    struct pl_family_name found = pl_family_find(name);
    if (found.family == PL_FAMILY_COUNT) {
        return unknown_metric(parser, at, name);
    }
    if (parser->program->selector_count == PL_PROMQL_SELECTORS_MAX) {
        return fail_at(parser, at, PL_LIMIT, "a query has at most 12 selectors.");
    }
    uint32_t number = parser->program->selector_count;
    struct pl_selector *selector = &parser->program->selectors[number];
    memset(selector, 0, sizeof(*selector));
    selector->name = found;
    selector->column = (uint32_t)at + 1;
    pl_status status = take_matchers(parser, selector);
    status = status == PL_OK ? take_range_and_offset(parser, selector) : status;
    if (status != PL_OK) {
        return status;
    }
    parser->program->selector_count += 1;
    struct pl_promql_code code = {.op = PL_PROMQL_SELECT, .detail = number};
    code.column = (uint32_t)at + 1;
    return emit(parser, &code);
}

/* ---- Operands ---- */

/* Take `(a, b)` as a mask of labels. */
static pl_status take_mask(struct parser *parser, uint64_t *mask)
{
    *mask = 0;
    if (!take(parser, '(')) {
        return fail_at(
            parser, parser->at, PL_BAD_INPUT, "labels in brackets are expected, as (http_route).");
    }
    while (!take(parser, ')')) {
        uint32_t key = 0;
        pl_status status = take_label(parser, NULL, &key);
        if (status != PL_OK) {
            return status;
        }
        *mask |= pl_label_bit(key);
        skip_space(parser);
        if (peek(parser) != ')' && !take(parser, ',')) {
            return fail_at(
                parser, parser->at, PL_BAD_INPUT, "`,` or `)` is expected after a label.");
        }
    }
    return PL_OK;
}

/* Take `by (..)` or `without (..)` if it stands here. */
static pl_status take_grouping(struct parser *parser, struct pl_promql_code *code)
{
    skip_space(parser);
    size_t at = parser->at;
    pl_slice word = take_word(parser);
    if (!word_is(word, "by") && !word_is(word, "without")) {
        parser->at = at;
        return PL_OK;
    }
    if (code->has_mask != 0) {
        return fail_at(parser, at, PL_BAD_INPUT, "by or without is written twice.");
    }
    code->has_mask = 1;
    code->exclude = word_is(word, "without") ? 1 : 0;
    return take_mask(parser, &code->mask);
}

static pl_status take_call(struct parser *parser, size_t at, uint32_t function)
{
    struct waiting waiting = {.kind = WAIT_CALL};
    waiting.code.op = PL_PROMQL_CALL;
    waiting.code.detail = function;
    waiting.code.column = (uint32_t)at + 1;
    PL_CHECK(take(parser, '('));
    return push(parser, &waiting);
}

static pl_status take_aggregate(struct parser *parser, size_t at, uint32_t aggregation)
{
    struct waiting waiting = {.kind = WAIT_AGGREGATE};
    waiting.code.op = PL_PROMQL_AGGREGATE;
    waiting.code.detail = aggregation;
    waiting.code.column = (uint32_t)at + 1;
    pl_status status = take_grouping(parser, &waiting.code);
    if (status != PL_OK) {
        return status;
    }
    if (!take(parser, '(')) {
        FAIL_TEXT(parser,
                  parser->at,
                  PL_BAD_INPUT,
                  "`(` is expected after %s.",
                  pl_grammar_aggregation_name(aggregation));
    }
    return push(parser, &waiting);
}

static pl_status unknown_function(const struct parser *parser, size_t at, pl_slice word)
{
    const char *best = pl_grammar_suggest(word);
    if (best != NULL) {
        FAIL_TEXT(parser,
                  at,
                  PL_UNSUPPORTED,
                  "there is no function `%.*s`; did you mean `%s`?",
                  shown(word),
                  word.data,
                  best);
    }
    FAIL_TEXT(parser,
              at,
              PL_UNSUPPORTED,
              "there is no function `%.*s` here; there are rate, increase, sum, avg, max, min, "
              "count, topk, histogram_quantile, absent and some more.",
              shown(word),
              word.data);
}

static pl_status take_named(struct parser *parser, bool *is_open)
{
    size_t at = parser->at;
    pl_slice word = take_word(parser);
    size_t after = parser->at;
    skip_space(parser);
    bool bracket = peek(parser) == '(';
    parser->at = bracket ? parser->at : after;
    uint32_t aggregation = pl_grammar_aggregation(word);
    if (aggregation != PL_AGG_COUNT_KINDS) {
        *is_open = true;
        return take_aggregate(parser, at, aggregation);
    }
    uint32_t function = pl_grammar_function(word);
    if (bracket && function != PL_FN_COUNT) {
        *is_open = true;
        return take_call(parser, at, function);
    }
    return bracket ? unknown_function(parser, at, word) : take_selector(parser, at, word);
}

static pl_status take_number(struct parser *parser)
{
    size_t at = parser->at;
    while (is_digit(peek(parser)) || peek(parser) == '.') {
        parser->at++;
    }
    struct pl_promql_code code = {.op = PL_PROMQL_NUMBER, .column = (uint32_t)at + 1};
    pl_slice word = {parser->text.data + at, parser->at - at};
    if (starts_word(peek(parser)) || pl_quantity_number(word, NULL, &code.number, NULL) != PL_OK) {
        return fail_at(parser,
                       at,
                       PL_BAD_INPUT,
                       "this is not a plain number; durations stand in [] or after offset.");
    }
    return emit(parser, &code);
}

/* State "an operand is expected". `is_open` stays true when one is still expected afterwards. */
static pl_status take_operand(struct parser *parser, bool *is_open)
{
    skip_space(parser);
    size_t at = parser->at;
    char c = peek(parser);
    *is_open = true;
    if (c == '(') {
        parser->at++;
        struct waiting waiting = {.kind = WAIT_PAREN};
        waiting.code.column = (uint32_t)at + 1;
        return push(parser, &waiting);
    }
    if (c == '-' || c == '+') {
        parser->at++;
        struct waiting waiting = {.kind = WAIT_NEGATE};
        waiting.code.op = PL_PROMQL_NEGATE;
        waiting.code.column = (uint32_t)at + 1;
        return c == '-' ? push(parser, &waiting) : PL_OK;
    }
    *is_open = false;
    if (is_digit(c) || c == '.') {
        return take_number(parser);
    }
    if (starts_word(c)) {
        return take_named(parser, is_open);
    }
    if (c == '{') {
        return fail_at(parser, at, PL_BAD_INPUT, "a metric name is expected before `{`.");
    }
    if (parser->at >= parser->text.size) {
        return fail_at(
            parser, at, PL_BAD_INPUT, "the query ends where a metric, number or `(` is expected.");
    }
    FAIL_TEXT(parser,
              at,
              PL_BAD_INPUT,
              "a metric, a number or `(` is expected here, not `%c`.",
              c >= ' ' && c <= '~' ? c : '?');
}

/* ---- After an operand ---- */

static pl_status close_bracket(struct parser *parser, size_t at)
{
    pl_status status = reduce(parser, 0, false);
    if (status != PL_OK) {
        return status;
    }
    if (parser->depth == 0) {
        return fail_at(parser, at, PL_BAD_INPUT, "this `)` closes nothing.");
    }
    struct waiting top = parser->stack[parser->depth - 1];
    parser->depth -= 1;
    if (top.kind == WAIT_PAREN) {
        return PL_OK;
    }
    top.code.args = top.commas + 1;
    if (top.kind == WAIT_AGGREGATE) {
        status = take_grouping(parser, &top.code);
    }
    return status == PL_OK ? emit(parser, &top.code) : status;
}

static pl_status take_comma(struct parser *parser, size_t at)
{
    pl_status status = reduce(parser, 0, false);
    if (status != PL_OK) {
        return status;
    }
    struct waiting *top = parser->depth > 0 ? &parser->stack[parser->depth - 1] : NULL;
    if (top == NULL || top->kind == WAIT_PAREN) {
        return fail_at(
            parser, at, PL_BAD_INPUT, "a comma belongs between arguments of a function.");
    }
    top->commas += 1;
    return PL_OK;
}

/* Recognise a binary operator at the present place. */
static uint32_t take_binary_name(struct parser *parser)
{
    size_t at = parser->at;
    pl_slice word = take_word(parser);
    uint32_t best = PL_BIN_COUNT;
    size_t best_size = 0;
    for (uint32_t i = 0; i < PL_BIN_COUNT; i++) {
        size_t size = strlen(pl_grammar_binary(i)->text);
        bool fits = word.size > 0
                        ? word_is(word, pl_grammar_binary(i)->text)
                        : parser->text.size - at >= size &&
                              memcmp(parser->text.data + at, pl_grammar_binary(i)->text, size) == 0;
        if (fits && size > best_size) {
            best = i;
            best_size = size;
        }
    }
    parser->at = at + best_size;
    return best;
}

static pl_status take_binary_modifiers(struct parser *parser, struct pl_promql_code *code)
{
    while (true) {
        skip_space(parser);
        size_t at = parser->at;
        pl_slice word = take_word(parser);
        if (word_is(word, "bool")) {
            code->as_bool = 1;
        } else if (word_is(word, "on") || word_is(word, "ignoring")) {
            code->has_mask = 1;
            code->exclude = word_is(word, "ignoring") ? 1 : 0;
            pl_status status = take_mask(parser, &code->mask);
            if (status != PL_OK) {
                return status;
            }
        } else if (word_is(word, "group_left") || word_is(word, "group_right")) {
            return fail_at(parser,
                           at,
                           PL_UNSUPPORTED,
                           "group_left and group_right are not supported here; aggregate both "
                           "sides to the same labels.");
        } else {
            parser->at = at;
            return PL_OK;
        }
    }
}

/* State "an operand is complete". `wants` says whether another operand has to follow. */
static pl_status take_follower(struct parser *parser, bool *wants)
{
    skip_space(parser);
    size_t at = parser->at;
    char c = peek(parser);
    *wants = false;
    if (c == ')') {
        parser->at++;
        return close_bracket(parser, at);
    }
    *wants = true;
    if (c == ',') {
        parser->at++;
        return take_comma(parser, at);
    }
    if (c == '[') {
        return fail_at(
            parser, at, PL_UNSUPPORTED, "a range follows a metric only, not an expression.");
    }
    uint32_t binary = take_binary_name(parser);
    if (binary == PL_BIN_COUNT) {
        pl_slice word = take_word(parser);
        FAIL_TEXT(parser,
                  at,
                  PL_BAD_INPUT,
                  "an operator, `)` or the end is expected here, not `%.*s`.",
                  word.size > 0 ? shown(word) : 1,
                  parser->text.data + at);
    }
    struct waiting waiting = {.kind = WAIT_BINARY};
    waiting.code.op = PL_PROMQL_BINARY;
    waiting.code.detail = binary;
    waiting.code.column = (uint32_t)at + 1;
    pl_status status = take_binary_modifiers(parser, &waiting.code);
    if (status == PL_OK) {
        status =
            reduce(parser, pl_grammar_binary(binary)->precedence, pl_grammar_binary(binary)->right);
    }
    return status == PL_OK ? push(parser, &waiting) : status;
}

static pl_status finish(struct parser *parser)
{
    pl_status status = reduce(parser, 0, false);
    if (status != PL_OK) {
        return status;
    }
    if (parser->depth > 0) {
        const struct waiting *top = &parser->stack[parser->depth - 1];
        return fail_at(parser, top->code.column - 1, PL_BAD_INPUT, "this bracket is never closed.");
    }
    struct pl_type_problem problem;
    if (!pl_grammar_finish(parser->program, &parser->types, &problem)) {
        return fail_at(parser, problem.column - 1, problem.status, problem.text);
    }
    return PL_OK;
}

pl_status pl_promql_parse(struct pl_promql *program, const char *text, pl_error *err)
{
    PL_CHECK(program != NULL && text != NULL);
    struct parser parser = {.program = program, .err = err, .text = pl_slice_of(text)};
    program->code_count = 0;
    program->selector_count = 0;
    program->type = PL_TYPE_VECTOR;
    if (parser.text.size >= PL_EXPR_MAX) {
        FAIL_TEXT(&parser,
                  0,
                  PL_LIMIT,
                  "the query has %zu characters; at most %d are allowed.",
                  parser.text.size,
                  PL_EXPR_MAX - 1);
    }
    bool wants = true;
    while (true) {
        pl_status status = wants ? take_operand(&parser, &wants) : take_follower(&parser, &wants);
        if (status != PL_OK) {
            return status;
        }
        skip_space(&parser);
        if (!wants && parser.at >= parser.text.size) {
            return finish(&parser);
        }
    }
}
