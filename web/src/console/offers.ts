// SPDX-License-Identifier: Apache-2.0
//
// What the palette offers in the console: everything that can be looked at, done or said.
import { spanWords } from "../lib/format.ts";
import { navigation } from "../lib/navigation.svelte.ts";
import type { PaletteItem } from "../lib/palette.svelte.ts";
import type { Desk } from "./context.ts";
import { titleOf } from "./dashboard.ts";
import { lookWords } from "./fold.ts";
import { revealOf } from "./reveal.ts";
import type { Command } from "../api/types.ts";

const LISTS = ["changes", "topology", "alerts", "flags", "people", "status", "metrics", "runbook"];
const VIEWS = ["activity", "sessions", "locks", "statements", "connections", "replication"];

/** All of it, actions first. */
export function paletteItems(desk: Desk): PaletteItem[] {
    const { incident } = desk;
    if (incident.done) {
        return [];
    }
    const look = (title: string, what: string, members: Record<string, unknown>): PaletteItem => {
        const command: Command = { do: "look", what, ...members };
        const cost = incident.cost(what);
        const run = (): void => {
            void incident.run(command, `looking at ${title}`).then((answer) => {
                if (answer) {
                    navigation.set(revealOf(command));
                }
            });
        };
        const words = lookWords(command);
        return { title, group: "Look", words, ...(cost > 0 ? { note: spanWords(cost) } : {}), run };
    };
    const wait = (time: string, words: string): PaletteItem => ({
        title: words,
        group: "Wait",
        run: () => void incident.run({ do: "wait", for: time, wake: words.includes("until") }, "waiting"),
    });
    return [
        { title: "Post a status update", group: "Say", note: "u", run: desk.update },
        ...incident.actions.map((action) => ({
            title: `${action.title} (${action.name})`,
            group: "Do",
            note: spanWords(action.lead_s),
            run: () => desk.act(action.name),
        })),
        ...LISTS.map((what) => look(what, what, {})),
        ...Object.entries(incident.lexicon.panels).flatMap(([service, panels]) =>
            panels.map((panel) => look(`${service}: ${titleOf(panel)}`, "panel", { service, panel })),
        ),
        ...incident.lexicon.databases.flatMap((db) => VIEWS.map((view) => look(`${db}: ${view}`, "db", { db, view }))),
        ...incident.lexicon.people.map((person) => ({
            title: `Write to ${person.name}`,
            group: "Say",
            run: () => desk.write(person.id),
        })),
        ...(incident.live ? [] : [wait("2m", "Wait until something happens, at most 2 minutes"), wait("1m", "Wait 1 minute"), wait("5m", "Wait 5 minutes")]),
        { title: "Close the incident", group: "Say", note: "g x", run: desk.close },
    ];
}
