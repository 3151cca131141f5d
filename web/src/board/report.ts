// SPDX-License-Identifier: Apache-2.0
//
// The judge's report as docs/reference/judge.md tells it, and figures as text. Damage is a share of
// the month's error budget, information is in bits, time in seconds after the opening.

/** A number with its standard error; null where the session does not have one. */
export interface Figure {
    value: number | null;
    se: number | null;
}

export type MoveKind = "look" | "act" | "say" | "wait" | "close";
export type Label = "sound" | "unlucky" | "lucky" | "error" | "";

/** One entry of the log with what it was worth. */
export interface Move {
    seq: number;
    t_s: number;
    kind: MoveKind;
    text: string;
    bits: number | null;
    bits_expected: number | null;
    bits_best: number | null;
    value: number | null;
    regret: number | null;
    regret_true: number | null;
    label: Label;
    se: number | null;
    errors: Record<string, number | null>;
    rate_share: number | null;
    better_look: string;
    better: string;
    saving: number;
}

/** What the displayed evidence supported at a moment. */
export interface Belief {
    t_s: number;
    entropy_bits: number;
    classes: Record<string, number>;
}

/** A statement of the player beside the truth. */
export interface StatedBelief {
    clock: string;
    claims: { p: number; component: string; mechanism: string; trigger?: string }[];
    on_the_cause: number;
}

/** What the incident was, told after its end. */
export interface Debrief {
    cause?: { name: string; title: string; text: string; tell: string; helps: string[] };
    red_herrings?: { name: string; text: string }[];
    times?: Record<string, string | number | null>;
    beliefs?: StatedBelief[];
}

/** The whole analysis. */
export interface Report {
    scenario: string;
    seed: number;
    cause: string;
    clock: string;
    particles: number;
    moves: Move[];
    belief: Belief[];
    damage: number | null;
    damage_noop: number | null;
    damage_adjusted: Figure;
    luck: Figure;
    profile: Record<string, Figure>;
    score: Figure;
    notes: string[];
    cpu_s: number;
    debrief?: Debrief;
}

function digitsFor(se: number | null, value: number): number {
    const size = se !== null && se > 0 ? se : Math.abs(value) / 10;
    return size >= 1 || size === 0 ? 0 : Math.min(2, Math.ceil(-Math.log10(size)));
}

/** A plain number with as many digits as its error allows; no minus before a zero. */
export function rounded(value: number, digits: number): string {
    const text = value.toFixed(digits);
    return Number(text) === 0 ? (0).toFixed(digits) : text.replace("-", "−");
}

/**
 * A figure as `64 ± 11`.
 *
 * @param scale 100 turns a share into per cent
 * @param unit put behind, with its blank
 */
export function figureText(value: number | null, se: number | null, scale = 1, unit = ""): string {
    if (value === null || !Number.isFinite(value)) {
        return "none";
    }
    const error = se === null ? null : se * scale;
    const digits = digitsFor(error, value * scale);
    const number = rounded(value * scale, digits);
    return error === null ? `${number}${unit}` : `${number} ± ${errorText(error, digits)}${unit}`;
}

/** An error at the digits of its number; one that vanishes there is said to be below the last digit. */
export function errorText(error: number, digits: number): string {
    const text = error.toFixed(digits);
    return Number(text) === 0 ? `<${(10 ** -digits).toFixed(digits)}` : text;
}

/** A share of the month's error budget in per cent, with its error. */
export function budgetText(value: number | null, se: number | null): string {
    return figureText(value, se, 100, " %");
}

/** Entropy that was left at `t_s`, and the belief of that moment; null before the first. */
export function beliefAt(report: Report, t_s: number): Belief | null {
    let last: Belief | null = report.belief[0] ?? null;
    for (const belief of report.belief) {
        if (belief.t_s <= t_s) {
            last = belief;
        }
    }
    return last;
}

/**
 * Why a figure may stand outside of its scale, in a sentence; empty when it does not.
 *
 * @param low, high  the ends of the scale; Infinity for an open one
 */
export function beyondText(figure: Figure, low: number, high: number): string {
    const { value } = figure;
    const se = figure.se ?? 0;
    if (value === null || (value >= low && value <= high)) {
        return "";
    }
    const by = value > high ? value - high : low - value;
    const side = value > high ? "above" : "below";
    const end = rounded(value > high ? high : low, 0);
    return by <= 2 * se
        ? `${side} ${end}: an estimate; by its error it may be ${end} as well.`
        : `${side} ${end}, and more than its error explains: this session went beyond what the scale was made for.`;
}
