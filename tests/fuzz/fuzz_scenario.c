// SPDX-License-Identifier: Apache-2.0
//
// Any text is a scenario of a small world or a list of mistakes, each with a place and a harmless
// sentence.
#include "fuzz.h"

#include "base/check.h"
#include "os/file.h"
#include "scenario/load.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_SIZE_MAX = 1 << 20, FAULTS = 2 };

#define WORLD PL_CONTENT_DIR "/../tests/content/worlds/corner-shop.yaml"

static const char *const fault_paths[FAULTS] = {
    PL_CONTENT_DIR "/faults/pool.long_hold.yaml",
    PL_CONTENT_DIR "/faults/cpu.quota.yaml",
};

static struct {
    struct pl_world *world;
    struct pl_scenario *scenario;
    void *scratch;
    struct pl_file around; /* the world's YAML, owned */
    struct pl_file faults[FAULTS];
} memory;

static void free_memory(void)
{
    free(memory.world);
    free(memory.scenario);
    free(memory.scratch);
    free((char *)(uintptr_t)memory.around.text.data);
    for (uint32_t i = 0; i < FAULTS; i++) {
        free((char *)(uintptr_t)memory.faults[i].text.data);
    }
}

static void read_file(struct pl_file *file, const char *path)
{
    file->path = path;
    PL_CHECK(pl_file_load(path, FILE_SIZE_MAX, &file->text, NULL) == PL_OK);
}

static void allocate_memory(void)
{
    memory.world = malloc(sizeof *memory.world);
    memory.scenario = malloc(sizeof *memory.scenario);
    memory.scratch = malloc(PL_LOAD_SCRATCH);
    PL_CHECK(memory.world != NULL && memory.scenario != NULL && memory.scratch != NULL);
    read_file(&memory.around, WORLD);
    for (uint32_t i = 0; i < FAULTS; i++) {
        read_file(&memory.faults[i], fault_paths[i]);
    }
    PL_CHECK(atexit(free_memory) == 0);
}

static void check_errors(const struct pl_errors *errors, pl_status status)
{
    PL_CHECK((status == PL_OK) == (errors->count == 0));
    for (uint32_t i = 0; i < errors->count && i < PL_ERRORS_MAX; i++) {
        PL_CHECK(errors->items[i].message[0] != '\0');
        for (const char *c = errors->items[i].message; *c != '\0'; c++) {
            PL_CHECK((unsigned char)*c >= 0x20);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct pl_errors errors;
    char name[PL_NAME_MAX];
    if (memory.world == NULL) {
        allocate_memory();
    }
    memset(&errors, 0, sizeof errors);
    struct pl_scenario_files files = {
        .scenario = {"f.yaml", {(const char *)data, size}},
        .world = memory.around,
        .faults = memory.faults,
        .fault_count = FAULTS,
    };
    pl_status status = pl_scenario_world_name(&files.scenario, name, memory.scratch, &errors);
    check_errors(&errors, status);
    if (status != PL_OK) {
        return 0;
    }
    memset(&errors, 0, sizeof errors);
    status = pl_scenario_load(&files, memory.world, memory.scenario, memory.scratch, &errors);
    check_errors(&errors, status);
    return 0;
}
