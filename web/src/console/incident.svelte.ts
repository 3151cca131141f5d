// SPDX-License-Identifier: Apache-2.0
import { client } from "../api/client.ts";
import type { PanelKey } from "../api/client.ts";
import { Problem } from "../api/problem.ts";
import type { StreamEvent } from "../api/sse.ts";
import { SessionStream } from "../api/stream.ts";
import type { Link } from "../api/stream.ts";
import type { Action, Answer, ClockTick, Command, Entry, Lexicon, Session, Topology } from "../api/types.ts";
import { topologyOf } from "../api/wire.ts";
import { clockSeconds, clockText, spanWords } from "../lib/format.ts";
import { notices } from "../lib/notice.svelte.ts";
import { foldAll, lookKey, mergeEntries } from "./fold.ts";
import type { Fold, Seen } from "./fold.ts";

/** Simulated seconds between two refreshes of the visible panels of a live session. */
const GLANCE_S = 15;
/** Panels of one refresh, the server's limit, and those that are shown in one task of the page. */
const PANELS_MAX = 16;
const SHOWN_AT_ONCE = 3;

/** One incident as the console works on it: what the server committed, and the way to act. */
export class Incident {
    entries: Entry[] = $state.raw([]);
    /** how the connection to the server is */
    link: Link = $state("connecting");
    /** number of the present try of a command that nothing answered, 0 when all is well */
    retrying = $state(0);
    /** what is being done now, in words, or an empty text */
    busy = $state("");
    tick: ClockTick | null = $state.raw(null);
    /** panels of a live session as they were last refreshed, by key of the look */
    glances: Record<string, Seen> = $state.raw({});
    running = $state(true);
    speed = $state(1);

    readonly fold: Fold = $derived.by(() => foldAll(this.session.opening, this.entries));
    readonly t_s: number = $derived.by(() => Math.max(this.fold.t_s, this.tick?.t_s ?? 0, this.session.t_s));
    readonly done: boolean = $derived.by(() => this.fold.done || this.session.state === "closed");

    readonly topology: Topology = $derived.by(() => topologyOf(this.session.topology, this.lexicon));

    private stream: SessionStream | null = null;
    private readonly visible = new Map<string, PanelKey>();
    private readonly waiting: Command[] = [];
    private opening = false;
    private glanced_s = 0;
    private glancing = false;

    constructor(
        readonly session: Session,
        readonly lexicon: Lexicon,
        entries: Entry[],
    ) {
        this.entries = entries;
        this.running = session.running;
        this.speed = session.speed;
    }

    /** Fetch a session with all that was shown in it so far. */
    static async load(id: string): Promise<Incident> {
        const [session, entries] = await Promise.all([client.session(id), client.entries(id, 0)]);
        const lexicon = await client.lexicon(session.scenario);
        return new Incident(session, lexicon, entries);
    }

    get live(): boolean {
        return this.session.clock === "live";
    }

    get world(): string {
        const opening = this.session.opening.observation;
        return opening?.type === "opening" ? String((opening as { world: string }).world) : "";
    }

    get actions(): Action[] {
        const { actions } = this.session;
        return Array.isArray(actions) ? actions : actions.actions;
    }

    private get openingView(): { opens_s: number; ends_s: number; costs_s: Record<string, number>; severity: string; text: string } {
        return this.session.opening.observation as never;
    }

    get severity(): string {
        return this.openingView.severity ?? "";
    }

    get briefing(): string {
        return this.openingView.text ?? "";
    }

    get opens_s(): number {
        return this.openingView.opens_s ?? 0;
    }

    get ends_s(): number {
        return this.tick?.ends_s ?? this.session.ends_s;
    }

    /** Simulated seconds until the next status update is due, negative when it is late; null: not known. */
    get update_in_s(): number | null {
        const due = this.fold.due_s ?? this.tick?.update_due_s ?? this.session.update_due_s ?? null;
        return due === null ? null : due - this.t_s;
    }

