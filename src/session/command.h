// SPDX-License-Identifier: Apache-2.0
//
// Members of a command, checked: type, range and name.
#ifndef PL_SESSION_COMMAND_H
#define PL_SESSION_COMMAND_H

#include "base/error.h"
#include "text/json_in.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Refuse members that a command does not have, naming the nearest that it has.
 *
 * @param command  object
 * @param known    names, NULL-terminated; `do`, `what` and `fork` are always known
 * @param err      sentence
 */
pl_status pl_command_members(const json_t *command, const char *const *known, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Text member; `text` is set to "" when it is absent.
 *
 * @param command   object
 * @param key       member
 * @param size_max  longest text in bytes
 * @param text      set, borrowed from the command
 * @param err       sentence
 */
pl_status pl_command_text(const json_t *command,
                          const char *key,
                          size_t size_max,
                          const char **text,
                          pl_error *err) __attribute__((warn_unused_result));

/** Text member that must be there and not empty. */
pl_status pl_command_text_needed(const json_t *command,
                                 const char *key,
                                 size_t size_max,
                                 const char **text,
                                 pl_error *err) __attribute__((warn_unused_result));

/** Number member in low..high; `value` keeps what it had when the member is absent. */
pl_status pl_command_number(
    const json_t *command, const char *key, double low, double high, double *value, pl_error *err)
    __attribute__((warn_unused_result));

/** True or false member; `value` keeps what it had when the member is absent. */
pl_status pl_command_bool(const json_t *command, const char *key, bool *value, pl_error *err)
    __attribute__((warn_unused_result));

/** Duration member, `"30m"` or a number of seconds; `ns` keeps what it had when it is absent. */
pl_status pl_command_duration(const json_t *command, const char *key, int64_t *ns, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Position of a word in a list.
 *
 * @param what   what the word is, for the sentence: `panel`
 * @param word   as given
 * @param words  NULL-terminated
 * @param index  set
 * @param err    sentence with the nearest word, or with all of them when they are few
 */
pl_status pl_command_choice(const char *what,
                            const char *word,
                            const char *const *words,
                            uint32_t *index,
                            pl_error *err) __attribute__((warn_unused_result));

#endif
