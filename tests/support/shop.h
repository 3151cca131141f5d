// SPDX-License-Identifier: Apache-2.0
//
// The words of a shop, made by hand: what the prompt knows in tests of the grammar.
#ifndef PL_TESTS_SUPPORT_SHOP_H
#define PL_TESTS_SUPPORT_SHOP_H

#include "cli/lexicon.h"

/** A lexicon with services checkout-api and storefront-api, orders-db, people and two actions. */
struct pl_lexicon test_shop(void);

#endif
