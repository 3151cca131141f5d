// SPDX-License-Identifier: Apache-2.0
//
// Quantities as people write them: 150ms, 220/s, 80%, 64MB, 11:42.
//
// Numbers are decimal with at most 15 significant digits and no exponent; a number and its unit
// touch. Integers are computed exactly; doubles are the nearest to what is written (a rate with k
// or M within one unit in the last place), on every machine and in every locale. Each reader takes
// the whole text or fails with one sentence that quotes it, says what is expected and carries
// `pos`.
#ifndef PL_TEXT_QUANTITY_H
#define PL_TEXT_QUANTITY_H

#include "base/buf.h"
#include "base/error.h"

#include <stdint.h>

enum { PL_QUANTITY_DIGITS_MAX = 15 };

/** Largest duration: 100 years of 365 days. */
#define PL_QUANTITY_DURATION_MAX_NS (INT64_C(100) * 365 * 86400 * 1000000000)

/**
 * Read a duration: `30s`, `150ms`, `1.5s`, `2m30s`; units d h m s ms us ns, in falling order;
 * `0` needs no unit.
 *
 * @param text  whole text
 * @param pos   place for the error, may be NULL
 * @param ns    filled, 0..PL_QUANTITY_DURATION_MAX_NS nanoseconds
 * @param err   filled on failure
 * @return PL_OK, PL_BAD_INPUT, or PL_LIMIT when it is too long
 */
pl_status pl_quantity_duration(pl_slice text, const pl_pos *pos, int64_t *ns, pl_error *err)
    __attribute__((warn_unused_result));

/** Read a duration with an optional sign, `-7m` or `+30s`; otherwise like pl_quantity_duration. */
pl_status pl_quantity_offset(pl_slice text, const pl_pos *pos, int64_t *ns, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Read a rate: `220/s`, `1.5/m`, `12k/h`; per s, m, h or d, with an optional k or M.
 *
 * @param text        whole text
 * @param pos         place for the error, may be NULL
 * @param per_second  filled, 0 or more, events per second
 * @param err         filled on failure
 * @return PL_OK or PL_BAD_INPUT
 */
pl_status pl_quantity_rate(pl_slice text, const pl_pos *pos, double *per_second, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Read a percentage: `80%`, `0.1%`.
 *
 * @param text      whole text
 * @param pos       place for the error, may be NULL
 * @param fraction  filled, 0..1
 * @param err       filled on failure
 * @return PL_OK, PL_BAD_INPUT, or PL_LIMIT above 100%
 */
pl_status pl_quantity_percent(pl_slice text, const pl_pos *pos, double *fraction, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Read a size: `64MB`, `1.5GiB`, `512B`; KB MB GB TB count in thousands, KiB MiB GiB TiB in 1024.
 *
 * @param text   whole text
 * @param pos    place for the error, may be NULL
 * @param bytes  filled, 0 or more
 * @param err    filled on failure
 * @return PL_OK, PL_BAD_INPUT, or PL_LIMIT when it does not fit
 */
pl_status pl_quantity_size(pl_slice text, const pl_pos *pos, int64_t *bytes, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Read a count: `16`, `10k`, `2.5M`; k, M and G are thousands, millions and thousand millions.
 *
 * @param text   whole text
 * @param pos    place for the error, may be NULL
 * @param count  filled, 0 or more
 * @param err    filled on failure
 * @return PL_OK, PL_BAD_INPUT, or PL_LIMIT when it does not fit
 */
pl_status pl_quantity_count(pl_slice text, const pl_pos *pos, int64_t *count, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Read a plain decimal number with an optional sign: `0.25`, `-3`.
 *
 * @param text   whole text
 * @param pos    place for the error, may be NULL
 * @param value  filled
 * @param err    filled on failure
 * @return PL_OK or PL_BAD_INPUT
 */
pl_status pl_quantity_number(pl_slice text, const pl_pos *pos, double *value, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Read a time of day: `11:42` or `11:42:07`.
 *
 * @param text     whole text
 * @param pos      place for the error, may be NULL
 * @param seconds  filled, 0..86399 seconds since midnight
 * @param err      filled on failure
 * @return PL_OK or PL_BAD_INPUT
 */
pl_status pl_quantity_clock(pl_slice text, const pl_pos *pos, int32_t *seconds, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Write a duration in the form that pl_quantity_offset reads back exactly: `150ms`, `2m30s`,
 * `1.5s`, `-7m`, `0s`.
 *
 * @param buf  appended to
 * @param ns   at most PL_QUANTITY_DURATION_MAX_NS away from 0 (checked)
 */
void pl_quantity_put_duration(struct pl_buf *buf, int64_t ns);

#endif
