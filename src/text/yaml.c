// SPDX-License-Identifier: Apache-2.0
//
// The memory of the caller is used from both ends: nodes grow from the front, terminated copies of
// keys and scalars grow from the back, and the document is too large when they meet.
#include "text/yaml.h"

#include "base/check.h"
#include "base/hash.h"
#include "text/excerpt.h"

#include <assert.h>
#include <string.h>

#include <yaml.h>

/* Messages name these limits in words. */
static_assert(PL_YAML_TEXT_MAX == 1 << 20, "1 MiB");
static_assert(PL_YAML_DEPTH_MAX == 64, "64 levels");
static_assert(PL_YAML_KEYS_MAX == 2048, "2048 keys");
static_assert(PL_YAML_NODE_COUNT_MAX == 65535, "65535 values");

/* State of one reading. In a map, events alternate between key and value; `key` holds what was read
 * last until its value comes. A container takes the key with it, so one key is enough. */
struct reader {
    struct pl_yaml *yaml;
    struct pl_errors *errors;
    pl_slice source;
    char *texts;        /* lowest byte used at the back of the memory */
    uint32_t current;   /* innermost open map or list, 0 outside */
    uint32_t depth;     /* open maps and lists */
    uint32_t refused;   /* open maps and lists inside of a refused key */
    uint32_t documents; /* documents begun */
    bool has_key;       /* a key waits for its value */
    bool key_is_valid;  /* it is a plain key and takes part in the search for duplicates */
    pl_slice key;
    yaml_mark_t key_mark;
    bool done;        /* end of the stream, or an error that ends the reading */
    pl_status status; /* of the first error */
};

size_t pl_yaml_memory_for(size_t text_size)
{
    size_t size = text_size < PL_YAML_TEXT_MAX ? text_size : PL_YAML_TEXT_MAX;
    size_t node_count = size + 3;
    if (node_count > (size_t)PL_YAML_NODE_COUNT_MAX + 1) {
        node_count = (size_t)PL_YAML_NODE_COUNT_MAX + 1;
    }
    /* An escape of two bytes becomes up to three, and every key and scalar gets a terminator. */
    return node_count * sizeof(struct pl_yaml_node) + size * 5 / 2 + 64;
}

size_t pl_yaml_memory_max(void)
{
    return pl_yaml_memory_for(PL_YAML_TEXT_MAX);
}

static pl_pos position(const struct reader *reader, yaml_mark_t mark)
{
    pl_pos pos = {(uint32_t)mark.line + 1, (uint32_t)mark.column + 1, ""};
    (void)strncpy(pos.path, reader->yaml->path, sizeof pos.path - 1);
    return pos;
}

static void note(struct reader *reader, pl_status status)
{
    if (reader->status == PL_OK) {
        reader->status = status;
    }
}

static void refuse(struct reader *reader, yaml_mark_t mark, const char *message)
{
    pl_pos pos = position(reader, mark);
    pl_errors_add(reader->errors, PL_BAD_INPUT, &pos, "%s", message);
    note(reader, PL_BAD_INPUT);
}

/* An error after which nothing more is read. */
static void stop(struct reader *reader, pl_status status, yaml_mark_t mark, const char *message)
{
    pl_pos pos = position(reader, mark);
    pl_errors_add(reader->errors, status, &pos, "%s", message);
    note(reader, status);
    reader->done = true;
}

/* Bytes left between nodes and texts. */
static size_t room(const struct reader *reader)
{
    const char *nodes_end = (const char *)(reader->yaml->nodes + reader->yaml->node_count);
    return (size_t)(reader->texts - nodes_end);
}

static bool copy_text(
    struct reader *reader, const yaml_char_t *value, size_t size, yaml_mark_t mark, pl_slice *out)
{
    if (memchr(value, 0, size) != NULL) {
        refuse(reader, mark, "a NUL character is not allowed in content");
        size = 0;
    }
    if (room(reader) < size + 1) {
        stop(reader, PL_LIMIT, mark, "the document is larger than the memory kept for it");
        return false;
    }
    reader->texts -= size + 1;
    memcpy(reader->texts, value, size);
    reader->texts[size] = '\0';
    *out = (pl_slice){reader->texts, size};
    return true;
}

