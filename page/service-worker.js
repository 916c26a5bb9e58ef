// Keeps all files of the page, so that it works without a network after the first visit. `sim site` writes VERSION and FILES,
// which says what each file's digest is, above: another version is another cache, and the old one of this address goes.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self)); // a page's self has the same name
const own = `driftback ${worker.registration.scope} `;
const cache = own + VERSION;

/** Keep a file, from what the browser has already where that fits. @param {Cache} kept @param {string} file @param {string} integrity */
async function keep(kept, file, integrity) {
  const found = await fetch(file, { integrity }).catch(() => fetch(file, { integrity, cache: "reload" }).catch(() => null));
  if (!found?.ok) return; // what does not fit is refused by the page, in words
  if (file === "index.html") await kept.put("./", found.clone());
  await kept.put(file, found);
}

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(cache).then((kept) => Promise.all(Object.entries(FILES).map(([file, integrity]) => keep(kept, file, integrity))))
    .then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith(own) && name !== cache).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(caches.open(cache)
    .then((kept) => kept.match(event.request, { ignoreSearch: true }))
    .then((found) => found ?? fetch(event.request)));
});
