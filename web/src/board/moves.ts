// SPDX-License-Identifier: Apache-2.0
//
// What a move deserves to be called. The judge's label decides whether a move is a fault; the list,
// the graph and the trainer all ask `gradeOf`, so that they never disagree.
import type { Command } from "../api/types.ts";
import { spanWords } from "../lib/format.ts";
import { budgetText, figureText } from "./report.ts";
import type { Move, Report } from "./report.ts";

export type Tone = "good" | "warn" | "bad" | "info" | "plain";

/** The sign of a move, its name in words, and its colour, which is never the only signal. */
export interface Grade {
    glyph: string;
    name: string;
    tone: Tone;
    fault: boolean;
}

export type Filter = "all" | "judged" | "mistakes";

/** Less than this share of the damage of doing nothing is no regret; the judge's own limit. */
export const SMALL_SHARE = 0.02;
/** From this share of the damage of doing nothing on, a fault is a grave one. */
const GRAVE_SHARE = 0.15;
/** A good look removes so many bits at nearly the best rate. */
const GOOD_BITS = 0.5;
const GOOD_RATE = 0.9;
/** A good act takes away this share of what doing nothing costs. */
const GOOD_RELIEF = 0.1;

const PLAIN: Grade = { glyph: "", name: "", tone: "plain", fault: false };

function fault(move: Move, noop: number): Grade {
    const grave = noop > 0 && (move.regret ?? 0) >= GRAVE_SHARE * noop;
    return grave
        ? { glyph: "??", name: "grave mistake", tone: "bad", fault: true }
        : { glyph: "?", name: "mistake", tone: "bad", fault: true };
}

function goodLook(move: Move): boolean {
    return (move.bits_expected ?? 0) >= GOOD_BITS && (move.rate_share ?? 0) >= GOOD_RATE;
}

/**
 * Grade a move.
 *
 * @param before value before the move, null when there is none
 * @param noop damage of doing nothing
 */
export function gradeOf(move: Move, before: number | null, noop: number): Grade {
    if (move.label === "error") {
        return fault(move, noop);
    }
    if (move.label === "lucky") {
        return { glyph: "?!", name: "lucky: the evidence did not support it", tone: "warn", fault: true };
    }
    if (move.label === "unlucky") {
        return { glyph: "~", name: "unlucky: right by the evidence", tone: "info", fault: false };
    }
    const relief = (before ?? 0) - (move.value ?? 0);
    const goodAct = move.kind === "act" && move.label === "sound" && relief >= GOOD_RELIEF * noop && noop > 0;
    if (goodAct || (move.kind === "look" && goodLook(move))) {
        return { glyph: "!", name: "good", tone: "good", fault: false };
    }
    return PLAIN;
}

/** Grades of all moves, in their order. */
export function grades(report: Report): Grade[] {
    const noop = report.damage_noop ?? 0;
    let before: number | null = null;
    return report.moves.map((move) => {
        const grade = gradeOf(move, before, noop);
        before = move.value ?? before;
        return grade;
    });
}

/** Numbers of the moves that a filter shows. */
export function shown(report: Report, filter: Filter): number[] {
    const marks = grades(report);
    return report.moves
        .map((_, index) => index)
        .filter((index) => {
            const grade = marks[index] ?? PLAIN;
            return filter === "all" || (filter === "judged" ? grade.glyph !== "" : grade.fault);
        });
}

/** The last move that was chosen at or before `t_s`; -1 before the first. */
export function moveAt(report: Report, t_s: number): number {
    return report.moves.reduce((found, move, index) => (move.t_s <= t_s ? index : found), -1);
}

