// SPDX-License-Identifier: Apache-2.0
//
// The tree that content readers rely on, and a place and a sentence for everything refused.
#include "text/yaml.h"

#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct pl_yaml yaml;
static struct pl_errors errors;
static char *memory;

static int set_up(void **state)
{
    (void)state;
    memory = malloc(pl_yaml_memory_max());
    return memory == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    free(memory);
    return 0;
}

static pl_status load_sized(const char *text, size_t size, size_t memory_size)
{
    memset(&errors, 0, sizeof errors);
    return pl_yaml_load(&yaml, (pl_slice){text, size}, "w.yaml", memory, memory_size, &errors);
}

static pl_status load(const char *text)
{
    return load_sized(text, strlen(text), pl_yaml_memory_max());
}

static const char *text_at(uint32_t index)
{
    return pl_yaml_at(&yaml, index)->text.data;
}

static void tree_with_places(void **state)
{
    (void)state;
    assert_int_equal(load("# a world\n"
                          "world: larkspur\n"
                          "title: \"Caf\\u00e9\"\n"
                          "slo: {errors: 0.1%, p99:  1.5s}\n"
                          "pods:\n"
                          "  - 8\n"
                          "  - '8'\n"
                          "empty:\n"),
                     PL_OK);
    assert_int_equal(errors.count, 0);
    const struct pl_yaml_node *root = pl_yaml_at(&yaml, yaml.root);
    assert_int_equal(root->kind, PL_YAML_MAP);
    assert_int_equal(root->child_count, 5);
    assert_int_equal(root->line, 2);
    assert_string_equal(text_at(pl_yaml_find(&yaml, yaml.root, "world")), "larkspur");
    assert_string_equal(text_at(pl_yaml_find(&yaml, yaml.root, "title")), "Caf\xc3\xa9");
    assert_int_equal(pl_yaml_find(&yaml, yaml.root, "missing"), 0);
    assert_int_equal(pl_yaml_find(&yaml, root->first_child, "world"), 0);

    uint32_t p99 = pl_yaml_find(&yaml, pl_yaml_find(&yaml, yaml.root, "slo"), "p99");
    assert_string_equal(text_at(p99), "1.5s");
    assert_int_equal(pl_yaml_pos(&yaml, p99).line, 4);
    assert_int_equal(pl_yaml_pos(&yaml, p99).column, 27);
    assert_int_equal(pl_yaml_key_pos(&yaml, p99).column, 21);
    assert_string_equal(pl_yaml_pos(&yaml, p99).path, "w.yaml");

    const struct pl_yaml_node *pods = pl_yaml_at(&yaml, pl_yaml_find(&yaml, yaml.root, "pods"));
    assert_int_equal(pods->kind, PL_YAML_LIST);
    assert_int_equal(pods->child_count, 2);
    const struct pl_yaml_node *first = pl_yaml_at(&yaml, pods->first_child);
    const struct pl_yaml_node *second = pl_yaml_at(&yaml, first->next);
    assert_false(first->quoted);
    assert_true(second->quoted);
    assert_int_equal(second->next, 0);
    assert_null(first->key.data);
    assert_int_equal(pl_yaml_key_pos(&yaml, pods->first_child).line, 6);
    assert_true(pl_yaml_is_null(&yaml, pl_yaml_find(&yaml, yaml.root, "empty")));
    assert_false(pl_yaml_is_null(&yaml, pods->first_child));
}

static void nulls_need_no_quotes(void **state)
{
    (void)state;
    assert_int_equal(load("[null, ~, 'null', \"\", x]"), PL_OK);
    static const bool expected[] = {true, true, false, false, false};
    uint32_t index = pl_yaml_at(&yaml, yaml.root)->first_child;
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(pl_yaml_is_null(&yaml, index), expected[i]);
        index = pl_yaml_at(&yaml, index)->next;
    }
}

