// Keeps the page for use without a network. The build fills in the names of the files and the version.
const CACHE = "ewald-__VERSION__";
const NOW = ["__NOW__"];
const LATER = ["__LATER__"];

/** Oldest first. */
async function ownCaches() {
  return (await caches.keys()).filter((name) => name.startsWith("ewald-"));
}

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      await cache.addAll(NOW.map((path) => new Request(path, { cache: "no-cache" })));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      // The version before stays one turn longer: a page of it may be open and ask for more of its files.
      const others = (await ownCaches()).filter((name) => name !== CACHE);
      for (const name of others.slice(0, -1)) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

// The page asks for the rest (runtime and models) once its first answer is given, and is told how it goes.
self.addEventListener("message", (event) => {
  if (event.data !== "keep-all") return;
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      let kept = NOW.length;
      const total = NOW.length + LATER.length;
      for (const path of LATER) {
        if ((await cache.match(path)) === undefined) await cache.add(path);
        event.source?.postMessage({ kept: ++kept, total });
      }
      event.source?.postMessage({ kept: total, total });
    })().catch(() => event.source?.postMessage({ failed: true })),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const path = url.href.slice(self.registration.scope.length);
  // The reference of the library lies beside the page: pages of its own, which are not kept.
  if (path.startsWith("reference/")) return;
  event.respondWith(
    (async () => {
      const cache = await caches.open(CACHE);
      const known = await cache.match(request.mode === "navigate" ? "./" : request, {
        ignoreSearch: true,
      });
      if (known !== undefined) return known;
      if (!NOW.includes(path) && !LATER.includes(path)) {
        for (const name of await ownCaches()) {
          const earlier = await (await caches.open(name)).match(request, { ignoreSearch: true });
          if (earlier !== undefined) return earlier;
        }
      }
      const response = await fetch(request);
      if (response.ok && LATER.includes(path)) await cache.put(request, response.clone());
      return response;
    })(),
  );
});
