// SPDX-License-Identifier: Apache-2.0
#include "store/secret.h"

#include "base/check.h"
#include "store/worn.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

_Static_assert(PL_SECRET_PASSWORD_HASH_SIZE >= crypto_pwhash_STRBYTES, "a hash does not fit");

enum { TOKEN_BYTES = 32, MEMORY = 64 << 20, PASSES = 2 };

static void start_library(void)
{
    int failed = sodium_init();
    PL_CHECK(failed >= 0);
}

void pl_secret_token(char token[PL_SECRET_TOKEN_SIZE])
{
    unsigned char bytes[TOKEN_BYTES];
    start_library();
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(
        token, PL_SECRET_TOKEN_SIZE, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

void pl_secret_hash_token(char hash[PL_SECRET_TOKEN_HASH_SIZE], const char *token)
{
    unsigned char bytes[TOKEN_BYTES];
    PL_CHECK(token != NULL);
    int failed = crypto_generichash(
        bytes, sizeof bytes, (const unsigned char *)token, strlen(token), NULL, 0);
    PL_CHECK(failed == 0);
    sodium_bin2hex(hash, PL_SECRET_TOKEN_HASH_SIZE, bytes, sizeof bytes);
}

bool pl_secret_same_hash(const char *a, const char *b)
{
    PL_CHECK(a != NULL && b != NULL);
    size_t size = strlen(a);
    return size == strlen(b) && sodium_memcmp(a, b, size) == 0;
}

pl_status pl_secret_check_choice(const char *password, const char *name, pl_error *err)
{
    PL_CHECK(password != NULL && name != NULL);
    size_t size = strlen(password);
    if (size < PL_SECRET_PASSWORD_MIN || size > PL_SECRET_PASSWORD_MAX) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "The password has %zu bytes; it must have at least %d, better 15, and at "
                       "most %d.",
                       size,
                       PL_SECRET_PASSWORD_MIN,
                       PL_SECRET_PASSWORD_MAX);
    }
    if (strcasecmp(password, name) == 0 || pl_worn_is(password)) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "This password is among the first that anybody would try; choose another "
                       "one, for example four random words.");
    }
    return PL_OK;
}

pl_status pl_secret_hash_password(char hash[PL_SECRET_PASSWORD_HASH_SIZE],
                                  const char *password,
                                  pl_error *err)
{
    PL_CHECK(password != NULL);
    start_library();
    if (crypto_pwhash_str(hash, password, strlen(password), PASSES, MEMORY) != 0) {
        return pl_fail(
            err, PL_NO_MEMORY, NULL, "There are no 64 MiB of memory to hash a password with.");
    }
    return PL_OK;
}

bool pl_secret_check_password(const char *hash, const char *password)
{
    PL_CHECK(hash != NULL && password != NULL);
    start_library();
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}
