// SPDX-License-Identifier: Apache-2.0
//
// Geometry of the board's drawings: one axis of time for all, so that they stand under each other.
import type { Belief, Move, Report } from "./report.ts";

export const LEFT = 46;
export const RIGHT = 12;
/** Room below a drawing for its labels. */
export const BOTTOM = 20;

/** Time to pixels and back. */
export class TimeAxis {
    constructor(
        readonly end_s: number,
        readonly width: number,
    ) {}

    x(t_s: number): number {
        const room = Math.max(1, this.width - LEFT - RIGHT);
        return LEFT + (room * Math.min(Math.max(t_s, 0), this.end_s)) / Math.max(1, this.end_s);
    }

    t(x: number): number {
        const room = Math.max(1, this.width - LEFT - RIGHT);
        return Math.round(Math.min(Math.max(((x - LEFT) / room) * this.end_s, 0), this.end_s));
    }

    /** Round times for labels, far enough apart to be read. */
    ticks(): number[] {
        const steps = [60, 120, 300, 600, 900, 1800, 3600];
        const most = Math.max(2, Math.floor(this.width / 90));
        const step = steps.find((each) => this.end_s / each <= most) ?? 7200;
        return Array.from({ length: Math.floor(this.end_s / step) + 1 }, (_, index) => index * step);
    }
}

/** The last second of the analysis. */
export function endOf(report: Report): number {
    const times = [...report.moves.map((move) => move.t_s), ...report.belief.map((belief) => belief.t_s)];
    return Math.max(60, ...times);
}

/** From a share of `top` (0..1) to pixels in a drawing of `height`, `above` pixels below its upper edge. */
export function levels(height: number, above: number): (share: number) => number {
    const room = Math.max(10, height - above - BOTTOM);
    return (share) => above + room * (1 - Math.min(share, 1));
}

/** A round number at or above `value`, for the top of an axis. */
export function roundTop(value: number): number {
    const size = 10 ** Math.floor(Math.log10(Math.max(value, 1e-6)));
    return ([1, 2, 2.5, 5, 10].find((each) => each * size >= value) ?? 10) * size;
}

/** A point of the stake: what was expected after the move as played, and after the best instead. */
export interface StakePoint {
    t_s: number;
    played: number;
    best: number;
    se: number;
    index: number;
}

/** What the best would have left: a wait is judged in pieces, of which `saving` tells the first bad one. */
function bestOf(move: Move, value: number): number {
    return move.saving > 0 ? value * (1 - Math.min(1, move.saving)) : Math.max(0, value - (move.regret ?? 0));
}

/** The stake after each move that has a value. */
export function stakePoints(moves: Move[]): StakePoint[] {
    return moves.flatMap((move, index) =>
        move.value === null
            ? []
            : [
                  {
                      t_s: move.t_s,
                      played: move.value,
                      best: bestOf(move, move.value),
                      se: move.errors.value ?? 0,
                      index,
                  },
              ],
    );
}

/** A layer of the belief: the share of one class over time, stacked from `low` to `high`. */
export interface Layer {
    name: string;
    low: number[];
    high: number[];
}

const NAMED = 5;

/** Stack the beliefs: the cause first, then the classes that ever weighed most, the rest as `others`. */
export function layersOf(beliefs: Belief[], cause: string): Layer[] {
    const peak = new Map<string, number>();
    for (const belief of beliefs) {
        for (const [name, p] of Object.entries(belief.classes)) {
            peak.set(name, (peak.get(name) ?? 0) + p);
        }
    }
    const ranked = [...peak.keys()].sort((a, b) => {
        const first = Number(b === cause) - Number(a === cause);
        return first !== 0 ? first : (peak.get(b) ?? 0) - (peak.get(a) ?? 0);
    });
    const named = ranked.slice(0, NAMED);
    const rest = ranked.slice(NAMED);
    const sums = [...named.map((name) => [name]), ...(rest.length > 0 ? [rest] : [])];
    const base = beliefs.map(() => 0);
    return sums.map((names, row) => {
        const low = [...base];
        beliefs.forEach((belief, index) => {
            base[index] = (base[index] ?? 0) + names.reduce((sum, name) => sum + (belief.classes[name] ?? 0), 0);
        });
        return { name: row < named.length ? (names[0] ?? "") : `${rest.length} others`, low, high: [...base] };
    });
}
