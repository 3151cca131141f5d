// SPDX-License-Identifier: Apache-2.0
//
// Status updates: a draft to begin with, and what a good one says.
import type { PostedView, UpdateStatus } from "../api/types.ts";
import { clockText } from "../lib/format.ts";

/** The next status after the last one that was posted; the first is investigating. */
export function nextStatus(posted: PostedView[]): UpdateStatus {
    return posted.at(-1)?.status ?? "investigating";
}

/** Seconds from one update to the next that an update promises. */
export const CADENCE_S = 1200;

/**
 * A draft with gaps in square brackets to be filled in: nothing is claimed that was not seen.
 *
 * @param since time of day since when it hurts, `HH:MM`
 * @param now_s seconds of the day
 */
export function draftOf(status: UpdateStatus, since: string, now_s: number): string {
    const next = `Next update at ${clockText(now_s + CADENCE_S, false)}.`;
    const drafts: Record<UpdateStatus, string> = {
        investigating: `[What] is [slow, failing] for [how many, which] customers since ${since}. We are investigating. ${next}`,
        identified: `[What] is [slow, failing] for [how many, which] customers since ${since}. We found the cause and are [doing what]. ${next}`,
        monitoring: `[What] works again for [how many, which] customers since [when]. We keep watching. ${next}`,
        resolved: `[What] works normally for all customers since [when]. [No data was lost; or what was.]`,
    };
    return drafts[status];
}

/** A thing that a good update says, and whether this one does. */
export interface Check {
    words: string;
    met: boolean;
}

/** What a good update says; gaps of the draft do not count. */
export function checksOf(status: UpdateStatus, text: string): Check[] {
    const said = text.replace(/\[[^\]]*\]/g, "");
    const checks = [
        { words: "no gap of the draft is left", met: text.trim() !== "" && said === text },
        { words: "what customers see", met: said.trim().length >= 15 },
        { words: "how many or which", met: /\d+ ?%|\b(some|most|all|every|few|half|none)\b/i.test(said) },
    ];
    return status === "resolved"
        ? [...checks, { words: "whether data was lost", met: /\b(data|orders?|payments?) (was|were|is|are)?\s*(not |never )?lost\b|\bno data\b|\bnothing (was|is) lost\b/i.test(said) }]
        : [...checks, { words: "when they hear again", met: /\b\d{1,2}:\d{2}\b|\bin \d+ ?min/i.test(said.replace(/since \d{1,2}:\d{2}/g, "")) }];
}
