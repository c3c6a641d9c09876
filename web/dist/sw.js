// The frame of the pages stays in the browser: they open while the node is away, and say so.
// Nothing that the node answers is kept, but the files that it is built of.
const name = 'frame'
const beside = ['./manifest.webmanifest', './icon.svg', './icon-maskable.svg']
const framed = (path) => path === '/' || path.startsWith('/assets/') || beside.includes('.' + path)

// keep puts the page away, with what it loads. One that was built anew takes the place of all
// that was kept of the one before. Files of other places are kept once they were needed.
async function keep(files = []) {
  const page = await fetch('./')
  if (!page.ok || page.type !== 'basic') return
  const text = await page.clone().text()
  const kept = await caches.match('./')
  const same = kept && (await kept.text()) === text
  if (!same) await caches.delete(name)
  const cache = await caches.open(name)
  const loaded = same ? [] : [...text.matchAll(/"(\.\/assets\/[\w.-]+)"/g)].map((m) => m[1]).concat(beside)
  for (const file of files) if (!(await cache.match(file))) loaded.push(file)
  await cache.addAll(new Set(loaded))
  await cache.put('./', page)
}

// A worker that has to start first would make whoever comes again wait: where the browser can,
// it asks the node meanwhile, and for what the node says of torrents the node alone.
function routes(e) {
  if (!e.addRoutes) return
  const race = ['/', '/assets/*', ...beside.map((path) => path.slice(1))]
  e.waitUntil(e.addRoutes([
    { condition: { or: [{ urlPattern: '/api/*' }, { urlPattern: '/plain/*' }] }, source: 'network' },
    { condition: { or: race.map((urlPattern) => ({ urlPattern })) }, source: 'race-network-and-fetch-handler' },
  ]).catch(() => {})) // without them it is right, and slower
}

self.addEventListener('install', (e) => {
  routes(e)
  e.waitUntil(keep())
  void self.skipWaiting()
})
self.addEventListener('activate', (e) => e.waitUntil(self.clients.claim()))
self.addEventListener('message', (e) => e.waitUntil(keep(e.data).catch(() => {})))
self.addEventListener('fetch', (e) => {
  const at = new URL(e.request.url)
  if (e.request.method !== 'GET' || at.origin !== location.origin || !framed(at.pathname)) return
  e.respondWith(fetch(e.request).catch(async (err) => {
    const kept = await caches.match(at.pathname === '/' ? './' : e.request)
    if (kept) return kept
    throw err
  }))
})
