// SPDX-License-Identifier: Apache-2.0
//
// What a process of this machine uses, as Linux tells it.
#ifndef PL_LOAD_USAGE_H
#define PL_LOAD_USAGE_H

#include <stdbool.h>
#include <stdint.h>

/** Use of a process. Memory in bytes. */
struct pl_load_usage {
    int64_t cpu_ns;   /* since its start, all threads */
    int64_t resident; /* pages in its tables; a page that is mapped often counts as often */
    int64_t held;     /* proportional share (PSS): what the machine would get back */
    int64_t tables;   /* its page tables */
    int64_t files;    /* open descriptors */
};

/** Processor time of a process alone; 0 when it is gone. */
int64_t pl_load_cpu_of(int process);

/**
 * Ask Linux about a process; false when it is gone. Linux walks all its pages for this, which takes
 * a second for gigabytes, and the process waits for it meanwhile: never while delays are measured.
 */
bool pl_load_usage_of(int process, struct pl_load_usage *usage);

#endif
