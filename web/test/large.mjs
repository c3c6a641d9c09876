// large.mjs: with 20,000 torrents the document holds the rows that are seen, changes come,
// and memory does not grow. SECONDS is how long it is watched. How fast it is is printed;
// `make pages` holds that to its bars, on a machine that does nothing else.
import { ask, bad, end, shot, url, visit } from './harness.mjs'

const seconds = Number(process.env.SECONDS ?? 30)
// Every delta is timed from its arrival to the layout after it.
const init = () => {
  globalThis.took = []
  const add = EventSource.prototype.addEventListener
  EventSource.prototype.addEventListener = function (type, listener, ...rest) {
    if (type !== 'delta') return add.call(this, type, listener, ...rest)
    return add.call(this, type, async function (e) {
      const began = performance.now()
      listener.call(this, e)
      await null
      await new Promise((done) => queueMicrotask(done))
      void document.body.offsetHeight
      globalThis.took.push(performance.now() - began)
    }, ...rest)
  }
}
const page = await visit({ name: 'large', init })
const cdp = await page.context().newCDPSession(page)
const firsts = []
for (let i = 0; i < 5; i++) {
  const began = Date.now()
  await page.goto(new URL('/', url).href + `?${i}#/transfers`)
  await page.locator('[role=row][aria-rowindex="2"][id]').waitFor()
  firsts.push(Date.now() - began)
}
firsts.sort((a, b) => a - b)
const { total } = await ask(page, 'GET', '/torrents?limit=1')
const rows = await page.locator('[role=row]').count()
console.log(`${total} torrents, ${rows} rows in the document, the first after ${firsts[2]} ms (median of ${firsts.join(', ')})`)
if (total < 20_000) bad('these are too few')
if (rows > 80) bad('too many rows are in the document')
await shot(page, 'large')

// The far end, and back.
await page.getByRole('grid').focus()
await page.keyboard.press('End')
await page.locator(`[role=row][aria-rowindex="${total + 1}"][id]`).waitFor()
await page.keyboard.press('Home')
await page.locator('[role=row][aria-rowindex="2"][id]').waitFor()

const heap = async () => {
  await cdp.send('HeapProfiler.collectGarbage')
  return (await cdp.send('Runtime.getHeapUsage')).usedSize
}
const ids = await page.evaluate(() => [...document.querySelectorAll('[role=row][id]')].map((r) => r.id.slice(4)))
const change = (n) => ask(page, 'POST', '/torrents/bulk', { keys: ids, action: 'change', change: { category: n % 2 ? 'odd' : 'even' } })
for (let n = 0; n < 5; n++) {
  await change(n)
  await page.waitForTimeout(1000)
}
await page.evaluate(() => (globalThis.took.length = 0))
const before = await heap()
for (let n = 0; n < seconds; n++) {
  await change(n)
  await page.waitForTimeout(1000)
}
const after = await heap()
const took = (await page.evaluate(() => globalThis.took)).sort((a, b) => a - b)
const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))]?.toFixed(1)
console.log(`${took.length} updates of ${ids.length} rows: ${at(0.5)} ms in the middle, ${at(0.95)} ms at 95 %, ${at(1)} ms at most`)
console.log(`memory: ${(before / 1e6).toFixed(1)} MB before, ${(after / 1e6).toFixed(1)} MB after ${seconds} s`)
if (took.length < seconds / 10) bad('too few updates have come')
if (after > before * 1.1 + 1e6) bad('memory grows')
await end()
