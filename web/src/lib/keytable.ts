// SPDX-License-Identifier: Apache-2.0
//
// The one key table (web/keys.json) and how a key press is written in it.
import table from "../../keys.json";

/** What a key does and where. */
export interface KeyEntry {
    id: string;
    context: string;
    keys: string[];
    does: string;
}

export const keyTable: KeyEntry[] = table.keys;

/** What of a keyboard event names the key. */
export interface Press {
    key: string;
    ctrlKey: boolean;
    metaKey: boolean;
    altKey: boolean;
}

/** A key press as the table writes it, such as `Ctrl+k` or `?`. */
export function pressText(press: Press): string {
    const marks = [press.ctrlKey ? "Ctrl+" : "", press.metaKey ? "Meta+" : "", press.altKey ? "Alt+" : ""];
    return marks.join("") + (press.key === " " ? "Space" : press.key);
}

/**
 * Find what a press means after `prefix` (empty, or a first press such as `g`).
 *
 * @param contexts from the innermost to `anywhere`; the first that knows the press decides
 * @return the entry; `prefix` when it begins one of two presses; null when it means nothing
 */
export function lookUp(
    prefix: string,
    press: string,
    contexts: string[],
    entries: KeyEntry[] = keyTable,
): KeyEntry | "prefix" | null {
    const wanted = prefix === "" ? press : `${prefix} ${press}`;
    for (const context of contexts) {
        const found = entries.find((entry) => entry.context === context && entry.keys.includes(wanted));
        if (found) {
            return found;
        }
    }
    const begins = entries.some(
        (entry) => contexts.includes(entry.context) && entry.keys.some((key) => key.startsWith(`${wanted} `)),
    );
    return begins ? "prefix" : null;
}
