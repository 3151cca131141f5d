// SPDX-License-Identifier: Apache-2.0
//
// The file `accounts.json` of a data directory: all accounts and sign-ins, hashes instead of
// passwords and tokens. The secrets of codes by time stand in it as they are, since they are
// needed; so it is readable for its owner only.
#ifndef PL_SERVER_ACCOUNTS_FILE_H
#define PL_SERVER_ACCOUNTS_FILE_H

#include "server/accounts_types.h"

/** Write the file; called with the lock held. PL_OK, PL_NO_MEMORY or PL_IO. */
pl_status pl_accounts_file_save(struct pl_accounts *accounts, pl_error *err)
    __attribute__((warn_unused_result));

/** Read the file, of this format or the one before; PL_OK without one, PL_CORRUPT or PL_IO. */
pl_status pl_accounts_file_load(struct pl_accounts *accounts, pl_error *err)
    __attribute__((warn_unused_result));

#endif
