// SPDX-License-Identifier: Apache-2.0
#include "usage.h"

#include "base/check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 64, TEXT_SIZE = 16384, KIB = 1024, TICKS_AT = 11 /* fields before utime */ };

/* Read a file of /proc about a process. */
static bool load(int process, const char *name, char *text)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "/proc/%d/%s", process, name);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    size_t size = fread(text, 1, TEXT_SIZE - 1, file);
    text[size] = '\0';
    (void)fclose(file);
    return size > 0;
}

/* A line like `Pss:  123 kB` in bytes. */
static int64_t line_bytes(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    return at == NULL ? 0 : strtoll(at + strlen(name), NULL, 10) * KIB;
}

/* utime and stime follow the name, which may contain anything but ends with the last `)`. */
static int64_t cpu_of(const char *stat)
{
    const char *at = strrchr(stat, ')');
    for (int i = 0; i < TICKS_AT + 1 && at != NULL; i++) {
        at = strchr(at + 1, ' ');
    }
    if (at == NULL) {
        return 0;
    }
    char *end = NULL;
    long long user = strtoll(at, &end, 10);
    long long system = strtoll(end, NULL, 10);
    return (int64_t)((double)(user + system) * 1e9 / (double)sysconf(_SC_CLK_TCK));
}

static int64_t count_files(int process)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "/proc/%d/fd", process);
    DIR *folder = opendir(path);
    int64_t count = 0;
    while (folder != NULL && readdir(folder) != NULL) {
        count++;
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    return count > 2 ? count - 2 : 0; /* `.` and `..` */
}

int64_t pl_load_cpu_of(int process)
{
    char text[TEXT_SIZE];
    return load(process, "stat", text) ? cpu_of(text) : 0;
}

bool pl_load_usage_of(int process, struct pl_load_usage *usage)
{
    char text[TEXT_SIZE];
    PL_CHECK(usage != NULL);
    *usage = (struct pl_load_usage){0};
    if (!load(process, "stat", text)) {
        return false;
    }
    usage->cpu_ns = cpu_of(text);
    usage->files = count_files(process);
    if (load(process, "status", text)) {
        usage->tables = line_bytes(text, "VmPTE:");
    }
    if (load(process, "smaps_rollup", text)) {
        usage->resident = line_bytes(text, "\nRss:");
        usage->held = line_bytes(text, "\nPss:");
    }
    return true;
}
