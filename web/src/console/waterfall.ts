// SPDX-License-Identifier: Apache-2.0
//
// Spans of a trace as the rows of a waterfall.
import type { Span } from "../api/types.ts";

/** A row: a span, how deep it stands, and the time in it that no child explains. */
export interface Row {
    span: Span;
    depth: number;
    children: number;
    own_ms: number;
    /** stretches of own time, from the start of the span, in ms */
    gaps: { from_ms: number; to_ms: number }[];
}

/** Gaps shorter than this share of the trace are not worth a mark. */
const GAP_SHARE = 0.02;

function gapsOf(span: Span, children: Span[], least_ms: number): Row["gaps"] {
    const gaps: Row["gaps"] = [];
    const end = span.start_ms + span.duration_ms;
    let at = span.start_ms;
    for (const child of [...children].sort((a, b) => a.start_ms - b.start_ms)) {
        const from = Math.min(child.start_ms, end);
        if (from - at >= least_ms) {
            gaps.push({ from_ms: at - span.start_ms, to_ms: from - span.start_ms });
        }
        at = Math.max(at, Math.min(child.start_ms + child.duration_ms, end));
    }
    if (end - at >= least_ms && children.length > 0) {
        gaps.push({ from_ms: at - span.start_ms, to_ms: end - span.start_ms });
    }
    return gaps;
}

function ownTime(span: Span, children: Span[]): number {
    return gapsOf(span, children, 0).reduce((sum, gap) => sum + gap.to_ms - gap.from_ms, 0);
}

/**
 * Rows from the root downwards, children by their start.
 *
 * @param closed ids of spans whose children are hidden
 */
export function waterfallRows(spans: Span[], closed: ReadonlySet<string>): Row[] {
    const ids = new Set(spans.map((span) => span.id));
    const byParent = new Map<string, Span[]>();
    for (const span of spans) {
        const parent = span.parent && ids.has(span.parent) ? span.parent : "";
        byParent.set(parent, [...(byParent.get(parent) ?? []), span]);
    }
    const total = traceLength(spans);
    const rows: Row[] = [];
    const open = (byParent.get("") ?? []).map((span) => ({ span, depth: 0 }));
    open.sort((a, b) => b.span.start_ms - a.span.start_ms);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
        const { span, depth } = next;
        const children = byParent.get(span.id) ?? [];
        const gaps = gapsOf(span, children, total * GAP_SHARE);
        const own_ms = children.length === 0 ? span.duration_ms : ownTime(span, children);
        rows.push({ span, depth, children: children.length, own_ms, gaps });
        if (!closed.has(span.id)) {
            const below = children.map((child) => ({ span: child, depth: depth + 1 }));
            open.push(...below.sort((a, b) => b.span.start_ms - a.span.start_ms));
        }
    }
    return rows;
}

/** Milliseconds from the first start to the last end. */
export function traceLength(spans: Span[]): number {
    return Math.max(1, ...spans.map((span) => span.start_ms + span.duration_ms));
}

/** A span with all below it, its own start as zero; all spans when there is none of this id. */
export function subtree(spans: Span[], id: string): Span[] {
    const root = spans.find((span) => span.id === id);
    if (root === undefined) {
        return spans;
    }
    const inside = new Set([id]);
    // Each round adds a level; a span that is its own ancestor ends it as well.
    for (let before = 0; before < inside.size; ) {
        before = inside.size;
        for (const span of spans) {
            if (span.parent !== null && inside.has(span.parent)) {
                inside.add(span.id);
            }
        }
    }
    return spans
        .filter((span) => inside.has(span.id))
        .map((span) => ({
            ...span,
            parent: span.id === id ? null : span.parent,
            start_ms: span.start_ms - root.start_ms,
        }));
}

/** Ids from the root of the trace down to a span, itself included; a wrong parent ends it. */
export function ancestry(spans: Span[], id: string): string[] {
    const path: string[] = [];
    for (let at = spans.find((span) => span.id === id); at !== undefined && !path.includes(at.id); ) {
        path.unshift(at.id);
        const { parent } = at;
        at = spans.find((span) => span.id === parent);
    }
    return path;
}
