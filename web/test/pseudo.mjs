// pseudo.mjs: in the pseudo-locale every word comes from a catalogue, and pages run from
// right to left without being cut off.
import { readFileSync } from 'node:fs'
import { axe, bad, desktop, end, go, phone, shot, visit } from './harness.mjs'

const places = readFileSync(new URL('../src/shell/places.ts', import.meta.url), 'utf8')
const paths = [...places.matchAll(/\{ id: '(\w+)'/g)].map((m) => m[1]).filter((id) => id !== 'torrent').map((id) => `#/${id}`)
const look = { locale: 'ar-XB', dir: 'rtl' }

// plain returns words that were not put into a catalogue: those without accents. What the
// node says, and names of things, are marked translate=no.
function plain() {
  const found = []
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const e = n.parentElement
    if (!e || e.closest('[translate=no], code, kbd, pre, script, option, [role=gridcell], .mono, time, noscript')) continue
    const words = n.data.replace(/[\u202e\u2067][^\u202c\u2069]*[\u202c\u2069]/g, '').match(/[A-Za-z]{4,}/g)
    if (words) found.push(`${words.join(' ')} in ${e.outerHTML.slice(0, 100)}`)
  }
  return found
}

for (const [size, where] of [[desktop, 'desk'], [phone, 'phone']]) {
  const page = await visit({ size, look, name: `pseudo ${where}` })
  for (const path of paths) {
    const name = `${path} ${where}`
    await go(page, path)
    await page.waitForTimeout(400)
    if ((await page.evaluate(() => document.documentElement.dir)) !== 'rtl') bad(name, 'does not run from right to left')
    for (const words of await page.evaluate(plain)) bad(name, 'not in a catalogue:', words)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wide > 0) bad(name, `is ${wide} px wider than the screen`)
    await axe(page, name)
    await shot(page, `${path.slice(2)}-${where}-rtl`)
  }
  await page.context().close()
}
await end()
