// SPDX-License-Identifier: Apache-2.0
//
// What was on the screen at a second: the newest look of each kind, as it was shown then.
import type { Entry } from "../api/types.ts";
import { lookKey } from "../console/fold.ts";

/** Looks that fill no screen. */
const WORDS_ONLY = ["ask", "people", "status"];

/**
 * The looks whose answers stood on the screen at a second, the newest first, each thing once.
 *
 * @param until  seconds after the opening; what was asked later was not yet there
 * @param most   how many there is room for
 */
export function screenAt(entries: Entry[], until: number, most: number): Entry[] {
    const seen = new Map<string, Entry>();
    for (const entry of entries) {
        const { command, answer } = entry;
        if (command?.do === "look" && answer.observation !== undefined && answer.t_s <= until && !WORDS_ONLY.includes(String(command.what))) {
            const key = lookKey(command);
            seen.delete(key);
            seen.set(key, entry);
        }
    }
    return [...seen.values()].reverse().slice(0, most);
}
