// SPDX-License-Identifier: Apache-2.0
//
// The change feed and own acts as one list.
import type { TableView } from "../api/types.ts";
import type { Deed } from "./fold.ts";

/** One change, newest first in lists. */
export interface Change {
    time: string;
    text: string;
    by: string;
    own: boolean;
}

/** Changes of the feed with own acts between them, newest first. */
export function changesOf(table: TableView | null, deeds: Deed[]): Change[] {
    const column = (row: unknown[], name: string): string => {
        const at = table?.columns.findIndex((each) => each.name === name) ?? -1;
        return at < 0 ? "" : String(row[at] ?? "");
    };
    const feed = (table?.rows ?? []).map((row) => ({
        time: column(row, "time"),
        text: [column(row, "kind"), column(row, "target"), column(row, "change")].filter((each) => each !== "").join(" "),
        by: column(row, "by"),
        own: false,
    }));
    const own = deeds.map((deed) => ({ time: deed.clock.slice(0, 5), text: deed.title, by: "", own: true }));
    return [...own, ...feed].sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
}
