// SPDX-License-Identifier: Apache-2.0
//
// The analysis that runs beside `plumb play`, so that it is ready when the incident ends.
#ifndef PL_CLI_PLAY_ANALYSIS_H
#define PL_CLI_PLAY_ANALYSIS_H

#include "cli/view.h"
#include "exam/analysis.h"
#include "exam/episode.h"

#include <stdbool.h>
#include <stdint.h>

/** The analysis of one play. Zeroed: there is none. */
struct pl_play_analysis {
    struct pl_analysis *analysis;
    char *directory; /* of the content, owned */
    uint32_t particles;
    int64_t seq; /* of the last entry that was handed over */
};

/**
 * Start beside a session, and hand over what a resumed one has already.
 *
 * @param play       zeroed; stays empty when anything fails, play goes on without
 * @param episode    started or resumed, borrowed until the end
 * @param def        content and data of the episode
 * @param particles  worlds per cause; 0: no analysis
 * @param err        sentence: why there is none
 * @return PL_OK or why there is none
 */
pl_status pl_play_analysis_begin(struct pl_play_analysis *play,
                                 const struct pl_episode *episode,
                                 const struct pl_episode_def *def,
                                 uint32_t particles,
                                 pl_error *err) __attribute__((warn_unused_result));

/**
 * Hand over what was just kept.
 *
 * @param play     running, or empty
 * @param command  as it was applied
 * @param outcome  of it; what was not kept is left out
 */
void pl_play_analysis_put(struct pl_play_analysis *play,
                          pl_slice command,
                          const struct pl_outcome *outcome);

/**
 * Wait for the analysis and draw it; Enter skips the wait when the terminal is one.
 *
 * @param play         running, or empty
 * @param view         face
 * @param interactive  true: tell progress and let a key end the wait
 * @param out          appended: the drawing, or a sentence
 */
void pl_play_analysis_show(struct pl_play_analysis *play,
                           struct pl_view *view,
                           bool interactive,
                           struct pl_buf *out);

/** True while something that was handed over is not taken in; stopping would wait for it. */
bool pl_play_analysis_busy(const struct pl_play_analysis *play);

/** Stop and give everything back. */
void pl_play_analysis_end(struct pl_play_analysis *play);

#endif