    /** Use of the error budget since the page, and how fast it burns now; null without objectives. */
    get burn(): { used: number; rate: number } | null {
        const told = this.tick ?? this.session;
        return told.budget == null ? null : { used: told.budget, rate: told.burn_rate ?? 0 };
    }

    /** Seconds since midnight at the opening. */
    get opensClock_s(): number {
        return clockSeconds(this.session.opening.clock) - this.session.opening.t_s;
    }

    /** Time of day of a moment of the session. */
    clockAt(t_s: number): string {
        return clockText(this.opensClock_s + t_s);
    }

    /** Simulated seconds that a look of this kind takes; 0 with the live clock. */
    cost(what: string): number {
        return this.live ? 0 : (this.openingView.costs_s?.[what] ?? 0);
    }

    /** What was last seen under a key; refreshed panels included. */
    seen(key: string): Seen | undefined {
        const looked = this.fold.seen[key];
        const glance = this.glances[key];
        return glance && looked && glance.t_s > looked.t_s ? glance : looked;
    }

    /** The newest look at a panel, however it was split. */
    seenPanel(service: string, panel: string): Seen | undefined {
        const start = `panel|${service}|${panel}|`;
        const keys = Object.keys(this.fold.seen).filter((key) => key.startsWith(start));
        const all = keys.map((key) => this.seen(key)).filter((each): each is Seen => each !== undefined);
        return all.sort((a, b) => (this.fold.seen[lookKey(b.command)]?.seq ?? 0) - (this.fold.seen[lookKey(a.command)]?.seq ?? 0))[0];
    }

    /** Begin to hear what happens. Returns the end of it. */
    connect(): () => void {
        this.stream = new SessionStream(this.session.id, this.entries.at(-1)?.seq ?? 0, {
            event: (event) => this.hear(event),
            link: (link) => {
                this.link = link;
            },
            poll: () => void this.catchUp(),
        });
        return () => this.stream?.stop();
    }

    /** Fetch entries that are not known yet. */
    async catchUp(): Promise<void> {
        try {
            const known = this.entries.at(-1)?.seq ?? 0;
            this.take(await client.entries(this.session.id, known));
        } catch {
            // The next poll asks again; the banner tells that the connection is lost.
        }
    }

    /**
     * Obey a command.
     *
     * @param words what is being done, shown while it lasts; empty for what the console does by itself
     * @throws Problem when it is refused
     */
    async obey(command: Command, words: string): Promise<Answer> {
        this.busy = words || this.busy;
        try {
            const { seq, answer } = await client.command(this.session.id, command, (attempt) => {
                this.retrying = attempt;
            });
            const logged = command.do !== "actions" && answer.observation?.type !== "preview";
            if (logged && seq !== null && seq > 0) {
                this.take([{ seq, t_s: answer.t_s, kind: answer.kind, command, answer }]);
            }
            for (const event of answer.events) {
                notices.say(`${event.title}. ${event.text}`);
            }
            if (answer.error) {
                // It was looked for in vain: that took its time all the same.
                const cost = answer.cost_s > 0 ? `Looking for it took ${spanWords(answer.cost_s)}.` : "";
                throw new Problem(answer.error.code, answer.error.message, cost, "", 200);
            }
            return answer;
        } finally {
            this.busy = words === "" ? this.busy : "";
            this.retrying = 0;
        }
    }

    /** Obey, and tell a refusal in the corner. Null when it was refused. */
    async run(command: Command, words: string): Promise<Answer | null> {
        try {
            return await this.obey(command, words);
        } catch (error) {
            notices.problem(error);
            return null;
        }
    }

    /** Look at something; null when it was refused. */
    look(what: string, members: Record<string, unknown> = {}): Promise<Answer | null> {
        return this.run({ do: "look", what, ...members }, `looking at ${what}`);
    }

