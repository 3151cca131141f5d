// SPDX-License-Identifier: Apache-2.0
//
// What the server sends as rows and lists, as the console uses it: by name.
import type { Answer, Lexicon, Observation, Topology } from "./types.ts";

/** The lexicon as it is sent. */
export interface WireLexicon {
    scenario: string;
    /** parts; of a service also whether it has pools of connections */
    services: { name: string; kind: string; pools?: boolean }[];
    panels: { panel: string; by: string; title: string; unit: string; of: string }[];
    looks: { what: string; cost_s: number }[];
    people: { id: string; name: string }[];
    pages?: { name: string; title: string }[];
    actions: { name: string; title: string }[];
}

/** The map as it is sent: the first columns of the tables of the topology look. */
export interface WireTopology {
    services: unknown[][];
    links: unknown[][];
}

/** A refreshed panel: the bare observation, or a whole answer when the refresh entered the log. */
export interface WireGlance {
    observation?: Observation;
    answer?: Answer;
}

/** What a refresh showed, or null when it showed nothing. */
export function glanceOf(wire: WireGlance): Observation | null {
    return wire.observation ?? wire.answer?.observation ?? null;
}

/** Name under which the panels of the users are looked at. */
export const USERS = "users";

/** Panels that stay empty for a service without a pool of connections. */
const OF_POOLS = ["pool", "pool-wait", "pool-timeouts", "queries"];

/** Words of a scenario by name. */
export function lexiconOf(wire: WireLexicon): Lexicon {
    const targets: WireLexicon["services"] = [...wire.services];
    if (wire.panels.some((panel) => panel.of === USERS)) {
        targets.push({ name: USERS, kind: USERS });
    }
    const panels: Lexicon["panels"] = {};
    const splits: Lexicon["splits"] = {};
    for (const { name, kind, pools } of targets) {
        const own = wire.panels.filter((panel) => panel.of === kind && (pools !== false || !OF_POOLS.includes(panel.panel)));
        // The business numbers are a panel that the scenario defines, so it is in no list.
        const names = own.map((panel) => panel.panel).concat(kind === USERS ? ["kpi"] : []);
        panels[name] = [...new Set(names)];
        for (const { panel, by } of own.filter((each) => each.by !== "")) {
            (splits[`${name}/${panel}`] ??= []).push(by);
        }
    }
    return {
        services: wire.services.filter((each) => each.kind === "service").map((each) => each.name),
        databases: wire.services.filter((each) => each.kind === "database").map((each) => each.name),
        kinds: Object.fromEntries(targets.map((each) => [each.name, each.kind])),
        panels,
        splits,
        people: wire.people,
        pages: wire.pages ?? [],
    };
}

/**
 * The map with all parts as nodes: services, what they use, and the users above the services that
 * nobody else calls.
 */
export function topologyOf(wire: WireTopology, lexicon: Lexicon): Topology {
    const text = (value: unknown): string => (typeof value === "string" ? value : "");
    const edges = wire.links.map((row) => ({ from: text(row[0]), to: text(row[1]), kind: text(row[2]) }));
    const nodes = new Map<string, { name: string; kind: string; team?: string }>();
    for (const row of wire.services) {
        nodes.set(text(row[0]), { name: text(row[0]), kind: "service", team: text(row[1]) });
    }
    for (const name of Object.keys(lexicon.kinds).filter((each) => each !== USERS)) {
        if (!nodes.has(name)) {
            nodes.set(name, { name, kind: lexicon.kinds[name] ?? "" });
        }
    }
    for (const { from, to, kind } of edges) {
        for (const name of [from, to].filter((each) => each !== "" && !nodes.has(each))) {
            nodes.set(name, { name, kind: name === to ? kind : "service" });
        }
    }
    const called = new Set(edges.map((edge) => edge.to));
    const fed = new Set(edges.filter((edge) => edge.kind === "consumes").map((edge) => edge.from));
    const doors = lexicon.services.filter((name) => nodes.has(name) && !called.has(name) && !fed.has(name));
    if (lexicon.kinds[USERS] !== undefined) {
        nodes.set(USERS, { name: USERS, kind: USERS });
        edges.push(...doors.map((to) => ({ from: USERS, to, kind: USERS })));
    }
    const used = new Set(edges.flatMap((edge) => [edge.from, edge.to]));
    return { nodes: [...nodes.values()].filter((node) => used.has(node.name) || node.kind === "service"), edges };
}
