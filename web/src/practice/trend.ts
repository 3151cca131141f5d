// SPDX-License-Identifier: Apache-2.0
//
// Own incidents: the damage of those that are finished over time, and one that waits to be taken.
import type { SessionRow } from "../api/types.ts";

/** Damages from oldest to newest, and the trend in words with its error. */
export interface Trend {
    values: number[];
    most: number;
    words: string;
}

const NEEDED = 6;

/** The trend over own incidents; samples do not count. */
export function trendOf(sessions: SessionRow[]): Trend {
    const own = sessions.filter((session) => session.state === "closed" && !session.sample && session.damage != null);
    const values = own.map((session) => session.damage ?? 0).reverse();
    const most = Math.max(0, ...values);
    if (values.length < NEEDED) {
        return { values, most, words: `budget lost, ${values.length} finished; a trend shows from ${NEEDED} on` };
    }
    const half = Math.floor(values.length / 2);
    const early = spread(values.slice(0, half));
    const late = spread(values.slice(-half));
    const change = late.mean - early.mean;
    const error = Math.sqrt(early.error ** 2 + late.error ** 2);
    const percent = (share: number): string => `${(Math.abs(share) * 100).toPrecision(2)} %`;
    if (Math.abs(change) < 2 * error) {
        return { values, most, words: `budget lost: no clear trend yet (${percent(change)} ± ${percent(2 * error)})` };
    }
    const direction = change < 0 ? "less" : "more";
    return { values, most, words: `${percent(change)} ± ${percent(2 * error)} ${direction} budget lost than in your first half` };
}

function spread(values: number[]): { mean: number; error: number } {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { mean, error: Math.sqrt(square / Math.max(1, values.length - 1) / values.length) };
}

/** A live incident that nobody has taken yet. */
export function waitingCall(sessions: SessionRow[]): SessionRow | undefined {
    return sessions.find((session) => session.waiting);
}
