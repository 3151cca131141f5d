// SPDX-License-Identifier: Apache-2.0
//
// Every harness defines this one function, under the name that libFuzzer expects.
#ifndef PL_TESTS_FUZZ_FUZZ_H
#define PL_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/**
 * Feed one input to the code under test and check what must hold for any input.
 *
 * @param data  bytes, borrowed
 * @param size  number of bytes
 * @return 0
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
