// SPDX-License-Identifier: Apache-2.0
//
// What was typed and not yet sent outlives a reload: texts by name in the storage of the browser. A
// browser that stores nothing only forgets them.

/** Where texts are kept: for this tab, or for this browser. */
export type Place = "tab" | "browser";

const storage = (place: Place): Storage => (place === "tab" ? sessionStorage : localStorage);

/** The text under a name, or an empty one. */
export function recall(name: string, place: Place = "tab"): string {
    try {
        return storage(place).getItem(`plumb-${name}`) ?? "";
    } catch {
        return "";
    }
}

/** Keep a text; an empty one is forgotten. */
export function keep(name: string, text: string, place: Place = "tab"): void {
    try {
        if (text === "") {
            storage(place).removeItem(`plumb-${name}`);
        } else {
            storage(place).setItem(`plumb-${name}`, text);
        }
    } catch {
        // A full or forbidden storage: the text stays in the page.
    }
}

/** A list of numbers that was kept as JSON; empty when it is none. */
export function numbersOf(text: string): number[] {
    try {
        const read: unknown = JSON.parse(text === "" ? "[]" : text);
        return Array.isArray(read) ? read.filter((each): each is number => typeof each === "number") : [];
    } catch {
        return [];
    }
}
