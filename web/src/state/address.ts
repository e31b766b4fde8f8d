/** Where one is, as the address says it: `#/example/quartz/structure`, `#/file/3/reciprocal`, `#/many`, `#/`. */
export type Route =
  | { readonly page: "home" }
  | { readonly page: "many" }
  | { readonly page: "example"; readonly id: string; readonly view: string | null }
  | { readonly page: "file"; readonly id: number; readonly view: string | null };

export function parseRoute(hash: string): Route {
  const [page, id, view = null] = hash
    .replace(/^#?\/?/, "")
    .split("/")
    .map(decoded);
  if (page === "many") return { page };
  if (page === "example" && id !== undefined && id !== "") return { page, id, view };
  if (page === "file" && /^\d+$/.test(id ?? "")) return { page, id: Number(id), view };
  return { page: "home" };
}

export function routeHash(route: Route): string {
  if (route.page === "home") return "#/";
  if (route.page === "many") return "#/many";
  const view = route.view === null ? "" : `/${route.view}`;
  return `#/${route.page}/${encodeURIComponent(route.id)}${view}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
