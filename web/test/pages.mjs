// pages.mjs: every page, light, dark and in high contrast, on a desk and on a phone: nobody
// is kept out, the policy refuses nothing, nothing is cut off, targets on a phone can be hit.
import { readFileSync } from 'node:fs'
import { ask, axe, bad, desktop, end, go, phone, shot, shots, visit } from './harness.mjs'

const places = readFileSync(new URL('../src/shell/places.ts', import.meta.url), 'utf8')
const paths = [...places.matchAll(/\{ id: '(\w+)'/g)].map((m) => m[1]).filter((id) => id !== 'torrent').map((id) => `#/${id}`)

const first = await visit({ name: 'list' })
const { torrents } = await ask(first, 'GET', '/torrents?sort=size&reverse=true&limit=1&fields=key,name')
await first.context().close()
for (const part of ['', '/files', '/peers', '/trackers', '/pieces']) paths.push(`#/torrent/${torrents[0].key}${part}`)
for (const part of ['automation/rules', 'automation/watch', 'automation/schedule', 'automation/blocks', 'logs/changes', 'settings/network', 'settings/pages']) paths.push(`#/${part}`)
paths.push('#/transfers?search=nothing+is+called+this', '#/torrent/0000000000000000000000000000000000000000', '#/nowhere')

// small says which targets are harder to hit than a fingertip is wide. Links within a
// sentence are as high as the sentence, and a box is hit by its words.
function small() {
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [role=tab], [role=menuitem]')]
  return all.flatMap((e) => {
    const box = (e.closest('label') ?? (e.matches('.box') ? e.parentElement : e)).getBoundingClientRect()
    const style = getComputedStyle(e)
    if (box.width === 0 || style.visibility === 'hidden' || e.closest('.said, .skip, dialog:not([open])') || e.matches('.said, .skip')) return []
    if (e.matches('a') && style.display === 'inline') return []
    return box.height < 43.5 || box.width < 43.5 ? [`${e.outerHTML.slice(0, 120)} is ${Math.round(box.width)} x ${Math.round(box.height)}`] : []
  })
}

// The short form leaves out what differs from the others in colours alone.
const looks = [[desktop, 'desk', 'light'], [phone, 'phone', 'dark']]
if (shots || process.env.WARREN_E2E === 'full') looks.push([desktop, 'desk', 'dark'], [phone, 'phone', 'light'], [desktop, 'desk', 'contrast'])

let looked = 0
for (const [size, where, tone] of looks) {
  const page = await visit({ size, dark: tone === 'dark', look: tone === 'contrast' ? { contrast: 'more' } : undefined, name: `${where} ${tone}`, allow: /torrents\/0000/ })
  for (const path of paths) {
    const name = `${path} ${where} ${tone}`
    await go(page, path)
    await page.waitForTimeout(600) // what comes by the stream may come
    await axe(page, name)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wide > 0) bad(name, `is ${wide} px wider than the screen`)
    if (where === 'phone') for (const s of await page.evaluate(small)) bad(name, 'too small:', s)
    await shot(page, `${path.replace(/[^\w]+/g, '-').replace(/^-|-$/g, '').replace(/0{40}/, 'gone').replace(/[0-9a-f]{40}/, 'one')}-${where}-${tone}`)
    looked++
  }
  await page.context().close()
}
console.log(`${looked} pages looked at`)
await end()
