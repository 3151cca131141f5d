// SPDX-License-Identifier: Apache-2.0
//
// Own elementary functions. Only + - * / on IEEE doubles, rounded to nearest and never contracted
// (-ffp-contract=off), so every compiler at every level gives the same bits.
//
// exp: x = k ln2/64 + r, |r| <= ln2/128; 2^(k/64) from a table in two parts, e^r by its series
//      (Tang, ACM TOMS 15, 1989).
// log: x = 2^k m, m in [sqrt(1/2), sqrt(2)); log m = 2 atanh(s), s = (m-1)/(m+1), by its series in
//      the arrangement of fdlibm, where the largest part is added last.
// pow: exp(y log x) with the logarithm kept in two doubles (Dekker, Numer. Math. 18, 1971).
#include "base/fmath.h"

#include "base/check.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* A number as the unevaluated sum of two doubles. */
struct pair {
    double high;
    double low;
};

static const double ln2_high = PL_LN2_HIGH;
static const double ln2_low = PL_LN2_LOW;
static const double ln2_lowest = -0x1.9ff0342542fc3p-90;

/* Made with 60 decimal digits, rounded to two doubles. */
const struct pl_exp_power pl_exp_powers[PL_EXP_POWERS] = {
    {0x1.0000000000000p+0, 0x0.0p+0},
    {0x1.02c9a3e778061p+0, -0x1.19083535b085dp-56},
    {0x1.059b0d3158574p+0, 0x1.d73e2a475b465p-55},
    {0x1.0874518759bc8p+0, 0x1.186be4bb284ffp-57},
    {0x1.0b5586cf9890fp+0, 0x1.8a62e4adc610bp-54},
    {0x1.0e3ec32d3d1a2p+0, 0x1.03a1727c57b53p-59},
    {0x1.11301d0125b51p+0, -0x1.6c51039449b3ap-54},
    {0x1.1429aaea92de0p+0, -0x1.32fbf9af1369ep-54},
    {0x1.172b83c7d517bp+0, -0x1.19041b9d78a76p-55},
    {0x1.1a35beb6fcb75p+0, 0x1.e5b4c7b4968e4p-55},
    {0x1.1d4873168b9aap+0, 0x1.e016e00a2643cp-54},
    {0x1.2063b88628cd6p+0, 0x1.dc775814a8495p-55},
    {0x1.2387a6e756238p+0, 0x1.9b07eb6c70573p-54},
    {0x1.26b4565e27cddp+0, 0x1.2bd339940e9d9p-55},
    {0x1.29e9df51fdee1p+0, 0x1.612e8afad1255p-55},
    {0x1.2d285a6e4030bp+0, 0x1.0024754db41d5p-54},
    {0x1.306fe0a31b715p+0, 0x1.6f46ad23182e4p-55},
    {0x1.33c08b26416ffp+0, 0x1.32721843659a6p-54},
    {0x1.371a7373aa9cbp+0, -0x1.63aeabf42eae2p-54},
    {0x1.3a7db34e59ff7p+0, -0x1.5e436d661f5e3p-56},
    {0x1.3dea64c123422p+0, 0x1.ada0911f09ebcp-55},
    {0x1.4160a21f72e2ap+0, -0x1.ef3691c309278p-58},
    {0x1.44e086061892dp+0, 0x1.89b7a04ef80d0p-59},
    {0x1.486a2b5c13cd0p+0, 0x1.3c1a3b69062f0p-56},
    {0x1.4bfdad5362a27p+0, 0x1.d4397afec42e2p-56},
    {0x1.4f9b2769d2ca7p+0, -0x1.4b309d25957e3p-54},
    {0x1.5342b569d4f82p+0, -0x1.07abe1db13cadp-55},
    {0x1.56f4736b527dap+0, 0x1.9bb2c011d93adp-54},
    {0x1.5ab07dd485429p+0, 0x1.6324c054647adp-54},
    {0x1.5e76f15ad2148p+0, 0x1.ba6f93080e65ep-54},
    {0x1.6247eb03a5585p+0, -0x1.383c17e40b497p-54},
    {0x1.6623882552225p+0, -0x1.bb60987591c34p-54},
    {0x1.6a09e667f3bcdp+0, -0x1.bdd3413b26456p-54},
    {0x1.6dfb23c651a2fp+0, -0x1.bbe3a683c88abp-57},
    {0x1.71f75e8ec5f74p+0, -0x1.16e4786887a99p-55},
    {0x1.75feb564267c9p+0, -0x1.0245957316dd3p-54},
    {0x1.7a11473eb0187p+0, -0x1.41577ee04992fp-55},
    {0x1.7e2f336cf4e62p+0, 0x1.05d02ba15797ep-56},
    {0x1.82589994cce13p+0, -0x1.d4c1dd41532d8p-54},
    {0x1.868d99b4492edp+0, -0x1.fc6f89bd4f6bap-54},
    {0x1.8ace5422aa0dbp+0, 0x1.6e9f156864b27p-54},
    {0x1.8f1ae99157736p+0, 0x1.5cc13a2e3976cp-55},
    {0x1.93737b0cdc5e5p+0, -0x1.75fc781b57ebcp-57},
    {0x1.97d829fde4e50p+0, -0x1.d185b7c1b85d1p-54},
    {0x1.9c49182a3f090p+0, 0x1.c7c46b071f2bep-56},
    {0x1.a0c667b5de565p+0, -0x1.359495d1cd533p-54},
    {0x1.a5503b23e255dp+0, -0x1.d2f6edb8d41e1p-54},
    {0x1.a9e6b5579fdbfp+0, 0x1.0fac90ef7fd31p-54},
    {0x1.ae89f995ad3adp+0, 0x1.7a1cd345dcc81p-54},
    {0x1.b33a2b84f15fbp+0, -0x1.2805e3084d708p-57},
    {0x1.b7f76f2fb5e47p+0, -0x1.5584f7e54ac3bp-56},
    {0x1.bcc1e904bc1d2p+0, 0x1.23dd07a2d9e84p-55},
    {0x1.c199bdd85529cp+0, 0x1.11065895048ddp-55},
    {0x1.c67f12e57d14bp+0, 0x1.2884dff483cadp-54},
    {0x1.cb720dcef9069p+0, 0x1.503cbd1e949dbp-56},
    {0x1.d072d4a07897cp+0, -0x1.cbc3743797a9cp-54},
    {0x1.d5818dcfba487p+0, 0x1.2ed02d75b3707p-55},
    {0x1.da9e603db3285p+0, 0x1.c2300696db532p-54},
    {0x1.dfc97337b9b5fp+0, -0x1.1a5cd4f184b5cp-54},
    {0x1.e502ee78b3ff6p+0, 0x1.39e8980a9cc8fp-55},
    {0x1.ea4afa2a490dap+0, -0x1.e9c23179c2893p-54},
    {0x1.efa1bee615a27p+0, 0x1.dc7f486a4b6b0p-54},
    {0x1.f50765b6e4540p+0, 0x1.9d3e12dd8a18bp-54},
    {0x1.fa7c1819e90d8p+0, 0x1.74853f3a5931ep-55},
};

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* 2^exponent for a normal result. */
static double power_of_two(int exponent)
{
    PL_CHECK(exponent >= -1022 && exponent <= 1023);
    return double_of((uint64_t)(exponent + 1023) << 52);
}

