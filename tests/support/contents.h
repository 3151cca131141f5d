// SPDX-License-Identifier: Apache-2.0
//
// Content files of tests: a small world and scenario as text, and loading with all errors.
#ifndef PL_TESTS_SUPPORT_CONTENTS_H
#define PL_TESTS_SUPPORT_CONTENTS_H

#include "scenario/field.h"
#include "scenario/load.h"

#include <stdbool.h>

/** A world with one of most things; slice 1/2. */
extern const char pl_test_world_text[];
/** A scenario in it with two causes. */
extern const char pl_test_scenario_text[];

/** The fault that scenarios of tests can use: test.hold. */
extern const char pl_test_fault_text[];

/** Definitions and the errors of reading them, owned; pl_test_contents_free gives them back. */
struct pl_test_contents {
    struct pl_world *world;
    struct pl_scenario *scenario;
    struct pl_errors *errors;
    void *scratch;
    char text[8192]; /* all errors, one per line */
};

/** Allocate. */
void pl_test_contents_init(struct pl_test_contents *contents);

/** Free. */
void pl_test_contents_free(struct pl_test_contents *contents);

/** What the running test has loaded, from pl_test_contents_setup until pl_test_contents_teardown.
 */
extern struct pl_test_contents pl_test_loaded;

/** Fixture of one test: allocate pl_test_loaded. */
int pl_test_contents_setup(void **unused);

/** Fixture of one test: free pl_test_loaded. */
int pl_test_contents_teardown(void **unused);

/** Load a world; its setting goes into the scenario's. Returns true when no error was found. */
bool pl_test_load_world(struct pl_test_contents *contents, const char *text);

/** Load a scenario with its world. */
bool pl_test_load_scenario(struct pl_test_contents *contents, const char *world, const char *text);

/** World text with one line replaced: the first that contains `find` becomes `line`. */
char *pl_test_edited(const char *text, const char *find, const char *line);

/** Load the world with one line replaced into pl_test_loaded: it fails and says `message`. */
void pl_test_refuse_world(const char *find, const char *line, const char *message);

/** The same with one line of the scenario. */
void pl_test_refuse_scenario(const char *find, const char *line, const char *message);

/** One YAML text that is read, owned; zero before the first use. */
struct pl_test_text {
    struct pl_yaml yaml;
    struct pl_errors errors;
    struct pl_reader reader; /* stands on the text */
    void *memory;
};

/** Parse a text, in the place of the one before. */
void pl_test_open_text(struct pl_test_text *opened, const char *text);

/** Free. */
void pl_test_close_text(struct pl_test_text *opened);

/** Check what every table of keys must keep: keys, documentation, sizes, defaults in range. */
void pl_test_check_table(const struct pl_key_table *table);

#endif
