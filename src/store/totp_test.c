// SPDX-License-Identifier: Apache-2.0
#include "store/totp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The ASCII secret 12345678901234567890 of RFC 6238, appendix B, in base 32. */
static const char rfc_secret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

static void sha1_agrees_with_the_standard(void **state)
{
    (void)state;
    static char million[1000000];
    memset(million, 'a', sizeof million);
    /* FIPS 180 examples: one block, two blocks, many blocks. */
    const struct {
        const char *text;
        size_t size;
        const char *hex;
    } cases[] = {
        {"", 0, "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
        {"abc", 3, "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         56,
         "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
        {million, sizeof million, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t hash[PL_TOTP_HASH_BYTES];
        char hex[2 * PL_TOTP_HASH_BYTES + 1];
        pl_totp_sha1(hash, (const uint8_t *)cases[i].text, cases[i].size);
        for (size_t k = 0; k < sizeof hash; k++) {
            snprintf(hex + 2 * k, 3, "%02x", hash[k]);
        }
        assert_string_equal(hex, cases[i].hex);
    }
}

/* RFC 6238, appendix B, column SHA1; its codes have eight digits, ours are their last six. */
static void codes_agree_with_rfc_6238(void **state)
{
    (void)state;
    static const struct {
        int64_t at_s;
        uint32_t code;
    } cases[] = {{59, 94287082},
                 {1111111109, 7081804},
                 {1111111111, 14050471},
                 {1234567890, 89005924},
                 {2000000000, 69279037},
                 {20000000000, 65353130}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t step = (uint64_t)cases[i].at_s / PL_TOTP_STEP_S;
        assert_int_equal(pl_totp_code(rfc_secret, step), cases[i].code % 1000000);
    }
}

/* Goal: clocks may differ by one step, and no code is good twice. */
static void a_code_is_good_once_and_near_its_step(void **state)
{
    (void)state;
    static const int64_t at_s = 1234567890;
    const uint64_t present = (uint64_t)at_s / PL_TOTP_STEP_S;
    uint64_t step = 0;
    assert_true(pl_totp_check(rfc_secret, "005924", at_s, 0, &step));
    assert_int_equal(step, present);
    assert_false(pl_totp_check(rfc_secret, "005924", at_s, step, &step));
    assert_true(pl_totp_check(rfc_secret, "005924", at_s + PL_TOTP_STEP_S, 0, &step));
    assert_true(pl_totp_check(rfc_secret, "005924", at_s - PL_TOTP_STEP_S, 0, &step));
    assert_false(pl_totp_check(rfc_secret, "005924", at_s + 2 * PL_TOTP_STEP_S, 0, &step));
    static const char *const wrong[] = {"", "00592", "0059240", "00592a", " 05924", "-05924"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(pl_totp_check(rfc_secret, wrong[i], at_s, 0, &step));
    }
}

static void a_drawn_secret_makes_an_address(void **state)
{
    (void)state;
    char one[PL_TOTP_SECRET_SIZE];
    char other[PL_TOTP_SECRET_SIZE];
    char memory[PL_TOTP_URI_SIZE];
    char expected[PL_TOTP_URI_SIZE];
    struct pl_buf buf;
    pl_totp_draw(one);
    pl_totp_draw(other);
    assert_string_not_equal(one, other);
    assert_int_equal(strspn(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), PL_TOTP_SECRET_SIZE - 1);
    pl_buf_init(&buf, memory, sizeof memory);
    pl_totp_put_uri(&buf, one, "ada+ops@plumb.example");
    snprintf(expected,
             sizeof expected,
             "otpauth://totp/Plumbline:ada%%2Bops%%40plumb.example?secret=%s&issuer=Plumbline&"
             "algorithm=SHA1&digits=6&period=30",
             one);
    assert_string_equal(memory, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha1_agrees_with_the_standard),
        cmocka_unit_test(codes_agree_with_rfc_6238),
        cmocka_unit_test(a_code_is_good_once_and_near_its_step),
        cmocka_unit_test(a_drawn_secret_makes_an_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
