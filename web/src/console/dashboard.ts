// SPDX-License-Identifier: Apache-2.0
//
// Which panels stand on the dashboard, and what they are called there.
import type { Lexicon } from "../api/types.ts";

/** A place on the dashboard. */
export interface TileSpec {
    service: string;
    panel: string;
    by: string;
}

export const TILES_MAX = 12;

/** What panels can be split by (docs/reference/instruments.md). */
const SPLITS: Record<string, string[]> = {
    latency: ["route", "pod", "code"],
    "latency-mean": ["route"],
    requests: ["route", "pod", "code"],
    errors: ["route", "code", "pod"],
    saturation: ["pod"],
    pool: ["route", "pod"],
    "pool-wait": ["pod"],
    "pool-timeouts": ["pod"],
    cpu: ["pod"],
    throttling: ["pod"],
    memory: ["pod"],
    restarts: ["pod"],
    gc: ["pod"],
    deps: ["dependency"],
    "deps-errors": ["dependency", "code"],
    "deps-requests": ["dependency"],
    retries: ["dependency"],
    users: ["outcome"],
};

const TITLES: Record<string, string> = {
    latency: "latency",
    "latency-mean": "latency, mean",
    requests: "requests",
    errors: "error ratio",
    saturation: "workers busy",
    pool: "pool connections",
    "pool-wait": "wait for a connection",
    "pool-timeouts": "pool timeouts",
    queries: "database calls",
    cpu: "CPU",
    throttling: "CPU throttled",
    memory: "memory",
    restarts: "restarts",
    gc: "collector pauses",
    deps: "dependencies p99",
    "deps-errors": "dependency errors",
    "deps-requests": "dependency calls",
    retries: "retries",
    replicas: "pods",
    load: "database load",
    connections: "sessions by state",
    "query-time": "time per statement",
    locks: "waiting for locks",
    transactions: "oldest transaction",
    commits: "commits",
    lag: "lag",
    buffers: "buffers hit",
    "hit-ratio": "hit ratio",
    operations: "reads",
    keys: "keys",
    messages: "messages",
    users: "users",
    satisfaction: "users satisfied",
    kpi: "business numbers",
};

/** The splits of a panel, may be empty. */
export function splitsOf(panel: string): string[] {
    return SPLITS[panel] ?? [];
}

/** Short title of a panel. */
export function titleOf(panel: string): string {
    return TITLES[panel] ?? panel;
}

/** Panels of the first dashboard: of the paged service, its databases and the users. */
const OVERVIEW: [kind: "service" | "database" | "users", panel: string, by: string][] = [
    ["service", "latency", "route"],
    ["service", "requests", ""],
    ["service", "errors", ""],
    ["users", "kpi", ""],
    ["service", "saturation", ""],
    ["service", "pool", ""],
    ["service", "pool-wait", ""],
    ["service", "queries", ""],
    ["service", "cpu", ""],
    ["service", "deps", ""],
    ["database", "load", ""],
    ["database", "connections", ""],
    ["service", "memory", ""],
    ["service", "gc", ""],
    ["service", "retries", ""],
];

/** Databases among the parts that have panels. */
export function databasesOf(lexicon: Lexicon): string[] {
    return Object.keys(lexicon.panels).filter((name) => (lexicon.panels[name] ?? []).includes("query-time"));
}

/** What dashboards there are: `overview` and one for each part of the system. */
export function dashboardsOf(lexicon: Lexicon): string[] {
    return ["overview", ...Object.keys(lexicon.panels)];
}

/**
 * The tiles of a dashboard, at most TILES_MAX.
 *
 * @param at `overview` or a part of the system
 * @param paged the service that the pager rang for
 * @param by how panels are split where they can be, may be empty
 */
export function tilesOf(lexicon: Lexicon, at: string, paged: string, by: string): TileSpec[] {
    const split = (panel: string, own: string): string => (splitsOf(panel).includes(by) ? by : own);
    if (at !== "overview") {
        const panels = (lexicon.panels[at] ?? []).slice(0, TILES_MAX);
        return panels.map((panel) => ({ service: at, panel, by: split(panel, "") }));
    }
    const users = Object.keys(lexicon.panels).find((name) => (lexicon.panels[name] ?? []).includes("kpi"));
    const target = { service: paged, database: databasesOf(lexicon)[0], users };
    return OVERVIEW.flatMap(([kind, panel, own]): TileSpec[] => {
        const service = target[kind];
        const known = service !== undefined && (lexicon.panels[service] ?? []).includes(panel);
        return known ? [{ service, panel, by: split(panel, own) }] : [];
    }).slice(0, TILES_MAX);
}

/** Put tiles in the order of `order`, a list such as `latency,pool`; others follow as they were. */
export function arranged(tiles: TileSpec[], order: string): TileSpec[] {
    const wanted = order.split(",").filter((name) => name !== "");
    const rank = (tile: TileSpec): number => {
        const at = wanted.indexOf(tileName(tile));
        return at < 0 ? wanted.length : at;
    };
    return tiles
        .map((tile, index) => ({ tile, index }))
        .sort((a, b) => rank(a.tile) - rank(b.tile) || a.index - b.index)
        .map(({ tile }) => tile);
}

/** Name of a tile in the address. */
export function tileName(tile: TileSpec): string {
    return `${tile.service}~${tile.panel}`;
}

/** The order after a tile has moved by `step` places. */
export function moved(tiles: TileSpec[], index: number, step: number): string {
    const names = tiles.map(tileName);
    const to = Math.min(Math.max(index + step, 0), names.length - 1);
    const [name] = names.splice(index, 1);
    names.splice(to, 0, name ?? "");
    return names.join(",");
}
