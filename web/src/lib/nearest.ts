// SPDX-License-Identifier: Apache-2.0

/** Edits (insert, remove, replace, swap of neighbours) from one word to another. */
export function editDistance(a: string, b: string): number {
    let before: number[] = [];
    let last = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (let i = 1; i <= a.length; i += 1) {
        const row = [i];
        for (let j = 1; j <= b.length; j += 1) {
            const same = a[i - 1] === b[j - 1];
            let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
            if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
                best = Math.min(best, (before[j - 2] ?? 0) + 1);
            }
            row.push(best);
        }
        before = last;
        last = row;
    }
    return last[b.length] ?? 0;
}

/** The word that was probably meant, or an empty text when none is near. */
export function nearest(typed: string, words: string[]): string {
    let found = "";
    let least = Math.max(1, Math.floor(typed.length / 3)) + 1;
    for (const word of words) {
        const distance = editDistance(typed.toLowerCase(), word.toLowerCase());
        if (distance < least) {
            least = distance;
            found = word;
        }
    }
    return found;
}
