// SPDX-License-Identifier: Apache-2.0
//
// The commands of the prompt: one table for the grammar, completion and help.
#ifndef PL_CLI_GUIDE_H
#define PL_CLI_GUIDE_H

#include "base/buf.h"
#include "cli/lexicon.h"
#include "cli/term.h"

#include <stdint.h>

/** A command of the prompt that is no action. */
struct pl_verb {
    const char *name;
    const char *usage;   /* `panel SERVICE [PANEL] [by X] [WINDOW]` */
    const char *details; /* sentences and examples for `help NAME` */
    uint32_t first;      /* bits of enum pl_words that may stand first ... */
    uint32_t later;      /* ... and later, for completion */
};

/** A key of the prompt. */
struct pl_key {
    const char *keys; /* `Up, Down` */
    const char *does; /* words for a list */
};

/** Keys of the prompt from web/keys.json, by tools/keys.py; the last has keys NULL. */
extern const struct pl_key pl_keys_embedded[];

/** All verbs; the last has name NULL. */
const struct pl_verb *pl_guide_verbs(void);

/** Names of all verbs, NULL-terminated. */
const char *const *pl_guide_verb_names(void);

/**
 * Draw help: one screen for an empty topic, the keys for `keys`, else all about one verb or action.
 *
 * @param term     face
 * @param lexicon  knows the actions and the costs of looks
 * @param topic    what was asked for, may be empty or unknown
 * @param out      appended
 */
void pl_guide_help(const struct pl_term *term,
                   const struct pl_lexicon *lexicon,
                   const char *topic,
                   struct pl_buf *out);

#endif
