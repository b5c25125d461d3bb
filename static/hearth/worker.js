// Without a connection, every page that is asked for gives the one page that needs none. It holds no personal data, and
// neither does anything else that is kept here: only the files named by the address that this worker was loaded from.
const { version, shell, files } = self.offline;
const NAME = `shell ${version}`;

self.addEventListener("install", (event) => {
  event.waitUntil(fetchAll().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => kept(shell)));
  else if (files.includes(pathOf(request))) event.respondWith(fetch(request).catch(() => kept(pathOf(request))));
});

// Asked for without cookies: as a stranger gets them.
async function fetchAll() {
  const cache = await caches.open(NAME);
  const answers = await Promise.all([shell, ...files].map((url) => fetch(url, { credentials: "omit", cache: "no-cache" })));
  await Promise.all(
    answers.map((answer, number) => {
      if (!answer.ok || answer.redirected) throw new Error(`${answer.url} cannot be kept.`);
      return cache.put([shell, ...files][number], answer);
    }),
  );
}

async function dropOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name)));
}

async function kept(url) {
  return (await caches.match(url)) ?? Response.error();
}

function pathOf({ url }) {
  const { origin, pathname, search } = new URL(url);
  return origin === self.location.origin ? pathname + search : "";
}
