// SPDX-License-Identifier: Apache-2.0
import { isPage, parseRoute } from "./route.ts";
import type { Route } from "./route.ts";

/** The address bar as state. Components read `route` and change it by `go` and `set`. */
class Navigation {
    route: Route = $state.raw(parseRoute(location.pathname, location.search));

    constructor() {
        addEventListener("popstate", () => this.read());
        document.addEventListener("click", (event) => this.follow(event));
    }

    /** Go to an address of the client. */
    go(address: string, options: { replace?: boolean } = {}): void {
        if (options.replace) {
            history.replaceState(null, "", address);
        } else {
            history.pushState(null, "", address);
        }
        this.read();
    }

    /** Value of a parameter of the view, or `otherwise`. */
    param(name: string, otherwise = ""): string {
        return this.route.params.get(name) ?? otherwise;
    }

    /** Change parameters of the view; an empty value removes one. Does not add to the history. */
    set(changes: Record<string, string>, options: { push?: boolean } = {}): void {
        const params = new URLSearchParams(this.route.params);
        for (const [name, value] of Object.entries(changes)) {
            if (value === "") {
                params.delete(name);
            } else {
                params.set(name, value);
            }
        }
        const query = params.toString();
        this.go(query === "" ? location.pathname : `${location.pathname}?${query}`, {
            replace: options.push !== true,
        });
    }

    private read(): void {
        this.route = parseRoute(location.pathname, location.search);
    }

    /** Links within the client do not load a page. */
    private follow(event: MouseEvent): void {
        const link = (event.target as Element | null)?.closest("a");
        const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey);
        if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute("download")) {
            return;
        }
        const url = new URL(link.href, location.href);
        const ours = url.origin === location.origin && isPage(url.pathname);
        if (ours && link.getAttribute("href")?.startsWith("#") !== true) {
            event.preventDefault();
            this.go(url.pathname + url.search);
            scrollTo(0, 0);
        }
    }
}

export const navigation = new Navigation();
