/** Where one is; the address bar says the same. */
import { parseRoute, type Route, routeHash } from "./address.ts";

class CurrentRoute {
  current = $state.raw<Route>(parseRoute(location.hash));
  constructor() {
    addEventListener("hashchange", () => {
      this.current = parseRoute(location.hash);
    });
  }
  go(route: Route): void {
    location.hash = routeHash(route);
    this.current = route;
  }
}

export const route = new CurrentRoute();
