// SPDX-License-Identifier: Apache-2.0
//
// Which of the lines that were read are shown: kinds of lines can be hidden, one source chosen. What
// is hidden was read all the same.
import { logParts, shortSource } from "./logline.ts";
import type { LogParts } from "./logline.ts";

/** A line with its parts. */
export interface ShownLine {
    t: string;
    text: string;
    parts: LogParts;
}

/** What is left out. */
export interface LogFilter {
    /** marks of kinds of lines, see patternMark */
    hidden: string[];
    /** short name of the only source that is shown, empty: all */
    source: string;
}

/** What lines that say the same have in common: their words without numbers and ids. */
export function patternKey(text: string): string {
    return text
        .replace(/\b[0-9a-f]*\d[0-9a-f-]*\b/gi, "#")
        .replace(/\s+/g, " ")
        .trim();
}

/** A short mark of a kind of line for the address: the FNV-1a hash of its key, 32 bits as hex. */
export function patternMark(text: string): string {
    let hash = 0x811c9dc5;
    for (const letter of patternKey(text)) {
        hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    }
    return hash.toString(16);
}

/** The text of a line as patterns count it: without the route that the client put behind it. */
function said(parts: LogParts): string {
    return parts.body.split("  ")[0] ?? "";
}

/** The lines that are shown, and how many are not. */
export function shownLines(
    lines: { t: string; text: string }[],
    filter: LogFilter,
): { lines: ShownLine[]; left: number } {
    const all = lines.map((line) => ({ ...line, parts: logParts(line.text) }));
    const shown = all.filter(
        ({ parts }) =>
            (filter.source === "" || shortSource(parts.source) === filter.source) &&
            !filter.hidden.includes(patternMark(said(parts))),
    );
    return { lines: shown, left: all.length - shown.length };
}
