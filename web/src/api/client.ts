// SPDX-License-Identifier: Apache-2.0
//
// Every request of the client goes through here: JSON in and out, refusals as Problem, and commands
// under an id of their own, so that asking again after a lost connection never does a thing twice.
import { networkProblem, problemOf, Problem } from "./problem.ts";
import type {
    Answer,
    Command,
    Entry,
    Lexicon,
    Observation,
    Progress,
    Scenario,
    Session,
    SessionRow,
} from "./types.ts";

import { glanceOf, lexiconOf } from "./wire.ts";
import type { WireGlance, WireLexicon } from "./wire.ts";

type Fetch = typeof fetch;

/** Waits between tries of a command that nothing answered, in milliseconds. */
const RETRY_MS = [250, 500, 1000, 2000, 4000, 8000];

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What to start a session with. */
export interface Start {
    scenario: string;
    clock: "turn" | "live";
    speed: number;
    seed?: number;
    from?: { session: string; at_s: number };
}

/** Which panel to read. */
export interface PanelKey {
    service: string;
    panel: string;
    by?: string;
    window?: string;
}

/** A finished analysis, or how far it is. */
export type AnalysisAnswer<T> = { ready: true; analysis: T } | { ready: false; progress: Progress };

/** The interface of the server. `fetcher` is replaced in tests. */
export class Client {
    constructor(private readonly fetcher: Fetch = (...request) => fetch(...request)) {}

    /**
     * Send one request and read its JSON.
     *
     * @throws Problem when the server refuses or does not answer
     */
    async send(
        method: string,
        path: string,
        body?: unknown,
        headers: Record<string, string> = {},
        signal?: AbortSignal,
    ): Promise<{ status: number; body: unknown }> {
        let response: Response;
        try {
            response = await this.fetcher(path, {
                method,
                headers: {
                    Accept: "application/json",
                    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
                    ...headers,
                },
                ...(body === undefined ? {} : { body: JSON.stringify(body) }),
                ...(signal === undefined ? {} : { signal }),
                cache: "no-store",
            });
        } catch (error) {
            if (signal?.aborted) {
                throw error;
            }
            throw networkProblem();
        }
        const read: unknown = await response.json().catch(() => null);
        if (!response.ok) {
            throw problemOf(response.status, read);
        }
        return { status: response.status, body: read };
    }

    private async read<T>(path: string, signal?: AbortSignal): Promise<T> {
        return (await this.send("GET", path, undefined, {}, signal)).body as T;
    }

    /** Does the server's interface have a path? */
    async offers(path: string): Promise<boolean> {
        return path in (await this.read<{ paths: Record<string, unknown> }>("/openapi.json")).paths;
    }

    scenarios(): Promise<Scenario[]> {
        return this.read<Scenario[]>("/api/scenarios");
    }

    sessions(): Promise<SessionRow[]> {
        return this.read<SessionRow[]>("/api/sessions");
    }

    session(id: string): Promise<Session> {
        return this.read<Session>(`/api/sessions/${encodeURIComponent(id)}`);
    }

    /** Words of a scenario: parts, panels, people, pages. */
    async lexicon(scenario: string): Promise<Lexicon> {
        const query = new URLSearchParams({ scenario });
        return lexiconOf(await this.read<WireLexicon>(`/api/lexicon?${query}`));
    }

    async start(start: Start): Promise<{ id: string; opening: Answer }> {
        const answer = await this.send("POST", "/api/sessions", start);
        return answer.body as { id: string; opening: Answer };
    }

    /** All entries after `seq`, as they were shown; the server sends them in pages. */
    async entries(id: string, seq: number): Promise<Entry[]> {
        const all: Entry[] = [];
        for (let after = seq; ; ) {
            const path = `/api/sessions/${encodeURIComponent(id)}/entries?after=${after}`;
            const page = await this.read<{ entries: Entry[]; last?: number }>(path);
            all.push(...page.entries);
            const read = page.entries.at(-1)?.seq ?? after;
            if (read <= after || read >= (page.last ?? 0)) {
                return all;
            }
            after = read;
        }
    }

    /**
     * Obey one command. It is asked again under the same key while nothing answers.
     *
     * @param onRetry told before each further try, with its number from 1
     * @throws Problem with the error of the session protocol when it is refused
     */
    async command(
        id: string,
        command: Command,
        onRetry: (attempt: number) => void = () => {},
    ): Promise<{ seq: number | null; answer: Answer }> {
        const key = crypto.randomUUID();
        const path = `/api/sessions/${encodeURIComponent(id)}/commands`;
        for (let attempt = 0; ; attempt += 1) {
            try {
                const done = await this.send("POST", path, command, { "Idempotency-Key": key });
                return done.body as { seq: number | null; answer: Answer };
            } catch (error) {
                const wait = RETRY_MS[attempt];
                const again = error instanceof Problem && (error.status === 0 || error.status === 503);
                if (!again || wait === undefined) {
                    throw error;
                }
                onRetry(attempt + 1);
                await sleep(wait);
            }
        }
    }

    /** Refresh a panel of a live session that was looked at before. */
    async glance(id: string, key: PanelKey, signal?: AbortSignal): Promise<Observation | null> {
        const query = new URLSearchParams({ service: key.service, panel: key.panel });
        if (key.by) {
            query.set("by", key.by);
        }
        if (key.window) {
            query.set("window", key.window);
        }
        const path = `/api/sessions/${encodeURIComponent(id)}/panel?${query}`;
        return glanceOf(await this.read<WireGlance>(path, signal));
    }

    /** Several of them in one answer, in their order; null: to be asked for by itself. */
    async glances(id: string, keys: PanelKey[]): Promise<(Observation | null)[]> {
        const path = `/api/sessions/${encodeURIComponent(id)}/panels`;
        const { body } = await this.send("POST", path, { panels: keys });
        return (body as { panels: WireGlance[] }).panels.map(glanceOf);
    }

    /** Pause, continue or change the speed of a live session. */
    async setClock(id: string, change: { running?: boolean; speed?: number }): Promise<void> {
        await this.send("POST", `/api/sessions/${encodeURIComponent(id)}/clock`, change);
    }

    /** The analysis of a finished session, or the progress of its making. */
    async analysis<T>(id: string, signal?: AbortSignal): Promise<AnalysisAnswer<T>> {
        const path = `/api/sessions/${encodeURIComponent(id)}/analysis`;
        const answer = await this.send("GET", path, undefined, {}, signal);
        return answer.status === 202
            ? { ready: false, progress: answer.body as Progress }
            : { ready: true, analysis: answer.body as T };
    }

    /** Two futures of one seed from `at_s` on: what was played, and `commands` instead. */
    async whatif<T>(
        id: string,
        question: { at_s: number; commands: Command[]; horizon_s: number; panels: PanelKey[] },
        signal?: AbortSignal,
    ): Promise<T> {
        const path = `/api/sessions/${encodeURIComponent(id)}/whatif`;
        return (await this.send("POST", path, question, {}, signal)).body as T;
    }
}

/** The one client of the page. */
export const client = new Client();
