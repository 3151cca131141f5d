// SPDX-License-Identifier: Apache-2.0
//
// Which panels stand on the dashboard, and what they are called there.
import type { Lexicon } from "../api/types.ts";
import { USERS } from "../api/wire.ts";

/** A place on the dashboard. */
export interface TileSpec {
    service: string;
    panel: string;
    by: string;
}

export const TILES_MAX = 12;

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
    groups: "members of groups",
    rebalances: "rebalances",
    "dead-letters": "dead letters",
    freshness: "freshness",
    disk: "disk throughput",
    "disk-busy": "disk busy",
    kpi: "business numbers",
};

/** What a panel of a part can be split by, may be empty. */
export function splitsOf(lexicon: Lexicon, service: string, panel: string): string[] {
    return lexicon.splits[`${service}/${panel}`] ?? [];
}

/** Short title of a panel. */
export function titleOf(panel: string): string {
    return TITLES[panel] ?? panel;
}

/** What an entry of the first dashboard is of: the paged service, or parts by their kind. */
type Whose = "service" | "database" | "stream" | "volume" | "users";

/** Panels of the first dashboard; those that a system has not leave their places to later ones. */
const OVERVIEW: [whose: Whose, panel: string, by: string][] = [
    ["service", "latency", "route"],
    ["service", "requests", ""],
    ["service", "errors", ""],
    ["users", "kpi", ""],
    ["stream", "lag", ""],
    ["stream", "freshness", ""],
    ["service", "saturation", ""],
    ["service", "pool", ""],
    ["service", "pool-wait", ""],
    ["service", "queries", ""],
    ["service", "cpu", ""],
    ["stream", "messages", ""],
    ["service", "deps", ""],
    ["database", "load", ""],
    ["database", "connections", ""],
    ["volume", "disk", ""],
    ["service", "memory", ""],
    ["service", "gc", ""],
    ["service", "retries", ""],
    ["service", "replicas", ""],
    ["service", "throttling", ""],
];

/** Of streams and volumes so many stand on the first dashboard: what comes in and what goes out. */
const OF_A_KIND_MAX = 2;

/** Panels of a part, those of the first dashboard first. */
function panelsOf(lexicon: Lexicon, name: string): string[] {
    const rank = (panel: string): number => {
        const at = OVERVIEW.findIndex(([, each]) => each === panel);
        return at < 0 ? OVERVIEW.length : at;
    };
    return [...(lexicon.panels[name] ?? [])].sort((a, b) => rank(a) - rank(b));
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
    const split = (service: string, panel: string, own: string): string =>
        splitsOf(lexicon, service, panel).includes(by) ? by : own;
    if (at !== "overview") {
        const panels = panelsOf(lexicon, at).slice(0, TILES_MAX);
        return panels.map((panel) => ({ service: at, panel, by: split(at, panel, "") }));
    }
    const ofKind = (kind: string): string[] =>
        Object.keys(lexicon.kinds).filter((name) => lexicon.kinds[name] === kind).slice(0, OF_A_KIND_MAX);
    const parts: Record<Whose, string[]> = {
        service: [paged],
        database: lexicon.databases.slice(0, 1),
        stream: ofKind("stream"),
        volume: ofKind("volume"),
        users: [USERS],
    };
    return OVERVIEW.flatMap(([whose, panel, own]) =>
        parts[whose]
            .filter((service) => (lexicon.panels[service] ?? []).includes(panel))
            .map((service): TileSpec => ({ service, panel, by: split(service, panel, own) })),
    ).slice(0, TILES_MAX);
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
