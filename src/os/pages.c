// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* mincore, MAP_ANONYMOUS */
#include "os/pages.h"

#include "base/check.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CHUNK = 4096 /* pages asked about at a time */ };

static size_t page_size(void)
{
    long size = sysconf(_SC_PAGESIZE);
    PL_CHECK(size > 0);
    return (size_t)size;
}

pl_status pl_pages_reserve(size_t size, void **memory, pl_error *err)
{
    PL_CHECK(size > 0 && memory != NULL);
    void *pages = mmap(
        NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED) {
        *memory = NULL;
        return pl_fail(err,
                       PL_NO_MEMORY,
                       NULL,
                       "The machine does not give %.1f GB of address space.",
                       (double)size / 1e9);
    }
    *memory = pages;
    return PL_OK;
}

void pl_pages_release(void *memory, size_t size)
{
    if (memory != NULL) {
        PL_CHECK(munmap(memory, size) == 0);
    }
}

size_t pl_pages_touched(void *memory, size_t size)
{
    PL_CHECK(memory != NULL);
    unsigned char held[CHUNK];
    size_t page = page_size();
    size_t count = (size + page - 1) / page;
    size_t touched = 0;
    for (size_t at = 0; at < count; at += CHUNK) {
        size_t part = count - at < CHUNK ? count - at : CHUNK;
        if (mincore((char *)memory + at * page, part * page, held) != 0) {
            return 0;
        }
        for (size_t i = 0; i < part; i++) {
            touched += held[i] & 1U;
        }
    }
    return touched * page;
}

size_t pl_pages_resident(void)
{
    char line[128] = "";
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL) {
        return 0;
    }
    /* Of the counts in the line, the second is what is in memory. */
    bool read = fgets(line, sizeof line, file) != NULL;
    (void)fclose(file);
    const char *held = read ? strchr(line, ' ') : NULL;
    return held != NULL ? strtoul(held, NULL, 10) * page_size() : 0;
}

size_t pl_pages_machine(void)
{
    long pages = sysconf(_SC_PHYS_PAGES);
    return pages > 0 ? (size_t)pages * page_size() : 0;
}
