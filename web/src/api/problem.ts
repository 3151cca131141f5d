// SPDX-License-Identifier: Apache-2.0

/**
 * A refused or failed request, in words for the user: what happened, what to do, and the id under
 * which the server's log knows it.
 */
export class Problem extends Error {
    constructor(
        /** stable code, listed in the documentation of the interface; `network` when nothing answered */
        readonly code: string,
        message: string,
        /** what to do about it, may be empty */
        readonly hint: string = "",
        /** id of the request in the server's log, may be empty */
        readonly requestId: string = "",
        /** HTTP status, 0 when nothing answered */
        readonly status: number = 0,
    ) {
        super(message);
        this.name = "Problem";
    }
}

interface ErrorBody {
    error?: { code?: unknown; message?: unknown; hint?: unknown; request_id?: unknown };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/**
 * Read the body of a refusal. A body that is none of ours, such as a proxy's page, still gives a
 * whole sentence.
 */
export function problemOf(status: number, body: unknown): Problem {
    const error = (body as ErrorBody | null)?.error ?? {};
    const message = text(error.message);
    if (message === "") {
        return new Problem(
            "unexpected",
            `The server answered with status ${status} and no explanation.`,
            "Try again; when it stays, look at the server's log.",
            "",
            status,
        );
    }
    return new Problem(
        text(error.code) || "unexpected",
        message,
        text(error.hint),
        text(error.request_id),
        status,
    );
}

/** The problem of a request that nothing answered. */
export function networkProblem(): Problem {
    return new Problem(
        "network",
        "The server did not answer.",
        "It is asked again by itself. If it stays away, see whether plumb is still running.",
    );
}