/* Report a key that its map has already; the walk is bounded by PL_YAML_KEYS_MAX. */
static void check_duplicate(struct reader *reader, const struct pl_yaml_node *fresh)
{
    const struct pl_yaml_node *nodes = reader->yaml->nodes;
    uint32_t index = nodes[reader->current].first_child;
    for (; index != 0; index = nodes[index].next) {
        const struct pl_yaml_node *other = &nodes[index];
        if (other->key_hash == fresh->key_hash && pl_slice_equal(other->key, fresh->key)) {
            pl_pos pos = position(reader, reader->key_mark);
            pl_errors_add(reader->errors,
                          PL_BAD_INPUT,
                          &pos,
                          "the key `%s` stands twice in this map; the first is in line %u",
                          pl_excerpt_of(fresh->key).text,
                          other->key_line);
            note(reader, PL_BAD_INPUT);
            return;
        }
    }
}

static void take_key(struct reader *reader, struct pl_yaml_node *node)
{
    node->key = reader->key;
    node->key_line = (uint32_t)reader->key_mark.line + 1;
    node->key_column = (uint32_t)reader->key_mark.column + 1;
    node->key_hash = (uint32_t)pl_hash_bytes(node->key.data, node->key.size, 0).low;
    if (reader->key_is_valid) {
        check_duplicate(reader, node);
    }
    reader->has_key = false;
}

/* Append a node to the open container (or make it the root); returns its index, 0 on a limit. */
static uint32_t append_node(struct reader *reader, pl_yaml_kind kind, yaml_mark_t mark)
{
    struct pl_yaml *yaml = reader->yaml;
    if (yaml->node_count > PL_YAML_NODE_COUNT_MAX) {
        stop(reader, PL_LIMIT, mark, "the document has more than 65535 values");
        return 0;
    }
    if (room(reader) < sizeof(struct pl_yaml_node)) {
        stop(reader, PL_LIMIT, mark, "the document is larger than the memory kept for it");
        return 0;
    }
    uint32_t index = yaml->node_count;
    struct pl_yaml_node *node = &yaml->nodes[index];
    memset(node, 0, sizeof *node);
    node->kind = kind;
    node->line = (uint32_t)mark.line + 1;
    node->column = (uint32_t)mark.column + 1;
    node->parent = reader->current;
    node->text = (pl_slice){"", 0};
    yaml->node_count++;
    if (reader->current == 0) {
        yaml->root = index;
        return index;
    }
    struct pl_yaml_node *parent = &yaml->nodes[reader->current];
    if (parent->kind == PL_YAML_MAP) {
        if (parent->child_count == PL_YAML_KEYS_MAX) {
            stop(reader, PL_LIMIT, mark, "the map has more than 2048 keys");
            return 0;
        }
        take_key(reader, node);
    }
    if (parent->last_child != 0) {
        yaml->nodes[parent->last_child].next = index;
    } else {
        parent->first_child = index;
    }
    parent->last_child = index;
    parent->child_count++;
    return index;
}

static bool expects_key(const struct reader *reader)
{
    return reader->current != 0 && !reader->has_key &&
           reader->yaml->nodes[reader->current].kind == PL_YAML_MAP;
}

/* Stand-in for a key that was refused, so that its value finds a place and reading goes on. */
static void set_refused_key(struct reader *reader, yaml_mark_t mark)
{
    reader->key = (pl_slice){"", 0};
    reader->key_mark = mark;
    reader->has_key = true;
    reader->key_is_valid = false;
}