/* Each text has one mistake. */
static void refused_with_place_and_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        pl_status status;
        uint32_t line;
        uint32_t column;
        const char *part;
    } cases[] = {
        {"", PL_BAD_INPUT, 1, 1, "the text is empty"},
        {"# nothing\n", PL_BAD_INPUT, 1, 1, "the text is empty"},
        {"a: &x 1\n", PL_BAD_INPUT, 1, 4, "anchors"},
        {"a: &x {b: 1}\n", PL_BAD_INPUT, 1, 4, "anchors"},
        {"a: 1\nb: *x\n", PL_BAD_INPUT, 2, 4, "aliases"},
        {"*x : 1\n", PL_BAD_INPUT, 1, 1, "aliases"},
        {"a: !!int 1\n", PL_BAD_INPUT, 1, 4, "tags"},
        {"a: !mine [1]\n", PL_BAD_INPUT, 1, 4, "tags"},
        {"a: ! 1\n", PL_BAD_INPUT, 1, 4, "tags"},
        {"a:\n  <<: {b: 1}\n", PL_BAD_INPUT, 2, 3, "merge keys"},
        {"a: 1\n---\nb: 1\n", PL_BAD_INPUT, 2, 1, "second document"},
        {"%YAML 1.1\n---\na: 1\n", PL_BAD_INPUT, 1, 1, "directives"},
        {"%TAG ! x:\n---\na: 1\n", PL_BAD_INPUT, 1, 1, "directives"},
        {"a: 1\nb: 2\na: 3\n",
         PL_BAD_INPUT,
         3,
         1,
         "the key `a` stands twice in this map; the "
         "first is in line 1"},
        {"a: 1\n\"a\": 3\n", PL_BAD_INPUT, 2, 1, "stands twice"},
        {"? [a, b]\n: 1\n", PL_BAD_INPUT, 1, 3, "a key has to be a plain word"},
        {"{[a]: 1}", PL_BAD_INPUT, 1, 2, "a key has to be a plain word"},
        {"{{a: b}: 1, c: 2}", PL_BAD_INPUT, 1, 2, "a key has to be a plain word"},
        {"'': 1\n", PL_BAD_INPUT, 1, 1, "a key is empty"},
        {"a: \"x\\0y\"\n", PL_BAD_INPUT, 1, 4, "NUL"},
        {"\"x\\0y\": 1\n", PL_BAD_INPUT, 1, 1, "NUL"},
        {"a: [1, 2\nb: 3\n", PL_BAD_INPUT, 2, 2, "flow sequence that starts in line 1"},
        {"a:\n\tb: 1\n", PL_BAD_INPUT, 2, 1, "a tab cannot indent"},
        {"t: \xc3\xa9\na:\n\tb: 1\n", PL_BAD_INPUT, 3, 1, "a tab cannot indent"},
        {"a: \"x\n", PL_BAD_INPUT, 2, 1, "not valid YAML"},
        {"a: b: c\n", PL_BAD_INPUT, 1, 5, "not valid YAML"},
        {"ok: 1\n\xc3\xa9: \xff\n", PL_BAD_INPUT, 2, 4, "not plain UTF-8"},
        {"a: \x01\n", PL_BAD_INPUT, 1, 4, "not plain UTF-8"},
        {"\xff\xfe"
         "a",
         PL_BAD_INPUT,
         1,
         1,
         "not plain UTF-8"},
        {"a: ]\n", PL_BAD_INPUT, 1, 4, "not valid YAML"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_status status = load(cases[i].text);
        const pl_error *err = &errors.items[0];
        if (status != cases[i].status || errors.count != 1 || err->pos.line != cases[i].line ||
            err->pos.column != cases[i].column || strstr(err->message, cases[i].part) == NULL) {
            fail_msg("%s: %u errors, first %u:%u %s",
                     cases[i].text,
                     errors.count,
                     err->pos.line,
                     err->pos.column,
                     err->message);
        }
    }
}

static void many_mistakes_are_listed_at_once(void **state)
{
    (void)state;
    assert_int_equal(load("a: &x 1\n"
                          "b: !!str 2\n"
                          "a: 3\n"
                          "c:\n"
                          "  <<: {z: 1}\n"
                          "  d: *x\n"
                          "? {k: v}\n"
                          ": 1\n"
                          "last: 5\n"),
                     PL_BAD_INPUT);
    static const uint32_t lines[] = {1, 2, 3, 5, 6, 7};
    assert_int_equal(errors.count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(errors.items[i].pos.line, lines[i]);
    }
}

static void depth_limit_holds(void **state)
{
    (void)state;
    char text[2 * PL_YAML_DEPTH_MAX + 3];
    for (size_t depth = PL_YAML_DEPTH_MAX; depth <= PL_YAML_DEPTH_MAX + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        pl_status status = load_sized(text, 2 * depth, pl_yaml_memory_max());
        assert_int_equal(status, depth > PL_YAML_DEPTH_MAX ? PL_LIMIT : PL_OK);
    }
    assert_int_equal(errors.count, 1);
    assert_int_equal(errors.items[0].pos.column, PL_YAML_DEPTH_MAX + 1);
    assert_non_null(strstr(errors.items[0].message, "more than 64 levels"));
}

