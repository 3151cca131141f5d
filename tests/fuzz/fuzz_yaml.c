// SPDX-License-Identifier: Apache-2.0
//
// Any text gives either a sound tree or errors with places.
#include "fuzz.h"

#include "base/check.h"
#include "text/yaml.h"

#include <stdlib.h>
#include <string.h>

static void check_node(const struct pl_yaml *yaml, uint32_t index, const char *memory, size_t size)
{
    const struct pl_yaml_node *node = pl_yaml_at(yaml, index);
    PL_CHECK(node->line > 0 && node->column > 0);
    PL_CHECK(node->parent < index);
    PL_CHECK(node->kind != PL_YAML_SCALAR || node->child_count == 0);
    if (node->text.size > 0) {
        PL_CHECK(node->text.data > memory && node->text.data + node->text.size < memory + size);
    }
    PL_CHECK(node->text.data[node->text.size] == '\0');
    uint32_t count = 0;
    for (uint32_t child = node->first_child; child != 0; child = pl_yaml_at(yaml, child)->next) {
        const struct pl_yaml_node *inside = pl_yaml_at(yaml, child);
        PL_CHECK(inside->parent == index);
        PL_CHECK((node->kind == PL_YAML_MAP) == (inside->key.size > 0));
        PL_CHECK(inside->key.size == 0 || inside->key.data[inside->key.size] == '\0');
        count++;
    }
    PL_CHECK(count == node->child_count);
}

static void check_errors(const struct pl_errors *errors, pl_status status)
{
    PL_CHECK((status == PL_OK) == (errors->count == 0));
    PL_CHECK(errors->count == 0 || errors->items[0].status == status);
    for (uint32_t i = 0; i < errors->count && i < PL_ERRORS_MAX; i++) {
        const pl_error *err = &errors->items[i];
        PL_CHECK(err->pos.line > 0 && err->pos.column > 0);
        for (const char *c = err->message; *c != '\0'; c++) {
            PL_CHECK((unsigned char)*c >= 0x20);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct pl_errors errors;
    /* Less than enough for some texts, so that the end of the memory is tested, too. */
    size_t memory_size = pl_yaml_memory_for(size % 3 == 0 ? size / 8 : size);
    char *memory = malloc(memory_size);
    PL_CHECK(memory != NULL);
    memset(&errors, 0, sizeof errors);
    struct pl_yaml yaml;
    pl_slice text = {(const char *)data, size};
    pl_status status = pl_yaml_load(&yaml, text, "f.yaml", memory, memory_size, &errors);
    check_errors(&errors, status);
    if (status == PL_OK) {
        for (uint32_t i = 1; i < yaml.node_count; i++) {
            check_node(&yaml, i, memory, memory_size);
        }
    }
    free(memory);
    return 0;
}
