// SPDX-License-Identifier: Apache-2.0
//
// A host of sessions over the small test content, in a folder of its own, asked one thing at a
// time.
#ifndef PL_TESTS_SUPPORT_HOSTED_H
#define PL_TESTS_SUPPORT_HOSTED_H

#include "exam/host.h"
#include "os/scratch.h"
#include "store/store.h"

#include <stdint.h>

enum { PL_TEST_HOSTED_TEXT = 1 << 20 };

/** A host with the last reply. */
struct pl_test_hosted {
    struct pl_scratch scratch;
    struct pl_host *host;
    char content[512];
    char id[PL_ASK_ID_SIZE]; /* of the last created session */
    uint32_t code;           /* enum pl_reply_code */
    char text[PL_TEST_HOSTED_TEXT];
};

/** The one of this program. */
extern struct pl_test_hosted pl_test_hosted;

/** Take the folder of goldens from the arguments of main: the content lies beside it. Does not
 * return in a juror. */
void pl_test_hosted_arguments(int argc, char **argv);

/** Open the host in a fresh folder; a cmocka fixture. */
int pl_test_hosted_set_up(void **state);

/** Close the host and remove the folder; a cmocka fixture. */
int pl_test_hosted_tear_down(void **state);

/** Close the host and open it again over the same folder. */
void pl_test_hosted_again(void);

/** Ask as `ines` and wait for the reply; NULL is an empty text. Returns the reply's code. */
uint32_t pl_test_hosted_ask(uint32_t verb, const char *key, const char *body, int64_t after);

/** Ask as somebody else. */
uint32_t pl_test_hosted_ask_as(const char *owner, uint32_t verb, const char *key, const char *body);

/** Begin a session; fails the test when that does not work. */
void pl_test_hosted_begin(const char *body);

#endif
