// SPDX-License-Identifier: Apache-2.0
//
// Values of a series at the scrapes: what the time series database would have stored.
//
// A value that was not scraped is NaN: before a pod began, after it ended, when its scrape got
// lost. Counters of pods start at 0 with the process, as real ones do.
#ifndef PL_OBSERVE_SERIES_READ_H
#define PL_OBSERVE_SERIES_READ_H

#include "observe/series.h"

#include <stdint.h>

/**
 * Compute a series.
 *
 * @param series  source
 * @param ref     from pl_series_visit
 * @param first   first sample wanted
 * @param count   samples wanted; first + count is at most pl_tracks_count
 * @param out     filled, out[count], NaN where nothing was scraped
 */
void pl_series_read(const struct pl_series *series,
                    const struct pl_series_ref *ref,
                    uint32_t first,
                    uint32_t count,
                    double *out);

#endif
