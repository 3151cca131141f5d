// SPDX-License-Identifier: Apache-2.0
//
// Completion in the query box.

/** Functions and aggregations that queries know (docs/reference/instruments.md). */
export const FUNCTIONS = [
    "rate",
    "irate",
    "increase",
    "delta",
    "avg_over_time",
    "min_over_time",
    "max_over_time",
    "sum_over_time",
    "count_over_time",
    "histogram_quantile",
    "absent",
    "abs",
    "ceil",
    "floor",
    "round",
    "sqrt",
    "clamp_min",
    "clamp_max",
    "sort",
    "sort_desc",
    "sum",
    "avg",
    "max",
    "min",
    "count",
    "topk",
    "bottomk",
    "by",
    "without",
    "offset",
    "unless",
    "ignoring",
];

export const LABELS = [
    "service",
    "pod",
    "http_route",
    "http_request_method",
    "http_response_status_code",
    "le",
    "datname",
    "instance",
    "server_address",
    "error_type",
    "db_client_connection_state",
    "db_client_connection_pool_name",
];

/** A proposal: replaces the text from `from` to the cursor. */
export interface Proposal {
    from: number;
    text: string;
}

/** Proposals for the word before the cursor, nearest first, at most `limit`. */
export function proposals(
    query: string,
    cursor: number,
    metrics: string[],
    services: string[],
    limit = 8,
): Proposal[] {
    const before = query.slice(0, cursor);
    const value = /(?:service|datname)\s*(?:=~|!~|!=|=)\s*"([^"]*)$/.exec(before);
    if (value) {
        const typed = value[1] ?? "";
        return pick(services, typed, cursor - typed.length, limit);
    }
    const word = /[A-Za-z_][A-Za-z0-9_]*$/.exec(before)?.[0] ?? "";
    const inBraces = before.lastIndexOf("{") > before.lastIndexOf("}");
    const inBy = /\b(?:by|without|on|ignoring)\s*\([^)]*$/.test(before);
    if (inBraces || inBy) {
        return pick(LABELS, word, cursor - word.length, limit);
    }
    return word === "" ? [] : pick([...FUNCTIONS, ...metrics], word, cursor - word.length, limit);
}

function pick(words: string[], typed: string, from: number, limit: number): Proposal[] {
    const low = typed.toLowerCase();
    const starts = words.filter((word) => word.toLowerCase().startsWith(low));
    const inside = words.filter((word) => !word.toLowerCase().startsWith(low) && word.toLowerCase().includes(low));
    return [...new Set([...starts, ...inside])]
        .filter((word) => word !== typed)
        .slice(0, limit)
        .map((text) => ({ from, text }));
}

/** Column, from 1, that an error message speaks of; 0 when it names none. */
export function errorColumn(message: string): number {
    return Number(/^Column (\d+)/.exec(message)?.[1] ?? 0);
}
