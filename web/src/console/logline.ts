// SPDX-License-Identifier: Apache-2.0
//
// Log lines as the instruments give them: JSON of OpenTelemetry, or the text of a database or edge.

/** What of a line is shown apart. */
export interface LogParts {
    level: "error" | "warn" | "info" | "";
    body: string;
    /** place of origin, such as a pod; may be empty */
    source: string;
    trace: string;
    /** the line was cut and is no JSON any more */
    cut: boolean;
}

const LEVELS: Record<string, LogParts["level"]> = {
    ERROR: "error",
    FATAL: "error",
    PANIC: "error",
    WARN: "warn",
    WARNING: "warn",
    INFO: "info",
    LOG: "info",
};

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Take a line apart; what is no JSON keeps its whole text as body. */
export function logParts(line: string): LogParts {
    if (line.startsWith("{")) {
        try {
            const parsed = JSON.parse(line) as Record<string, unknown>;
            const route = text(parsed["http.route"]);
            const body = text(parsed.body) || text(parsed.message) || line;
            return {
                level: LEVELS[text(parsed.severity_text).toUpperCase()] ?? "",
                body: route === "" ? body : `${body}  ${route}`,
                source: text(parsed["k8s.pod.name"]),
                trace: text(parsed.trace_id),
                cut: false,
            };
        } catch {
            return { level: "", body: line, source: "", trace: "", cut: true };
        }
    }
    const level = /\b(ERROR|FATAL|PANIC|WARN|WARNING|INFO|LOG)\b/.exec(line)?.[1] ?? "";
    const cut = /":"|","/.test(line) && line.endsWith("}");
    return { level: LEVELS[level] ?? "", body: line, source: "", trace: "", cut };
}

/** The short end of a pod's name, which tells it from its twins. */
export function shortSource(source: string): string {
    return source.split("-").at(-1) ?? source;
}