/* x * 2^exponent; two steps where 2^exponent alone is no normal number. */
static double scale(double x, int exponent)
{
    if (exponent >= -1022 && exponent <= 1023) {
        return x * power_of_two(exponent);
    }
    if (exponent > 1023) {
        return x * power_of_two(1023) * power_of_two(exponent - 1023);
    }
    return x * power_of_two(exponent + 100) * power_of_two(-100);
}

/* e^(high + low), |low| far below |high|; the caller has excluded overflow and underflow. */
static inline double exp_pair(double high, double low)
{
    static const double table_size_over_ln2 = 0x1.71547652b82fep+6;
    double z = high * table_size_over_ln2;
    int k = (int)(z < 0.0 ? z - 0.5 : z + 0.5);
    int index = (int)((unsigned)k % PL_EXP_POWERS);
    double r = (high - (double)k * (ln2_high / PL_EXP_POWERS)) -
               ((double)k * (ln2_low / PL_EXP_POWERS) - low);
    double r2 = r * r;
    double series = r + r2 * (0.5 + r * (1.0 / 6.0) +
                              r2 * (1.0 / 24.0 + r * (1.0 / 120.0) + r2 * (1.0 / 720.0)));
    struct pl_exp_power power = pl_exp_powers[index];
    return scale(power.high + (power.low + power.high * series), (k - index) / PL_EXP_POWERS);
}

