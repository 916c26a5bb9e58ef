// Keeps all files of the page, so that it works without a network after the first visit. `sim site` writes VERSION and
// FILES above: another version is another cache, and the old one goes.

const cache = `driftback-${VERSION}`;
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self)); // a page's self has the same name

worker.addEventListener("install", (event) => {
  const fresh = FILES.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(cache).then((kept) => kept.addAll([...fresh, new Request("./", { cache: "reload" })])).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(
    names.filter((name) => name.startsWith("driftback-") && name !== cache).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(caches.open(cache)
    .then((kept) => kept.match(event.request, { ignoreSearch: true }))
    .then((found) => found ?? fetch(event.request)));
});
