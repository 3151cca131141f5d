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

/** Place all parts. */
export function placeNodes(topology: Topology): Place[] {
    const row = rows(topology);
    const links = downwards(topology);
    const lines: string[][] = [];
    for (const node of topology.nodes) {
        (lines[row.get(node.name) ?? 0] ??= []).push(node.name);
    }
    const full = lines.filter((line) => line !== undefined && line.length > 0);
    const x = new Map<string, number>();
    const spread = (line: string[]): void => {
        line.forEach((name, index) => x.set(name, (index + 0.5) / line.length));
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
    return full.flatMap((line, index) =>
        line.map((name, at) => ({
            name,
            kind: topology.nodes.find((node) => node.name === name)?.kind ?? "",
            row: index,
            x: x.get(name) ?? 0.5,
            // In a full row every other part stands a little lower, so that the names have room.
            y: (index + (line.length > 3 && at % 2 === 1 ? 0.42 : 0.04)) / Math.max(1, height - 0.5),
        })),
    );
}

function middleOf(name: string, links: { from: string; to: string }[], x: Map<string, number>): number {
    const near = links
        .filter(({ from, to }) => from === name || to === name)
        .map(({ from, to }) => x.get(from === name ? to : from) ?? 0.5);
    const own = x.get(name) ?? 0.5;
    return near.length === 0 ? own : near.reduce((sum, value) => sum + value, 0) / near.length;
}