static void check_properties(struct reader *reader,
                             const yaml_char_t *anchor,
                             const yaml_char_t *tag,
                             yaml_mark_t mark)
{
    if (anchor != NULL) {
        refuse(reader, mark, "anchors (`&name`) are not allowed; write the value out");
    }
    if (tag != NULL) {
        refuse(reader, mark, "tags (`!name`) are not allowed; remove the tag");
    }
}

static void on_key(struct reader *reader, const yaml_event_t *event)
{
    yaml_mark_t mark = event->start_mark;
    const yaml_char_t *value = event->data.scalar.value;
    size_t size = event->data.scalar.length;
    set_refused_key(reader, mark);
    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && size == 2 &&
        memcmp(value, "<<", 2) == 0) {
        refuse(reader, mark, "merge keys (`<<`) are not allowed; write the entries out");
        return;
    }
    if (size == 0) {
        refuse(reader, mark, "a key is empty; expected a name before the colon");
        return;
    }
    if (copy_text(reader, value, size, mark, &reader->key)) {
        reader->key_is_valid = reader->key.size > 0;
    }
}

static void on_scalar(struct reader *reader, const yaml_event_t *event)
{
    check_properties(reader, event->data.scalar.anchor, event->data.scalar.tag, event->start_mark);
    if (expects_key(reader)) {
        on_key(reader, event);
        return;
    }
    uint32_t index = append_node(reader, PL_YAML_SCALAR, event->start_mark);
    if (index == 0) {
        return;
    }
    pl_slice text = {"", 0};
    if (copy_text(reader,
                  event->data.scalar.value,
                  event->data.scalar.length,
                  event->start_mark,
                  &text)) {
        reader->yaml->nodes[index].text = text;
        reader->yaml->nodes[index].quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    }
}

static void on_container(struct reader *reader,
                         pl_yaml_kind kind,
                         const yaml_event_t *event,
                         const yaml_char_t *anchor,
                         const yaml_char_t *tag)
{
    check_properties(reader, anchor, tag, event->start_mark);
    if (reader->depth == PL_YAML_DEPTH_MAX) {
        stop(reader,
             PL_LIMIT,
             event->start_mark,
             "maps and lists are nested more than 64 levels deep");
        return;
    }
    reader->depth++;
    if (expects_key(reader)) {
        refuse(reader, event->start_mark, "a key has to be a plain word, not a map or a list");
        reader->refused = 1;
        return;
    }
    uint32_t index = append_node(reader, kind, event->start_mark);
    if (index != 0) {
        reader->current = index;
    }
}

static void on_container_end(struct reader *reader)
{
    PL_CHECK(reader->depth > 0);
    PL_CHECK(reader->current != 0);
    reader->depth--;
    reader->current = reader->yaml->nodes[reader->current].parent;
}

static void on_alias(struct reader *reader, yaml_mark_t mark)
{
    refuse(reader, mark, "aliases (`*name`) are not allowed; write the value out");
    if (expects_key(reader)) {
        set_refused_key(reader, mark);
    } else {
        (void)append_node(reader, PL_YAML_SCALAR, mark);
    }
}

static void on_document(struct reader *reader, const yaml_event_t *event)
{
    reader->documents++;
    if (reader->documents > 1) {
        stop(reader,
             PL_BAD_INPUT,
             event->start_mark,
             "a second document begins here; one file holds one document");
        return;
    }
    const yaml_tag_directive_t *first = event->data.document_start.tag_directives.start;
    if (event->data.document_start.version_directive != NULL ||
        first != event->data.document_start.tag_directives.end) {
        refuse(reader, event->start_mark, "directives (`%YAML`, `%TAG`) are not allowed");
    }
}

/* Inside of a refused key only the nesting counts. */
static void skip_refused(struct reader *reader, const yaml_event_t *event)
{
    if (event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT) {
        reader->refused++;
        if (reader->depth + reader->refused > PL_YAML_DEPTH_MAX) {
            stop(reader,
                 PL_LIMIT,
                 event->start_mark,
                 "maps and lists are nested more than 64 levels deep");
        }
    } else if (event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT) {
        reader->refused--;
        if (reader->refused == 0) {
            reader->depth--;
            set_refused_key(reader, event->start_mark);
        }
    }
}