    /** A panel came into view or left it. In a live session what stays in view is looked at by itself. */
    show(key: PanelKey, isVisible: boolean): void {
        const name = `${key.service}|${key.panel}`;
        if (!isVisible) {
            this.visible.delete(name);
            return;
        }
        this.visible.set(name, key);
        if (this.live && this.seenPanel(key.service, key.panel) === undefined) {
            this.waiting.push({ do: "look", what: "panel", ...clean(key) });
            void this.openWaiting();
        }
    }

    /** Pause, continue or change the speed of the live clock. */
    async setClock(change: { running?: boolean; speed?: number }): Promise<void> {
        try {
            await client.setClock(this.session.id, change);
            this.running = change.running ?? this.running;
            this.speed = change.speed ?? this.speed;
        } catch (error) {
            notices.problem(error);
        }
    }

    private async openWaiting(): Promise<void> {
        if (this.opening) {
            return;
        }
        this.opening = true;
        for (let next = this.waiting.shift(); next !== undefined && !this.done; next = this.waiting.shift()) {
            const shown = this.visible.has(`${String(next.service)}|${String(next.panel)}`);
            if (shown && this.fold.seen[lookKey(next)] === undefined) {
                await this.obey(next, "").catch(() => null);
            }
        }
        this.opening = false;
    }

    private take(news: Entry[]): void {
        this.entries = mergeEntries(this.entries, news) ?? this.entries;
    }

    private hear(event: StreamEvent): void {
        if (event.event === "resync") {
            void this.catchUp();
            return;
        }
        const data: unknown = JSON.parse(event.data);
        if (event.event === "entry") {
            const entry = data as Entry;
            this.take([entry]);
            for (const each of entry.answer.events) {
                notices.say(`${each.title}. ${each.text}`);
            }
        } else if (event.event === "clock") {
            this.tick = data as ClockTick;
            this.running = this.tick.running;
            this.speed = this.tick.speed;
            void this.glance(this.tick.t_s);
        }
    }

    /** Refresh the panels in view that were looked at. */
    private async glance(t_s: number): Promise<void> {
        if (!this.live || this.done || document.hidden || this.glancing || t_s - this.glanced_s < GLANCE_S) {
            return;
        }
        this.glanced_s = t_s;
        this.glancing = true;
        await this.refreshVisible(t_s);
        this.glancing = false;
    }

    /**
     * All in one answer, shown a few at a time: all at once would be a long task for the page. What
     * failed is tried again with the next refresh.
     */
    private async refreshVisible(t_s: number): Promise<void> {
        const seen = [...this.visible.values()]
            .map(({ service, panel }) => this.seenPanel(service, panel))
            .filter((each): each is Seen => each !== undefined)
            .slice(0, PANELS_MAX);
        const keys = seen.map(({ command }) => panelKey(command));
        const read = seen.length === 0 ? [] : await client.glances(this.session.id, keys).catch(() => []);
        for (const [index, observation] of read.entries()) {
            const { seq, command } = seen[index] as Seen;
            // Without an answer its look enters the log: it is asked for by itself.
            const now = observation ?? (await client.glance(this.session.id, panelKey(command)).catch(() => null));
            if (now !== null) {
                this.glances = { ...this.glances, [lookKey(command)]: { seq, t_s, clock: this.clockAt(t_s), command, observation: now } };
            }
            if (index % SHOWN_AT_ONCE === SHOWN_AT_ONCE - 1) {
                await new Promise((resolve) => setTimeout(resolve, 0));
            }
        }
    }
}

/** The panel of a look. */
const panelKey = (command: Command): PanelKey => ({
    service: String(command.service),
    panel: String(command.panel),
    by: String(command.by ?? ""),
    window: String(command.window ?? ""),
});

function clean(key: PanelKey): Record<string, string> {
    return Object.fromEntries(Object.entries(key).filter(([, value]) => value !== undefined && value !== ""));
}
