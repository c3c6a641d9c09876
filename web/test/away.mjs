// away.mjs: the pages open while the node is away, and say so; when it is back they go on.
import { bad, base, end, shot, visit } from './harness.mjs'

const page = await visit({ name: 'away' })
await page.evaluate(() => navigator.serviceWorker.ready.then((r) => r.active.state))
await page.waitForFunction(() => caches.match('./').then(Boolean))
const kept = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (k) => (await (await caches.open(k)).keys()).map((q) => new URL(q.url).pathname)))).flat())
console.log('kept:', kept.join(' '))
for (const path of kept) if (!/^\/($|assets\/|icon|manifest)/.test(path)) bad('kept of the node:', path)

page.removeAllListeners('console') // requests that fail are said there
await page.context().setOffline(true)
await page.goto(`${base}/#/transfers`)
await page.reload()
await page.getByText('The node does not answer.').first().waitFor()
await shot(page, 'away')
await page.context().setOffline(false)
await page.getByText('The node does not answer.').first().waitFor({ state: 'detached', timeout: 60_000 })
await end()