static void on_event(struct reader *reader, const yaml_event_t *event)
{
    if (reader->refused > 0) {
        skip_refused(reader, event);
        return;
    }
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        on_document(reader, event);
        break;
    case YAML_SCALAR_EVENT:
        on_scalar(reader, event);
        break;
    case YAML_MAPPING_START_EVENT:
        on_container(reader,
                     PL_YAML_MAP,
                     event,
                     event->data.mapping_start.anchor,
                     event->data.mapping_start.tag);
        break;
    case YAML_SEQUENCE_START_EVENT:
        on_container(reader,
                     PL_YAML_LIST,
                     event,
                     event->data.sequence_start.anchor,
                     event->data.sequence_start.tag);
        break;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        on_container_end(reader);
        break;
    case YAML_ALIAS_EVENT:
        on_alias(reader, event->start_mark);
        break;
    case YAML_STREAM_END_EVENT:
        reader->done = true;
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
}

/* libyaml gives a byte offset only for text that it could not decode. */
static yaml_mark_t mark_of_offset(pl_slice source, size_t offset)
{
    yaml_mark_t mark = {offset, 0, 0};
    for (size_t i = 0; i < offset && i < source.size; i++) {
        if (source.data[i] == '\n') {
            mark.line++;
            mark.column = 0;
        } else if (((unsigned char)source.data[i] & 0xC0U) != 0x80U) {
            mark.column++;
        }
    }
    return mark;
}

/* True when a mark, which counts characters, stands at a tab. */
static bool is_tab(const struct reader *reader, yaml_mark_t mark)
{
    pl_slice source = reader->source;
    size_t line = 0;
    size_t column = 0;
    for (size_t i = 0; i < source.size; i++) {
        if (line == mark.line && column == mark.column) {
            return source.data[i] == '\t';
        }
        if (source.data[i] == '\n') {
            line++;
            column = 0;
        } else if (i + 1 < source.size && ((unsigned char)source.data[i + 1] & 0xC0U) != 0x80U) {
            column++;
        }
    }
    return false;
}

static void on_syntax_error(struct reader *reader, const yaml_parser_t *parser)
{
    const char *problem = parser->problem != NULL ? parser->problem : "unknown problem";
    reader->done = true;
    if (parser->error == YAML_MEMORY_ERROR) {
        note(reader, PL_NO_MEMORY);
        pl_errors_add(reader->errors, PL_NO_MEMORY, NULL, "no memory is left to read YAML");
        return;
    }
    note(reader, PL_BAD_INPUT);
    if (parser->error == YAML_READER_ERROR) {
        pl_pos pos = position(reader, mark_of_offset(reader->source, parser->problem_offset));
        pl_errors_add(
            reader->errors, PL_BAD_INPUT, &pos, "the text is not plain UTF-8: %s", problem);
        return;
    }
    pl_pos pos = position(reader, parser->problem_mark);
    if (is_tab(reader, parser->problem_mark)) {
        pl_errors_add(reader->errors, PL_BAD_INPUT, &pos, "a tab cannot indent YAML; use spaces");
    } else if (parser->context != NULL) {
        pl_errors_add(reader->errors,
                      PL_BAD_INPUT,
                      &pos,
                      "the text is not valid YAML: %s %s that starts in line %u",
                      problem,
                      parser->context,
                      (uint32_t)parser->context_mark.line + 1);
    } else {
        pl_errors_add(
            reader->errors, PL_BAD_INPUT, &pos, "the text is not valid YAML: %s", problem);
    }
}

