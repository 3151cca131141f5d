// SPDX-License-Identifier: Apache-2.0
//
// Health of the parts of a system, from what was looked at and what the pager said. What nobody
// looked at is unknown, not healthy.
import type { Observation, PanelView, PartsView, SessionEvent, TableView, Topology } from "../api/types.ts";
import { lastValue } from "../chart/series.ts";
import type { Seen } from "./fold.ts";
import { valueText } from "../lib/format.ts";

export type Health = "unknown" | "good" | "warn" | "bad";

/** Health of one part in a word and in numbers. */
export interface PartHealth {
    health: Health;
    words: string;
}

const ERRORS_WARN = 0.01;
const ERRORS_BAD = 0.05;
const LATENCY_WARN_S = 0.75;
const LATENCY_BAD_S = 1.5;
/** a value above this share of its objective is near it */
const NEAR = 0.7;

const ORDER: Health[] = ["unknown", "good", "warn", "bad"];

const worse = (a: Health, b: Health): Health => (ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b);

function graded(value: number | null, warn: number, bad: number): Health {
    if (value === null) {
        return "unknown";
    }
    return value >= bad ? "bad" : value >= warn ? "warn" : "good";
}

function tablesOf(observation: Observation): TableView[] {
    if (observation.type === "table") {
        return [observation as TableView];
    }
    return observation.type === "parts" ? (observation as PartsView).parts.flatMap(tablesOf) : [];
}

const number = (value: unknown): number | null => (typeof value === "number" ? value : null);

/** The part that an alert names in its title, or an empty text. */
export function pagedPart(pages: SessionEvent[], names: string[]): string {
    for (const page of pages) {
        const words = page.title.split(/[\s()]+/);
        const named = names.find((name) => words.includes(name));
        if (named !== undefined) {
            return named;
        }
    }
    return "";
}

/** The panels whose objective says how a part is. */
const TELLING = ["latency", "errors"];

/** Health of a panel with an objective: its highest line now against the objective. */
function panelHealth(panel: PanelView): PartHealth | null {
    const values = panel.series.map((line) => lastValue(line.points)).filter((each): each is number => each !== null);
    if (panel.objective == null || values.length === 0) {
        return null;
    }
    const now = Math.max(...values);
    const health = graded(now, panel.objective * NEAR, panel.objective);
    return { health, words: `${panel.title.split(", ").at(-1) ?? ""} ${valueText(now, panel.unit)}` };
}

/** Firing and pending alerts of the alerts look by the service that they name. */
function alertHealth(table: TableView): { name: string; health: Health; words: string }[] {
    const at = (name: string): number => table.columns.findIndex((column) => column.name === name);
    return table.rows.map((row) => {
        const firing = row[at("state")] === "firing" && row[at("severity")] === "critical";
        const words = `${String(row[at("alert")])} ${String(row[at("state")])}`;
        return { name: String(row[at("service")]), health: firing ? "bad" : "warn", words };
    });
}

/** Health by name of the part, from all that was looked at and the pages so far. */
export function healthOf(
    topology: Topology,
    looks: Record<string, Seen>,
    pages: SessionEvent[],
): Map<string, PartHealth> {
    const seen = looks.topology?.observation ?? null;
    const found = new Map<string, PartHealth>();
    const note = (name: string, health: Health, words: string): void => {
        const before = found.get(name);
        const text = [before?.words, words].filter((each) => each).join(", ");
        found.set(name, { health: worse(before?.health ?? "unknown", health), words: text });
    };
    for (const table of seen === null ? [] : tablesOf(seen)) {
        const column = (name: string): number => table.columns.findIndex((each) => each.name === name);
        const services = column("service") >= 0;
        for (const row of table.rows) {
            const name = String(row[services ? column("service") : column("to")] ?? "");
            const p99 = number(row[column("p99")]);
            const errors = services ? number(row[column("5xx")]) : null;
            const grade = worse(
                graded(p99, LATENCY_WARN_S, LATENCY_BAD_S),
                services ? graded(errors, ERRORS_WARN, ERRORS_BAD) : "unknown",
            );
            const words = [
                p99 === null || !services ? "" : `p99 ${valueText(p99, "s")}`,
                errors === null ? "" : `5xx ${valueText(errors, "ratio")}`,
                p99 === null || services ? "" : `p99 ${valueText(p99, "s")} seen by ${String(row[column("from")])}`,
            ];
            note(name, grade, words.filter((each) => each !== "").join(", "));
        }
    }
    for (const { command, observation } of Object.values(looks)) {
        if (command.what === "panel" && TELLING.includes(String(command.panel)) && observation.type === "panel") {
            const health = panelHealth(observation as PanelView);
            if (health !== null) {
                note(String(command.service), health.health, health.words);
            }
        }
    }
    const alerts = looks.alerts?.observation;
    for (const alert of alerts === undefined ? [] : tablesOf(alerts).flatMap(alertHealth)) {
        note(alert.name, alert.health, alert.words);
    }
    for (const page of pages) {
        const name = pagedPart([page], topology.nodes.map((node) => node.name));
        if (name !== "") {
            note(name, page.kind === "page" ? "bad" : "good", page.kind === "page" ? "paged" : "");
        }
    }
    return found;
}
