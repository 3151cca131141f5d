// SPDX-License-Identifier: Apache-2.0
//
// What bots have learned of a scenario, on disk: scenarios/NAME/bots.json beside its scenario.yaml.
#ifndef PL_EXAM_KNOWLEDGE_FILE_H
#define PL_EXAM_KNOWLEDGE_FILE_H

#include "base/error.h"
#include "bots/knowledge.h"
#include "exam/content.h"

#include <stdbool.h>

/**
 * Path of the file.
 *
 * @param directory  directory of content
 * @param scenario   name
 * @param path       filled, PL_FILE_PATH_MAX bytes
 * @param err        sentence
 * @return PL_OK or PL_LIMIT
 */
pl_status
pl_knowledge_file_path(const char *directory, const char *scenario, char *path, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Read what was learned, if anything was. What was learned from other content is given too: bots
 * become worse, not wrong; pl_knowledge_file_stale tells.
 *
 * @param directory  directory of content
 * @param content    loaded from it
 * @param knowledge  filled with owned memory for free(); NULL when nothing was learned
 * @param err        sentence
 * @return PL_OK or why the file can't be read
 */
pl_status pl_knowledge_file_load(const char *directory,
                                 const struct pl_content *content,
                                 struct pl_knowledge **knowledge,
                                 pl_error *err) __attribute__((warn_unused_result));

/** True when something was learned, and from other content than this. */
bool pl_knowledge_file_stale(const struct pl_knowledge *knowledge,
                             const struct pl_content *content);

#endif
