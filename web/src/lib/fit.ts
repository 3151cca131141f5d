// SPDX-License-Identifier: Apache-2.0

/** How well a text fits what was typed: every word must occur; 0 is no fit, more is better. */
export function fit(text: string, typed: string): number {
    const low = text.toLowerCase();
    let sum = 1;
    for (const word of typed.toLowerCase().split(/\s+/).filter((each) => each !== "")) {
        const at = low.indexOf(word);
        if (at < 0) {
            return 0;
        }
        sum += at === 0 ? 3 : /[^a-z0-9]/.test(low[at - 1] ?? "") ? 2 : 1;
    }
    return sum;
}