static void text_limit_holds(void **state)
{
    (void)state;
    char *text = malloc(PL_YAML_TEXT_MAX + 1);
    assert_non_null(text);
    memset(text, 'x', PL_YAML_TEXT_MAX + 1);
    text[0] = '"';
    text[PL_YAML_TEXT_MAX - 1] = '"';
    text[PL_YAML_TEXT_MAX] = ' ';
    assert_int_equal(load_sized(text, PL_YAML_TEXT_MAX, pl_yaml_memory_max()), PL_OK);
    assert_int_equal(pl_yaml_at(&yaml, yaml.root)->text.size, PL_YAML_TEXT_MAX - 2);
    assert_int_equal(load_sized(text, PL_YAML_TEXT_MAX + 1, pl_yaml_memory_max()), PL_LIMIT);
    assert_string_equal(errors.items[0].message, "the text is larger than 1 MiB");
    free(text);
}

static void node_limit_holds(void **state)
{
    (void)state;
    /* A list of n values is n + 1 nodes. */
    size_t size = 2 * (size_t)PL_YAML_NODE_COUNT_MAX;
    char *text = malloc(size + 2);
    assert_non_null(text);
    for (size_t i = 0; i < size; i += 2) {
        memcpy(text + i, ",a", 2);
    }
    text[0] = '[';
    text[size - 2] = ']';
    assert_int_equal(load_sized(text, size - 1, pl_yaml_memory_for(size)), PL_OK);
    assert_int_equal(yaml.node_count, PL_YAML_NODE_COUNT_MAX + 1);
    memcpy(text + size - 2, ",a]", 3);
    assert_int_equal(load_sized(text, size + 1, pl_yaml_memory_max()), PL_LIMIT);
    assert_string_equal(errors.items[0].message, "the document has more than 65535 values");
    free(text);
}

static void key_limit_holds(void **state)
{
    (void)state;
    static char text[12 * (PL_YAML_KEYS_MAX + 1)];
    struct pl_buf buf;
    pl_buf_init(&buf, text, sizeof text);
    for (int i = 0; i < PL_YAML_KEYS_MAX; i++) {
        pl_buf_printf(&buf, "k%d: 1\n", i);
    }
    assert_int_equal(load_sized(text, buf.size, pl_yaml_memory_max()), PL_OK);
    assert_string_equal(text_at(pl_yaml_find(&yaml, yaml.root, "k2047")), "1");
    pl_buf_puts(&buf, "last: 1\n");
    assert_false(buf.overflow);
    assert_int_equal(load_sized(text, buf.size, pl_yaml_memory_max()), PL_LIMIT);
    assert_string_equal(errors.items[0].message, "the map has more than 2048 keys");
}

static void every_size_of_memory_is_safe(void **state)
{
    (void)state;
    static const char text[] =
        "a: {b: [1, 2, \"three\"], c: four}\nd: |\n  long text\n  of lines\n";
    size_t enough = pl_yaml_memory_for(sizeof text - 1);
    bool fitted = false;
    for (size_t size = 2 * sizeof(struct pl_yaml_node); size <= enough; size++) {
        pl_status status = load_sized(text, sizeof text - 1, size);
        assert_true(status == PL_OK || (status == PL_LIMIT && errors.count == 1));
        assert_false(fitted && status != PL_OK);
        fitted = status == PL_OK;
    }
    assert_true(fitted);
}

static void memory_for_is_enough_for_dense_texts(void **state)
{
    (void)state;
    /* The densest nodes, the emptiest scalars and the widest growing escape that YAML has. */
    static const char *const units[] = {"a,", "\"\",", "\"\\L\\L\\L\\L\\L\\L\\L\\L\","};
    for (size_t unit = 0; unit < 3; unit++) {
        char text[4000];
        struct pl_buf buf;
        pl_buf_init(&buf, text, sizeof text);
        pl_buf_puts(&buf, "[");
        while (buf.size + 30 < sizeof text) {
            pl_buf_puts(&buf, units[unit]);
        }
        pl_buf_puts(&buf, "]");
        assert_int_equal(load_sized(text, buf.size, pl_yaml_memory_for(buf.size)), PL_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tree_with_places),
        cmocka_unit_test(nulls_need_no_quotes),
        cmocka_unit_test(refused_with_place_and_sentence),
        cmocka_unit_test(many_mistakes_are_listed_at_once),
        cmocka_unit_test(depth_limit_holds),
        cmocka_unit_test(text_limit_holds),
        cmocka_unit_test(node_limit_holds),
        cmocka_unit_test(key_limit_holds),
        cmocka_unit_test(every_size_of_memory_is_safe),
        cmocka_unit_test(memory_for_is_enough_for_dense_texts),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