static void read_events(struct reader *reader)
{
    yaml_parser_t parser;
    if (yaml_parser_initialize(&parser) == 0) {
        note(reader, PL_NO_MEMORY);
        pl_errors_add(reader->errors, PL_NO_MEMORY, NULL, "no memory is left to read YAML");
        return;
    }
    const char *data = reader->source.size > 0 ? reader->source.data : "";
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)data, reader->source.size);
    while (!reader->done) {
        yaml_event_t event;
        if (yaml_parser_parse(&parser, &event) == 0) {
            on_syntax_error(reader, &parser);
            break;
        }
        on_event(reader, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
}

pl_status pl_yaml_load(struct pl_yaml *yaml,
                       pl_slice text,
                       const char *path,
                       void *memory,
                       size_t memory_size,
                       struct pl_errors *errors)
{
    PL_CHECK(yaml != NULL && path != NULL && memory != NULL && errors != NULL);
    PL_CHECK(memory_size >= 2 * sizeof(struct pl_yaml_node));
    PL_CHECK((uintptr_t)memory % _Alignof(struct pl_yaml_node) == 0);
    *yaml = (struct pl_yaml){.path = path, .nodes = memory, .node_count = 1};
    memset(&yaml->nodes[0], 0, sizeof yaml->nodes[0]);
    struct reader reader = {
        .yaml = yaml,
        .errors = errors,
        .source = text,
        .texts = (char *)memory + memory_size,
    };
    yaml_mark_t start = {0, 0, 0};
    if (text.size > PL_YAML_TEXT_MAX) {
        stop(&reader, PL_LIMIT, start, "the text is larger than 1 MiB");
        return reader.status;
    }
    read_events(&reader);
    if (reader.status == PL_OK && yaml->root == 0) {
        refuse(&reader, start, "the text is empty; expected a YAML document");
    }
    return reader.status;
}

const struct pl_yaml_node *pl_yaml_at(const struct pl_yaml *yaml, uint32_t index)
{
    PL_CHECK(yaml != NULL);
    PL_CHECK(index > 0 && index < yaml->node_count);
    return &yaml->nodes[index];
}

uint32_t pl_yaml_find(const struct pl_yaml *yaml, uint32_t map, const char *key)
{
    PL_CHECK(key != NULL);
    const struct pl_yaml_node *node = pl_yaml_at(yaml, map);
    if (node->kind != PL_YAML_MAP) {
        return 0;
    }
    pl_slice wanted = pl_slice_of(key);
    uint32_t hash = (uint32_t)pl_hash_bytes(wanted.data, wanted.size, 0).low;
    uint32_t index = node->first_child;
    while (index != 0 && !(yaml->nodes[index].key_hash == hash &&
                           pl_slice_equal(yaml->nodes[index].key, wanted))) {
        index = yaml->nodes[index].next;
    }
    return index;
}

bool pl_yaml_is_null(const struct pl_yaml *yaml, uint32_t index)
{
    const struct pl_yaml_node *node = pl_yaml_at(yaml, index);
    return node->kind == PL_YAML_SCALAR && !node->quoted &&
           (node->text.size == 0 || pl_slice_equal(node->text, pl_slice_of("null")) ||
            pl_slice_equal(node->text, pl_slice_of("~")));
}

static pl_pos make_pos(const struct pl_yaml *yaml, uint32_t line, uint32_t column)
{
    pl_pos pos = {line, column, ""};
    (void)strncpy(pos.path, yaml->path, sizeof pos.path - 1);
    return pos;
}

pl_pos pl_yaml_pos(const struct pl_yaml *yaml, uint32_t index)
{
    const struct pl_yaml_node *node = pl_yaml_at(yaml, index);
    return make_pos(yaml, node->line, node->column);
}

pl_pos pl_yaml_key_pos(const struct pl_yaml *yaml, uint32_t index)
{
    const struct pl_yaml_node *node = pl_yaml_at(yaml, index);
    if (node->key_line == 0) {
        return make_pos(yaml, node->line, node->column);
    }
    return make_pos(yaml, node->key_line, node->key_column);
}
