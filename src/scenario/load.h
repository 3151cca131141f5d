// SPDX-License-Identifier: Apache-2.0
//
// Content files to definitions. All errors of a file are listed with their places.
//
// The layer is pure: the caller reads the files and hands over their bytes. What a document needs
// while it is read lives in scratch memory of the caller.
#ifndef PL_SCENARIO_LOAD_H
#define PL_SCENARIO_LOAD_H

#include "base/buf.h"
#include "base/error.h"
#include "model/model.h"
#include "scenario/reader.h"
#include "scenario/scenario.h"

#include <stddef.h>

enum {
    PL_CONTENT_MAX = 1 << 20,      /* bytes of one content file */
    PL_LOAD_SCRATCH = 27 * 1 << 20 /* bytes of scratch that any file within the limit needs */
};

/**
 * Read a world file into a sealed world and its setting.
 *
 * @param file     the YAML
 * @param world    filled and sealed when no error is found
 * @param setting  filled
 * @param scratch  memory of the caller, PL_LOAD_SCRATCH bytes, aligned to 16
 * @param errors   all errors, in the order of the file; count 0 on success
 * @return PL_OK, PL_BAD_INPUT or PL_LIMIT
 */
pl_status pl_world_load(const struct pl_file *file,
                        struct pl_world *world,
                        struct pl_setting *setting,
                        void *scratch,
                        struct pl_errors *errors) __attribute__((warn_unused_result));

/**
 * Name of the world that a scenario file plays in, so that the caller can read that file.
 *
 * @param file     the scenario's YAML
 * @param name     filled, PL_NAME_MAX bytes
 * @param scratch  as in pl_world_load
 * @param errors   errors of the document's form
 */
pl_status pl_scenario_world_name(const struct pl_file *file,
                                 char *name,
                                 void *scratch,
                                 struct pl_errors *errors) __attribute__((warn_unused_result));

/** What a scenario is made of; all borrowed for the call. */
struct pl_scenario_files {
    struct pl_file scenario;      /* its YAML */
    struct pl_file world;         /* the world's YAML */
    const struct pl_file *pages;  /* pages[page_count], Markdown; named as the file without `.md` */
    const struct pl_file *faults; /* faults[fault_count], the library; named without `.yaml` */
    uint32_t page_count;
    uint32_t fault_count; /* at most PL_FAULT_FILES_MAX */
    uint64_t faults_used; /* filled: bit per fault that the scenario uses */
};

/**
 * Read a scenario with its world, runbook pages and the faults that it uses.
 *
 * @param files     what was read
 * @param world     filled and sealed
 * @param scenario  filled
 * @param scratch   as in pl_world_load
 * @param errors    all errors of all files
 */
pl_status pl_scenario_load(struct pl_scenario_files *files,
                           struct pl_world *world,
                           struct pl_scenario *scenario,
                           void *scratch,
                           struct pl_errors *errors) __attribute__((warn_unused_result));

/**
 * Read a list of changes for a world, such as the file of `plumb simulate --change`.
 *
 * @param file     YAML: a list of changes; `at` is relative to `zero_s`
 * @param world    sealed
 * @param zero_s   simulated seconds that `at: 0s` stands for
 * @param out      filled, out[max]
 * @param max      room
 * @param count    filled
 * @param scratch  as in pl_world_load
 * @param errors   all errors
 */
pl_status pl_changes_load(const struct pl_file *file,
                          const struct pl_world *world,
                          double zero_s,
                          struct pl_change *out,
                          uint32_t max,
                          uint32_t *count,
                          void *scratch,
                          struct pl_errors *errors) __attribute__((warn_unused_result));

#endif
