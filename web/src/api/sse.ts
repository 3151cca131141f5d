// SPDX-License-Identifier: Apache-2.0

/** One event of a stream; `id` is empty when it has none. */
export interface StreamEvent {
    event: string;
    data: string;
    id: string;
}

/**
 * Reads server-sent events from pieces of text as they arrive, however they are cut.
 *
 * An event that is not ended by an empty line is not told: after a broken connection it comes again
 * whole. Comments (heartbeats) are skipped; `retryMs` is what the server asks for.
 */
export class EventParser {
    /** milliseconds to wait before connecting again, as told by the server, or null */
    retryMs: number | null = null;
    private rest = "";
    private event = "";
    private id = "";
    private data: string[] = [];

    /** Take the next piece and return the events that it completes. */
    push(piece: string): StreamEvent[] {
        const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
        this.rest = lines.pop() ?? "";
        const events: StreamEvent[] = [];
        for (const line of lines) {
            const done = this.line(line);
            if (done !== null) {
                events.push(done);
            }
        }
        return events;
    }

    private line(line: string): StreamEvent | null {
        if (line === "") {
            return this.end();
        }
        const colon = line.indexOf(":");
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (field === "data") {
            this.data.push(value);
        } else if (field === "event") {
            this.event = value;
        } else if (field === "id") {
            this.id = value;
        } else if (field === "retry" && /^\d+$/.test(value)) {
            this.retryMs = Number(value);
        }
        return null;
    }

    private end(): StreamEvent | null {
        const { event, id, data } = this;
        this.event = "";
        this.id = "";
        this.data = [];
        return data.length === 0 ? null : { event: event || "message", data: data.join("\n"), id };
    }
}