double pl_exp_edge(double x)
{
    if (x >= -745.1332191019412 && x <= 709.782712893384) {
        return exp_pair(x, 0.0);
    }
    if (isnan(x)) {
        return x;
    }
    return x > 0.0 ? HUGE_VAL : 0.0;
}

/* Split a positive finite x into 2^k * m with m in [sqrt(1/2), sqrt(2)); returns m. */
static double split_exponent(double x, int *k)
{
    static const uint64_t half_root_bits = UINT64_C(0x3fe6a09e667f3bcd);
    int shift = 0;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        shift = -54;
    }
    uint64_t bits = bits_of(x);
    int exponent = (int)(bits >> 52) - 1022;
    uint64_t half_to_one = (bits & UINT64_C(0x000fffffffffffff)) | UINT64_C(0x3fe0000000000000);
    if (half_to_one < half_root_bits) {
        half_to_one += UINT64_C(1) << 52;
        exponent--;
    }
    *k = exponent + shift;
    return double_of(half_to_one);
}

/* 2/3 w + 2/5 w^2 + ... for w = s^2 <= 0.0295; two interleaved chains are quicker than one. */
static double log_series(double w)
{
    double w2 = w * w;
    double odd = w * (2.0 / 3.0 +
                      w2 * (2.0 / 7.0 + w2 * (2.0 / 11.0 + w2 * (2.0 / 15.0 + w2 * (2.0 / 19.0)))));
    double even =
        w2 *
        (2.0 / 5.0 + w2 * (2.0 / 9.0 + w2 * (2.0 / 13.0 + w2 * (2.0 / 17.0 + w2 * (2.0 / 21.0)))));
    return odd + even;
}

double pl_log(double x)
{
    PL_CHECK(x > 0.0);
    if (isinf(x)) {
        return x;
    }
    int k;
    double f = split_exponent(x, &k) - 1.0;
    double s = f / (2.0 + f);
    double half_square = 0.5 * f * f;
    double series = log_series(s * s);
    double rest = s * (half_square + series);
    return (double)k * ln2_high - ((half_square - (rest + (double)k * ln2_low)) - f);
}

/* a + b exactly, for |a| >= |b| or a zero. */
static struct pair sum_ordered(double a, double b)
{
    double high = a + b;
    return (struct pair){high, b - (high - a)};
}

/* a * b exactly, for |a|, |b| < 2^970. */
static struct pair product(double a, double b)
{
    double split_a = a * 134217729.0;
    double split_b = b * 134217729.0;
    double a_high = split_a - (split_a - a);
    double b_high = split_b - (split_b - b);
    double a_low = a - a_high;
    double b_low = b - b_high;
    double high = a * b;
    double low = ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low;
    return (struct pair){high, low};
}

/* log x with a relative error near 2^-63. */
static struct pair log_pair(double x)
{
    static const struct pair third = {0x1.5555555555555p-2, 0x1.5555555555555p-56};
    int k;
    double m = split_exponent(x, &k);
    double f = m - 1.0;
    double divisor = m + 1.0;
    double divisor_low = m >= 1.0 ? 1.0 - (divisor - m) : m - (divisor - 1.0);
    double s = f / divisor;
    struct pair back = product(s, divisor);
    double s_low = (((f - back.high) - back.low) - s * divisor_low) / divisor;
    struct pair w = product(s, s);
    w.low += 2.0 * s * s_low;
    struct pair w_third = product(w.high, third.high);
    w_third.low += w.high * third.low + w.low * third.high;
    double tail = 0.5 * (log_series(w.high) - w.high * (2.0 / 3.0));
    struct pair factor = sum_ordered(w_third.high, w_third.low + tail);
    struct pair scaled = product(s, factor.high);
    scaled.low += s * factor.low + s_low * factor.high;
    struct pair log_m = sum_ordered(2.0 * s, 2.0 * scaled.high);
    log_m.low += 2.0 * (s_low + scaled.low);
    double k_high = (double)k * ln2_high;
    struct pair total = sum_ordered(k_high, log_m.high);
    total.low += log_m.low + (double)k * ln2_low + (double)k * ln2_lowest;
    return sum_ordered(total.high, total.low);
}

double pl_pow(double x, double y)
{
    PL_CHECK(x > 0.0);
    if (isnan(y)) {
        return y;
    }
    if (fpclassify(y) == FP_ZERO || !(x < 1.0 || x > 1.0)) {
        return 1.0;
    }
    double estimate = y * pl_log(x);
    if (estimate > 709.79) {
        return HUGE_VAL;
    }
    if (estimate < -745.14) {
        return 0.0;
    }
    struct pair logarithm = log_pair(x);
    struct pair power = product(y, logarithm.high);
    power.low += y * logarithm.low;
    if (power.high + power.low > 709.782712893384) {
        return HUGE_VAL;
    }
    return exp_pair(power.high, power.low);
}

