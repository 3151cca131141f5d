// SPDX-License-Identifier: Apache-2.0
//
// Where the parts of a system stand in the drawing: callers above what they use, few crossings. A
// world has some dozens of parts, so simple sweeps are enough.
import type { Topology } from "../api/types.ts";

/** A placed part; x and y are 0..1 of the drawing. */
export interface Place {
    name: string;
    kind: string;
    row: number;
    x: number;
    y: number;
}

const LABEL_MAX = 17;

/** A name on the map: `api.payfold.example` is `payfold`, and long ones lose their middle. */
export function labelOf(name: string): string {
    const short = /^[^.]+\.([^.]+)\.[^.]+$/.exec(name)?.[1] ?? name;
    if (short.length <= LABEL_MAX) {
        return short;
    }
    const tail = Math.floor((LABEL_MAX - 1) / 2);
    return `${short.slice(0, LABEL_MAX - 1 - tail)}…${short.slice(-tail)}`;
}

/** Row of each part: one below the lowest of those that use it. Cycles end after as many rows. */
function rows(topology: Topology): Map<string, number> {
    const row = new Map(topology.nodes.map((node) => [node.name, 0]));
    for (let round = 0; round < topology.nodes.length; round += 1) {
        let moved = false;
        for (const { from, to } of downwards(topology)) {
            const wanted = (row.get(from) ?? 0) + 1;
            if (from !== to && (row.get(to) ?? 0) < wanted && wanted < topology.nodes.length) {
                row.set(to, wanted);
                moved = true;
            }
        }
        if (!moved) {
            break;
        }
    }
    return row;
}

/** Who consumes a topic stands below it. */
function downwards(topology: Topology): { from: string; to: string }[] {
    return topology.edges.map(({ from, to, kind }) => (kind === "consumes" ? { from: to, to: from } : { from, to }));
}

/** Letters that a part takes in its row: its name and a space, at least its symbol. */
const widthOf = (name: string): number => Math.max(6, labelOf(name).length + 1);

/**
 * Which parts of a row stand a little lower so that names have room: those whose name would touch
 * that of the part before.
 *
 * @param line names from left to right
 * @param x their places, 0..1
 * @param letters how many letters the drawing is wide
 */
function lowered(line: string[], x: Map<string, number>, letters: number): boolean[] {
    const low: boolean[] = [];
    line.forEach((name, index) => {
        const before = line[index - 1];
        const apart = before === undefined ? Infinity : ((x.get(name) ?? 0) - (x.get(before) ?? 0)) * letters;
        const needed = before === undefined ? 0 : (widthOf(name) + widthOf(before)) / 2;
        low.push(apart < needed && low[index - 1] === false);
    });
    return low;
}

/**
 * Place all parts.
 *
 * @param letters how many letters of a name the drawing is wide
 */
export function placeNodes(topology: Topology, letters = 42): Place[] {
    const row = rows(topology);
    const links = downwards(topology);
    const lines: string[][] = [];
    for (const node of topology.nodes) {
        (lines[row.get(node.name) ?? 0] ??= []).push(node.name);
    }
    const full = lines.filter((line) => line !== undefined && line.length > 0);
    const x = new Map<string, number>();
    const spread = (line: string[]): void => {
        const widths = line.map(widthOf);
        const all = widths.reduce((sum, width) => sum + width, 0);
        let left = 0;
        line.forEach((name, index) => {
            const width = widths[index] ?? 0;
            x.set(name, (left + width / 2) / all);
            left += width;
        });
    };
    full.forEach(spread);
    // Each row is sorted by the middle of its neighbours, down and up, a few times.
    for (let sweep = 0; sweep < 8; sweep += 1) {
        for (const line of sweep % 2 === 0 ? full : [...full].reverse()) {
            const middle = new Map(line.map((name) => [name, middleOf(name, links, x)]));
            line.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
            spread(line);
        }
    }
    const height = Math.max(1, full.length);
    return full.flatMap((line, index) => {
        const low = lowered(line, x, letters);
        return line.map((name, at) => ({
            name,
            kind: topology.nodes.find((node) => node.name === name)?.kind ?? "",
            row: index,
            x: x.get(name) ?? 0.5,
            y: (index + (low[at] ? 0.42 : 0.04)) / Math.max(1, height - 0.5),
        }));
    });
}

function middleOf(name: string, links: { from: string; to: string }[], x: Map<string, number>): number {
    const near = links
        .filter(({ from, to }) => from === name || to === name)
        .map(({ from, to }) => x.get(from === name ? to : from) ?? 0.5);
    const own = x.get(name) ?? 0.5;
    return near.length === 0 ? own : near.reduce((sum, value) => sum + value, 0) / near.length;
}