/** The next move after `from` that `wanted` accepts, beginning again at the first; -1 for none. */
export function nextOf(count: number, from: number, wanted: (index: number) => boolean): number {
    for (let step = 1; step <= count; step += 1) {
        const index = (((from + step) % count) + count) % count;
        if (wanted(index)) {
            return index;
        }
    }
    return -1;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const LOOKS: Record<string, (command: Command) => string> = {
    panel: (command) =>
        `Opened ${text(command.service)} ${text(command.panel)}${command.by ? ` by ${text(command.by)}` : ""}`,
    query: (command) => `Asked ${text(command.expr)}`,
    logs: (command) => `Read the logs of ${text(command.service) || "all services"}`,
    traces: (command) => `Searched traces of ${text(command.service) || "all services"}`,
    trace: (command) => `Opened trace ${text(command.id)}`,
    changes: () => "Read the change feed",
    db: (command) => `Looked at ${text(command.view)} of ${text(command.db)}`,
    alerts: () => "Looked at the alerts",
    topology: () => "Looked at the map of the system",
    flags: () => "Looked at the feature flags",
    people: () => "Looked at who is there",
    pods: (command) => `Looked at the pods of ${text(command.service)}`,
    edges: (command) => `Looked at the callers and clients of ${text(command.service)}`,
    runbook: (command) => `Read the runbook${command.page ? `: ${text(command.page)}` : ""}`,
    ask: (command) => `Asked ${text(command.person)}: ${text(command.question)}`,
};

function argumentsText(args: unknown): string {
    const values = Array.isArray(args) ? args : Object.values((args as object | undefined) ?? {});
    return values.map(String).join(" ");
}

function said(command: Command): string {
    if (command.what === "believe") {
        const claims = (command.claims as { p: number; component: string; mechanism: string }[] | undefined) ?? [];
        const first = claims[0];
        const more = claims.length > 1 ? `, and ${claims.length - 1} more` : "";
        return first
            ? `Said ${Math.round(first.p * 100)} % ${first.component}: ${first.mechanism}${more}`
            : "Asked for the own claims";
    }
    if (command.what === "update") {
        return `Posted “${text(command.status)}”`;
    }
    return command.what === "message" ? `Wrote to ${text(command.to)}` : "Wrote the postmortem";
}

/** A move in plain words, from its command when that is known. */
export function wordsOf(move: Move, command: Command | null, until_s: number): string {
    if (move.kind === "wait") {
        const spent = until_s - move.t_s;
        return spent >= 1 ? `Waited ${spanWords(spent)}` : "Waited";
    }
    if (move.kind === "close") {
        return "Closed the incident";
    }
    if (command?.do === "look") {
        return LOOKS[text(command.what)]?.(command) ?? `Looked: ${move.text}`;
    }
    if (command?.do === "act") {
        return `Did ${text(command.action)} ${argumentsText(command.args)}`.trim();
    }
    if (command?.do === "say") {
        return said(command);
    }
    const [first = "", ...rest] = move.text;
    return `${first.toUpperCase()}${rest.join("")}`;
}

function lookWords(move: Move): string {
    const expected = figureText(move.bits_expected, move.errors.bits_expected ?? null);
    const best = figureText(move.bits_best, move.errors.bits_best ?? null);
    if (move.better_look !== "" && (move.rate_share ?? 1) < GOOD_RATE) {
        return `Expected ${expected} bits. Per minute ${move.better_look} tells more: ${best} bits.`;
    }
    return (move.bits_expected ?? 0) >= 0.05 ? `Expected ${expected} bits, nothing told more per minute.` : "";
}

/** Why a move is graded so, in a sentence or two; empty when there is nothing to say. */
export function reasonOf(move: Move): string {
    const parts: string[] = [];
    if (move.label === "error" || move.label === "lucky") {
        const cost = budgetText(move.regret, move.errors.regret ?? null);
        parts.push(`Cost ${cost} of the month's budget more than the best by the evidence.`);
    }
    if (move.label === "lucky") {
        parts.push("It turned out well all the same.");
    }
    if (move.label === "unlucky") {
        parts.push("The evidence supported it; by the true cause it was wrong.");
    }
    if (move.kind === "look") {
        parts.push(lookWords(move));
    }
    return parts.filter((part) => part !== "").join(" ");
}

/** The better line in words; empty when there is none. */
export function betterOf(move: Move): string {
    if (move.better === "") {
        return "";
    }
    const saves = Math.round(100 * move.saving);
    return `${move.better}, saves ${saves} % of what was still at stake`;
}

/** A look that was on the screen before a move: how long before, and what it told. */
export interface Evidence {
    index: number;
    before_s: number;
    bits: number;
}

/** Looks that told less than this are no evidence worth a link. */
const EVIDENCE_BITS = 0.1;
const EVIDENCE_MAX = 2;

/**
 * What spoke for or against an act when it was decided: the looks before it, since the act before, that
 * told most.
 *
 * @return at most two, the most telling first; none for moves that are no acts
 */
export function evidenceOf(moves: Move[], index: number): Evidence[] {
    const move = moves[index];
    if (move?.kind !== "act") {
        return [];
    }
    const since = moves.slice(0, index).map((each) => each.kind === "act").lastIndexOf(true);
    return moves
        .map((each, at): Evidence => ({ index: at, before_s: move.t_s - each.t_s, bits: each.bits ?? 0 }))
        .filter((each) => each.index > since && each.index < index && moves[each.index]?.kind === "look" && each.bits >= EVIDENCE_BITS)
        .sort((a, b) => b.bits - a.bits || b.index - a.index)
        .slice(0, EVIDENCE_MAX);
}
