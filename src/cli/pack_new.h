// SPDX-License-Identifier: Apache-2.0
//
// Scaffolds of `plumb pack new`: a world or a scenario that lints clean and can be tested, to be
// changed step by step into one's own.
#ifndef PL_CLI_PACK_NEW_H
#define PL_CLI_PACK_NEW_H

#include "base/buf.h"
#include "base/error.h"
#include "scenario/scenario.h"

enum { PL_PACK_NEW_TEXT_MAX = 64 * 1024 };

/** Put a name in the place of every word NAME of a template. */
void pl_pack_new_fill(pl_slice text, const char *name, struct pl_buf *out);

/**
 * Write a scenario that fits a world: three causes out of the library, a red herring, a message.
 *
 * @param name     of the scenario
 * @param world    sealed
 * @param setting  of the world
 * @param out      YAML, appended
 * @param err      sentence: the world lacks what an incident needs
 * @return PL_OK or PL_BAD_INPUT
 */
pl_status pl_pack_new_scenario_text(const char *name,
                                    const struct pl_world *world,
                                    const struct pl_setting *setting,
                                    struct pl_buf *out,
                                    pl_error *err) __attribute__((warn_unused_result));

/**
 * Write a new world into the content, and the schemas for editors beside it.
 *
 * @param directory  of content
 * @param name       must not exist yet
 * @param err        sentence
 */
pl_status pl_pack_new_world(const char *directory, const char *name, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Write a new scenario with its runbook into the content.
 *
 * @param directory  of content
 * @param name       must not exist yet
 * @param world      name of a world of the content
 * @param errors     all mistakes, those of the world's file included
 */
pl_status pl_pack_new_scenario(const char *directory,
                               const char *name,
                               const char *world,
                               struct pl_errors *errors) __attribute__((warn_unused_result));

#endif
