// SPDX-License-Identifier: Apache-2.0
//
// Numbers, times and units as text.

const DAY_S = 86_400;

/** Seconds since midnight of a time of day such as `11:42:00`. */
export function clockSeconds(clock: string): number {
    const [hours = 0, minutes = 0, seconds = 0] = clock.split(":").map(Number);
    return hours * 3600 + minutes * 60 + seconds;
}

/** Time of day, `HH:MM:SS`, or `HH:MM` without seconds. */
export function clockText(seconds: number, withSeconds = true): string {
    const day = ((Math.floor(seconds) % DAY_S) + DAY_S) % DAY_S;
    const two = (value: number): string => String(value).padStart(2, "0");
    const text = `${two(Math.floor(day / 3600))}:${two(Math.floor(day / 60) % 60)}`;
    return withSeconds ? `${text}:${two(day % 60)}` : text;
}

/** A span of time as `mm:ss`, or `h:mm:ss` from one hour on; negative ones carry a minus. */
export function spanText(seconds: number): string {
    const whole = Math.floor(Math.abs(seconds));
    const sign = seconds < 0 && whole > 0 ? "-" : "";
    const two = (value: number): string => String(value).padStart(2, "0");
    const minutes = Math.floor(whole / 60);
    if (minutes < 60) {
        return `${sign}${two(minutes)}:${two(whole % 60)}`;
    }
    return `${sign}${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** A span of time in words, such as `45 s`, `2 min` or `1 h 5 min`. */
export function spanWords(seconds: number): string {
    if (seconds < 90) {
        return `${Math.round(seconds)} s`;
    }
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) {
        return `${minutes} min`;
    }
    return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A number with three significant digits and no exponent. */
export function numberText(value: number): string {
    const size = Math.abs(value);
    if (size === 0) {
        return "0";
    }
    if (size >= 1e9) {
        return `${trimmed(value / 1e9)} G`;
    }
    if (size >= 1e6) {
        return `${trimmed(value / 1e6)} M`;
    }
    if (size >= 1e4) {
        return `${trimmed(value / 1e3)} k`;
    }
    return trimmed(value);
}

function trimmed(value: number): string {
    const size = Math.abs(value);
    const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
    return value.toFixed(digits).replace(/\.?0+$/, (end) => (end.startsWith(".") ? "" : digits === 0 ? end : ""));
}

function secondsText(value: number): string {
    const size = Math.abs(value);
    if (size >= 120) {
        return spanWords(value);
    }
    if (size >= 1 || size === 0) {
        return `${trimmed(value)} s`;
    }
    return size >= 1e-3 ? `${trimmed(value * 1e3)} ms` : `${trimmed(value * 1e6)} µs`;
}

function bytesText(value: number): string {
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let scaled = value;
    let index = 0;
    while (Math.abs(scaled) >= 1024 && index < units.length - 1) {
        scaled /= 1024;
        index += 1;
    }
    return `${trimmed(scaled)} ${units[index]}`;
}

/**
 * A value with its unit, as instruments name units: `s`, `ratio`, `By`, `n` (a count), `/s` or
 * anything else.
 */
export function valueText(value: number | null | undefined, unit: string): string {
    if (value === null || value === undefined || !Number.isFinite(value)) {
        return "no data";
    }
    if (unit === "s") {
        return secondsText(value);
    }
    if (unit === "ratio" || unit === "p") {
        return `${trimmed(value * 100)} %`;
    }
    if (unit === "By") {
        return bytesText(value);
    }
    return unit === "" || unit === "n" ? numberText(value) : `${numberText(value)} ${unit}`;
}
