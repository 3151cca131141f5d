// SPDX-License-Identifier: Apache-2.0
//
// Any text is a world or a list of mistakes, each with a place and a harmless sentence.
#include "fuzz.h"

#include "base/check.h"
#include "scenario/load.h"

#include <stdlib.h>
#include <string.h>

static struct {
    struct pl_world *world;
    struct pl_setting *setting;
    void *scratch;
} memory;

static void free_memory(void)
{
    free(memory.world);
    free(memory.setting);
    free(memory.scratch);
}

static void allocate_memory(void)
{
    memory.world = malloc(sizeof *memory.world);
    memory.setting = malloc(sizeof *memory.setting);
    memory.scratch = malloc(PL_LOAD_SCRATCH);
    PL_CHECK(memory.world != NULL && memory.setting != NULL && memory.scratch != NULL);
    PL_CHECK(atexit(free_memory) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct pl_errors errors;
    if (memory.world == NULL) {
        allocate_memory();
    }
    memset(&errors, 0, sizeof errors);
    struct pl_file file = {"f.yaml", {(const char *)data, size}};
    pl_status status = pl_world_load(&file, memory.world, memory.setting, memory.scratch, &errors);
    PL_CHECK((status == PL_OK) == (errors.count == 0));
    for (uint32_t i = 0; i < errors.count && i < PL_ERRORS_MAX; i++) {
        PL_CHECK(errors.items[i].message[0] != '\0');
        for (const char *c = errors.items[i].message; *c != '\0'; c++) {
            PL_CHECK((unsigned char)*c >= 0x20);
        }
    }
    return 0;
}
