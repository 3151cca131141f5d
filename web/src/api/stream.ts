// SPDX-License-Identifier: Apache-2.0
//
// The events of one session. All tabs of a browser that show a session share one stream: the tab
// that holds the lock reads it and tells the others over a BroadcastChannel. On HTTP/1.1 a browser
// opens six connections to a server, so only a few sessions may stream; a tab that finds no free
// place asks for new entries by itself every two seconds.
import { EventParser } from "./sse.ts";
import type { StreamEvent } from "./sse.ts";

/** How the connection is. `polling` is as good, but entries come a little later. */
export type Link = "connecting" | "open" | "lost" | "polling";

/** What a stream tells. */
export interface StreamListener {
    event(event: StreamEvent): void;
    link(link: Link): void;
    /** Asked for by a tab without a stream: fetch what is new. */
    poll(): void;
}

/** Streams that one browser holds at once, below the six connections of HTTP/1.1. */
const STREAMS_MAX = 4;
const POLL_MS = 2000;
const SILENCE_MS = 40_000;
const BACKOFF_MS = [300, 600, 1200, 2500, 5000];

type Told = { kind: "event"; event: StreamEvent } | { kind: "link"; link: Link };

/** A random wait around `ms`, so that tabs do not come back all at once. */
const jittered = (ms: number): number => ms * (0.7 + 0.6 * Math.random());

/** The events of session `id` until `stop` is called. */
export class SessionStream {
    private readonly channel: BroadcastChannel;
    private readonly stopped = new AbortController();
    private lastId: string;
    private pollTimer: ReturnType<typeof setInterval> | undefined;

    /** @param after number of the last entry that is already known */
    constructor(
        private readonly id: string,
        after: number,
        private readonly listener: StreamListener,
    ) {
        this.lastId = String(after);
        this.channel = new BroadcastChannel(`plumb-session-${id}`);
        this.channel.onmessage = (message: MessageEvent<Told>) => this.hear(message.data);
        this.pollTimer = setInterval(() => listener.poll(), POLL_MS);
        listener.link("connecting");
        void this.lead();
    }

    /** End it; the next tab takes over. */
    stop(): void {
        this.stopped.abort();
        clearInterval(this.pollTimer);
        this.channel.close();
    }

    /** Go on after entry `seq`, which was learned elsewhere. */
    advance(seq: number): void {
        if (seq > Number(this.lastId)) {
            this.lastId = String(seq);
        }
    }

    private hear(told: Told): void {
        // Another tab streams: no need to ask.
        clearInterval(this.pollTimer);
        if (told.kind === "event") {
            this.note(told.event);
            this.listener.event(told.event);
        } else {
            this.listener.link(told.link);
        }
    }

    private tell(told: Told): void {
        if (!this.stopped.signal.aborted) {
            this.channel.postMessage(told);
            this.hear(told);
        }
    }

    private note(event: StreamEvent): void {
        if (event.id !== "") {
            this.advance(Number(event.id));
        }
    }

    /** Wait for the lock of the session and stream while it is held. */
    private async lead(): Promise<void> {
        const { signal } = this.stopped;
        if (!("locks" in navigator)) {
            await this.stream();
            return;
        }
        await navigator.locks
            .request(`plumb-stream-${this.id}`, { signal }, () => this.withPlace())
            .catch(() => undefined);
    }

    /** Stream in one of the places of this browser, or poll until one is free. */
    private async withPlace(): Promise<void> {
        const { signal } = this.stopped;
        for (let place = 0; !signal.aborted; place = (place + 1) % STREAMS_MAX) {
            const streamed = await navigator.locks.request(
                `plumb-place-${place}`,
                { ifAvailable: true },
                async (lock) => {
                    if (lock === null) {
                        return false;
                    }
                    await this.stream();
                    return true;
                },
            );
            if (!streamed && place === STREAMS_MAX - 1) {
                this.listener.link("polling");
                await this.pause(POLL_MS);
            }
        }
    }

    private async stream(): Promise<void> {
        const { signal } = this.stopped;
        for (let failures = 0; !signal.aborted; failures += 1) {
            const began = Date.now();
            const retryMs = await this.connect().catch(() => null);
            if (signal.aborted) {
                return;
            }
            this.tell({ kind: "link", link: "lost" });
            if (Date.now() - began > 5000) {
                failures = 0;
            }
            const wait = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)] ?? 5000;
            await this.pause(jittered(retryMs ?? wait));
        }
    }

    /** One connection until it ends; returns the wait that the server asked for. */
    private async connect(): Promise<number | null> {
        const silence = new AbortController();
        const stop = (): void => silence.abort();
        this.stopped.signal.addEventListener("abort", stop);
        let timer = setTimeout(stop, SILENCE_MS);
        const parser = new EventParser();
        try {
            const response = await fetch(`/api/sessions/${encodeURIComponent(this.id)}/events`, {
                headers: { Accept: "text/event-stream", "Last-Event-ID": this.lastId },
                cache: "no-store",
                signal: silence.signal,
            });
            if (!response.ok || response.body === null) {
                return null;
            }
            this.tell({ kind: "link", link: "open" });
            const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
            for (;;) {
                const { done, value } = await reader.read();
                clearTimeout(timer);
                if (done) {
                    return parser.retryMs;
                }
                timer = setTimeout(stop, SILENCE_MS);
                for (const event of parser.push(value)) {
                    this.tell({ kind: "event", event });
                }
            }
        } finally {
            clearTimeout(timer);
            this.stopped.signal.removeEventListener("abort", stop);
        }
    }

    private pause(ms: number): Promise<void> {
        return new Promise((resolve) => {
            const timer = setTimeout(resolve, ms);
            this.stopped.signal.addEventListener("abort", () => {
                clearTimeout(timer);
                resolve();
            });
        });
    }
}