/* Coefficients of x^0 .. x^7, evaluated by Horner's rule. */
static double polynomial(const double coefficients[8], double x)
{
    double value = coefficients[7];
    for (int i = 6; i >= 0; i--) {
        value = value * x + coefficients[i];
    }
    return value;
}

/* Square root of a normal number by Newton's rule. Halving the exponent gives a start within 6 %,
 * and each step squares the error. */
static double root(double x)
{
    double value = double_of((bits_of(x) >> 1) + (UINT64_C(0x1ff8) << 48));
    for (int i = 0; i < 5; i++) {
        value = 0.5 * (value + x / value);
    }
    return value;
}

/* Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37, 1988. */
double pl_normal_quantile(double p)
{
    static const double a[8] = {3.3871328727963666080,
                                133.14166789178437745,
                                1971.5909503065514427,
                                13731.693765509461125,
                                45921.953931549871457,
                                67265.770927008700853,
                                33430.575583588128105,
                                2509.0809287301226727};
    static const double b[8] = {1.0,
                                42.313330701600911252,
                                687.18700749205790830,
                                5394.1960214247511077,
                                21213.794301586595867,
                                39307.895800092710610,
                                28729.085735721942674,
                                5226.4952788528545610};
    static const double c[8] = {1.42343711074968357734,
                                4.63033784615654529590,
                                5.76949722146069140550,
                                3.64784832476320460504,
                                1.27045825245236838258,
                                0.241780725177450611770,
                                0.0227238449892691845833,
                                7.74545014278341407640e-4};
    static const double d[8] = {1.0,
                                2.05319162663775882187,
                                1.67638483018380384940,
                                0.689767334985100004550,
                                0.148103976427480074590,
                                0.0151986665636164571966,
                                5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    static const double e[8] = {6.65790464350110377720,
                                5.46378491116411436990,
                                1.78482653991729133580,
                                0.296560571828504891230,
                                0.0265321895265761230930,
                                1.24266094738807843860e-3,
                                2.71155556874348757815e-5,
                                2.01033439929228813265e-7};
    static const double f[8] = {1.0,
                                0.599832206555887937690,
                                0.136929880922735805310,
                                0.0148753612908506148525,
                                7.86869131145613259100e-4,
                                1.84631831751005468180e-5,
                                1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    PL_CHECK(p > 0.0);
    PL_CHECK(p < 1.0);
    double q = p - 0.5;
    if (q >= -0.425 && q <= 0.425) {
        double r = 0.180625 - q * q;
        return q * polynomial(a, r) / polynomial(b, r);
    }
    double r = root(-pl_log(q < 0.0 ? p : 1.0 - p));
    double x = r <= 5.0 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6)
                        : polynomial(e, r - 5.0) / polynomial(f, r - 5.0);
    return q < 0.0 ? -x : x;
}

/* Hart's rational approximation as arranged by West, "Better approximations to cumulative normal
 * functions", Wilmott Magazine, 2005. */
double pl_normal_cdf(double x)
{
    static const double numerator[8] = {220.206867912376,
                                        221.213596169931,
                                        112.079291497871,
                                        33.912866078383,
                                        6.37396220353165,
                                        0.700383064443688,
                                        0.0352624965998911,
                                        0.0};
    static const double denominator[8] = {440.413735824752,
                                          793.826512519948,
                                          637.333633378831,
                                          296.564248779674,
                                          86.7807322029461,
                                          16.064177579207,
                                          1.75566716318264,
                                          0.0883883476483184};
    PL_CHECK(!isnan(x));
    double size = x < 0.0 ? -x : x;
    double tail = 0.0;
    if (size < 7.07106781186547) {
        tail = pl_exp(-0.5 * size * size) * polynomial(numerator, size) /
               polynomial(denominator, size);
    } else if (size <= 37.0) {
        double fraction = size + 0.65;
        for (int i = 4; i >= 1; i--) {
            fraction = size + (double)i / fraction;
        }
        tail = pl_exp(-0.5 * size * size) / fraction / 2.506628274631;
    }
    return x > 0.0 ? 1.0 - tail : tail;
}
