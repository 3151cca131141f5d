// SPDX-License-Identifier: Apache-2.0
//
// Drawings that wait for their turn: when a dashboard of many charts changes at once, each frame of
// the page draws what it has time for, so that none is long. A newer drawing of a chart takes the
// place of one that still waits.

/** What of the browser a queue needs; replaced in tests. */
export interface FrameClock {
    frame: (run: () => void) => void;
    now: () => number;
}

/** Milliseconds of each frame that may be spent on drawing; one drawing is always made. */
const ROOM_MS = 5;
/** Drawings in a frame: what the browser does with each of them after comes on top. */
const DRAWINGS_MAX = 2;

const browser: FrameClock = {
    frame: (run) => {
        requestAnimationFrame(run);
    },
    now: () => performance.now(),
};

/** Drawings by the chart that they are of. */
export class DrawQueue {
    private readonly waiting = new Map<object, () => void>();
    private asked = false;

    constructor(private readonly clock: FrameClock = browser) {}

    /** Draw in one of the next frames; an earlier drawing of `chart` that still waits is left out. */
    put(chart: object, draw: () => void): void {
        this.waiting.set(chart, draw);
        this.ask();
    }

    /** Forget what waits for a chart, which is gone or was drawn anew. */
    drop(chart: object): void {
        this.waiting.delete(chart);
    }

    private ask(): void {
        if (!this.asked) {
            this.asked = true;
            this.clock.frame(() => this.run());
        }
    }

    private run(): void {
        this.asked = false;
        const began = this.clock.now();
        let drawn = 0;
        for (const [chart, draw] of this.waiting) {
            this.waiting.delete(chart);
            draw();
            drawn += 1;
            if (drawn === DRAWINGS_MAX || this.clock.now() - began >= ROOM_MS) {
                break;
            }
        }
        if (this.waiting.size > 0) {
            this.ask();
        }
    }
}

/** The one queue of the page. */
export const drawQueue = new DrawQueue();
