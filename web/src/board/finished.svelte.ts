// SPDX-License-Identifier: Apache-2.0
import { client } from "../api/client.ts";
import { Problem } from "../api/problem.ts";
import type { Action, Entry, Progress, Session } from "../api/types.ts";
import { clockSeconds, clockText } from "../lib/format.ts";
import type { Report } from "./report.ts";

const POLL_MS = 1000;

/** A finished session with its entries and, once it is there, its analysis. */
export class Finished {
    session: Session | null = $state.raw(null);
    entries: Entry[] = $state.raw([]);
    report: Report | null = $state.raw(null);
    /** how far the analysis is, while it runs */
    progress: Progress | null = $state.raw(null);
    problem: Problem | null = $state.raw(null);
    /** the session still goes on, so that nothing is told about it */
    open = $state(false);
    private readonly stopped = new AbortController();

    /** @param wants whether the analysis is needed; what-if does without */
    constructor(
        readonly id: string,
        private readonly wants: { analysis: boolean } = { analysis: true },
    ) {
        void this.load();
    }

    /** Whether the page waits for the judge. */
    get judged(): boolean {
        return this.wants.analysis;
    }

    /** Stop asking. */
    stop(): void {
        this.stopped.abort();
    }

    /** Everything that an act needs. */
    get actions(): Action[] {
        const given = this.session?.actions;
        return given === undefined ? [] : Array.isArray(given) ? given : given.actions;
    }

    /** Time of day of a second after the opening. */
    clock(t_s: number, withSeconds = true): string {
        return clockText(clockSeconds(this.session?.opening.clock ?? "00:00:00") + t_s, withSeconds);
    }

    /** The entry of a number, null when there is none. */
    entry(seq: number): Entry | null {
        return this.entries.find((entry) => entry.seq === seq) ?? null;
    }

    private async load(): Promise<void> {
        try {
            const session = await client.session(this.id);
            this.session = session;
            if (session.state !== "closed") {
                this.open = true;
                return;
            }
            this.entries = await client.entries(this.id, 0);
            if (this.wants.analysis) {
                await this.await();
            }
        } catch (error) {
            this.fail(error);
        }
    }

    private async await(): Promise<void> {
        const { signal } = this.stopped;
        while (!signal.aborted) {
            const answer = await client.analysis<Report>(this.id, signal);
            if (answer.ready) {
                this.progress = null;
                this.report = answer.analysis;
                return;
            }
            this.progress = answer.progress;
            await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        }
    }

    private fail(error: unknown): void {
        if (!this.stopped.signal.aborted) {
            this.problem =
                error instanceof Problem ? error : new Problem("page", `The page failed: ${String(error)}`);
        }
    }
}
