// SPDX-License-Identifier: Apache-2.0
//
// Addresses of the client. All state of a view stands in the address, so that a link shows another
// person the same thing.

export type RouteName =
    | "practice"
    | "console"
    | "analysis"
    | "learn"
    | "whatif"
    | "postmortem"
    | "keys"
    | "settings"
    | "missing";

/** Where the reader is: a page, the session it is about, and the parameters of the view. */
export interface Route {
    name: RouteName;
    id: string;
    params: URLSearchParams;
}

const PAGES: Record<string, RouteName> = {
    "": "console",
    analysis: "analysis",
    learn: "learn",
    whatif: "whatif",
    postmortem: "postmortem",
};

function nameOf(path: string): { name: RouteName; id: string } {
    const parts = path.split("/").filter((part) => part !== "");
    if (parts.length === 0) {
        return { name: "practice", id: "" };
    }
    const [first = "", id = "", page = ""] = parts;
    if (first === "s" && id !== "" && parts.length <= 3) {
        const name = PAGES[page];
        return name === undefined ? { name: "missing", id: "" } : { name, id: decoded(id) };
    }
    if (parts.length === 1 && (first === "keys" || first === "settings")) {
        return { name: first, id: "" };
    }
    return { name: "missing", id: "" };
}

function decoded(part: string): string {
    try {
        return decodeURIComponent(part);
    } catch {
        return part;
    }
}

/** Read an address; what is no page of ours is `missing`. */
export function parseRoute(path: string, search: string): Route {
    return { ...nameOf(path), params: new URLSearchParams(search) };
}

/** Whether the client has a page there; what it has not (accounts, the interface) the server may. */
export function isPage(path: string): boolean {
    return nameOf(path).name !== "missing";
}

/** Pages of a session; the empty one is its console. */
export type SessionPage = "" | "analysis" | "learn" | "whatif" | "postmortem";

/** The address of a page of a session, with parameters; those that are empty are left out. */
export function sessionPath(
    id: string,
    page: SessionPage = "",
    params: Record<string, string | number> = {},
): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(params)) {
        if (value !== "") {
            query.set(name, String(value));
        }
    }
    const base = `/s/${encodeURIComponent(id)}${page === "" ? "" : `/${page}`}`;
    return query.size === 0 ? base : `${base}?${query}`;
}
