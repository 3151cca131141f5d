// SPDX-License-Identifier: Apache-2.0
//
// Finding and reading content: worlds, scenarios and their runbooks.
//
// The directory of content is, in this order: --content, $PLUMB_CONTENT, the source tree that this
// binary was built in, `../share/plumbline` beside the binary. It holds worlds/NAME.yaml,
// scenarios/NAME/scenario.yaml with scenarios/NAME/runbook/*.md, and the library faults/NAME.yaml.
#ifndef PL_EXAM_CONTENT_H
#define PL_EXAM_CONTENT_H

#include "base/error.h"
#include "base/hash.h"
#include "scenario/fault.h"
#include "scenario/load.h"
#include "scenario/scenario.h"

/** A scenario with its world, owned; pl_content_free gives it back. */
struct pl_content {
    struct pl_world *world;
    struct pl_scenario *scenario;
    char hash[PL_HASH_TEXT_SIZE]; /* of all bytes that were read */
};

/**
 * Find the directory of content.
 *
 * @param option  value of --content, or NULL
 * @param path    filled, PL_FILE_PATH_MAX bytes
 * @param err     sentence that names what was tried
 * @return PL_OK or PL_NOT_FOUND
 */
pl_status pl_content_directory(const char *option, char *path, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Read a scenario.
 *
 * @param directory  directory of content
 * @param name       name of a scenario, or path of a scenario.yaml or of its folder
 * @param content    filled
 * @param errors     all mistakes; empty on success
 * @return PL_OK, or the status of the first error
 */
pl_status pl_content_load(const char *directory,
                          const char *name,
                          struct pl_content *content,
                          struct pl_errors *errors) __attribute__((warn_unused_result));

/** Give the memory back; a zeroed value is allowed. */
void pl_content_free(struct pl_content *content);

/**
 * Names of all scenarios.
 *
 * @param directory  directory of content
 * @param names      filled with owned texts, names[max]
 * @param max        room
 * @param count      filled
 * @param err        sentence
 * @return PL_OK, or why the directory cannot be read
 */
pl_status
pl_content_names(const char *directory, char **names, uint32_t max, uint32_t *count, pl_error *err)
    __attribute__((warn_unused_result));

/** Told of each fault of the library that has no mistake, in the order of names. */
typedef void (*pl_content_fault_fn)(void *context, const struct pl_fault *fault);

/**
 * Read the fault library.
 *
 * @param directory  directory of content; without a folder `faults` the library is empty
 * @param visit      called for each fault
 * @param context    handed to it
 * @param errors     all mistakes of all faults
 * @return PL_OK, or the status of the first mistake
 */
pl_status pl_content_faults(const char *directory,
                            pl_content_fault_fn visit,
                            void *context,
                            struct pl_errors *errors) __attribute__((warn_unused_result));

/** Print all errors of a list to stderr; returns the exit code that stands for the first. */
int pl_content_report(const struct pl_errors *errors);

#endif
