// SPDX-License-Identifier: Apache-2.0
//
// Passwords that everybody tries first. No list of stolen ones is shipped: the rules below say how
// people make them, from a few hundred words and names that any such list begins with, and so
// refuse tens of thousands. Pure.
//
//   word, two words, or a word twice     monkey, lovemonkey, monkeymonkey
//   with digits and marks around them    1monkey, monkey2024!, 123monkey
//   with letters that look alike         m0nk3y, p@$$w0rd
//   runs of the keyboard                 qwertyui, 1qaz2wsx, poiuytre
//   runs of the alphabet, of digits      abcdefgh, 87654321
//   something short over and over        aaaaaaaa, abcabcabc, 12121212
//   days                                 24121987, 19871224
#ifndef PL_STORE_WORN_H
#define PL_STORE_WORN_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/** True for a password that is worn out; the case of letters does not matter. */
bool pl_worn_is(const char *password);

/** Word 0.. of those that passwords are made of, empty behind the last. */
pl_slice pl_worn_word(size_t index);

#endif
