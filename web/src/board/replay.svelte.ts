// SPDX-License-Identifier: Apache-2.0

/** What a replay moves over. */
export interface ReplayTrack {
    position: () => number;
    /** seconds at which something happens, rising */
    stops: () => number[];
    end: () => number;
    go: (t_s: number) => void;
}

const SPEEDS = [0.5, 1, 2, 4, 8, 16];
const TICK_MS = 100;
/** A pause between moves takes no longer than this at speed 1, in seconds. */
const IDLE_MAX_S = 3;

/**
 * Seconds to move on in one tick.
 *
 * @param gap time from one stop to the next, s; a longer one than 3 s is squeezed into 3 s
 */
export function advance(gap: number, tick_s: number, speed: number): number {
    return tick_s * speed * Math.max(1, gap / IDLE_MAX_S);
}

/** Plays through an incident. */
export class Replay {
    playing = $state(false);
    speed = $state(1);
    private timer: ReturnType<typeof setInterval> | undefined;
    private at = 0;

    constructor(private readonly track: ReplayTrack) {}

    /** Play, or pause; from the end it begins again. */
    toggle(): void {
        if (this.playing) {
            this.stop();
            return;
        }
        this.at = this.track.position() >= this.track.end() ? 0 : this.track.position();
        this.playing = true;
        this.timer = setInterval(() => this.tick(), TICK_MS);
    }

    /** Pause. */
    stop(): void {
        this.playing = false;
        clearInterval(this.timer);
    }

    /** One speed up or down. */
    change(step: 1 | -1): void {
        const at = SPEEDS.indexOf(this.speed) + step;
        this.speed = SPEEDS[Math.min(Math.max(at, 0), SPEEDS.length - 1)] ?? 1;
    }

    private tick(): void {
        const stops = this.track.stops();
        const next = stops.find((stop) => stop > this.at) ?? this.track.end();
        const before = stops.filter((stop) => stop <= this.at).at(-1) ?? 0;
        this.at = Math.min(next, this.at + advance(next - before, TICK_MS / 1000, this.speed));
        this.track.go(this.at);
        if (this.at >= this.track.end()) {
            this.stop();
        }
    }
}
